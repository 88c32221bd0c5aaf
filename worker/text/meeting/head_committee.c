/* head_committee: the body that met, as titles, labels and headings of decisions name it. Pure.
 *
 * "Udskrift af forhandlingsprotokol for Teknisk Udvalg tirsdag den 3. maj": a title has words before the name of the
 * body and words that end it (title_lead.def, title_tail.def); between them a word for a body stands (body_word.def).
 */
#include "head.h"

#include "opener.h"
#include "word_lookup.h"
#include "words.h"

#include <string.h>

/* Behind the word only an ending: et, ets, en, s. "Byrådssalen" is a room. */
static bool word_over(struct span text, size_t at)
{
    size_t letters = 0;
    while (at + letters < text.size && letters < 5 &&
           (((text.at[at + letters] | 0x20) >= 'a' && (text.at[at + letters] | 0x20) <= 'z') ||
            (text.at[at + letters] & 0x80)))
        letters++;
    return letters <= 3;
}

static const struct span body_words[] = {
#define BODY_WORD(words) WORD(words),
#include "body_word.def"
#undef BODY_WORD
};

/* Does the text hold a word that may name a body of the council? Most lines of the head hold none. */
static bool holds_body(struct span text)
{
    for (size_t at = 0; at < text.size; at++)
        if (affix_kinds_of(&title_kinds, affix_load(text.at + at), 3) & TITLE_BODY &&
            words_start(body_words, sizeof body_words / sizeof *body_words, span_cut(text, at, text.size)))
            return true;
    return false;
}

/* Where the first word that names a body of the council stands, or SIZE_MAX. */
static size_t body_word(struct span text, size_t from)
{
    enum { COUNT = sizeof body_words / sizeof *body_words };
    for (size_t at = from; at < text.size; at++) {
        if (!(affix_kinds_of(&title_kinds, affix_load(text.at + at), 3) & TITLE_BODY))
            continue;
        struct span rest = span_cut(text, at, text.size);
        for (size_t i = 0; i < COUNT; i++)
            if (*body_words[i].at == *rest.at && span_starts(rest, body_words[i]) &&
                word_over(text, at + body_words[i].size))
                return at;
    }
    return SIZE_MAX;
}

/* A word of a title that is no part of the body's name; letters' case aside. */
static bool is_lead_word(struct span word)
{
    static const struct span leads[] = {
#define TITLE_LEAD(word) WORD(word),
#include "title_lead.def"
#undef TITLE_LEAD
    };
    char small[24];
    if (word.size >= sizeof small)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        unsigned char c = (unsigned char)word.at[i];
        bool capital = (c >= 'A' && c <= 'Z') || (i && (unsigned char)word.at[i - 1] == 0xC3 && c >= 0x80 && c <= 0x9E);
        small[i] = (char)(capital ? c | 0x20 : c);
    }
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (span_equal(leads[i], (struct span){small, word.size}))
            return true;
    return false;
}

/* "Det Sociale Udvalg": the first word, up to `stop`, belongs to the name; "Det ordinære møde i Byrådet" leads to one.
 */
static bool is_article(struct span text, size_t stop)
{
    size_t end = stop + 1;
    while (end < text.size && text.at[end] != ' ')
        end++;
    return span_equal(span_cut(text, 0, stop), SPAN("Det")) && end < text.size &&
           !is_lead_word(span_cut(text, stop + 1, end));
}

/* A sign that parts the words of a title, or its end. */
static inline bool parts_words(char c)
{
    return c == ' ' || c == '-' || c == ':' || c == ',' || c == '.' || c == 0;
}

/* What stands before the body's name in a title: "Udskrift af forhandlingsprotokol for ". */
static size_t title_lead(struct span text)
{
    size_t at = 0;
    for (int round = 0; round < 12; round++) {
        size_t stop = at;
        while (stop < text.size && !parts_words(text.at[stop]))
            stop++;
        if (stop >= text.size || text.at[stop] == '-' || !is_lead_word(span_cut(text, at, stop)))
            break;
        if (!at && is_article(text, stop))
            break;
        for (at = stop; at < text.size; at++) {
            bool dash = at + 2 < text.size && memcmp(text.at + at, "–", 3) == 0;
            at += dash ? 2 : 0;
            if (!dash && !parts_words(text.at[at]))
                break;
        }
    }
    return at;
}

static bool may_end_title(const char *at)
{
    return *at == '\t' || (*at == ' ' && at[1] == '(') || affix_kinds_of(&title_kinds, affix_load(at), 3) & TITLE_END;
}

/* Where the body's name ends: before a day, a year, a time, a dash with "referat", a comma with a figure. */
static size_t title_tail(struct span text, size_t from)
{
    static const struct span stops[] = {
#define TITLE_TAIL(words) WORD(words),
#include "title_tail.def"
#undef TITLE_TAIL
    };
    enum { COUNT = sizeof stops / sizeof *stops };
    for (size_t at = from; at < text.size; at++) {
        if (may_end_title(text.at + at) && words_start(stops, COUNT, span_cut(text, at, text.size)))
            return at;
        if (at > from && is_digit(text.at[at]) && strchr(" ,-", text.at[at - 1]))
            return at;
    }
    return text.size;
}

/* "Egebjerg Kommune Teknisk Udvalg": the committee stands behind the municipality. */
static struct span behind_municipality(struct span text)
{
    static const struct span stops[] = {
        WORD(" Kommune "), WORD(" Kommune, "), WORD(" Kommune. "), WORD(" Kommune - "), WORD(" Kommune: "),
        WORD(" KOMMUNE "), WORD(" KOMMUNE, "), WORD(" KOMMUNE. "), WORD(" KOMMUNE - "), WORD(" KOMMUNE: ")};
    for (size_t at = 1; at + 1 < text.size && at < 40; at++) {
        if (text.at[at] != ' ' || text.at[at + 1] != 'K')
            continue;
        for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
            if (!span_starts(span_cut(text, at, text.size), stops[i]))
                continue;
            size_t behind = at + stops[i].size;
            while (behind < text.size && text.at[behind] == ' ') /* columns wide apart */
                behind++;
            struct span rest = span_cut(text, behind < text.size ? behind : text.size, text.size);
            rest = span_cut(rest, title_lead(rest), rest.size);
            bool capital = rest.size && ((*rest.at >= 'A' && *rest.at <= 'Z') || (unsigned char)*rest.at == 0xC3);
            size_t word = capital ? body_word(rest, 0) : SIZE_MAX;
            if (word < 40)
                return rest;
        }
    }
    return text;
}

/* Capitalised words, perhaps joined by "og", are a name and no sentence; behind "for" small words may follow. */
static bool is_named(struct span name)
{
    static const struct span joints[] = {WORD("og "), WORD("samt "), WORD("i ")};
    for (size_t at = 0; at < name.size; at++) {
        unsigned char first = (unsigned char)name.at[at];
        struct span rest = span_cut(name, at, name.size);
        if (at && name.at[at - 1] != ' ')
            continue;
        if (span_starts(rest, SPAN("for ")))
            return true;
        if (!((first >= 'A' && first <= 'Z') || first == 0xC3 || is_digit((char)first)) &&
            !words_start(joints, sizeof joints / sizeof *joints, rest))
            return false;
    }
    return true;
}

/* Is the line the way through a web site: "Forside > Om os > Regionsrådet"? */
static bool is_trail(struct span text)
{
    const char *mark = text.size < 140 ? memchr(text.at, '>', text.size) : NULL;
    return mark && mark > text.at && mark[-1] == ' ';
}

/* The name of a body in a line of the head, or empty. */
static struct span committee_name(struct span text, bool labelled)
{
    enum { TITLE_MOST = 160, NAME_MOST = 100 };
    bool titled =
        span_starts(text, SPAN("Referat")) || span_starts(text, SPAN("REFERAT")) || span_starts(text, SPAN("Møde"));
    if (text.size < 4 || is_trail(text))
        return (struct span){0};
    /* a sentence, or the head of a transcript on one line: the name leads it, and something ends the name */
    bool closed = text.at[text.size - 1] == '.' && text.size > 60 && !text_holds(text, "   ");
    bool lengthy = !labelled && (text.size > (titled ? 400u : 140u) || closed);
    if (lengthy)
        text = span_cut(text, 0, text.size < TITLE_MOST ? text.size : TITLE_MOST);
    if (!labelled && !holds_body(text))
        return (struct span){0};
    size_t lead = title_lead(text);
    struct span rest = span_cut(text, lead, text.size);
    if (!rest.size)
        return rest;
    rest = behind_municipality(rest);
    size_t tail = title_tail(rest, 0);
    struct span name = text_trim(span_cut(rest, 0, tail), ",-:");
    if (name.size > 3 && memcmp(name.at + name.size - 3, "–", 3) == 0)
        name = text_trim(span_cut(name, 0, name.size - 3), ",-:");
    unsigned char first = name.size ? (unsigned char)*name.at : 0;
    bool capital = (first >= 'A' && first <= 'Z') || first == 0xC3;
    size_t word = body_word(name, 0);
    if (labelled)
        return name;
    if (lengthy && (tail == rest.size || word == SIZE_MAX || !is_named(name)))
        return (struct span){0};
    bool small = word != SIZE_MAX && name.at[word] >= 'a' && name.at[word] <= 'z' && word > 0 &&
                 name.at[word - 1] == ' ' && !(word > 4 && memcmp(name.at + word - 4, " og ", 4) == 0);
    /* "Udskrift af byrådets forhandlingsprotokol": behind such a lead the body may be written small */
    bool led = lead && word != SIZE_MAX && (!word || !memchr(name.at, ' ', word));
    if ((!capital && !led) || word == SIZE_MAX || small || name.size > NAME_MOST || text_holds(name, "fagudvalg") ||
        text_holds(name, "Dagsordener"))
        return (struct span){0};
    return name;
}

struct span committee_labelled(struct span value, bool sure)
{
    struct span name = committee_name(value, true);
    bool capital = name.size && ((*name.at >= 'A' && *name.at <= 'Z') || (unsigned char)*name.at == 0xC3);
    return body_word(name, 0) != SIZE_MAX || (sure && capital && name.size < 60) ? name : (struct span){0};
}

struct span committee_of(struct span text)
{
    return committee_name(text, false);
}

static bool is_council(struct span name)
{
    return text_holds(name, "yråd") || text_holds(name, "ommunalbestyrelse");
}

/* "Skive Byråd / Teknisk Udvalg": below the council's name, which heads the paper, the committee that met. */
static struct span committee_below(const struct reading *reading, size_t line, size_t end)
{
    const struct line *next = &reading->lines.items[line] + 1;
    if (line + 1 >= end || next->label != LABEL_NONE || next->end - next->start > 60)
        return (struct span){0};
    struct span name = committee_of(reading_line(reading, line + 1));
    bool alone = name.size == reading_line(reading, line + 1).size;
    return alone && !is_council(name) ? name : (struct span){0};
}

/* "SKIVE BYRÅD. Teknisk Udvalg": the committee behind the council's name on one line. */
static struct span committee_behind(struct span name)
{
    for (size_t at = 4; at + 6 < name.size; at++)
        if (name.at[at] == '.' && name.at[at + 1] == ' ' && is_council(span_cut(name, 0, at))) {
            struct span rest = span_cut(name, at + 2, name.size);
            return body_word(rest, 0) != SIZE_MAX ? rest : name;
        }
    return name;
}

struct span committee_on(const struct reading *reading, size_t line, size_t end)
{
    enum { TOP = 6, LINE_MOST = 140 }; /* lines: further down a long one is a list or prose */
    struct span text = reading_line(reading, line);
    if (line >= TOP && text.size > LINE_MOST && !span_starts(text, SPAN("Referat")) &&
        !span_starts(text, SPAN("REFERAT")) && !span_starts(text, SPAN("Møde")))
        return (struct span){0};
    struct span name = committee_behind(committee_of(text));
    struct span below =
        is_council(name) && name.size == text.size ? committee_below(reading, line, end) : (struct span){0};
    return below.size ? below : name;
}

/* Does an item propose something to a body of the name: "Administrationen indstiller til Social og Sundhed"? */
static bool is_proposed_to(const struct reading *reading, struct span name)
{
    static const char lead[] = "indstiller til ";
    const struct text *text = &reading->body.text;
    const char *end = text->at + text->size, *at = text->at;
    while ((at = text_seek((struct span){at, (size_t)(end - at)}, lead, sizeof lead - 1, false)) != NULL) {
        at += sizeof lead - 1;
        if (span_starts((struct span){at, (size_t)(end - at)}, name))
            return true;
    }
    return false;
}

struct span committee_proposed_to(const struct reading *reading, size_t end)
{
    enum { TOP = 8, NAME_MOST = 60 }; /* lines, bytes */
    for (size_t line = 0; line < end && line < TOP; line++) {
        struct span name = reading_line(reading, line);
        bool capital = name.size > 3 && ((*name.at >= 'A' && *name.at <= 'Z') || (unsigned char)*name.at == 0xC3);
        if (capital && name.size < NAME_MOST && reading->lines.items[line].label == LABEL_NONE &&
            !reading->spots[line].contents && is_proposed_to(reading, name))
            return name;
    }
    return (struct span){0};
}

struct span committee_of_decision(const struct reading *reading)
{
    for (size_t i = 0; i < reading->parts.count; i++) {
        const struct part *part = &reading->parts.items[i];
        struct span iso = reading->meeting->date;
        bool same = part->body && iso.size == 10 && part->day.day == (iso.at[8] - '0') * 10 + iso.at[9] - '0' &&
                    part->day.month == (iso.at[5] - '0') * 10 + iso.at[6] - '0';
        if (!same)
            continue;
        struct span text = reading_line(reading, part->heading);
        static const char *const leads[] = {"Beslutning i ", "Beslutning fra ", "Beslutning for ", "Beslutning ",
                                            "Behandlet i "};
        for (size_t j = 0; j < sizeof leads / sizeof *leads; j++)
            if (span_starts(text, span_of(leads[j]))) {
                text = span_cut(text, strlen(leads[j]), text.size);
                break;
            }
        struct span name = text_trim(span_cut(text, 0, title_tail(text, 0)), ",-: ");
        if (name.size > 3 && name.at[name.size - 1] == 's' && text_holds(text, "beslutning"))
            name.size--;
        if (name.size > 3)
            return name;
    }
    return (struct span){0};
}
