/* What the open index may know of a meeting that has closed items.
 *
 * The open body is the body with every closed item as spaces, and with the closed items' titles as spaces where they
 * stand outside items (a table of contents). Offsets and line breaks stay. Whatever is not to be seen there is hidden:
 * entities whose bytes changed, and facts of the meeting whose words stand nowhere in the open body. */
#ifndef REFERENT_HIDDEN_H
#define REFERENT_HIDDEN_H

#include "arena.h"
#include "error.h"
#include "minutes.h"

/* Where an item stands. An item that only the contents name may stand before those that are listed before it. */
struct place {
    size_t start, end;
    size_t n; /* of the item's document, from 1 */
};

struct hidden {
    const struct place *places; /* of all items, ascending by start */
    size_t place_count;
    struct span open_body;         /* the body itself if no item is closed */
    bool any;                      /* an item is closed */
    LIST(struct byte_range) veils; /* where the open body differs from the body outside closed items; ascending */
    struct meeting meeting;        /* facts and people as the open documents may name them; items as given */
};

/* Owner   out lives in the arena and borrows from minutes.
 * Faults  FAULT_REJECT arena.bound. */
NODISCARD enum fault hidden_read(struct arena *arena, const struct minutes *minutes, struct hidden *out,
                                 struct error *err);
/* The entity stands in the open body as it does in the body. */
bool hidden_shows(const struct hidden *hidden, const struct minutes *minutes, const struct entity *entity);

#endif
