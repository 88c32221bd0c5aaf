/* number: says what a number in the text is, from its shape and from what stands around it.
 *
 * Part of the pass over the text (entity.c). A CPR number first, then money, then the numbers of cases, documents and
 * subjects, then days; what fits nothing is just a number. Pure. */
#include "scan.h"

#include "cell.h"
#include "cpr.h"
#include "figure.h"
#include "flat.h"
#include "lookup.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What the words before, on the same line or as the label of this line or the one before, say a number is. */
enum hint { HINT_NONE, HINT_CASE, HINT_DOCUMENT, HINT_KLE, HINT_OTHER, HINT_CPR, HINT_DATE };

enum { HINT_MOST = 16 }; /* bytes of the longest of these words */

static enum hint word_hint(struct span word)
{
    static const struct span words[] = {
#define HINT(word, hint) WORD(word),
#include "hint.def"
#undef HINT
    };
    static const enum hint hints[] = {
#define HINT(word, hint) hint,
#include "hint.def"
#undef HINT
    };
    static const struct word_list list = {words, hint_slots, sizeof hint_slots / 2 - 1};
    char small[HINT_MOST];
    if (word.size > sizeof small)
        return HINT_NONE;
    for (size_t i = 0; i < word.size; i++)
        small[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? (char)(word.at[i] + 32) : word.at[i];
    size_t found = word_number(&list, (struct span){small, word.size});
    return found ? hints[found - 1] : HINT_NONE;
}

/* "nr." alone says nothing: the word before it does ("Sags nr.", "Journal nr."). */
static struct span hint_word(const struct body *body, size_t at)
{
    struct span word = word_before(body, at);
    if ((word.size == 2 && text_has(word, "nr")) || (word.size == 6 && text_has(word, "nummer")) ||
        (word.size == 2 && text_has(word, "id")))
        return word_before(body, (size_t)(word.at - body->text.at));
    return word;
}

static enum hint label_hint(enum label label)
{
    switch (label) {
    case LABEL_CASE: return HINT_CASE;
    case LABEL_DOCUMENT:
    case LABEL_DOCUMENTS: return HINT_DOCUMENT;
    case LABEL_KLE: return HINT_KLE;
    default: return HINT_NONE;
    }
}

/* "J.nr.:   Sagsid.:   Initialer:" and below it the values side by side (line.c): the case stands behind the subject.
 */
static bool under_labels(const struct scan *scan)
{
    const struct line *line = scan_line(scan);
    if (!scan->line || line->label != LABEL_CASE || line->value != line->start || !(line->flags & LINE_ROW))
        return false;
    struct span above = {scan->base + line[-1].start, line[-1].end - line[-1].start};
    return above.size && above.at[above.size - 1] == ':' &&
           (text_holds(above, "sagsid") || text_holds(above, "sagsnr"));
}

/* "Sagsnr.: Sagen afgøres i: Bilag:" on one line, and what stands behind them on the next: the case leads. */
static bool below_labels(const struct scan *scan)
{
    const struct line *above = scan_line(scan) - 1;
    if (!scan->line || above->label != LABEL_CASE || above->value >= above->end || is_digit(scan->base[above->value]))
        return false;
    return (above->gap == GAP_COLON && scan->base[above->end - 1] == ':') ||
           (above->gap == GAP_WIDE && above->flags & LINE_ROW && above->end - above->start < 90); /* heads of columns */
}

/* "J.nr.:. Sagsid.: Initialer: 02117 LKJ" with a line each: the labels above are empty, and the first value behind the
 * last of them is the case's. */
static bool behind_empty(const struct scan *scan, size_t offset)
{
    const struct line *line = scan_line(scan), *above = line - 1;
    return line->label == LABEL_CLERK && line->gap == GAP_COLON && offset == line->value && scan->line &&
           above->label == LABEL_CASE && above->gap == GAP_END;
}

/* The hint at `at`: the word before, the label that the line begins with, or a label alone on the line before. */
static enum hint hint_at(const struct scan *scan, const char *at)
{
    const struct line *line = scan_line(scan);
    size_t offset = (size_t)(at - scan->base);
    enum hint hint = HINT_NONE;
    if (offset > line->start)
        hint = word_hint(hint_word(&scan->reading->body, offset));
    if (hint == HINT_NONE && line->label && offset == line->value)
        hint = label_hint((enum label)line->label);
    bool first = offset == line->value && line->label >= LABEL_SECTION;
    if (hint == HINT_NONE && (under_labels(scan) || (first && line_ends_labels(scan->reading->lines.items, line))))
        hint = HINT_CASE;
    if (hint == HINT_NONE && ((offset == line->start && below_labels(scan)) || behind_empty(scan, offset)))
        hint = HINT_CASE;
    if (hint == HINT_NONE && offset == line->start)
        for (size_t back = 1; back <= 3 && back <= scan->line; back++) {
            const struct line *before = line - back;
            hint = before->gap == GAP_END ? label_hint((enum label)before->label) : HINT_NONE;
            bool number = is_digit(scan->base[before->start]) && before->end - before->start < 24;
            if (hint != HINT_NONE || !number) /* a list of numbers may stand under one label */
                break;
        }
    return hint;
}

/* Does the number make up its whole line? */
static bool stands_alone(const struct scan *scan, const char *at, size_t size)
{
    const struct line *line = scan_line(scan);
    size_t start = (size_t)(at - scan->base), stop = start + size;
    return start == line->start && (stop >= line->end || (stop + 1 == line->end && strchr(".,", scan->base[stop])));
}

static bool in_attachments(const struct scan *scan)
{
    return scan_spot(scan)->section == SECTION_ATTACHMENTS;
}

bool scan_date(struct scan *scan, const char *at, const struct date_match *match)
{
    char value[16];
    int year = match->day.year, month = match->day.month, day = match->day.day, used = 0;
    if (year) {
        for (int unit = 1000; unit; unit /= 10)
            value[used++] = (char)('0' + year / unit % 10);
        value[used++] = '-';
    } else {
        value[used++] = '-';
        value[used++] = '-';
    }
    value[used++] = (char)('0' + month / 10);
    value[used++] = (char)('0' + month % 10);
    value[used++] = '-';
    value[used++] = (char)('0' + day / 10);
    value[used++] = (char)('0' + day % 10);
    struct text copy = arena_copy(scan->reading->arena, (struct span){value, (size_t)used});
    if (!copy.at || !scan_add(scan, ENTITY_DATE, at, match->size, (struct span){copy.at, copy.size}, match->rule))
        return false;
    scan->reading->entities.items[scan->reading->entities.count - 1].day = match->day;
    return true;
}

/* An amount's öre as "-1500000.00"; gives the bytes written. */
static size_t write_ore(int64_t ore, char *out)
{
    char digits[24];
    uint64_t left = ore < 0 ? (uint64_t)0 - (uint64_t)ore : (uint64_t)ore;
    size_t count = 0, used = 0;
    for (; left || count < 3; left /= 10)
        digits[count++] = (char)('0' + left % 10);
    if (ore < 0)
        out[used++] = '-';
    while (count) {
        out[used++] = digits[--count];
        if (count == 2)
            out[used++] = '.';
    }
    return used;
}

bool scan_amount(struct scan *scan, const char *at, const struct amount_match *match)
{
    char value[64];
    size_t used = write_ore(match->low_ore, value);
    if (match->low_ore != match->high_ore) {
        value[used++] = '.';
        value[used++] = '.';
        used += write_ore(match->high_ore, value + used);
    }
    value[used++] = ' ';
    memcpy(value + used, match->currency, 3);
    struct text copy = arena_copy(scan->reading->arena, (struct span){value, used + 3});
    if (!copy.at || !scan_add(scan, ENTITY_AMOUNT, at, match->size, (struct span){copy.at, copy.size}, match->rule))
        return false;
    struct entity *entity = &scan->reading->entities.items[scan->reading->entities.count - 1];
    entity->low_ore = match->low_ore;
    entity->high_ore = match->high_ore;
    return true;
}

/* "Hovedtal, 1.000 kr." or "Anlæg, 1.000 kr. (2020-pl)" above numbers without a currency: a caption. Above "Leje, 2.500
 * kr." it is a sum of its own. */
static bool is_caption(const struct scan *scan, size_t offset, size_t stop)
{
    const struct line *line = scan_line(scan);
    if (offset < line->start + 2 || line->end - line->start > 90)
        return false;
    bool comma = scan->base[offset - 2] == ',', closes = stop >= line->end,
         apart = closes && memcmp(scan->base + offset - 2, "  ", 2) == 0; /* "År        1.000 kr." */
    if (!apart && (!comma || (!closes && memcmp(scan->base + stop, " (", 2) != 0)))
        return false;
    for (size_t next = 1; next <= 3 && scan->line + next < scan->reading->lines.count; next++) {
        struct span below = line_text(&scan->reading->body, line + next);
        if (text_holds(below, "kr"))
            return false;
        char last = below.size ? below.at[below.size - 1] : 'x';
        if (is_digit(last) && cell_at(below.at, below.at + below.size).size < below.size &&
            !span_starts(span_cut(below, below.size > 5 ? below.size - 5 : 0, below.size), SPAN(" 20")))
            return true;
    }
    return false;
}

/* "Tekst 1.000 kr. Budget Rest Skoler 1.650 1.702 ...", "Beløb i kr. 2009 2010 ...": a table that lost its lines
 * follows its unit, and the first year is a head. */
static bool leads_flat(const struct scan *scan, const char *at, const struct amount_match *match, bool year)
{
    const char *stop = at + match->size - (year ? SPAN(" 2009").size : 0);
    return flat_begins(scan->reading, scan->line, (size_t)(stop - scan->base));
}

bool scan_is_unit(const struct scan *scan, const char *at, const struct amount_match *match)
{
    /* "mio. kr. 2009" */
    if (*at > '9' && match->size > SPAN(" 2009").size && at[match->size - SPAN(" 2009").size] == ' ' &&
        cell_is_year((struct span){at + match->size - 4, 4}))
        return leads_flat(scan, at, match, true);
    if (match->low_ore != 100000 || match->high_ore != 100000)
        return false;
    const struct line *line = scan_line(scan);
    size_t offset = (size_t)(at - scan->base), stop = offset + match->size;
    if (offset > 0 && scan->base[offset - 1] == '(')
        return true;
    struct span word = word_before(&scan->reading->body, offset), text = line_text(&scan->reading->body, line);
    bool in = offset > line->start &&
              ((word.size == 1 && (*word.at | 0x20) == 'i') || (word.size == 4 && text_has(word, "hele")));
    bool head = offset == line->start && (stop >= line->end || strchr(",\t)", scan->base[stop]) ||
                                          (line->flags & LINE_ROW) || memcmp(scan->base + stop, "  ", 2) == 0);
    bool caption = span_starts(text, SPAN("Tabel")) || (line->flags & LINE_ROW);
    return in || head || caption || is_caption(scan, offset, stop) ||
           text_strip(text, "1.0kr -_=").size == 0 || /* "1.000 kr.     1.000 kr." below the heads */
           leads_flat(scan, at, match, false);
}

static bool add_number(struct scan *scan, enum entity_type type, const char *at, size_t size, const char *rule)
{
    return scan_add(scan, type, at, size, (struct span){0}, rule);
}

/* Shapes that nothing but a case or a document has. */
static enum entity_type sure_type(const struct scan *scan, const char *at, enum number_shape shape, enum hint hint,
                                  bool *sure)
{
    *sure = true;
    bool listed = in_attachments(scan);
    switch (shape) {
    case NUMBER_KLE_CASE:
    case NUMBER_REGION:
    case NUMBER_LONG_SLASH: return ENTITY_CASE;
    case NUMBER_LETTERS: /* D2019-112345 in a list of files */
        return hint == HINT_DOCUMENT || (listed && hint != HINT_CASE && *at == 'D') ? ENTITY_DOCUMENT : ENTITY_CASE;
    case NUMBER_AUTHORITY:
    case NUMBER_YEAR_LONG:
        return hint == HINT_DOCUMENT || (listed && hint != HINT_CASE) ? ENTITY_DOCUMENT : ENTITY_CASE;
    case NUMBER_KLE_PART:
    case NUMBER_YEAR_PART:
    case NUMBER_LETTERS_PART:
    case NUMBER_SLASH_PART: return hint == HINT_CASE ? ENTITY_CASE : ENTITY_DOCUMENT;
    case NUMBER_KLE: return ENTITY_KLE;
    default: break;
    }
    *sure = false;
    return ENTITY_CASE;
}

static bool is_year(const char *at)
{
    return (at[0] == '1' && at[1] == '9') || (at[0] == '2' && at[1] == '0');
}

/* "00.01.00.A00<tab>16/711": a line of the subject and the case, and nothing else. */
static bool behind_subject(const struct scan *scan, const char *at, size_t size)
{
    const struct line *line = scan_line(scan);
    const char *start = scan->base + line->start, *gap = at;
    if (at + size != scan->base + line->end || at - start < 9 || !is_digit(*start))
        return false;
    while (gap > start && strchr(" \t,-", gap[-1]))
        gap--;
    struct number_match subject = case_number_at(start, gap);
    return gap < at && (subject.shape == NUMBER_KLE || subject.shape == NUMBER_KLE_BARE) && start + subject.size == gap;
}

/* "(5512334)", "(ID nr. 3456781)", "| 88123-12 |": what holds the number holds nothing but words before it. */
static bool in_cell(const struct scan *scan, const char *at)
{
    const char *open = at;
    while (open > scan->base && at - open < 24 && !strchr("([\t|\n", open[-1]) && !is_digit(open[-1]))
        open--;
    return open > scan->base && strchr("([\t|", open[-1]);
}

/* 19/11679: a case by its label, alone on its line, or because no day has so many digits. */
static bool slash_is_number(const struct scan *scan, const char *at, const struct number_match *match, enum hint hint)
{
    const char *slash = memchr(at, '/', match->size);
    size_t before = (size_t)(slash - at), after = match->size - before - 1;
    if (hint == HINT_CASE || hint == HINT_DOCUMENT)
        return true;
    if (hint == HINT_DATE || hint == HINT_OTHER || memchr(at, ' ', match->size))
        return false;
    /* "Brev af 14/4 1988" in a list of attachments */
    bool brief = match->size < 6 && date_at(at, scan->end).size && !in_cell(scan, at);
    if (stands_alone(scan, at, match->size) || (in_attachments(scan) && !brief) ||
        behind_subject(scan, at, match->size))
        return true;
    bool year_range = before == 4 && is_year(at) && after == 2;
    return before == 2 && after >= 4 && !(after == 4 && is_year(slash + 1)) && !year_range;
}

/* The entry of a list ends at `stop`, or who may see the file closes it: "Kort  5521880  Åben". */
static bool entry_ends(const struct scan *scan, size_t stop)
{
    struct span rest = {scan->base + stop, scan_line(scan)->end - stop};
    rest = text_strip(rest, ",-");
    return !rest.size || span_equal(rest, SPAN("Åben")) || span_equal(rest, SPAN("Lukket")) ||
           span_equal(rest, SPAN("Åbent"));
}

/* "2 Tilstandsvurdering 5521880": seven figures that close an entry of a list of attachments; eight may be a day. */
static bool closes_entry(const struct scan *scan, const char *at, size_t size)
{
    const struct line *line = scan_line(scan);
    size_t offset = (size_t)(at - scan->base);
    return (size == 7 || (size == 8 && !is_year(at))) && entry_ends(scan, offset + size) && offset > line->start + 3 &&
           at[-1] == ' ';
}

/* Numbers that only their surroundings make a case or a document. */
static bool is_number_of(const struct scan *scan, const char *at, const struct number_match *match, enum hint hint)
{
    bool alone = stands_alone(scan, at, match->size), listed = in_attachments(scan);
    bool bracket = listed && in_cell(scan, at);
    switch (match->shape) {
    case NUMBER_SLASH: return slash_is_number(scan, at, match, hint);
    case NUMBER_YEAR_SLASH: {
        const char *slash = memchr(at, '/', match->size);
        size_t after = match->size - (size_t)(slash - at) - 1;
        return hint == HINT_CASE || hint == HINT_DOCUMENT || (after >= 5) ||
               (alone && after >= 3 && !is_year(slash + 1));
    }
    case NUMBER_DASH_YEAR: {
        /* "Kort - 214410-19", "Kort  44120-13" closes the line of an attachment */
        const struct line *line = scan_line(scan);
        size_t offset = (size_t)(at - scan->base);
        bool years = is_year(at) && at[4] == '-' && /* 2018-2030, 2018-19 */
                     (match->size == 7 || (match->size == 9 && is_year(at + 5)));
        bool closes =
            offset + match->size == line->end && offset > line->start + 3 && match->size >= 7 && at[-1] == ' ';
        bool opens = offset == line->start && match->size >= 8 && offset + match->size + 2 < line->end &&
                     at[match->size] == ' '; /* "214410-19 Kort" */
        return hint == HINT_DOCUMENT || hint == HINT_CASE ||
               (listed && !years && (bracket || alone || closes || opens) && match->size >= 6);
    }
    case NUMBER_YEAR_DASH:
        return hint == HINT_DOCUMENT || hint == HINT_CASE || (listed && bracket && hint != HINT_CASE);
    case NUMBER_PLAIN:
        if (hint == HINT_DOCUMENT)
            return match->size >= 4;
        if (hint == HINT_CASE) { /* "sag 1234" in a sentence is the number of an item */
            struct span word = hint_word(&scan->reading->body, (size_t)(at - scan->base));
            bool loose = word.size == 3 || text_has(word, "sagen");
            return match->size >= (loose ? 6u : 4u) && !(match->size == 4 && is_year(at));
        }
        return (listed && (bracket || alone) && match->size >= 5) || (listed && closes_entry(scan, at, match->size));
    default: return false;
    }
}

/* "J.nr.: 00.30.10Q00 Sagsid.: 4412": a case number of its own follows on the line. */
static bool case_follows(const struct scan *scan, const char *at)
{
    const struct line *line = scan_line(scan);
    struct span rest = {at, (size_t)(scan->base + line->end - at)};
    const struct line *next = line + 1;
    bool below = scan->line + 1 < scan->reading->lines.count && text_trim(rest, ".,;").size == 0 &&
                 next->label == LABEL_CASE && !next->blanks; /* the case on the next line */
    bool apart = rest.size > 6 && at[0] == ' ' && is_digit(at[1]) && is_digit(at[2]) && at[3] == '/';
    return below || apart || (at[0] == ' ' && under_labels(scan)) || text_holds(rest, "sagsid") ||
           text_holds(rest, "sagsnr") || text_holds(rest, "sags nr") || text_holds(rest, "sag nr");
}

/* "J.nr.: 00.01.00A00" and no more: the journal files the item under a subject, without a number of its own. */
static bool files_subject(const struct scan *scan, const char *at, size_t size)
{
    const struct line *line = scan_line(scan);
    const char *label = scan->base + line->start;
    bool journal = line->label == LABEL_CASE && (*label | 0x20) == 'j' && (size_t)(at - scan->base) == line->value;
    return journal && size == SPAN("00.01.00A00").size && line->value + size == line->end;
}

/* "01.02.05" alone on its line is a subject if the line behind it is the case's number alone, as forms print them. */
static bool case_below(const struct scan *scan)
{
    if (scan->line + 1 >= scan->reading->lines.count || scan_spot(scan)->item == NO_ITEM)
        return false;
    const struct line *next = scan_line(scan) + 1;
    const char *at = scan->base + next->start, *end = scan->base + next->end;
    if (next->label == LABEL_CASE)
        return true;
    struct number_match match = is_digit(*at) ? case_number_at(at, end) : (struct number_match){0};
    bool number = match.shape == NUMBER_SLASH || match.shape == NUMBER_KLE_CASE || match.shape == NUMBER_AUTHORITY ||
                  match.shape == NUMBER_YEAR_LONG;
    return number && at + match.size == end;
}

/* Old journals number as they like ("3.14-21/79", "1979-31/22"): right behind the label of a case, figures joined by
 * points, dashes and strokes are its number. The size of it, or 0. */
static size_t odd_case(const struct scan *scan, const char *at)
{
    const struct line *line = scan_line(scan);
    bool labelled = line->label == LABEL_CASE && (size_t)(at - scan->base) == line->value;
    if (!labelled && hint_at(scan, at) != HINT_CASE)
        return 0;
    const char *cursor = at, *end = scan->base + line->end;
    size_t joints = 0, slashes = 0;
    while (cursor < end && (is_digit(*cursor) || (strchr("./-", *cursor) && cursor + 1 < end && is_digit(cursor[1])))) {
        joints += !is_digit(*cursor);
        slashes += *cursor == '/';
        cursor++;
    }
    bool ends = cursor >= end || strchr(" ,;.)", *cursor);
    return ends && slashes && joints >= 2 && cursor - at < 30 ? (size_t)(cursor - at) : 0;
}

/* "037216-2012" alone right below the heading of an item: the running number of the case and its year. */
static bool is_case_of_year(const struct scan *scan, const char *at, const struct number_match *match)
{
    int32_t item = scan_spot(scan)->item;
    if (match->shape != NUMBER_DASH_YEAR || match->size < 10 || match->size > 11 || item < 0 ||
        !is_year(at + match->size - 4))
        return false;
    return scan->line == scan->reading->items.items[item].heading + 1 && stands_alone(scan, at, match->size);
}

/* "Ændringsforslag nr. 1-22 Åben 141233/09": a list of attachments in a transcript, each with its access. */
static bool behind_access(const struct scan *scan, const char *at)
{
    struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
    return span_equal(word, SPAN("Åben")) || span_equal(word, SPAN("Åbent")) || span_equal(word, SPAN("Lukket"));
}

/* "31/12-2018" in running text is a day, where a number of the same shape is the part of a case: "14/47755-9". */
static bool is_day(const struct scan *scan, const char *at, const struct number_match *match, enum hint hint)
{
    if (hint == HINT_CASE || hint == HINT_DOCUMENT || (in_attachments(scan) && hint != HINT_DATE))
        return false;
    struct date_match date = date_at(at, scan->end);
    return date.size == match->size && date.day.year && !date.bare;
}

/* A case, document or subject number at `at`; 0 if it is none. */
static size_t take_number(struct scan *scan, const char *at, bool *full)
{
    struct number_match match = case_number_at(at, scan->end);
    if (match.shape == NUMBER_NONE) {
        match.size = odd_case(scan, at);
        *full = match.size && !add_number(scan, ENTITY_CASE, at, match.size, "case.journal");
        return match.size;
    }
    enum hint hint = hint_at(scan, at);
    if (hint == HINT_NONE && match.shape == NUMBER_SLASH && match.size >= 7 && at[2] != '/' && behind_access(scan, at))
        hint = HINT_DOCUMENT;
    if (match.shape == NUMBER_SLASH_PART && is_day(scan, at, &match, hint))
        return 0;
    if (match.shape == NUMBER_YEAR_LONG && match.size == 11 && at[4] == ' ' && is_year(at + 7)) /* 2006 - 2007 */
        return 0;
    bool sure = false;
    enum entity_type type = sure_type(scan, at, match.shape, hint, &sure);
    if (match.shape == NUMBER_KLE && hint == HINT_CASE && !files_subject(scan, at, match.size) &&
        !case_follows(scan, at + match.size))
        type = ENTITY_CASE;
    if (match.shape == NUMBER_KLE_BARE) {
        struct date_match date = date_at(at, scan->end);
        /* "20.01.00" alone on a line of an item is no day of the year 2000 */
        bool general = match.size == 8 && memcmp(at + 6, "00", 2) == 0 && stands_alone(scan, at, match.size) &&
                       scan->reading->spots[scan->line].item != NO_ITEM;
        bool alone = stands_alone(scan, at, match.size);
        /* "henlagt under 01.16.04": the word before files it, also where it could be a day */
        struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
        bool filed = (span_equal(word, SPAN("under")) || span_equal(word, SPAN("gruppe")) ||
                      span_equal(word, SPAN("hovedgruppe")) || span_equal(word, SPAN("emnet")));
        bool subject =
            hint == HINT_KLE || general || hint == HINT_CASE || filed || (alone && (!date.size || case_below(scan)));
        if (!subject)
            return 0;
        type = ENTITY_KLE;
        sure = true;
    }
    if (!sure && is_case_of_year(scan, at, &match)) {
        type = ENTITY_CASE;
    } else if (!sure) {
        if (!is_number_of(scan, at, &match, hint))
            return 0;
        bool document =
            hint == HINT_DOCUMENT || (hint != HINT_CASE && in_attachments(scan)) || match.shape == NUMBER_DASH_YEAR;
        type = document && !(hint == HINT_CASE) ? ENTITY_DOCUMENT : ENTITY_CASE;
    }
    static const char *const rules[] = {"",
                                        "kle.facet",
                                        "kle.subject",
                                        "case.kle",
                                        "document.kle_part",
                                        "case.authority",
                                        "case.year",
                                        "document.part",
                                        "case.slash",
                                        "document.slash_part",
                                        "case.letters",
                                        "document.letters_part",
                                        "case.region",
                                        "case.long",
                                        "case.year_slash",
                                        "document.dash",
                                        "document.year",
                                        "case.plain"};
    const char *rule = rules[match.shape];
    if (type == ENTITY_DOCUMENT && strncmp(rule, "case.", 5) == 0)
        rule = "document.number";
    if (type == ENTITY_CASE && (strncmp(rule, "document.", 9) == 0 || strncmp(rule, "kle.", 4) == 0))
        rule = "case.number";
    *full = !add_number(scan, type, at, match.size, rule);
    return match.size;
}

/* 1/2, 1/3, 3/4: shares rather than days. */
static bool slash_fraction(const struct date_match *match)
{
    return match->day.day < match->day.month && match->day.month <= 5;
}

/* "Lokalplan 12.04.01": the word before shows that the number is no day. */
static bool is_plan_number(const struct scan *scan, const char *at, const struct date_match *date)
{
    return strcmp(date->rule, "date.short") == 0 &&
           word_hint(word_before(&scan->reading->body, (size_t)(at - scan->base))) == HINT_OTHER;
}

/* Does a word that leads a day stand before `at`: "af 9.8.11", "dateret 5.2.79"? */
static bool is_led(const struct scan *scan, const char *at)
{
    struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
    return word_hint(word) == HINT_DATE || span_equal(word, SPAN("af")) || span_equal(word, SPAN("dateret")) ||
           span_equal(word, SPAN("modtaget")) || span_equal(word, SPAN("skrevet"));
}

/* "1/9" alone: a day if "den", "fra", "til" or "pr." stand before it, or another day behind ("1/1-30/6 2017"). */
static bool bare_is_date(const struct scan *scan, const char *at, const struct date_match *match)
{
    const char *behind = at + match->size;
    if (word_hint(word_before(&scan->reading->body, (size_t)(at - scan->base))) == HINT_DATE && at > scan->base &&
        (at[-1] == ' ' || at[-1] == '\n'))
        return true;
    /* "Økonomiopfølgning 1/10": the end of a title or of the head of a column */
    const struct line *line = scan_line(scan);
    bool closes = behind >= scan->end || *behind == '\n' || *behind == '\t';
    bool word =
        at - scan->base >= 2 && at[-1] == ' ' && (((at[-2] | 0x20) >= 'a' && (at[-2] | 0x20) <= 'z') || at[-2] & 0x80);
    if (closes && word && line->end - line->start < 140 && !slash_fraction(match))
        return true;
    const char *next = behind;
    while (next < scan->end &&
           (*next == '-' || *next == ' ' || (unsigned char)*next == 0xE2 || (unsigned char)*next == 0x80 ||
            (unsigned char)*next == 0x93) &&
           next - behind < 6)
        next++;
    if (next == behind || next >= scan->end || !is_digit(*next))
        return false;
    struct date_match second = date_at(next, scan->end);
    return second.size && !second.bare && !second.brief && second.day.year != 0;
}

static enum cpr_hint cpr_hint_at(const struct scan *scan, const char *at)
{
    switch (word_hint(hint_word(&scan->reading->body, (size_t)(at - scan->base)))) {
    case HINT_CPR: return CPR_NAMED;
    case HINT_CASE:
    case HINT_DOCUMENT:
    case HINT_OTHER: return CPR_OTHER;
    default: return CPR_UNKNOWN;
    }
}

static bool take_cpr(struct scan *scan, const char *at, size_t *size, bool *full)
{
    *size = 0;
    for (int i = 0; i < 6; i++)
        if (!is_digit(at[i]))
            return false;
    struct reading *reading = scan->reading;
    *size = cpr_at(at, scan->end, cpr_hint_at(scan, at));
    if (!*size)
        return false;
    struct byte_range *range = LIST_PUSH(reading->arena, &reading->cpr);
    *full = !range;
    if (range)
        *range = (struct byte_range){(size_t)(at - scan->base), (size_t)(at - scan->base) + *size};
    return true;
}

/* "Firma 2 kr. 1.462.500,-": the figure before "kr." numbers something, the sum stands behind. */
static bool numbers_only(const char *at, const char *end, size_t size)
{
    size_t digits = 0;
    while (is_digit(at[digits]))
        digits++;
    const char *cursor = at + size;
    if (digits > 2 || size < digits + 3 || end - cursor < 5 || *cursor != ' ' || !is_digit(cursor[1]))
        return false;
    cursor++;
    while (cursor < end && (is_digit(*cursor) || *cursor == '.'))
        cursor++;
    return end - cursor > 1 && cursor[0] == ',' && cursor[1] == '-';
}

/* "I.200 kr.": where a number begins whose one was read as a letter; `at` if none was. */
static const char *misread_start(const struct scan *scan, const char *at)
{
    bool one = at - scan->base > 2 && at[-1] == '.' && (at[-2] == 'l' || at[-2] == 'I') && strchr(" \n\t(-", at[-3]);
    return one ? at - 2 : at;
}

const char *scan_number(struct scan *scan, const char *at)
{
    const char *stop;
    unsigned wants = figure_wants(at, &stop);
    bool full = false;
    size_t size = 0;
    const char before = at > scan->base ? at[-1] : ' ';
    if (at[0] == '3' && at[1] == 'F' && before != '-') { /* the one well-known house whose name begins with a figure */
        struct org_match org = org_at(at, scan->end);
        if (org.size)
            return scan_add(scan, ENTITY_ORG, at, org.size, (struct span){0}, org.rule) ? at + org.size : NULL;
    }
    bool inside =
        (before == '.' || before == ',' || before == '/' || before == '-') && at - 1 > scan->base && is_digit(at[-2]);
    if (!inside && take_cpr(scan, at, &size, &full))
        return full ? NULL : at + size;
    struct amount_match amount = {0};
    if (wants & FIGURE_AMOUNT && !inside) {
        const char *one = before == '.' ? misread_start(scan, at) : at;
        amount = amount_at(one, scan->end);
        at = amount.size ? one : at;
    }
    if (amount.size && numbers_only(at, scan->end, amount.size))
        amount.size = 0;
    /* "steg fra 4 til 5 mio. kr.": two sums, the first without its unit */
    struct span sum = {at, amount.size};
    if (amount.size && text_holds(sum, " til ") &&
        span_equal(word_before(&scan->reading->body, (size_t)(at - scan->base)), SPAN("fra")))
        amount.size = 0;
    if (amount.size) {
        scan_line(scan)->flags |= LINE_UNIT;
        bool unit = scan_is_unit(scan, at, &amount);
        scan_spot(scan)->currency |= unit;
        if (!unit && !scan_amount(scan, at, &amount))
            return NULL;
        return at + amount.size;
    }
    size = wants & FIGURE_CASE && !inside ? take_number(scan, at, &full) : 0;
    if (full)
        return NULL;
    if (size)
        return at + size;
    struct date_match date = {0};
    if (wants & FIGURE_DATE && (!inside || before == '-'))
        date = date_at(at, scan->end);
    if (date.size && (!date.bare || bare_is_date(scan, at, &date)) && (!date.brief || is_led(scan, at)) &&
        !is_plan_number(scan, at, &date))
        return scan_date(scan, at, &date) ? at + date.size : NULL;
    return stop;
}

bool scan_lettered(struct scan *scan, const char *at, size_t *size)
{
    struct number_match match = case_number_at(at, scan->end);
    *size = 0;
    if (match.shape != NUMBER_LETTERS && match.shape != NUMBER_LETTERS_PART)
        return true;
    enum hint hint = hint_at(scan, at);
    *size = match.size;
    bool sure;
    enum entity_type type = sure_type(scan, at, match.shape, hint, &sure);
    return add_number(scan, type, at, match.size, type == ENTITY_CASE ? "case.letters" : "document.number");
}
