/* pack: body <-> a line of the document data. Pure; zstd's working memory belongs to packer and unpacker. */
#include "pack.h"

#include <stdlib.h>
#include <zstd.h>

/* A snippet needs a page of a body that may have hundreds: so it is cut into frames of its own. Measured on minutes of
 * 150 KB: frames of 32 KiB take 12 to 33 % more than one, which is a hundredth of the index, and a page of ten hits
 * each is there in half the time. */
enum { LEVEL = 1, ESCAPE = 27, FRAME_BYTES = 32 * 1024 };

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

/* The first such byte from `at` on; `end` if there is none. */
static const char *byte_find(const char *at, const char *end, char byte)
{
    const char *found = at < end ? memchr(at, byte, (size_t)(end - at)) : NULL;
    return found != NULL ? found : end;
}

static size_t byte_count(const char *at, const char *end, char byte)
{
    size_t count = 0;
    for (at = byte_find(at, end, byte); at < end; at = byte_find(at + 1, end, byte))
        count++;
    return count;
}

/* One byte in a hundred asks for it, so runs are copied whole. */
static struct span escape(struct arena *arena, const char *frame, size_t size)
{
    const char *at = frame, *end = frame + size;
    size_t extra = byte_count(at, end, '\n') + byte_count(at, end, ESCAPE);
    char *out = arena_alloc(arena, size + extra), *to = out;
    if (out == NULL)
        return (struct span){NULL, 0};
    const char *line = byte_find(at, end, '\n'), *mark = byte_find(at, end, ESCAPE);
    while (at < end) {
        const char *next = line < mark ? line : mark;
        memcpy(to, at, (size_t)(next - at));
        to += next - at;
        at = next;
        if (at == end)
            break;
        *to++ = ESCAPE;
        *to++ = at == line ? '1' : '2';
        at++;
        line = line < at ? byte_find(at, end, '\n') : line;
        mark = mark < at ? byte_find(at, end, ESCAPE) : mark;
    }
    return (struct span){out, size + extra};
}

enum fault body_pack(struct arena *arena, struct body_packer *packer, struct span body, struct span *packed,
                     struct error *err)
{
    size_t frames = body.size / FRAME_BYTES + 1, size = 0;
    size_t room = frames * ZSTD_compressBound(FRAME_BYTES);
    char *out = arena_alloc(arena, room);
    if (out == NULL)
        return arena_full(err);
    for (size_t at = 0; at == 0 || at < body.size; at += FRAME_BYTES) {
        size_t bytes = body.size - at < FRAME_BYTES ? body.size - at : FRAME_BYTES;
        size_t frame = ZSTD_compressCCtx(packer->context, out + size, room - size, body.at + at, bytes, LEVEL);
        if (ZSTD_isError(frame))
            return error_set(err, FAULT_REOPEN, "body.pack", "zstd: %s", ZSTD_getErrorName(frame));
        size += frame;
    }
    *packed = escape(arena, out, size);
    return packed->at != NULL ? FAULT_NONE : arena_full(err);
}

/* False if an ESC is followed by anything else than 1 or 2, or a line break stands inside. */
static bool unescape(struct span packed, char *frames, size_t *size)
{
    const char *at = packed.at, *end = packed.at + packed.size;
    char *to = frames;
    if (packed.size == 0 || memchr(packed.at, '\n', packed.size) != NULL)
        return false;
    while (at < end) {
        const char *escape_at = memchr(at, ESCAPE, (size_t)(end - at));
        size_t plain = (size_t)((escape_at != NULL ? escape_at : end) - at);
        memcpy(to, at, plain);
        to += plain;
        at += plain;
        if (at == end)
            break;
        if (++at == end || (*at != '1' && *at != '2'))
            return false;
        *to++ = *at++ == '1' ? '\n' : ESCAPE;
    }
    *size = (size_t)(to - frames);
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

/* Frames one behind the other, each with its size. */
struct frames {
    const char *at;
    size_t size;       /* packed */
    size_t body_bytes; /* of all */
};

/* The frame at `at`: packed and unpacked size; false if it is none, or does not name its size. */
static bool frame_sizes(const struct frames *frames, size_t at, size_t *packed, unsigned long long *bytes)
{
    *packed = ZSTD_findFrameCompressedSize(frames->at + at, frames->size - at);
    *bytes = ZSTD_getFrameContentSize(frames->at + at, frames->size - at);
    return !ZSTD_isError(*packed) && *bytes != ZSTD_CONTENTSIZE_ERROR && *bytes != ZSTD_CONTENTSIZE_UNKNOWN;
}

/* Nothing is allocated for what the frames say that they hold before that is checked. */
static enum fault frames_read(struct arena *arena, struct span packed, size_t max_bytes, struct frames *out,
                              struct error *err)
{
    char *at = arena_alloc(arena, packed.size);
    *out = (struct frames){.at = at};
    if (at == NULL)
        return arena_full(err);
    if (!unescape(packed, at, &out->size))
        return error_set(err, FAULT_REJECT, "body.damaged", "the stored body is no escaped frame; rebuild the shard");
    for (size_t offset = 0, size; offset < out->size; offset += size) {
        unsigned long long bytes;
        if (!frame_sizes(out, offset, &size, &bytes))
            return error_set(err, FAULT_REJECT, "body.damaged", "the stored body is no zstd frame with its size");
        if (bytes > max_bytes - out->body_bytes)
            return error_set(err, FAULT_REJECT, "body.size", "the stored body has more than %zu bytes", max_bytes);
        out->body_bytes += (size_t)bytes;
    }
    return FAULT_NONE;
}

/* Frames from..end-1 of the packed bytes, which hold `bytes` of the body; a NUL stands behind them. */
static enum fault frames_unpack(struct body_unpacker *unpacker, struct arena *arena, const struct frames *frames,
                                size_t from, size_t end, size_t bytes, struct text *out, struct error *err)
{
    char *to = arena_alloc(arena, bytes + 1);
    if (to == NULL)
        return arena_full(err);
    size_t written = ZSTD_decompressDCtx(unpacker->context, to, bytes, frames->at + from, end - from);
    if (ZSTD_isError(written) || written != bytes)
        return error_set(err, FAULT_REJECT, "body.damaged", "the stored body does not unpack");
    to[written] = '\0';
    *out = (struct text){to, written};
    return FAULT_NONE;
}

enum fault body_unpack(struct arena *arena, struct span packed, size_t max_bytes, struct text *body, struct error *err)
{
    struct frames frames;
    TRY(frames_read(arena, packed, max_bytes, &frames, err));
    struct body_unpacker *unpacker = body_unpacker_new();
    if (unpacker == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory for unpacking a body");
    enum fault fault = frames_unpack(unpacker, arena, &frames, 0, frames.size, frames.body_bytes, body, err);
    body_unpacker_free(&unpacker);
    return fault;
}

enum fault body_unpack_part(struct body_unpacker *unpacker, struct arena *arena, struct span packed, size_t from,
                            size_t to, size_t max_bytes, struct body_part *out, struct error *err)
{
    struct frames frames;
    size_t first = 0, end = 0, bytes = 0;
    *out = (struct body_part){.text = {"", 0}};
    TRY(frames_read(arena, packed, max_bytes, &frames, err));
    out->body_bytes = frames.body_bytes;
    for (size_t offset = 0, at = 0, size; offset < frames.size && at < to; offset += size) {
        unsigned long long here;
        if (!frame_sizes(&frames, offset, &size, &here))
            return error_set(err, FAULT_REJECT, "body.damaged", "the stored body is no zstd frame with its size");
        at += (size_t)here;
        if (at <= from) {
            first = offset + size;
            out->start = at;
            continue;
        }
        bytes += (size_t)here;
        end = offset + size;
    }
    return bytes > 0 ? frames_unpack(unpacker, arena, &frames, first, end, bytes, &out->text, err) : FAULT_NONE;
}
