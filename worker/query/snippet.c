/* snippet: text and marks -> the best window. On a search thread. Pure but for the dictionary behind the language. */
#include "snippet.h"

#include "letter.h"
#include "token.h"

enum { MATCHES_MAX = 4096, UNITS_MAX = 64, FORM_MAX_BYTES = 10 };

struct match {
    size_t start, end;
    uint16_t unit;
    bool weak;
};

struct sieve {
    bool first[256];      /* a mark begins with this byte */
    unsigned char *pairs; /* a bit for two bytes that a folded mark begins with */
    unsigned char fold[256];
    bool begins[256];  /* a word that begins with this byte may begin as a mark does */
    bool strange[256]; /* its word must be cut to see what it is */
    struct span *folded;
    size_t count;
};

struct painting {
    struct arena *arena;
    struct language *language;
    const struct mark_list *marks;
    struct span text;
    struct sieve sieve;
    LIST(struct match) matches;
};

/* ---------------------------------------------------------------- what lights up */

/* The word with a for o, å, æ and ø, which change in irregular plurals: bog and bøger, barn and børn. */
static struct span vowels_fold(struct span word, char out[static TOKEN_MAX_BYTES])
{
    size_t size = 0;
    for (size_t i = 0; i < word.size && size < TOKEN_MAX_BYTES; i++) {
        bool danish = (unsigned char)word.at[i] == 0xC3 && i + 1 < word.size;
        out[size++] = danish || word.at[i] == 'o' ? 'a' : word.at[i];
        i += danish;
    }
    return (struct span){out, size};
}

/* What tells at a glance that a word lights up nowhere, which nearly all do. */
enum { PART_MIN_BYTES = 2 };

static unsigned pair_of(const char *at)
{
    return (unsigned)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

/* A byte of a text as the first of a letter that vowels_fold has; 0: the second one. */
static unsigned char letter_fold(unsigned char byte)
{
    bool capital = byte >= 'A' && byte <= 'Z', second = byte >= 0x80 && byte < 0xC0;
    unsigned char lower = (unsigned char)(byte + (capital ? 0x20 : 0));
    return second ? 0 : lower == 'o' || byte == 0xC3 ? 'a' : lower;
}

/* Letters of Danish are those of ASCII and those behind C3, where 97 and B7 are signs. */
static void letters_make(struct sieve *sieve)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        sieve->fold[byte] = letter_fold((unsigned char)byte);
        sieve->begins[byte] = sieve->first[byte] || (byte >= 'A' && byte <= 'Z' && sieve->first[byte + 0x20]);
        sieve->strange[byte] = byte == '.' || byte == 0x97 || byte == 0xB7 || (byte >= 0xC0 && byte != 0xC3);
    }
}

/* Faults: FAULT_REJECT arena.bound. */
static enum fault sieve_make(struct painting *painting, struct error *err)
{
    struct sieve *sieve = &painting->sieve;
    sieve->folded = arena_zero(painting->arena, painting->marks->count + 1, sizeof *sieve->folded);
    sieve->pairs = arena_zero(painting->arena, 1, (1 << 16) / 8);
    if (sieve->folded == NULL || sieve->pairs == NULL)
        return arena_full(err);
    for (size_t i = 0; i < painting->marks->count; i++) {
        char room[TOKEN_MAX_BYTES];
        struct span text = painting->marks->items[i].text, folded = vowels_fold(text, room);
        sieve->first[(unsigned char)text.at[0]] = true;
        if (text.size < PART_MIN_BYTES || folded.size < PART_MIN_BYTES)
            continue;
        struct text copy = arena_copy(painting->arena, folded);
        if (copy.at == NULL)
            return arena_full(err);
        sieve->folded[sieve->count++] = (struct span){copy.at, copy.size};
        sieve->pairs[pair_of(copy.at) / 8] |= (unsigned char)(1U << pair_of(copy.at) % 8);
    }
    letters_make(sieve);
    return FAULT_NONE;
}

/* Only words that may hold a mark are cut into parts, for that asks the dictionary: those that have it inside, or may
 * be another form of it. */
static bool may_hold(const struct painting *painting, struct span word)
{
    const struct sieve *sieve = &painting->sieve;
    char room[TOKEN_MAX_BYTES];
    if (word.size <= FORM_MAX_BYTES && sieve->first[(unsigned char)word.at[0]])
        return true;
    struct span folded = vowels_fold(word, room);
    for (size_t at = 0; at + PART_MIN_BYTES <= folded.size; at++) {
        unsigned pair = pair_of(folded.at + at);
        if ((sieve->pairs[pair / 8] >> pair % 8 & 1) == 0)
            continue;
        for (size_t i = 0; i < sieve->count; i++)
            if (span_starts(span_cut(folded, at, folded.size), sieve->folded[i]))
                return true;
    }
    return false;
}

static bool is_initial(struct span text, size_t point)
{
    return point > 0 && text.at[point - 1] >= 'A' && text.at[point - 1] <= 'Z';
}

/* Move `at` to the first place from there on where a word may light up: it begins as a mark does, or two letters in a
 * row are the first of a mark, or its bytes do not tell: initials between points, and letters beyond Danish. */
static bool sieve_next(const struct sieve *sieve, struct span text, size_t *at)
{
    for (unsigned before = ' '; *at < text.size; ++*at) {
        unsigned char byte = (unsigned char)text.at[*at], letter = sieve->fold[byte];
        if (sieve->strange[byte] && (byte != '.' || is_initial(text, *at)))
            return true;
        if (letter == 0)
            continue;
        unsigned pair = before << 8 | letter;
        if ((sieve->pairs[pair / 8] >> pair % 8 & 1) != 0 || (sieve->begins[byte] && !letter_is_word(before)))
            return true;
        before = letter;
    }
    return false;
}

static const struct mark *mark_of(const struct painting *painting, struct span stem, struct span word)
{
    const struct mark *weak = NULL;
    for (size_t i = 0; i < painting->marks->count; i++) {
        const struct mark *mark = &painting->marks->items[i];
        bool hit = mark->kind == MARK_PREFIX ? span_starts(word, mark->text) : span_equal(mark->text, stem);
        if (hit && mark->kind != MARK_PART)
            return mark;
        if (hit && weak == NULL)
            weak = mark;
    }
    return weak;
}

/* The Danish stemmer only takes away from the end, so a word's stem is how it begins. */
static const struct mark *whole_mark(struct painting *painting, struct span word)
{
    if (!painting->sieve.first[(unsigned char)word.at[0]])
        return NULL;
    for (size_t i = 0; i < painting->marks->count; i++)
        if (span_starts(word, painting->marks->items[i].text))
            return mark_of(painting, language_stem(painting->language, word), word);
    return NULL;
}

static const struct mark *word_mark(struct painting *painting, struct span word)
{
    struct compound compound;
    const struct mark *best = whole_mark(painting, word);
    if ((best != NULL && best->kind != MARK_PART) || !may_hold(painting, word))
        return best;
    language_compound(painting->language, word, &compound);
    for (size_t i = 0; i < compound.count; i++) {
        const struct mark *mark = mark_of(painting, compound.stems[i].stem, (struct span){"", 0});
        if (mark != NULL && (best == NULL || mark->kind != MARK_PART))
            best = mark;
    }
    return best;
}

/* The words between two spaces, from `from` on. */
static enum fault matches_add(struct painting *painting, size_t from, size_t end, struct error *err)
{
    struct token_scan scan;
    struct token token;
    token_begin(&scan, span_cut(painting->text, from, end));
    while (painting->matches.count < MATCHES_MAX && token_next(&scan, &token)) {
        const struct mark *mark = word_mark(painting, token.word);
        if (mark == NULL)
            continue;
        struct match *match = LIST_PUSH(painting->arena, &painting->matches);
        if (match == NULL)
            return arena_full(err);
        *match = (struct match){from + token.start, from + token.end, mark->unit, mark->kind == MARK_PART};
    }
    return FAULT_NONE;
}

/* Words are cut, put into lower case and looked at only where the sieve lets something through. No word goes over a
 * space. */
static enum fault matches_find(struct painting *painting, struct error *err)
{
    struct span text = painting->text;
    size_t at = 0;
    while (painting->marks->count > 0 && sieve_next(&painting->sieve, text, &at)) {
        size_t from = at, end = at;
        while (from > 0 && text.at[from - 1] != ' ')
            from--;
        while (end < text.size && text.at[end] != ' ')
            end++;
        TRY(matches_add(painting, from, end, err));
        at = end;
    }
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- the window */

/* What the matches from `first` on that fit into `bytes` are worth: different words first, then how many. */
static unsigned worth_of(const struct painting *painting, size_t first, size_t bytes)
{
    enum { STRONG = 40, WEAK = 12, AGAIN = 1 };
    const struct match *matches = painting->matches.items;
    unsigned worth = 0, best[UNITS_MAX] = {0};
    for (size_t i = first; i < painting->matches.count && matches[i].end - matches[first].start <= bytes; i++) {
        unsigned value = matches[i].weak ? WEAK : STRONG, unit = matches[i].unit % UNITS_MAX;
        worth += best[unit] < value ? value - best[unit] : AGAIN;
        best[unit] = best[unit] < value ? value : best[unit];
    }
    return worth;
}

struct window {
    size_t start, end;
};

static bool is_inside_word(struct span text, size_t at)
{
    return at > 0 && at < text.size && text.at[at - 1] != ' ' && text.at[at] != ' ';
}

static bool is_inside_character(struct span text, size_t at)
{
    return at < text.size && ((unsigned char)text.at[at] & 0xC0) == 0x80;
}

/* Move both ends to white space, or at least to the edge of a character; never over a match at `keep`. */
static struct window window_trim(struct span text, struct window window, struct window keep)
{
    enum { WORD_MAX = 40 };
    size_t start = window.start, end = window.end;
    while (start < keep.start && start - window.start < WORD_MAX && is_inside_word(text, start))
        start++;
    while (end > keep.end && window.end - end < WORD_MAX && is_inside_word(text, end))
        end--;
    if (is_inside_word(text, start))
        start = window.start;
    if (is_inside_word(text, end))
        end = window.end;
    while (is_inside_character(text, start))
        start++;
    while (end > start && is_inside_character(text, end))
        end--;
    while (start < end && text.at[start] == ' ')
        start++;
    while (end > start && text.at[end - 1] == ' ')
        end--;
    return (struct window){start, end};
}

static struct window window_of(const struct painting *painting, size_t bytes)
{
    const struct match *matches = painting->matches.items;
    struct span text = painting->text;
    size_t best = 0, last, count = painting->matches.count;
    unsigned worth = 0;
    if (text.size <= bytes)
        return (struct window){0, text.size};
    for (size_t i = 0; i < count; i++) {
        unsigned value = worth_of(painting, i, bytes);
        if (value > worth)
            worth = value, best = i;
    }
    if (count == 0 || matches[best].end - matches[best].start > bytes)
        return window_trim(text, (struct window){0, bytes}, (struct window){0, 0});
    for (last = best; last + 1 < count && matches[last + 1].end - matches[best].start <= bytes;)
        last++;
    struct window keep = {matches[best].start, matches[last].end};
    size_t before = (bytes - (keep.end - keep.start)) / 3;
    size_t start = keep.start > before ? keep.start - before : 0;
    start = start + bytes > text.size ? text.size - bytes : start;
    return window_trim(text, (struct window){start, start + bytes}, keep);
}

/* ---------------------------------------------------------------- HTML */

struct page {
    char *at;
    size_t size;
};

static void put(struct page *page, const char *string)
{
    size_t size = strlen(string);
    memcpy(page->at + page->size, string, size);
    page->size += size;
}

static void put_escaped(struct page *page, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.at[i]) {
        case '&': put(page, "&amp;"); break;
        case '<': put(page, "&lt;"); break;
        case '>': put(page, "&gt;"); break;
        case '"': put(page, "&quot;"); break;
        default: page->at[page->size++] = text.at[i]; break;
        }
    }
}

static void paint(const struct painting *painting, struct window window, struct page *page)
{
    size_t at = window.start;
    if (window.start > 0)
        put(page, "…");
    for (size_t i = 0; i < painting->matches.count; i++) {
        const struct match *match = &painting->matches.items[i];
        if (match->start < at || match->end > window.end)
            continue;
        put_escaped(page, span_cut(painting->text, at, match->start));
        put(page, "<mark>");
        put_escaped(page, span_cut(painting->text, match->start, match->end));
        put(page, "</mark>");
        at = match->end;
    }
    put_escaped(page, span_cut(painting->text, at, window.end));
    if (window.end < painting->text.size)
        put(page, "…");
}

enum fault snippet_make(struct arena *arena, struct language *language, const struct mark_list *marks, struct span text,
                        size_t bytes, struct span *snippet, struct error *err)
{
    enum { ESCAPED = 6, MARKED = 13, DOTS = 6 }; /* room for the longest escape, a mark, and both ends */
    struct painting painting = {.arena = arena, .language = language, .marks = marks, .text = text};
    TRY(sieve_make(&painting, err));
    TRY(matches_find(&painting, err));
    struct window window = window_of(&painting, bytes);
    size_t shown = window.end - window.start;
    struct page page = {arena_alloc(arena, shown * ESCAPED + (shown + 1) * MARKED + DOTS), 0};
    if (page.at == NULL)
        return arena_full(err);
    paint(&painting, window, &page);
    *snippet = (struct span){page.at, page.size};
    return FAULT_NONE;
}
