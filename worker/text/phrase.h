/* A set of phrases, found in a text whatever stands between their words: letter case, line breaks and marks make no
 * difference. Serves to keep closed items out of the open documents; see hidden.h. */
#ifndef REFERENT_PHRASE_H
#define REFERENT_PHRASE_H

#include "arena.h"
#include "span.h"
#include "token.h"

#include <stdint.h>

struct phrase_set;

/* An empty set in the arena; NULL when it is full. */
struct phrase_set *phrase_new(struct arena *arena);
/* Add one; *id is its number, the same for the same words; PHRASE_NONE if it has no word. Only its first
 * PHRASE_MAX_WORDS words count. False when the arena is full. */
enum { PHRASE_MAX_WORDS = 64 };
enum { PHRASE_NONE = 0 };
NODISCARD bool phrase_add(struct phrase_set *set, struct span phrase, uint32_t *id);
/* Every number is below this. */
size_t phrase_limit(const struct phrase_set *set);

/* What stands in the text at a word. */
struct phrase_match {
    uint32_t id;       /* the longest phrase that begins here, PHRASE_NONE if none */
    size_t start, end; /* its bytes */
    size_t words;      /* how many words agree with some phrase, as far as text and phrases go together */
    size_t words_end;  /* byte behind the last of those */
};
/* A scan in the caller's storage; set and text must live as long. Time is linear: at most PHRASE_MAX_WORDS a word. */
struct phrase_scan {
    const struct phrase_set *set;
    struct token_scan tokens;
    struct phrase_word {
        uint64_t hash;
        size_t start, end;
    } window[PHRASE_MAX_WORDS]; /* a ring of the words ahead */
    size_t first, ahead;
};
void phrase_begin(struct phrase_scan *scan, const struct phrase_set *set, struct span text);
/* The next word where at least that word agrees; matches may overlap. False at the end. */
bool phrase_next(struct phrase_scan *scan, struct phrase_match *match);

#endif
