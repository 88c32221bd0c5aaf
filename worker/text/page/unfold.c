/* unfold: transcripts that hold a page on one line get their lines back.
 *
 * Only very long lines are touched. A space before a label, a section heading or a numbered heading becomes a line
 * end, and so does the space behind a section heading. Nothing moves: one space becomes one line end. Pure. */
#include "unfold.h"
#include "decider.h"
#include "line.h"

#include <string.h>

/* In a text whose lines are long on the average every line is unfolded, in others only one longer than a page. */
enum { LONG_LINE = 3000, LONG_AVERAGE = 140, SHORT_LINE = 60, TITLE_LONGEST = 240 };

static bool is_capital(unsigned char first, unsigned char second)
{
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

static bool is_small_letter(const char *at, const char *end)
{
    return at < end && ((*at >= 'a' && *at <= 'z') || (unsigned char)*at == 0xC3);
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

bool sentence_over(const char *base, const char *at)
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

/* `titled`: at `at` the title of an item begins. */
static bool breaks_before(const struct label_match *match, const char *base, const char *at, const char *end,
                          bool titled)
{
    const char *behind = at + match->value;
    bool capital = end - behind > 1 && is_capital((unsigned char)behind[0], (unsigned char)behind[1]);
    bool digit = behind < end && is_digit(*behind);
    /* "14. Høring: Vindmøller ved Rødby", "6. LUKKET PUNKT - SALG", "Punkt 218 Lukket punkt: Kontrakt" */
    if (titled && (match->label < LABEL_SECTION || (match->gap == GAP_COLON && capital)))
        return false;
    switch (match->label) {
    case LABEL_NONE:
    case LABEL_NOISE: return false;
    case LABEL_CONTENTS: return match->size > 12 && at > base; /* Indholdsfortegnelse */
    case LABEL_CASE: return true;
    case LABEL_DOCUMENTS: return digit || match->gap == GAP_COLON;
    case LABEL_OPEN:
    case LABEL_CLOSED:
        if (at - base > 2 && at[-2] == ',') /* "8. GRUNDSALG, LUKKET" goes on with its title */
            return false;
        if (!memchr(at, ' ', match->size) && match->gap == GAP_SPACE && is_small_letter(behind, end) && !capital)
            return false; /* "Fortrolig rådgivning" */
        return match->size > 8 ? sentence_over(base, at) || capital || digit || behind >= end
                               : (unsigned char)at[match->size - 1] < 'a' && match->size > 5;
    case LABEL_SIGNED: return capital;
    case LABEL_GROUP_OPEN:
    case LABEL_GROUP_CLOSED: /* "Lukkede døre er ikke godt" is a sentence */
        return match->gap != GAP_SPACE || capital || !is_small_letter(behind, end);
    case LABEL_POINT:
    case LABEL_ITEM_NUMBER: return sentence_over(base, at);
    case LABEL_END: return match->size > 6;
    case LABEL_BALLOT: return match->size > 6 && sentence_over(base, at);
    default: break;
    }
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

/* The first capital or figure behind a space, or a line end by now, from `at` on, or `end`; a byte stands before `at`.
 */
static const char *next_head(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' '), line = _mm_set1_epi8('\n'), latin = _mm_set1_epi8((char)0xC3);
    for (; at < end; at += 16) {
        __m128i bytes = bytes_load(at), before = bytes_load(at - 1),
                heads = _mm_or_si128(bytes_between(bytes, 'A', 'Z'), _mm_cmpeq_epi8(bytes, latin));
        heads = _mm_or_si128(heads, bytes_between(bytes, '0', '9'));
        before = _mm_or_si128(_mm_cmpeq_epi8(before, space), _mm_cmpeq_epi8(before, line));
        unsigned places = (unsigned)_mm_movemask_epi8(_mm_and_si128(heads, before));
        if (places) {
            at += __builtin_ctz(places);
            return at < end ? at : end;
        }
    }
    return end;
#else
    while (at < end && !((at[-1] == ' ' || at[-1] == '\n') &&
                         (is_digit(*at) || (*at >= 'A' && *at <= 'Z') || (unsigned char)*at == 0xC3)))
        at++;
    return at;
#endif
}

/* What was found at `at` takes so many bytes: a line end before it, one behind it too if `behind`. */
static void break_around(struct body *body, const char *base, const char *at, const char *end, size_t size, bool behind)
{
    if (at > base)
        break_at(body, (size_t)(at - 1 - body->text.at));
    if (behind && at + size < end)
        break_at(body, (size_t)(at - body->text.at) + size);
}

/* A heading, or a number that ends one, at the figure `at`: how many bytes are done with. */
static size_t unfold_number(struct body *body, struct fold *fold, const char *base, const char *at, const char *end)
{
    if (fold_number(fold, base, at, end)) {
        break_around(body, base, at, end, 0, false);
        size_t standing = fold_standing(fold->title, end), lead = (size_t)(fold->title - at);
        if (standing)
            break_at(body, (size_t)(fold->title - body->text.at) + standing);
        return lead;
    }
    bool ends_title = fold->title && at > fold->title + 1 && !strchr(".:,", at[-2]);
    size_t number = ends_title || fold->documents ? fold_case(at, end) : 0;
    if (number) /* "Bilagsnr 306-2020-188012 Kort 306-2020-188013 Rapport": an entry a line */
        break_around(body, base, at, end, number, !fold->documents);
    return number;
}

/* "Sag 114 Title J.nr.:. Sagsid.:": a title that the label of its case ends, before another item is named. Without that
 * label the words are those of a table of contents, or of a sentence. */
static bool leads_to_case(const char *at, const char *end)
{
    static const char *const labels[] = {"J.nr.", "Sagsnr.", "Sagsid."};
    if (end - at < 12 || memcmp(at, "Sag ", 4) != 0 || !is_digit(at[4]))
        return false;
    const char *stop = end - at > TITLE_LONGEST ? at + TITLE_LONGEST : end;
    for (const char *word = at + 4; (word = memchr(word, ' ', (size_t)(stop - word))) && stop - word > 9;) {
        word++;
        if (memcmp(word, "Sag ", 4) == 0 && is_digit(word[4]))
            return false;
        for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
            if (strncmp(word, labels[i], strlen(labels[i])) == 0)
                return true;
    }
    return false;
}

/* "Punkt 218 Title", "Sag nr. 8 Title", "Nr. 116. Title": how many bytes stand before the title, or 0. */
static size_t unfold_word(struct body *body, struct fold *fold, const struct label_match *match, const char *base,
                          const char *at, const char *end)
{
    bool item = match->label == LABEL_POINT || match->label == LABEL_ITEM_NUMBER;
    size_t lead = item ? match->value : end - at > 3 && memcmp(at, "Nr.", 3) == 0 ? 3 + (at[3] == ' ') : 0, size = 0;
    lead = !lead && leads_to_case(at, end) ? 4 : lead;
    if (!lead || !fold_word(fold, base, at, end, lead, &size))
        return 0;
    break_around(body, base, at, end, 0, false);
    size_t standing = fold_standing(fold->title, end);
    if (standing)
        break_at(body, (size_t)(fold->title - body->text.at) + standing);
    return size;
}

/* "Sag 306-2019-61118", "Dok. 306-2020-201144", "EMN-2019-04417", "Show video" behind a title: the size, or 0. */
static size_t behind_title(const struct fold *fold, const struct label_match *match, const char *at, const char *end)
{
    if (!fold->title || at <= fold->title + 1 || at[-2] == ',')
        return 0;
    if (match->label == LABEL_NOISE && match->size > 8)
        return match->size;
    size_t word = end - at > 8 && memcmp(at, "Sag", 3) == 0 ? 3 + (at[3] == ':') : 0;
    word = word && at[word] == ' ' ? word + 1 : match->label == LABEL_DOCUMENT ? match->value : 0;
    size_t number = fold_case(at + word, end);
    return number ? word + number : 0;
}

/* "Fraværende: Kaj Lund (A) Tonny Holm (O) Anbefales.", "... (O) Sendes i høring": names are over where a word follows
 * that ends a sentence or that a small letter follows. */
static bool names_over(const char *base, const char *at, const char *end)
{
    if (at - base < 8 || at[-2] != ')' || (at[-4] != '(' && at[-5] != '('))
        return false;
    const char *stop = at;
    while (stop < end && *stop != ' ' && *stop != '.' && *stop != ',')
        stop++;
    bool small = end - stop > 2 && *stop == ' ' && stop[1] >= 'a' && stop[1] <= 'z';
    return stop - at > 3 && (small || (*stop == '.' && (stop + 1 == end || stop[1] == ' ')));
}

/* What label stands at `at`; "LUKKET Punkt 218" is a mark and the item that it stands above. */
static struct label_match line_label(const char *at, const char *end)
{
    struct label_match match = label_at(at, end);
    bool mark = match.label == LABEL_OPEN || match.label == LABEL_CLOSED;
    if (mark && match.size > 10 && memcmp(at + match.size - 6, " Punkt", 6) == 0 && at + match.value < end &&
        is_digit(at[match.value])) {
        match.size -= 6;
        match.value = match.size + 1;
        match.gap = GAP_SPACE;
    }
    return match;
}

/* A label, a decider, a heading or what ends one at the capital `at`: how many bytes are done with. */
static size_t unfold_capital(struct body *body, struct fold *fold, const char *base, const char *at, const char *end)
{
    size_t decider = decider_size(at, end);
    if (!decider)
        decider = undated_size(at, end);
    if (decider) {
        break_around(body, base, at, end, decider, true);
        fold->title = NULL;
        fold->absent = fold->documents = false;
        return decider;
    }
    struct label_match match = line_label(at, end);
    if (is_page_word(at, end)) {
        break_around(body, base, at, end, 0, false);
        return 0;
    }
    size_t head = unfold_word(body, fold, &match, base, at, end);
    if (head)
        return head;
    size_t meta = behind_title(fold, &match, at, end);
    if (meta) {
        break_around(body, base, at, end, meta, true);
        return meta;
    }
    if (fold->absent && names_over(base, at, end)) {
        break_around(body, base, at, end, 0, false);
        fold->absent = false;
    }
    if (!breaks_before(&match, base, at, end, at == fold->title))
        return 0;
    fold->absent = match.label == LABEL_ABSENT;
    fold->documents = match.label == LABEL_DOCUMENTS;
    bool bare = match.label != LABEL_SECTION + SECTION_DECISION || !goes_on(at + match.size, end);
    bool access = match.label == LABEL_OPEN || match.label == LABEL_CLOSED || match.label == LABEL_GROUP_OPEN ||
                  match.label == LABEL_GROUP_CLOSED;
    bool alone = ((match.label >= LABEL_SECTION && bare) || access) && match.gap == GAP_SPACE;
    break_around(body, base, at, end, match.size, alone);
    fold->title = NULL;
    return match.size;
}

/* "3 Side ii Sag 114 ...": the number that a transcript gives the page, and the one that is printed on it. The size of
 * both, 0 if one is not there; *digits is the size of the first. */
static size_t page_lead(const char *at, const char *end, size_t *digits)
{
    static const char word[] = " Side ";
    const char *cursor = at;
    while (cursor < end && cursor - at < 4 && is_digit(*cursor))
        cursor++;
    *digits = cursor < end && *cursor == ' ' ? (size_t)(cursor - at) : 0;
    if (!*digits || (size_t)(end - cursor) < sizeof word || memcmp(cursor, word, sizeof word - 1) != 0)
        return 0;
    const char *number = cursor += sizeof word - 1;
    while (cursor < end && cursor - number < 6 && strchr("ivxl", *cursor))
        cursor++;
    return cursor > number && (cursor == end || *cursor == ' ' || *cursor == '\n') ? (size_t)(cursor - at) : 0;
}

/* A transcript whose lines begin with the number of their page, as two of them tell: the numbers are blanked, and what
 * is printed above the text of a page gets a line of its own. Else they would be taken for those of items. */
static void unfold_pages(struct body *body)
{
    char *text = (char *)body->text.at;
    const char *end = text + body->text.size;
    for (size_t pass = 0, found = 0; pass == 0 || (pass == 1 && found >= 2); pass++)
        for (char *at = text; at < end;) {
            size_t digits = 0, lead = page_lead(at, end, &digits);
            found += pass == 0 && lead;
            if (pass && digits)
                memset(at, ' ', digits);
            if (pass && lead)
                break_at(body, (size_t)(at - text) + lead);
            char *stop = memchr(at, '\n', (size_t)(end - at));
            at = stop ? stop + 1 : (char *)end;
        }
}

static void unfold_line(struct body *body, struct fold *fold, size_t start, size_t stop)
{
    const char *base = body->text.at + start, *end = body->text.at + stop;
    fold->title = NULL;
    fold->absent = fold->documents = false;
    for (const char *at = base; at < end; at++) {
        if (at > base) /* on to the next word that may begin a line */
            at = next_head(at, end);
        if (at >= end)
            break;
        size_t done = 0;
        if (is_digit(*at))
            done = unfold_number(body, fold, base, at, end);
        else if (is_capital((unsigned char)at[0], (unsigned char)at[1]))
            done = unfold_capital(body, fold, base, at, end);
        at += done ? done - 1 : 0;
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

/* "9 8. Lukket punkt Sag 306-2020-88": a page that holds but a heading. */
static bool short_page(const char *at, const char *end)
{
    const char *cursor = at;
    while (cursor < end && is_digit(*cursor))
        cursor++;
    if (cursor == at || end - cursor < 8 || *cursor++ != ' ')
        return false;
    while (is_digit(*cursor))
        cursor++;
    return cursor[-1] != ' ' && cursor[0] == '.' && cursor[1] == ' ';
}

void unfold_lines(struct body *body, const struct body_shape *shape)
{
    const char *base = body->text.at;
    body->unfolded = shape && shape->filled <= 1; /* all that there is */
    if (shape && !shape->long_line && body->text.size / (shape->filled + 1) <= LONG_AVERAGE)
        return;
    size_t longest = 0, filled = filled_lines(body, &longest);
    size_t bound = body->text.size / (filled + 1) > LONG_AVERAGE ? SHORT_LINE : LONG_LINE;
    struct fold fold = {0};
    body->unfolded = longest > bound || filled <= 1;
    if (longest > bound)
        unfold_pages(body);
    for (size_t at = 0; longest > bound && at < body->text.size;) {
        const char *stop = memchr(base + at, '\n', body->text.size - at);
        size_t next = stop ? (size_t)(stop - base) : body->text.size;
        if (next - at > bound || (bound == SHORT_LINE && short_page(base + at, base + next)))
            unfold_line(body, &fold, at, next);
        at = next + 1;
    }
    if (longest > bound)
        unfold_titles(body);
}
