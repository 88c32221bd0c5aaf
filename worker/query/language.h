/* What a search thread needs to read Danish: stemmer and compounds, each with its cache. One per thread. */
#ifndef REFERENT_LANGUAGE_H
#define REFERENT_LANGUAGE_H

#include "compound.h"
#include "error.h"

struct language;

/* The wordbook must live as long. Faults: FAULT_STOP memory; those of the stemmer. */
NODISCARD enum fault language_open(struct wordbook words, struct language **out, struct error *err);
/* Free it and set *language to NULL; NULL and *language NULL are fine. */
void language_close(struct language **language);

/* The stem of a word of 1..64 bytes in lower case; valid until the next call. */
struct span language_stem(struct language *language, struct span word);
/* Its parts and dictionary forms; valid until the next call. */
void language_compound(struct language *language, struct span word, struct compound *out);

#endif
