/* scan: the state of the pass over the text that entity.c makes, and the steps of it.
 *
 * Shape  a step looks at what begins at `at` and adds what it finds; it gives where to go on.
 * Unit   size_t are bytes; lines and spots are told by index.
 * Owner  entities and sightings live in the reading's arena.
 * Faults only one: the arena is full, which each step tells in its own way. */
#ifndef REFERENT_SCAN_H
#define REFERENT_SCAN_H

#include "reading.h"

struct scan {
    struct reading *reading;
    const char *base, *end;
    size_t line;     /* index of the line where the scan is */
    size_t event;    /* clean offset where the next line, or one with a label, begins */
    bool found_more; /* a name was found that may stand elsewhere without what told it (org_again) */
    size_t asked;    /* where the last name ends that words before it asked for, 0: none yet */
};

/* Add an entity; its value is a folded or squeezed copy of the surface if `value` is empty. False: arena full. */
bool scan_add(struct scan *scan, enum entity_type type, const char *at, size_t size, struct span value,
              const char *rule);

/* ---- capital.c, sighting.c */

/* What begins with the capital at `at`: reads it, adds what it finds, gives where to go on; NULL: arena full. */
const char *scan_capital(struct scan *scan, const char *at);
/* The words from `at` on that may be a name; a line end or a day ends it. words is 0 if they are none. */
void scan_name(const struct scan *scan, const char *at, const char *limit, struct name_match *name);
/* A list of names without separators ("Konrad Brask Dammlev Helge Bisp Hallander") is cut where a first name follows
 * a family name. Gives the number of words of the first name. */
size_t scan_name_words(const char *at, const struct name_match *name);
/* Adds the first `words` of the name with what stands around it; `weak`: they may be something else. False: arena full.
 */
bool scan_sighting(struct scan *scan, const char *at, const struct name_match *name, size_t words, bool weak);

/* ---- led.c */

/* A reference to an act at `at`, which it adds; NULL if there is none, or if the arena is full. */
const char *scan_law(struct scan *scan, const char *at, bool *full);
/* What leads a day, a sum or a reference to an act at the word, if some rule wants it; NULL if nothing does, or if the
 * arena is full. */
const char *scan_wanted(struct scan *scan, const char *at, const char *stop, unsigned wants, bool *full);

/* ---- sign.c */

/* The sign of `size` bytes at `at` belongs to the sum behind it if nothing but space or a bracket stands before. NULL:
 * arena full. */
const char *scan_sign(struct scan *scan, const char *at, size_t size);

/* ---- number.c, filed.c */

/* What begins at the digit or sign `at`: reads it, adds what it finds, gives where to go on; NULL: arena full. */
const char *scan_number(struct scan *scan, const char *at);
/* A date at `at` that was found; the amount likewise. */
bool scan_date(struct scan *scan, const char *at, const struct date_match *match);
bool scan_amount(struct scan *scan, const char *at, const struct amount_match *match);
/* "1.000 kr." that names the unit of a table: in brackets, behind "i" or "hele", in a caption or a head of columns. */
bool scan_is_unit(const struct scan *scan, const char *at, const struct amount_match *match);
/* The size of the number of a case, a document or a subject at the digit `at`, which it adds; 0 if it is none. *full:
 * arena full. */
size_t scan_filed(struct scan *scan, const char *at, bool *full);
/* Letters that lead a case number: EMN-2019-01234. NULL: none; size 0 in *size: arena full. */
bool scan_lettered(struct scan *scan, const char *at, size_t *size);

static inline struct line *scan_line(const struct scan *scan)
{
    return &scan->reading->lines.items[scan->line];
}

static inline struct spot *scan_spot(const struct scan *scan)
{
    return &scan->reading->spots[scan->line];
}

#endif
