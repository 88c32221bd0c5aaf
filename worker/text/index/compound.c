/* compound: cuts words into words. On text and search threads; each has its own cache. */
#include "compound.h"

#include "memo.h"

#include <assert.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    WORD_MAX_BYTES = 64,
    PIECE_MAX_BYTES = 18, /* beyond, the dictionary tries compounds of its own, which costs a hundred times more */
    SPLIT_MIN_LETTERS = 6,
    FORM_MIN_LETTERS = 4,
    LETTERS_MIN = 4,       /* of a part that is not listed as short */
    PIECES_KEPT = 1 << 14, /* answers of the dictionary about pieces */
    SHORT_BITS = 4096,     /* of the filter before the list of short words */
    BYTES_PER_WORD = 48,
    RECORD_MAX_BYTES = 2048,
    STEM_MAX_BYTES = 128,
    FORMS_MAX_BYTES = (2 + WORDBOOK_FORMS_MAX) * (1 + STEM_MAX_BYTES)
};

/* A stretch of the word. */
struct stretch {
    uint8_t start, end;
};

/* A word on its way to its record: stems one behind the other as part, size, bytes. */
struct work {
    struct compound_cache *cache;
    struct span word;
    uint8_t letters[WORD_MAX_BYTES + 1]; /* that begin before a byte of the word */
    struct stretch parts[COMPOUND_PARTS_MAX];
    size_t part_count;
    char record[RECORD_MAX_BYTES];
    size_t size, stem_count;
};

struct compound_cache {
    struct wordbook words;
    struct stem_cache *stems;
    struct memo records; /* of words */
    struct memo parts;   /* piece -> how it is cut, or its stems: see piece_of */
    uint64_t *pieces;    /* hash of a piece, its lowest bit says whether the dictionary knows it */
    uint64_t shorts[SHORT_BITS / 64];
    uint64_t misses;
    struct work work; /* of the word that is being cut */
};

static void shorts_fill(struct compound_cache *cache);

struct compound_cache *compound_cache_new(struct wordbook words, struct stem_cache *stems, size_t max_words)
{
    struct compound_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    cache->words = words;
    cache->stems = stems;
    cache->pieces = calloc(PIECES_KEPT, sizeof *cache->pieces);
    bool made =
        memo_make(&cache->records, max_words, BYTES_PER_WORD) && memo_make(&cache->parts, max_words, BYTES_PER_WORD);
    if (!made || cache->pieces == NULL)
        compound_cache_free(&cache);
    else
        shorts_fill(cache);
    return cache;
}

void compound_cache_free(struct compound_cache **cache)
{
    if (cache == NULL || *cache == NULL)
        return;
    memo_done(&(*cache)->records);
    memo_done(&(*cache)->parts);
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

static size_t letters_in(const struct work *work, size_t start, size_t end)
{
    return (size_t)(work->letters[end] - work->letters[start]);
}

static bool is_part(struct work *work, struct stretch at, size_t word_end)
{
    struct span piece = span_cut(work->word, at.start, at.end);
    if (piece.size > PIECE_MAX_BYTES)
        return false;
    if (letters_in(work, at.start, at.end) < LETTERS_MIN)
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
    size_t letters = letters_in(work, part.start, part.end);
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

/* How long the words can be that begin here. */
static uint32_t lengths_at(const struct wordbook *words, struct span at)
{
    return words->lengths != NULL ? words->lengths(words->self, at.at, at.size) : UINT32_MAX;
}

/* Everything that can be reached from `from` by one part, with a linking letter or without; `lengths` are those of the
 * words that begin there. */
static void reach_on(struct work *work, struct reach *reach, struct stretch whole, size_t from, uint32_t lengths)
{
    struct span word = work->word;
    bool before = false; /* what ends a byte earlier is a part */
    for (size_t to = from + 1; to <= whole.end && to - from <= PIECE_MAX_BYTES + 1; to++) {
        struct stretch part = {(uint8_t)from, (uint8_t)to};
        bool all = from == whole.start && to == whole.end;
        if (!begins_letter(word, to) || all)
            continue;
        bool longer = letters_in(work, from, to) >= LETTERS_MIN; /* than the short words, which are listed here */
        bool known = (!longer || (lengths & wordbook_length(to - from)) != 0) && is_part(work, part, whole.end);
        if (known)
            reach_by(work, reach, from, to, part);
        bool link = before && to < whole.end && to - from > 2 && (word.at[to - 1] == 's' || word.at[to - 1] == 'e');
        part.end--;
        if (link)
            reach_by(work, reach, from, to, part);
        before = known;
        if (longer && !before && lengths >> (to - from) < 2)
            return; /* nothing goes on */
    }
}

/* The parts of the stretch in order; 0 if it is no compound. `first` are the lengths at its start. */
static size_t split_once(struct work *work, struct stretch whole, uint32_t first,
                         struct stretch out[static COMPOUND_PARTS_MAX])
{
    struct reach reach[WORD_MAX_BYTES + 1];
    struct stretch back[WORD_MAX_BYTES];
    size_t count = 0;
    if (letters_in(work, whole.start, whole.end) < SPLIT_MIN_LETTERS)
        return 0;
    memset(reach + whole.start, 0, (whole.end - whole.start + 1U) * sizeof *reach);
    reach[whole.start].cost = 1;
    for (size_t from = whole.start; from < whole.end; from++)
        if (reach[from].cost > 0)
            reach_on(work, reach, whole, from,
                     from == whole.start ? first
                                         : lengths_at(&work->cache->words, span_cut(work->word, from, whole.end)));
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

/* ---- the record */

static size_t stem_put(char *out, size_t size, struct span stem)
{
    if (stem.size == 0 || stem.size > UINT8_MAX)
        return size;
    out[size] = (char)(uint8_t)stem.size;
    memcpy(out + size + 1, stem.at, stem.size);
    return size + 1 + stem.size;
}

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

/* The stems of a word and of its dictionary forms, as size and bytes; how many bytes that are. */
static size_t forms_list(struct compound_cache *cache, struct span word, uint32_t lengths,
                         char out[static FORMS_MAX_BYTES])
{
    char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES];
    struct span stem = stem_cache_word(cache->stems, word);
    size_t size = stem_put(out, 0, stem);
    size = stem_put(out, size, singular_of(stem));
    if ((lengths & wordbook_length(word.size)) == 0 || letters_of(word) < FORM_MIN_LETTERS)
        return size;
    size_t count = forms_of(cache, word, forms);
    for (size_t i = 0; i < count; i++) {
        struct span form = span_of(forms[i]);
        if (form.size > 0 && form.size <= WORD_MAX_BYTES)
            size = stem_put(out, size, stem_cache_word(cache->stems, form));
    }
    return size;
}

static void forms_add(struct work *work, unsigned part, struct span list, struct span own)
{
    for (size_t at = 0; at < list.size; at += 1 + (uint8_t)list.at[at])
        stem_add(work, part, (struct span){list.at + at + 1, (uint8_t)list.at[at]}, own);
}

/* ---- parts: what a piece is does not depend on the word that it is cut from */

/* count of parts, then their places as start and end; or 0, then its stems. Valid until the next call. */
static struct span piece_of(struct work *work, struct stretch at)
{
    struct compound_cache *cache = work->cache;
    struct span piece = span_cut(work->word, at.start, at.end), known;
    struct stretch parts[COMPOUND_PARTS_MAX];
    char record[1 + FORMS_MAX_BYTES];
    uint64_t hash;
    if (memo_find(&cache->parts, piece, &hash, &known))
        return known;
    uint32_t first = lengths_at(&cache->words, piece);
    size_t count = split_once(work, at, first, parts), size = 1 + 2 * count;
    record[0] = (char)count;
    for (size_t i = 0; i < count; i++) {
        record[1 + 2 * i] = (char)(parts[i].start - at.start);
        record[2 + 2 * i] = (char)(parts[i].end - at.start);
    }
    if (count == 0)
        size += forms_list(cache, piece, first, record + 1);
    return memo_keep(&cache->parts, piece, hash, (struct span){record, size});
}

/* Cut each part again as long as it is a compound itself and there is room. */
static void split(struct work *work, struct stretch whole, size_t room)
{
    struct stretch parts[COMPOUND_PARTS_MAX];
    struct span record = piece_of(work, whole);
    size_t count = (uint8_t)record.at[0];
    if (count == 0 || count > room) {
        work->parts[work->part_count++] = whole;
        return;
    }
    for (size_t i = 0; i < count; i++)
        parts[i] = (struct stretch){(uint8_t)(whole.start + record.at[1 + 2 * i]),
                                    (uint8_t)(whole.start + record.at[2 + 2 * i])};
    for (size_t i = 0; i < count; i++) {
        size_t behind = count - 1 - i;
        size_t used = work->part_count;
        split(work, parts[i], room - behind);
        room -= work->part_count - used;
    }
}

/* The whole word is not remembered as a part: it is asked for once. */
static void split_word(struct work *work, uint32_t first)
{
    struct stretch parts[COMPOUND_PARTS_MAX];
    size_t count = split_once(work, (struct stretch){0, (uint8_t)work->word.size}, first, parts);
    size_t room = COMPOUND_PARTS_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t used = work->part_count;
        split(work, parts[i], room - (count - 1 - i));
        room -= work->part_count - used;
    }
}

static void parts_add(struct work *work, struct span own)
{
    size_t count = work->part_count;
    for (size_t i = 0; i < count; i++) {
        char list[FORMS_MAX_BYTES];
        struct span record = piece_of(work, work->parts[i]);
        struct span stems = {record.at + 1, record.size - 1};
        if (record.at[0] != 0) { /* a compound for which there was no room */
            struct span part = span_cut(work->word, work->parts[i].start, work->parts[i].end);
            uint32_t first = lengths_at(&work->cache->words, part);
            stems = (struct span){list, forms_list(work->cache, part, first, list)};
        }
        forms_add(work, (unsigned)i + 1, stems, own);
    }
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
    char own_bytes[STEM_MAX_BYTES], list[FORMS_MAX_BYTES];
    struct span own = stem_cache_word(work->cache->stems, work->word);
    if (own.size == 0 || own.size > sizeof own_bytes || !is_plain(work->word))
        return;
    memcpy(own_bytes, own.at, own.size); /* the cache forgets it with the next word */
    own.at = own_bytes;
    uint32_t first = lengths_at(&work->cache->words, work->word);
    forms_add(work, COMPOUND_FORM, (struct span){list, forms_list(work->cache, work->word, first, list)}, own);
    split_word(work, first);
    if (work->part_count > 1)
        parts_add(work, own);
}

/* ---- the cache */

static void work_run(struct compound_cache *cache, struct span word, struct work *work)
{
    work->cache = cache;
    work->word = word;
    work->part_count = work->size = work->stem_count = 0;
    work->letters[0] = 0;
    for (size_t i = 0; i < word.size; i++)
        work->letters[i + 1] = (uint8_t)(work->letters[i] + begins_letter(word, i));
    cache->misses++;
    word_work(work);
}

static void record_read(const char *record, size_t size, struct compound *out)
{
    out->count = out->parts = 0;
    for (size_t at = 0; at < size; at += 2 + (uint8_t)record[at + 1]) {
        struct compound_stem *stem = &out->stems[out->count++];
        stem->part = (uint8_t)record[at];
        stem->stem = (struct span){record + at + 2, (uint8_t)record[at + 1]};
        if (stem->part != COMPOUND_JOIN && stem->part > out->parts)
            out->parts = stem->part;
    }
}

void compound_word(struct compound_cache *cache, struct span word, struct compound *out)
{
    assert(word.size >= 1 && word.size <= WORD_MAX_BYTES);
    uint64_t hash;
    struct span record;
    if (!memo_find(&cache->records, word, &hash, &record)) {
        work_run(cache, word, &cache->work);
        record = memo_keep(&cache->records, word, hash, (struct span){cache->work.record, cache->work.size});
    }
    record_read(record.at, record.size, out);
}

void compound_cut(struct compound_cache *cache, struct span word, struct compound *out)
{
    assert(word.size >= 1 && word.size <= WORD_MAX_BYTES);
    work_run(cache, word, &cache->work);
    record_read(cache->work.record, cache->work.size, out);
}
