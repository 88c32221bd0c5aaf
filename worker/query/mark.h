/* What makes a word of a text light up in a snippet. Filled while the query is composed, read by snippet.c. */
#ifndef REFERENT_MARK_H
#define REFERENT_MARK_H

#include "arena.h"
#include "span.h"

#include <stdint.h>

enum mark_kind {
    MARK_STEM,  /* the word has this stem, or is a compound with such a part */
    MARK_PART,  /* the same, but it is only a part of a compound that was asked for */
    MARK_PREFIX /* the word begins so */
};

struct mark {
    enum mark_kind kind;
    struct span text;
    uint16_t unit; /* which word of the query: a snippet shows as many different ones as it can */
};

enum { MARKS_MAX = 512 };

struct mark_list {
    struct mark *items;
    size_t count, capacity;
    uint16_t unit; /* of what is added now */
};

/* Words beyond MARKS_MAX are found, but do not light up. False when the arena is full. */
NODISCARD static inline bool mark_add(struct arena *arena, struct mark_list *marks, enum mark_kind kind,
                                      struct span text)
{
    if (marks->count >= MARKS_MAX || text.size == 0)
        return true;
    struct mark *mark = LIST_PUSH(arena, marks);
    if (mark != NULL)
        *mark = (struct mark){kind, text, marks->unit};
    return mark != NULL;
}

#endif
