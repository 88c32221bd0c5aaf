/* Values of fields and filters -> terms that the index has. A value that no document has, such as a part of a name or a
 * misspelt one, stands for the live values that it is closest to. */
#ifndef REFERENT_FIELD_H
#define REFERENT_FIELD_H

#include "filter.h"
#include "live.h"
#include "syntax.h"
#include "tree.h"

/* Terms of one value as typed, at least one. *mended: the value in the index that was taken instead, for people; at is
 * NULL if the typed value itself was taken or several were. Faults: FAULT_REJECT filter.value; those of the shim. */
NODISCARD enum fault field_terms(struct asking *asking, enum filter filter, struct span typed, struct term_list *out,
                                 struct span *mended);

/* A field of the query as a filter, which weighs nothing. Faults: FAULT_REJECT filter.value, filter.date,
 * filter.amount; those of the shim; arena.bound. */
NODISCARD enum fault field_compose(struct asking *asking, struct tree *tree, enum syntax_field field,
                                   struct span typed);

/* Ranges as filters: of the meeting's day, of a day that is mentioned, of an amount that is. */
struct day_range;
struct amount_range;
NODISCARD enum fault field_days(struct tree *tree, const struct day_range *days);
NODISCARD enum fault field_mentions(struct tree *tree, const struct day_range *days);
NODISCARD enum fault field_amounts(struct tree *tree, const struct amount_range *amounts);

#endif
