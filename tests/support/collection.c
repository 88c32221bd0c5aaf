/* collection: documents from a seed. The test fails when its arena is full. */
#include "collection.h"

#include "random.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { VOCABULARY = 300000, ITEM_WORDS = 172 };

/* A document while it is drawn: words in any order. */
struct draft {
    struct arena *arena;
    struct posting *postings;
    size_t count, room;
};

static void *take(struct arena *arena, size_t size)
{
    void *block = arena_alloc(arena, size);
    if (block == NULL) {
        fprintf(stderr, "the arena of a collection is too small\n");
        abort();
    }
    return block;
}

static struct span keep(struct arena *arena, const char *bytes, size_t size)
{
    char *copy = take(arena, size + 1);
    memcpy(copy, bytes, size);
    return (struct span){copy, size};
}

static struct span keep_text(struct arena *arena, const char *text)
{
    return keep(arena, text, strlen(text));
}

static int posting_compare(const void *a, const void *b)
{
    return span_compare(((const struct posting *)a)->term, ((const struct posting *)b)->term);
}

static void draft_open(struct draft *draft, struct arena *arena, size_t room)
{
    *draft = (struct draft){.arena = arena, .room = room, .postings = take(arena, room * sizeof *draft->postings)};
}

static void draft_put(struct draft *draft, struct span term, uint32_t wdf, const uint32_t *positions, uint32_t count)
{
    assert(draft->count < draft->room);
    draft->postings[draft->count++] = (struct posting){term, wdf, count, positions};
}

/* Sort, and keep the first posting of each term. */
static void draft_close(struct draft *draft, struct index_document *out)
{
    size_t kept = 0;
    qsort(draft->postings, draft->count, sizeof *draft->postings, posting_compare);
    for (size_t i = 0; i < draft->count; i++)
        if (kept == 0 || !span_equal(draft->postings[kept - 1].term, draft->postings[i].term))
            draft->postings[kept++] = draft->postings[i];
    out->postings = draft->postings;
    out->posting_count = kept;
}

/* ---- numbers of terms, as readers give them */

static int term_compare(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* All different terms in order; how many. */
static size_t terms_list(const struct collection *collection, struct arena *arena, struct span **out)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < collection->count; i++)
        count += collection->documents[i].posting_count;
    struct span *terms = *out = take(arena, (count + 1) * sizeof *terms);
    count = 0;
    for (size_t i = 0; i < collection->count; i++)
        for (size_t n = 0; n < collection->documents[i].posting_count; n++)
            terms[count++] = collection->documents[i].postings[n].term;
    qsort(terms, count, sizeof *terms, term_compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !span_equal(terms[kept - 1], terms[i]))
            terms[kept++] = terms[i];
    return kept;
}

/* Two makers at a time, others in the course of time: more in the end than a builder keeps apart. One term in five has
 * no number, and one document in seven none at all. */
static void terms_number(struct collection *collection, struct arena *arena)
{
    enum { MAKER_DOCUMENTS = 150, SPREAD = 37 };
    struct span *terms;
    size_t count = terms_list(collection, arena, &terms);
    for (size_t i = 0; i < collection->count; i++) {
        struct index_document *document = &collection->documents[i];
        uint32_t *numbers = take(arena, (document->posting_count + 1) * sizeof *numbers);
        size_t maker = 1 + i / MAKER_DOCUMENTS + i % 2;
        for (size_t n = 0; n < document->posting_count; n++) {
            const struct span *term = bsearch(&document->postings[n].term, terms, count, sizeof *terms, term_compare);
            size_t place = (size_t)(term - terms);
            numbers[n] = place % 5 == 0 ? 0 : (uint32_t)((place + maker * SPREAD) % (count + 1) + 1);
        }
        document->numbers = i % 7 == 0 ? NULL : numbers;
        document->numbering = maker;
    }
}

/* ---- minutes */

struct vocabulary {
    struct span *words; /* VOCABULARY of them, the most frequent first */
};

static const char *const syllables[] = {
    "af",   "an",   "ar",    "be",   "bi",  "bo",  "by",  "bø",    "børn", "de",   "di",    "drift", "eks", "for",
    "fri",  "gade", "grund", "havn", "hus", "i",   "ind", "jord",  "ka",   "ko",   "kreds", "land",  "le",  "lokal",
    "mark", "me",   "miljø", "mø",   "nat", "ne",  "om",  "op",    "over", "plan", "pro",   "på",    "re",  "råd",
    "sag",  "sam",  "skole", "so",   "sti", "til", "ud",  "under", "vand", "vej",  "ve",    "værk",  "æ",   "øko",
};

static void vocabulary_make(struct vocabulary *vocabulary, struct arena *arena)
{
    uint64_t random = 4711; /* the same words in every collection */
    vocabulary->words = take(arena, VOCABULARY * sizeof *vocabulary->words);
    for (size_t i = 0; i < VOCABULARY; i++) {
        char word[80] = "Z";
        size_t parts = 1 + (i > 50) + (i > 3000) + random_below(&random, 2);
        for (size_t n = 0; n < parts; n++)
            strcat(word, syllables[random_below(&random, sizeof syllables / sizeof *syllables)]);
        if (random_below(&random, 25) == 0)
            snprintf(word, sizeof word, "Z%u", (unsigned)random_below(&random, 100000));
        vocabulary->words[i] = keep_text(arena, word);
    }
}

/* Zipf's law by inversion of its integral: rank r with a chance like 1/r. */
static size_t rank_draw(uint64_t *random)
{
    double even = (double)(random_next(random) >> 11) / (double)(UINT64_C(1) << 53);
    size_t rank = (size_t)pow(VOCABULARY, even) - 1;
    return rank < VOCABULARY ? rank : VOCABULARY - 1;
}

struct word {
    size_t rank;
    uint32_t position;
};

static int word_compare(const void *a, const void *b)
{
    const struct word *left = a, *right = b;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return (left->position > right->position) - (left->position < right->position);
}

static void words_put(struct draft *draft, const struct vocabulary *vocabulary, uint64_t *random)
{
    struct word words[ITEM_WORDS * 3];
    size_t count = 20 + random_below(random, ITEM_WORDS * 2 - 40);
    for (size_t i = 0; i < count; i++)
        words[i] = (struct word){rank_draw(random), (uint32_t)i + 1};
    qsort(words, count, sizeof *words, word_compare);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && words[end].rank == words[i].rank;)
            end++;
        uint32_t *positions = take(draft->arena, (end - i) * sizeof *positions);
        for (size_t n = i; n < end; n++)
            positions[n - i] = words[n].position;
        draft_put(draft, vocabulary->words[words[i].rank], (uint32_t)(end - i), positions, (uint32_t)(end - i));
    }
}

static void values_put(struct index_document *out, struct arena *arena, uint64_t *random, const char *id)
{
    struct slot_value *values = take(arena, 3 * sizeof *values);
    char day[16];
    snprintf(day, sizeof day, "%u%02u%02u", 2007 + (unsigned)random_below(random, 19),
             1 + (unsigned)random_below(random, 12), 1 + (unsigned)random_below(random, 28));
    values[0] = (struct slot_value){0, keep_text(arena, day)};
    values[1] = (struct slot_value){2, keep_text(arena, id)};
    values[2] = (struct slot_value){5, keep_text(arena, syllables[random_below(random, 30)])};
    out->values = values;
    out->value_count = 2 + random_below(random, 2);
}

static struct span data_make(struct arena *arena, const struct vocabulary *vocabulary, uint64_t *random)
{
    char text[320];
    size_t size = (size_t)snprintf(text, sizeof text, "title=");
    while (size < 200) {
        struct span word = vocabulary->words[rank_draw(random)];
        memcpy(text + size, word.at, word.size);
        size += word.size;
        text[size++] = ' ';
    }
    return keep(arena, text, size);
}

void collection_minutes(struct collection *out, struct arena *arena, uint64_t seed, size_t count)
{
    struct vocabulary vocabulary;
    struct meta_pair *meta = take(arena, sizeof *meta);
    vocabulary_make(&vocabulary, arena);
    meta[0] = (struct meta_pair){SPAN("schema"), SPAN("1")};
    *out = (struct collection){take(arena, count * sizeof *out->documents), count, meta, 1};
    for (size_t i = 0; i < count; i++) {
        struct index_document *document = &out->documents[i];
        struct draft draft;
        char id[64], term[64];
        draft_open(&draft, arena, ITEM_WORDS * 3 + 4);
        *document = (struct index_document){.data = data_make(arena, &vocabulary, &seed)};
        words_put(&draft, &vocabulary, &seed);
        snprintf(id, sizeof id, "Qkommune/%06zu.md#%zu", i / 5, i % 5);
        document->unique = keep_text(arena, id);
        draft_put(&draft, document->unique, 0, NULL, 0);
        snprintf(term, sizeof term, "XCOMMITTEE%u", (unsigned)(i / 5 % 10));
        draft_put(&draft, keep_text(arena, term), 0, NULL, 0);
        snprintf(term, sizeof term, "XMUNICIPALITY%u", (unsigned)(i / 5 % 30));
        draft_put(&draft, keep_text(arena, term), 0, NULL, 0);
        snprintf(term, sizeof term, "XDOC:kommune/%06zu.md", i / 5);
        draft_put(&draft, keep_text(arena, term), 0, NULL, 0);
        draft_close(&draft, document);
        values_put(document, arena, &seed, id + 1);
    }
    terms_number(out, arena);
}

/* ---- hostile */

/* A number of any magnitude: small ones as often as huge ones. */
static uint32_t number_draw(uint64_t *random)
{
    return (uint32_t)random_next(random) >> random_below(random, 32);
}

static struct span bytes_draw(struct arena *arena, uint64_t *random, size_t size)
{
    static const char favourites[] = {0, 0, (char)0xFF, 'a', 'b', 'Z', 1, (char)0xC0};
    char *bytes = take(arena, size + 1);
    bool repeat = random_below(random, 4) == 0; /* something deflate can chew on */
    for (size_t i = 0; i < size; i++)
        bytes[i] = repeat && i > 3           ? bytes[i - 3]
                   : random_below(random, 3) ? favourites[random_below(random, sizeof favourites)]
                                             : (char)random_next(random);
    return (struct span){bytes, size};
}

/* A term whose key fits: few bytes mostly, up to 240 without zeros. */
static struct span term_draw(struct arena *arena, uint64_t *random)
{
    size_t size = 1 + random_below(random, random_below(random, 4) ? 3 : 100);
    if (random_below(random, 30) > 0)
        return bytes_draw(arena, random, size);
    struct span long_term = bytes_draw(arena, random, TERM_MAX_BYTES);
    for (size_t i = 0; i < long_term.size; i++)
        ((char *)(uintptr_t)long_term.at)[i] |= 1;
    return long_term;
}

static uint32_t *positions_draw(struct arena *arena, uint64_t *random, uint32_t *count)
{
    uint32_t wanted = (uint32_t)random_below(random, random_below(random, 12) ? 6 : 3000);
    uint32_t *positions = take(arena, (wanted + 1) * sizeof *positions), spread = (uint32_t)random_below(random, 33);
    uint64_t at = random_below(random, 3);
    for (*count = 0; *count < wanted; ++*count) {
        positions[*count] = (uint32_t)at;
        at += 1 + ((random_next(random) & 0xFFFFFFFF) / wanted >> spread);
        if (at > UINT32_MAX)
            break;
    }
    return positions;
}

static void hostile_postings(struct index_document *out, struct arena *arena, uint64_t *random)
{
    struct draft draft;
    uint64_t length = 0;
    size_t count = random_below(random, 5) == 0 ? 0 : random_below(random, random_below(random, 8) ? 30 : 400);
    draft_open(&draft, arena, count + 2);
    for (size_t i = 0; i < count; i++) {
        uint32_t positions = 0, wdf = number_draw(random);
        uint32_t *list = positions_draw(arena, random, &positions);
        if (length + wdf > UINT32_MAX || (length > 0 && wdf > UINT32_MAX / 64))
            wdf = 0; /* one huge wdf a document at most, and a total that fits */
        if (length + wdf == 0 && positions > 0)
            wdf = 1; /* xapian-check takes a document of length 0 for one without terms */
        length += wdf;
        draft_put(&draft, term_draw(arena, random), wdf, list, positions);
    }
    if (random_below(random, 10) > 0)
        draft_put(&draft, SPAN("everywhere"), 1, NULL, 0);
    draft_close(&draft, out);
}

static void hostile_values(struct index_document *out, struct arena *arena, uint64_t *random)
{
    static const uint32_t slots[] = {0, 1, 5, 127, 128, 129, 200, 255, 256, 300, 16383, 16384, 70000, 0xFFFFFFFE};
    struct slot_value *values = take(arena, sizeof slots / sizeof *slots * sizeof *values);
    out->values = values;
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        size_t size = 1 + random_below(random, random_below(random, 40) ? 12 : 9000);
        if (random_below(random, 3) == 0)
            values[out->value_count++] = (struct slot_value){slots[i], bytes_draw(arena, random, size)};
    }
}

static struct span hostile_bytes(struct arena *arena, uint64_t *random)
{
    static const size_t most[] = {1, 20, 20, 300, 300, 3000, 9000, 40000};
    return bytes_draw(arena, random, random_below(random, most[random_below(random, sizeof most / sizeof *most)]));
}

static void hostile_meta(struct collection *out, struct arena *arena, uint64_t *random)
{
    size_t count = random_below(random, 12);
    out->meta = take(arena, (count + 1) * sizeof *out->meta);
    out->meta_count = count;
    for (size_t i = 0; i < count; i++)
        out->meta[i] = (struct meta_pair){bytes_draw(arena, random, 1 + random_below(random, i % 3 ? 4 : 200)),
                                          hostile_bytes(arena, random)};
}

void collection_hostile(struct collection *out, struct arena *arena, uint64_t seed, size_t count)
{
    *out = (struct collection){take(arena, (count + 1) * sizeof *out->documents), count, NULL, 0};
    for (size_t i = 0; i < count; i++) {
        struct index_document *document = &out->documents[i];
        *document = (struct index_document){.data = hostile_bytes(arena, &seed)};
        hostile_postings(document, arena, &seed);
        hostile_values(document, arena, &seed);
    }
    hostile_meta(out, arena, &seed);
    terms_number(out, arena);
}

void collection_many(struct collection *out, struct arena *arena)
{
    enum { MANY = 0x8000 + 400, RHYTHMS = 40 };
    *out = (struct collection){take(arena, MANY * sizeof *out->documents), MANY, NULL, 0};
    for (size_t i = 0; i < MANY; i++) {
        struct draft draft;
        struct slot_value *value = take(arena, sizeof *value);
        uint32_t *position = take(arena, sizeof *position);
        char term[32];
        snprintf(term, sizeof term, "rhythm%zu", i % RHYTHMS);
        *position = (uint32_t)i;
        *value = (struct slot_value){3, keep_text(arena, term + 4)};
        out->documents[i] = (struct index_document){.values = value, .value_count = i % 3 == 0};
        draft_open(&draft, arena, 1);
        draft_put(&draft, keep_text(arena, term), 1 + (uint32_t)i % 5, position, 1);
        draft_close(&draft, &out->documents[i]);
    }
}

void collection_steps(struct collection *out, struct arena *arena)
{
    enum { STEP = 8192, STEPS = 4, AROUND = 12, KINDS = 5 };
    uint64_t random = 1;
    *out = (struct collection){take(arena, STEPS * AROUND * sizeof *out->documents), STEPS * AROUND, NULL, 0};
    for (size_t i = 0; i < out->count; i++) {
        size_t size = (i / AROUND + 1) * STEP + i % AROUND - 2;
        char *data = take(arena, size);
        for (size_t n = 0; n < size; n++)
            data[n] = (char)('a' + n % (1 + i % KINDS));
        for (size_t n = size / 2; n < size && i % KINDS == 0; n++) /* as a packed body behind its lines */
            data[n] = (char)random_below(&random, 256);
        out->documents[i] = (struct index_document){.data = {data, size}};
    }
}

struct index_document collection_more(struct arena *arena, uint64_t seed)
{
    struct collection one;
    collection_hostile(&one, arena, seed, 1);
    return one.documents[0];
}
