/* The guard: what keeps one document from stopping all, and the worker from promising what the disk cannot hold.
 *
 * It knows what each thread has in hand (work.h) and what was in hand when the worker last died (suspects.h). Its own
 * thread watches time, memory and disk: a document that takes longer than document_max_ms of a processor is asked to
 * give up; if it does not, or if memory grows beyond memory_max_bytes, the guard writes down why and ends the process,
 * which whoever started it starts again, and the feeders send again what has no receipt.
 *
 * Threads  guard_open, guard_start and guard_stop: the pipeline. Questions and answers: the intake. */
#ifndef REFERENT_GUARD_H
#define REFERENT_GUARD_H

#include "config.h"
#include "work.h"

struct guard;

/* Read what the last life left, and judge it; the slots are there, the thread is not. Take data_dir's lock first.
 * Faults  FAULT_STOP memory. */
NODISCARD enum fault guard_open(const struct config *config, size_t readers, size_t writers, struct guard **out,
                                struct error *err);
/* Faults: FAULT_STOP thread.start. */
NODISCARD enum fault guard_start(struct guard *guard, struct error *err);
/* After every thread that has a slot has ended. Sets *guard to NULL; NULL and *guard NULL are fine. */
void guard_stop(struct guard **guard);

/* The slots: the intake's, and those of readers and writers by number. A NULL guard has none. */
struct work_slot *guard_intake(struct guard *guard);
struct work_slot *guard_reader(struct guard *guard, size_t number);
struct work_slot *guard_writer(struct guard *guard, size_t number);

/* ---- for the intake */

enum verdict {
    VERDICT_FREE,
    VERDICT_ALONE, /* it, or another content of its id, is a suspect */
    VERDICT_ASIDE  /* it has taken the worker down twice, alone: refuse it, as the error says */
};
/* `chance`: a number larger than the last that was used gives what is set aside one more run. */
enum verdict guard_verdict(struct guard *guard, const struct work *work, uint32_t chance, struct error *why);
/* This one runs alone from now on; NULL: it has come back. */
void guard_alone(struct guard *guard, const struct work *work);
/* It has come back with an answer that ends it. */
void guard_pass(struct guard *guard, const struct work *work);
/* FAULT_RETRY disk.low while less than disk_reserve_bytes are free. */
enum fault guard_disk(struct guard *guard, struct error *err);

#endif
