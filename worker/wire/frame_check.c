/* frame_check: what protobuf-c 1.4.1 leaves out. It cuts strings at a NUL and takes any bytes for UTF-8, so an id of
 * "a\0b" would overwrite the document "a". The encoded message is walked along its descriptor before it is unpacked. */
#include "frame.h"
#include "utf8.h"
#include "wire_field.h"

/* Envelope, Submit, Document, Meeting, Item, Attachment: 6; deeper is no message of ours. */
enum { DEPTH_MAX = 8 };

static bool string_sound(struct span bytes)
{
    return utf8_valid(bytes, NULL) && (bytes.size == 0 || memchr(bytes.at, '\0', bytes.size) == NULL);
}

static bool walk(const ProtobufCMessageDescriptor *type, struct span message, int depth, bool *shape)
{
    struct wire_reader reader = wire_reader_of(message);
    struct wire_field field;
    bool sound = true;
    while (reader.at < reader.end) {
        if (depth > DEPTH_MAX || !wire_field_next(&reader, &field)) {
            *shape = false;
            return false;
        }
        const ProtobufCFieldDescriptor *known = protobuf_c_message_descriptor_get_field(type, field.number);
        if (known == NULL || field.type != WIRE_BYTES)
            continue;
        if (known->type == PROTOBUF_C_TYPE_STRING)
            sound = string_sound(field.bytes) && sound;
        else if (known->type == PROTOBUF_C_TYPE_MESSAGE)
            sound = walk(known->descriptor, field.bytes, depth + 1, shape) && sound;
    }
    return sound;
}

bool frame_check(const ProtobufCMessageDescriptor *type, struct span message, bool *shape)
{
    *shape = true;
    return walk(type, message, 0, shape);
}
