/* Fragments of text that minutes are made of, each of which becomes a burden when it is repeated without end: for the
 * bench and the test of what the worst input may cost. */
#ifndef REFERENT_TEST_FRAGMENT_H
#define REFERENT_TEST_FRAGMENT_H

#include "arena.h"
#include "minutes.h"
#include "span.h"

struct fragment {
    const char *name;
    struct span text;
    enum media_type media;
};

extern const struct fragment fragments[];
extern const size_t fragment_count;

/* The fragment over and over, as often as it fits whole into `bytes`; at is NULL when the arena is full. */
struct text fragment_repeat(struct arena *arena, const struct fragment *fragment, size_t bytes);

#endif
