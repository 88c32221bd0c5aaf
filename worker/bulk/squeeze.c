/* squeeze: compression of tags. One per builder. */
#include "squeeze.h"

#include "mistake.h"
#include "termlist.h"

#include <libdeflate.h>

/* Stock inflates a tag in steps of 8192 bytes, and takes it for cut off if all input is used up just when a step is
 * full and only the end mark, or the rest of a match, is still to come: "Too few chunks of compressed data" (seen
 * with 1.4.22 on its own tags as well). A byte behind the stream, which is not looked at, keeps input there until the
 * end. */
enum { INFLATE_STEP = 8192 };

static size_t deflate_own(void *self, const char *tag, size_t size, char *out, size_t room)
{
    bool guard = size >= INFLATE_STEP && !MISTAKE(INFLATE_GUARD);
    size_t packed = libdeflate_deflate_compress(self, tag, size, out, room - guard);
    if (packed == 0 || !guard)
        return packed;
    out[packed] = '\0';
    return packed + 1;
}

bool squeeze_init(struct squeeze *squeeze, int level, deflate_call deflate, void *self)
{
    *squeeze = (struct squeeze){.deflate = deflate, .self = self};
    if (deflate != NULL || level == 0)
        return true;
    squeeze->own = squeeze->self = libdeflate_alloc_compressor(level);
    squeeze->deflate = deflate_own;
    return squeeze->own != NULL;
}

void squeeze_done(struct squeeze *squeeze)
{
    if (squeeze->own != NULL)
        libdeflate_free_compressor(squeeze->own);
    squeeze->own = NULL;
    buffer_done(&squeeze->out);
}

enum fault squeeze_tag(struct squeeze *squeeze, struct span *tag, bool *compressed, struct error *err)
{
    *compressed = false;
    if (squeeze->deflate == NULL || tag->size <= SQUEEZE_MIN_BYTES)
        return FAULT_NONE;
    if (!buffer_reserve(&squeeze->out, tag->size))
        return memory_fault(err);
    size_t size = squeeze->deflate(squeeze->self, tag->at, tag->size, squeeze->out.at, tag->size - 1);
    if (size == 0)
        return FAULT_NONE;
    *tag = (struct span){squeeze->out.at, size - MISTAKE(DEFLATE_END)};
    *compressed = true;
    return FAULT_NONE;
}
