/* line: cuts the clean text into lines and says what kind each is. Second stage of reading, pure. */
#include "line.h"

#include "line_pair.h"
#include "words.h"

#include <string.h>

/* The size of a bullet ("- ", "• ", "· ", "* ", "o ") at `at`, with the white space behind it; 0 if there is none. */
static size_t bullet_size(const char *at, const char *end)
{
    static const struct span bullets[] = {WORD("-"), WORD("–"), WORD("•"), WORD("·"), WORD("*"),
                                          WORD("▪"), WORD("●"), WORD("o"), WORD(""),  WORD("‣"),
                                          WORD("▸"), WORD("►"), WORD("■"), WORD("◆"), WORD("➤")};
    struct span text = {at, (size_t)(end - at)};
    unsigned char first = (unsigned char)*at;
    bool may = first == '-' || first == '*' || first == 'o' || first == 0xC2 || first == 0xE2 || first == 0xEF;
    for (size_t i = 0; may && i < sizeof bullets / sizeof *bullets; i++) {
        size_t size = bullets[i].size;
        if (text.size <= size || !span_starts(text, bullets[i]) || (at[size] != ' ' && at[size] != '\t'))
            continue;
        const char *cursor = at + size;
        while (cursor < end && (*cursor == ' ' || *cursor == '\t'))
            cursor++;
        return cursor < end ? (size_t)(cursor - at) : 0;
    }
    return 0;
}

static bool has_word(const char *at, const char *end, struct span word)
{
    for (const char *cursor = at; cursor + word.size <= end; cursor++)
        if (*cursor == *word.at && memcmp(cursor, word.at, word.size) == 0)
            return true;
    return false;
}

/* Two cells: " | ". */
static bool has_bar(const char *at, const char *end)
{
    for (const char *bar = at; (bar = memchr(bar, '|', (size_t)(end - bar))) != NULL; bar++)
        if (bar > at && bar + 1 < end && bar[-1] == ' ' && bar[1] == ' ')
            return true;
    return false;
}

/* The first tab, bar or gap of three spaces in the line, or its end. Sixteen places at a time. */
static const char *next_gap(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i tab = _mm_set1_epi8('\t'), bar = _mm_set1_epi8('|'), space = _mm_set1_epi8(' ');
    for (; end - at >= 18; at += 16) {
        __m128i first = _mm_loadu_si128((const __m128i *)at), second = _mm_loadu_si128((const __m128i *)(at + 1)),
                third = _mm_loadu_si128((const __m128i *)(at + 2));
        __m128i gap = _mm_and_si128(_mm_cmpeq_epi8(first, space),
                                    _mm_and_si128(_mm_cmpeq_epi8(second, space), _mm_cmpeq_epi8(third, space)));
        __m128i mark = _mm_or_si128(_mm_cmpeq_epi8(first, tab), _mm_cmpeq_epi8(first, bar));
        unsigned places = (unsigned)_mm_movemask_epi8(_mm_or_si128(mark, gap));
        if (places)
            return at + __builtin_ctz(places);
    }
#endif
    for (; at < end; at++)
        if (*at == '\t' || *at == '|' || (*at == ' ' && end - at > 2 && at[1] == ' ' && at[2] == ' '))
            return at;
    return end;
}

/* The end of the line that begins at `at`; *cells: a tab, a bar or a gap of three spaces stands on it. */
static const char *line_end(const char *at, const char *end, bool *cells)
{
#ifdef __SSE2__
    const __m128i tab = _mm_set1_epi8('\t'), bar = _mm_set1_epi8('|'), space = _mm_set1_epi8(' '),
                  line = _mm_set1_epi8('\n');
    for (; at < end; at += 16) {
        __m128i first = bytes_load(at), second = bytes_load(at + 1), third = bytes_load(at + 2);
        __m128i gap = _mm_and_si128(_mm_cmpeq_epi8(first, space),
                                    _mm_and_si128(_mm_cmpeq_epi8(second, space), _mm_cmpeq_epi8(third, space)));
        __m128i mark = _mm_or_si128(_mm_cmpeq_epi8(first, tab), _mm_cmpeq_epi8(first, bar));
        unsigned gaps = (unsigned)_mm_movemask_epi8(_mm_or_si128(mark, gap));
        unsigned stops = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(first, line));
        if (stops) {
            *cells = *cells || gaps & (stops - 1) & ~stops;
            return at + __builtin_ctz(stops);
        }
        *cells = *cells || gaps;
    }
    return end;
#else
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    stop = stop ? stop : end;
    *cells = next_gap(at, stop) < stop;
    return stop;
#endif
}

/* Cells stand between tabs or bars; in a text made from a PDF between gaps of three spaces, twice at least. */
static bool is_row(const char *at, const char *end)
{
    size_t gaps = 0;
    bool bars = false;
    for (const char *gap = at; (gap = next_gap(gap, end)) < end;) {
        if (*gap == '\t')
            return true;
        bars = bars || *gap == '|';
        gaps += *gap == ' ';
        gap++;
        while (gap[-1] == ' ' && gap < end && *gap == ' ')
            gap++;
    }
    return gaps >= 2 || (bars && (*at == '|' || has_bar(at, end)));
}

/* No small letter, and three capitals at least. Capital Æ, Ø, Å and their kin are C3 80..9E, the small ones C3 9F..BF.
 */
static bool is_capitals(const char *at, const char *end)
{
    size_t capitals = 0;
#ifdef __SSE2__
    unsigned small = (unsigned)_mm_movemask_epi8(bytes_between(bytes_load(at), 'a', 'z'));
    if (end - at < 16)
        small &= (1U << (end - at)) - 1;
    if (small) /* as most lines have near their beginning */
        return false;
#endif
    for (; at < end; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= 'a' && c <= 'z')
            return false;
        if (c == 0xC3 && at + 1 < end) {
            if ((unsigned char)*++at >= 0x9F)
                return false;
            capitals++;
        }
        capitals += c >= 'A' && c <= 'Z';
    }
    return capitals >= 3;
}

/* "8 Økonomiudvalget,": what a transcript prints above the text of each page. */
static bool is_page_head(const char *at, const char *end)
{
    static const struct span tails[] = {WORD("udvalget,"), WORD("Udvalget,"), WORD("rådet,"), WORD("styrelsen,"),
                                        WORD("nævnet,")};
    const char *head = at;
    while (head < end && *head >= '0' && *head <= '9')
        head++;
    struct span name = {head, (size_t)(end - head)};
    bool numbered = head > at && head - at < 4 && *head == ' ' && name.size < 60;
    for (size_t i = 0; numbered && i < sizeof tails / sizeof *tails; i++)
        if (word_ends(name, tails[i]))
            return true;
    return false;
}

/* "Side 3 af 12", alone or behind the name of the document: the head or foot of a page. */
static bool is_page(const char *at, const char *end)
{
    if (end - at < 6 || end - at > 250)
        return false;
    if (end[-1] == ',')
        return is_page_head(at, end);
    const char *tail = end;
    while (tail > at && ((tail[-1] >= '0' && tail[-1] <= '9') || tail[-1] == ' '))
        tail--;
    if (tail == end)
        return false;
    bool pages = tail - at >= 3 && memcmp(tail - 2, "af", 2) == 0 &&
                 has_word(tail - at > 14 ? tail - 14 : at, tail, SPAN("ide "));
    bool page = tail - at >= 4 && memcmp(tail - 3, "ide", 3) == 0 && (tail - at == 4 || tail[-5] == ' ');
    bool capitals = tail - at == 4 && memcmp(tail - 4, "SIDE", 4) == 0;
    bool sheet = tail - at < 10 && memcmp(at, "Blad ", 5) == 0; /* "Blad nr. 31" */
    return pages || page || capitals || sheet;
}

/* "IV" in the middle of a line, "Side iv": the number of a page. */
static bool is_roman(const char *at, const char *end)
{
    bool named = end - at > 5 && memcmp(at, "Side ", 5) == 0;
    at += named ? 5 : 0;
    if (end - at > 6 || at == end)
        return false;
    while (at < end && strchr(named && *at >= 'a' ? "ivxl" : "IVXL", *at))
        at++;
    return at == end;
}

/* An entry of a table of contents leads the eye to a page: "Orientering ..... 2". */
static bool is_contents(const char *at, const char *end)
{
    const char *tail = end;
    while (tail > at && ((tail[-1] >= '0' && tail[-1] <= '9') || tail[-1] == ' ' || tail[-1] == '\t'))
        tail--;
    if (tail - at < 5)
        return false;
    if (memcmp(tail - 3, "...", 3) == 0) { /* but "Formandens initialer: ....." is a field to fill in */
        const char *words = tail;
        while (words > at && (words[-1] == '.' || words[-1] == ' '))
            words--;
        return tail < end || words == at || words[-1] != ':';
    }
    return tail - at > 5 && (memcmp(tail - 5, ". . .", 5) == 0 || memcmp(tail - 3, "…", 3) == 0);
}

/* "Medlemmer Ulla Brask (A), Sten Yde (V)": parties in brackets show a list of members behind the label. */
static bool has_party(const char *at, const char *end)
{
    for (const char *bracket = at; (bracket = memchr(bracket, '(', (size_t)(end - bracket))) != NULL; bracket++) {
        const char *stop = memchr(bracket, ')', (size_t)(end - bracket));
        unsigned char first = stop ? (unsigned char)bracket[1] : 0;
        if (stop && stop - bracket <= 3 && ((first >= 'A' && first <= 'Z') || first == 0xC3))
            return true;
    }
    return false;
}

/* A section heading must stand alone; other labels may be followed by their value. */
static bool label_fits(struct label_match match, const char *at, const char *end)
{
    size_t left = (size_t)(end - at) - match.size;
    switch (match.label) {
    case LABEL_NONE: return false;
    case LABEL_DATE:
    case LABEL_PLACE:
    case LABEL_CASE:
    case LABEL_POINT:
    case LABEL_ITEM_NUMBER: return true;
    case LABEL_COMMITTEE:
    case LABEL_REMARK:
    case LABEL_DOCUMENT:
    case LABEL_TIME:
    case LABEL_START:
        return match.gap != GAP_SPACE || match.label == LABEL_START || match.label == LABEL_DOCUMENT ||
               match.label == LABEL_TIME;
    case LABEL_END: return true;
    case LABEL_MEMBERS:
    case LABEL_ABSENT:
    case LABEL_SUBSTITUTE:
    case LABEL_OFFICIAL:
        return match.gap == GAP_COLON || match.gap == GAP_END || match.gap == GAP_WIDE ||
               (match.label == LABEL_ABSENT && match.gap != GAP_POINT) ||
               /* "Til stede var N og N": the verb leads the names */
               (match.label == LABEL_MEMBERS && match.gap == GAP_SPACE && at[0] < 'a' && has_party(at, end)) ||
               (match.label == LABEL_MEMBERS && match.gap == GAP_SPACE && match.size > 8 &&
                (memcmp(at + match.size - 4, " var", 4) == 0 || memcmp(at + match.size - 3, " er", 3) == 0));
    case LABEL_SIGNED: return match.gap != GAP_POINT;
    case LABEL_BALLOT:
    case LABEL_DOCUMENTS:
    case LABEL_KLE:
    case LABEL_CLERK:
        return match.gap == GAP_COLON || match.gap == GAP_END || match.gap == GAP_WIDE || match.label == LABEL_BALLOT ||
               (match.label == LABEL_KLE && match.gap == GAP_SPACE) ||
               /* "Bilagsnr 306-2020-188012 Ansøgning" */
               (match.label == LABEL_DOCUMENTS && at[match.value] >= '0' && at[match.value] <= '9');
    case LABEL_OPEN:
    case LABEL_CLOSED:
        return match.gap == GAP_END || left <= 1 || match.gap == GAP_COLON || match.gap == GAP_POINT ||
               (left > 2 && at[match.size + 1] == '-');
    default: break;
    }
    if (match.label == LABEL_SECTION + SECTION_ATTACHMENTS && match.gap == GAP_WIDE &&
        memchr(at + match.size, '\t', match.value - match.size)) /* "Bilag<tab>Kort": a row of a form */
        return true;
    return match.gap == GAP_END || left <= 1 || (match.gap == GAP_COLON && match.label >= LABEL_SECTION);
}

/* "E. Lukkede punkter", "IV. Åbne sager", "4 LUKKET DEL": the head of a group behind its number. */
static struct label_match group_behind_number(const char *at, const char *end)
{
    enum { NUMBER_MAX = 4, WORDS_MAX = 60 };
    struct label_match none = {0};
    const char *words = at;
    while (words < end && words - at <= NUMBER_MAX && *words >= '0' && *words <= '9')
        words++;
    bool figures = words > at;
    while (!figures && words < end && words - at <= NUMBER_MAX &&
           ((words == at && byte_is_letter((unsigned char)*words)) || strchr("IVX", *words) != NULL))
        words++;
    bool point = words > at && words < end && (*words == '.' || *words == ')');
    words += point;
    if (!(figures || point) || words == end || *words != ' ')
        return none;
    while (words < end && *words == ' ')
        words++;
    if (end - words > WORDS_MAX)
        return none;
    struct label_match group = label_at(words, end);
    bool access = group.label == LABEL_GROUP_OPEN || group.label == LABEL_GROUP_CLOSED;
    group.size += (size_t)(words - at);
    group.value += (size_t)(words - at);
    return access && group.gap == GAP_END ? group : none;
}

static void line_read(const struct body *body, struct line *line, bool cells)
{
    const char *base = body->text.at, *at = base + line->start, *end = base + line->end;
    size_t bullet = bullet_size(at, end);
    if (bullet) {
        line->flags |= LINE_BULLET;
        line->start += (uint32_t)bullet;
        at += bullet;
    }
    if (cells && is_row(at, end))
        line->flags |= LINE_ROW;
    if (end - at < 200 && is_capitals(at, end))
        line->flags |= LINE_CAPITALS;
    unsigned char last = (unsigned char)end[-1];
    bool digit = last >= '0' && last <= '9';
    if (((digit || last == ',') && is_page(at, end)) || ((line->indent > 8 || *at == 'S') && is_roman(at, end)))
        line->flags |= LINE_PAGE;
    if ((digit || last == '.' || last == 0xA6) && is_contents(at, end)) /* "…" ends in A6 */
        line->flags |= LINE_CONTENTS;
    struct label_match match = label_at(at, end);
    if (match.label == LABEL_NONE)
        match = group_behind_number(at, end);
    bool contents = (line->flags & LINE_CONTENTS) != 0;
    if (!contents && label_fits(match, at, end)) {
        line->label = (uint8_t)match.label;
        line->gap = (uint8_t)match.gap;
        line->value = line->start + (uint32_t)match.value;
    } else {
        line->value = line->start;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The level of the heading mark at the line's start, if there is one; marks are ascending like lines. */
static uint8_t line_level(const struct body *body, size_t *mark, size_t start, size_t end)
{
    uint8_t level = 0;
    for (; *mark < body->marks.count && body->marks.items[*mark].at < end; ++*mark)
        if (body->marks.items[*mark].at >= start)
            level = body->marks.items[*mark].level;
    return level;
}

/* A cell of an agenda's table: a heading, or what was decided. */
static void line_cell(struct line *line)
{
    bool item = line->level == BODY_ROW;
    line->level = item;
    if (item) {
        line->flags |= LINE_ITEM;
        return;
    }
    line->label = LABEL_SECTION + SECTION_DECISION;
    line->gap = GAP_COLON;
    line->value = line->start;
}

enum fault line_split(struct arena *arena, const struct body *body, struct line_list *out, struct error *err)
{
    const char *base = body->text.at;
    size_t size = body->text.size, mark = 0, blanks = 0, open = 0, joined = 0,
           pages = 0; /* labels that a colon closes */
    out->count = 0;
    out->traces = 0;
    out->items = arena_alloc(arena, (body->line_count + 1) * sizeof *out->items);
    if (!out->items)
        return arena_full(err);
    for (size_t at = 0; at < size;) {
        bool cells = false;
        size_t next = (size_t)(line_end(base + at, base + size, &cells) - base), start = at, end = next;
        while (start < end && is_blank(base[start]))
            start++;
        while (end > start && is_blank(base[end - 1]))
            end--;
        if (start == end) {
            blanks += at > 0 || next < size;
            at = next + 1;
            continue;
        }
        struct line *line = &out->items[out->count++];
        *line = (struct line){.start = (uint32_t)start,
                              .end = (uint32_t)end,
                              .indent = (uint16_t)(start - at > 999 ? 999 : start - at),
                              .blanks = (uint16_t)(blanks > 999 ? 999 : blanks)};
        line->level = line_level(body, &mark, at, next + 1);
        if (line->level > BODY_BOLD)
            line_cell(line);
        line_read(body, line, cells);
        bool colon = base[end - 1] == ':';
        open += colon & (line->label != LABEL_NONE) & (line->gap == GAP_END);
        joined += colon & (line->label == LABEL_CASE);
        pages += (line->flags & LINE_PAGE) != 0;
        blanks = 0;
        at = next + 1;
    }
    out->items[out->count] = (struct line){0}; /* nothing stands behind the last one */
    if (open > 1)
        line_pair(body, out);
    if (open > 1 || joined)
        line_numbers(body, out);
    if (pages > 2)
        lines_running(body, out);
    lines_trace(body, out);
    return FAULT_NONE;
}

size_t line_at(const struct line_list *lines, size_t at)
{
    size_t low = 0, left = lines->count;
    while (left > 0) { /* no branch tells the half: nothing foretells it */
        size_t half = (left + 1) / 2;
        low += half & -(size_t)(lines->items[low + half - 1].start <= at);
        left -= half;
    }
    return low ? low - 1 : 0;
}
