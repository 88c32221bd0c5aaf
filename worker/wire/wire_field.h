/* Fields of an encoded protobuf message, one after another, without decoding what is inside.
 * Source: the protobuf encoding document; groups (wire types 3 and 4) are refused. */
#ifndef REFERENT_WIRE_FIELD_H
#define REFERENT_WIRE_FIELD_H

#include "span.h"

#include <stdint.h>

enum wire_type { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

struct wire_reader {
    const char *at, *end;
};

/* An empty message may be at NULL, to which nothing can be added, not even 0. */
static inline struct wire_reader wire_reader_of(struct span message)
{
    return (struct wire_reader){message.at, message.size > 0 ? message.at + message.size : message.at};
}

struct wire_field {
    uint32_t number;
    enum wire_type type;
    uint64_t varint;   /* WIRE_VARINT */
    struct span bytes; /* WIRE_BYTES */
};

static inline bool wire_varint(struct wire_reader *reader, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 70 && reader->at < reader->end; shift += 7) {
        unsigned char byte = (unsigned char)*reader->at++;
        if (shift < 64)
            *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* False when the next field does not fit its message. */
static inline bool wire_field_next(struct wire_reader *reader, struct wire_field *field)
{
    uint64_t key, size = 0;
    if (!wire_varint(reader, &key) || key >> 3 == 0 || key >> 3 > 0x1FFFFFFF)
        return false;
    *field = (struct wire_field){.number = (uint32_t)(key >> 3), .type = (enum wire_type)(key & 7)};
    switch (key & 7) {
    case WIRE_VARINT: return wire_varint(reader, &field->varint);
    case WIRE_64: size = 8; break;
    case WIRE_32: size = 4; break;
    case WIRE_BYTES:
        if (!wire_varint(reader, &size))
            return false;
        break;
    default: return false;
    }
    if (size > (uint64_t)(reader->end - reader->at))
        return false;
    field->bytes = (struct span){reader->at, (size_t)size};
    reader->at += size;
    return true;
}

#endif
