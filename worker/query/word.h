/* One word as typed -> everything it may stand as in the index.
 *
 *   bjoerneklo   also bjørneklo; bjorneklo as well, if there is no such word but bjørneklo
 *   budgetter    its stem, and the stem of budget
 *   skoler       skole; and compounds with it: folkeskole, skolebestyrelse (less)
 *   skolebus     also what has both skole and bus (less)
 *   fleksjop     fleksjob, if no word of the index is any of the above (less) */
#ifndef REFERENT_WORD_H
#define REFERENT_WORD_H

#include "live.h"
#include "mark.h"
#include "tree.h"

enum { WORD_STEMS_MAX = 16, WORD_NEAR_MAX = 3, WORD_PART_STEMS_MAX = 4 };

struct word_part {
    struct span stems[WORD_PART_STEMS_MAX];
    size_t count;
};

struct word {
    struct span typed;
    struct span stems[WORD_STEMS_MAX]; /* the first is the word's own, the others are spelt otherwise */
    size_t stem_count;
    struct span forms[WORD_STEMS_MAX]; /* stems of dictionary forms */
    size_t form_count;
    struct word_part parts[COMPOUND_PARTS_MAX];
    size_t part_count;
    struct span near[WORD_NEAR_MAX]; /* stems that are close, nearest and most frequent first */
    size_t near_count;
    bool live; /* some document has it, without near ones */
};

/* How much the ways to match weigh, beside the word itself with 1. */
struct word_weights {
    double title; /* on top, if the title has it */
    double part;  /* a compound has it */
    double split; /* all its parts are there */
    double near;  /* mended */
};

/* typed is one token in lower case. With `mend` a word that is nowhere looks for its neighbours.
 * Faults of both: those of the shim, FAULT_REJECT query.words, arena.bound. */
NODISCARD enum fault word_read(struct asking *asking, struct span typed, bool mend, struct word *out);
/* The word as one query, and its marks. */
NODISCARD enum fault word_compose(struct tree *tree, const struct word *word, const struct word_weights *weights,
                                  struct mark_list *marks);

#endif
