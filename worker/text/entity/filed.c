/* filed: numbers of cases, documents and subjects, from their shape and from what stands around them. Pure. */
#include "hint.h"
#include "scan.h"

#include <string.h>

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

static inline bool opens_cell(char c)
{
    return c == '(' || c == '[' || c == '\t' || c == '|' || c == 0;
}

/* "(5512334)", "(ID nr. 3456781)", "| 88123-12 |": what holds the number holds nothing but words before it. */
static bool in_cell(const struct scan *scan, const char *at)
{
    const char *open = at;
    while (open > scan->base && at - open < 24 && !opens_cell(open[-1]) && open[-1] != '\n' && !is_digit(open[-1]))
        open--;
    return open > scan->base && opens_cell(open[-1]);
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
        /* "N (C), sag 41-47": items of the agenda from one to another */
        bool items =
            match->size == 5 && hint == HINT_CASE && hint_word(scan, at).size == 3 && memcmp(at, at + 3, 2) < 0;
        return hint == HINT_DOCUMENT || (hint == HINT_CASE && !items) ||
               (listed && !years && (bracket || alone || closes || opens) && match->size >= 6);
    }
    case NUMBER_YEAR_DASH:
        return hint == HINT_DOCUMENT || hint == HINT_CASE || (listed && bracket && hint != HINT_CASE);
    case NUMBER_PLAIN:
        if (hint == HINT_DOCUMENT)
            return match->size >= 4;
        if (hint == HINT_CASE) { /* "sag 1234" in a sentence is the number of an item */
            struct span word = hint_word(scan, at);
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
    bool apart = rest.size > 6 && at[0] == ' ' && is_digit(at[1]) && is_digit(at[2]) &&
                 (at[3] == '/' || case_number_at(at + 1, scan->end).size == 6); /* "00.01.00A00 024410" */
    return below || apart || (at[0] == ' ' && hint_columns(scan)) || text_holds(rest, "sagsid") ||
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

/* "00.01.00A00 024410": six figures, apart by a space from the subject that was read before them. */
static bool behind_kle(const struct scan *scan, const char *at, const struct number_match *match)
{
    size_t count = scan->reading->entities.count;
    if (match->shape != NUMBER_PLAIN || match->size != 6 || !count)
        return false;
    const struct entity *before = &scan->reading->entities.items[count - 1];
    return before->type == ENTITY_KLE && scan->base + before->end + 1 == at && at[-1] == ' ';
}

/* "31/12-2018" in running text is a day, where a number of the same shape is the part of a case: "14/47755-9". */
static bool is_day(const struct scan *scan, const char *at, const struct number_match *match, enum hint hint)
{
    if (hint == HINT_CASE || hint == HINT_DOCUMENT || (in_attachments(scan) && hint != HINT_DATE))
        return false;
    struct date_match date = date_at(at, scan->end);
    return date.size == match->size && date.day.year && !date.bare;
}

/* A bare "01.16.04" is a subject and no day: by its hint, the word that files it, or how it stands. */
static bool is_subject(const struct scan *scan, const char *at, const struct number_match *match, enum hint hint)
{
    bool alone = stands_alone(scan, at, match->size);
    /* "20.01.00" alone on a line of an item is no day of the year 2000 */
    bool general = match->size == 8 && memcmp(at + 6, "00", 2) == 0 && alone && scan_spot(scan)->item != NO_ITEM;
    /* "henlagt under 01.16.04": the word before files it, also where it could be a day */
    struct span word = word_before(&scan->reading->body, (size_t)(at - scan->base));
    bool filed = span_equal(word, SPAN("under")) || span_equal(word, SPAN("gruppe")) ||
                 span_equal(word, SPAN("hovedgruppe")) || span_equal(word, SPAN("emnet"));
    return hint == HINT_KLE || hint == HINT_CASE || general || filed ||
           (alone && (!date_at(at, scan->end).size || case_below(scan)));
}

static const char *rule_of(enum entity_type type, enum number_shape shape)
{
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
    const char *rule = rules[shape];
    if (type == ENTITY_DOCUMENT && strncmp(rule, "case.", 5) == 0)
        return "document.number";
    if (type == ENTITY_CASE && (strncmp(rule, "document.", 9) == 0 || strncmp(rule, "kle.", 4) == 0))
        return "case.number";
    return rule;
}

size_t scan_filed(struct scan *scan, const char *at, bool *full)
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
    if (hint == HINT_NONE && behind_kle(scan, at, &match))
        hint = HINT_CASE;
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
        if (!is_subject(scan, at, &match, hint))
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
    *full = !add_number(scan, type, at, match.size, rule_of(type, match.shape));
    return match.size;
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
