/* How long the documents of each database are. Xapian finds a length in its tables in 40 to 75 ns, which is most of
 * what a list takes to decode; all of a database in a row take 28 ns each. So they are read once and kept, two bytes a
 * document. Numbers of documents never come back, so that only documents that came since are read later.
 *
 * All search threads share them; each function holds a lock of its own. Databases that nobody asks for go first. */
#ifndef REFERENT_LENGTHS_H
#define REFERENT_LENGTHS_H

#include "xapian_lists.h"

struct lengths;

/* Of so many bytes. NULL without memory. */
struct lengths *lengths_new(size_t bytes);
/* Sets *lengths to NULL; NULL is fine. */
void lengths_free(struct lengths **lengths);

/* Set the length of each posting's document; `database` has number `number` among those of `from`. Where few are asked
 * for of a database that nobody asked for before, they are looked up one by one. Faults: those of the shim. */
NODISCARD enum fault lengths_fill(struct lengths *lengths, struct database *from, size_t number,
                                  const struct segment *database, struct list_posting *postings, uint32_t count,
                                  struct error *err);

uint64_t lengths_bytes(struct lengths *lengths);

#endif
