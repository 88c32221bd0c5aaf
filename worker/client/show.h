/* Pieces of answers on a terminal, for the commands that print them. Nothing of a document can drive the terminal. */
#ifndef REFERENT_SHOW_H
#define REFERENT_SHOW_H

#include "referent.h"

#include <stdbool.h>

/* Text in a style (an escape sequence), if it is to be coloured. */
void show_styled(const char *style, bool color, const char *text);
/* One of several facts on a line, with a point between them; nothing for an empty one. *first is true before any. */
void show_fact(const char *text, bool *first);
/* "2. Tilskud til fleksjob". */
void show_heading(const struct referent_entry *entry, bool color);
/* "for A, B; against O", behind `before`; false, and nothing, if the minutes give no vote. */
bool show_votes(const char *before, const struct referent_entry *entry);
/* An answer that lacks a shard says so on standard error. */
void show_coverage(const struct referent_coverage *coverage);

#endif
