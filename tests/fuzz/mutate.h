/* mutate: changes an encoded protobuf message where its fields are, so that what comes out is still a message: one
 * field anywhere in the tree is removed, doubled, swapped for an odd value or joined by another, and the lengths around
 * it are mended. Random bytes rarely get past the first length; this does. */
#ifndef REFERENT_FUZZ_MUTATE_H
#define REFERENT_FUZZ_MUTATE_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

/* Change `message` of `size` bytes, which has room for `room`, once; the new size. Bytes that are no message of this
 * type get a few random changes. Pure: the same random state gives the same change. */
size_t mutate_message(const ProtobufCMessageDescriptor *type, uint8_t *message, size_t size, size_t room,
                      uint64_t *random);
/* The same without regard to any type. */
size_t mutate_bytes(uint8_t *bytes, size_t size, size_t room, uint64_t *random);

#endif
