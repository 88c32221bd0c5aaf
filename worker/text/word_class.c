/* word_class: one look tells the lists that a word stands on. Pure. */
#include "word_class.h"

#include "lookup.h"

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

static unsigned name_listed(struct span name)
{
    char brief[8] = {0};
    const char *at = name.at;
    if (name.size < sizeof brief) { /* what stands behind may be no memory of ours */
        memcpy(brief, name.at, name.size);
        at = brief;
    }
    return classes_of(name_shifts, COUNT(name_shifts), name_table, COUNT(name_table), word_mark(at, name.size));
}

unsigned name_class(struct span word)
{
    const char *hyphen = memchr(word.at, '-', word.size);
    unsigned classes = name_listed(word);
    return hyphen ? classes | name_listed((struct span){word.at, (size_t)(hyphen - word.at)}) : classes;
}
