/* Tags made smaller by deflate where that helps (Xapian 1.4.22 glass, compression: raw deflate, only tags above 18
 * bytes of tables that want it, kept only when smaller). */
#ifndef REFERENT_BULK_SQUEEZE_H
#define REFERENT_BULK_SQUEEZE_H

#include "buffer.h"
#include "error.h"
#include "span.h"

#include <stdbool.h>

enum { SQUEEZE_MIN_BYTES = 18 };

/* Raw deflate of `tag` into `out`; the size, or 0 if it takes more than `room`. */
typedef size_t (*deflate_call)(void *self, const char *tag, size_t size, char *out, size_t room);

struct squeeze {
    deflate_call deflate; /* NULL: nothing is made smaller */
    void *self;
    void *own; /* libdeflate's, if it is ours */
    struct buffer out;
};

/* level 0: none, 1..12: libdeflate's. With `deflate`, that is called instead. False without memory. */
NODISCARD bool squeeze_init(struct squeeze *squeeze, int level, deflate_call deflate, void *self);
void squeeze_done(struct squeeze *squeeze);
/* *tag becomes the smaller one, borrowed until the next call, and *compressed true; or both stay.
 * Faults: FAULT_REOPEN bulk.memory. */
NODISCARD enum fault squeeze_tag(struct squeeze *squeeze, struct span *tag, bool *compressed, struct error *err);

#endif
