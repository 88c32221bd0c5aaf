/* body: the bytes that were given, made clean enough to read.
 *
 * First stage of reading. Takes out what converters and pages leave in a text: Markdown marks, HTML, no-break and
 * letter spaces, soft hyphens, words broken over line ends. A map leads every offset back to the bytes given. Pure. */
#ifndef REFERENT_BODY_H
#define REFERENT_BODY_H

#include "bytes.h"
#include "minutes.h"

#include <stdint.h>

/* From `clean` on (until the next piece) the clean text stands for the given bytes from `raw` on: byte by byte if
 * size is 0, otherwise all of it for the `size` bytes at raw (a character written in another way). */
struct body_piece {
    uint32_t clean, raw, size;
};

/* A heading begins at `at` in the clean text: level 1..6 as Markdown or HTML has it, then as below. */
struct body_mark {
    uint32_t at;
    uint8_t level;
};
enum {
    BODY_BOLD = 7,
    BODY_ROW = 8,     /* a row of an agenda begins */
    BODY_DECISION = 9 /* its cell of what was decided */
};

struct body {
    struct text text; /* clean; NUL bytes are spaces in it, BODY_PAD of them stand behind it */
    struct span raw;
    LIST(struct body_piece) pieces; /* ascending; empty if clean and raw are the same */
    LIST(struct body_mark) marks;   /* ascending */
    size_t line_count;              /* an upper bound, for one allocation of the lines */
};

/* Clean `raw`.
 * Shape   clean text is never longer than raw; both valid UTF-8.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault body_clean(struct arena *arena, struct span raw, enum media_type media, struct body *out,
                                struct error *err);

/* The given offset of the character that begins at `clean`, and of the end of the one that ends there. */
size_t body_start(const struct body *body, size_t clean);
size_t body_end(const struct body *body, size_t clean);

/* Writing side, for body.c and body_html.c. */
struct pen {
    struct arena *arena;
    struct body *body;
    char *out;
    size_t used;
    bool full;    /* the arena is; checked at the end */
    bool spaced;  /* the text holds letter-spaced words */
    size_t looks; /* for the word of a capital that slid away from it */
};
/* Copy the bytes, or put `with` in place of the `size` bytes at `raw` (with may be empty: they are left out). */
void pen_copy(struct pen *pen, size_t raw, size_t size);
void pen_replace(struct pen *pen, size_t raw, size_t size, struct span with);
void pen_mark(struct pen *pen, uint8_t level);
/* HTML to lines: blocks are lines, cells are tabs, entities are characters. */
void body_html(struct pen *pen, struct span raw);
/* Size of the letter-spaced run at `at` ("K a r e n"), or 0. */
size_t spaced_run(const char *at, const char *end, bool digits);
/* "V illy": does a capital stand at `at` that slid away from its word, a space behind it? The beginning of the text
 * holds the whole word. A party that does something, "V stemte", makes no word of the text. */
bool slid_capital(struct pen *pen, const char *at);
/* Write a letter-spaced run without its spaces; a capital after a small letter begins a new word. */
void spaced_copy(struct pen *pen, const char *base, size_t raw, size_t size);
/* True if the text has letter-spaced words. */
bool spaced_text(struct span raw);
/* How a clean text is laid out, told by one look over all of it (shape.c); later steps ask only for what is there. */
struct body_shape {
    size_t numbers; /* lines that begin with a figure of up to four digits, white space aside */
    size_t clocks;  /* with a digit and a colon in the third place */
    size_t indents; /* with white space */
    size_t frames;  /* with a bar, white space aside */
    size_t bars;    /* with a bar */
    size_t filled;  /* lines of two bytes or more */
    bool wide;      /* two spaces stand side by side somewhere */
    bool leaders;   /* "..:" stands somewhere */
    bool long_line; /* a line may be longer than 1000 bytes */
};
struct body_shape body_shape(const struct body *body);
/* Blank the numbers of lines, times of a recording and frames of forms (margin.c). */
NODISCARD bool margin_clear(struct arena *arena, struct body *body, const struct body_shape *shape);
/* A table that holds the agenda, a row an item: rows become headings, and what was decided stands below
 * (margin_table.c). Both: false if the arena is full. */
NODISCARD bool margin_table(struct arena *arena, struct body *body);
/* Break transcripts that stand on one line: a space before what begins a line becomes a line end. `shape`: of
 * the text as it is now, or NULL. */
void unfold_lines(struct body *body, const struct body_shape *shape);
/* The same for titles that the text behind them has run into (unfold_title.c). */
void unfold_titles(struct body *body);

#endif
