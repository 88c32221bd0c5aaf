/* What the command says, and how: colours only on a terminal and without NO_COLOR; a progress bar on a terminal, plain
 * lines elsewhere. Messages go to standard error as "referent: ...", results to standard output. */
#ifndef REFERENT_TERMINAL_H
#define REFERENT_TERMINAL_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* May this stream be coloured? */
bool terminal_color(FILE *stream);
/* How wide standard error is; 80 if nobody knows. */
size_t terminal_columns(void);
/* One line on standard error: what is wrong and what to do. */
void complain(const char *format, ...) PRINTF_LIKE(1, 2);
/* Flush standard output; false, with a message, if something of it was lost (full disk, closed pipe). */
bool output_finish(void);

/* The progress of so many things, on standard error. */
struct progress {
    bool bar;
    bool drawn; /* the bar stands on the current line */
    size_t total;
    const char *things; /* "documents" */
    int64_t begin_ms;
    int64_t said_ms; /* the last time, and how far it was */
    size_t said_done;
};

void progress_begin(struct progress *progress, size_t total, const char *things);
/* Say how far it is, if the last time is long enough ago. */
void progress_show(struct progress *progress, size_t done);
/* Before anything else is written to the terminal. */
void progress_clear(struct progress *progress);

/* "38 s", "4 min", "2 h 05 min"; for tests on its own. */
void duration_format(uint64_t seconds, char *out, size_t size);

#endif
