/* A job that was rejected -> the letter that is kept of it. Pure but for memory. */
#ifndef REFERENT_LETTER_H
#define REFERENT_LETTER_H

#include "job.h"
#include "store.h"

/* The frame is encoded again from what was decoded, with sequence 0, so that the same document gives the same bytes
 * whenever it comes; of a job that could not be decoded it is what came.
 * Owner   *memory is the frame's, for free(); NULL where the frame is the job's. All else is the job's.
 * Faults  FAULT_RETRY memory. */
NODISCARD enum fault letter_of(const struct job *job, int64_t now_ms, struct letter *out, char **memory,
                               struct error *err);

#endif
