/* Runs: postings of a segment that memory has no room for, sorted by term, in a scratch file. At the end all runs are
 * read side by side and become one list a term. So a segment may be larger than memory, and nothing has to be merged
 * behind it.
 *
 *   file     |run|run|run|          without a name from the start: what is left of a crash is nothing
 *   run      |term|term|...|0 ...|  terms ascend; behind them so many zeros that a head can be read at once anywhere
 *   term     size 1, bytes, uint postings, uint collection frequency, then its postings
 *   posting  uint gap to the docid before (0 at first), uint wdf, uint size, packed positions
 *
 * Invariants: (1) Docids of a run are greater than those of the run before it. (2) A run is read whole or not at all: a
 * hash of its bytes is compared with what was written. Bytes that are spoiled are refused before that, or read without
 * harm.
 * Owned by one builder. */
#ifndef REFERENT_BULK_RUN_H
#define REFERENT_BULK_RUN_H

#include "inversion.h"

#include <limits.h>

enum { RUNS_MAX = 32 };

/* A run that is read, standing at a term. */
struct run {
    uint64_t at, end; /* of what is still in the file */
    uint64_t written; /* the hash of what was written, */
    uint64_t hash;    /* and of what has been read */
    struct buffer window;
    size_t next; /* in the window */
    uint64_t head;
    char term[UINT8_MAX];
    uint8_t term_size; /* 0: behind its last term */
    uint32_t collection, last;
    uint64_t postings; /* of the term, that are not read yet */
};

struct runs {
    int file; /* -1: none */
    char path[PATH_MAX];
    uint64_t size;
    uint64_t postings; /* of all runs */
    size_t count;
    struct run items[RUNS_MAX];
    struct buffer out; /* on its way to the file */
};

void runs_init(struct runs *runs);
/* Forget all runs, with the file; and the memory. */
void runs_clear(struct runs *runs);

/* The next run: all terms, in `order`, of a sorted inversion. The file is made in `folder` for the first one.
 * Faults: FAULT_REOPEN bulk.write, bulk.memory; FAULT_STOP bulk.path. */
NODISCARD enum fault runs_add(struct runs *runs, const char *folder, const struct inversion *inversion,
                              const struct lexicon_term *order, struct error *err);

/* Stand at the first term of each run. Faults of all three: FAULT_REOPEN bulk.write, bulk.memory, bulk.run. */
NODISCARD enum fault runs_begin(struct runs *runs, struct error *err);
/* The runs that stand at the least term, in order of docids; 0: all runs have been read. */
size_t runs_least(struct runs *runs, struct run *out[static RUNS_MAX]);
/* The next posting of the run's term, of which there is one; valid until the next call for this run. */
NODISCARD enum fault run_posting(struct runs *runs, struct run *run, struct posting_out *out, struct error *err);
/* To the next term, behind the last posting. */
NODISCARD enum fault run_next(struct runs *runs, struct run *run, struct error *err);

#endif
