/* compound: cuts words into words. On text and search threads; each has its own cache. */
#include "compound.h"

#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

enum {
    WORD_MAX_BYTES = 64,
    PIECE_MAX_BYTES = 18, /* beyond, the dictionary tries compounds of its own, which costs a hundred times more */
    SPLIT_MIN_LETTERS = 6,
    FORM_MIN_LETTERS = 4,
    LETTERS_MIN = 4,       /* of a part that is not listed as short */
    PIECES_KEPT = 1 << 14, /* answers of the dictionary about pieces */
    SHORT_BITS = 4096,     /* of the filter before the list of short words */
    POOL_BYTES_PER_WORD = 48,
    RECORD_MAX_BYTES = 2048
};

struct slot {
    uint32_t tag;
    uint32_t at; /* word, then the record */
    uint16_t record_size;
    uint8_t word_size;
    bool used;
};

struct compound_cache {
    struct wordbook words;
    struct stem_cache *stems;
    struct slot *slots;
    size_t slot_mask;
    char *pool;
    size_t pool_size, pool_used, count;
    uint64_t *pieces; /* hash of a piece, its lowest bit says whether the dictionary knows it */
    uint64_t shorts[SHORT_BITS / 64];
    uint64_t misses;
};

/* A stretch of the word. */
struct stretch {
    uint8_t start, end;
};

/* A word on its way to its record: stems one behind the other as part, size, bytes. */
struct work {
    struct compound_cache *cache;
    struct span word;
    struct stretch parts[COMPOUND_PARTS_MAX];
    size_t part_count;
    char record[RECORD_MAX_BYTES];
    size_t size, stem_count;
};

static void shorts_fill(struct compound_cache *cache);

struct compound_cache *compound_cache_new(struct wordbook words, struct stem_cache *stems, size_t max_words)
{
    size_t slots = 32;
    while (slots < max_words * 2 && slots < SIZE_MAX / 64)
        slots *= 2;
    struct compound_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    *cache = (struct compound_cache){.words = words,
                                     .stems = stems,
                                     .slot_mask = slots - 1,
                                     .pool_size = slots / 2 * POOL_BYTES_PER_WORD + RECORD_MAX_BYTES + WORD_MAX_BYTES};
    cache->slots = calloc(slots, sizeof *cache->slots);
    cache->pool = malloc(cache->pool_size);
    cache->pieces = calloc(PIECES_KEPT, sizeof *cache->pieces);
    if (cache->slots == NULL || cache->pool == NULL || cache->pieces == NULL)
        compound_cache_free(&cache);
    else
        shorts_fill(cache);
    return cache;
}

void compound_cache_free(struct compound_cache **cache)
{
    if (cache == NULL || *cache == NULL)
        return;
    free((*cache)->slots);
    free((*cache)->pool);
    free((*cache)->pieces);
    free(*cache);
    *cache = NULL;
}

uint64_t compound_misses(const struct compound_cache *cache)
{
    return cache->misses;
}

/* ---- what is known of words */

static size_t letters_of(struct span word)
{
    size_t letters = 0;
    for (size_t i = 0; i < word.size; i++)
        letters += ((unsigned char)word.at[i] & 0xC0) != 0x80;
    return letters;
}

#define LISTED(word)                                                                                                   \
    if (span_equal(piece, SPAN(word)))                                                                                 \
        return true;

static bool is_short_word(struct span piece)
{
#define COMPOUND_SHORT(word) LISTED(word)
#define COMPOUND_NEVER_FIRST(word)
#define COMPOUND_NEVER_LAST(word)
#define COMPOUND_PLURAL(from, to)
#include "compound.def"
#undef COMPOUND_SHORT
#undef COMPOUND_NEVER_FIRST
    return false;
}

static bool is_never_first(struct span piece)
{
#define COMPOUND_SHORT(word)
#define COMPOUND_NEVER_FIRST(word) LISTED(word)
#include "compound.def"
#undef COMPOUND_NEVER_FIRST
#undef COMPOUND_NEVER_LAST
    return false;
}

static bool is_never_last(struct span piece)
{
#define COMPOUND_NEVER_FIRST(word)
#define COMPOUND_NEVER_LAST(word) LISTED(word)
#include "compound.def"
#undef COMPOUND_NEVER_LAST
#undef COMPOUND_PLURAL
    return false;
}

/* The stem of the singular; empty if the stem is of no irregular plural. */
static struct span singular_of(struct span stem)
{
#define COMPOUND_NEVER_LAST(word)
#define COMPOUND_PLURAL(from, to)                                                                                      \
    if (span_equal(stem, SPAN(from)))                                                                                  \
        return SPAN(to);
#include "compound.def"
#undef COMPOUND_SHORT
#undef COMPOUND_NEVER_FIRST
#undef COMPOUND_NEVER_LAST
#undef COMPOUND_PLURAL
    return (struct span){"", 0};
}

static size_t short_bit(struct span piece)
{
    return XXH3_64bits(piece.at, piece.size) % SHORT_BITS;
}

static void shorts_fill(struct compound_cache *cache)
{
#define COMPOUND_SHORT(word) cache->shorts[short_bit(SPAN(word)) / 64] |= UINT64_C(1) << short_bit(SPAN(word)) % 64;
#define COMPOUND_NEVER_FIRST(word)
#define COMPOUND_NEVER_LAST(word)
#define COMPOUND_PLURAL(from, to)
#include "compound.def"
#undef COMPOUND_SHORT
#undef COMPOUND_NEVER_FIRST
#undef COMPOUND_NEVER_LAST
#undef COMPOUND_PLURAL
}

/* Most pieces are no word of the list: one bit tells. */
static bool is_short(const struct compound_cache *cache, struct span piece)
{
    size_t bit = short_bit(piece);
    return cache->shorts[bit / 64] >> bit % 64 & 1 && is_short_word(piece);
}

static size_t forms_of(struct compound_cache *cache, struct span word,
                       char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES])
{
    char asked[WORD_MAX_BYTES + 1];
    memcpy(asked, word.at, word.size);
    asked[word.size] = '\0';
    return cache->words.forms(cache->words.self, asked, forms);
}

/* A word of four letters must be a dictionary form itself: "urer" and "gels" are none. */
static bool is_listed(struct compound_cache *cache, struct span piece)
{
    char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES];
    char word[WORD_MAX_BYTES + 1];
    memcpy(word, piece.at, piece.size);
    word[piece.size] = '\0';
    if (!cache->words.knows(cache->words.self, word))
        return false;
    if (letters_of(piece) > LETTERS_MIN)
        return true;
    size_t count = forms_of(cache, piece, forms);
    for (size_t i = 0; i < count; i++)
        if (span_equal(span_of(forms[i]), piece))
            return true;
    return false;
}

/* Ask the dictionary, unless it was asked lately. */
static bool is_word(struct compound_cache *cache, struct span piece)
{
    uint64_t hash = XXH3_64bits(piece.at, piece.size) & ~UINT64_C(1);
    uint64_t *kept = &cache->pieces[hash >> 20 & (PIECES_KEPT - 1)];
    if ((*kept & ~UINT64_C(1)) != hash)
        *kept = hash | is_listed(cache, piece);
    return *kept & 1;
}

static bool is_part(struct work *work, struct stretch at, size_t word_end)
{
    struct span piece = span_cut(work->word, at.start, at.end);
    if (piece.size > PIECE_MAX_BYTES)
        return false;
    if (letters_of(piece) < LETTERS_MIN)
        return is_short(work->cache, piece);
    return is_word(work->cache, piece) && !(at.end == word_end ? is_never_last(piece) : is_never_first(piece));
}

/* ---- the search */

/* The best way to reach a byte of the word: cost 0 is none. Few parts and long ones are cheap. */
struct reach {
    uint16_t cost;
    struct stretch part; /* the last one; the linking letter stands between its end and the byte */
};

static uint16_t cost_of(const struct work *work, struct stretch part, bool linked)
{
    size_t letters = letters_of(span_cut(work->word, part.start, part.end));
    return (uint16_t)(20 + (letters < LETTERS_MIN ? 12 : 0) + (letters < 5 ? 4 : 0) + linked);
}

static void reach_by(struct work *work, struct reach *reach, size_t from, size_t to, struct stretch part)
{
    uint16_t cost = (uint16_t)(reach[from].cost + cost_of(work, part, part.end != to));
    if (reach[to].cost == 0 || cost < reach[to].cost)
        reach[to] = (struct reach){cost, part};
}

static bool begins_letter(struct span word, size_t at)
{
    return at >= word.size || ((unsigned char)word.at[at] & 0xC0) != 0x80;
}

/* Everything that can be reached from `from` by one part, with a linking letter or without. */
static void reach_on(struct work *work, struct reach *reach, struct stretch whole, size_t from)
{
    struct span word = work->word;
    const struct wordbook *words = &work->cache->words;
    bool before = false; /* what ends a byte earlier is a part */
    for (size_t to = from + 1; to <= whole.end && to - from <= PIECE_MAX_BYTES + 1; to++) {
        struct stretch part = {(uint8_t)from, (uint8_t)to};
        bool all = from == whole.start && to == whole.end;
        if (!begins_letter(word, to) || all)
            continue;
        bool longer = letters_of(span_cut(word, from, to)) >= LETTERS_MIN; /* than the short words */
        bool alive = !longer || words->begins == NULL || words->begins(words->self, word.at + from, to - from);
        bool known = alive && is_part(work, part, whole.end);
        if (known)
            reach_by(work, reach, from, to, part);
        bool link = to < whole.end && to - from > 2 && (word.at[to - 1] == 's' || word.at[to - 1] == 'e');
        part.end--;
        if (link && before)
            reach_by(work, reach, from, to, part);
        before = known;
        if (!alive)
            return;
    }
}

/* The parts of the stretch in order; 0 if it is no compound. */
static size_t split_once(struct work *work, struct stretch whole, struct stretch out[static COMPOUND_PARTS_MAX])
{
    struct reach reach[WORD_MAX_BYTES + 1] = {0};
    struct stretch back[WORD_MAX_BYTES];
    size_t count = 0;
    if (letters_of(span_cut(work->word, whole.start, whole.end)) < SPLIT_MIN_LETTERS)
        return 0;
    reach[whole.start].cost = 1;
    for (size_t from = whole.start; from < whole.end; from++)
        if (reach[from].cost > 0)
            reach_on(work, reach, whole, from);
    if (reach[whole.end].cost == 0)
        return 0;
    for (size_t at = whole.end; at > whole.start; at = reach[at].part.start)
        back[count++] = reach[at].part;
    if (count < 2 || count > COMPOUND_PARTS_MAX)
        return 0;
    for (size_t i = 0; i < count; i++)
        out[i] = back[count - 1 - i];
    return count;
}

/* Cut each part again as long as it is a compound itself and there is room. */
static void split(struct work *work, struct stretch whole, size_t room)
{
    struct stretch parts[COMPOUND_PARTS_MAX];
    size_t count = split_once(work, whole, parts);
    if (count == 0 || count > room) {
        work->parts[work->part_count++] = whole;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t behind = count - 1 - i;
        size_t used = work->part_count;
        split(work, parts[i], room - behind);
        room -= work->part_count - used;
    }
}

/* ---- the record */

static void stem_add(struct work *work, unsigned part, struct span stem, struct span own)
{
    bool full = work->stem_count == COMPOUND_STEMS_MAX || work->size + 2 + stem.size > RECORD_MAX_BYTES;
    if (stem.size == 0 || stem.size > UINT8_MAX || full || span_equal(stem, own))
        return;
    for (size_t at = 0; at < work->size; at += 2 + (uint8_t)work->record[at + 1])
        if ((uint8_t)work->record[at] == part &&
            span_equal(stem, (struct span){work->record + at + 2, (uint8_t)work->record[at + 1]}))
            return;
    work->record[work->size] = (char)(uint8_t)part;
    work->record[work->size + 1] = (char)(uint8_t)stem.size;
    memcpy(work->record + work->size + 2, stem.at, stem.size);
    work->size += 2 + stem.size;
    work->stem_count++;
}

/* The stems of a word's dictionary forms; the word's own stem as well if it is a part. */
static void forms_add(struct work *work, unsigned part, struct span word, struct span own)
{
    char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES];
    struct span stem = stem_cache_word(work->cache->stems, word);
    stem_add(work, part, stem, own);
    stem_add(work, part, singular_of(stem), own);
    if (letters_of(word) < FORM_MIN_LETTERS)
        return;
    size_t count = forms_of(work->cache, word, forms);
    for (size_t i = 0; i < count; i++) {
        struct span form = span_of(forms[i]);
        if (form.size > 0 && form.size <= WORD_MAX_BYTES)
            stem_add(work, part, stem_cache_word(work->cache->stems, form), own);
    }
}

static void parts_add(struct work *work, struct span own)
{
    size_t count = work->part_count;
    for (size_t i = 0; i < count; i++)
        forms_add(work, (unsigned)i + 1, span_cut(work->word, work->parts[i].start, work->parts[i].end), own);
    for (size_t length = 2; length < count; length++)
        for (size_t i = 0; i + length <= count; i++) {
            struct span join = span_cut(work->word, work->parts[i].start, work->parts[i + length - 1].end);
            stem_add(work, COMPOUND_JOIN, stem_cache_word(work->cache->stems, join), own);
        }
}

/* Letters only: numbers and signs make no compounds. */
static bool is_plain(struct span word)
{
    for (size_t i = 0; i < word.size; i++) {
        unsigned char c = (unsigned char)word.at[i];
        if (c < 'a' || (c > 'z' && c < 0x80))
            return false;
    }
    return true;
}

static void word_work(struct work *work)
{
    char own_bytes[128];
    struct span own = stem_cache_word(work->cache->stems, work->word);
    if (own.size == 0 || own.size > sizeof own_bytes || !is_plain(work->word))
        return;
    memcpy(own_bytes, own.at, own.size); /* the cache forgets it with the next word */
    own.at = own_bytes;
    forms_add(work, COMPOUND_FORM, work->word, own);
    split(work, (struct stretch){0, (uint8_t)work->word.size}, COMPOUND_PARTS_MAX);
    if (work->part_count > 1)
        parts_add(work, own);
}

/* ---- the cache */

static struct slot *slot_find(const struct compound_cache *cache, struct span word, uint64_t hash)
{
    for (size_t i = hash & cache->slot_mask;; i = (i + 1) & cache->slot_mask) {
        struct slot *slot = &cache->slots[i];
        if (!slot->used)
            return slot;
        if (slot->tag == hash >> 32 && slot->word_size == word.size &&
            memcmp(cache->pool + slot->at, word.at, word.size) == 0)
            return slot;
    }
}

static struct slot *slot_fill(struct compound_cache *cache, struct slot *slot, uint64_t hash, const struct work *work)
{
    size_t need = work->word.size + work->size;
    if (cache->count > cache->slot_mask / 2 || cache->pool_size - cache->pool_used < need) {
        memset(cache->slots, 0, (cache->slot_mask + 1) * sizeof *cache->slots);
        cache->count = cache->pool_used = 0;
        slot = slot_find(cache, work->word, hash);
    }
    *slot = (struct slot){.tag = (uint32_t)(hash >> 32),
                          .at = (uint32_t)cache->pool_used,
                          .record_size = (uint16_t)work->size,
                          .word_size = (uint8_t)work->word.size,
                          .used = true};
    memcpy(cache->pool + slot->at, work->word.at, work->word.size);
    memcpy(cache->pool + slot->at + work->word.size, work->record, work->size);
    cache->pool_used += need;
    cache->count++;
    return slot;
}

void compound_word(struct compound_cache *cache, struct span word, struct compound *out)
{
    assert(word.size >= 1 && word.size <= WORD_MAX_BYTES);
    uint64_t hash = XXH3_64bits(word.at, word.size);
    struct slot *slot = slot_find(cache, word, hash);
    if (!slot->used) {
        struct work work;
        work.cache = cache;
        work.word = word;
        work.part_count = work.size = work.stem_count = 0;
        cache->misses++;
        word_work(&work);
        slot = slot_fill(cache, slot, hash, &work);
    }
    const char *record = cache->pool + slot->at + slot->word_size;
    out->count = out->parts = 0;
    for (size_t at = 0; at < slot->record_size; at += 2 + (uint8_t)record[at + 1]) {
        struct compound_stem *stem = &out->stems[out->count++];
        stem->part = (uint8_t)record[at];
        stem->stem = (struct span){record + at + 2, (uint8_t)record[at + 1]};
        if (stem->part != COMPOUND_JOIN && stem->part > out->parts)
            out->parts = stem->part;
    }
}
