/* unfold: transcripts that hold a page on one line get their lines back.
 *
 * Only very long lines are touched. A space before a label, a section heading or a numbered heading becomes a line
 * end, and so does the space behind a section heading. Nothing moves: one space becomes one line end. Pure. */
#include "decider.h"
#include "line.h"

#include <string.h>

/* In a text whose lines are long on the average every line is unfolded, in others only one longer than a page. */
enum { LONG_LINE = 3000, LONG_AVERAGE = 140, SHORT_LINE = 60 };

static bool is_capital(unsigned char first, unsigned char second)
{
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The words of the text are borrowed as const; this stage owns them still. */
static void break_at(struct body *body, size_t at)
{
    char *text = (char *)body->text.at;
    if (text[at] != ' ')
        return;
    text[at] = '\n';
    body->line_count++;
}

/* "12. Title" or "Punkt 12": up to three digits, a point, a space and a capital. */
static bool numbered_heading(const char *at, const char *end)
{
    const char *cursor = at;
    while (cursor < end && cursor - at < 3 && is_digit(*cursor))
        cursor++;
    if (cursor == at || end - cursor < 4 || *cursor != '.')
        return false;
    cursor++;
    while (cursor < end && *cursor == ' ' && cursor - at < 8)
        cursor++;
    return cursor[-1] == ' ' && end - cursor > 2 && is_capital((unsigned char)cursor[0], (unsigned char)cursor[1]);
}

/* The last letters of a body's name: "Økonomiudvalget", "Kommunalbestyrelsen". */
static bool names_body(const char *at, const char *end)
{
    static const char *const tails[] = {"udvalget", "Udvalget", "rådet",  "styrelsen",
                                        "nævnet",   "Udvalg",   "udvalg", "Byråd"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t size = strlen(tails[i]);
        if ((size_t)(end - at) >= size && memcmp(end - size, tails[i], size) == 0)
            return true;
    }
    return false;
}

/* Does what stands before let a new line begin? A sentence must be over, or a heading be just behind. */
static bool sentence_over(const char *base, const char *at)
{
    while (at > base && at[-1] == ' ')
        at--;
    if (at - base > 6 && at - base < 60 && at[-1] == ',') { /* "8 Økonomiudvalget, 215. Title": the head of a page */
        const char *head = base;
        while (head < at && (is_digit(*head) || *head == ' '))
            head++;
        if (head < at && names_body(head, at - 1) && !memchr(head, '.', (size_t)(at - head)))
            return true;
    }
    const char *roman = at; /* the number of the page: "IV 2. Title" */
    while (roman > base && at - roman < 7 && strchr("IVXL", roman[-1]))
        roman--;
    if (roman == base)
        return true;
    return at == base || strchr(".:;?!)\n0123456789", at[-1]) != NULL;
}

/* Words that stand before the name of a body: "Beslutning i Børne- og Ungeudvalget", "Udvalget for Kultur- og ...". */
static bool starts_decider(const char *at)
{
    static const char *const words[] = {"Beslutning",  "BESLUTNING", "Behandl", "Afgørelse",
                                        "Indstilling", "Udvalg",     "Referat"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* "Byrådet den 26. juni 2012:" in the middle of a line: the size of it, or 0. A body's name is one to four words. */
static size_t decider_size(const char *at, const char *end)
{
    const char *limit = end - at < 131 ? end : at + 131, *stop = at;
    while ((stop = bytes_find4(stop, limit, ':', '.', '\n', ':')) < limit && *stop == '.' &&
           !(stop + 2 < end && stop[1] == ' ' && !is_digit(stop[-1])))
        stop++;
    if (stop >= limit || *stop != ':')
        return 0;
    struct day day;
    /* "Kunstindkøb Kultur- og Fritidsudvalget, den ...": the end of a title and then the body, which begins later */
    const char *half = at;
    while (half < stop && *half != ' ' && *half != '-')
        half++;
    while (half + 5 < stop && memcmp(half, "- og ", 5) != 0)
        half++;
    const char *word = half;
    while (word > at && word[-1] != ' ')
        word--;
    bool later = half + 5 < stop && word > at + 1 && is_capital((unsigned char)word[0], (unsigned char)word[1]) &&
                 !starts_decider(at);
    return !later && decider_at(at, stop + 1, &day) ? (size_t)(stop + 1 - at) : 0;
}

/* "Beslutning i Byrådet den Godkendt.", "Beslutning Byrådet den": transcripts lose the figures of a day. The size up to
 * "den", or 0. */
static size_t undated_size(const char *at, const char *end)
{
    if (end - at < 20 || memcmp(at, "Beslutning ", 11) != 0)
        return 0;
    bool in = at[11] == 'i' && at[12] == ' ';
    for (const char *cursor = at + 11; cursor + 6 < end && cursor - at < 120; cursor++) {
        if (strchr(".:;\n", *cursor))
            return 0;
        if (memcmp(cursor, " den ", 5) == 0 && !in && !names_body(at, cursor))
            return 0;
        if (memcmp(cursor, " den ", 5) == 0)
            return is_capital((unsigned char)cursor[5], (unsigned char)cursor[6]) ? (size_t)(cursor + 4 - at) : 0;
    }
    return 0;
}

/* Does "14. " stand right before, on a line of its own by now? */
static bool numbered_before(const char *base, const char *at)
{
    const char *digit = at - 2;
    if (at - base < 3 || at[-1] != ' ' || *digit != '.')
        return false;
    while (digit > base && is_digit(digit[-1]))
        digit--;
    return at - digit > 2 && at - digit < 6 && (digit == base || digit[-1] == '\n');
}

static bool breaks_before(const struct label_match *match, const char *base, const char *at, const char *end)
{
    const char *behind = at + match->value;
    bool capital = end - behind > 1 && is_capital((unsigned char)behind[0], (unsigned char)behind[1]);
    bool digit = behind < end && is_digit(*behind);
    switch (match->label) {
    case LABEL_NONE:
    case LABEL_NOISE: return false;
    case LABEL_CONTENTS: return match->size > 12 && at > base; /* Indholdsfortegnelse */
    case LABEL_CASE: return true;
    case LABEL_OPEN:
    case LABEL_CLOSED:
        if (at - base > 2 && at[-2] == '.' && is_digit(at[-3])) /* "6. LUKKET PUNKT - SALG" is a heading */
            return false;
        if (at - base > 2 && at[-2] == ',') /* "8. GRUNDSALG, LUKKET" goes on with its title */
            return false;
        return match->size > 8 ? sentence_over(base, at) || capital || digit || behind >= end
                               : (unsigned char)at[match->size - 1] < 'a' && match->size > 5;
    case LABEL_SIGNED: return capital;
    case LABEL_GROUP_OPEN:
    case LABEL_GROUP_CLOSED: return true;
    case LABEL_POINT:
    case LABEL_ITEM_NUMBER: return sentence_over(base, at);
    case LABEL_END: return match->size > 6;
    case LABEL_BALLOT: return match->size > 6 && sentence_over(base, at);
    default: break;
    }
    /* "14. Høring: Vindmøller ved Rødby": the title of an item, which has a colon of its own */
    if (match->gap == GAP_COLON && capital && numbered_before(base, at))
        return false;
    if (match->label < LABEL_SECTION)
        return match->gap == GAP_COLON;
    return (capital || digit || match->gap == GAP_COLON) && match->gap != GAP_STUCK;
}

/* " Udvalget sender sagen tilbage": the body is no part of the heading but the first word of the decision. */
static bool body_speaks(const char *at, const char *end)
{
    static const char body[] = " Udvalget ";
    bool own = end - at > 14 && memcmp(at, body, sizeof body - 1) == 0;
    const char *next = at + sizeof body - 1;
    return own && *next >= 'a' && *next <= 'z' && memcmp(next, "for ", 4) != 0 && memcmp(next, "den ", 4) != 0 &&
           memcmp(next, "af ", 3) != 0 && memcmp(next, "d. ", 3) != 0;
}

/* "Beslutning i Byrådet", "Beslutning Udvalget for ...": the heading goes on. */
static bool goes_on(const char *at, const char *end)
{
    static const char *const words[] = {" i ", " fra ", " Udvalg", " udvalg", " den ", " af "};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        if ((size_t)(end - at) > size && memcmp(at, words[i], size) == 0)
            return !body_speaks(at, end);
    }
    return false;
}

/* "SIDE 3", "Side 3 af 14" that closes the line: the foot of a page. */
static bool is_page_word(const char *at, const char *end)
{
    if (end - at > 16 || end - at < 6 || (memcmp(at, "SIDE ", 5) != 0 && memcmp(at, "Side ", 5) != 0))
        return false;
    bool of = false;
    for (const char *digit = at + 5; digit < end; digit++) {
        if (!of && digit > at + 5 && end - digit > 4 && memcmp(digit, " af ", 4) == 0) {
            of = true;
            digit += 3;
        } else if (!is_digit(*digit) && *digit != ' ') {
            return false;
        }
    }
    return true;
}

/* The first capital or figure behind a space from `at` on, or `end`; a byte stands before `at`. */
static const char *next_head(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' '), latin = _mm_set1_epi8((char)0xC3);
    for (; at < end; at += 16) {
        __m128i bytes = bytes_load(at),
                heads = _mm_or_si128(bytes_between(bytes, 'A', 'Z'), _mm_cmpeq_epi8(bytes, latin));
        heads = _mm_or_si128(heads, bytes_between(bytes, '0', '9'));
        unsigned places = (unsigned)_mm_movemask_epi8(_mm_and_si128(heads, _mm_cmpeq_epi8(bytes_load(at - 1), space)));
        if (places) {
            at += __builtin_ctz(places);
            return at < end ? at : end;
        }
    }
    return end;
#else
    while (at < end && !(at[-1] == ' ' && (is_digit(*at) || (*at >= 'A' && *at <= 'Z') || (unsigned char)*at == 0xC3)))
        at++;
    return at;
#endif
}

static void unfold_line(struct body *body, size_t start, size_t stop)
{
    const char *base = body->text.at + start, *end = body->text.at + stop;
    for (const char *at = base; at < end; at++) {
        if (at > base) /* on to the next word that may begin a line */
            at = next_head(at, end);
        if (at >= end)
            break;
        if (is_digit(*at)) {
            if (at > base && numbered_heading(at, end) && sentence_over(base, at))
                break_at(body, (size_t)(at - 1 - body->text.at));
            continue;
        }
        if (!is_capital((unsigned char)at[0], (unsigned char)at[1]))
            continue;
        size_t decider = decider_size(at, end);
        if (!decider)
            decider = undated_size(at, end);
        if (decider) {
            if (at > base)
                break_at(body, (size_t)(at - 1 - body->text.at));
            if (at + decider < end)
                break_at(body, (size_t)(at - body->text.at) + decider);
            at += decider - 1;
            continue;
        }
        struct label_match match = label_at(at, end);
        if (is_page_word(at, end)) {
            break_at(body, (size_t)(at - 1 - body->text.at));
            continue;
        }
        if (!breaks_before(&match, base, at, end))
            continue;
        if (at > base)
            break_at(body, (size_t)(at - 1 - body->text.at));
        bool bare = match.label != LABEL_SECTION + SECTION_DECISION || !goes_on(at + match.size, end);
        bool access = match.label == LABEL_OPEN || match.label == LABEL_CLOSED || match.label == LABEL_GROUP_OPEN ||
                      match.label == LABEL_GROUP_CLOSED;
        if (((match.label >= LABEL_SECTION && bare) || access) && match.gap == GAP_SPACE)
            break_at(body, (size_t)(at - body->text.at) + match.size);
        at += match.size - 1;
    }
}

/* How many lines hold more than a line end, and how long the longest is. */
static size_t filled_lines(const struct body *body, size_t *longest)
{
    const char *at = body->text.at, *end = at + body->text.size;
    size_t count = 0;
    while (at < end) {
        const char *stop = bytes_find4(at, end, '\n', '\n', '\n', '\n');
        size_t size = (size_t)(stop - at);
        count += size > 1;
        *longest = size > *longest ? size : *longest;
        at = stop + 1;
    }
    return count;
}

void unfold_lines(struct body *body, const struct body_shape *shape)
{
    const char *base = body->text.at;
    if (shape && !shape->long_line && body->text.size / (shape->filled + 1) <= LONG_AVERAGE)
        return;
    size_t longest = 0, filled = filled_lines(body, &longest);
    size_t bound = body->text.size / (filled + 1) > LONG_AVERAGE ? SHORT_LINE : LONG_LINE;
    for (size_t at = 0; longest > bound && at < body->text.size;) {
        const char *stop = memchr(base + at, '\n', body->text.size - at);
        size_t next = stop ? (size_t)(stop - base) : body->text.size;
        if (next - at > bound)
            unfold_line(body, at, next);
        at = next + 1;
    }
    if (longest > bound)
        unfold_titles(body);
}
