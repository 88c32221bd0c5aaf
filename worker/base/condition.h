/* Conditions: what is wrong with the worker now, and ends by itself when its cause is gone: a disk that is nearly full,
 * a shard that cannot be written. One table of the process: status shows it, the log has one line when each begins and
 * one when it ends. Thread-safe. */
#ifndef REFERENT_CONDITION_H
#define REFERENT_CONDITION_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONDITIONS_MAX = 300 /* every shard may have one */ };

struct condition {
    char name[24];   /* such as "disk.low" or "shard.failing" */
    uint32_t number; /* of the shard, or 0 */
    struct error why;
};

/* It holds, because of `why`. Said again with another reason it is the same condition. */
void condition_begin(const char *name, uint32_t number, const struct error *why);
/* It holds no more; fine if it never did. */
void condition_end(const char *name, uint32_t number);
/* Up to `room` of those that hold; how many. */
size_t condition_list(struct condition *out, size_t room);

#endif
