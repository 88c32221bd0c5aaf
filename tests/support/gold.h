/* Gold minutes ({{type value|surface}} markup and %%%META JSON, tests/golden/README.md) -> the struct minutes that a
 * perfect reader would give. So the index side is tested without the reader. */
#ifndef REFERENT_TEST_GOLD_H
#define REFERENT_TEST_GOLD_H

#include "arena.h"
#include "minutes.h"

#include <stdbool.h>

/* False if the text is no gold file or the arena is full. An item reaches from its heading to the next heading; a
 * closed item without a heading has no text. */
bool gold_read(struct arena *arena, struct span gold, struct minutes *out);
/* The same from a file's name. */
bool gold_open(struct arena *arena, const char *path, struct minutes *out);
/* A whole file in the arena; at is NULL if it cannot be read. */
struct text file_read(struct arena *arena, const char *path);

#endif
