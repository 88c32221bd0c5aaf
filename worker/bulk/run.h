/* Runs: postings of a segment that memory has no room for, sorted by term, in a scratch file. At the end all runs are
 * read side by side and become one list a term. So a segment may be larger than memory, and nothing has to be merged
 * behind it.
 *
 *   file     |run|run|run|          without a name from the start: what is left of a crash is nothing
 *   run      |term|term|...|0 ...|  terms ascend; behind them so many zeros that a head can be read at once anywhere
 *   term     size 1, bytes, uint postings, uint collection frequency, then its postings
 *   posting  uint gap to the docid before (0 at first), uint wdf twice and one more if it has positions, then, if so,
 *            uint size, packed positions
 *
 * Invariants: (1) Docids of a run are greater than those of the run before it. (2) A run is read whole or not at all: a
 * hash of its bytes is compared with what was written. Bytes that are spoiled are refused before that, or read without
 * harm.
 * Owned by one builder. */
#ifndef REFERENT_BULK_RUN_H
#define REFERENT_BULK_RUN_H

#include "inversion.h"

#include <limits.h>

enum { RUNS_MAX = 32, RUN_POSTING_HEAD_BYTES = 3 * UINT_MAX_BYTES };

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
/* More of the file, so that at least so many bytes are in the window from its next one on. */
NODISCARD enum fault run_fill(struct runs *runs, struct run *run, size_t bytes, struct error *err);
/* What is read is not what was written: FAULT_REOPEN bulk.run. */
enum fault run_spoiled(const struct runs *runs, struct error *err);

static inline enum fault run_need(struct runs *runs, struct run *run, size_t bytes, struct error *err)
{
    return run->window.size - run->next >= bytes ? FAULT_NONE : run_fill(runs, run, bytes, err);
}

/* A number of UINT_MAX_BYTES at most, which are there. */
static inline uint64_t run_uint(struct run *run)
{
    const unsigned char *at = (const unsigned char *)run->window.at + run->next, *from = at;
    uint64_t number = 0;
    for (int shift = 0; at - from < UINT_MAX_BYTES; shift += 7) {
        number |= (uint64_t)(*at & 0x7F) << shift;
        if ((*at++ & 0x80) == 0)
            break;
    }
    run->next += (size_t)(at - from);
    return number;
}

/* The next posting of the run's term, of which there is one; valid until the next call for this run. */
NODISCARD static inline enum fault run_posting(struct runs *runs, struct run *run, struct posting_out *out,
                                               struct error *err)
{
    TRY(run_need(runs, run, RUN_POSTING_HEAD_BYTES, err));
    uint64_t gap = run_uint(run);
    uint64_t wdf = run_uint(run), size = wdf & 1 ? run_uint(run) : 0;
    if (gap == 0 || gap > UINT32_MAX - run->last || size > SIZE_MAX / 2)
        return run_spoiled(runs, err);
    TRY(run_need(runs, run, (size_t)size, err));
    run->last += (uint32_t)gap;
    *out = (struct posting_out){run->last, (uint32_t)(wdf >> 1), {run->window.at + run->next, (size_t)size}, {0}};
    run->next += (size_t)size;
    run->postings--;
    return FAULT_NONE;
}

/* To the next term, behind the last posting. */
NODISCARD enum fault run_next(struct runs *runs, struct run *run, struct error *err);

#endif
