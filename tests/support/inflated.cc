// inflated: a stream that is used again for each tag, as libxapian has one for each table.
#include "inflated.h"

#include "xapian_inflate.h"

#include <cstdlib>
#include <dlfcn.h>
#include <optional>
#include <string>
#include <zlib.h>

namespace
{

struct kept {
    z_stream stream = {};
    kept()
    {
        if (inflateInit2(&stream, -15) != Z_OK)
            std::abort();
    }
    ~kept()
    {
        inflateEnd(&stream);
    }
};

/* False: the tag has come to an end, one way or the other. */
bool item_inflate(z_stream *stream, struct span item, std::string *out, int *status)
{
    unsigned char step[INFLATED_STEP_BYTES];
    std::string copy(item.at, item.size); // so that a sanitizer sees what is read behind it
    stream->next_in = reinterpret_cast<Bytef *>(copy.data());
    stream->avail_in = static_cast<uInt>(item.size);
    do {
        stream->next_out = step;
        stream->avail_out = sizeof step;
        *status = inflate(stream, Z_SYNC_FLUSH);
        if (*status != Z_OK && *status != Z_STREAM_END)
            return false;
        out->append(reinterpret_cast<const char *>(step), static_cast<size_t>(stream->next_out - step));
    } while (*status == Z_OK && stream->avail_in > 0);
    return *status == Z_OK;
}

} // namespace

struct inflated_tag tag_inflated(struct span tag, const size_t *cuts, size_t cut_count, bool known)
{
    static kept streams[2];
    z_stream *stream = &streams[known ? 1 : 0].stream;
    std::optional<inflating> ours;
    if (known)
        ours.emplace();
    inflateReset(stream);
    struct inflated_tag result = {};
    std::string out;
    size_t at = 0;
    for (bool more = true; more && result.items <= cut_count; result.items++) {
        size_t end = result.items < cut_count ? cuts[result.items] : tag.size;
        more = item_inflate(stream, span_cut(tag, at, end), &out, &result.status);
        at = end;
    }
    result.size = out.size();
    result.bytes = static_cast<char *>(std::malloc(out.size() + 1));
    out.copy(result.bytes, out.size());
    return result;
}

bool inflate_is_ours(void)
{
    void *seen = dlsym(RTLD_DEFAULT, "inflate");
    return seen != nullptr && seen == reinterpret_cast<void *>(&inflate) && seen != dlsym(RTLD_NEXT, "inflate");
}
