/* term: minutes -> the record an index takes. Last stage of text/, on a text thread; the record goes to write/. */
#include "term.h"

#include "dictionary.h"
#include "digits.h"
#include "filler.h"
#include "filter.h"
#include "hidden.h"
#include "mention.h"
#include "normal.h"
#include "stored.h"

#include <assert.h>
#include <stdlib.h>

struct term_builder {
    struct vocabulary *vocabulary;
    struct body_packer *packer;
};

/* One call of term_build. */
struct build {
    struct term_builder *builder;
    struct arena *arena, *kept; /* for working memory; of the record */
    const struct source *source;
    const struct minutes *minutes;
    struct hidden hidden;
    struct dictionary *dictionary;
    struct mention mention;
    struct span group;
    struct day day;         /* of the meeting; year 0 if unknown */
    const size_t *entities; /* numbers of the entities by document; those of document n stand from first[n] on */
    const size_t *first;
    size_t shared_from, shared_to; /* postings of the first document: terms that all have */
    size_t first_closed;           /* n of the first closed item; 0 if none is */
    struct index_document *documents;
    struct error *err;
};

struct term_builder *term_builder_new(struct stemmer stemmer, const struct wordbook *words, size_t max_words)
{
    enum { DEFAULT_WORDS = 65536 };
    size_t most = max_words ? max_words : DEFAULT_WORDS;
    struct term_builder *builder = calloc(1, sizeof *builder);
    if (builder == NULL)
        return NULL;
    builder->vocabulary = vocabulary_new(stemmer, words, most);
    builder->packer = body_packer_new();
    if (builder->vocabulary == NULL || builder->packer == NULL)
        term_builder_free(&builder);
    return builder;
}

void term_builder_free(struct term_builder **builder)
{
    if (builder == NULL || *builder == NULL)
        return;
    vocabulary_free(&(*builder)->vocabulary);
    body_packer_free(&(*builder)->packer);
    free(*builder);
    *builder = NULL;
}

struct span term_unique(struct arena *arena, struct span id, size_t n)
{
    struct span prefix = schema_prefix(PREFIX_UNIQUE);
    char *term = arena_alloc(arena, prefix.size + id.size + 1 + DIGITS_MAX);
    if (term == NULL)
        return (struct span){NULL, 0};
    char *to = bytes_copy(bytes_copy(term, prefix), id);
    *to++ = '#';
    return (struct span){term, (size_t)(to - term) + digits_put(to, n)};
}

struct span term_group(struct arena *arena, struct span id)
{
    return term_make(arena, PREFIX_GROUP, id);
}

/* ---- which entity belongs to which document */

/* The item that holds the byte, counted from 1; 0 if none does. */
static size_t document_at(const struct hidden *hidden, size_t at)
{
    size_t low = 0, high = hidden->place_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (hidden->places[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < hidden->place_count && hidden->places[low].start <= at ? hidden->places[low].n : 0;
}

static enum fault sort_entities(struct build *build)
{
    const struct minutes *minutes = build->minutes;
    size_t documents = minutes->meeting.item_count + 1;
    size_t *first = arena_zero(build->arena, documents + 1, sizeof *first);
    size_t *next = arena_zero(build->arena, documents + 1, sizeof *next);
    size_t *order = arena_alloc(build->arena, minutes->entity_count * sizeof *order);
    size_t *holders = arena_alloc(build->arena, minutes->entity_count * sizeof *holders);
    if (first == NULL || next == NULL || order == NULL || holders == NULL)
        return arena_full(build->err);
    for (size_t i = 0; i < minutes->entity_count; i++) {
        holders[i] = document_at(&build->hidden, minutes->entities[i].start);
        first[holders[i] + 1]++;
    }
    for (size_t i = 1; i <= documents; i++)
        first[i] += first[i - 1];
    memcpy(next, first, documents * sizeof *next);
    for (size_t i = 0; i < minutes->entity_count; i++)
        order[next[holders[i]]++] = i;
    build->entities = order;
    build->first = first;
    return FAULT_NONE;
}

/* ---- terms */

/* The digits of a number; -1 if something else stands among them. */
static int number_read(struct span digits)
{
    int number = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return -1;
        number = number * 10 + (digits.at[i] - '0');
    }
    return number;
}

/* YYYY-MM-DD; year 0 if it is none. */
static struct day day_read(struct span date)
{
    if (date.size != 10 || date.at[4] != '-' || date.at[7] != '-')
        return (struct day){0};
    int year = number_read(span_cut(date, 0, 4)), month = number_read(span_cut(date, 5, 7)),
        day = number_read(span_cut(date, 8, 10));
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
        return (struct day){0};
    return (struct day){(int16_t)year, (int8_t)month, (int8_t)day};
}

static enum fault add_term(struct build *build, struct span term)
{
    return term.at != NULL && dictionary_term(build->dictionary, term, NULL) ? FAULT_NONE : arena_full(build->err);
}

/* What every document of the meeting has. */
static enum fault add_shared(struct build *build)
{
    struct mention *mention = &build->mention;
    const struct meeting *meeting = &build->hidden.meeting;
    struct day day = build->day;
    TRY(add_term(build, build->group));
    TRY(mention_value(mention, PREFIX_SOURCE, build->source->source));
    TRY(mention_value(mention, PREFIX_COMMITTEE, meeting->committee));
    TRY(mention_value(mention, PREFIX_MUNICIPALITY, meeting->municipality));
    if (day.year == 0)
        return FAULT_NONE;
    struct span term;
    TRY(filter_date(build->arena, day, &term, build->err));
    TRY(add_term(build, term));
    TRY(filter_date(build->arena, (struct day){day.year, day.month, 0}, &term, build->err));
    TRY(add_term(build, term));
    TRY(filter_date(build->arena, (struct day){day.year, 0, 0}, &term, build->err));
    return add_term(build, term);
}

/* That, and what tells the documents apart. */
static enum fault add_place(struct build *build, size_t n)
{
    struct index_document *document = &build->documents[n];
    document->unique = term_unique(build->kept, build->source->id, n);
    TRY(add_term(build, document->unique));
    TRY(mention_value(&build->mention, PREFIX_TYPE, n == 0 ? SPAN("meeting") : SPAN("item")));
    if (n > 0)
        return dictionary_repeat(build->dictionary, build->shared_from, build->shared_to) ? FAULT_NONE
                                                                                          : arena_full(build->err);
    build->shared_from = dictionary_count(build->dictionary);
    TRY(add_shared(build));
    build->shared_to = dictionary_count(build->dictionary);
    return FAULT_NONE;
}

static enum fault add_text(struct build *build, enum schema_prefix prefix, struct span text)
{
    if (text.size == 0)
        return FAULT_NONE;
    if (!dictionary_text(build->dictionary, prefix, text))
        return arena_full(build->err);
    dictionary_gap(build->dictionary);
    return FAULT_NONE;
}

static enum fault add_entities(struct build *build, size_t n, bool closed)
{
    const struct minutes *minutes = build->minutes;
    struct span body = {minutes->body.at, minutes->body.size};
    for (size_t i = build->first[n]; i < build->first[n + 1]; i++) {
        const struct entity *entity = &minutes->entities[build->entities[i]];
        if (closed || hidden_shows(&build->hidden, minutes, entity))
            TRY(mention_entity(&build->mention, body, entity));
    }
    return FAULT_NONE;
}

/* Who voted how is not told by terms, but they are mentioned: party letters or names. */
static enum fault add_votes(struct build *build, struct name_list list)
{
    enum { PARTY_MAX_BYTES = 4 };
    for (size_t i = 0; i < list.count; i++) {
        struct span name = list.names[i];
        if (name.size <= PARTY_MAX_BYTES && memchr(name.at, ' ', name.size) == NULL)
            TRY(mention_party(&build->mention, name));
        else
            TRY(mention_roster(&build->mention, name, (struct span){"", 0}));
    }
    return FAULT_NONE;
}

/* ---- documents */

static struct stored stored_of(const struct build *build, size_t n)
{
    return (struct stored){.arena = build->arena,
                           .kept = build->kept,
                           .err = build->err,
                           .source = build->source,
                           .meeting = &build->hidden.meeting,
                           .day = build->day,
                           .mention = &build->mention,
                           .n = n};
}

static enum fault begin(struct build *build, size_t n)
{
    mention_begin(&build->mention);
    if (!dictionary_begin(build->dictionary))
        return arena_full(build->err);
    return add_place(build, n);
}

/* "Økonomiudvalget, 2020-02-05", as far as known; otherwise the id. */
static struct span meeting_title(struct build *build)
{
    const struct meeting *meeting = &build->hidden.meeting;
    struct span name = meeting->committee.size > 0 ? meeting->committee : meeting->municipality;
    if (name.size == 0 || meeting->date.size == 0)
        return name.size > 0 ? name : meeting->date.size > 0 ? meeting->date : build->source->id;
    struct text title =
        arena_format(build->arena, "%.*s, %.*s", (int)name.size, name.at, (int)meeting->date.size, meeting->date.at);
    return (struct span){title.at, title.size};
}

/* All stretches of the open body outside items. *sample is what stands before the first item. */
static enum fault add_outside(struct build *build, struct span *sample)
{
    const struct hidden *hidden = &build->hidden;
    struct span body = hidden->open_body;
    size_t at = 0;
    *sample = span_cut(body, 0, hidden->place_count > 0 ? hidden->places[0].start : body.size);
    for (size_t i = 0; i <= hidden->place_count; i++) {
        size_t end = i < hidden->place_count ? hidden->places[i].start : body.size;
        if (end > at)
            TRY(add_text(build, PREFIX_TEXT, span_cut(body, at, end)));
        if (i < hidden->place_count && hidden->places[i].end > at)
            at = hidden->places[i].end;
    }
    return FAULT_NONE;
}

static enum fault build_meeting(struct build *build)
{
    const struct meeting *meeting = &build->hidden.meeting;
    struct span sample;
    TRY(begin(build, 0));
    struct span title = meeting_title(build);
    if (title.at == NULL)
        return arena_full(build->err);
    TRY(add_text(build, PREFIX_TITLE, title));
    TRY(add_outside(build, &sample));
    TRY(add_entities(build, 0, false));
    for (size_t i = 0; i < meeting->person_count; i++)
        if (!meeting->people[i].official)
            TRY(mention_roster(&build->mention, meeting->people[i].name, meeting->people[i].party));
    if (!dictionary_end(build->dictionary))
        return arena_full(build->err);
    struct stored stored = stored_of(build, 0);
    stored.title = title;
    stored.sample = sample;
    return stored_meeting(&stored, build->builder->packer, build->hidden.open_body, &build->documents[0]);
}

/* The case number's form as the text has it: "306 2009 600" says more than its value, 3062009600. */
static enum fault add_case(struct build *build, size_t n, const struct item *item, struct span *form)
{
    const struct minutes *minutes = build->minutes;
    struct span surface = {"", 0};
    *form = surface;
    if (item->case_number.size == 0)
        return FAULT_NONE;
    for (size_t i = build->first[n]; i < build->first[n + 1] && surface.size == 0; i++) {
        const struct entity *entity = &minutes->entities[build->entities[i]];
        if (entity->type == ENTITY_CASE && span_equal(entity->value, item->case_number))
            surface = (struct span){minutes->body.at + entity->start, entity->end - entity->start};
    }
    return mention_case(&build->mention, surface, item->case_number, form);
}

static enum fault build_item(struct build *build, size_t n)
{
    const struct item *item = &build->minutes->meeting.items[n - 1];
    struct span whole = {build->minutes->body.at, build->minutes->body.size};
    struct span body = item->open ? build->hidden.open_body : whole;
    struct span text = span_cut(body, item->start, item->end);
    struct span case_form, outcome = span_of(outcome_name(item->outcome));
    assert(item->start <= item->end && item->end <= body.size);
    build->documents[n].closed = !item->open;
    TRY(begin(build, n));
    TRY(add_text(build, PREFIX_TITLE, item->title));
    TRY(add_text(build, PREFIX_TEXT, text));
    TRY(add_case(build, n, item, &case_form));
    TRY(mention_kle(&build->mention, item->kle));
    TRY(mention_value(&build->mention, PREFIX_OUTCOME, outcome));
    TRY(add_entities(build, n, !item->open));
    TRY(add_votes(build, item->votes_for));
    TRY(add_votes(build, item->votes_against));
    TRY(add_votes(build, item->votes_abstain));
    if (!dictionary_end(build->dictionary))
        return arena_full(build->err);
    size_t heading =
        item->heading_end >= item->start && item->heading_end <= item->end ? item->heading_end : item->start;
    struct stored stored = stored_of(build, n);
    stored.title = item->title;
    stored.sample = span_cut(body, heading, item->end);
    stored.case_form = case_form;
    if (n == build->first_closed) {
        stored.body = whole;
        stored.veils = build->hidden.veils.items;
        stored.veil_count = build->hidden.veils.count;
    }
    return stored_item(&stored, build->builder->packer, item, text, &build->documents[n]);
}

/* ---- the record */

static enum fault check_id(struct span id, struct error *err)
{
    if (id.size < 1 || id.size > DOCUMENT_ID_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "id.length", "the id has %zu bytes; 1 to %d are allowed", id.size,
                         DOCUMENT_ID_MAX_BYTES);
    for (size_t i = 0; i < id.size; i++)
        if ((unsigned char)id.at[i] < 0x20 || id.at[i] == 0x7F)
            return error_set(err, FAULT_REJECT, "id.character", "the id holds a control character");
    return FAULT_NONE;
}

static enum fault finish(struct build *build, struct index_record *out)
{
    enum { DOCUMENT_COST = 256, POSTING_COST = 32 };
    const struct posting_list *lists;
    size_t count = build->minutes->meeting.item_count + 1;
    if (!dictionary_finish(build->dictionary, &lists))
        return arena_full(build->err);
    struct text id = arena_copy(build->kept, build->source->id);
    if (id.at == NULL)
        return arena_full(build->err);
    *out = (struct index_record){.id = {id.at, id.size},
                                 .group = build->group,
                                 .version = build->source->version,
                                 .documents = build->documents,
                                 .document_count = count};
    memcpy(out->digest, build->source->digest, sizeof out->digest);
    for (size_t n = 0; n < count; n++) {
        struct index_document *document = &build->documents[n];
        document->postings = lists[n].postings;
        document->posting_count = lists[n].count;
        document->numbers = lists[n].numbers;
        document->numbering = vocabulary_numbering(build->builder->vocabulary);
        TRY(filler_terms(build->arena, build->kept, document, build->err));
        out->bytes += DOCUMENT_COST + lists[n].bytes + lists[n].count * POSTING_COST + document->data.size;
        for (size_t i = 0; i < document->value_count; i++)
            out->bytes += document->values[i].bytes.size;
    }
    return FAULT_NONE;
}

enum fault term_build(struct term_builder *builder, struct arena *arena, struct arena *kept,
                      const struct source *source, const struct minutes *minutes, struct index_record *out,
                      struct error *err)
{
    TRY(check_id(source->id, err));
    size_t count = minutes->meeting.item_count + 1;
    struct build *build = arena_zero(arena, 1, sizeof *build);
    if (build == NULL)
        return arena_full(err);
    build->builder = builder;
    build->arena = arena;
    build->kept = kept;
    build->source = source;
    build->minutes = minutes;
    build->err = err;
    TRY(hidden_read(arena, minutes, &build->hidden, err));
    for (size_t n = count - 1; n > 0; n--)
        if (!minutes->meeting.items[n - 1].open)
            build->first_closed = n;
    build->day = day_read(build->hidden.meeting.date);
    build->group = term_group(kept, source->id);
    build->dictionary = dictionary_new(arena, kept, builder->vocabulary);
    build->documents = arena_zero(kept, count, sizeof *build->documents);
    if (build->group.at == NULL || build->dictionary == NULL || build->documents == NULL)
        return arena_full(err);
    build->mention.arena = arena;
    build->mention.dictionary = build->dictionary;
    build->mention.err = err;
    TRY(sort_entities(build));
    TRY(build_meeting(build));
    for (size_t n = 1; n < count; n++)
        TRY(build_item(build, n));
    return finish(build, out);
}
