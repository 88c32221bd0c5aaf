/* mutate: see mutate.h. A message is copied field by field; the field whose number in reading order was drawn is
 * changed on the way. */
#include "mutate.h"

#include "random.h"
#include "wire_field.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 10, VARINT_MAX = 10, STRING_MAX = 300 };

enum change { REMOVE, DOUBLE, ODD_VALUE, BYTES, RENUMBER, JOIN, CHANGES };

struct copying {
    uint64_t *random;
    size_t count;  /* fields seen so far */
    size_t target; /* the one to change; SIZE_MAX: only count */
    enum change change;
    uint8_t *out;
    size_t used, room; /* nothing is written beyond room; used may say more */
};

/* ---- bytes ---- */

size_t mutate_bytes(uint8_t *bytes, size_t size, size_t room, uint64_t *random)
{
    if (size == 0) {
        if (room > 0)
            bytes[0] = (uint8_t)random_next(random);
        return room > 0;
    }
    for (uint64_t times = 1 + random_below(random, 4); times > 0; times--) {
        size_t at = random_below(random, size), other = random_below(random, size);
        size_t most = size - (at > other ? at : other);
        switch (random_below(random, 5)) {
        case 0: bytes[at] = (uint8_t)random_next(random); break;
        case 1: bytes[at] ^= (uint8_t)(1U << random_below(random, 8)); break;
        case 2: memmove(bytes + at, bytes + other, random_below(random, most + 1)); break;
        case 3:
            memmove(bytes + at, bytes + at + 1, size - at - 1);
            size = size > 1 ? size - 1 : size;
            break;
        default:
            if (size < room) {
                memmove(bytes + at + 1, bytes + at, size - at);
                size++;
            }
        }
    }
    return size;
}

/* ---- writing ---- */

static void put(struct copying *copying, const void *bytes, size_t size)
{
    if (copying->used + size <= copying->room && size > 0)
        memcpy(copying->out + copying->used, bytes, size);
    copying->used += size;
}

static size_t varint_encode(uint64_t value, uint8_t out[static VARINT_MAX])
{
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        out[size++] = (uint8_t)(value | 0x80);
    out[size++] = (uint8_t)value;
    return size;
}

static void put_varint(struct copying *copying, uint64_t value)
{
    uint8_t bytes[VARINT_MAX];
    put(copying, bytes, varint_encode(value, bytes));
}

static void put_key(struct copying *copying, uint32_t number, enum wire_type type)
{
    put_varint(copying, (uint64_t)number << 3 | type);
}

/* ---- odd values ---- */

static uint64_t odd_number(uint64_t *random)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   2,
                                   3,
                                   4,
                                   5,
                                   127,
                                   128,
                                   200,
                                   201,
                                   255,
                                   256,
                                   1000,
                                   1001,
                                   UINT32_MAX,
                                   INT64_MAX,
                                   (uint64_t)INT64_MAX + 1,
                                   UINT64_MAX};
    return random_below(random, 4) ? odd[random_below(random, sizeof odd / sizeof *odd)] : random_next(random);
}

static const char *const odd_strings[] = {"a",
                                          "b",
                                          "k/a",
                                          "k/b",
                                          "k",
                                          "k/",
                                          "text/markdown",
                                          "text/plain",
                                          "text/html",
                                          "2021-03-10",
                                          "1",
                                          "\xC3\xA6\xC3\xB8\xC3\xA5",
                                          "\xFF",
                                          "\xC3",
                                          "\x7F",
                                          "\n",
                                          "a\tb",
                                          "## 1. Havnen\n\nGodkendt.\n"};

static void put_odd_string(struct copying *copying)
{
    char long_one[STRING_MAX];
    uint64_t *random = copying->random;
    size_t which = random_below(random, sizeof odd_strings / sizeof *odd_strings + 3);
    struct span value = {long_one, 0};
    memset(long_one, 'k', sizeof long_one);
    if (which < sizeof odd_strings / sizeof *odd_strings)
        value = span_of(odd_strings[which]);
    else if (which == sizeof odd_strings / sizeof *odd_strings)
        value.size = 199 + random_below(random, 3); /* around the longest id */
    else if (which == sizeof odd_strings / sizeof *odd_strings + 1)
        value = (struct span){"a\0b", 3};
    put_varint(copying, value.size);
    put(copying, value.at, value.size);
}

/* A field of the descriptor's type with an odd value, or one that it does not know. */
static void put_odd_field(struct copying *copying, const ProtobufCMessageDescriptor *type)
{
    uint64_t *random = copying->random;
    if (type == NULL || type->n_fields == 0 || random_below(random, 16) == 0) {
        put_key(copying, 1 + (uint32_t)random_below(random, 60), WIRE_VARINT);
        put_varint(copying, odd_number(random));
        return;
    }
    const ProtobufCFieldDescriptor *field = &type->fields[random_below(random, type->n_fields)];
    if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES ||
        field->type == PROTOBUF_C_TYPE_MESSAGE) {
        put_key(copying, field->id, WIRE_BYTES);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            put_varint(copying, 0);
        else
            put_odd_string(copying);
    } else if (field->type == PROTOBUF_C_TYPE_FIXED64) {
        uint64_t value = odd_number(random);
        put_key(copying, field->id, WIRE_64);
        put(copying, &value, sizeof value);
    } else {
        put_key(copying, field->id, WIRE_VARINT);
        put_varint(copying, odd_number(random));
    }
}

/* ---- one field ---- */

static void put_changed_bytes(struct copying *copying, struct span bytes)
{
    size_t room = bytes.size + 8;
    uint8_t *copy = malloc(room);
    if (copy == NULL)
        abort();
    if (bytes.size > 0)
        memcpy(copy, bytes.at, bytes.size);
    size_t size = mutate_bytes(copy, bytes.size, room, copying->random);
    put_varint(copying, size);
    put(copying, copy, size);
    free(copy);
}

static void field_change(struct copying *copying, const ProtobufCMessageDescriptor *type,
                         const struct wire_field *field, struct span whole)
{
    switch (copying->change) {
    case REMOVE: return;
    case DOUBLE: put(copying, whole.at, whole.size); break;
    case ODD_VALUE:
        if (field->type == WIRE_BYTES) {
            put_key(copying, field->number, WIRE_BYTES);
            put_odd_string(copying);
            return;
        }
        if (field->type == WIRE_VARINT) {
            put_key(copying, field->number, WIRE_VARINT);
            put_varint(copying, odd_number(copying->random));
            return;
        }
        break;
    case BYTES:
        if (field->type == WIRE_BYTES) {
            put_key(copying, field->number, WIRE_BYTES);
            put_changed_bytes(copying, field->bytes);
            return;
        }
        break;
    case RENUMBER:
        if (field->type == WIRE_BYTES && type != NULL && type->n_fields > 0) {
            put_key(copying, type->fields[random_below(copying->random, type->n_fields)].id, WIRE_BYTES);
            put_varint(copying, field->bytes.size);
            put(copying, field->bytes.at, field->bytes.size);
            return;
        }
        break;
    default: put_odd_field(copying, type); break;
    }
    put(copying, whole.at, whole.size);
}

/* ---- the tree ---- */

static const ProtobufCMessageDescriptor *message_of(const ProtobufCMessageDescriptor *type,
                                                    const struct wire_field *field)
{
    const ProtobufCFieldDescriptor *known = type ? protobuf_c_message_descriptor_get_field(type, field->number) : NULL;
    return known != NULL && known->type == PROTOBUF_C_TYPE_MESSAGE && field->type == WIRE_BYTES ? known->descriptor
                                                                                                : NULL;
}

/* False when the bytes are no message: what could be read was copied, the rest follows as it is. */
static bool message_copy(struct copying *copying, const ProtobufCMessageDescriptor *type, struct span message,
                         int depth)
{
    struct wire_reader reader = wire_reader_of(message);
    while (reader.at < reader.end) {
        const char *from = reader.at;
        struct wire_field field;
        if (depth > DEPTH_MAX || !wire_field_next(&reader, &field)) {
            put(copying, from, (size_t)(message.at + message.size - from));
            return false;
        }
        struct span whole = {from, (size_t)(reader.at - from)};
        const ProtobufCMessageDescriptor *inner = message_of(type, &field);
        if (copying->count++ == copying->target) {
            field_change(copying, type, &field, whole);
        } else if (inner == NULL) {
            put(copying, whole.at, whole.size);
        } else {
            struct copying part = *copying; /* what is inside, behind room for its length */
            part.out = copying->out + (copying->used < copying->room ? copying->used : copying->room);
            part.room = copying->used < copying->room ? copying->room - copying->used : 0;
            part.used = 0;
            (void)message_copy(&part, inner, field.bytes, depth + 1);
            copying->count = part.count;
            uint8_t head[2 * VARINT_MAX];
            size_t size = varint_encode((uint64_t)field.number << 3 | WIRE_BYTES, head);
            size += varint_encode(part.used, head + size);
            if (copying->used + size + part.used <= copying->room) {
                memmove(part.out + size, part.out, part.used);
                memcpy(part.out, head, size);
            }
            copying->used += size + part.used;
        }
    }
    if (message.size == 0 && copying->target != SIZE_MAX && copying->change == JOIN)
        put_odd_field(copying, type);
    return true;
}

static size_t message_change(const ProtobufCMessageDescriptor *type, uint8_t *message, size_t size, size_t room,
                             struct copying *copying)
{
    struct span whole = {(const char *)message, size};
    if (!message_copy(copying, type, whole, 0) || random_below(copying->random, 12) == 0)
        return mutate_bytes(message, size, room, copying->random);
    copying->target = copying->count > 0 ? random_below(copying->random, copying->count) : 0;
    copying->change = (enum change)random_below(copying->random, CHANGES);
    copying->count = 0;
    copying->used = 0;
    (void)message_copy(copying, type, whole, 0);
    if (copying->used > room)
        return size;
    memcpy(message, copying->out, copying->used);
    return copying->used;
}

size_t mutate_message(const ProtobufCMessageDescriptor *type, uint8_t *message, size_t size, size_t room,
                      uint64_t *random)
{
    struct copying copying = {.random = random, .target = SIZE_MAX, .room = room, .out = malloc(room ? room : 1)};
    if (copying.out == NULL)
        abort();
    size = message_change(type, message, size, room, &copying);
    free(copying.out);
    return size;
}
