/* The keeper of dead letters: one thread that owns the store, on the way of a job back to its feeder.
 *
 *   reader, writer --done--> intake --keeper_take--> keeper --done--> intake --> receipt
 *
 * Intake, readers and writers never wait for SQLite. What has queued up is one transaction; when it is on disk, its
 * jobs go on to `done`, and their receipts leave.
 *
 *   (1) A receipt REJECTED of a Submit, a Delete or an unreadable frame leaves after the commit that holds its letter.
 *   (2) Where that commit fails, the receipt becomes RETRY dead.store: never REJECTED without the copy.
 *   (3) A document that the index has in a version not older clears its letters before its receipt leaves; where that
 *       fails the receipt leaves as it is, because it is true, and the letter stays for the operator.
 *   (4) Jobs of one id pass in the order in which the intake got them back, so (3) never clears a later rejection. */
#ifndef REFERENT_KEEPER_H
#define REFERENT_KEEPER_H

#include "config.h"
#include "job.h"
#include "queue.h"

struct keeper;

/* Open the store and start the thread; `done` outlives it and holds all that may be in flight. A store that cannot be
 * opened now is tried again with each job, whose receipts are RETRY meanwhile.
 * Faults  FAULT_STOP dead.store: the file is not to be used, with the remedy; thread.start, memory. */
NODISCARD enum fault keeper_start(const struct config *config, struct queue *done, struct keeper **out,
                                  struct error *err);
/* Will keeper_take take it? Intake's thread only. */
bool keeper_wants(struct keeper *keeper, const struct job *job);
/* True: the keeper has taken the job and pushes it to `done` when it has kept, cleared or answered what there was;
 * false: it has nothing to do with this job, or has had it. Intake's thread only. */
bool keeper_take(struct keeper *keeper, struct job *job);
/* Finish what was taken, end the thread, close the store. Sets *keeper to NULL; NULL and *keeper NULL are fine. */
void keeper_stop(struct keeper **keeper);

#endif
