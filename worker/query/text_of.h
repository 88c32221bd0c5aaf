/* The text of a hit, from the body that its meeting's document carries. */
#ifndef REFERENT_TEXT_OF_H
#define REFERENT_TEXT_OF_H

#include "arena.h"
#include "error.h"
#include "pack.h"
#include "xapian_shim.h"

/* The meeting that was looked at last, and what was unpacked of it: hits of one meeting often follow each other. */
struct text_source {
    struct arena *arena;
    struct database *database;
    struct body_unpacker *unpacker;
    struct span id;     /* of the meeting */
    struct span packed; /* its body */
    struct body_part body;
    size_t unpacked; /* bytes so far; beyond TEXT_OF_BUDGET_BYTES a hit shows its sample */
};

/* The text of the document with these data, which is number `docid` of its part (0: not known; finding its meeting
 * takes longer then): marks of Markdown and runs of white space are one space each; at most TEXT_OF_MAX_BYTES. Empty if
 * there is none. Faults: those of the shim and of body_unpack_part; arena.bound. */
enum { TEXT_OF_MAX_BYTES = 256 * 1024, TEXT_OF_BUDGET_BYTES = 128 * 1024 * 1024 };
NODISCARD enum fault text_of(struct text_source *source, size_t part, uint32_t docid, struct span data,
                             struct span *text, struct error *err);

#endif
