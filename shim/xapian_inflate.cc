// xapian_inflate: stands between libxapian and zlib.
#include "xapian_inflate.h"

#include "inflater.h"

#include <atomic>
#include <cstring>
#include <dlfcn.h>
#include <zlib.h>

namespace
{

/* What a thread knows stays with it: the tags of its next answer have the same codes. */
struct reading {
    bool on = false;
    struct inflater *inflater = nullptr;
    const z_stream *stream = nullptr; // of a tag in several items, of which zlib's state knows nothing
    size_t in = 0;                    // bytes of it so far
    ~reading()
    {
        inflater_free(&inflater);
    }
};

thread_local struct reading reading;

int inflate_by_zlib(z_stream *stream, int flush)
{
    using inflate_call = int (*)(z_stream *, int);
    static std::atomic<inflate_call> zlib;
    inflate_call call = zlib.load(std::memory_order_relaxed);
    if (call == nullptr) {
        call = reinterpret_cast<inflate_call>(dlsym(RTLD_NEXT, "inflate"));
        zlib.store(call, std::memory_order_relaxed);
    }
    return call == nullptr ? Z_STREAM_ERROR : call(stream, flush);
}

/* What came of the bytes goes where the stream wants it. */
void stream_move(z_stream *stream, size_t used, struct span out)
{
    if (out.size > 0)
        std::memcpy(stream->next_out, out.at, out.size);
    stream->next_in += used;
    stream->avail_in -= static_cast<uInt>(used);
    stream->total_in += used;
    stream->next_out += out.size;
    stream->avail_out -= static_cast<uInt>(out.size);
    stream->total_out += out.size;
}

/* zlib has read the items before this one, too. False: it did not get as far. */
bool zlib_catches_up(z_stream *stream, struct span before)
{
    unsigned char step[8192];
    z_stream at = *stream;
    stream->next_in = reinterpret_cast<Bytef *>(const_cast<char *>(before.at));
    stream->avail_in = static_cast<uInt>(before.size);
    stream->total_in = stream->total_out = 0;
    for (int status = Z_OK; status == Z_OK && stream->avail_in > 0;) {
        stream->next_out = step;
        stream->avail_out = sizeof step;
        status = inflate_by_zlib(stream, Z_SYNC_FLUSH);
    }
    bool there = stream->avail_in == 0 && stream->total_out == at.total_out;
    stream->next_in = at.next_in;
    stream->avail_in = at.avail_in;
    stream->next_out = at.next_out;
    stream->avail_out = at.avail_out;
    return there;
}

/* An item that fills a step is zlib's, because just there Xapian takes some tags for cut off (see base/tag.h). */
bool told(enum inflated state, struct span out, const z_stream *stream)
{
    return state != INFLATED_UNSURE && out.size < stream->avail_out;
}

int item_end(enum inflated state, z_stream *stream)
{
    reading.stream = state == INFLATED_MORE ? stream : nullptr;
    reading.in = stream->total_in;
    return state == INFLATED_MORE ? Z_OK : Z_STREAM_END;
}

/* zlib's state has seen nothing of this tag. */
int tag_begin(z_stream *stream, int flush)
{
    struct span bytes = {reinterpret_cast<const char *>(stream->next_in), stream->avail_in}, out;
    size_t used;
    reading.stream = nullptr;
    inflater_begin(reading.inflater);
    enum inflated state = inflater_feed(reading.inflater, bytes, &out, &used);
    if (told(state, out, stream)) {
        stream_move(stream, used, out);
        return item_end(state, stream);
    }
    int status = inflate_by_zlib(stream, flush);
    if (state == INFLATED_UNSURE && (status == Z_OK || status == Z_STREAM_END))
        inflater_learn(reading.inflater, bytes);
    return status;
}

int tag_go_on(z_stream *stream, int flush)
{
    struct span bytes = {reinterpret_cast<const char *>(stream->next_in), stream->avail_in}, out;
    size_t used;
    enum inflated state = inflater_feed(reading.inflater, bytes, &out, &used);
    if (told(state, out, stream)) {
        stream_move(stream, used, out);
        return item_end(state, stream);
    }
    reading.stream = nullptr;
    struct span before = span_cut(inflater_fed(reading.inflater), 0, reading.in);
    return zlib_catches_up(stream, before) ? inflate_by_zlib(stream, flush) : Z_DATA_ERROR;
}

} // namespace

inflating::inflating() : before(reading.on)
{
    if (reading.inflater == nullptr)
        reading.inflater = inflater_new();
    reading.on = reading.inflater != nullptr; // without memory all tags are zlib's
}

inflating::~inflating()
{
    reading.on = before;
}

extern "C" int inflate(z_stream *stream, int flush)
{
    if (!reading.on || stream->avail_in == 0)
        return inflate_by_zlib(stream, flush);
    if (stream->total_in == 0 && stream->total_out == 0)
        return tag_begin(stream, flush);
    if (reading.stream == stream && reading.in == stream->total_in)
        return tag_go_on(stream, flush);
    return inflate_by_zlib(stream, flush);
}
