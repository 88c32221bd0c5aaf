/* What was named in a record before: a member of the committee is named again in each item, with a party, and so are
 * case numbers. Each is folded, made a term and looked up by its bytes once. A part of mention.c. */
#ifndef REFERENT_FAMILIAR_H
#define REFERENT_FAMILIAR_H

#include "arena.h"
#include "dictionary.h"
#include "schema.h"

/* A value as the text has it, under one prefix, and what was found out about it so far. */
struct familiar {
    struct span value; /* borrowed */
    uint64_t hash;
    enum schema_prefix prefix;
    uint32_t term;                 /* of its normal form, by dictionary_number; 0: not asked for yet */
    struct span normal;            /* at is NULL: not asked for yet */
    struct dictionary_words words; /* of a name, or all terms of a KLE number; none: not asked for yet */
};

/* Zero is an empty one. */
struct familiars {
    struct familiar **slots;
    size_t mask, count;
};

/* The one of this value, which must stay where it is; an empty one at first. NULL when the arena is full. */
struct familiar *familiar_of(struct familiars *familiars, struct arena *arena, enum schema_prefix prefix,
                             struct span value);

#endif
