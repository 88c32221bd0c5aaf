/* word_class: one look tells the lists that a word stands on. Pure. */
#include "word_class.h"

#include "word_lookup.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* The table holds nothing but marks: a word costs one line of the cache, listed or not. */
static inline unsigned classes_of(const uint16_t *shifts, size_t groups, const uint64_t *table, size_t places,
                                  uint64_t mark)
{
    uint64_t entry = table[word_mark_place(mark, shifts[word_mark_group(mark, groups)], places)];
    unsigned mine = (entry ^ mark) >> CLASS_BITS == 0, all = (1u << CLASS_BITS) - 1;
    return (unsigned)entry & all & -mine;
}

unsigned word_class(const char *at, const char *stop)
{
    size_t size = (size_t)(stop - at);
    return classes_of(class_shifts, COUNT(class_shifts), class_table, COUNT(class_table), word_mark(at, size));
}

/* The mark of a word behind which there may be no memory of ours. */
static uint64_t name_mark(struct span name)
{
    const unsigned char *at = (const unsigned char *)name.at;
    size_t size = name.size;
    uint64_t bytes = 0;
    if (size >= sizeof bytes)
        return word_mark(name.at, size);
    if (size >= 4)
        bytes = word_load(name.at, 4) | word_load(name.at + size - 4, 4) << 8 * (size - 4);
    else if (size > 0)
        bytes = at[0] | (uint64_t)at[size / 2] << 8 * (size / 2) | (uint64_t)at[size - 1] << 8 * (size - 1);
    char brief[sizeof bytes];
    memcpy(brief, &bytes, sizeof bytes);
    return word_mark(brief, size);
}

static unsigned common_listed(uint64_t mark)
{
    return classes_of(common_shifts, COUNT(common_shifts), common_table, COUNT(common_table), mark);
}

static unsigned name_listed(struct span name)
{
    uint64_t mark = name_mark(name);
    unsigned common = common_listed(mark);
    if (common || !(name_sieve[sieve_bit(mark) / 64] >> sieve_bit(mark) % 64 & 1))
        return common;
    return classes_of(name_shifts, COUNT(name_shifts), name_table, COUNT(name_table), mark);
}

/* What stands before the hyphen of a double name; empty if there is none. */
static struct span name_front(struct span word)
{
    const char *hyphen = memchr(word.at, '-', word.size);
    return (struct span){word.at, hyphen ? (size_t)(hyphen - word.at) : 0};
}

unsigned name_class(struct span word)
{
    struct span front = name_front(word);
    unsigned classes = name_listed(word);
    return front.size ? classes | name_listed(front) : classes;
}

unsigned name_common(struct span word)
{
    struct span front = name_front(word);
    unsigned classes = common_listed(name_mark(word));
    return (front.size ? classes | common_listed(name_mark(front)) : classes) & NAME_COMMON;
}
