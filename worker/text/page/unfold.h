/* unfold: what is known of the agenda while a transcript gets its lines back. Used by unfold*.c only. */
#ifndef REFERENT_UNFOLD_H
#define REFERENT_UNFOLD_H

#include "body.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FOLD_NUMBERS = 1000 };
struct fold {
    uint32_t figures[FOLD_NUMBERS]; /* "12. Title": the how-manieth heading was the last with a number; 0: none was */
    uint32_t words[FOLD_NUMBERS];   /* the same for "Punkt 12 Title" */
    uint32_t count;
    const char *title; /* of the heading that was found last, until its end is; NULL else */
    bool absent;       /* the last label leads those who stayed away */
    bool documents;    /* the last label leads a list of document numbers */
};

/* Does the name of a body end at `end`: "Økonomiudvalget", "Kommunalbestyrelsen"? */
bool names_body(const char *at, const char *end);
/* The size of "Byrådet den 26. juni 2012:" at `at`, and of "Beslutning i Byrådet den" whose day was lost; or 0. */
size_t decider_size(const char *at, const char *end);
size_t undated_size(const char *at, const char *end);

/* Does what stands before `at` in the line from `base` let a new line begin? A sentence is over, or a heading just
 * behind (unfold.c). */
bool sentence_over(const char *base, const char *at);

/* "12. Title" at the figure `at`: true if a heading begins there, which is noted. */
bool fold_number(struct fold *fold, const char *base, const char *at, const char *end);
/* The same for "Punkt 12: Title", whose words take `lead` bytes; *size is what stands before the title. */
bool fold_word(struct fold *fold, const char *base, const char *at, const char *end, size_t lead, size_t *size);
/* The size of a title that every agenda has and that other words have run into; 0 if it is another. */
size_t fold_standing(const char *title, const char *end);
/* The size of the case number at `at` that ends a title; 0 if there is none. */
size_t fold_case(const char *at, const char *end);

#endif
