/* pen: the writing side of a body: its clean text, the map back to the bytes given, and where headings begin.
 *
 * Shape  the clean text is never longer than what was given, for every rule takes out or replaces.
 * Unit   offsets and sizes are bytes; `raw` is an offset of the bytes given.
 * Owner  pieces and marks live in the arena, the text in `out`, which the caller has made large enough.
 * Faults `full`: the arena is; the body is none then. */
#ifndef REFERENT_PEN_H
#define REFERENT_PEN_H

#include "body.h"

#include <string.h>

struct pen {
    struct arena *arena;
    struct body *body;
    char *out;
    size_t used;
    bool full;    /* the arena is; checked at the end */
    bool spaced;  /* the text holds letter-spaced words */
    size_t looks; /* for the word of a capital that slid away from it */
};
/* Copy the bytes. */
static inline void pen_copy(struct pen *pen, size_t raw, size_t size)
{
    memcpy(pen->out + pen->used, pen->body->raw.at + raw, size);
    pen->used += size;
}

/* Put `with` in place of the `size` bytes at `raw`; it may be empty: they are left out. */
void pen_replace(struct pen *pen, size_t raw, size_t size, struct span with);
/* A heading begins here. */
void pen_mark(struct pen *pen, uint8_t level);

/* Markdown and plain text: marks go, words broken over line ends are joined (body_markdown.c). */
void body_markdown(struct pen *pen);
/* HTML to lines: blocks are lines, cells are tabs, entities are characters (body_html.c). */
void body_html(struct pen *pen, struct span raw);

/* ---- spaced.c */

/* Size of the letter-spaced run at `at` ("K a r e n"), or 0. */
size_t spaced_run(const char *at, const char *end, bool digits);
/* "V illy": does a capital stand at `at` that slid away from its word, a space behind it? The beginning of the text
 * holds the whole word. A party that does something, "V stemte", makes no word of the text. */
bool slid_capital(struct pen *pen, const char *at);
/* Write a letter-spaced run without its spaces; a capital after a small letter begins a new word. */
void spaced_copy(struct pen *pen, const char *base, size_t raw, size_t size);
/* True if the text has letter-spaced words. */
bool spaced_text(struct span raw);

#endif
