/* A shape over the lists of one database, and where in them the match stands: a window of documents after the other,
 * forward only. Lists that weigh as one term are one list here. What a part says of a window is never too little: how
 * much a document can weigh there, how many match.
 */
#ifndef REFERENT_PART_H
#define REFERENT_PART_H

#include "list.h"
#include "shape.h"

enum { PART_NONE = UINT32_MAX }; /* no document */

struct part {
    enum shape_kind kind;
    struct part *first, *next;
    const struct list *list; /* LIST */
    double weight;           /* LIST: of which documents get a share; ALL: on top of the sum; KIND: of each */
    double reach;            /* LIST: the most that it can weigh, for each share that a block has written down */
    const uint64_t *words;   /* KIND: a bit a document */
    size_t word_count;

    struct list_place place; /* LIST: postings from here to before `end` are the window's */
    uint32_t end;
    bool here;       /* something may match in the window */
    double most;     /* what a document may weigh in it */
    uint32_t likely; /* matches in it at most */
};

/* The first document from `from` on that may match; PART_NONE if none does. */
uint32_t part_next(struct part *part, uint32_t from);
/* Documents begin..end-1 are the window now. */
void part_window(struct part *part, uint32_t begin, uint32_t end);
/* Matches in the whole database, if it can be told without looking: *count is set. */
bool part_count(const struct part *part, uint64_t *count);

#endif
