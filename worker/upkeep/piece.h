/* Pieces: the documents of a damaged database whose data can still be read, by the meeting they belong to.
 *
 * The documents of a meeting follow one another, so one that cannot be read puts both its neighbours in doubt. */
#ifndef REFERENT_UPKEEP_PIECE_H
#define REFERENT_UPKEEP_PIECE_H

#include "error.h"
#include "span.h"
#include "xapian_care.h"

#include <stdbool.h>
#include <stdint.h>
#include <xxhash.h>

struct piece {
    XXH128_hash_t id; /* of the meeting's id */
    uint32_t n;       /* 0: the meeting's own document */
    uint32_t docid;
    bool closed;
    bool doubtful; /* a document beside it could not be read, and may be its meeting's */
};

struct pieces {
    struct piece *items;
    size_t count, capacity;
};

/* Add all that can be read of a database; *unreadable grows by what cannot. Faults: FAULT_REOPEN memory; those of
 * database_newest. */
NODISCARD enum fault pieces_collect(struct pieces *pieces, struct database *database, bool closed, uint64_t *unreadable,
                                    struct error *err);
void pieces_done(struct pieces *pieces);
/* By meeting, and in it by number. The next functions ask for that. */
void pieces_sort(struct pieces *pieces);
/* Where the meeting ends whose first piece stands at `first`. */
size_t pieces_end(const struct pieces *pieces, size_t first);
/* Was anything read of the meeting with this id? */
bool pieces_have(const struct pieces *pieces, struct span id);
/* NULL, or why the pieces are not every document of a meeting. */
const char *pieces_doubt(const struct piece *pieces, size_t count);
/* Only closed items are there: what a crash left of a document that was never acknowledged. */
bool pieces_are_orphans(const struct piece *pieces, size_t count);

/* <0, 0, >0, as for qsort. */
int id_hash_order(XXH128_hash_t a, XXH128_hash_t b);

#endif
