/* What a Submit or Delete does to what is there: the order of versions, as a pure function. */
#ifndef REFERENT_VERSION_H
#define REFERENT_VERSION_H

#include "job.h"

enum presence_state { STATE_ABSENT, STATE_PRESENT, STATE_DELETED };

struct version_state {
    enum presence_state state;
    uint64_t version;         /* of the document, or of its tombstone */
    unsigned char digest[16]; /* all 0: unknown, what a repair could not read; equal to none */
};

/* A version from its value slot: 8 bytes, big-endian; 0 if there are none. */
uint64_t version_read(struct span slot);

/* The receipt that the job will get, and whether it changes the index:
 *
 *   there              Submit v                                  Delete v
 *   nothing            apply                                     tombstone
 *   document w         v > w: apply; v < w: SUPERSEDED           v >= w: tombstone; else SUPERSEDED
 *                      v = w: same digest UNCHANGED,
 *                      else v = 0: apply, v > 0: REJECTED version.conflict
 *   tombstone w        v > w or v = w = 0: apply;                v > w: tombstone, else UNCHANGED
 *                      else SUPERSEDED
 *
 * A document whose digest is unknown is replaced by the same version. So 0 against a versioned state is superseded, and
 * among unversioned documents the latest arrival wins. */
enum receipt_status version_decide(const struct version_state *there, enum job_kind kind, uint64_t version,
                                   const unsigned char digest[16], bool *apply);

#endif
