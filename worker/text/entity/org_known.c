/* org_known: names that everybody knows (org.def), found by their first word. Pure. */
#include "org.h"

/* Names everybody knows; sorted by bytes. */
static const struct span known[] = {
#define ORG(name) WORD(name),
#include "org.def"
#undef ORG
};

/* The longest known name at `at` that begins with this word; a genitive s is no part of it. */
static size_t known_by(struct span word, const char *at, const char *end)
{
    size_t best = 0, left = (size_t)(end - at);
    for (size_t i = org_by_first[first_slot(word)]; i; i = org_by_first_next[i - 1]) {
        struct span name = known[i - 1];
        if (name.size <= best || !org_stands_at(at, left, name))
            continue;
        const char *stop = at + name.size;
        bool genitive = stop < end && *stop == 's' && !org_letter_before(stop + 1, end);
        bool compound = stop < end && *stop == '-' && org_letter_before(stop + 1, end);
        if ((!org_letter_before(stop, end) || genitive) && !compound)
            best = name.size;
    }
    return best;
}

size_t org_known_size(struct span word, const char *end)
{
    size_t best = known_by(word, word.at, end);
    bool genitive = !best && word.size > 1 && word.at[word.size - 1] == 's';
    return genitive ? known_by((struct span){word.at, word.size - 1}, word.at, end) : best;
}
