/* What documents are called: the id and the position that a hit shows where nothing else of it is asked for. To read
 * them from the record takes two blocks of the index and zlib; so those of hits that were shown are kept, a row each.
 * A row belongs to one database at one commit, as a list does, and goes when another one wants its place.
 *
 * All search threads share them; each function holds a lock of its own. */
#ifndef REFERENT_LABELS_H
#define REFERENT_LABELS_H

#include "arena.h"
#include "xapian_lists.h"

struct labels;

enum { LABEL_ID_MAX = 200 };

struct label {
    struct span id;
    uint32_t position;
};

/* Of so many bytes; they are taken from the system as rows are written. NULL without memory. */
struct labels *labels_new(size_t bytes);
/* Sets *labels to NULL; NULL is fine. */
void labels_free(struct labels **labels);

/* What the document of the database is called; the id lives in the arena. false: it is not known, or the arena is full.
 */
bool labels_find(struct labels *labels, const struct segment *database, uint32_t docid, struct arena *arena,
                 struct label *out);
/* From now on it is known, if its id is not longer than LABEL_ID_MAX. */
void labels_keep(struct labels *labels, const struct segment *database, uint32_t docid, struct label label);

/* Of the rows that were written. */
uint64_t labels_bytes(struct labels *labels);

#endif
