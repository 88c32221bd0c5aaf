/* The Danish dictionary (Debian's hunspell-da), behind the interface that text/ asks for.
 *
 * One for the process, some 40 MB, read-only once it is loaded. What it knows is what Hunspell accepts without its
 * rules for prefixes and compounds: tests/shim/test_speller.c holds the two against each other. */
#ifndef REFERENT_SPELLER_H
#define REFERENT_SPELLER_H

#include "error.h"
#include "wordbook.h"

struct speller;

/* Load da_DK. Faults: FAULT_STOP dictionary.missing, dictionary.damaged, memory. */
NODISCARD enum fault speller_open(struct speller **out, struct error *err);
/* Free it and set *speller to NULL; NULL and *speller NULL are fine. */
void speller_close(struct speller **speller);

/* Safe on several threads at once, as long as the speller lives. */
struct wordbook speller_wordbook(struct speller *speller);

#endif
