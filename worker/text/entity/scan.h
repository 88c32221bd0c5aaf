/* scan: the state of the pass over the text that entity.c makes, shared with number.c, filed.c and hint.c. */
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
