/* Document data: lines of name=value, as Omega and scriptindex write them, and the body that the meeting's document
 * carries in its last line. Read here by whoever shows hits, gives a document back or rebuilds a shard. */
#ifndef REFERENT_RECORD_H
#define REFERENT_RECORD_H

#include "arena.h"
#include "error.h"
#include "pack.h"
#include "schema.h"

#include <stdint.h>

struct pair {
    struct span key;
    struct span value;
};

/* A document as it was fed, less its body: what term_build needs beside the minutes, and what record_source gives back.
 * Spans are borrowed. */
struct source {
    struct span id; /* 1..DOCUMENT_ID_MAX_BYTES, no control characters */
    uint64_t version;
    unsigned char digest[16];
    struct span source;     /* tenant; may be empty */
    struct span url;        /* may be empty */
    struct span media_type; /* as fed; may be empty */
    const struct pair *metadata;
    size_t metadata_count;
};

/* The value of the first line called `field`; borrowed from data; at is NULL if there is none. */
struct span data_field(struct span data, enum schema_field field);
/* The next one called `field` from *offset (0 at first) on; moves *offset behind it. False when there is none. */
bool data_field_next(struct span data, enum schema_field field, size_t *offset, struct span *value);

/* A growing run of name=value lines. */
struct data_writer {
    struct arena *arena;
    char *at;
    size_t size, capacity;
    bool full; /* the arena is; nothing more is written */
};
/* One line; line breaks and NUL in value become spaces. */
void data_line(struct data_writer *writer, enum schema_field field, struct span value);
/* One meta line; nothing is lost. */
void data_meta(struct data_writer *writer, struct pair pair);
/* The last line: body=... (from body_pack). */
void data_body(struct data_writer *writer, struct span packed);

/* The document as it was fed, from the data of the meeting's document; its digest stands in SLOT_DIGEST and is left
 * zero. Spans are borrowed from data or live in the arena.
 * Faults  FAULT_REJECT record.damaged if id or version are missing or no number; arena.bound. */
NODISCARD enum fault record_source(struct arena *arena, struct span data, struct source *out, struct error *err);
/* Where an item stands in a body of `size` bytes: start= and end= of its data. False if it is not inside. */
bool record_place(struct span item_data, size_t size, size_t *start, size_t *end);
/* Put a closed item's part (data of its document) back into the meeting's body, which body_unpack gave, and its veils:
 * for a rebuild that sees the closed database as well. Part and place must agree with start= and end=.
 * Faults  as body_unpack; FAULT_REJECT record.damaged if it does not fit. */
NODISCARD enum fault record_restore(struct arena *arena, struct span item_data, char *body, size_t size,
                                    struct error *err);

#endif
