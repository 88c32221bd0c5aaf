/* posting: copying a record out of the memory it was made in. Pure. */
#include "posting.h"

/* What a record needs, counted first so that it is taken at once. */
struct measure {
    size_t bytes;
    size_t documents, postings, values, positions;
};

/* Where the copy goes; the counts of struct measure are its bounds. */
struct room {
    char *bytes;
    struct index_document *documents;
    struct posting *postings;
    struct slot_value *values;
    uint32_t *positions;
};

static void measure_document(struct measure *measure, const struct index_document *document)
{
    measure->documents++;
    measure->bytes += document->unique.size + document->data.size;
    measure->postings += document->posting_count;
    measure->values += document->value_count;
    for (size_t i = 0; i < document->posting_count; i++) {
        measure->bytes += document->postings[i].term.size;
        measure->positions += document->postings[i].position_count;
    }
    for (size_t i = 0; i < document->value_count; i++)
        measure->bytes += document->values[i].bytes.size;
}

static struct measure measure_record(const struct index_record *record)
{
    struct measure measure = {.bytes = record->id.size + record->group.size};
    for (size_t i = 0; i < record->document_count; i++)
        measure_document(&measure, &record->documents[i]);
    return measure;
}

static struct span copy_bytes(struct room *room, struct span from)
{
    struct span copy = {room->bytes, from.size};
    if (from.size > 0)
        memcpy(room->bytes, from.at, from.size);
    room->bytes += from.size;
    return copy;
}

static void copy_posting(struct room *room, const struct posting *from, struct posting *to)
{
    *to = *from;
    to->term = copy_bytes(room, from->term);
    to->positions = room->positions;
    if (from->position_count > 0)
        memcpy(room->positions, from->positions, from->position_count * sizeof *from->positions);
    room->positions += from->position_count;
}

static void copy_document(struct room *room, const struct index_document *from, struct index_document *to)
{
    *to = *from;
    to->unique = copy_bytes(room, from->unique);
    to->data = copy_bytes(room, from->data);
    to->postings = room->postings;
    to->values = room->values;
    for (size_t i = 0; i < from->posting_count; i++)
        copy_posting(room, &from->postings[i], room->postings++);
    for (size_t i = 0; i < from->value_count; i++)
        *room->values++ = (struct slot_value){from->values[i].slot, copy_bytes(room, from->values[i].bytes)};
}

enum fault record_copy(struct arena *arena, const struct index_record *record, struct index_record *out,
                       struct error *err)
{
    struct measure need = measure_record(record);
    struct room room = {
        .bytes = arena_alloc(arena, need.bytes),
        .documents = arena_zero(arena, need.documents, sizeof *room.documents),
        .postings = arena_zero(arena, need.postings, sizeof *room.postings),
        .values = arena_zero(arena, need.values, sizeof *room.values),
        .positions = arena_zero(arena, need.positions, sizeof *room.positions),
    };
    if (!room.bytes || !room.documents || !room.postings || !room.values || !room.positions)
        return arena_full(err);
    *out = *record;
    out->id = copy_bytes(&room, record->id);
    out->group = copy_bytes(&room, record->group);
    out->documents = room.documents;
    for (size_t i = 0; i < record->document_count; i++)
        copy_document(&room, &record->documents[i], &room.documents[i]);
    return FAULT_NONE;
}
