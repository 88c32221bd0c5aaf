/* attachment_lead: what stands before and behind the title of an attachment and is none of it. Pure.
 *
 * Lists number their entries in a dozen ways ("1.", "Bilag 2 -", "12.1", "12-1", "12a", "(3)", "B.", "ii)"), with the
 * access between the number and the title; pages say behind it what kind of file it is and how large. A number counts
 * if it is the one that is due: "3. kvartalsrapport" is a title. Source: published minutes. */
#include "bytes.h"
#include "decision.h"
#include "words.h"

#include <string.h>

static bool is_capital(struct span text, size_t at)
{
    unsigned char first = at < text.size ? (unsigned char)text.at[at] : 0,
                  second = at + 1 < text.size ? (unsigned char)text.at[at + 1] : 0;
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

/* Up to three figures at `at`; gives where they end, and their value. */
static size_t figures(struct span text, size_t at, size_t *value)
{
    size_t start = at;
    *value = 0;
    while (at < text.size && is_digit(text.at[at]) && at - start < 3)
        *value = *value * 10 + (size_t)(text.at[at++] - '0');
    return at;
}

/* Past ". ", ": ", " - ", ") " and tabs from `at` on; `mark`: there was more than a space. */
static size_t marks_end(struct span text, size_t at, bool *mark)
{
    *mark = false;
    for (; at < text.size; at++) {
        bool dash = at + 2 < text.size && memcmp(text.at + at, "–", 3) == 0;
        bool stroke = text.at[at] == '/' && at + 1 < text.size && text.at[at + 1] == ' '; /* "1/ Kort" */
        if (!dash && !stroke && !strchr(" \t.:)]-", text.at[at]))
            break;
        *mark = *mark || text.at[at] != ' ';
        at += dash ? 2 : 0;
    }
    return at;
}

/* "Åben - ", "Lukket ": who may see the file, before its title. */
static size_t access_size(struct span text)
{
    static const struct span words[] = {WORD("Åben - "),  WORD("Åben "),   WORD("Åben\t"),    WORD("Åben: "),
                                        WORD("Åbent "),   WORD("Åbent\t"), WORD("Lukket - "), WORD("Lukket "),
                                        WORD("Lukket: "), WORD("Lukket\t")};
    size_t size = words_start(words, sizeof words / sizeof *words, text);
    while (size && size < text.size && strchr(" \t", text.at[size]))
        size++;
    return size;
}

/* "b. Notat", "B) Notat", "B: Notat", "ii. Notat": the letter or the Roman number that is due. */
static size_t letter_lead(struct span text, size_t expected)
{
    static const struct span romans[] = {WORD("i"),  WORD("ii"),  WORD("iii"),  WORD("iv"), WORD("v"),
                                         WORD("vi"), WORD("vii"), WORD("viii"), WORD("ix"), WORD("x")};
    if (text.size < 5 || expected < 1)
        return 0;
    size_t size = 0;
    char letter = (char)('a' + (char)(expected < 26 ? expected - 1 : 25));
    if (text.at[0] == letter || text.at[0] == (letter & ~0x20))
        size = 1;
    else if (expected <= sizeof romans / sizeof *romans) {
        struct span due = romans[expected - 1];
        while (size < due.size && size < text.size && (text.at[size] | 0x20) == due.at[size])
            size++;
        size = size == due.size ? size : 0;
    }
    bool capital = text.at[0] < 'a';
    bool marked = size && size + 2 < text.size && strchr(capital ? ".):" : ".)", text.at[size]) &&
                  text.at[size + 1] == ' '; /* behind "viii." there may be no title */
    return marked ? size + 2 : 0;
}

/* "12.1 Kort", "12-1: Kort", "12.01 Kort", "12a Kort": the number of the item and that of the file in it. `word`:
 * "Bilag" stands before. */
static size_t double_lead(struct span text, size_t at, size_t expected, bool word)
{
    size_t item, own, first = figures(text, at, &item), next = first;
    bool mark;
    if (first == at || first >= text.size)
        return 0;
    if (strchr(".-", text.at[first]) && first + 1 < text.size && is_digit(text.at[first + 1]))
        next = figures(text, first + 1, &own);
    else if (text.at[first] >= 'a' && text.at[first] <= 'z')
        own = (size_t)(text.at[next++] - 'a') + 1;
    if (next == first || next >= text.size || is_digit(text.at[next]) || (!word && own != expected))
        return 0;
    size_t title = marks_end(text, next, &mark);
    bool opens = title > next && title < text.size && text.at[title - 1] != '.' &&
                 (is_capital(text, title) || (word && !is_digit(text.at[title])));
    return opens ? title : 0;
}

/* "Punkt 3, bilag 1: Kort", "Pkt. 3 bilag 1 Kort": the item and the number in it. */
static size_t point_lead(struct span text)
{
    static const struct span points[] = {WORD("Punkt "), WORD("punkt "), WORD("Pkt. "), WORD("Pkt "), WORD("pkt. ")};
    static const struct span words[] = {WORD("bilag nr. "), WORD("bilag "), WORD("Bilag nr. "), WORD("Bilag ")};
    size_t value, at = words_start(points, sizeof points / sizeof *points, text), digits = at;
    bool mark;
    at = at ? figures(text, at, &value) : 0;
    if (at == digits)
        return 0;
    while (at < text.size && strchr(" ,.-", text.at[at]))
        at++;
    size_t word = words_start(words, sizeof words / sizeof *words, span_cut(text, at, text.size));
    digits = at + word;
    at = figures(text, digits, &value);
    return word && at > digits ? marks_end(text, at, &mark) : 0;
}

/* "PDF Kort", "Hent Kort": what a page's icon or link says before the title. */
static size_t icon_lead(struct span text)
{
    static const struct span words[] = {WORD("PDF "),  WORD("pdf "), WORD("Word "),    WORD("Excel "),   WORD("PDF: "),
                                        WORD("Hent "), WORD("Åbn "), WORD("PDF-fil "), WORD("Download ")};
    size_t size = words_start(words, sizeof words / sizeof *words, text);
    return size && is_capital(text, size) ? size : 0;
}

size_t attachment_lead(struct span text, size_t expected, bool bare)
{
    static const struct span words[] = {WORD("Bilag nr. "), WORD("Bilag nr "), WORD("Bilag "),  WORD("BILAG "),
                                        WORD("Bilag"),      WORD("Nr. "),      WORD("nr. "),    WORD("Lb.nr. "),
                                        WORD("lb.nr. "),    WORD("Lbnr. "),    WORD("Løbenr. ")};
    size_t icon = text.size && strchr("PpWEHD\xC3", *text.at) ? icon_lead(text) : 0;
    if (icon)
        return icon + attachment_lead(span_cut(text, icon, text.size), expected, bare);
    size_t point = text.size && (*text.at | 0x20) == 'p' ? point_lead(text) : 0;
    if (point)
        return point + access_size(span_cut(text, point, text.size));
    size_t at = words_start(words, sizeof words / sizeof *words, text), value;
    bool word = at && at < text.size && is_digit(text.at[at]), mark = false;
    /* Bilag B. Hvidbog, Bilag B - Hvidbog, Bilag B Hvidbog */
    if (span_starts(text, SPAN("Bilag ")) && text.size > 9 && text.at[6] >= 'A' && text.at[6] <= 'Z' &&
        strchr(":. ", text.at[7])) {
        size_t title = marks_end(text, 7, &mark);
        if (mark || (title == 8 && is_capital(text, 8) && (size_t)(text.at[6] - 'A') + 1 == expected))
            return title;
    }
    at = word ? at : 0;
    size_t lead = double_lead(text, at, expected, word);
    lead = lead || word ? lead : letter_lead(text, expected);
    if (lead)
        return lead + access_size(span_cut(text, lead, text.size));
    bool bracket = !word && text.size > 3 && strchr("([", text.at[0]) && is_digit(text.at[1]);
    size_t digits = at + bracket;
    at = figures(text, digits, &value);
    bool number = at > digits;
    if (number && word && at + 1 < text.size && text.at[at] >= 'A' && text.at[at] <= 'Z' &&
        strchr(":. ", text.at[at + 1]))
        at++; /* Bilag 2A */
    static const struct span of_point[] = {WORD(" til punkt "), WORD(" til pkt. "), WORD(" til Punkt "),
                                           WORD(", punkt ")};
    size_t point_word =
        word ? words_start(of_point, sizeof of_point / sizeof *of_point, span_cut(text, at, text.size)) : 0;
    if (point_word) /* Bilag 1 til punkt 2 - Kort */
        at = figures(text, at + point_word, &(size_t){0});
    if (word && at + 1 < text.size && text.at[at] == ',' && text.at[at + 1] == ' ')
        at++; /* Bilag 1, Kort */
    at = marks_end(text, number ? at : 0, &mark);
    size_t access = access_size(span_cut(text, at, text.size));
    if (access)
        return at + access;
    if (!number || (bracket && !mark))
        return 0;
    return word || ((mark || bare) && value == expected) ? at : 0; /* "3. kvartalsrapport" is a title */
}

/* "2,1 MB", "300 kb", "1.024 KB": how large a file is. */
static bool is_size(struct span text)
{
    static const struct span units[] = {WORD("KB"),    WORD("kB"),   WORD("kb"), WORD("Kb"), WORD("MB"),
                                        WORD("Mb"),    WORD("mb"),   WORD("GB"), WORD("B"),  WORD("bytes"),
                                        WORD("sider"), WORD("side"), WORD("s.")};
    size_t at = 0;
    while (at < text.size && (is_digit(text.at[at]) || (at && strchr(".,", text.at[at]))))
        at++;
    struct span unit = text_trim(span_cut(text, at, text.size), "");
    for (size_t i = 0; at && i < sizeof units / sizeof *units; i++)
        if (span_equal(unit, units[i]))
            return true;
    return false;
}

/* What a page says of a file in brackets: its kind, its size, who may see it, how it opens. */
static bool is_remark(struct span text)
{
    static const struct span words[] = {
        WORD("PDF"),      WORD("pdf"),    WORD("Pdf"),   WORD("Åben"),  WORD("åben"), WORD("Lukket"),
        WORD("lukket"),   WORD("åbner"),  WORD("åbnes"), WORD("Åbner"), WORD("docx"), WORD("Word"),
        WORD("word"),     WORD("Excel"),  WORD("xlsx"),  WORD("link"),  WORD("Link"), WORD("nyt vindue"),
        WORD("download"), WORD("sagsnr"), WORD("Sagsnr")};
    return is_size(text) || words_start(words, sizeof words / sizeof *words, text);
}

bool attachment_remark(struct span line)
{
    static const struct span kinds[] = {WORD("PDF"),  WORD("pdf"),  WORD("Pdf"), WORD("DOCX"),
                                        WORD("docx"), WORD("XLSX"), WORD("xlsx")};
    if (line.size < 3 || line.size > 24)
        return false;
    struct span rest =
        text_strip(span_cut(line, words_start(kinds, sizeof kinds / sizeof *kinds, line), line.size), ",-()");
    return rest.size == 0 || is_size(rest);
}

/* The title without one remark behind it, or as it is. `number`: that of its document stands behind it. */
static struct span tail_cut(struct span title, bool number)
{
    static const struct span ends[] = {WORD(" - Åben"),  WORD(" - Lukket"), WORD(" - Åbent"),  WORD(", åben"),
                                       WORD(", lukket"), WORD(" - åben"),   WORD(" - lukket"), WORD(" - PDF"),
                                       WORD(" - pdf"),   WORD(", pdf"),     WORD(", PDF"),     WORD(" PDF")};
    char last = title.size ? title.at[title.size - 1] : 0, opener = last == ')' ? '(' : last == ']' ? '[' : 0;
    size_t open = title.size;
    while (opener && open && title.at[open - 1] != opener)
        open--;
    if (opener && open > 2 && is_remark(span_cut(title, open, title.size - 1)))
        return text_trim(span_cut(title, 0, open - 1), "");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (title.size > ends[i].size + 2 && word_ends(title, ends[i]))
            return span_cut(title, 0, title.size - ends[i].size);
    static const struct span apart[] = {WORD("  Åben"), WORD("  Lukket"), WORD("  Åbent"), WORD(".pdf Åben"),
                                        WORD(".pdf Lukket")};
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        if (title.size > apart[i].size + 2 && word_ends(title, apart[i]))
            return text_trim(span_cut(title, 0, title.size - (apart[i].size - (*apart[i].at == '.' ? 4 : 0))), "");
    static const struct span columns[] = {WORD(" Åben"), WORD(" Lukket"), WORD("\tÅben"), WORD("\tLukket")};
    for (size_t i = 0; number && i < sizeof columns / sizeof *columns; i++)
        if (title.size > columns[i].size + 2 && word_ends(title, columns[i]))
            return span_cut(title, 0, title.size - columns[i].size);
    size_t gap = title.size; /* "Kort    3 sider" */
    while (gap > 2 && title.size - gap < 12 && !(title.at[gap - 1] == ' ' && title.at[gap - 2] == ' '))
        gap--;
    if (gap > 2 && title.size - gap < 12 && is_size(span_cut(title, gap, title.size)))
        return text_trim(span_cut(title, 0, gap), "");
    size_t dash = title.size; /* "Kort - 2 MB", "Kort, 300 KB" */
    while (dash > 1 && title.size - dash < 12 && !(title.at[dash - 1] == ' ' && strchr(",-", title.at[dash - 2])))
        dash--;
    bool sized = dash > 3 && title.size - dash < 12 && is_size(span_cut(title, dash, title.size));
    return sized ? text_trim(span_cut(title, 0, dash - 2), ",-") : title;
}

struct span attachment_tail(struct span title, bool number)
{
    for (int round = 0; round < 3; round++) {
        struct span shorter = tail_cut(title, number);
        if (shorter.size == title.size || !shorter.size)
            break;
        title = shorter;
    }
    return title;
}

bool attachment_column(struct span cell)
{
    static const struct span words[] = {WORD("Titel"),         WORD("Navn"),        WORD("Nr"),
                                        WORD("Bilag"),         WORD("Bilagsnr"),    WORD("Bilagsnavn"),
                                        WORD("Bilagstitel"),   WORD("Dokument"),    WORD("Dok.nr"),
                                        WORD("Dok. nr"),       WORD("Dokumentnr"),  WORD("Dokumentnummer"),
                                        WORD("Dokumenttitel"), WORD("Dokument nr"), WORD("DokumentID"),
                                        WORD("Dok.id"),        WORD("Filnavn"),     WORD("Fil"),
                                        WORD("Type"),          WORD("Status"),      WORD("Adgang"),
                                        WORD("Offentlighed"),  WORD("Åben/lukket"), WORD("Åben/Lukket"),
                                        WORD("Dato"),          WORD("Størrelse"),   WORD("Dok"),
                                        WORD("Dokumentnavn"),  WORD("Dokument-id"), WORD("Dokumenter"),
                                        WORD("Sagsnr"),        WORD("Journalnr"),   WORD("#"),
                                        WORD("Beskrivelse"),   WORD("Løbenr"),      WORD("Format"),
                                        WORD("Bilag nr"),      WORD("Id")};
    struct span bare = text_trim(cell, ".:"); /* points stand behind some heads and not behind others */
    for (size_t i = 0; bare.size && i < sizeof words / sizeof *words; i++)
        if (*bare.at == *words[i].at && span_equal(bare, words[i]))
            return true;
    return false;
}

/* May columns stand side by side in the line? Up to BODY_PAD bytes behind it are looked at. */
static bool has_gap(struct span line)
{
#ifdef __SSE2__
    const __m128i tab = _mm_set1_epi8('\t'), bar = _mm_set1_epi8('|'), space = _mm_set1_epi8(' ');
    for (size_t at = 0; at < line.size; at += 16) {
        __m128i bytes = bytes_load(line.at + at), behind = bytes_load(line.at + at + 1);
        __m128i wide = _mm_and_si128(_mm_cmpeq_epi8(bytes, space), _mm_cmpeq_epi8(behind, space));
        if (_mm_movemask_epi8(_mm_or_si128(wide, _mm_or_si128(_mm_cmpeq_epi8(bytes, tab), _mm_cmpeq_epi8(bytes, bar)))))
            return true;
    }
    return false;
#else
    return line.size > 0;
#endif
}

bool attachment_columns(struct span text)
{
    size_t cells = 0;
    if (!has_gap(text)) /* as most: one cell is no head */
        return false;
    for (size_t at = 0; at < text.size;) {
        size_t stop = at;
        while (stop < text.size && text.at[stop] != '\t' && text.at[stop] != '|' &&
               !(text.at[stop] == ' ' && stop + 1 < text.size && text.at[stop + 1] == ' '))
            stop++;
        struct span cell = text_trim(span_cut(text, at, stop), ":");
        if (cell.size && !attachment_column(cell))
            return false;
        cells += cell.size > 0;
        at = stop + 1;
    }
    return cells > 1;
}
