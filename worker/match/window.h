/* Which documents of a window match, and what they weigh: one part after the other is added up over all documents of
 * the window, instead of one document after the other over all parts.
 *
 * First it is told which documents match, which takes next to nothing where lists have maps. Then these alone are
 * weighed, less the blocks that cannot come among the best, and after each list less the documents that cannot by what
 * the others may add (`left`): so a document may weigh less than it should, but only if it weighs less than `floor`. */
#ifndef REFERENT_WINDOW_H
#define REFERENT_WINDOW_H

#include "part.h"

enum { WINDOW_DOCUMENTS = 4096, WINDOW_WORDS = WINDOW_DOCUMENTS / 64 };

/* All zero but while a window is looked at. */
struct frame {
    uint64_t bits[WINDOW_WORDS];
    double weights[WINDOW_DOCUMENTS];
    bool used; /* something has weighed */
};

enum { FRAMES_MAX = 2 * SHAPE_DEPTH_MAX + 2 };

/* Documents that are asked for. */
struct only {
    const uint64_t *bits; /* NULL: all */
    const uint16_t *n;    /* their numbers, or NULL; then `bits` may have more of them */
    uint32_t most;        /* so many at most; as many as there are numbers */
    bool sure;            /* all of them match the part, */
    bool whole;           /* and no others do */
    bool every;           /* none is missing that can come among the best */
};

/* More than LISTED_MAX are told by bits alone; numbers have REACH_MORE places behind the last one. */
enum { LISTED_MAX = 1024, REACH_MORE = 4 };

struct room {
    uint64_t bits[WINDOW_WORDS];
    uint16_t n[LISTED_MAX + REACH_MORE];
};

struct window {
    const struct scale *scale;
    double per_length; /* 1 / mean */
    uint32_t begin;    /* the first document */
    double floor;      /* what weighs less need not be weighed; below 0: everything must be */
    double most;       /* of the root */
    double rest;       /* what a document may still get in the root's frame */
    struct frame *root;
    struct room matching; /* what matches; its numbers, if they are not too many */
    uint32_t matches;     /* so many */
    struct only left;     /* of them those that can still come among the best; where they are fewer, in */
    struct room room;
    struct frame *frames[FRAMES_MAX];
    size_t used;
    struct {
        uint16_t n[WINDOW_DOCUMENTS + REACH_MORE]; /* document of the window */
        uint32_t at[WINDOW_DOCUMENTS];             /* posting */
    } chosen;                                      /* postings of one list */
};

/* The frames that a part needs; they are kept for the next search. false without memory. */
bool window_room(struct window *window, const struct part *root);
void window_done(struct window *window);

/* Look at the window that part_window has set: which documents match, and in window->root what those weigh that are
 * left. window_clear in any case. */
void window_match(struct window *window, const struct part *root);
void window_clear(struct window *window);

#endif
