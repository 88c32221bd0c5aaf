/* pack: body <-> the last line of the document data. Pure; zstd's working memory belongs to the packer. */
#include "pack.h"

#include <stdlib.h>
#include <zstd.h>

enum { LEVEL = 3, ESCAPE = 27 };

struct body_packer {
    ZSTD_CCtx *context;
};

struct body_packer *body_packer_new(void)
{
    struct body_packer *packer = calloc(1, sizeof *packer);
    if (packer == NULL)
        return NULL;
    packer->context = ZSTD_createCCtx();
    if (packer->context == NULL)
        body_packer_free(&packer);
    return packer;
}

void body_packer_free(struct body_packer **packer)
{
    if (packer == NULL || *packer == NULL)
        return;
    ZSTD_freeCCtx((*packer)->context);
    free(*packer);
    *packer = NULL;
}

struct body_unpacker {
    ZSTD_DCtx *context;
};

static struct span escape(struct arena *arena, const char *frame, size_t size)
{
    size_t extra = 0;
    for (size_t i = 0; i < size; i++)
        extra += frame[i] == '\n' || frame[i] == ESCAPE;
    char *out = arena_alloc(arena, size + extra);
    if (out == NULL)
        return (struct span){NULL, 0};
    size_t at = 0;
    for (size_t i = 0; i < size; i++) {
        bool plain = frame[i] != '\n' && frame[i] != ESCAPE;
        if (!plain)
            out[at++] = ESCAPE;
        out[at++] = plain ? frame[i] : frame[i] == '\n' ? '1' : '2';
    }
    return (struct span){out, at};
}

enum fault body_pack(struct arena *arena, struct body_packer *packer, struct span body, struct span *packed,
                     struct error *err)
{
    size_t room = ZSTD_compressBound(body.size);
    char *frame = arena_alloc(arena, room);
    if (frame == NULL)
        return arena_full(err);
    size_t size = ZSTD_compressCCtx(packer->context, frame, room, body.at, body.size, LEVEL);
    if (ZSTD_isError(size))
        return error_set(err, FAULT_REOPEN, "body.pack", "zstd: %s", ZSTD_getErrorName(size));
    *packed = escape(arena, frame, size);
    return packed->at != NULL ? FAULT_NONE : arena_full(err);
}

/* False if an ESC is followed by anything else than 1 or 2, or a line break stands inside. */
static bool unescape(struct span packed, char *frame, size_t *size)
{
    size_t at = 0;
    for (size_t i = 0; i < packed.size; i++) {
        char byte = packed.at[i];
        if (byte == '\n')
            return false;
        if (byte == ESCAPE) {
            if (++i == packed.size || (packed.at[i] != '1' && packed.at[i] != '2'))
                return false;
            byte = packed.at[i] == '1' ? '\n' : ESCAPE;
        }
        frame[at++] = byte;
    }
    *size = at;
    return true;
}

struct body_unpacker *body_unpacker_new(void)
{
    struct body_unpacker *unpacker = calloc(1, sizeof *unpacker);
    if (unpacker == NULL)
        return NULL;
    unpacker->context = ZSTD_createDCtx();
    if (unpacker->context == NULL)
        body_unpacker_free(&unpacker);
    return unpacker;
}

void body_unpacker_free(struct body_unpacker **unpacker)
{
    if (unpacker == NULL || *unpacker == NULL)
        return;
    ZSTD_freeDCtx((*unpacker)->context);
    free(*unpacker);
    *unpacker = NULL;
}

enum fault body_unpack(struct arena *arena, struct span packed, size_t max_bytes, struct text *body, struct error *err)
{
    struct body_unpacker *unpacker = body_unpacker_new();
    if (unpacker == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory for unpacking a body");
    enum fault fault = body_unpack_with(unpacker, arena, packed, max_bytes, body, err);
    body_unpacker_free(&unpacker);
    return fault;
}

enum fault body_unpack_with(struct body_unpacker *unpacker, struct arena *arena, struct span packed, size_t max_bytes,
                            struct text *body, struct error *err)
{
    size_t size = 0;
    char *frame = arena_alloc(arena, packed.size);
    if (frame == NULL)
        return arena_full(err);
    if (!unescape(packed, frame, &size))
        return error_set(err, FAULT_REJECT, "body.damaged", "the stored body is no escaped frame; rebuild the shard");
    unsigned long long bytes = ZSTD_getFrameContentSize(frame, size);
    if (bytes == ZSTD_CONTENTSIZE_ERROR || bytes == ZSTD_CONTENTSIZE_UNKNOWN)
        return error_set(err, FAULT_REJECT, "body.damaged", "the stored body is no zstd frame with its size");
    if (bytes > max_bytes)
        return error_set(err, FAULT_REJECT, "body.size", "the stored body has %llu bytes, more than %zu", bytes,
                         max_bytes);
    char *out = arena_alloc(arena, (size_t)bytes + 1);
    if (out == NULL)
        return arena_full(err);
    size_t written = ZSTD_decompressDCtx(unpacker->context, out, (size_t)bytes, frame, size);
    if (ZSTD_isError(written) || written != bytes)
        return error_set(err, FAULT_REJECT, "body.damaged", "the stored body does not unpack");
    out[written] = '\0';
    *body = (struct text){out, written};
    return FAULT_NONE;
}
