/* Suspects: documents that were in hand when the worker died, and what is known of each. Kept in DIR/suspects, a small
 * text file that is replaced by rename and synced.
 *
 *                    in hand at a death             comes back from its lone run
 *   (unknown) -------------------------> SUSPECT --------------------------------> (unknown)
 *                                        |     ^
 *           the worker dies of it, alone |     | once: a strike
 *                                        v     |
 *                                       twice: ASIDE ---- a chance that somebody asks for ----> SUSPECT, with one
 * strike
 *
 *   (1) A suspect is run alone: nothing else is in hand, so a death then is its own.
 *   (2) It is set aside after two such deaths: by a signal of the process's own, for memory, or for time. A SIGKILL
 * that nobody explains counts for little (LIVES_MAX of them for both strikes), because operators and tests kill too.
 *   (3) What is known of a document is of this content: another version of it, or another text, is another entry. But
 *       all of one id wait for one another, so that their order holds.
 *
 * Pure but for load and save; whoever calls has the lock. */
#ifndef REFERENT_SUSPECTS_H
#define REFERENT_SUSPECTS_H

#include "work.h"

enum { STRIKES_MAX = 2, LIVES_MAX = 16, SUSPECTS_MAX = 32768 };

struct suspect {
    struct work work;
    uint32_t strikes;
    uint32_t lives;    /* that ended unexplained while it ran alone */
    uint32_t chance;   /* the last one that was used */
    enum death reason; /* of the last strike */
};

struct suspects {
    struct suspect *items; /* oldest first */
    size_t count, room;
    bool changed; /* since it was saved */
};

void suspects_done(struct suspects *suspects);
/* Faults: FAULT_RETRY quarantine.file: the file cannot be read; what could be read is there. */
NODISCARD enum fault suspects_load(struct suspects *suspects, const char *data_dir, struct error *err);
/* Faults: FAULT_RETRY quarantine.file. */
NODISCARD enum fault suspects_save(struct suspects *suspects, const char *data_dir, struct error *err);

/* What follows from how the last life ended. False if there is no memory for it. */
NODISCARD bool suspects_judge(struct suspects *suspects, const struct last_life *last);

/* The entry of this content; NULL if it is none. */
struct suspect *suspects_find(const struct suspects *suspects, const struct work *work);
/* Is this id one of theirs? It may take a stranger for one, never the other way round. */
bool suspects_have_id(const struct suspects *suspects, uint32_t id_hash);
bool suspect_is_aside(const struct suspect *suspect);
/* It came back: forget it, unless it is set aside. */
void suspects_pass(struct suspects *suspects, const struct work *work);
/* One more lone run, once for each `chance` larger than the last. True if it has one now. */
bool suspects_chance(struct suspects *suspects, const struct work *work, uint32_t chance);
size_t suspects_aside(const struct suspects *suspects);

#endif
