/* resolve: typed name -> live member. On a search thread. */
#include "resolve.h"

#include "filter.h"
#include "normal.h"
#include "schema.h"
#include "spelling.h"

#include <limits.h>
#include <stdint.h>

enum {
    WORDS_MAX = 8,
    LETTER_COST = 8, /* a letter that differs weighs more than any number of words that were not typed */
    WHOLE_MAX = 3    /* letters that may differ in all */
};

/* ---- letters */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned letters_apart(struct span a, struct span b, unsigned limit)
{
    unsigned distance = spelling_distance(a, b, limit);
    return distance <= limit ? distance : UINT_MAX;
}

/* ---- words */

struct words {
    struct span at[WORDS_MAX];
    size_t count;
    bool all; /* of the name */
};

static struct words words_of(struct span name)
{
    struct words words = {.count = 0};
    while (name.size > 0 && words.count < WORDS_MAX) {
        const char *space = memchr(name.at, ' ', name.size);
        size_t size = space ? (size_t)(space - name.at) : name.size;
        words.at[words.count++] = span_cut(name, 0, size);
        name = span_cut(name, space ? size + 1 : size, name.size);
    }
    words.all = name.size == 0;
    return words;
}

static unsigned word_distance(struct span typed, struct span word)
{
    if (span_equal(typed, word))
        return 0;
    if (typed.size == 1 && word.size > 0 && typed.at[0] == word.at[0])
        return 1; /* an initial */
    return letters_apart(typed, word, spelling_tolerance(typed));
}

/* Each typed word is one of the name's, in their order; the letters that differ, UINT_MAX if that cannot be. */
static unsigned words_distance(const struct words *typed, const struct words *name)
{
    unsigned best[WORDS_MAX + 1] = {0}; /* [n]: the words typed so far are among the first n of the name */
    if (!typed->all || typed->count > name->count)
        return UINT_MAX;
    for (size_t t = 0; t < typed->count; t++) {
        unsigned before = best[0]; /* best[n] of the words before this one */
        best[0] = UINT_MAX;
        for (size_t n = 0; n < name->count; n++) {
            unsigned here = before == UINT_MAX ? UINT_MAX : word_distance(typed->at[t], name->at[n]);
            unsigned reached = here == UINT_MAX ? UINT_MAX : before + here;
            before = best[n + 1];
            best[n + 1] = least(reached, best[n]);
        }
    }
    return best[name->count];
}

static struct span together(struct span name, char out[RESOLVE_NAME_MAX_BYTES])
{
    size_t size = 0;
    for (size_t i = 0; i < name.size && size < RESOLVE_NAME_MAX_BYTES; i++)
        if (name.at[i] != ' ')
            out[size++] = name.at[i];
    return (struct span){out, size};
}

unsigned resolve_distance(struct span typed, struct span name)
{
    char typed_room[RESOLVE_NAME_MAX_BYTES], name_room[RESOLVE_NAME_MAX_BYTES];
    if (span_equal(typed, name))
        return 0;
    struct words typed_words = words_of(typed), name_words = words_of(name);
    struct span typed_whole = together(typed, typed_room), name_whole = together(name, name_room);
    unsigned by_words = words_distance(&typed_words, &name_words);
    unsigned whole = letters_apart(typed_whole, name_whole, least(WHOLE_MAX, (unsigned)typed_whole.size / 4));
    unsigned left_out = (unsigned)(name_words.count - least((unsigned)typed_words.count, (unsigned)name_words.count));
    unsigned distance = by_words == UINT_MAX ? UINT_MAX : by_words * LETTER_COST + 1 + left_out;
    return whole == UINT_MAX ? distance : least(distance, whole * LETTER_COST + 1);
}

/* ---- all members */

struct candidate {
    char bytes[TERM_MAX_BYTES];
    size_t size;
    unsigned distance;
    uint64_t documents;
};

struct candidates {
    struct span typed; /* folded */
    struct candidate best[RESOLVE_OTHERS_MAX + 1];
    size_t count;
};

static bool nearer(unsigned distance, uint64_t documents, const struct candidate *than)
{
    return distance != than->distance ? distance < than->distance : documents > than->documents;
}

static void candidate_keep(struct candidates *all, struct span name, unsigned distance, uint64_t documents)
{
    size_t place = all->count;
    while (place > 0 && nearer(distance, documents, &all->best[place - 1]))
        place--;
    if (place > RESOLVE_OTHERS_MAX || name.size > TERM_MAX_BYTES)
        return;
    size_t moved = (all->count <= RESOLVE_OTHERS_MAX ? all->count++ : RESOLVE_OTHERS_MAX) - place;
    memmove(&all->best[place + 1], &all->best[place], moved * sizeof *all->best);
    struct candidate *candidate = &all->best[place];
    memcpy(candidate->bytes, name.at, name.size);
    candidate->size = name.size;
    candidate->distance = distance;
    candidate->documents = documents;
}

/* No limit allows more: each letter that differs takes away one. */
static int letters_limit(struct span typed)
{
    struct words words = words_of(typed);
    int most = 0;
    for (size_t i = 0; i < words.count; i++)
        most += (int)spelling_tolerance(words.at[i]);
    return most > WHOLE_MAX ? most : WHOLE_MAX;
}

static bool candidate_visit(void *self, struct span name, uint64_t documents)
{
    struct candidates *all = self;
    unsigned distance = resolve_distance(all->typed, name);
    if (distance != UINT_MAX)
        candidate_keep(all, name, distance, documents);
    return true;
}

/* Those that are still there: the names are of a moment ago. */
static enum fault candidates_give(struct arena *arena, struct database *database, const struct candidates *all,
                                  struct resolution *out, struct error *err)
{
    struct span prefix = schema_prefix(PREFIX_MEMBER);
    for (size_t i = 0; i < all->count; i++) {
        uint64_t documents;
        struct text term = arena_format(arena, "%s%.*s", prefix.at, (int)all->best[i].size, all->best[i].bytes);
        if (term.at == NULL)
            return arena_full(err);
        TRY(database_frequency(database, (struct span){term.at, term.size}, &documents, err));
        if (documents > 0)
            *(out->term.size == 0 ? &out->term : &out->others[out->other_count++]) = (struct span){term.at, term.size};
    }
    return FAULT_NONE;
}

enum fault resolve_member(struct arena *arena, struct view *view, struct span typed, struct resolution *out,
                          struct error *err)
{
    struct term_list terms;
    uint64_t documents;
    *out = (struct resolution){0};
    if (typed.size > RESOLVE_NAME_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "filter.value", "a name has at most %d bytes", RESOLVE_NAME_MAX_BYTES);
    TRY(filter_terms(arena, FILTER_MEMBER, typed, &terms, err));
    TRY(database_frequency(view_database(view), terms.terms[0], &documents, err));
    if (documents > 0) {
        out->term = terms.terms[0];
        out->exact = true;
        return FAULT_NONE;
    }
    struct candidates *all = arena_zero(arena, 1, sizeof *all);
    if (all == NULL)
        return arena_full(err);
    all->typed = normal_fold(arena, typed);
    if (all->typed.at == NULL)
        return arena_full(err);
    TRY(names_visit(view_names(view), view_database(view), PREFIX_MEMBER, names_letters(all->typed),
                    letters_limit(all->typed), candidate_visit, all, err));
    return candidates_give(arena, view_database(view), all, out, err);
}
