/* Words of the query that stand free and in a row, for understand*.c. */
#ifndef REFERENT_RUN_H
#define REFERENT_RUN_H

#include "filter.h"
#include "understand.h"

enum { RUN_WORDS_MAX = 48 };

struct run {
    struct asking *asking;
    struct span query;
    struct run_word {
        size_t start, end;  /* bytes of the query */
        struct span folded; /* as normal_fold has it */
        bool claimed;       /* a meaning has it */
    } words[RUN_WORDS_MAX];
    size_t count;
    struct understanding *out;
};

/* The bytes of words first..end-1 with what stands between them. */
static inline struct span run_text(const struct run *run, size_t first, size_t end)
{
    return span_cut(run->query, run->words[first].start, run->words[end - 1].end);
}

static inline bool run_is(const struct run *run, size_t word, const char *folded)
{
    return word < run->count && span_equal(run->words[word].folded, span_of(folded));
}

/* Is it one of the words of the list, which ends with NULL? */
static inline bool run_is_any(const struct run *run, size_t word, const char *const *folded)
{
    while (*folded != NULL && !run_is(run, word, *folded))
        folded++;
    return *folded != NULL;
}

/* No word of first..end-1 has a meaning yet, and all are there. */
static inline bool run_is_free(const struct run *run, size_t first, size_t end)
{
    bool is_free = first < end && end <= run->count;
    for (size_t i = first; i < end && is_free; i++)
        is_free = !run->words[i].claimed;
    return is_free;
}

/* Words first..end-1 mean this. What matches was built in `tree`; it is taken off it. */
NODISCARD enum fault run_claim(struct run *run, size_t first, size_t end, struct meaning meaning, struct tree *tree);

/* The parts of understanding, in this order; each leaves alone what is claimed. Faults: those of the shim;
 * arena.bound. */
NODISCARD enum fault understand_amounts(struct run *run);
NODISCARD enum fault understand_dates(struct run *run);
NODISCARD enum fault understand_cases(struct run *run);
NODISCARD enum fault understand_entities(struct run *run);
NODISCARD enum fault understand_names(struct run *run);

#endif
