/* amount_word: sums of money told in words, "halvanden million kroner", and numbers that look like words.
 * Read back from their currency. Pure. */
#include "scan.h"

#include "words.h"

#include <string.h>

/* The word that ends at or before `at`, small, with white space between; empty if something else stands there. */
static struct span word_back(const char *base, const char *at)
{
    const char *stop = at;
    while (stop > base && at - stop < 4 && (stop[-1] == ' ' || stop[-1] == '\n'))
        stop--;
    const char *start = stop;
    while (start > base && stop - start < 20 &&
           (((start[-1] | 0x20) >= 'a' && (start[-1] | 0x20) <= 'z') || start[-1] & 0x80 ||
            (start[-1] == '.' && start == stop)))
        start--;
    bool free = start == base || strchr(" \n\t(\"", start[-1]);
    return stop < at && free ? (struct span){start, (size_t)(stop - start)} : (struct span){0};
}

static int64_t scale_of(struct span word)
{
    static const struct {
        struct span word;
        int64_t scale;
    } scales[] = {{WORD("tusind"), 1000},         {WORD("tusinde"), 1000},          {WORD("million"), 1000000},
                  {WORD("millioner"), 1000000},   {WORD("mio."), 1000000},          {WORD("mio"), 1000000},
                  {WORD("milliard"), 1000000000}, {WORD("milliarder"), 1000000000}, {WORD("mia."), 1000000000}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (span_equal(word, scales[i].word))
            return scales[i].scale;
    return 0;
}

/* The number in tenths; 0 if the word is none. */
static int64_t tenths_of(struct span word)
{
    static const struct {
        struct span word;
        int64_t tenths;
    } cardinals[] = {
#define CARDINAL(word, tenths) {WORD(word), tenths},
#include "cardinal.def"
#undef CARDINAL
    };
    if (!word.size)
        return 0;
    char first = *word.at >= 'A' && *word.at <= 'Z' ? (char)(*word.at + 32) : *word.at;
    for (size_t i = 0; i < sizeof cardinals / sizeof *cardinals; i++)
        if (word.size == cardinals[i].word.size && first == *cardinals[i].word.at &&
            memcmp(word.at + 1, cardinals[i].word.at + 1, word.size - 1) == 0)
            return cardinals[i].tenths;
    return 0;
}

/* The number that ends before `at`: "to", "en halv", "fem hundrede"; *start moves to where it begins. */
static int64_t number_back(const char *base, const char *at, const char **start)
{
    struct span word = word_back(base, at), before = word.size ? word_back(base, word.at) : word;
    int64_t tenths = tenths_of(word), more = tenths ? tenths_of(before) : 0;
    if (!tenths)
        return 0;
    *start = word.at;
    bool half = tenths == 5 && more == 10, hundreds = tenths == 1000 && more && more < 100;
    if (half || hundreds)
        *start = before.at;
    return hundreds ? tenths * more / 10 : tenths;
}

/* "l25.000 kr.": a number whose one was read as a letter looks like a word until its currency is seen. */
static struct amount_match misread_before(const char *base, const char *at, const char *stop, const char **start)
{
    const char *number = at - (at > base && at[-1] == ' ');
    while (number > base && at - number < 20 && number[-1] && strchr("0123456789lIoO.,-", number[-1]))
        number--;
    bool opens = number > base && (*number == 'l' || *number == 'I') && strchr(" \n\t(", number[-1]);
    struct amount_match match = opens ? amount_at(number, stop) : (struct amount_match){0};
    *start = number;
    return number + match.size == stop ? match : (struct amount_match){0};
}

struct amount_match amount_words_before(const char *base, const char *at, const char *stop, const char **start)
{
    struct amount_match match = {.currency = "DKK", .rule = "amount.words"};
    struct span word = word_back(base, at);
    if (!word.size)
        return misread_before(base, at, stop, start);
    int64_t scale = scale_of(word), tenths = number_back(base, scale ? word.at : at, start);
    /* "et par kroner", "en kr." are no sums; "en halv krone" is hardly one */
    if (!tenths || (!scale && tenths < 50))
        return match;
    match.low_ore = match.high_ore = tenths * 10 * (scale ? scale : 1);
    match.size = (size_t)(stop - *start);
    return match;
}
