/* stored: values and data of a document. On the text thread, in the record's arena. */
#include "stored.h"

#include "bytes.h"
#include "digits.h"
#include "filler.h"
#include "given.h"
#include "sortable.h"

#include <stdio.h>

/* ---- values */

struct value_list {
    struct slot_value items[SLOT_DIGEST + 1];
    size_t count;
    bool full;
};

/* Slots must come in ascending order. */
static void add_value(const struct stored *stored, struct value_list *values, enum schema_slot slot, struct span bytes)
{
    if (bytes.size == 0)
        return;
    struct text copy = arena_copy(stored->kept, bytes);
    values->full = values->full || copy.at == NULL;
    values->items[values->count++] = (struct slot_value){slot, {copy.at, copy.size}};
}

static void add_facet(const struct stored *stored, struct value_list *values, enum schema_slot slot, struct span value)
{
    struct facet facet;
    facet.size = value.size < FACET_MAX_BYTES ? value.size : FACET_MAX_BYTES;
    while (facet.size < value.size && facet.size > 0 && ((unsigned char)value.at[facet.size] & 0xC0) == 0x80)
        facet.size--;
    for (size_t i = 0; i < facet.size; i++)
        facet.at[i] = (unsigned char)value.at[i] < 0x20 ? ' ' : value.at[i];
    add_value(stored, values, slot, (struct span){facet.at, facet.size});
}

static enum fault add_values(const struct stored *stored, struct span outcome, struct index_document *out)
{
    struct value_list values = {.count = 0};
    const struct mention *mention = stored->mention;
    const struct meeting *meeting = stored->meeting;
    char date[8], version[8], amount[SORTABLE_MAX_BYTES];
    bool dated = stored->day.year > 0;
    char *month = digits_fixed(date, (unsigned)stored->day.year, 4);
    digits_fixed(digits_fixed(month, (unsigned)stored->day.month, 2), (unsigned)stored->day.day, 2);
    sortable_version(stored->source->version, version);
    add_value(stored, &values, SLOT_DATE, (struct span){date, dated ? 8 : 0});
    add_value(stored, &values, SLOT_VERSION, (struct span){version, sizeof version});
    add_value(stored, &values, SLOT_ID, stored->source->id);
    add_value(stored, &values, SLOT_CASE, stored->case_form);
    size_t amount_size = mention->has_amount ? sortable_number((double)mention->largest_ore / 100.0, amount) : 0;
    add_value(stored, &values, SLOT_AMOUNT, (struct span){amount, amount_size});
    add_facet(stored, &values, SLOT_COMMITTEE, meeting->committee);
    add_facet(stored, &values, SLOT_MUNICIPALITY, meeting->municipality);
    add_value(stored, &values, SLOT_YEAR, (struct span){date, dated ? 4 : 0});
    add_value(stored, &values, SLOT_MEMBER, (struct span){mention->member.at, mention->member.size});
    add_value(stored, &values, SLOT_PARTY, (struct span){mention->party.at, mention->party.size});
    add_value(stored, &values, SLOT_OUTCOME, outcome);
    add_value(stored, &values, SLOT_KLE, (struct span){mention->kle.at, mention->kle.size});
    if (stored->n == 0)
        add_value(stored, &values, SLOT_DIGEST, (struct span){(const char *)stored->source->digest, 16});
    struct slot_value *kept = arena_zero(stored->kept, values.count, sizeof *kept);
    if (values.full || kept == NULL)
        return arena_full(stored->err);
    memcpy(kept, values.items, values.count * sizeof *kept);
    out->values = kept;
    out->value_count = values.count;
    return FAULT_NONE;
}

/* ---- data */

static void line(struct data_writer *writer, enum schema_field field, struct span value)
{
    if (value.size > 0)
        data_line(writer, field, value);
}

static void line_number(struct data_writer *writer, enum schema_field field, uint64_t number)
{
    char digits[DIGITS_MAX];
    data_line(writer, field, (struct span){digits, digits_put(digits, number)});
}

static bool is_space(char byte)
{
    return (unsigned char)byte <= ' ';
}

static size_t text_skip(struct span text, size_t at)
{
    while (at < text.size && is_space(text.at[at]))
        at++;
    return at;
}

/* A sample that grows, and the byte of the text that goes on with it: never white space behind a space. */
struct sample {
    char at[SAMPLE_MAX_BYTES];
    size_t size, next;
};

#ifdef __SSE2__
/* Sixteen bytes at a look, as long as there is room: up to the second space of a run. */
static void sample_looks(struct sample *sample, struct span text)
{
    enum { LOOK = 16 };
    while (sample->size + LOOK <= SAMPLE_MAX_BYTES && sample->next + LOOK <= text.size) {
        const __m128i bytes = bytes_load(text.at + sample->next), space = _mm_set1_epi8(' ');
        const __m128i folded = _mm_max_epu8(bytes, space);
        unsigned spaces = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(folded, space));
        unsigned again = spaces & spaces << 1, taken = again != 0 ? (unsigned)__builtin_ctz(again) : LOOK;
        _mm_storeu_si128((__m128i *)(sample->at + sample->size), folded);
        sample->size += taken;
        sample->next += taken;
        if (spaces >> (taken - 1) & 1)
            sample->next = text_skip(text, sample->next);
    }
}
#endif

/* How the text begins: white space folded, cut at a character. */
static void line_sample(struct data_writer *writer, struct span text)
{
    struct sample begun;
    begun.size = 0;
    begun.next = text_skip(text, 0);
#ifdef __SSE2__
    sample_looks(&begun, text);
#endif
    char *sample = begun.at;
    size_t size = begun.size, at = begun.next;
    while (at < text.size && size < SAMPLE_MAX_BYTES) {
        bool space = is_space(text.at[at]);
        sample[size++] = space ? ' ' : text.at[at];
        at = space ? text_skip(text, at) : at + 1;
    }
    if (at < text.size)
        while (size > 0 && ((unsigned char)text.at[at] & 0xC0) == 0x80) {
            at--;
            size--;
        }
    while (size > 0 && sample[size - 1] == ' ')
        size--;
    line(writer, FIELD_SAMPLE, (struct span){sample, size});
}

/* What the data of a meeting and an item have in common. */
static void lines_shared(const struct stored *stored, struct data_writer *writer)
{
    const struct meeting *meeting = stored->meeting;
    line(writer, FIELD_URL, stored->source->url);
    line(writer, FIELD_TITLE, stored->title);
    line(writer, FIELD_ID, stored->source->id);
    line_number(writer, FIELD_POSITION, stored->n);
    line(writer, FIELD_COMMITTEE, meeting->committee);
    line(writer, FIELD_MUNICIPALITY, meeting->municipality);
    line(writer, FIELD_DATE, meeting->date);
}

static void lines_names(struct data_writer *writer, enum schema_field field, struct name_list names)
{
    for (size_t i = 0; i < names.count; i++)
        line(writer, field, names.names[i]);
}

/* "Ane Holm (A)", or the name alone. */
static void line_member(const struct stored *stored, struct data_writer *writer, struct span name, struct span party)
{
    char *member = arena_alloc(stored->arena, name.size + party.size + 3), *to = member;
    writer->full = writer->full || member == NULL;
    if (member == NULL)
        return;
    to = bytes_copy(to, name);
    if (party.size > 0) {
        to = bytes_copy(to, SPAN(" ("));
        to = bytes_copy(to, party);
        *to++ = ')';
    }
    line(writer, FIELD_MEMBER, (struct span){member, (size_t)(to - member)});
}

/* Who sits there, and who came: what a history of attendance is made of. */
static void lines_roster(const struct stored *stored, struct data_writer *writer)
{
    const struct meeting *meeting = stored->meeting;
    for (size_t i = 0; i < meeting->person_count; i++) {
        const struct person *person = &meeting->people[i];
        if (!person->official)
            line_member(stored, writer, person->name, person->party);
    }
    lines_names(writer, FIELD_PRESENT, meeting->present);
    lines_names(writer, FIELD_ABSENT, meeting->absent);
    lines_names(writer, FIELD_SUBSTITUTE, meeting->substitutes);
}

/* Names of the facts that were given, as record.h reads them. */
static void line_given(struct data_writer *writer, unsigned given)
{
    char words[128];
    size_t size = 0;
    for (unsigned bit = 1; bit <= GIVEN_LAST; bit *= 2) {
        struct span word = (given & bit) != 0 ? given_name(bit) : (struct span){"", 0};
        if (word.size > 0)
            size += (size_t)snprintf(words + size, sizeof words - size, "%s%.*s", size > 0 ? " " : "", (int)word.size,
                                     word.at);
    }
    line(writer, FIELD_GIVEN, (struct span){words, size});
}

static void lines_veils(const struct stored *stored, struct data_writer *writer)
{
    for (size_t i = 0; i < stored->veil_count; i++) {
        struct span bytes = span_cut(stored->body, stored->veils[i].start, stored->veils[i].end);
        char *veil = arena_alloc(stored->arena, bytes.size + DIGITS_MAX + 1);
        writer->full = writer->full || veil == NULL;
        if (veil == NULL)
            return;
        size_t size = digits_put(veil, stored->veils[i].start);
        veil[size++] = ' ';
        memcpy(veil + size, bytes.at, bytes.size); /* not as a string: it may hold a NUL */
        line(writer, FIELD_VEIL, (struct span){veil, size + bytes.size});
    }
}

static enum fault data_end(const struct stored *stored, const struct data_writer *writer, struct index_document *out)
{
    struct text data = {NULL, 0};
    if (!writer->full)
        data = arena_copy(stored->kept, (struct span){writer->at, writer->size});
    out->data = (struct span){data.at, data.size};
    return data.at != NULL ? FAULT_NONE : arena_full(stored->err);
}

enum fault stored_meeting(const struct stored *stored, struct body_packer *packer, struct span body,
                          struct index_document *out)
{
    struct data_writer writer = {.arena = stored->arena};
    struct span packed;
    TRY(add_values(stored, (struct span){"", 0}, out));
    lines_shared(stored, &writer);
    line_sample(&writer, stored->sample);
    lines_roster(stored, &writer);
    line(&writer, FIELD_TYPE, stored->source->media_type);
    line_number(&writer, FIELD_VERSION, stored->source->version);
    line(&writer, FIELD_SOURCE, stored->source->source);
    line_given(&writer, stored->meeting->given);
    for (size_t i = 0; i < stored->source->metadata_count; i++)
        data_meta(&writer, stored->source->metadata[i]);
    TRY(body_pack(stored->arena, packer, body, &packed, stored->err));
    data_body(&writer, packed);
    filler_line(&writer, packed.size, body.size);
    return data_end(stored, &writer, out);
}

enum fault stored_item(const struct stored *stored, struct body_packer *packer, const struct item *item,
                       struct span text, struct index_document *out)
{
    struct data_writer writer = {.arena = stored->arena};
    struct span outcome = span_of(outcome_name(item->outcome));
    TRY(add_values(stored, outcome, out));
    lines_shared(stored, &writer);
    line(&writer, FIELD_ITEM, item->number);
    line(&writer, FIELD_CASE, item->case_number);
    line(&writer, FIELD_KLE, item->kle);
    line(&writer, FIELD_OUTCOME, outcome);
    lines_names(&writer, FIELD_FOR, item->votes_for);
    lines_names(&writer, FIELD_AGAINST, item->votes_against);
    lines_names(&writer, FIELD_ABSTAIN, item->votes_abstain);
    line_number(&writer, FIELD_START, item->start);
    line_number(&writer, FIELD_END, item->end);
    lines_veils(stored, &writer);
    line_sample(&writer, stored->sample);
    line_given(&writer, item->given);
    struct span packed = {NULL, 0};
    if (!item->open) {
        TRY(body_pack(stored->arena, packer, text, &packed, stored->err));
        data_body(&writer, packed);
    }
    filler_line(&writer, packed.size, text.size);
    return data_end(stored, &writer, out);
}
