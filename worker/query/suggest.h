/* "Did you mean": the query with misspelt words mended, and how the index writes them. */
#ifndef REFERENT_SUGGEST_H
#define REFERENT_SUGGEST_H

#include "compose.h"
#include "text_of.h"

/* A word of the texts that has the stem, from a document that has it now; the stem itself if its text does not show
 * one. Faults: those of the shim; arena.bound. */
NODISCARD enum fault suggest_form(struct asking *asking, struct text_source *source, struct span stem,
                                  struct span *form);
/* The query with every lost word that has a neighbour replaced; empty if none has. forms[n] is that of lost word n. */
NODISCARD enum fault suggest_query(struct asking *asking, struct span query, const struct composed *composed,
                                   const struct span *forms, struct span *out);

#endif
