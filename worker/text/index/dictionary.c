/* dictionary: words and terms of a record -> postings, document after document. On the text thread, in the record's
 * arena. */
#include "dictionary_inside.h"

#include "term_order.h"
#include "token_stream.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_SLOTS = 512, FIRST_BRANCHES = 256 };
static const uint32_t NO_TERM = UINT32_MAX;

struct dictionary *dictionary_new(struct arena *arena, struct arena *kept, struct vocabulary *vocabulary)
{
    struct dictionary *dictionary = arena_zero(arena, 1, sizeof *dictionary);
    if (dictionary == NULL)
        return NULL;
    dictionary->arena = arena;
    dictionary->kept = kept;
    dictionary->vocabulary = vocabulary;
    if (vocabulary != NULL) {
        dictionary->first_known = vocabulary_record(vocabulary);
        dictionary->known = vocabulary_terms(vocabulary);
    }
    return dictionary;
}

/* ---- terms */

/* An array that grows often gets larger by far more than is asked for, not cleared. */
static bool room_make(struct arena *arena, void **items, size_t *room, size_t count, size_t size)
{
    enum { FIRST = 2048 };
    size_t larger = *room ? *room * 2 : FIRST;
    void *moved = larger < SIZE_MAX / size ? arena_alloc(arena, larger * size) : NULL;
    if (moved == NULL)
        return false;
    if (count > 0)
        memcpy(moved, *items, count * size);
    *items = moved;
    *room = larger;
    return true;
}
/* Room for some more elements, at most 2048. */
#define ROOM(arena, list, more)                                                                                        \
    ((list).count + (more) <= (list).capacity ||                                                                       \
     room_make((arena), (void **)&(list).items, &(list).capacity, (list).count, sizeof *(list).items))

static struct slot *slot_find(const struct dictionary *dictionary, struct span bytes, uint32_t tag)
{
    const struct table *table = &dictionary->table;
    for (size_t i = tag & table->mask;; i = (i + 1) & table->mask) {
        struct slot *slot = &table->slots[i];
        if (slot->next == 0 ||
            (slot->tag == tag && span_equal(bytes_of(&dictionary->terms.items[slot->next - 1]), bytes)))
            return slot;
    }
}

static bool table_grow(struct arena *arena, struct table *table)
{
    if (table->slots != NULL && table->count * 2 <= table->mask)
        return true;
    struct slot *old = table->slots;
    size_t old_count = old != NULL ? table->mask + 1 : 0;
    size_t count = old != NULL ? old_count * 2 : FIRST_SLOTS;
    struct slot *slots = arena_zero(arena, count, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < old_count; i++) {
        size_t at = old[i].tag & (count - 1);
        while (old[i].next != 0 && slots[at].next != 0)
            at = (at + 1) & (count - 1);
        if (old[i].next != 0)
            slots[at] = old[i];
    }
    table->slots = slots;
    table->mask = count - 1;
    return true;
}

static uint32_t tag_of(struct span bytes)
{
    return (uint32_t)XXH3_64bits(bytes.at, bytes.size);
}

/* Another term of the record, with the vocabulary's number of it; there is room. */
static inline uint32_t term_add(struct dictionary *dictionary, struct span bytes, uint64_t head, uint32_t known)
{
    uint32_t number = (uint32_t)dictionary->terms.count++;
    dictionary->terms.items[number] =
        (struct term){.head = head, .at = bytes.at, .size = (uint32_t)bytes.size, .number = known};
    return number;
}

/* The number of a term by its bytes, which are copied when it is new. NO_TERM when the arena is full. */
static uint32_t term_number(struct dictionary *dictionary, struct span bytes)
{
    struct table *table = &dictionary->table;
    if (!table_grow(dictionary->arena, table))
        return NO_TERM;
    uint32_t tag = tag_of(bytes);
    struct slot *slot = slot_find(dictionary, bytes, tag);
    if (slot->next == 0) {
        char *copy = arena_alloc(dictionary->arena, bytes.size);
        if (copy == NULL || !ROOM(dictionary->arena, dictionary->terms, 1))
            return NO_TERM;
        memcpy(copy, bytes.at, bytes.size);
        uint32_t number = term_add(dictionary, (struct span){copy, bytes.size}, term_head(bytes), 0);
        *slot = (struct slot){tag, number + 1};
        table->count++;
    }
    return slot->next - 1;
}

/* The vocabulary is full: take out of it what the record has, and empty it. False when the arena is full. */
static bool detach(struct dictionary *dictionary)
{
    for (size_t i = 0; i < dictionary->terms.count && !dictionary->detached; i++) {
        struct term *term = &dictionary->terms.items[i];
        if (!table_grow(dictionary->arena, &dictionary->table))
            return false;
        uint32_t tag = tag_of(bytes_of(term));
        struct slot *slot = slot_find(dictionary, bytes_of(term), tag);
        if (slot->next != 0)
            continue; /* it stands there already: it is no word's */
        char *copy = arena_alloc(dictionary->arena, term->size);
        if (copy == NULL)
            return false;
        memcpy(copy, term->at, term->size);
        term->at = copy;
        *slot = (struct slot){tag, (uint32_t)i + 1};
        dictionary->table.count++;
    }
    dictionary->detached = true;
    vocabulary_clear(dictionary->vocabulary);
    return true;
}

/* A posting of the document for a term that it has not yet; there is room. */
static uint32_t posting_add(struct dictionary *dictionary, uint32_t number)
{
    uint32_t posting = (uint32_t)dictionary->postings.count++;
    struct term *term = &dictionary->terms.items[number];
    dictionary->postings.items[posting] = (struct raw_posting){.term = number};
    term->document = dictionary->document;
    term->posting = posting;
    return posting;
}

/* The document's posting of a term, a new one if it has none. NULL when the arena is full. */
static struct raw_posting *posting_of(struct dictionary *dictionary, uint32_t number)
{
    const struct term *term = &dictionary->terms.items[number];
    if (term->document != dictionary->document && !ROOM(dictionary->arena, dictionary->postings, 1))
        return NULL;
    return &dictionary->postings
                .items[term->document == dictionary->document ? term->posting : posting_add(dictionary, number)];
}

/* ---- a document */

bool dictionary_begin(struct dictionary *dictionary)
{
    size_t *first = LIST_PUSH(dictionary->arena, &dictionary->firsts);
    if (first == NULL)
        return false;
    *first = dictionary->postings.count;
    dictionary->document++;
    if (dictionary->vocabulary != NULL)
        dictionary->document_known = vocabulary_document(dictionary->vocabulary);
    dictionary->occurrences.count = 0;
    dictionary->position = 0;
    return true;
}

void dictionary_gap(struct dictionary *dictionary)
{
    dictionary->position += FIELD_GAP;
}

uint32_t dictionary_number(struct dictionary *dictionary, struct span term)
{
    return term_number(dictionary, term) + 1; /* NO_TERM and one is 0 */
}

bool dictionary_again(struct dictionary *dictionary, uint32_t number, bool *fresh)
{
    size_t before = dictionary->postings.count;
    if (posting_of(dictionary, number - 1) == NULL)
        return false;
    *fresh = dictionary->postings.count > before;
    return true;
}

bool dictionary_term(struct dictionary *dictionary, struct span term, bool *fresh)
{
    bool any;
    uint32_t number = dictionary_number(dictionary, term);
    return number != 0 && dictionary_again(dictionary, number, fresh != NULL ? fresh : &any);
}

static struct branch *branch_find(const struct branches *branches, uint64_t from)
{
    size_t at = from * UINT64_C(0x9E3779B97F4A7C15) >> 32 & branches->mask;
    while (branches->places[at].from != 0 && branches->places[at].from != from)
        at = (at + 1) & branches->mask;
    return &branches->places[at];
}

static bool branches_grow(struct arena *arena, struct branches *branches)
{
    if (branches->places != NULL && branches->count * 2 <= branches->mask)
        return true;
    struct branches larger = {.mask = branches->places != NULL ? branches->mask * 2 + 1 : FIRST_BRANCHES - 1,
                              .count = branches->count};
    larger.places = arena_zero(arena, larger.mask + 1, sizeof *larger.places);
    if (larger.places == NULL)
        return false;
    for (size_t i = 0; branches->places != NULL && i <= branches->mask; i++)
        if (branches->places[i].from != 0)
            *branch_find(&larger, branches->places[i].from) = branches->places[i];
    *branches = larger;
    return true;
}

/* The posting of the term with the letters `tail` of `term` behind the term `from`; its number, NO_TERM when the arena
 * is full. */
static uint32_t branch_count(struct dictionary *dictionary, uint32_t from, size_t tail, struct span term)
{
    struct branches *branches = &dictionary->branches;
    if (!branches_grow(dictionary->arena, branches))
        return NO_TERM;
    uint64_t key = ((uint64_t)from + 1) << 16;
    for (size_t i = 0; i < tail; i++)
        key |= (uint64_t)(unsigned char)term.at[term.size - 1 - i] << 8 * i;
    struct branch *branch = branch_find(branches, key);
    if (branch->from == 0) {
        uint32_t number = term_number(dictionary, term);
        if (number == NO_TERM)
            return NO_TERM;
        *branch = (struct branch){key, number};
        branches->count++;
    }
    return posting_of(dictionary, branch->to) != NULL ? branch->to : NO_TERM;
}

bool dictionary_point(struct dictionary *dictionary, const struct range_point *point)
{
    char beside[RANGE_TERM_BYTES];
    uint32_t numbers[RANGE_TERM_BYTES];
    size_t before = (size_t)__builtin_ctz(point->ends);
    uint32_t number = numbers[before] = term_number(dictionary, (struct span){point->bytes, before});
    if (number == NO_TERM || posting_of(dictionary, number) == NULL)
        return false;
    for (uint32_t left = point->ends & (point->ends - 1); left != 0; left &= left - 1) {
        size_t size = (size_t)__builtin_ctz(left);
        number = branch_count(dictionary, number, size - before, (struct span){point->bytes, size});
        if (number == NO_TERM)
            return false;
        numbers[before = size] = number;
    }
    memcpy(beside, point->bytes, sizeof beside);
    for (size_t i = 0; i < point->beside_count; i++) {
        size_t size = point->beside[i].size;
        beside[size] = point->beside[i].letter;
        if (branch_count(dictionary, numbers[size], 1, (struct span){beside, size + 1}) == NO_TERM)
            return false;
        beside[size] = point->bytes[size];
    }
    return true;
}

size_t dictionary_count(const struct dictionary *dictionary)
{
    return dictionary->postings.count;
}

bool dictionary_repeat(struct dictionary *dictionary, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (posting_of(dictionary, dictionary->postings.items[i].term) == NULL)
            return false;
    return true;
}

/* ---- words */

/* The posting of a word's term that the document did not have yet; NO_TERM when the arena is full. A term that another
 * document of the record has is known by that one's posting. Terms of words and others never meet: no boolean term
 * begins with Z or XNAME. There is room. */
static uint32_t word_posting_add(struct dictionary *dictionary, struct vocabulary_term *term)
{
    uint32_t number;
    struct span bytes = {term->bytes, term->size};
    if (term->document >= dictionary->first_known)
        number = dictionary->postings.items[term->posting].term;
    else if (dictionary->detached)
        number = term_number(dictionary, bytes);
    else
        number = term_add(dictionary, bytes, term->head, term->number);
    if (number == NO_TERM)
        return NO_TERM;
    const struct term *local = &dictionary->terms.items[number];
    term->posting = local->document == dictionary->document ? local->posting : posting_add(dictionary, number);
    term->document = dictionary->document_known;
    return term->posting;
}

static inline uint32_t word_posting(struct dictionary *dictionary, uint32_t known)
{
    struct vocabulary_term *term = vocabulary_term(dictionary->known, known);
    return term->document == dictionary->document_known ? term->posting : word_posting_add(dictionary, term);
}

/* The posting's term stands at the next position; there is room. */
static inline void occurrence_add(struct dictionary *dictionary, uint32_t posting)
{
    dictionary->postings.items[posting].wdf++;
    dictionary->postings.items[posting].position_count++;
    dictionary->occurrences.items[dictionary->occurrences.count++] =
        (struct occurrence){posting, ++dictionary->position};
}

/* The word at the next position, and its parts; there is room. */
static bool word_count(struct dictionary *dictionary, const struct vocabulary_word *word)
{
    for (uint32_t i = 0; i < word->part_count; i++) {
        uint32_t posting = word_posting(dictionary, word->parts[i]);
        if (posting == NO_TERM)
            return false;
        dictionary->postings.items[posting].wdf++;
    }
    if (word->own == 0)
        return true;
    uint32_t posting = word_posting(dictionary, word->own);
    if (posting == NO_TERM)
        return false;
    occurrence_add(dictionary, posting);
    return true;
}

/* Words go in by the dozen, and some dozens are on their way at once: see struct vocabulary_asked. */
enum { BATCH = 8, BATCHES = 4 };

struct batch {
    size_t count;
    struct vocabulary_asked asked[BATCH];
};

static void batch_ask(const struct dictionary *dictionary, enum schema_prefix prefix, struct token_stream *stream,
                      struct batch *batch)
{
    for (batch->count = 0; batch->count < BATCH; batch->count++) {
        struct vocabulary_asked *asked = &batch->asked[batch->count];
        if (!token_stream_next(stream, asked->bytes, &asked->size))
            return;
        asked->prefix = prefix;
        vocabulary_ask(dictionary->vocabulary, asked);
    }
}

static void batch_fetch(const struct dictionary *dictionary, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        vocabulary_fetch(dictionary->vocabulary, &batch->asked[i]);
}

static void batch_fetch_past(const struct dictionary *dictionary, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        vocabulary_fetch_past(dictionary->vocabulary, &batch->asked[i]);
}

static bool words_count(struct dictionary *dictionary, const struct vocabulary_word *words, size_t from, size_t to)
{
    enum { TERMS_MAX = BATCH * (1 + VOCABULARY_PARTS_MAX) };
    if (!ROOM(dictionary->arena, dictionary->terms, TERMS_MAX) ||
        !ROOM(dictionary->arena, dictionary->postings, TERMS_MAX) ||
        !ROOM(dictionary->arena, dictionary->occurrences, BATCH))
        return false;
    for (size_t i = from; i < to; i++)
        if (!word_count(dictionary, &words[i]))
            return false;
    return true;
}

static bool batch_count(struct dictionary *dictionary, struct batch *batch)
{
    struct vocabulary_word words[BATCH];
    size_t done = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (vocabulary_word(dictionary->vocabulary, &batch->asked[i], &words[i]))
            continue;
        if (!words_count(dictionary, words, done, i) || !detach(dictionary) ||
            !vocabulary_word(dictionary->vocabulary, &batch->asked[i], &words[i]))
            return false;
        done = i;
    }
    return words_count(dictionary, words, done, batch->count);
}

bool dictionary_text(struct dictionary *dictionary, enum schema_prefix prefix, struct span text)
{
    struct token_stream stream;
    struct batch batches[BATCHES];
    token_stream_begin(&stream, text);
    for (size_t step = 0;; step++) {
        batch_ask(dictionary, prefix, &stream, &batches[step % BATCHES]);
        if (step >= 1)
            batch_fetch(dictionary, &batches[(step - 1) % BATCHES]);
        if (step >= 2)
            batch_fetch_past(dictionary, &batches[(step - 2) % BATCHES]);
        if (step < 3)
            continue;
        struct batch *last = &batches[(step - 3) % BATCHES];
        if (last->count == 0)
            return true;
        if (!batch_count(dictionary, last))
            return false;
    }
}

bool dictionary_words(struct dictionary *dictionary, enum schema_prefix prefix, struct span text,
                      struct dictionary_words *words)
{
    size_t before = dictionary->occurrences.count;
    if (!dictionary_text(dictionary, prefix, text))
        return false;
    const struct occurrence *added = dictionary->occurrences.items + before;
    size_t count = dictionary->occurrences.count - before;
    uint32_t *terms = arena_alloc(dictionary->arena, count * sizeof *terms);
    if (terms == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        terms[i] = dictionary->postings.items[added[i].posting].term;
    *words = (struct dictionary_words){terms, count};
    return true;
}

bool dictionary_words_again(struct dictionary *dictionary, struct dictionary_words words)
{
    for (size_t i = 0; i < words.count; i++) {
        const struct raw_posting *posting = posting_of(dictionary, words.terms[i]);
        if (posting == NULL || !ROOM(dictionary->arena, dictionary->occurrences, 1))
            return false;
        occurrence_add(dictionary, (uint32_t)(posting - dictionary->postings.items));
    }
    return true;
}

/* Positions by posting: count, give each its place in one array, fill in order. */
bool dictionary_end(struct dictionary *dictionary)
{
    struct raw_posting *postings = dictionary->postings.items;
    uint32_t *positions = arena_alloc(dictionary->kept, dictionary->occurrences.count * sizeof *positions);
    if (positions == NULL)
        return false;
    for (size_t i = dictionary->firsts.items[dictionary->document - 1], at = 0; i < dictionary->postings.count; i++) {
        postings[i].positions = positions + at;
        at += postings[i].position_count;
        postings[i].position_count = 0;
    }
    for (size_t i = 0; i < dictionary->occurrences.count; i++) {
        struct raw_posting *posting = &postings[dictionary->occurrences.items[i].posting];
        size_t place = (size_t)(posting->positions - positions) + posting->position_count++;
        positions[place] = dictionary->occurrences.items[i].position;
    }
    return true;
}
