/* get: the document as it was fed (CPR masked, closed items blank) and what is found in it now. On a search thread. */
#include "get.h"

#include "frame.h"
#include "media.h"
#include "record.h"
#include "shard_map.h"
#include "term.h"

#include <inttypes.h>
#include <stdlib.h>

static enum fault string_set(struct arena *arena, struct span value, char **out, struct error *err)
{
    struct text copy = arena_copy(arena, value);
    *out = (char *)copy.at;
    return copy.at ? FAULT_NONE : arena_full(err);
}

static enum fault names_set(struct arena *arena, struct name_list names, size_t *count, char ***out, struct error *err)
{
    *out = arena_zero(arena, names.count + 1, sizeof **out);
    if (*out == NULL)
        return arena_full(err);
    for (size_t i = 0; i < names.count; i++)
        TRY(string_set(arena, names.names[i], &(*out)[i], err));
    *count = names.count;
    return FAULT_NONE;
}

static enum fault document_fill(struct arena *arena, const struct source *source, struct text body,
                                Referent__V1__Document *document, struct error *err)
{
    size_t count = source->metadata_count;
    Referent__V1__Document__MetadataEntry *entries = arena_zero(arena, count + 1, sizeof *entries);
    document->metadata = arena_zero(arena, count + 1, sizeof *document->metadata);
    if (entries == NULL || document->metadata == NULL)
        return arena_full(err);
    for (size_t i = 0; i < count; i++) {
        referent__v1__document__metadata_entry__init(&entries[i]);
        TRY(string_set(arena, source->metadata[i].key, &entries[i].key, err));
        TRY(string_set(arena, source->metadata[i].value, &entries[i].value, err));
        document->metadata[i] = &entries[i];
    }
    document->n_metadata = count;
    document->version = source->version;
    TRY(string_set(arena, source->id, &document->id, err));
    TRY(string_set(arena, source->source, &document->source, err));
    TRY(string_set(arena, source->media_type, &document->media_type, err));
    TRY(string_set(arena, source->url, &document->url, err));
    document->content_case = REFERENT__V1__DOCUMENT__CONTENT_BODY;
    document->body = (ProtobufCBinaryData){body.size, (uint8_t *)body.at};
    return FAULT_NONE;
}

static Referent__V1__Outcome outcome_of(enum outcome outcome)
{
    static const Referent__V1__Outcome outcomes[] = {
        [OUTCOME_NONE] = REFERENT__V1__OUTCOME__OUTCOME_NONE,
        [OUTCOME_APPROVED] = REFERENT__V1__OUTCOME__OUTCOME_APPROVED,
        [OUTCOME_RECOMMENDED] = REFERENT__V1__OUTCOME__OUTCOME_RECOMMENDED,
        [OUTCOME_NOTED] = REFERENT__V1__OUTCOME__OUTCOME_NOTED,
        [OUTCOME_DISCUSSED] = REFERENT__V1__OUTCOME__OUTCOME_DISCUSSED,
        [OUTCOME_POSTPONED] = REFERENT__V1__OUTCOME__OUTCOME_POSTPONED,
        [OUTCOME_REJECTED] = REFERENT__V1__OUTCOME__OUTCOME_REJECTED,
        [OUTCOME_REFERRED] = REFERENT__V1__OUTCOME__OUTCOME_REFERRED,
        [OUTCOME_OTHER] = REFERENT__V1__OUTCOME__OUTCOME_OTHER,
    };
    return outcomes[outcome];
}

static enum fault attachments_fill(struct arena *arena, const struct item *from, Referent__V1__Item *item,
                                   struct error *err)
{
    Referent__V1__Attachment *list = arena_zero(arena, from->attachment_count + 1, sizeof *list);
    item->attachments = arena_zero(arena, from->attachment_count + 1, sizeof *item->attachments);
    if (list == NULL || item->attachments == NULL)
        return arena_full(err);
    for (size_t i = 0; i < from->attachment_count; i++) {
        referent__v1__attachment__init(&list[i]);
        TRY(string_set(arena, from->attachments[i].title, &list[i].title, err));
        TRY(string_set(arena, from->attachments[i].document, &list[i].document, err));
        item->attachments[i] = &list[i];
    }
    item->n_attachments = from->attachment_count;
    return FAULT_NONE;
}

static enum fault item_fill(struct arena *arena, const struct item *from, Referent__V1__Item *item, struct error *err)
{
    referent__v1__item__init(item);
    TRY(string_set(arena, from->number, &item->number, err));
    TRY(string_set(arena, from->title, &item->title, err));
    TRY(string_set(arena, from->case_number, &item->case_number, err));
    TRY(string_set(arena, from->kle, &item->kle, err));
    TRY(names_set(arena, from->votes_for, &item->n_votes_for, &item->votes_for, err));
    TRY(names_set(arena, from->votes_against, &item->n_votes_against, &item->votes_against, err));
    TRY(names_set(arena, from->votes_abstain, &item->n_votes_abstain, &item->votes_abstain, err));
    item->access = from->open ? REFERENT__V1__ACCESS__ACCESS_OPEN : REFERENT__V1__ACCESS__ACCESS_CLOSED;
    item->outcome = outcome_of(from->outcome);
    item->start = from->start;
    item->end = from->end;
    return attachments_fill(arena, from, item, err);
}

static enum fault meeting_fill(struct arena *arena, const struct meeting *from, Referent__V1__Meeting *meeting,
                               struct error *err)
{
    Referent__V1__Item *items = arena_zero(arena, from->item_count + 1, sizeof *items);
    referent__v1__meeting__init(meeting);
    meeting->items = arena_zero(arena, from->item_count + 1, sizeof *meeting->items);
    if (items == NULL || meeting->items == NULL)
        return arena_full(err);
    TRY(string_set(arena, from->municipality, &meeting->municipality, err));
    TRY(string_set(arena, from->committee, &meeting->committee, err));
    TRY(string_set(arena, from->date, &meeting->date, err));
    TRY(string_set(arena, from->start, &meeting->start, err));
    TRY(string_set(arena, from->end, &meeting->end, err));
    TRY(string_set(arena, from->place, &meeting->place, err));
    TRY(names_set(arena, from->present, &meeting->n_present, &meeting->present, err));
    TRY(names_set(arena, from->absent, &meeting->n_absent, &meeting->absent, err));
    TRY(names_set(arena, from->substitutes, &meeting->n_substitutes, &meeting->substitutes, err));
    for (size_t i = 0; i < from->item_count; i++) {
        TRY(item_fill(arena, &from->items[i], &items[i], err));
        meeting->items[i] = &items[i];
    }
    meeting->n_items = from->item_count;
    return FAULT_NONE;
}

/* A member's value carries the party, an amount cell of a table says so: as `referent extract` prints them. */
static enum fault value_set(struct arena *arena, const struct entity *from, char **out, struct error *err)
{
    struct span party = from->type == ENTITY_MEMBER ? from->party : (struct span){0};
    bool cell = from->type == ENTITY_AMOUNT && from->table;
    struct text value = arena_format(arena, "%.*s%s%.*s", (int)from->value.size, from->value.at,
                                     party.size > 0 ? ";"
                                     : cell         ? ";table"
                                                    : "",
                                     (int)party.size, party.size > 0 ? party.at : "");
    *out = (char *)value.at;
    return value.at ? FAULT_NONE : arena_full(err);
}

static enum fault entities_fill(struct arena *arena, const struct minutes *minutes, Referent__V1__GetReply *reply,
                                struct error *err)
{
    Referent__V1__Entity *entities = arena_zero(arena, minutes->entity_count + 1, sizeof *entities);
    reply->entities = arena_zero(arena, minutes->entity_count + 1, sizeof *reply->entities);
    if (entities == NULL || reply->entities == NULL)
        return arena_full(err);
    for (size_t i = 0; i < minutes->entity_count; i++) {
        const struct entity *from = &minutes->entities[i];
        referent__v1__entity__init(&entities[i]);
        entities[i].type = (char *)entity_type_name(from->type);
        entities[i].rule = (char *)from->rule;
        entities[i].start = from->start;
        entities[i].end = from->end;
        TRY(value_set(arena, from, &entities[i].value, err));
        reply->entities[i] = &entities[i];
    }
    reply->n_entities = minutes->entity_count;
    return FAULT_NONE;
}

static enum fault reply_fill(struct arena *arena, struct span data, Referent__V1__GetReply *reply, struct error *err)
{
    struct source source;
    struct text body;
    struct minutes minutes;
    TRY(record_source(arena, data, &source, err));
    TRY(body_unpack(arena, data_field(data, FIELD_BODY), DOCUMENT_MAX_BYTES, &body, err));
    TRY(minutes_read(arena, (struct span){body.at, body.size}, media_type_of(source.media_type), &minutes, err));
    reply->document = arena_zero(arena, 1, sizeof *reply->document);
    reply->meeting = arena_zero(arena, 1, sizeof *reply->meeting);
    if (reply->document == NULL || reply->meeting == NULL)
        return arena_full(err);
    referent__v1__document__init(reply->document);
    TRY(document_fill(arena, &source, body, reply->document, err));
    TRY(meeting_fill(arena, &minutes.meeting, reply->meeting, err));
    return entities_fill(arena, &minutes, reply, err);
}

enum fault get_answer(struct arena *arena, struct view *view, const Referent__V1__GetRequest *request,
                      Referent__V1__GetReply *reply, struct error *err)
{
    struct span id = span_of(request->id), data, sequence;
    size_t part;
    bool found;
    if (id.size == 0 || id.size > ID_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "id.length", "an id has 1 to %d bytes", ID_MAX_BYTES);
    reply->shard = shard_of(id, view_shards(view));
    if (!view_part(view, reply->shard, &part))
        return error_set(err, FAULT_RETRY, "shard.missing", "shard %" PRIu32 " does not answer", reply->shard);
    struct span unique = term_unique(arena, id, 0);
    if (unique.at == NULL)
        return arena_full(err);
    TRY(database_find(view_database(view), part, arena, unique, NULL, 0, NULL, &data, &found, err));
    TRY(database_meta(view_database(view), part, arena, schema_key(KEY_SEQUENCE), &sequence, err));
    reply->sequence = sequence.size > 0 ? strtoull(sequence.at, NULL, 10) : 0;
    reply->found = found;
    return found ? reply_fill(arena, data, reply, err) : FAULT_NONE;
}
