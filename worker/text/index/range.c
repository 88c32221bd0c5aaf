/* range: amounts and dates -> buckets of two trees, one term a bucket. Pure. */
#include "range.h"

#include "schema.h"

#include <assert.h>
#include <stdlib.h>

/* A bucket: the numbers low..high. Its name without the mark is what comes behind the prefix in its term. */
enum kind { KIND_SIGN, KIND_DIGITS, KIND_THIRD, KIND_EXACT, KIND_HALF };
struct node {
    uint64_t low, high;
    uint64_t value; /* the digits that are fixed */
    enum kind kind;
    uint8_t digits; /* how many are fixed */
    uint8_t open;   /* how many follow */
    uint8_t third;  /* of the next digit */
    uint8_t name_size;
    char name[28];
};

/* 1 sign, 20 numbers of digits, 19 digits, a mark */
enum { CHILDREN_MAX = 20, NUMBER_DIGITS_MAX = 19, DATE_DIGITS = 8 };
static const uint64_t NUMBER_MAX = UINT64_C(9999999999999999999);

struct interval {
    uint64_t low, high;
};

/* The children that meet the interval, which are one or two of ten. */
typedef size_t split_function(const struct node *node, struct interval wanted,
                              struct node children[static CHILDREN_MAX]);

static bool meets(struct interval a, struct interval b)
{
    return a.low <= b.high && a.high >= b.low;
}

static uint64_t power_of_ten(unsigned exponent)
{
#define E(zeros) UINT64_C(1##zeros)
    static const uint64_t powers[] = {E(),
                                      E(0),
                                      E(00),
                                      E(000),
                                      E(0000),
                                      E(00000),
                                      E(000000),
                                      E(0000000),
                                      E(00000000),
                                      E(000000000),
                                      E(0000000000),
                                      E(00000000000),
                                      E(000000000000),
                                      E(0000000000000),
                                      E(00000000000000),
                                      E(000000000000000),
                                      E(0000000000000000),
                                      E(00000000000000000),
                                      E(000000000000000000),
                                      E(0000000000000000000)};
#undef E
    return powers[exponent];
}

static struct node child_of(const struct node *parent, enum kind kind, char letter)
{
    struct node child = *parent;
    child.kind = kind;
    child.name[child.name_size++] = letter;
    return child;
}

/* ---- the tree of amounts */

/* The bucket of one more digit. What ends in zeros is in the bucket "=" above, so that of digit 0 begins one higher. */
static struct interval amount_bucket(const struct node *node, unsigned digit)
{
    uint64_t scale = power_of_ten(node->open - 1U), low = (node->value * 10 + digit) * scale;
    return (struct interval){low + (digit == 0), low + (scale - 1)};
}

static struct node amount_digit(const struct node *node, unsigned digit)
{
    struct interval bucket = amount_bucket(node, digit);
    struct node child = *node;
    if (child.kind == KIND_THIRD)
        child.name_size--; /* a third's letter does not stay in the names below it */
    child = child_of(&child, KIND_DIGITS, (char)('0' + digit));
    child.value = node->value * 10 + digit;
    child.digits++;
    child.open--;
    child.low = bucket.low;
    child.high = bucket.high;
    return child;
}

static unsigned third_first(const struct node *node, unsigned third)
{
    static const unsigned first[] = {0, 3, 7};
    return third == 0 && node->digits == 0 ? 1 : first[third]; /* a number does not begin with 0 */
}

static const unsigned third_last[] = {2, 6, 9};

static size_t split_sign(const struct node *node, struct interval wanted, struct node *children)
{
    size_t count = 0;
    for (unsigned open = node->low == 0 ? 0 : 1; open <= NUMBER_DIGITS_MAX; open++) {
        uint64_t low = open == 0 ? 0 : power_of_ten(open - 1);
        struct interval bucket = {low, open == 0 ? 0 : low * 9 + (low - 1)};
        if (!meets(bucket, wanted))
            continue;
        struct node child = child_of(node, KIND_DIGITS, (char)('a' + open));
        child.open = (uint8_t)open;
        child.low = bucket.low;
        child.high = bucket.high;
        children[count++] = child;
    }
    return count;
}

static size_t split_third(const struct node *node, struct interval wanted, struct node *children)
{
    size_t count = 0;
    for (unsigned digit = third_first(node, node->third); digit <= third_last[node->third]; digit++) {
        struct interval bucket = amount_bucket(node, digit);
        if (bucket.low <= bucket.high && meets(bucket, wanted))
            children[count++] = amount_digit(node, digit);
    }
    return count;
}

static size_t amount_split(const struct node *node, struct interval wanted, struct node children[static CHILDREN_MAX])
{
    size_t count = 0;
    if (node->kind == KIND_SIGN)
        return split_sign(node, wanted, children);
    if (node->kind == KIND_EXACT || node->open == 0)
        return 0;
    if (node->kind == KIND_THIRD)
        return split_third(node, wanted, children);
    if (node->value % 10 != 0) {
        children[count] = child_of(node, KIND_EXACT, '=');
        children[count].high = children[count].low;
        count++;
    }
    for (unsigned third = 0; third < 3; third++) {
        struct interval bucket = {amount_bucket(node, third_first(node, third)).low,
                                  amount_bucket(node, third_last[third]).high};
        if (!meets(bucket, wanted))
            continue;
        struct node child = child_of(node, KIND_THIRD, "lmh"[third]);
        child.third = (uint8_t)third;
        child.low = bucket.low;
        child.high = bucket.high;
        children[count++] = child;
    }
    return count;
}

/* ---- the tree of dates, YYYYMMDD as a number of eight digits */

static struct node date_digit(const struct node *node, unsigned digit)
{
    struct node child = *node;
    if (child.kind == KIND_HALF)
        child.name_size--;
    child = child_of(&child, KIND_DIGITS, (char)('0' + digit));
    child.value = node->value * 10 + digit;
    child.digits++;
    uint64_t scale = power_of_ten(DATE_DIGITS - (unsigned)child.digits);
    child.low = child.value * scale;
    child.high = child.low + scale - 1;
    return child;
}

static size_t split_half(const struct node *node, struct node *children)
{
    unsigned first = node->third == 0 ? 1 : 7;
    for (unsigned month = first; month < first + 6; month++) {
        struct node tens = date_digit(node, month / 10);
        children[month - first] = date_digit(&tens, month % 10);
    }
    return 6;
}

static size_t date_split(const struct node *node, struct interval wanted, struct node children[static CHILDREN_MAX])
{
    size_t count = 0;
    if (node->digits == DATE_DIGITS)
        return 0;
    if (node->kind == KIND_HALF)
        return split_half(node, children);
    if (node->digits == 4) { /* a year: months 1-6 and 7-12; 6999 and 7000 lie between June and July */
        children[0] = child_of(node, KIND_HALF, 'a');
        children[0].high = node->low + 699;
        children[1] = child_of(node, KIND_HALF, 'b');
        children[1].low = node->low + 700;
        children[1].third = 1;
        return 2;
    }
    uint64_t scale = power_of_ten(DATE_DIGITS - 1U - node->digits);
    for (unsigned digit = 0; digit < 10; digit++) {
        uint64_t low = (node->value * 10 + digit) * scale;
        if (meets((struct interval){low, low + scale - 1}, wanted))
            children[count++] = date_digit(node, digit);
    }
    return count;
}

/* ---- walking a tree */

struct walk {
    split_function *split;
    enum schema_prefix prefix;
    uint64_t low, high;
    bool query;  /* the buckets that make up low..high; otherwise what a document carries that mentions it */
    bool points; /* no document mentions a range: queries need not look for filled buckets */
    struct range_terms *out;
};

static void emit(struct walk *walk, const struct node *node, bool filled)
{
    struct range_terms *out = walk->out;
    struct span prefix = schema_prefix(walk->prefix);
    size_t size = prefix.size + node->name_size + (filled ? 1 : 0);
    assert(out->count < RANGE_TERMS_MAX && size <= RANGE_TERM_BYTES);
    char *term = out->bytes + out->count * RANGE_TERM_BYTES;
    memcpy(term, prefix.at, prefix.size);
    memcpy(term + prefix.size, node->name, node->name_size);
    if (filled)
        term[size - 1] = '*';
    out->terms[out->count++] = (struct span){term, size};
}

/* A query takes the largest buckets inside it and the marks of all that reach beyond; a document takes all buckets that
 * it meets down to the largest inside it, which it marks as filled. Depth is at most that of the tree, some 40. */
static void walk_node(struct walk *walk, const struct node *node)
{
    if (node->low > walk->high || node->high < walk->low)
        return;
    bool inside = node->low >= walk->low && node->high <= walk->high;
    bool single = node->low == node->high;
    if (walk->query) {
        if (inside || !walk->points)
            emit(walk, node, !inside);
    } else {
        emit(walk, node, false);
        if (inside && !single)
            emit(walk, node, true);
    }
    if (inside && (!single || walk->query))
        return;
    struct node children[CHILDREN_MAX];
    size_t count = walk->split(node, (struct interval){walk->low, walk->high}, children);
    for (size_t i = 0; i < count; i++)
        walk_node(walk, &children[i]);
}

/* ---- points: this is what the walk gives for one amount or one day */

static char *point_begin(struct range_point *point, enum schema_prefix prefix)
{
    struct span head = schema_prefix(prefix);
    point->ends = 0;
    point->beside_count = 0;
    memcpy(point->bytes, head.at, head.size);
    return point->bytes + head.size;
}

static void point_end(struct range_point *point, const char *at)
{
    assert(at < point->bytes + RANGE_TERM_BYTES);
    point->ends |= UINT32_C(1) << (at - point->bytes);
}

static void point_beside(struct range_point *point, const char *at, char letter)
{
    point->beside[point->beside_count++] = (struct range_beside){(uint8_t)(at - point->bytes), letter};
}

/* Sign, number of digits, digits up to the last that is not 0: the buckets are the beginnings of that name, its exact
 * one, and a third for each digit. */
static void amount_point(char sign, uint64_t number, struct range_point *point)
{
    static const char thirds[] = "lllmmmmhhh";
    char *at = point_begin(point, PREFIX_AMOUNT), *first = at + 2;
    unsigned digits = 0;
    while (digits < NUMBER_DIGITS_MAX && number >= power_of_ten(digits))
        digits++;
    at[0] = sign;
    at[1] = (char)('a' + digits);
    for (unsigned i = digits; i > 0; i--, number /= 10)
        first[i - 1] = (char)('0' + number % 10);
    unsigned used = digits;
    while (used > 0 && first[used - 1] == '0')
        used--;
    for (const char *end = at + 1; end <= first + used; end++)
        point_end(point, end);
    if (used < digits)
        point_beside(point, first + used, '=');
    for (size_t i = used; i > 0; i--)
        point_beside(point, first + i - 1, thirds[first[i - 1] - '0']);
}

/* The beginnings of YYYYMMDD, of the month's digits both together, and the half of the year behind them. */
static void day_point(uint64_t number, struct range_point *point)
{
    char *at = point_begin(point, PREFIX_MENTION);
    for (size_t i = DATE_DIGITS; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
    for (size_t size = 0; size <= DATE_DIGITS; size++)
        if (size != 5)
            point_end(point, at + size);
    point_beside(point, at + 4, at[4] == '0' && at[5] <= '6' ? 'a' : 'b');
}

static void point_emit(struct range_terms *out, const struct range_point *point, size_t size, char letter)
{
    assert(out->count < RANGE_TERMS_MAX);
    char *term = out->bytes + out->count * RANGE_TERM_BYTES;
    memcpy(term, point->bytes, size);
    term[size] = letter;
    out->terms[out->count++] = (struct span){term, size + (letter != '\0')};
}

/* In the order of bytes: what is behind stands before what is beside it, as digits stand before letters. */
static void point_terms(const struct range_point *point, struct range_terms *out)
{
    out->count = 0;
    for (uint32_t left = point->ends; left != 0; left &= left - 1)
        point_emit(out, point, (size_t)__builtin_ctz(left), '\0');
    for (size_t i = 0; i < point->beside_count; i++)
        point_emit(out, point, point->beside[i].size, point->beside[i].letter);
}

static int order_of_terms(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static void walk_end(struct walk *walk)
{
    if (walk->out->count > 1)
        qsort(walk->out->terms, walk->out->count, sizeof *walk->out->terms, order_of_terms);
}

/* A query's terms, for the caller to keep. */
static enum fault keep(struct arena *arena, const struct range_terms *found, struct term_list *out, struct error *err)
{
    struct span *terms = arena_zero(arena, found->count, sizeof *terms);
    char *bytes = arena_alloc(arena, found->count * RANGE_TERM_BYTES);
    if (terms == NULL || bytes == NULL)
        return arena_full(err);
    for (size_t i = 0; i < found->count; i++) {
        terms[i] = (struct span){bytes + i * RANGE_TERM_BYTES, found->terms[i].size};
        memcpy(bytes + i * RANGE_TERM_BYTES, found->terms[i].at, found->terms[i].size);
    }
    *out = (struct term_list){terms, found->count};
    return FAULT_NONE;
}

static uint64_t magnitude(int64_t number)
{
    return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

/* The open ends of int64_t are the ends of the tree, which is a little larger: whole buckets instead of odd ones. */
static uint64_t magnitude_open(int64_t number)
{
    return number == INT64_MIN || number == INT64_MAX ? NUMBER_MAX : magnitude(number);
}

static void amount_walk(struct walk *walk, int64_t low, int64_t high)
{
    walk->out->count = 0;
    if (low < 0) {
        struct node root = {.low = 1, .high = NUMBER_MAX, .name = "-", .name_size = 1};
        walk->low = high < 0 ? magnitude(high) : 1;
        walk->high = walk->query ? magnitude_open(low) : magnitude(low);
        walk_node(walk, &root);
    }
    if (high >= 0) {
        struct node root = {.low = 0, .high = NUMBER_MAX, .name = "+", .name_size = 1};
        walk->low = low < 0 ? 0 : magnitude(low);
        walk->high = walk->query ? magnitude_open(high) : magnitude(high);
        walk_node(walk, &root);
    }
    walk_end(walk);
}

void range_amount_point(int64_t ore, struct range_point *out)
{
    amount_point(ore < 0 ? '-' : '+', magnitude(ore), out);
}

void range_amount_terms(int64_t low_ore, int64_t high_ore, struct range_terms *out)
{
    struct walk walk = {.split = amount_split, .prefix = PREFIX_AMOUNT, .out = out};
    int64_t low = low_ore < high_ore ? low_ore : high_ore;
    if (low_ore == high_ore) {
        struct range_point point;
        range_amount_point(low, &point);
        point_terms(&point, out);
    } else {
        amount_walk(&walk, low, low_ore < high_ore ? high_ore : low_ore);
    }
}

enum fault range_amount_cover(struct arena *arena, int64_t low_ore, int64_t high_ore, struct term_list *out,
                              struct error *err)
{
    struct range_terms found = {.count = 0};
    struct walk walk = {.split = amount_split, .prefix = PREFIX_AMOUNT, .query = true, .out = &found};
    if (low_ore <= high_ore)
        amount_walk(&walk, low_ore, high_ore);
    return keep(arena, &found, out, err);
}

/* The root, the whole calendar, has an empty name: its term is the prefix. */
static void date_walk(struct walk *walk)
{
    struct node root = {.low = 0, .high = 99999999, .kind = KIND_DIGITS};
    walk->out->count = 0;
    if (walk->low <= walk->high)
        walk_node(walk, &root);
    walk_end(walk);
}

bool range_day_point(struct day day, struct range_point *out)
{
    if (day.year < 1 || day.year > 9999 || day.month < 1 || day.month > 12 || day.day < 1 || day.day > 31)
        return false;
    day_point((uint64_t)day.year * 10000 + (uint64_t)day.month * 100 + (uint64_t)day.day, out);
    return true;
}

void range_day_terms(struct day day, struct range_terms *out)
{
    struct range_point point;
    out->count = 0;
    if (range_day_point(day, &point))
        point_terms(&point, out);
}

static unsigned month_days(struct day day)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (day.year % 4 == 0 && day.year % 100 != 0) || day.year % 400 == 0;
    return days[day.month - 1] + (day.month == 2 && leap);
}

/* The first number of what begins with this day: a month's first day stands for the month's beginning, so that whole
 * months and years stay whole buckets. */
static uint64_t date_low(struct day day)
{
    if (day.year < 1)
        return 0;
    uint64_t year = (uint64_t)day.year * 10000;
    if (day.month < 1 || (day.month == 1 && day.day <= 1))
        return year;
    return year + (uint64_t)day.month * 100 + (day.day <= 1 ? 0 : (uint64_t)day.day);
}

static uint64_t date_high(struct day day)
{
    if (day.year < 1)
        return 99999999;
    uint64_t year = (uint64_t)day.year * 10000;
    if (day.month < 1 || day.month > 12)
        return year + 9999;
    bool whole = day.day < 1 || (unsigned)day.day >= month_days(day);
    if (whole && day.month == 12)
        return year + 9999;
    if (whole && day.month == 6)
        return year + 699;
    return year + (uint64_t)day.month * 100 + (whole ? 99 : (uint64_t)day.day);
}

enum fault range_day_cover(struct arena *arena, struct day first, struct day last, struct term_list *out,
                           struct error *err)
{
    struct range_terms found = {.count = 0};
    struct walk walk = {.split = date_split, .prefix = PREFIX_MENTION, .query = true, .points = true, .out = &found};
    walk.low = date_low(first);
    walk.high = date_high(last);
    date_walk(&walk);
    return keep(arena, &found, out, err);
}
