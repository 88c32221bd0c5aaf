/* word_class: one look tells the lists that a word stands on. Pure. */
#include "word_class.h"

#include "lookup.h"

/* The table holds nothing but marks, and a word's own is mostly where the search begins: a word costs one line of the
 * cache, listed or not. */
static inline unsigned classes_of(const uint64_t *table, size_t slots, uint64_t mark)
{
    uint64_t entry;
    for (size_t slot = word_mark_slot(mark, slots); (entry = table[slot]) != 0; slot = (slot + 1) & (slots - 1))
        if ((entry ^ mark) >> CLASS_BITS == 0)
            return (unsigned)(entry & ((1u << CLASS_BITS) - 1));
    return 0;
}

unsigned word_class(const char *at, const char *stop)
{
    size_t size = (size_t)(stop - at);
    return classes_of(class_table, sizeof class_table / sizeof *class_table, word_mark(at, size));
}

static unsigned name_listed(struct span name)
{
    char brief[8] = {0};
    const char *at = name.at;
    if (name.size < sizeof brief) { /* what stands behind may be no memory of ours */
        memcpy(brief, name.at, name.size);
        at = brief;
    }
    return classes_of(name_table, sizeof name_table / sizeof *name_table, word_mark(at, name.size));
}

unsigned name_class(struct span word)
{
    const char *hyphen = memchr(word.at, '-', word.size);
    unsigned classes = name_listed(word);
    return hyphen ? classes | name_listed((struct span){word.at, (size_t)(hyphen - word.at)}) : classes;
}
