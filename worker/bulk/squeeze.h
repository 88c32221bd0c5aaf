/* Tags made smaller by deflate where that helps (Xapian 1.4.22 glass, compression: raw deflate, only tags above 18
 * bytes of tables that want it, kept only when smaller). */
#ifndef REFERENT_BULK_SQUEEZE_H
#define REFERENT_BULK_SQUEEZE_H

#include "buffer.h"
#include "error.h"
#include "huffman.h"
#include "span.h"

#include <stdbool.h>

enum {
    SQUEEZE_MIN_BYTES = 18,
    SQUEEZE_LEVEL_MAX = 12,
    SQUEEZE_CODE = 13 /* no level: one Huffman code for all term lists, one for all data */
};

/* Each has a code of its own. */
enum squeeze_kind { SQUEEZE_TERMS, SQUEEZE_DATA, SQUEEZE_KINDS };

/* Raw deflate of `tag` into `out`; the size, or 0 if it takes more than `room`. */
typedef size_t (*deflate_call)(void *self, const char *tag, size_t size, char *out, size_t room);

struct squeeze {
    deflate_call deflate; /* NULL: nothing is made smaller */
    void *self;
    void *own; /* libdeflate's, if it is ours */
    bool coded;
    struct huffman codes[SQUEEZE_KINDS];
    struct buffer out;
};

/* level 0: none, 1..12: libdeflate's, SQUEEZE_CODE. With `deflate`, that is called instead. False without memory. */
NODISCARD bool squeeze_init(struct squeeze *squeeze, int level, deflate_call deflate, void *self);
void squeeze_done(struct squeeze *squeeze);
/* As before the first tag: the same tags then give the same bytes. */
void squeeze_clear(struct squeeze *squeeze);
/* *tag becomes the smaller one, borrowed until the next call, and *compressed true; or both stay.
 * Faults: FAULT_REOPEN bulk.memory. */
NODISCARD enum fault squeeze_tag(struct squeeze *squeeze, enum squeeze_kind kind, struct span *tag, bool *compressed,
                                 struct error *err);

#endif
