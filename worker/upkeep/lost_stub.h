/* A stub that is lost, or says nothing: made anew from what stands beside it. */
#ifndef REFERENT_UPKEEP_LOST_STUB_H
#define REFERENT_UPKEEP_LOST_STUB_H

#include "error.h"

/* Name the one generation of a shard's part (its folder), and all young segments. Segments that a merge has left behind
 * do no harm: the shard is made anew, and feeders compare. Where no generation stands, nothing is done.
 * Faults: FAULT_REJECT data.stub: there are several generations; those of directory_publish. */
NODISCARD enum fault stub_guess(const char *part, struct error *err);

#endif
