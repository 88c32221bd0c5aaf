/* What of a text the open index shows, for the tests of closed items. */
#ifndef REFERENT_TEST_SHOWN_H
#define REFERENT_TEST_SHOWN_H

#include "arena.h"
#include "minutes.h"

struct shown {
    struct minutes minutes;
    struct span open_body; /* closed items and what names them are spaces */
};

/* Lives in the arena. The test fails where the text can't be read. */
struct shown shown_read(struct arena *arena, struct span body, enum media_type type);
/* The test fails unless the open body has the words (or has them not). */
void shown_expect(const char *text, enum media_type type, const char *words, bool shown);

#endif
