/* vocabulary: word -> terms, in hash tables over one pool of bytes. Owned by one text thread. */
#include "vocabulary.h"

#include "compound.h"
#include "memo.h"
#include "term_order.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    WORDS_MIN = 16,
    UNIT = sizeof(uint64_t),
    /* What one word can need: its cell, its term, and those of its parts. */
    TERMS_A_WORD = 1 + COMPOUND_STEMS_MAX,
    WORD_UNITS_MAX = 12,
    TERM_UNITS_MAX = 33,
    /* And on average; minutes have some 10 bytes a word, two terms and two parts. */
    WORD_UNITS = 5,
    TERM_UNITS = 9,
    PARTS = 4,
    /* Remembered beyond them. */
    PAST = 2,
    PAST_BYTES = 56,
    STEMS_MAX_BYTES = (1 + COMPOUND_STEMS_MAX) * 256
};

#define SELDOM __attribute__((noinline))

/* Not worked out yet: the word was not asked for under this prefix. */
static const uint32_t NOT_YET = UINT32_MAX;

struct word {
    uint32_t own[3]; /* by prefix: Z, ZS, XNAME */
    uint32_t parts;  /* under PREFIX_TEXT: place of the first one */
    uint8_t part_count;
    uint8_t size;
    char bytes[];
};
_Static_assert(sizeof(struct word) + VOCABULARY_WORD_BYTES <= WORD_UNITS_MAX * UNIT, "a word must fit its cell");
_Static_assert((int)VOCABULARY_PARTS_MAX == (int)COMPOUND_STEMS_MAX, "the stems of a word are its parts");
_Static_assert(sizeof(struct vocabulary_term) + TERM_MAX_BYTES <= TERM_UNITS_MAX * UNIT, "a term must fit its cell");

struct slot {
    uint32_t tag; /* upper half of the hash */
    uint32_t at;  /* place of the cell in units; 0 is a free slot */
};

/* Cells and the slots that lead to them. */
struct cells {
    struct slot *slots;
    size_t mask; /* a power of two less one */
    uint64_t *units;
    size_t used, room; /* of the units; the first one is none */
    size_t count, most;
};

struct vocabulary {
    struct stemmer stemmer;
    struct compound_cache *compounds; /* NULL without a wordbook */
    uint64_t seed, factor;            /* of hashes: others in every process */
    struct cells words, terms;
    struct memo past; /* word -> the stems of its parts, as size and bytes */
    uint32_t *parts;
    size_t part_count, part_room;
    uint32_t document;
    uint64_t numbering;
};

static atomic_uint_fast64_t numberings;

static bool cells_make(struct cells *cells, size_t most, size_t units)
{
    size_t slots = 64;
    while (slots < most + most / 2)
        slots *= 2;
    *cells = (struct cells){.mask = slots - 1, .room = units, .most = most};
    cells->slots = malloc(slots * sizeof *cells->slots);
    cells->units = malloc(units * UNIT);
    return cells->slots != NULL && cells->units != NULL;
}

static void cells_done(struct cells *cells)
{
    free(cells->slots);
    free(cells->units);
}

static void cells_clear(struct cells *cells)
{
    memset(cells->slots, 0, (cells->mask + 1) * sizeof *cells->slots);
    cells->count = 0;
    cells->used = 1;
}

/* A new cell of so many bytes, behind a free slot. */
static void *cell_add(struct cells *cells, struct slot *slot, uint64_t hash, size_t bytes)
{
    *slot = (struct slot){(uint32_t)(hash >> 32), (uint32_t)cells->used};
    cells->used += (bytes + UNIT - 1) / UNIT;
    cells->count++;
    return cells->units + slot->at;
}

struct vocabulary *vocabulary_new(struct stemmer stemmer, const struct wordbook *words, size_t max_words)
{
    struct vocabulary *vocabulary = calloc(1, sizeof *vocabulary);
    if (vocabulary == NULL)
        return NULL;
    size_t most = max_words > WORDS_MIN ? max_words : WORDS_MIN;
    uint64_t own = (uint64_t)(uintptr_t)vocabulary;
    vocabulary->seed = XXH3_64bits(&own, sizeof own);
    vocabulary->factor = XXH3_64bits_withSeed(&own, sizeof own, 1);
    vocabulary->stemmer = stemmer;
    if (words != NULL)
        vocabulary->compounds = compound_cache_new(*words, stemmer, most / 4);
    bool made = cells_make(&vocabulary->words, most, most * WORD_UNITS + WORD_UNITS_MAX + 1);
    made = cells_make(&vocabulary->terms, most * 2 + TERMS_A_WORD,
                      most * TERM_UNITS + TERMS_A_WORD * TERM_UNITS_MAX + 1) &&
           made;
    made = memo_make(&vocabulary->past, most * PAST, PAST_BYTES) && made;
    vocabulary->part_room = most * PARTS + COMPOUND_STEMS_MAX;
    vocabulary->parts = malloc(vocabulary->part_room * sizeof *vocabulary->parts);
    if (!made || (words != NULL && vocabulary->compounds == NULL) || vocabulary->parts == NULL)
        vocabulary_free(&vocabulary);
    else
        vocabulary_clear(vocabulary);
    return vocabulary;
}

void vocabulary_free(struct vocabulary **vocabulary)
{
    if (vocabulary == NULL || *vocabulary == NULL)
        return;
    compound_cache_free(&(*vocabulary)->compounds);
    cells_done(&(*vocabulary)->words);
    cells_done(&(*vocabulary)->terms);
    memo_done(&(*vocabulary)->past);
    free((*vocabulary)->parts);
    free(*vocabulary);
    *vocabulary = NULL;
}

void vocabulary_clear(struct vocabulary *vocabulary)
{
    cells_clear(&vocabulary->words);
    cells_clear(&vocabulary->terms);
    vocabulary->part_count = 0;
    vocabulary->numbering = atomic_fetch_add(&numberings, 1) + 1;
}

uint64_t vocabulary_numbering(const struct vocabulary *vocabulary)
{
    return vocabulary->numbering;
}

uint32_t vocabulary_record(struct vocabulary *vocabulary)
{
    if (vocabulary->document > UINT32_MAX / 2) { /* no record has so many documents */
        vocabulary_clear(vocabulary);
        vocabulary->document = 0;
    }
    return vocabulary->document + 1;
}

uint32_t vocabulary_document(struct vocabulary *vocabulary)
{
    return ++vocabulary->document;
}

uint64_t *vocabulary_terms(struct vocabulary *vocabulary)
{
    return vocabulary->terms.units;
}

/* ---- terms; there is room */

static uint64_t term_hash(const struct vocabulary *vocabulary, enum schema_prefix prefix, struct span stem)
{
    uint64_t hash = XXH3_64bits_withSeed(stem.at, stem.size, vocabulary->seed + 1 + (uint64_t)prefix);
    __builtin_prefetch(&vocabulary->terms.slots[hash & vocabulary->terms.mask]);
    return hash;
}

static uint32_t term_add(struct cells *terms, struct slot *slot, uint64_t hash, struct span head, struct span stem)
{
    size_t size = head.size + stem.size;
    assert(size <= TERM_MAX_BYTES);
    struct vocabulary_term *added = cell_add(terms, slot, hash, offsetof(struct vocabulary_term, bytes) + size);
    memcpy(added->bytes, head.at, head.size);
    memcpy(added->bytes + head.size, stem.at, stem.size);
    added->head = term_head((struct span){added->bytes, size});
    added->document = 0;
    added->number = (uint32_t)terms->count;
    added->size = (uint8_t)size;
    return slot->at;
}

static uint32_t term_of(struct vocabulary *vocabulary, enum schema_prefix prefix, struct span stem, uint64_t hash)
{
    struct span head = schema_prefix(prefix);
    struct cells *terms = &vocabulary->terms;
    for (size_t i = hash & terms->mask;; i = (i + 1) & terms->mask) {
        struct slot *slot = &terms->slots[i];
        if (slot->at == 0)
            return term_add(terms, slot, hash, head, stem);
        const struct vocabulary_term *known = vocabulary_term(terms->units, slot->at);
        if (slot->tag == hash >> 32 && known->size == head.size + stem.size &&
            bytes_equal(known->bytes, head.at, head.size) && bytes_equal(known->bytes + head.size, stem.at, stem.size))
            return slot->at;
    }
}

/* ---- stems */

/* The word's own, and where its term will be looked for. A name is its own stem. */
static void stem_take(const struct vocabulary *vocabulary, struct vocabulary_asked *asked)
{
    asked->stem_size = asked->size;
    if (asked->prefix == PREFIX_NAME)
        memcpy(asked->stem, asked->bytes, asked->size);
    else
        asked->stem_size =
            (uint8_t)vocabulary->stemmer.stem(vocabulary->stemmer.self, asked->bytes, asked->size, asked->stem);
    asked->stem_hash = term_hash(vocabulary, asked->prefix, (struct span){asked->stem, asked->stem_size});
}

/* Only running text needs the parts, which are dear. What begins or ends with a digit or a sign has none. */
static bool may_have_parts(const struct vocabulary *vocabulary, const struct vocabulary_asked *asked)
{
    return asked->prefix == PREFIX_TEXT && vocabulary->compounds != NULL && (unsigned char)asked->bytes[0] >= 'a' &&
           (unsigned char)asked->bytes[asked->size - 1] >= 'a';
}

/* The stems of its parts, as size and bytes. */
static struct span parts_of(struct vocabulary *vocabulary, const struct vocabulary_asked *asked)
{
    char all[STEMS_MAX_BYTES];
    struct compound compound;
    struct span word = {asked->bytes, asked->size}, known;
    size_t size = 0;
    if (!may_have_parts(vocabulary, asked))
        return (struct span){0};
    if (memo_look(&vocabulary->past, word, asked->hash, &known))
        return known;
    compound_cut(vocabulary->compounds, word, (struct span){asked->stem, asked->stem_size}, &compound);
    for (size_t i = 0; i < compound.count; i++) {
        struct span stem = compound.stems[i].stem;
        all[size++] = (char)stem.size;
        memcpy(all + size, stem.at, stem.size);
        size += stem.size;
    }
    return memo_keep(&vocabulary->past, word, asked->hash, (struct span){all, size});
}

/* Terms of all parts: asked for before the first one is looked at. */
static void parts_add(struct vocabulary *vocabulary, struct word *word, struct span parts)
{
    uint64_t hashes[COMPOUND_STEMS_MAX];
    struct span stems[COMPOUND_STEMS_MAX];
    size_t count = 0;
    for (const char *at = parts.at, *end = at + parts.size; at < end; at += 1 + stems[count++].size) {
        stems[count] = (struct span){at + 1, (unsigned char)at[0]};
        hashes[count] = term_hash(vocabulary, PREFIX_PART, stems[count]);
    }
    word->parts = (uint32_t)vocabulary->part_count;
    word->part_count = (uint8_t)count;
    for (size_t i = 0; i < count; i++)
        vocabulary->parts[vocabulary->part_count++] = term_of(vocabulary, PREFIX_PART, stems[i], hashes[i]);
}

static void terms_add(struct vocabulary *vocabulary, struct vocabulary_asked *asked, struct word *word, uint32_t *own)
{
    if (!asked->fresh)
        stem_take(vocabulary, asked);
    struct span stem = {asked->stem, asked->stem_size};
    *own = stem.size > 0 ? term_of(vocabulary, asked->prefix, stem, asked->stem_hash) : 0;
    if (asked->prefix == PREFIX_TEXT)
        parts_add(vocabulary, word, parts_of(vocabulary, asked));
}

/* ---- words */

static bool has_room(const struct vocabulary *vocabulary)
{
    const struct cells *words = &vocabulary->words, *terms = &vocabulary->terms;
    return words->count < words->most && words->used + WORD_UNITS_MAX <= words->room &&
           terms->count + TERMS_A_WORD <= terms->most &&
           terms->used + (size_t)TERMS_A_WORD * TERM_UNITS_MAX <= terms->room &&
           vocabulary->part_count + COMPOUND_STEMS_MAX <= vocabulary->part_room;
}

/* Most words fit two numbers; what stands behind them there means nothing. */
enum { USUAL_BYTES = 16 };
#define BYTES(count) ((count) < 8 ? (UINT64_C(1) << (count) % 8 * 8) - 1 : UINT64_MAX)
#define WORD(size)                                                                                                     \
    {                                                                                                                  \
        BYTES(size), (size) < 8 ? 0 : BYTES((size)-8)                                                                  \
    }
static const uint64_t usual_masks[USUAL_BYTES + 1][2] = {WORD(0),  WORD(1),  WORD(2),  WORD(3),  WORD(4),  WORD(5),
                                                         WORD(6),  WORD(7),  WORD(8),  WORD(9),  WORD(10), WORD(11),
                                                         WORD(12), WORD(13), WORD(14), WORD(15), WORD(16)};

static uint64_t number_at(const char *at)
{
    uint64_t number;
    memcpy(&number, at, sizeof number);
    return number;
}

static uint64_t word_hash(const struct vocabulary *vocabulary, const char *bytes, size_t size)
{
    if (size > USUAL_BYTES)
        return XXH3_64bits_withSeed(bytes, size, vocabulary->seed);
    uint64_t first = (number_at(bytes) & usual_masks[size][0]) ^ vocabulary->seed;
    uint64_t second = (number_at(bytes + 8) & usual_masks[size][1]) ^ vocabulary->factor;
    __extension__ unsigned __int128 product = (unsigned __int128)first * second;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Both have room for as many bytes as are looked at. */
static bool word_is(const struct word *word, const char *bytes, size_t size)
{
    if (word->size != size)
        return false;
    if (size > USUAL_BYTES)
        return bytes_equal(word->bytes, bytes, size);
    return (((number_at(word->bytes) ^ number_at(bytes)) & usual_masks[size][0]) |
            ((number_at(word->bytes + 8) ^ number_at(bytes + 8)) & usual_masks[size][1])) == 0;
}

/* The slot of a word, or the free one where it belongs. */
static struct slot *slot_find(const struct cells *words, const struct vocabulary_asked *asked)
{
    for (size_t i = asked->hash & words->mask;; i = (i + 1) & words->mask) {
        struct slot *slot = &words->slots[i];
        const struct word *word = (const void *)(words->units + slot->at);
        if (slot->at == 0 || (slot->tag == asked->hash >> 32 && word_is(word, asked->bytes, asked->size)))
            return slot;
    }
}

void vocabulary_ask(const struct vocabulary *vocabulary, struct vocabulary_asked *asked)
{
    asked->hash = word_hash(vocabulary, asked->bytes, asked->size);
    __builtin_prefetch(&vocabulary->words.slots[asked->hash & vocabulary->words.mask]);
}

void vocabulary_fetch(const struct vocabulary *vocabulary, struct vocabulary_asked *asked)
{
    const struct slot *slot = &vocabulary->words.slots[asked->hash & vocabulary->words.mask];
    asked->fresh = slot->at == 0;
    if (!asked->fresh) {
        __builtin_prefetch(vocabulary->words.units + slot->at);
        return;
    }
    stem_take(vocabulary, asked);
    if (may_have_parts(vocabulary, asked)) {
        memo_fetch_slot(&vocabulary->past, asked->hash);
        compound_fetch(vocabulary->compounds, (struct span){asked->bytes, asked->size});
    }
}

void vocabulary_fetch_past(const struct vocabulary *vocabulary, const struct vocabulary_asked *asked)
{
    if (!asked->fresh)
        return;
    __builtin_prefetch(vocabulary->terms.units + vocabulary->terms.slots[asked->stem_hash & vocabulary->terms.mask].at);
    if (may_have_parts(vocabulary, asked))
        memo_fetch_entry(&vocabulary->past, asked->hash);
}

/* Where the number of a word's own term stands under a prefix. */
static size_t own_of(enum schema_prefix prefix)
{
    return prefix == PREFIX_TEXT ? 0 : prefix == PREFIX_TITLE ? 1 : 2;
}

/* The cell of a word that has its terms under the prefix. NULL if the vocabulary is full. */
static SELDOM const struct word *word_make(struct vocabulary *vocabulary, struct vocabulary_asked *asked)
{
    size_t which = own_of(asked->prefix);
    struct cells *words = &vocabulary->words;
    struct slot *slot = slot_find(words, asked);
    struct word *word = (void *)(words->units + slot->at);
    if (slot->at != 0 && word->own[which] != NOT_YET)
        return word;
    if (!has_room(vocabulary))
        return NULL;
    if (slot->at == 0) {
        word = cell_add(words, slot, asked->hash, offsetof(struct word, bytes) + asked->size);
        *word = (struct word){.size = asked->size, .own = {NOT_YET, NOT_YET, NOT_YET}};
        memcpy(word->bytes, asked->bytes, asked->size);
    }
    terms_add(vocabulary, asked, word, &word->own[which]);
    return word;
}

bool vocabulary_word(struct vocabulary *vocabulary, struct vocabulary_asked *asked, struct vocabulary_word *out)
{
    const struct cells *words = &vocabulary->words;
    const struct slot *slot = &words->slots[asked->hash & words->mask];
    const struct word *word = (const void *)(words->units + slot->at);
    size_t which = own_of(asked->prefix);
    if (slot->at == 0 || slot->tag != asked->hash >> 32 || !word_is(word, asked->bytes, asked->size) ||
        word->own[which] == NOT_YET)
        word = word_make(vocabulary, asked);
    if (word == NULL)
        return false;
    *out = (struct vocabulary_word){.own = word->own[which],
                                    .part_count = which == 0 ? word->part_count : 0,
                                    .parts = vocabulary->parts + word->parts};
    __builtin_prefetch(vocabulary->terms.units + out->own);
    __builtin_prefetch(out->parts);
    return true;
}
