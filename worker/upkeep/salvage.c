/* salvage: pieces -> stored data -> the meeting, with every sign that something of it is missing. */
#include "salvage.h"

#include "recall.h"
#include "schema.h"
#include "version.h"

#include <string.h>

enum { BODY_BYTES = 64 << 20 };

static enum fault piece_data(const struct salvage *salvage, struct arena *arena, const struct piece *piece,
                             struct span *data, struct error *err)
{
    bool found = false;
    *data = (struct span){"", 0};
    TRY(database_data(salvage->parts[piece->closed], 0, piece->docid, arena, data, &found, err));
    return found ? FAULT_NONE : error_set(err, FAULT_REJECT, "record.damaged", "a document is not there any more");
}

/* All documents of a meeting name one version, where that can still be read. */
static bool versions_agree(const struct salvage *salvage, struct arena *arena, const struct piece *pieces, size_t count,
                           uint64_t version)
{
    for (size_t i = 0; i < count; i++) {
        struct error why;
        struct span slot = {"", 0};
        enum fault fault =
            database_value(salvage->parts[pieces[i].closed], 0, arena, pieces[i].docid, SLOT_VERSION, &slot, &why);
        if (fault == FAULT_NONE && slot.size == 8 && version_read(slot) != version)
            return false;
    }
    return true;
}

/* Unknown is all 0: the feeder's own will be taken for another one. */
static void digest_read(const struct salvage *salvage, struct arena *arena, const struct piece *meeting,
                        unsigned char digest[static 16])
{
    struct error why;
    struct span slot = {"", 0};
    memset(digest, 0, 16);
    if (database_value(salvage->parts[0], 0, arena, meeting->docid, SLOT_DIGEST, &slot, &why) == FAULT_NONE &&
        slot.size == 16)
        memcpy(digest, slot.at, 16);
}

/* A line of nothing but spaces: a closed item that is not put back leaves such lines. Few others do. */
static bool has_blank_line(struct span body)
{
    enum { LEAST = 4 };
    size_t spaces = 0;
    bool blank = true;
    for (size_t i = 0; i <= body.size; i++) {
        char byte = '\n';
        if (i < body.size)
            byte = body.at[i];
        if (byte == '\n' && blank && spaces >= LEAST)
            return true;
        spaces = byte == ' ' ? spaces + 1 : byte == '\n' ? 0 : spaces;
        blank = byte == '\n' || (blank && byte == ' ');
    }
    return false;
}

/* A reading of some of the pieces. */
struct reading_again {
    const struct piece *pieces; /* the first is the meeting's own */
    size_t count;
    bool without_closed;
    struct stored_data *documents;
    size_t document_count;
};

/* The body stands in the meeting's document and the closed ones; of a meeting that came in parts each item counts. */
static enum fault documents_read(const struct salvage *salvage, struct arena *arena, struct reading_again *again,
                                 bool *parts, struct error *err)
{
    again->documents = arena_zero(arena, again->count, sizeof *again->documents);
    if (again->documents == NULL)
        return arena_full(err);
    *parts = false;
    for (size_t i = 0; i < again->count; i++) {
        const struct piece *piece = &again->pieces[i];
        bool needed = i == 0 || *parts || (piece->closed && !again->without_closed);
        if (!needed)
            continue;
        struct stored_data *document = &again->documents[again->document_count++];
        document->closed = piece->closed;
        TRY(piece_data(salvage, arena, piece, &document->data, err));
        if (i == 0)
            *parts = data_field(document->data, FIELD_GIVEN).size > 0;
    }
    return FAULT_NONE;
}

static enum fault meeting_recall(const struct salvage *salvage, struct arena *arena, struct reading_again *again,
                                 struct index_record *record, struct error *err)
{
    unsigned char digest[16] = {0};
    bool parts = false;
    struct source source;
    struct minutes minutes;
    const char *doubt = pieces_doubt(again->pieces, again->count);
    TRY(documents_read(salvage, arena, again, &parts, err));
    if (parts && (doubt != NULL || again->without_closed))
        return error_set(err, FAULT_REJECT, "check.gap", "%s", doubt != NULL ? doubt : "it came in parts");
    if (!again->without_closed)
        digest_read(salvage, arena, &again->pieces[0], digest);
    TRY(recall_meeting(arena, again->documents, again->document_count, digest, BODY_BYTES, &source, &minutes, err));
    if (!again->without_closed && salvage->closed_holes &&
        has_blank_line((struct span){minutes.body.at, minutes.body.size}))
        return error_set(err, FAULT_REJECT, "check.gap", "it may have closed items, which cannot be read");
    if (!again->without_closed && !versions_agree(salvage, arena, again->pieces, again->count, source.version))
        return error_set(err, FAULT_REJECT, "check.version", "its documents are of different versions");
    return term_build(salvage->builder, arena, arena, &source, &minutes, record, err);
}

enum fault salvage_meeting(const struct salvage *salvage, struct arena *arena, const struct piece *pieces, size_t count,
                           struct index_record *record, struct error *why)
{
    struct reading_again whole = {.pieces = pieces, .count = count};
    struct reading_again rest = {.pieces = pieces, .count = count, .without_closed = true};
    struct error second;
    why->text[0] = '\0';
    if (pieces[0].n != 0 || pieces[0].closed)
        return error_set(why, FAULT_REJECT, "check.gap", "its own document cannot be read");
    enum fault fault = meeting_recall(salvage, arena, &whole, record, why);
    return fault == FAULT_REJECT ? meeting_recall(salvage, arena, &rest, record, &second) : fault;
}

struct span salvage_id(const struct salvage *salvage, struct arena *arena, const struct piece *piece)
{
    struct error why;
    struct span data = {"", 0};
    return piece_data(salvage, arena, piece, &data, &why) == FAULT_NONE ? data_field(data, FIELD_ID) : data;
}
