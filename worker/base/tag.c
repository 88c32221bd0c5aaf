/* tag: does a compressed tag survive how stock reads it? Pure. */
#include "tag.h"

#include <stdlib.h>
#include <zlib.h>

enum { RAW_WINDOW = -15, MEMORY_LEVEL = 9 };

/* How many bytes come out of the first `deflated.size` bytes of a stream. */
static size_t inflated_bytes(z_stream *stream, struct span deflated)
{
    unsigned char step[TAG_STEP_BYTES];
    int status = Z_OK;
    stream->next_in = (Bytef *)deflated.at; /* zlib only reads it */
    stream->avail_in = (uInt)deflated.size;
    stream->avail_out = 0;
    while (status == Z_OK && (stream->avail_in > 0 || stream->avail_out == 0)) {
        stream->next_out = step;
        stream->avail_out = sizeof step;
        status = inflate(stream, Z_SYNC_FLUSH);
    }
    return stream->total_out;
}

bool tag_deflated_is_sound(struct span deflated, size_t size)
{
    z_stream stream = {0};
    if (size < TAG_STEP_BYTES)
        return true;
    size_t before = deflated.size > TAG_ITEM_MAX_BYTES ? deflated.size - TAG_ITEM_MAX_BYTES : 0;
    if (before == 0 || inflateInit2(&stream, RAW_WINDOW) != Z_OK)
        return false;
    size_t inflated = inflated_bytes(&stream, span_cut(deflated, 0, before));
    inflateEnd(&stream);
    return size - inflated < TAG_STEP_BYTES;
}

bool tag_is_sound(struct span tag)
{
    z_stream stream = {0};
    if (tag.size < TAG_STEP_BYTES)
        return true;
    char *room = malloc(tag.size);
    if (room == NULL || deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, RAW_WINDOW, MEMORY_LEVEL,
                                     Z_DEFAULT_STRATEGY) != Z_OK) {
        free(room);
        return false;
    }
    stream.next_in = (Bytef *)tag.at;
    stream.avail_in = (uInt)tag.size;
    stream.next_out = (Bytef *)room;
    stream.avail_out = (uInt)tag.size - 1;
    bool smaller = deflate(&stream, Z_FINISH) == Z_STREAM_END; /* otherwise stock keeps it as it is */
    size_t size = stream.total_out;
    deflateEnd(&stream);
    bool sound = !smaller || tag_deflated_is_sound((struct span){room, size}, tag.size);
    free(room);
    return sound;
}
