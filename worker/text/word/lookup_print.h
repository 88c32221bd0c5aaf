/* lookup_print: the shapes that make_lookup writes: tables in C, on standard output.
 *
 * Shape  each function prints whole definitions, named after the list.
 * Owner  lists are the caller's.
 * Faults what does not fit ends the program, and with it the build. */
#ifndef REFERENT_LOOKUP_PRINT_H
#define REFERENT_LOOKUP_PRINT_H

#include "words.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Ends the program: `name` is the list or word, `why` what is wrong with it. */
_Noreturn void give_up(const char *name, const char *why);

void numbers_print(const char *name, const char *what, const uint16_t *numbers, size_t count);
/* The slots of a list by the hash of its words (struct word_list). */
void slots_print(const char *name, const struct span *words, size_t count);
/* Words by their last bytes (struct tail_list), names by their first word (struct first_list). */
void tails_print(const char *name, const struct span *words, size_t count);
void firsts_print(const char *name, const struct span *words, size_t count);

/* What words begin or end with: a set, what is put into it, and its table. */
void kinds_put(struct affix_kinds *set, const char *at, size_t size, unsigned kind);
void kinds_print(const char *name, const struct affix_kinds *set);
/* The first bytes at `at`, at most four, as affix_load has them. */
uint32_t affix_of(const char *at, size_t size);

/* ---- the tables that need a search, a file each */

void classes_print(void); /* lookup_class.c */
void wanted_print(void);  /* lookup_want.c */
void traces_print(void);  /* lookup_trace.c */

#endif
