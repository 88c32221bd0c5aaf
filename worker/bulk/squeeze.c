/* squeeze: compression of tags. One per builder. */
#include "squeeze.h"

#include "mistake.h"
#include "tag.h"
#include "termlist.h"

#include <libdeflate.h>

/* A tag that stock might not read back (see tag.h) stays as it is. */
static size_t deflate_own(void *self, const char *tag, size_t size, char *out, size_t room)
{
    size_t packed = libdeflate_deflate_compress(self, tag, size, out, room);
    bool sound = packed == 0 || tag_deflated_is_sound((struct span){out, packed}, size) || MISTAKE(INFLATE_GUARD);
    return sound ? packed : 0;
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
