/* dictionary: words and terms of a record -> sorted postings. On the text thread, in the record's arena. */
#include "dictionary.h"

#include "token.h"

#include <stdlib.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 256 };
static const uint32_t NO_TERM = UINT32_MAX;

struct term {
    struct span bytes;
    uint32_t document; /* the last document that has it, and which posting that is */
    uint32_t posting;
};

struct word {
    struct span bytes;
    uint32_t term; /* NO_TERM: the word has no stem */
    uint32_t part_count;
    const uint32_t *parts; /* terms under PREFIX_PART */
};

/* Bytes -> number of a word or a term, in a list whose elements begin with their bytes. */
struct slot {
    uint32_t tag;  /* lower half of the hash */
    uint32_t next; /* number + 1; 0 is a free slot */
};

struct table {
    struct slot *slots;
    size_t mask, count;
};

typedef LIST(struct word) word_list;

struct raw_posting {
    uint32_t term, document;
    uint32_t wdf, position_count;
    const uint32_t *positions;
};

struct occurrence {
    uint32_t posting, position;
};

struct dictionary {
    struct arena *arena;
    struct stem_cache *stems;
    struct compound_cache *compounds; /* may be NULL */
    struct table word_tables[3];      /* by prefix: Z, ZS, XNAME */
    word_list words[3];
    struct table term_table;
    LIST(struct term) terms;
    LIST(struct raw_posting) postings;
    struct occurrence *occurrences; /* of the document that is being built */
    size_t occurrence_count, occurrence_room;
    uint32_t document; /* from 1, so that 0 in a term is none */
    size_t first_posting;
    uint32_t position;
};

struct dictionary *dictionary_new(struct arena *arena, struct stem_cache *stems, struct compound_cache *compounds)
{
    struct dictionary *dictionary = arena_zero(arena, 1, sizeof *dictionary);
    if (dictionary != NULL) {
        dictionary->arena = arena;
        dictionary->stems = stems;
        dictionary->compounds = compounds;
    }
    return dictionary;
}

/* ---- tables */

static struct slot *slot_find(const struct table *table, const void *list, size_t stride, struct span bytes,
                              uint32_t tag)
{
    size_t i = tag & table->mask;
    for (;; i = (i + 1) & table->mask) {
        struct slot *slot = &table->slots[i];
        if (slot->next == 0)
            return slot;
        if (slot->tag != tag)
            continue;
        struct span found;
        memcpy(&found, (const char *)list + (slot->next - 1) * stride, sizeof found);
        if (span_equal(found, bytes))
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

/* The number of a term, which is copied when it is new. NO_TERM when the arena is full. */
static uint32_t term_number(struct dictionary *dictionary, struct span bytes)
{
    struct table *table = &dictionary->term_table;
    if (!table_grow(dictionary->arena, table))
        return NO_TERM;
    uint32_t tag = tag_of(bytes);
    struct slot *slot = slot_find(table, dictionary->terms.items, sizeof(struct term), bytes, tag);
    if (slot->next == 0) {
        struct term *term = LIST_PUSH(dictionary->arena, &dictionary->terms);
        char *copy = term != NULL ? arena_alloc(dictionary->arena, bytes.size) : NULL;
        if (copy == NULL)
            return NO_TERM;
        memcpy(copy, bytes.at, bytes.size);
        term->bytes = (struct span){copy, bytes.size};
        *slot = (struct slot){tag, (uint32_t)dictionary->terms.count};
        table->count++;
    }
    return slot->next - 1;
}

/* The document's posting of a term, a new one if it has none. NULL when the arena is full. */
static struct raw_posting *posting_of(struct dictionary *dictionary, uint32_t number)
{
    struct term *term = &dictionary->terms.items[number];
    if (term->document != dictionary->document) {
        struct raw_posting *posting = LIST_PUSH(dictionary->arena, &dictionary->postings);
        if (posting == NULL)
            return NULL;
        posting->term = number;
        posting->document = dictionary->document;
        term->document = dictionary->document;
        term->posting = (uint32_t)(dictionary->postings.count - 1);
    }
    return &dictionary->postings.items[term->posting];
}

/* ---- a document */

bool dictionary_begin(struct dictionary *dictionary)
{
    dictionary->document++;
    dictionary->first_posting = dictionary->postings.count;
    dictionary->occurrence_count = 0;
    dictionary->position = 0;
    return true;
}

void dictionary_gap(struct dictionary *dictionary)
{
    dictionary->position += FIELD_GAP;
}

bool dictionary_term(struct dictionary *dictionary, struct span term, bool *fresh)
{
    size_t before = dictionary->postings.count;
    uint32_t number = term_number(dictionary, term);
    if (number == NO_TERM || posting_of(dictionary, number) == NULL)
        return false;
    if (fresh != NULL)
        *fresh = dictionary->postings.count > before;
    return true;
}

/* What else the word is found by. False when the arena is full. */
static bool parts_add(struct dictionary *dictionary, struct word *word)
{
    struct compound compound;
    char term[TERM_MAX_BYTES];
    struct span head = schema_prefix(PREFIX_PART);
    compound_word(dictionary->compounds, word->bytes, &compound);
    uint32_t *parts = compound.count > 0 ? arena_zero(dictionary->arena, compound.count, sizeof *parts) : NULL;
    if (parts == NULL)
        return compound.count == 0;
    memcpy(term, head.at, head.size);
    for (size_t i = 0; i < compound.count; i++) {
        struct span stem = compound.stems[i].stem;
        memcpy(term + head.size, stem.at, stem.size);
        parts[i] = term_number(dictionary, (struct span){term, head.size + stem.size});
        if (parts[i] == NO_TERM)
            return false;
    }
    word->parts = parts;
    word->part_count = (uint32_t)compound.count;
    return true;
}

/* A word met for the first time under this prefix: its term, through the stemmer unless it is a name. */
static struct word *word_add(struct dictionary *dictionary, enum schema_prefix prefix, struct span bytes,
                             word_list *words)
{
    char term[TERM_MAX_BYTES];
    struct span stem = prefix == PREFIX_NAME ? bytes : stem_cache_word(dictionary->stems, bytes);
    struct span head = schema_prefix(prefix);
    uint32_t number = NO_TERM;
    if (stem.size > 0) {
        memcpy(term, head.at, head.size);
        memcpy(term + head.size, stem.at, stem.size);
        number = term_number(dictionary, (struct span){term, head.size + stem.size});
        if (number == NO_TERM)
            return NULL;
    }
    struct text copy = arena_copy(dictionary->arena, bytes);
    struct word *word = copy.at != NULL ? LIST_PUSH(dictionary->arena, words) : NULL;
    if (word == NULL)
        return NULL;
    *word = (struct word){.bytes = {copy.at, copy.size}, .term = number};
    bool parted = prefix == PREFIX_TEXT && dictionary->compounds != NULL;
    return parted && !parts_add(dictionary, word) ? NULL : word;
}

/* The word, added if it is new; NULL when the arena is full. */
static const struct word *word_of(struct dictionary *dictionary, enum schema_prefix prefix, struct span bytes)
{
    size_t which = prefix == PREFIX_TEXT ? 0 : prefix == PREFIX_TITLE ? 1 : 2;
    struct table *table = &dictionary->word_tables[which];
    word_list *words = &dictionary->words[which];
    if (!table_grow(dictionary->arena, table))
        return NULL;
    uint32_t tag = tag_of(bytes);
    struct slot *slot = slot_find(table, words->items, sizeof(struct word), bytes, tag);
    if (slot->next == 0) {
        if (word_add(dictionary, prefix, bytes, words) == NULL)
            return NULL;
        *slot = (struct slot){tag, (uint32_t)words->count};
        table->count++;
    }
    return &words->items[slot->next - 1];
}

static bool occurrence_add(struct dictionary *dictionary, uint32_t posting)
{
    if (dictionary->occurrence_count == dictionary->occurrence_room) {
        size_t room = dictionary->occurrence_room ? dictionary->occurrence_room * 2 : 4096;
        struct occurrence *moved = arena_alloc(dictionary->arena, room * sizeof *moved);
        if (moved == NULL)
            return false;
        if (dictionary->occurrence_count > 0)
            memcpy(moved, dictionary->occurrences, dictionary->occurrence_count * sizeof *moved);
        dictionary->occurrences = moved;
        dictionary->occurrence_room = room;
    }
    dictionary->occurrences[dictionary->occurrence_count++] = (struct occurrence){posting, ++dictionary->position};
    return true;
}

static bool parts_count(struct dictionary *dictionary, const struct word *word)
{
    for (uint32_t i = 0; i < word->part_count; i++) {
        struct raw_posting *posting = posting_of(dictionary, word->parts[i]);
        if (posting == NULL)
            return false;
        posting->wdf++;
    }
    return true;
}

bool dictionary_text(struct dictionary *dictionary, enum schema_prefix prefix, struct span text)
{
    struct token_scan scan;
    struct token token;
    token_begin(&scan, text);
    while (token_next(&scan, &token)) {
        const struct word *word = word_of(dictionary, prefix, token.word);
        if (word == NULL || !parts_count(dictionary, word))
            return false;
        if (word->term == NO_TERM)
            continue;
        struct raw_posting *posting = posting_of(dictionary, word->term);
        if (posting == NULL)
            return false;
        posting->wdf++;
        posting->position_count++;
        if (!occurrence_add(dictionary, (uint32_t)(posting - dictionary->postings.items)))
            return false;
    }
    return true;
}

/* Positions by posting: count, give each its place in one array, fill in order. */
bool dictionary_end(struct dictionary *dictionary)
{
    struct raw_posting *postings = dictionary->postings.items;
    uint32_t *positions = arena_alloc(dictionary->arena, dictionary->occurrence_count * sizeof *positions);
    if (positions == NULL)
        return false;
    for (size_t i = dictionary->first_posting, at = 0; i < dictionary->postings.count; i++) {
        postings[i].positions = positions + at;
        at += postings[i].position_count;
        postings[i].position_count = 0;
    }
    for (size_t i = 0; i < dictionary->occurrence_count; i++) {
        struct raw_posting *posting = &postings[dictionary->occurrences[i].posting];
        size_t place = (size_t)(posting->positions - positions) + posting->position_count++;
        positions[place] = dictionary->occurrences[i].position;
    }
    return true;
}

/* ---- the end of a record */

/* The first eight bytes as a number decide nearly every comparison. */
struct sort_key {
    uint64_t head;
    uint32_t term;
};

static uint64_t head_of(struct span bytes)
{
    uint64_t head = 0;
    if (bytes.size >= sizeof head) {
        for (size_t i = 0; i < sizeof head; i++)
            head = head << 8 | (unsigned char)bytes.at[i];
        return head;
    }
    for (size_t i = 0; i < sizeof head; i++)
        head = head << 8 | (i < bytes.size ? (unsigned char)bytes.at[i] : 0);
    return head;
}

/* By their heads, byte for byte from the last one; a byte that all have alike is passed over. In the end the keys stand
 * in `keys` or in `spare`: that is returned. */
static struct sort_key *sort_heads(struct sort_key *keys, struct sort_key *spare, size_t count)
{
    enum { BYTES = sizeof(uint64_t), VALUES = 256 };
    uint32_t places[BYTES][VALUES] = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t byte = 0; byte < BYTES; byte++)
            places[byte][keys[i].head >> byte * 8 & 0xFF]++;
    for (size_t byte = 0; byte < BYTES && count > 0; byte++) {
        uint32_t *place = places[byte], at = 0;
        if (place[keys[0].head >> byte * 8 & 0xFF] == count)
            continue;
        for (size_t value = 0; value < VALUES; value++) {
            uint32_t here = place[value];
            place[value] = at;
            at += here;
        }
        for (size_t i = 0; i < count; i++)
            spare[place[keys[i].head >> byte * 8 & 0xFF]++] = keys[i];
        struct sort_key *sorted = spare;
        spare = keys;
        keys = sorted;
    }
    return keys;
}

static int order_of_terms(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

struct tail {
    struct span bytes; /* first, for order_of_terms */
    uint32_t term;
};

/* Terms with one head among each other; mostly two or three, but nothing hinders a text from having thousands. */
static bool sort_tails(const struct dictionary *dictionary, struct sort_key *keys, size_t count)
{
    enum { FEW = 16 };
    struct tail few[FEW], *tails = few;
    if (count > FEW)
        tails = arena_zero(dictionary->arena, count, sizeof *tails);
    if (tails == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct tail tail = {dictionary->terms.items[keys[i].term].bytes, keys[i].term};
        size_t at = i;
        for (; count <= FEW && at > 0 && span_compare(tail.bytes, tails[at - 1].bytes) < 0; at--)
            tails[at] = tails[at - 1];
        tails[at] = tail;
    }
    if (count > FEW)
        qsort(tails, count, sizeof *tails, order_of_terms);
    for (size_t i = 0; i < count; i++)
        keys[i].term = tails[i].term;
    return true;
}

/* rank[term]: its place in the order of bytes. */
static uint32_t *rank_terms(const struct dictionary *dictionary)
{
    size_t count = dictionary->terms.count;
    struct sort_key *keys = arena_alloc(dictionary->arena, (count + 1) * sizeof *keys);
    struct sort_key *spare = arena_alloc(dictionary->arena, (count + 1) * sizeof *keys);
    uint32_t *ranks = arena_alloc(dictionary->arena, (count + 1) * sizeof *ranks);
    if (keys == NULL || spare == NULL || ranks == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct sort_key){head_of(dictionary->terms.items[i].bytes), (uint32_t)i};
    keys = sort_heads(keys, spare, count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && keys[end].head == keys[i].head;)
            end++;
        if (end - i > 1 && !sort_tails(dictionary, keys + i, end - i))
            return NULL;
    }
    for (size_t i = 0; i < count; i++)
        ranks[keys[i].term] = (uint32_t)i;
    return ranks;
}

/* Numbers of the postings in the order of their terms: a counting sort. */
static uint32_t *order_postings(const struct dictionary *dictionary, const uint32_t *ranks)
{
    size_t count = dictionary->postings.count;
    uint32_t *starts = arena_zero(dictionary->arena, dictionary->terms.count + 1, sizeof *starts);
    uint32_t *order = arena_zero(dictionary->arena, count + 1, sizeof *order);
    if (starts == NULL || order == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        starts[ranks[dictionary->postings.items[i].term] + 1]++;
    for (size_t i = 1; i <= dictionary->terms.count; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < count; i++)
        order[starts[ranks[dictionary->postings.items[i].term]]++] = (uint32_t)i;
    return order;
}

static void list_add(struct posting_list *list, struct posting *postings, const struct dictionary *dictionary,
                     const struct raw_posting *raw)
{
    struct span bytes = dictionary->terms.items[raw->term].bytes;
    postings[list->count++] = (struct posting){bytes, raw->wdf, raw->position_count, raw->positions};
    list->bytes += bytes.size + raw->position_count * sizeof(uint32_t);
}

bool dictionary_finish(struct dictionary *dictionary, const struct posting_list **lists)
{
    size_t documents = dictionary->document, count = dictionary->postings.count;
    uint32_t *ranks = rank_terms(dictionary);
    uint32_t *order = ranks != NULL ? order_postings(dictionary, ranks) : NULL;
    struct posting *postings = arena_zero(dictionary->arena, count + 1, sizeof *postings);
    struct posting_list *out = arena_zero(dictionary->arena, documents + 1, sizeof *out);
    size_t *starts = arena_zero(dictionary->arena, documents + 2, sizeof *starts);
    if (order == NULL || postings == NULL || out == NULL || starts == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        starts[dictionary->postings.items[i].document]++;
    for (size_t i = 1; i <= documents; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < documents; i++)
        out[i].postings = postings + starts[i];
    for (size_t i = 0; i < count; i++) {
        const struct raw_posting *raw = &dictionary->postings.items[order[i]];
        size_t document = raw->document - 1;
        list_add(&out[document], postings + starts[document], dictionary, raw);
    }
    *lists = out;
    return true;
}
