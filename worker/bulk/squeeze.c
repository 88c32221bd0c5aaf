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
    squeeze->coded = level == SQUEEZE_CODE;
    squeeze_clear(squeeze);
    if (squeeze->coded)
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

/* What the first tags are like, until they have told it themselves. */
void squeeze_clear(struct squeeze *squeeze)
{
    static const struct span samples[SQUEEZE_KINDS] = {
        [SQUEEZE_TERMS] =
            SPAN("Zadministration\006fdeling\012ktivit\013nsvar\001bud\004get\005esl\014ut\002ehandl\003yr\xc3\xa5"
                 "d\006d\007riftsbudget\004et\005forv\003alt\010inger\001n\xc3\xb8\002kommune\007tilsk\003ud\006vej"),
        [SQUEEZE_DATA] =
            SPAN("title=Orientering om budget 2021 i Lejre Kommune\nid=a/2020-02-05\nposition=3\ncommittee=Teknik- og "
                 "Milj\xc3\xb8"
                 "udvalget\nmunicipality=Lejre Kommune\ndate=2020-02-05\nitem=3\ncase=20/1234\noutcome=approved"
                 "\nstart=2011\nend=4096\nsample=2020-02-05 Orientering om budget 2021 Sagsfremstilling: Forvaltningen "
                 "indstiller, at der gives en "
                 "bevilling til den nye skole, og at udvalget dr\xc3\xb8"
                 "fter sagen. Teknik- og Milj\xc3\xb8udvalget"
                 "\nmember=Anne Hansen (A)\nmember=Bo Nielsen (V)\nmember=Jens Jensen (C)\nmember=Mette Hansen (F)"),
    };
    for (size_t kind = 0; squeeze->coded && kind < SQUEEZE_KINDS; kind++)
        huffman_begin(&squeeze->codes[kind], samples[kind], kind == SQUEEZE_DATA);
}

enum fault squeeze_tag(struct squeeze *squeeze, enum squeeze_kind kind, struct span *tag, bool *compressed,
                       struct error *err)
{
    *compressed = false;
    if ((squeeze->deflate == NULL && !squeeze->coded) || tag->size <= SQUEEZE_MIN_BYTES)
        return FAULT_NONE;
    if (!buffer_reserve(&squeeze->out, squeeze->coded ? huffman_bound(tag->size) : tag->size))
        return memory_fault(err);
    size_t size = squeeze->coded ? huffman_pack(&squeeze->codes[kind], *tag, squeeze->out.at)
                                 : squeeze->deflate(squeeze->self, tag->at, tag->size, squeeze->out.at, tag->size - 1);
    if (size == 0)
        return FAULT_NONE;
    *tag = (struct span){squeeze->out.at, size - MISTAKE(DEFLATE_END)};
    *compressed = true;
    return FAULT_NONE;
}
