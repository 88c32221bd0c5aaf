/* What is named in an item or a meeting -> terms and facets of its document. A part of term.c. */
#ifndef REFERENT_MENTION_H
#define REFERENT_MENTION_H

#include "dictionary.h"
#include "error.h"
#include "familiar.h"
#include "minutes.h"

/* Values of one facet, joined by FACET_SEPARATOR, as far as FACET_MAX_BYTES. */
struct facet {
    char at[FACET_MAX_BYTES];
    size_t size;
};

/* Everything that is gathered while the terms of one document go into the dictionary. */
struct mention {
    struct arena *arena;
    struct dictionary *dictionary;
    struct familiars familiars; /* of the record */
    struct facet member, party, kle;
    bool has_amount;
    int64_t largest_ore;
    struct error *err;
};

/* Before each document. */
void mention_begin(struct mention *mention);
/* Terms under the given prefix; nothing for an empty value. Each passes on FAULT_REJECT arena.bound. */
NODISCARD enum fault mention_value(struct mention *mention, enum schema_prefix prefix, struct span value);
NODISCARD enum fault mention_person(struct mention *mention, struct span name, struct span party, bool official);
/* Somebody who is there without being named in the text at hand (roster, votes): nothing more if named already. */
NODISCARD enum fault mention_roster(struct mention *mention, struct span name, struct span party);
NODISCARD enum fault mention_party(struct mention *mention, struct span party);
NODISCARD enum fault mention_kle(struct mention *mention, struct span number);
/* *form is the normal form of a case number as it stands in the text, which keeps more than its value. */
NODISCARD enum fault mention_case(struct mention *mention, struct span surface, struct span value, struct span *form);
/* Whatever the entity is; body is what its offsets point into. */
NODISCARD enum fault mention_entity(struct mention *mention, struct span body, const struct entity *entity);

#endif
