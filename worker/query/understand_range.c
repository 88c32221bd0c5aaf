/* understand_range: "over 1 mio. kr.", "mellem 2018 og 2020", "i marts 2019". On a search thread. */
#include "amount.h"
#include "run.h"
#include "value.h"

static const double WEIGHT_MONTH = 4;

static struct tree tree_of(struct run *run)
{
    return (struct tree){.arena = run->asking->arena, .err = run->asking->err};
}

static bool has_letter(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((text.at[i] | 0x20) >= 'a' && (text.at[i] | 0x20) <= 'z')
            return true;
    return false;
}

/* ---------------------------------------------------------------- amounts */

/* An amount that begins at word `first`. */
struct typed_amount {
    size_t end;    /* behind its last word; first if there is none */
    size_t number; /* words up to and with the number: scale and currency follow */
    int64_t ore;
    bool money; /* scale, currency or size say that it is one: "2019" is not */
};

static bool amount_of(struct run *run, struct span head, struct span tail, int64_t *ore)
{
    char typed[96];
    struct error ignored;
    if (head.size + tail.size + 2 > sizeof typed)
        return false;
    memcpy(typed, head.at, head.size);
    typed[head.size] = ' ';
    if (tail.size > 0)
        memcpy(typed + head.size + 1, tail.at, tail.size);
    typed[head.size + 1 + tail.size] = '\0';
    (void)run;
    return memchr(typed, '\0', head.size + tail.size + 1) == NULL && amount_parse(typed, ore, &ignored) == FAULT_NONE;
}

static struct typed_amount amount_at_word(struct run *run, size_t first)
{
    enum { WORDS = 4 };
    const int64_t sure_ore = 10000 * 100; /* a bare number from here on is no year */
    struct typed_amount found = {.end = first, .number = first};
    for (size_t end = first + 1; end <= first + WORDS && run_is_free(run, first, end); end++) {
        struct span text = run_text(run, first, end);
        int64_t ore;
        if (!amount_of(run, text, (struct span){"", 0}, &ore))
            continue;
        found = (struct typed_amount){end, found.end == first ? end : found.number, ore,
                                      has_letter(text) || ore >= sure_ore};
    }
    return found;
}

static enum fault amounts_claim(struct run *run, size_t first, size_t end, struct amount_range amounts)
{
    struct tree tree = tree_of(run);
    struct term_list terms;
    struct meaning meaning = {.kind = "amount", .filter = true};
    if (amounts.low_ore > amounts.high_ore)
        return FAULT_NONE;
    meaning.value = value_amounts_text(run->asking->arena, &amounts);
    if (meaning.value.at == NULL)
        return arena_full(run->asking->err);
    TRY(range_amount_cover(run->asking->arena, amounts.low_ore, amounts.high_ore, &terms, run->asking->err));
    TRY(tree_any(&tree, &terms));
    return run_claim(run, first, end, meaning, &tree);
}

/* "mellem 1 og 2 mio. kr.": the first amount has the scale of the second unless it has one itself. */
static enum fault between_claim(struct run *run, size_t lead, bool *claimed)
{
    struct typed_amount low = amount_at_word(run, lead + 1);
    bool joined = run_is(run, low.end, "og") || run_is(run, low.end, "til");
    if (low.end == lead + 1 || !joined)
        return FAULT_NONE;
    struct typed_amount high = amount_at_word(run, low.end + 1);
    if (high.end == low.end + 1 || !(low.money || high.money))
        return FAULT_NONE;
    if (high.number < high.end && !has_letter(run_text(run, lead + 1, low.end)) &&
        !amount_of(run, run_text(run, lead + 1, low.end), run_text(run, high.number, high.end), &low.ore))
        return FAULT_NONE;
    *claimed = true;
    return amounts_claim(run, lead, high.end, (struct amount_range){low.ore, high.ore});
}

enum side { SIDE_NONE, SIDE_LOW, SIDE_HIGH, SIDE_AROUND };

/* What the words before an amount say; *words is how many they are. */
static enum side side_at(const struct run *run, size_t at, size_t *words)
{
    static const char *const low[] = {"over", "mindst", "minimum", "min", "fra", "end", NULL};
    static const char *const high[] = {"under", "hoejst", "maks", "maksimalt", "max", "maksimum", NULL};
    static const char *const around[] = {"ca", "cirka", "omkring", "rundt", NULL};
    static const char *const more[] = {"mere", "stoerre", "flere", NULL}, *const less[] = {"mindre", "lavere", NULL};
    *words = 2;
    if (run_is(run, at + 1, "end") && run_is_any(run, at, more))
        return SIDE_LOW;
    if (run_is(run, at + 1, "end") && run_is_any(run, at, less))
        return SIDE_HIGH;
    if (run_is(run, at, "op") && run_is(run, at + 1, "til"))
        return SIDE_HIGH;
    *words = 1;
    return run_is_any(run, at, low)      ? SIDE_LOW
           : run_is_any(run, at, high)   ? SIDE_HIGH
           : run_is_any(run, at, around) ? SIDE_AROUND
                                         : SIDE_NONE;
}

static enum fault bound_claim(struct run *run, size_t at)
{
    size_t words;
    enum side side = side_at(run, at, &words);
    if (side == SIDE_NONE || !run_is_free(run, at, at + words))
        return FAULT_NONE;
    struct typed_amount amount = amount_at_word(run, at + words);
    if (amount.end == at + words || !amount.money)
        return FAULT_NONE;
    int64_t tenth = amount.ore / 10;
    struct amount_range range = side == SIDE_LOW    ? (struct amount_range){amount.ore, INT64_MAX}
                                : side == SIDE_HIGH ? (struct amount_range){0, amount.ore}
                                                    : (struct amount_range){amount.ore - tenth, amount.ore + tenth};
    return amounts_claim(run, at, amount.end, range);
}

enum fault understand_amounts(struct run *run)
{
    for (size_t at = 0; at < run->count; at++) {
        bool claimed = false;
        if (!run_is_free(run, at, at + 1))
            continue;
        if (run_is(run, at, "mellem") || run_is(run, at, "fra"))
            TRY(between_claim(run, at, &claimed));
        if (!claimed)
            TRY(bound_claim(run, at));
    }
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- months and years */

static int month_at(const struct run *run, size_t word)
{
    static const char *const names[][2] = {{"januar", "jan"},  {"februar", "feb"},  {"marts", "mar"},
                                           {"april", "apr"},   {"maj", "maj"},      {"juni", "jun"},
                                           {"juli", "jul"},    {"august", "aug"},   {"september", "sep"},
                                           {"oktober", "okt"}, {"november", "nov"}, {"december", "dec"}};
    for (int i = 0; i < 12; i++)
        if (run_is(run, word, names[i][0]) || run_is(run, word, names[i][1]))
            return i + 1;
    return 0;
}

static int year_at(const struct run *run, size_t word)
{
    int year = 0;
    if (word >= run->count || run->words[word].folded.size != 4)
        return 0;
    for (size_t i = 0; i < 4; i++) {
        char digit = run->words[word].folded.at[i];
        if (digit < '0' || digit > '9')
            return 0;
        year = year * 10 + digit - '0';
    }
    return year >= 1900 && year < 2100 ? year : 0;
}

/* "2019" or "marts 2019" at a word; how many words it is, 0 if none. */
static size_t period_at(const struct run *run, size_t at, struct day *out)
{
    int month = month_at(run, at);
    size_t words = month > 0 ? 2 : 1;
    int year = year_at(run, at + words - 1);
    *out = (struct day){(int16_t)year, (int8_t)month, 0};
    return year > 0 && run_is_free(run, at, at + words) ? words : 0;
}

/* Meetings of these days: a filter, or (one month or year) another way to match. */
static enum fault days_claim(struct run *run, size_t first, size_t end, struct day_range days, bool filter)
{
    struct tree tree = tree_of(run);
    struct meaning meaning = {.kind = "date", .filter = filter, .weight = WEIGHT_MONTH};
    meaning.value = value_days_text(run->asking->arena, &days);
    if (meaning.value.at == NULL)
        return arena_full(run->asking->err);
    if (filter) {
        struct span low, high;
        TRY(value_slot_days(run->asking->arena, &days, &low, &high, run->asking->err));
        TRY(tree_range(&tree, SLOT_DATE, low.size > 0 ? low : SPAN("0"), high));
        TRY(tree_scale(&tree, 0));
    } else {
        struct span term;
        TRY(filter_date(run->asking->arena, days.first, &term, run->asking->err));
        TRY(tree_any(&tree, &(struct term_list){&term, 1}));
    }
    return run_claim(run, first, end, meaning, &tree);
}

static int number_of(struct day day, bool last)
{
    return day.year * 12 + (day.month > 0 ? day.month : last ? 12 : 1);
}

/* The month or year before or behind. */
static struct day beside(struct day day, int step)
{
    if (day.month == 0) {
        day.year = (int16_t)(day.year + step);
        return day;
    }
    int months = day.year * 12 + day.month - 1 + step;
    return (struct day){(int16_t)(months / 12), (int8_t)(months % 12 + 1), 0};
}

static enum fault period_range(struct run *run, size_t at, bool *claimed)
{
    struct day low, high;
    size_t first = period_at(run, at + 1, &low);
    size_t behind = at + 1 + first;
    bool joined = first > 0 && (run_is(run, behind, "og") || run_is(run, behind, "til"));
    size_t second = joined ? period_at(run, behind + 1, &high) : 0;
    if (second == 0 || number_of(low, false) > number_of(high, true))
        return FAULT_NONE;
    *claimed = true;
    return days_claim(run, at, behind + 1 + second, (struct day_range){low, high}, true);
}

static enum fault period_claim(struct run *run, size_t at)
{
    static const char *const in[] = {"i", "aar", "aaret", "fra", "under", NULL};
    static const char *const since[] = {"siden", NULL}, *const after[] = {"efter", NULL};
    static const char *const before[] = {"foer", "inden", NULL};
    struct day day;
    bool lead = run_is_any(run, at, in) || run_is_any(run, at, since) || run_is_any(run, at, after) ||
                run_is_any(run, at, before);
    size_t words = period_at(run, at + lead, &day), end = at + lead + words;
    if (words == 0)
        return FAULT_NONE;
    if (run_is_any(run, at, since))
        return days_claim(run, at, end, (struct day_range){day, {0}}, true);
    if (run_is_any(run, at, after))
        return days_claim(run, at, end, (struct day_range){beside(day, 1), {0}}, true);
    if (run_is_any(run, at, before))
        return days_claim(run, at, end, (struct day_range){{0}, beside(day, -1)}, true);
    /* a bare year is a word as any other: "budget 2019" */
    return lead || day.month > 0 ? days_claim(run, at, end, (struct day_range){day, day}, false) : FAULT_NONE;
}

/* "den 5. februar 2020" and "5. februar 2020" are days, which the extraction reads. */
static bool is_day(const struct run *run, size_t at)
{
    return at > 0 && month_at(run, at) > 0 && run->words[at - 1].folded.size <= 2 &&
           run->words[at - 1].folded.size > 0 && run->words[at - 1].folded.at[0] >= '0' &&
           run->words[at - 1].folded.at[0] <= '9';
}

enum fault understand_dates(struct run *run)
{
    for (size_t at = 0; at < run->count; at++) {
        bool claimed = false;
        if (!run_is_free(run, at, at + 1) || is_day(run, at))
            continue;
        if (run_is(run, at, "mellem") || run_is(run, at, "fra"))
            TRY(period_range(run, at, &claimed));
        if (!claimed)
            TRY(period_claim(run, at));
    }
    return FAULT_NONE;
}
