/* The suffix rules of a Hunspell affix file, and the words they make.
 *
 * What Hunspell answers about one word at a time by taking suffixes off, at microseconds a question, is turned round:
 * every listed word with every suffix, and every suffix behind that, once at the start. Prefix rules and rules for
 * compounds are left out: compounds are ours to cut.
 * Source  hunspell(5): SFX, FLAG num, NEEDAFFIX, ONLYINCOMPOUND, FORBIDDENWORD, two levels of suffixes. */
#ifndef REFERENT_AFFIX_H
#define REFERENT_AFFIX_H

#include "arena.h"
#include "error.h"
#include "span.h"

#include <stdint.h>

enum { AFFIX_FLAGS_MAX = 24, AFFIX_WORD_MAX = 128 };

struct affix_table;

/* Flags of a word or of a suffix, as numbers. */
struct affix_flags {
    uint16_t flags[AFFIX_FLAGS_MAX];
    size_t count;
};

/* Read the rules from `path`; the table lives in the arena.
 * Faults  FAULT_STOP dictionary.missing, dictionary.damaged: flags that are no numbers; memory. */
NODISCARD enum fault affix_read(struct arena *arena, const char *path, struct affix_table **out, struct error *err);

/* "10,11,39" -> flags; false if it is no list of numbers below 65536. Flags beyond AFFIX_FLAGS_MAX are an error too. */
bool affix_flags_read(struct span list, struct affix_flags *out);

/* Call `found` for the word itself and every word made of it, unless a flag forbids that it stands alone. */
void affix_expand(const struct affix_table *table, struct span word, const struct affix_flags *flags,
                  void (*found)(void *self, struct span word), void *self);
/* The word must never be known (FORBIDDENWORD). */
bool affix_forbids(const struct affix_table *table, const struct affix_flags *flags);

#endif
