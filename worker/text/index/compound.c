/* compound: cuts words into words. On text and search threads; each has its own cache. */
#include "compound.h"

#include "memo.h"
#include "word_piece.h"

#include <assert.h>
#include <stdlib.h>

enum {
    WORD_MAX_BYTES = 64,
    WORD_PAD = 8, /* readable behind it: see piece_is_short */
    SPLIT_MIN_LETTERS = 6,
    PART_COST = 20,
    FORM_MIN_LETTERS = 4,
    BYTES_PER_WORD = 48,
    RECORD_MAX_BYTES = 2048,
    STEM_MAX_BYTES = 128,
    FORMS_MAX_BYTES = (2 + WORDBOOK_FORMS_MAX) * (1 + STEM_MAX_BYTES)
};

/* Of parts that are no short words. */
static const uint32_t PART_LENGTHS = (UINT32_C(1) << (PIECE_MAX_BYTES + 1)) - (UINT32_C(1) << WORDBOOK_LENGTH_MIN);

/* A stretch of the word. */
struct stretch {
    uint8_t start, end;
};

/* A word on its way to its record: stems one behind the other as part, size, bytes. */
struct work {
    struct compound_cache *cache;
    struct span word, own; /* its bytes are below; its stem */
    char bytes[WORD_MAX_BYTES + WORD_PAD];
    uint8_t letters[WORD_MAX_BYTES + 1]; /* that begin before a byte of the word */
    uint64_t ends;                       /* bytes with which a letter ends, a bit each */
    uint64_t links;                      /* those that can stand between parts */
    bool plain;                          /* nothing but letters: numbers and signs make no compounds */
    struct stretch parts[COMPOUND_PARTS_MAX];
    size_t part_count;
    char record[RECORD_MAX_BYTES];
    size_t size, stem_count;
};

struct compound_cache {
    struct piece_book pieces;
    struct stemmer stemmer;
    struct memo records; /* of words */
    struct memo parts;   /* piece -> how it is cut, or its stems: see piece_of */
    uint64_t misses;
    struct work work; /* of the word that is being cut */
};

struct compound_cache *compound_cache_new(struct wordbook words, struct stemmer stemmer, size_t max_words)
{
    struct compound_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    cache->stemmer = stemmer;
    bool made = piece_book_make(&cache->pieces, words);
    made = memo_make(&cache->records, max_words, BYTES_PER_WORD) && made;
    made = memo_make(&cache->parts, max_words, BYTES_PER_WORD) && made;
    if (!made)
        compound_cache_free(&cache);
    return cache;
}

void compound_cache_free(struct compound_cache **cache)
{
    if (cache == NULL || *cache == NULL)
        return;
    memo_done(&(*cache)->records);
    memo_done(&(*cache)->parts);
    piece_book_done(&(*cache)->pieces);
    free(*cache);
    *cache = NULL;
}

uint64_t compound_misses(const struct compound_cache *cache)
{
    return cache->misses;
}

/* ---- what is known of stretches */

/* How long the words can be that begin here, or end; of the wanted ones. */
static uint32_t lengths_at(const struct compound_cache *cache, struct span at, uint32_t wanted)
{
    const struct wordbook *words = &cache->pieces.words;
    return words->lengths != NULL ? words->lengths(words->self, at.at, at.size, wanted) : wanted;
}

static uint32_t tails_of(const struct compound_cache *cache, struct span whole)
{
    const struct wordbook *words = &cache->pieces.words;
    uint32_t wanted = PART_LENGTHS | wordbook_length(whole.size);
    return words->tails != NULL ? words->tails(words->self, whole.at, whole.size, wanted) : wanted;
}

static size_t letters_in(const struct work *work, size_t start, size_t end)
{
    return (size_t)(work->letters[end] - work->letters[start]);
}

static bool is_part(struct work *work, size_t from, size_t to, size_t word_end)
{
    unsigned what = piece_of_word(&work->cache->pieces, span_cut(work->word, from, to));
    return (what & PIECE_WORD) != 0 && (what & (to == word_end ? PIECE_NEVER_LAST : PIECE_NEVER_FIRST)) == 0;
}

/* Sizes, bit n for n bytes, of what begins at `from`, as bits of the last bytes. */
static uint64_t last_bytes(uint64_t sizes, size_t from)
{
    return sizes >> 1 << from;
}

/* The bytes with which a part can end that begins at `from`, a bit each; `inside` are the ones to choose from. */
static uint64_t parts_at(struct work *work, struct stretch whole, size_t from, uint64_t inside)
{
    const struct piece_book *pieces = &work->cache->pieces;
    uint32_t wanted = (uint32_t)(inside >> from << 1) & PART_LENGTHS;
    uint64_t found = 0;
    if (wanted != 0)
        wanted = lengths_at(work->cache, span_cut(work->word, from, whole.end), wanted);
    for (uint64_t left = last_bytes(wanted, from) & inside; left != 0; left &= left - 1) {
        size_t to = (size_t)__builtin_ctzll(left) + 1;
        if (letters_in(work, from, to) >= PIECE_LETTERS_MIN && is_part(work, from, to, whole.end))
            found |= UINT64_C(1) << (to - 1);
    }
    uint64_t shorts = last_bytes(piece_short_sizes(pieces, work->word.at[from]), from) & inside;
    for (; shorts != 0; shorts &= shorts - 1) {
        size_t to = (size_t)__builtin_ctzll(shorts) + 1;
        if (letters_in(work, from, to) < PIECE_LETTERS_MIN && piece_is_short(pieces, span_cut(work->word, from, to)))
            found |= UINT64_C(1) << (to - 1);
    }
    return found;
}

static bool is_last(struct work *work, struct stretch whole, size_t from)
{
    if (letters_in(work, from, whole.end) < PIECE_LETTERS_MIN)
        return piece_is_short(&work->cache->pieces, span_cut(work->word, from, whole.end));
    return whole.end - from <= PIECE_MAX_BYTES && is_part(work, from, whole.end, whole.end);
}

/* The bytes behind which the last part can begin, a bit each; `tails` are the lengths of the words that end with it. */
static uint64_t before_last(struct work *work, struct stretch whole, uint32_t tails)
{
    uint64_t found = 0;
    tails = (tails & PART_LENGTHS) | piece_short_tails(&work->cache->pieces, work->word.at[whole.end - 1]);
    for (size_t most = whole.end - whole.start - 1U; tails != 0; tails &= tails - 1) {
        size_t size = (size_t)__builtin_ctz(tails);
        if (size > most)
            break;
        uint64_t before = UINT64_C(1) << (whole.end - size - 1);
        if ((before & work->ends) != 0 && is_last(work, whole, whole.end - size))
            found |= before;
    }
    return found;
}

/* ---- the search: the best way to reach each byte of a stretch */

/* Cost 0 is none. Few parts and long ones are cheap. */
struct reach {
    uint16_t cost;
    struct stretch part; /* the last one; the linking letter stands between its end and the byte */
};

static uint16_t cost_of(const struct work *work, struct stretch part, bool linked)
{
    size_t letters = letters_in(work, part.start, part.end);
    return (uint16_t)(PART_COST + (letters < PIECE_LETTERS_MIN ? 12 : 0) + (letters < 5 ? 4 : 0) + linked);
}

static void reach_by(struct work *work, struct reach *reach, size_t to, struct stretch part)
{
    uint16_t cost = (uint16_t)(reach[part.start].cost + cost_of(work, part, part.end != to));
    if (reach[to].cost == 0 || cost < reach[to].cost)
        reach[to] = (struct reach){cost, part};
}

/* Which of the targets can be reached from `from` by one part, with a linking letter or without, as bits of last
 * bytes. */
static uint64_t reach_on(struct work *work, struct reach *reach, struct stretch whole, size_t from, uint64_t targets)
{
    uint64_t last = UINT64_C(1) << (whole.end - 1), inside = work->ends & (last | (last - 1));
    if (from == whole.start)
        inside &= ~last; /* a part is not all of it */
    targets &= inside;
    uint64_t links = targets & work->links & ~last;
    uint64_t found = parts_at(work, whole, from, inside & (targets | links >> 1));
    uint64_t linked = found << 1 & links;
    found &= targets;
    for (uint64_t left = found | linked; left != 0; left &= left - 1) {
        uint8_t at = (uint8_t)__builtin_ctzll(left);
        if (found >> at & 1)
            reach_by(work, reach, at + 1U, (struct stretch){(uint8_t)from, (uint8_t)(at + 1)});
        if (linked >> at & 1)
            reach_by(work, reach, at + 1U, (struct stretch){(uint8_t)from, at});
    }
    return (found | linked) & ~last;
}

/* The end, from those of the places behind which the last part can begin; true if no way of more than `parts` parts can
 * be better. */
static bool reach_end(struct work *work, struct reach *reach, struct stretch whole, uint64_t places, unsigned parts)
{
    reach[whole.end].cost = 0;
    for (uint64_t left = places; left != 0; left &= left - 1) {
        uint8_t from = (uint8_t)(__builtin_ctzll(left) + 1);
        reach_by(work, reach, whole.end, (struct stretch){from, whole.end});
    }
    return reach[whole.end].cost != 0 && reach[whole.end].cost <= PART_COST * (parts + 1);
}

/* Most compounds have two parts or three, and few places from which one part goes to the end: so at first only ways
 * that come to them are looked for. All ways are, when a longer one could be cheaper, or there is none. */
static void reach_all(struct work *work, struct reach *reach, struct stretch whole, uint32_t tails)
{
    uint64_t places = before_last(work, whole, tails);
    reach[whole.end].cost = 0;
    if (places == 0 || reach_end(work, reach, whole, reach_on(work, reach, whole, whole.start, places), 2))
        return;
    uint64_t firsts = reach_on(work, reach, whole, whole.start, UINT64_MAX), seconds = firsts & places;
    for (uint64_t left = firsts; left != 0; left &= left - 1)
        seconds |= reach_on(work, reach, whole, (size_t)__builtin_ctzll(left) + 1, places);
    if (reach_end(work, reach, whole, seconds, 3))
        return;
    reach[whole.end].cost = 0;
    for (uint64_t left = firsts; left != 0; left &= left - 1)
        left |= reach_on(work, reach, whole, (size_t)__builtin_ctzll(left) + 1, UINT64_MAX);
}

/* The parts of the stretch in order; 0 if it is no compound. `tails` are the lengths of words at its end. */
static size_t split_once(struct work *work, struct stretch whole, uint32_t tails,
                         struct stretch out[static COMPOUND_PARTS_MAX])
{
    struct reach reach[WORD_MAX_BYTES + 1];
    struct stretch back[WORD_MAX_BYTES];
    size_t count = 0;
    if (letters_in(work, whole.start, whole.end) < SPLIT_MIN_LETTERS)
        return 0;
    memset(reach + whole.start, 0, (whole.end - whole.start + 1U) * sizeof *reach);
    reach[whole.start].cost = 1;
    reach_all(work, reach, whole, tails);
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

static struct span stem_of(const struct compound_cache *cache, struct span word, char out[static STEM_MAX_BYTES])
{
    return (struct span){out, cache->stemmer.stem(cache->stemmer.self, word.at, word.size, out)};
}

static size_t stem_put(char *out, size_t size, struct span stem)
{
    if (stem.size == 0 || stem.size > UINT8_MAX)
        return size;
    out[size] = (char)(uint8_t)stem.size;
    memcpy(out + size + 1, stem.at, stem.size);
    return size + 1 + stem.size;
}

static void stem_add(struct work *work, unsigned part, struct span stem)
{
    bool full = work->stem_count == COMPOUND_STEMS_MAX || work->size + 2 + stem.size > RECORD_MAX_BYTES;
    if (stem.size == 0 || stem.size > UINT8_MAX || full || span_equal(stem, work->own))
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

/* The stems of a word's dictionary forms, behind its own stem and that of the singular; as size and bytes. How many
 * bytes that are. */
static size_t forms_list(struct compound_cache *cache, struct span word, struct span stem, uint32_t tails,
                         char out[static FORMS_MAX_BYTES])
{
    char forms[WORDBOOK_FORMS_MAX][WORDBOOK_WORD_BYTES], form_stem[STEM_MAX_BYTES];
    size_t size = stem_put(out, 0, stem);
    size = stem_put(out, size, piece_singular(stem));
    if ((tails & wordbook_length(word.size)) == 0 || piece_letters(word) < FORM_MIN_LETTERS)
        return size;
    size_t count = piece_forms(&cache->pieces, word, forms);
    for (size_t i = 0; i < count; i++) {
        struct span form = span_of(forms[i]);
        if (form.size > 0 && form.size <= WORD_MAX_BYTES)
            size = stem_put(out, size, stem_of(cache, form, form_stem));
    }
    return size;
}

static size_t part_forms(struct compound_cache *cache, struct span part, uint32_t tails,
                         char out[static FORMS_MAX_BYTES])
{
    char stem[STEM_MAX_BYTES];
    return forms_list(cache, part, stem_of(cache, part, stem), tails, out);
}

static void forms_add(struct work *work, unsigned part, struct span list)
{
    for (size_t at = 0; at < list.size; at += 1 + (uint8_t)list.at[at])
        stem_add(work, part, (struct span){list.at + at + 1, (uint8_t)list.at[at]});
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
    uint32_t tails = tails_of(cache, piece);
    size_t count = split_once(work, at, tails, parts), size = 1 + 2 * count;
    record[0] = (char)count;
    for (size_t i = 0; i < count; i++) {
        record[1 + 2 * i] = (char)(parts[i].start - at.start);
        record[2 + 2 * i] = (char)(parts[i].end - at.start);
    }
    if (count == 0)
        size += part_forms(cache, piece, tails, record + 1);
    return memo_keep(&cache->parts, piece, hash, (struct span){record, size});
}

/* What is known of the parts will be asked for: so memory is asked for all of them. */
static void parts_fetch(const struct work *work, const struct stretch *parts, size_t count)
{
    const struct memo *memo = &work->cache->parts;
    uint64_t hashes[COMPOUND_PARTS_MAX];
    for (size_t i = 0; i < count; i++)
        memo_fetch_slot(memo, hashes[i] = memo_hash(span_cut(work->word, parts[i].start, parts[i].end)));
    for (size_t i = 0; i < count; i++)
        memo_fetch_entry(memo, hashes[i]);
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
static void split_word(struct work *work, uint32_t tails)
{
    struct stretch parts[COMPOUND_PARTS_MAX];
    size_t count = split_once(work, (struct stretch){0, (uint8_t)work->word.size}, tails, parts);
    size_t room = COMPOUND_PARTS_MAX;
    parts_fetch(work, parts, count);
    for (size_t i = 0; i < count; i++) {
        size_t used = work->part_count;
        split(work, parts[i], room - (count - 1 - i));
        room -= work->part_count - used;
    }
}

static void parts_add(struct work *work)
{
    char stem[STEM_MAX_BYTES];
    size_t count = work->part_count;
    for (size_t i = 0; i < count; i++) {
        char list[FORMS_MAX_BYTES];
        struct span record = piece_of(work, work->parts[i]);
        struct span stems = {record.at + 1, record.size - 1};
        if (record.at[0] != 0) { /* a compound for which there was no room */
            struct span part = span_cut(work->word, work->parts[i].start, work->parts[i].end);
            stems = (struct span){list, part_forms(work->cache, part, tails_of(work->cache, part), list)};
        }
        forms_add(work, (unsigned)i + 1, stems);
    }
    for (size_t length = 2; length < count; length++)
        for (size_t i = 0; i + length <= count; i++) {
            struct span join = span_cut(work->word, work->parts[i].start, work->parts[i + length - 1].end);
            stem_add(work, COMPOUND_JOIN, stem_of(work->cache, join, stem));
        }
}

static void word_work(struct work *work)
{
    char list[FORMS_MAX_BYTES];
    if (work->own.size == 0 || !work->plain)
        return;
    uint32_t tails = tails_of(work->cache, work->word);
    forms_add(work, COMPOUND_FORM, (struct span){list, forms_list(work->cache, work->word, work->own, tails, list)});
    split_word(work, tails);
    if (work->part_count > 1)
        parts_add(work);
}

static void word_take(struct work *work, struct span word)
{
    memcpy(work->bytes, word.at, word.size);
    work->word = (struct span){work->bytes, word.size};
    work->ends = work->links = 0;
    work->plain = true;
    uint8_t letters = 0;
    for (size_t i = 0; i < word.size; i++) {
        unsigned char byte = (unsigned char)word.at[i];
        bool begins = (byte & 0xC0) != 0x80;
        work->letters[i] = letters;
        letters = (uint8_t)(letters + begins);
        work->ends |= (uint64_t)begins << i;
        work->links |= (uint64_t)(byte == 's' || byte == 'e') << i;
        work->plain = work->plain && byte >= 'a' && (byte <= 'z' || byte >= 0x80);
    }
    work->letters[word.size] = letters;
    work->ends = work->ends >> 1 | UINT64_C(1) << (word.size - 1); /* where another begins, or the word ends */
}

/* ---- the cache */

static void work_run(struct compound_cache *cache, struct span word, struct span own, struct work *work)
{
    work->cache = cache;
    work->own = own;
    work->part_count = work->size = work->stem_count = 0;
    word_take(work, word);
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

void compound_fetch(const struct compound_cache *cache, struct span word)
{
    if (cache->pieces.words.fetch != NULL)
        cache->pieces.words.fetch(cache->pieces.words.self, word.at, word.size);
}

void compound_word(struct compound_cache *cache, struct span word, struct compound *out)
{
    assert(word.size >= 1 && word.size <= WORD_MAX_BYTES);
    uint64_t hash;
    struct span record;
    if (!memo_find(&cache->records, word, &hash, &record)) {
        compound_fetch(cache, word);
        char own[STEM_MAX_BYTES];
        work_run(cache, word, stem_of(cache, word, own), &cache->work);
        record = memo_keep(&cache->records, word, hash, (struct span){cache->work.record, cache->work.size});
    }
    record_read(record.at, record.size, out);
}

void compound_cut(struct compound_cache *cache, struct span word, struct span stem, struct compound *out)
{
    assert(word.size >= 1 && word.size <= WORD_MAX_BYTES);
    work_run(cache, word, stem, &cache->work);
    record_read(cache->work.record, cache->work.size, out);
}
