/* amount: Danish notation first. "1.000" is a thousand kroner, "1.5" cannot be thousands and is one and a half. */
#include "amount.h"

#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A number as digits and how many of them stand behind the decimal mark. */
struct decimal {
    uint64_t digits;
    unsigned decimals;
};

static bool digit_add(struct decimal *number, char digit)
{
    return !__builtin_mul_overflow(number->digits, UINT64_C(10), &number->digits) &&
           !__builtin_add_overflow(number->digits, (uint64_t)(digit - '0'), &number->digits);
}

static size_t digits_length(const char *at)
{
    size_t length = 0;
    while (is_digit(at[length]))
        length++;
    return length;
}

/* A dot with exactly three digits behind it, before which there are one to three digits, or another such group. */
static bool group_follows(const char *at, size_t before, bool grouped)
{
    return *at == '.' && digits_length(at + 1) == 3 && before >= 1 && (grouped ? before == 3 : before <= 3);
}

/* Read the number at *at and move behind it. */
static bool decimal_read(const char **at, struct decimal *number)
{
    size_t run = digits_length(*at);
    bool grouped = false, fits = true;
    if (run == 0)
        return false;
    for (;;) {
        for (size_t i = 0; i < run; i++)
            fits = fits && digit_add(number, *(*at)++);
        if (!group_follows(*at, run, grouped))
            break;
        ++*at;
        grouped = true;
        run = 3;
    }
    /* 1.0000 may mean anything, so a decimal dot has no more than two digits behind it */
    bool mark = **at == ',' || (**at == '.' && !grouped && digits_length(*at + 1) <= 2);
    if (!fits || !mark || !is_digit((*at)[1]))
        return fits;
    for (++*at; is_digit(**at); ++*at, number->decimals++)
        fits = fits && digit_add(number, **at);
    return fits;
}

struct scale {
    const char *word;
    unsigned power; /* of ten */
};

static const char *spaces_skip(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

/* The scale word at *at, 0 if none; a dot behind it belongs to it. */
static unsigned scale_read(const char **at)
{
    static const struct scale scales[] = {{"millioner", 6}, {"million", 6}, {"mio", 6},    {"milliarder", 9},
                                          {"milliard", 9},  {"mia", 9},     {"tusind", 3}, {"t", 3}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        size_t size = strlen(scales[i].word);
        if (strncasecmp(*at, scales[i].word, size) != 0)
            continue;
        *at += size;
        *at += **at == '.';
        return scales[i].power;
    }
    return 0;
}

static void currency_skip(const char **at)
{
    static const char *const words[] = {"kroner", "kr.", "kr", "dkk"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncasecmp(*at, words[i], strlen(words[i])) == 0) {
            *at += strlen(words[i]);
            return;
        }
}

static enum fault refuse(const char *text, const char *why, struct error *err)
{
    return error_set(err, FAULT_REJECT, "usage.amount",
                     "'%.60s' %s; write kroner such as 250000, 1.070.664,50 or 1,5mio", text, why);
}

/* digits * 10^(power - decimals) kroner are so many oere. */
static enum fault scale_apply(const char *text, struct decimal number, unsigned power, int64_t *ore, struct error *err)
{
    uint64_t value = number.digits;
    unsigned up = power + 2;
    while (number.decimals > 0 && value % 10 == 0) { /* 1,500 is as exact as 1,5 */
        value /= 10;
        number.decimals--;
    }
    if (number.decimals > up)
        return refuse(text, "is finer than an øre", err);
    for (unsigned i = number.decimals; i < up; i++)
        if (__builtin_mul_overflow(value, UINT64_C(10), &value))
            return refuse(text, "is too large", err);
    if (value > (uint64_t)INT64_MAX)
        return refuse(text, "is too large", err);
    *ore = (int64_t)value;
    return FAULT_NONE;
}

enum fault amount_parse(const char *text, int64_t *ore, struct error *err)
{
    const char *at = spaces_skip(text);
    struct decimal number = {0};
    bool negative = *at == '-';
    at = spaces_skip(at + negative);
    currency_skip(&at);
    at = spaces_skip(at);
    if (!decimal_read(&at, &number))
        return refuse(text, is_digit(*at) ? "is too large" : "is no amount", err);
    if (at[0] == ',' && at[1] == '-') /* 500,- */
        at += 2;
    at = spaces_skip(at);
    unsigned power = scale_read(&at);
    at = spaces_skip(at);
    currency_skip(&at);
    if (*spaces_skip(at) != '\0')
        return refuse(text, "is no amount", err);
    TRY(scale_apply(text, number, power, ore, err));
    *ore = negative ? -*ore : *ore;
    return FAULT_NONE;
}
