/* digest: walks a decoded message along its descriptor, so that a new field needs no code here. Pure. */
#include "digest.h"

#include <stdlib.h>
#include <xxhash.h>

struct hasher {
    XXH3_state_t *state;
    struct arena *arena;
    bool full;
};

static void hash_number(struct hasher *hasher, uint64_t number)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    XXH3_128bits_update(hasher->state, bytes, sizeof bytes);
}

static void hash_bytes(struct hasher *hasher, const void *at, size_t size)
{
    hash_number(hasher, size);
    if (size > 0)
        XXH3_128bits_update(hasher->state, at, size);
}

static void hash_message(struct hasher *hasher, const ProtobufCMessage *message);

static void hash_element(struct hasher *hasher, const ProtobufCFieldDescriptor *field, const void *member)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *string = *(char *const *)member;
        hash_bytes(hasher, string, string ? strlen(string) : 0);
        break;
    }
    case PROTOBUF_C_TYPE_BYTES: {
        const ProtobufCBinaryData *data = member;
        hash_bytes(hasher, data->data, data->len);
        break;
    }
    case PROTOBUF_C_TYPE_MESSAGE: hash_message(hasher, *(ProtobufCMessage *const *)member); break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64: hash_number(hasher, *(const uint64_t *)member); break;
    default: hash_number(hasher, *(const uint32_t *)member); break; /* enum, bool, uint32 */
    }
}

static int entry_order(const void *left, const void *right)
{
    const Referent__V1__Document__MetadataEntry *a = *(Referent__V1__Document__MetadataEntry *const *)left;
    const Referent__V1__Document__MetadataEntry *b = *(Referent__V1__Document__MetadataEntry *const *)right;
    int order = strcmp(a->key, b->key);
    return order ? order : strcmp(a->value, b->value);
}

static void hash_metadata(struct hasher *hasher, const Referent__V1__Document *document)
{
    size_t count = document->n_metadata;
    const Referent__V1__Document__MetadataEntry **sorted = arena_zero(hasher->arena, count, sizeof *sorted);
    if (sorted == NULL) {
        hasher->full = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        sorted[i] = document->metadata[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, entry_order);
    hash_number(hasher, count);
    for (size_t i = 0; i < count; i++) {
        hash_bytes(hasher, sorted[i]->key, strlen(sorted[i]->key));
        hash_bytes(hasher, sorted[i]->value, strlen(sorted[i]->value));
    }
}

static size_t element_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE: return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64: return 8;
    default: return 4;
    }
}

static void hash_message(struct hasher *hasher, const ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *member = (const char *)message + field->offset;
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            hash_element(hasher, field, member);
            continue;
        }
        size_t count = *(const size_t *)((const char *)message + field->quantifier_offset);
        const char *elements = *(char *const *)member;
        hash_number(hasher, count);
        for (size_t n = 0; n < count; n++)
            hash_element(hasher, field, elements + n * element_size(field));
    }
}

static void hash_document(struct hasher *hasher, const Referent__V1__Document *document)
{
    hash_bytes(hasher, document->id, strlen(document->id));
    hash_bytes(hasher, document->source, strlen(document->source));
    hash_bytes(hasher, document->media_type, strlen(document->media_type));
    hash_number(hasher, (uint64_t)document->content_case);
    if (document->content_case == REFERENT__V1__DOCUMENT__CONTENT_BODY)
        hash_bytes(hasher, document->body.data, document->body.len);
    else if (document->content_case == REFERENT__V1__DOCUMENT__CONTENT_MEETING)
        hash_message(hasher, &document->meeting->base);
    hash_bytes(hasher, document->url, strlen(document->url));
    hash_metadata(hasher, document);
}

enum fault document_digest(struct arena *arena, const Referent__V1__Document *document,
                           unsigned char digest[static DIGEST_BYTES], struct error *err)
{
    struct hasher hasher = {XXH3_createState(), arena, false};
    if (hasher.state == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    XXH3_128bits_reset(hasher.state);
    hash_document(&hasher, document);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(hasher.state));
    XXH3_freeState(hasher.state);
    memcpy(digest, canonical.digest, DIGEST_BYTES);
    return hasher.full ? arena_full(err) : FAULT_NONE;
}

static void key_take(XXH128_hash_t hash, unsigned char key[static DIGEST_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, hash);
    memcpy(key, canonical.digest, DIGEST_BYTES);
}

void content_key(unsigned kind, struct span id, uint64_t version, const unsigned char digest[static DIGEST_BYTES],
                 unsigned char key[static DIGEST_BYTES])
{
    unsigned char bytes[9 + DIGEST_BYTES] = {(unsigned char)kind};
    for (int i = 0; i < 8; i++)
        bytes[1 + i] = (unsigned char)(version >> (8 * i));
    memcpy(bytes + 9, digest, DIGEST_BYTES);
    XXH128_hash_t of_id = XXH3_128bits(id.at, id.size);
    key_take(XXH3_128bits_withSeed(bytes, sizeof bytes, of_id.low64 ^ of_id.high64), key);
}

void payload_key(struct span payload, unsigned char key[static DIGEST_BYTES])
{
    key_take(XXH3_128bits_withSeed(payload.at, payload.size, payload.size), key);
}
