/* The pace of a bulk load: how much of it is with readers and writers at a time. What has been read takes some twelve
 * times its frame until a writer has it in a segment; while a segment is finished nobody takes it. So the rest waits in
 * front of the readers, where it takes little more than its frame.
 *
 *   WAITING -> AHEAD  [pace_next]   while so many bytes of frames, or one message, are ahead
 *   AHEAD   -> gone   [pace_back]
 *
 *   (1) Messages that wait go in the order in which they came. Others overtake them, but for those of the same id:
 *       pace_has says so.
 *
 * Owned by the intake's thread. */
#ifndef REFERENT_PACE_H
#define REFERENT_PACE_H

#include "job.h"

#include <stddef.h>
#include <stdint.h>

struct pace {
    struct job **waiting; /* a ring */
    size_t room, first, count;
    uint64_t most_bytes, ahead_bytes; /* of frames */
};

/* Room for so many jobs at once. False if there is no memory. */
NODISCARD bool pace_init(struct pace *pace, size_t room, uint64_t most_bytes);
/* Frees the jobs that wait, too. */
void pace_done(struct pace *pace);
/* Does one of this id wait? */
bool pace_has(const struct pace *pace, uint32_t id_hash);
/* The pace has it. */
void pace_push(struct pace *pace, struct job *job);
/* The next job that may go, or NULL. */
struct job *pace_next(struct pace *pace);
/* A job that went came back. */
void pace_back(struct pace *pace, struct job *job);

#endif
