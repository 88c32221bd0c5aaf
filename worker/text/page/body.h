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
    bool unfolded;                  /* a transcript whose lines tell little: unfold_lines looked for others */
};

/* Clean `raw`.
 * Shape   clean text is never longer than raw; both valid UTF-8.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault body_clean(struct arena *arena, struct span raw, enum media_type media, struct body *out,
                                struct error *err);

/* The given offset of the character that begins at `clean`, and of the end of the one that ends there.
 * `near` tells where the last offset stood, 0 at first: offsets that ascend are found without a search. */
size_t body_start(const struct body *body, size_t clean, size_t *near);
size_t body_end(const struct body *body, size_t clean, size_t near);

/* How a clean text is laid out, told by one look over all of it (shape.c); later steps ask only for what is there. */
struct body_shape {
    size_t numbers; /* lines that begin with a figure of up to four digits, white space aside */
    size_t clocks;  /* with a digit and a colon in the third place */
    size_t indents; /* with white space */
    size_t frames;  /* with a bar, white space aside */
    size_t bars;    /* with a bar */
    size_t filled;  /* lines of two bytes or more */
    bool wide;      /* two spaces stand side by side somewhere, */
    bool columns;   /* and not only at the end of a line */
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
