/* Both ways from documents to a database, in a folder of the test's own, and what must hold of the two. */
#ifndef REFERENT_TEST_TRIAL_H
#define REFERENT_TEST_TRIAL_H

#include "builder.h"
#include "glass.h"

#include <stdbool.h>

struct trial {
    char folder[64];
    char ours[96], stock[96], compact[96], merged[96], merged_stock[96]; /* databases in it */
    size_t spill; /* postings are put aside behind so many documents; 0: never */
    bool unsynced;
    char message[GLASS_MESSAGE];
};

/* False if there is no folder. */
bool trial_open(struct trial *trial);
void trial_close(struct trial *trial);
/* Remove the databases; or ours alone. */
void trial_clear(struct trial *trial);
void trial_clear_ours(struct trial *trial);

/* Build trial->ours; with stock's own deflate, so that blocks can be compared, unless another level is given (-1).
 * The others give false with a message when something differs. */
bool trial_build(struct trial *trial, const struct collection *collection, int level);
/* Stock's database of it, and what compaction makes of that. */
bool trial_stock(struct trial *trial, const struct collection *collection, size_t batch);
/* Check, blocks (if `blocks`), everything that the API shows. */
bool trial_compare(struct trial *trial, uint64_t seed, unsigned searches, bool blocks);
/* Ours and stock compacted together with stock, both ways alike; then ours and stock edited alike. */
bool trial_live_on(struct trial *trial, uint64_t seed, const struct index_document *more);

#endif
