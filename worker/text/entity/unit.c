/* unit: what a head, a caption or the label of a row says its numbers are. Pure. */
#include "unit.h"

#include "bytes.h"
#include "words.h"

#include <string.h>

static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c & (char)0x80;
}

/* Words of a scale, in small letters; `spelled` ones are common in sums told in words. */
static const struct scale {
    struct span word;
    int64_t scale;
    bool spelled;
} scales[] = {
    {WORD("1.000.000"), 1000000, false}, {WORD("1.000"), 1000, false},
    {WORD("1000"), 1000, false},         {WORD("tusinde"), 1000, true},
    {WORD("tusinder"), 1000, true},      {WORD("tusind"), 1000, true},
    {WORD("t."), 1000, false},           {WORD("mio."), 1000000, false},
    {WORD("mio"), 1000000, false},       {WORD("mill."), 1000000, false},
    {WORD("mill"), 1000000, false},      {WORD("millioner"), 1000000, true},
    {WORD("million"), 1000000, true},    {WORD("mia."), 1000000000, false},
    {WORD("mia"), 1000000000, false},    {WORD("milliarder"), 1000000000, true},
};

/* Does the text end with the word, its first letter small or capital, as a word of its own? */
static bool ends_in_word(struct span text, struct span word)
{
    if (text.size < word.size)
        return false;
    const char *at = text.at + text.size - word.size;
    bool same = (*at | 0x20) == (*word.at | 0x20) && memcmp(at + 1, word.at + 1, word.size - 1) == 0;
    return same && (at == text.at || !(is_letter(at[-1]) || is_digit(at[-1]) || at[-1] == '.'));
}

static bool starts_with_word(struct span text, struct span word)
{
    bool same = text.size >= word.size && (*text.at | 0x20) == (*word.at | 0x20) &&
                memcmp(text.at + 1, word.at + 1, word.size - 1) == 0;
    return same && (text.size == word.size || !(is_letter(text.at[word.size]) || is_digit(text.at[word.size])));
}

/* "i", "hele", "(" or nothing: what leads to a unit rather than to a sum. */
static bool leads_unit(struct span text)
{
    return text.size == 0 || strchr("(,:\t", text.at[text.size - 1]) || ends_in_word(text, SPAN("i")) ||
           ends_in_word(text, SPAN("hele"));
}

/* The last bytes of all scales: most texts before a currency end otherwise. */
static bool may_end_scale(struct span text)
{
    switch (text.size ? text.at[text.size - 1] : 0) {
    case '0':
    case '.':
    case 'a':
    case 'd':
    case 'e':
    case 'l':
    case 'n':
    case 'o':
    case 'r': return true;
    default: return false;
    }
}

/* The scale that ends the text before a currency; 0 if none does, -1 if the two are a sum ("65,9 mio."). */
static int64_t scale_before(struct span before, bool head)
{
    if (!may_end_scale(before))
        return 0;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        if (!ends_in_word(before, scales[i].word))
            continue;
        struct span rest = text_trim(span_cut(before, 0, before.size - scales[i].word.size), "");
        bool number = rest.size && is_digit(rest.at[rest.size - 1]);
        return number || (scales[i].spelled && !head && !leads_unit(rest)) ? -1 : scales[i].scale;
    }
    return 0;
}

/* The unit that the currency at `at` in `text` closes, or 0: the words right before it tell. */
static int64_t unit_before(struct span text, size_t at, bool head)
{
    struct span before = text_trim(span_cut(text, 0, at), "");
    int64_t scale = scale_before(before, head);
    if (scale)
        return scale > 0 ? scale : 0;
    static const struct span leads[] = {WORD("hele"), WORD("(i"), WORD("Beløb i"), WORD("beløb i"),
                                        WORD(" i"),   WORD("("),  WORD("\ti"),     WORD(",")};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (word_ends(before, leads[i]))
            return 1;
    bool alone = head && (before.size == 1 || before.size == 4) && leads_unit(before); /* "I kr.", "Hele kroner" */
    return before.size == 0 || alone ? 1 : 0;
}

/* "Overslag, kr. ekskl. moms": what may stand behind a unit. */
static bool tells_of_tax(struct span text)
{
    static const struct span words[] = {WORD("ekskl"), WORD("inkl"),  WORD("excl"), WORD("incl"),
                                        WORD("ex."),   WORD("uden "), WORD("med "), WORD("(ekskl"),
                                        WORD("(inkl"), WORD("(excl"), WORD("(incl")};
    return text.size < 24 && words_start(words, sizeof words / sizeof *words, text) && text_holds(text, "moms");
}

/* A currency at `at`, "kr", "kroner" or "DKK"; its size, and in *scale what a letter in front makes of it: "tkr",
 * "TDKK", "mkr". The letter belongs to *start then. 0 if it is none. */
static size_t currency_at(struct span text, size_t at, size_t *start, int64_t *scale)
{
    struct span rest = span_cut(text, at, text.size);
    bool dkk = span_starts(rest, SPAN("DKK"));
    size_t size = dkk ? 3 : rest.size > 1 && (rest.at[1] | 0x20) == 'r' && (*rest.at | 0x20) == 'k' ? 2 : 0;
    if (size == 2 && rest.size >= 6 && memcmp(rest.at + 2, "oner", 4) == 0)
        size = 6;
    if (!size || (rest.size > size && is_letter(rest.at[size])))
        return 0;
    *start = at;
    *scale = 0;
    if (!at || !is_letter(text.at[at - 1]))
        return size;
    char letter = (char)(text.at[at - 1] | 0x20);
    if ((letter != 't' && letter != 'm') || (at > 1 && is_letter(text.at[at - 2])) || size == 6)
        return 0;
    *start = at - 1;
    *scale = letter == 't' ? 1000 : 1000000;
    return size;
}

/* "DKK 1.000", "kr. mio.": the scale behind a currency in a head. */
static int64_t scale_behind(struct span rest)
{
    rest = text_trim(rest, "(.");
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (!scales[i].spelled && starts_with_word(rest, scales[i].word) &&
            !text_has(span_cut(rest, scales[i].word.size, rest.size), "kr"))
            return scales[i].scale;
    return 0;
}

int64_t unit_of(struct span text, bool head)
{
    const char *end = text.at + text.size;
    for (const char *k = text.at; (k = bytes_find4(k, end, 'k', 'K', 'D', 'D')) < end; k++) {
        if (k + 1 == end || ((k[1] | 0x20) != 'r' && k[1] != 'K')) /* most of them */
            continue;
        size_t at = (size_t)(k - text.at), start = at;
        int64_t letter = 0;
        size_t size = currency_at(text, at, &start, &letter);
        if (!size)
            continue;
        struct span lead_words = text_trim(span_cut(text, 0, start), "");
        if (letter)
            return lead_words.size && is_digit(lead_words.at[lead_words.size - 1]) ? 0 : letter;
        struct span rest = text_trim(span_cut(text, at + size, text.size), ".:");
        int64_t scale = unit_before(text, at, head), behind = head && scale == 1 ? scale_behind(rest) : 0;
        if (behind)
            return behind;
        if (!scale)
            continue;
        bool comma = lead_words.size && lead_words.at[lead_words.size - 1] == ',';
        if (scale == 1 && comma && rest.size && !tells_of_tax(rest))
            continue; /* "Bidrag 2016, kr.:" gives a unit, "i alt, kr. 500" a sum */
        if (scale == 1 || head)
            return scale;
        /* what stands before the unit shows that it is one */
        size_t from = at;
        while (from > 0 && !strchr("(,:\t", text.at[from - 1]) && at - from < 24)
            from--;
        struct span lead = span_cut(text, from, at);
        bool bracket = from > 0 && text.at[from - 1] == '(', in = text_has(lead, "i") || text_has(lead, "hele"),
             caption = span_starts(text, SPAN("Tabel")) || span_starts(text, SPAN("Beløb"));
        if (bracket || in || caption || text_strip(lead, " 1.0").size < 8)
            return scale;
    }
    return 0;
}

int64_t unit_scale(struct span cell)
{
    struct span text = text_trim(cell, "):");
    if (!may_end_scale(text))
        return 0;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        if (!ends_in_word(text, scales[i].word))
            continue;
        struct span rest = text_trim(span_cut(text, 0, text.size - scales[i].word.size), "");
        bool figures = is_digit(*scales[i].word.at) && rest.size == 0; /* "1.000" alone is a number */
        return leads_unit(rest) && !figures ? scales[i].scale : 0;
    }
    return 0;
}

int64_t unit_next(struct span text, size_t *at)
{
    enum { LEAD_MOST = 40 };
    const char *end = text.at + text.size;
    for (const char *k = text.at + *at; (k = bytes_find4(k, end, 'k', 'K', 'D', 'D')) < end; k++) {
        if (k + 1 == end || ((k[1] | 0x20) != 'r' && k[1] != 'K')) /* most of them */
            continue;
        size_t here = (size_t)(k - text.at), start = here;
        int64_t letter = 0;
        size_t size = currency_at(text, here, &start, &letter);
        if (!size)
            continue;
        struct span lead = text_trim(span_cut(text, start > LEAD_MOST ? start - LEAD_MOST : 0, start), "");
        char last = lead.size ? lead.at[lead.size - 1] : ' ';
        int64_t scale = scale_before(lead, true);
        if (letter ? is_digit(last) : scale < 0 || (!scale && (is_digit(last) || last == '-')))
            continue; /* a sum */
        *at = here + size;
        return letter ? letter : scale ? scale : 1;
    }
    *at = text.size;
    return 0;
}
