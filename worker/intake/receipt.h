/* ACK: a job that is done -> the Receipt, the InventoryPage or the answer about dead letters that goes back. */
#ifndef REFERENT_RECEIPT_H
#define REFERENT_RECEIPT_H

#include "job.h"

/* Send the answer of a job, and count it. Faults: those of socket_send. */
NODISCARD enum fault receipt_send(void *socket, const struct job *job, struct error *err);
/* Answer a frame that never became a job: RETRY or REJECTED with the error's rule. */
NODISCARD enum fault receipt_refuse(void *socket, struct span routing, uint64_t sequence, enum receipt_status status,
                                    const struct error *why, uint32_t retry_after_ms, struct error *err);
/* Refuse a question that never became a job. */
NODISCARD enum fault receipt_failure(void *socket, struct span routing, uint64_t sequence, enum fault fault,
                                     struct error *why, struct error *err);

#endif
