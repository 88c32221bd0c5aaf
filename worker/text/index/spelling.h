/* Ways to spell one Danish word: å or aa, ø or oe, æ or ae, x or ks, and what a foreign keyboard leaves. Pure. */
#ifndef REFERENT_SPELLING_H
#define REFERENT_SPELLING_H

#include "arena.h"

enum { SPELLING_MAX = 16, SPELLING_BARE_MAX = 32 };

struct spelling_list {
    struct span words[SPELLING_BARE_MAX];
    size_t count;
};

/* The word itself, and every choice between letter and digraph for those of å, ø, æ that it has in either form
 * ("aagade": ågade; "østergård": oestergård, østergaard, oestergaard); ä and ö are æ and ø; x is ks. At most
 * SPELLING_MAX, none above 64 bytes. The word is in lower case. False when the arena is full. */
NODISCARD bool spelling_variants(struct arena *arena, struct span word, struct spelling_list *out);
/* What somebody without Danish keys may have meant: each o as ø, a as å or æ, e as æ; one or two letters changed
 * ("bjorneklo": bjørneklo). Without the word itself. At most SPELLING_BARE_MAX. False when the arena is full. */
NODISCARD bool spelling_bare(struct arena *arena, struct span word, struct spelling_list *out);

/* Edits between two words: letters put in, left out, changed, or two neighbours swapped; `most` + 1 if there are more
 * than `most` (at most 3). Words above 64 letters are that far from everything.
 * Source  optimal string alignment: F. Damerau, CACM 7 (1964); the band: E. Ukkonen, Information and Control 64. */
unsigned spelling_distance(struct span a, struct span b, unsigned most);
/* How many edits a word of so many bytes may have: none below 4, one below 8, then two. */
unsigned spelling_tolerance(struct span word);

#endif
