/* answer_stored: GetReply as plain structs. */
#include "answer.h"

/* In the order of the enumeration Outcome; the words are those that a query takes. */
static const char *outcome_word(Referent__V1__Outcome outcome)
{
    static const char *const words[] = {"",          "none",      "approved", "recommended", "noted",
                                        "discussed", "postponed", "rejected", "referred",    "other"};
    size_t count = sizeof words / sizeof *words;
    return (size_t)outcome < count ? words[outcome] : "other";
}

static struct referent_strings strings(char **items, size_t count)
{
    return (struct referent_strings){(const char *const *)items, count};
}

static bool attachments(struct arena *arena, const Referent__V1__Item *from, struct referent_item *item)
{
    struct referent_attachment *all = arena_zero(arena, from->n_attachments, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < from->n_attachments; i++)
        all[i] = (struct referent_attachment){from->attachments[i]->title, from->attachments[i]->document,
                                              from->attachments[i]->url};
    item->attachments = all;
    item->attachment_count = from->n_attachments;
    return true;
}

static bool item(struct arena *arena, const Referent__V1__Item *from, struct referent_item *item)
{
    *item = (struct referent_item){.id = from->id,
                                   .number = from->number,
                                   .title = from->title,
                                   .access = (enum referent_access)from->access,
                                   .case_number = from->case_number,
                                   .kle = from->kle,
                                   .text = from->text,
                                   .outcome = outcome_word(from->outcome),
                                   .votes_for = strings(from->votes_for, from->n_votes_for),
                                   .votes_against = strings(from->votes_against, from->n_votes_against),
                                   .votes_abstain = strings(from->votes_abstain, from->n_votes_abstain),
                                   .start = from->start,
                                   .end = from->end};
    return attachments(arena, from, item);
}

static bool meeting(struct arena *arena, const Referent__V1__Meeting *from, struct referent_meeting *out)
{
    struct referent_item *items = arena_zero(arena, from->n_items, sizeof *items);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < from->n_items; i++)
        if (!item(arena, from->items[i], &items[i]))
            return false;
    *out = (struct referent_meeting){.agenda_id = from->agenda_id,
                                     .type = (enum referent_meeting_type)from->type,
                                     .access = (enum referent_access)from->access,
                                     .municipality = from->municipality,
                                     .committee = from->committee,
                                     .date = from->date,
                                     .start = from->start,
                                     .end = from->end,
                                     .place = from->place,
                                     .present = strings(from->present, from->n_present),
                                     .absent = strings(from->absent, from->n_absent),
                                     .substitutes = strings(from->substitutes, from->n_substitutes),
                                     .items = items,
                                     .item_count = from->n_items};
    return true;
}

/* The content: a body with a NUL behind it, so that it can be used as a string, or a meeting. */
static bool content(struct arena *arena, const Referent__V1__Document *from, struct referent_document *document)
{
    if (from->content_case == REFERENT__V1__DOCUMENT__CONTENT_MEETING) {
        struct referent_meeting *fed = arena_zero(arena, 1, sizeof *fed);
        document->meeting = fed;
        document->body = "";
        return fed != NULL && meeting(arena, from->meeting, fed);
    }
    struct span body = {0};
    if (from->content_case == REFERENT__V1__DOCUMENT__CONTENT_BODY)
        body = (struct span){(const char *)from->body.data, from->body.len};
    document->body = arena_copy(arena, body).at;
    document->body_bytes = body.size;
    return document->body != NULL;
}

bool answer_document(struct arena *arena, const Referent__V1__Document *from, struct referent_document *document)
{
    struct referent_pair *pairs = arena_zero(arena, from->n_metadata, sizeof *pairs);
    if (pairs == NULL)
        return false;
    for (size_t i = 0; i < from->n_metadata; i++)
        pairs[i] = (struct referent_pair){from->metadata[i]->key, from->metadata[i]->value};
    *document = (struct referent_document){.id = from->id,
                                           .version = from->version,
                                           .source = from->source,
                                           .media_type = from->media_type,
                                           .url = from->url,
                                           .metadata = pairs,
                                           .metadata_count = from->n_metadata};
    return content(arena, from, document);
}

static bool entities(struct arena *arena, const Referent__V1__GetReply *reply, struct referent_stored *stored)
{
    struct referent_entity *all = arena_zero(arena, reply->n_entities, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < reply->n_entities; i++) {
        const Referent__V1__Entity *from = reply->entities[i];
        all[i] = (struct referent_entity){from->type, from->start, from->end, from->value, from->rule};
    }
    stored->entities = all;
    stored->entity_count = reply->n_entities;
    return true;
}

struct answer_box *answer_get(struct arena *arena, const Referent__V1__GetReply *reply)
{
    static const Referent__V1__Document nothing = REFERENT__V1__DOCUMENT__INIT;
    struct answer_box *box = arena_zero(arena, 1, sizeof *box);
    if (box == NULL || !answer_document(arena, reply->document ? reply->document : &nothing, &box->stored.document) ||
        !entities(arena, reply, &box->stored))
        return NULL;
    box->stored.has_meeting = reply->meeting != NULL;
    if (reply->meeting != NULL && !meeting(arena, reply->meeting, &box->stored.meeting))
        return NULL;
    box->stored.shard = reply->shard;
    box->stored.sequence = reply->sequence;
    box->arena = arena;
    return box;
}
