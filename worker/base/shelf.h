/* What waits to be read: one row for all readers, so that none has nothing to do while another has many. Whoever comes
 * takes the first jobs, but none whose id another reader has in hand; so jobs of one id keep their order.
 *
 *   WAITING -> IN HAND  [shelf_take]        the first jobs whose id nobody else has in hand
 *   IN HAND -> gone     [shelf_take again]  by then its reader has passed them on
 *
 * Invariants: (1) Jobs of one id are in the hands of one reader at a time, in the order in which they came. (2) While
 * jobs wait that could be taken, no reader waits. Ids are told apart by their hash: two of one hash only wait in vain.
 * Jobs belong to the shelf until they are taken. */
#ifndef REFERENT_SHELF_H
#define REFERENT_SHELF_H

#include "job.h"

#include <stdbool.h>
#include <stddef.h>

struct shelf;

/* Room for so many jobs; so many readers, each with `most` jobs in hand at most. NULL without memory. */
struct shelf *shelf_new(size_t room, size_t readers, size_t most);
/* What still waits is the caller's to take before. */
void shelf_free(struct shelf **shelf);
/* False if it is full. */
NODISCARD bool shelf_push(struct shelf *shelf, struct job *job);
/* The reader has passed on what it had, and takes its share of what waits: `most` jobs at most, and no more once they
 * have so many bytes; one that is no Submit comes alone or last. Waits for the first; 0: the shelf is closed and empty,
 * or (wait is false) there is nothing for it now. */
size_t shelf_take(struct shelf *shelf, size_t reader, bool wait, size_t bytes, struct job **out);
/* No more will come: readers get what waits, then nothing. */
void shelf_close(struct shelf *shelf);

#endif
