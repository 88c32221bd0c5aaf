/* understand_name: members, committees and municipalities that the index knows. On a search thread. */
#include "near.h"
#include "normal.h"
#include "run.h"
#include "token.h"

static const double WEIGHT_MEMBER = 6, WEIGHT_COMMITTEE = 1.5, WEIGHT_MUNICIPALITY = 1.5;

/* A kind of name: how many words it may have, and what it is worth. */
struct name_kind {
    const char *kind;
    enum filter filter;
    size_t least, most;
    double weight;
};

static enum fault claim(struct run *run, size_t first, size_t end, const struct name_kind *kind,
                        const struct term_list *terms, struct span value)
{
    struct tree tree = {.arena = run->asking->arena, .err = run->asking->err};
    TRY(tree_any(&tree, terms));
    return run_claim(run, first, end, (struct meaning){.kind = kind->kind, .value = value, .weight = kind->weight},
                     &tree);
}

/* There are few committees and municipalities, and any word of a query may be one: most are told without the index. */
static enum fault is_live(struct asking *asking, const struct name_kind *kind, struct span term, bool *live)
{
    enum schema_prefix prefix = filter_prefix(kind->filter);
    uint64_t documents;
    if (kind->filter != FILTER_MEMBER) {
        struct span name = span_cut(term, schema_prefix(prefix).size, term.size);
        TRY(names_has(asking->names, asking->database, prefix, name, live, asking->err));
        if (!*live)
            return FAULT_NONE;
    }
    TRY(live_count(asking, term, &documents));
    *live = documents > 0;
    return FAULT_NONE;
}

static enum fault exact_claim(struct run *run, size_t first, size_t end, const struct name_kind *kind)
{
    struct term_list terms;
    struct error ignored;
    struct span text = run_text(run, first, end);
    bool live = false;
    if (filter_terms(run->asking->arena, kind->filter, text, &terms, &ignored) != FAULT_NONE)
        return FAULT_NONE;
    for (size_t i = 0; i < terms.count && !live; i++)
        TRY(is_live(run->asking, kind, terms.terms[i], &live));
    return live ? claim(run, first, end, kind, &terms, normal_fold(run->asking->arena, text)) : FAULT_NONE;
}

static enum fault exact_names(struct run *run, const struct name_kind *kind)
{
    enum { LOOKED_AT = 16 };
    for (size_t first = 0; first < run->count && first < LOOKED_AT; first++)
        for (size_t words = kind->most; words >= kind->least; words--)
            if (run_is_free(run, first, first + words))
                TRY(exact_claim(run, first, first + words, kind));
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- misspelt members */

static bool is_capital(struct span word)
{
    unsigned char first = (unsigned char)word.at[0], second = word.size > 1 ? (unsigned char)word.at[1] : 0;
    return (first >= 'A' && first <= 'Z') || (first == 0xC3 && second >= 0x80 && second <= 0x9E);
}

/* Could these words be a name with a slip: letters alone, and all with capitals or one of them in no text? */
static enum fault may_be_name(struct run *run, size_t first, size_t end, bool *may)
{
    bool capitals = true, unknown = false;
    *may = false;
    for (size_t i = first; i < end; i++) {
        struct span folded = run->words[i].folded, typed = run_text(run, i, i + 1);
        struct token_scan scan;
        struct token token;
        uint64_t documents;
        if (folded.size < 3 || folded.at[0] < 'a' || memchr(folded.at, ' ', folded.size) != NULL)
            return FAULT_NONE;
        token_begin(&scan, typed);
        if (!token_next(&scan, &token))
            return FAULT_NONE;
        capitals = capitals && is_capital(typed);
        TRY(live_word(run->asking, PREFIX_TEXT, language_stem(run->asking->language, token.word), &documents));
        unknown = unknown || documents == 0;
    }
    *may = capitals || unknown;
    return FAULT_NONE;
}

static enum fault near_claim(struct run *run, size_t first, size_t end, const struct name_kind *kind)
{
    struct near_names near;
    struct span folded = normal_fold(run->asking->arena, run_text(run, first, end));
    if (folded.at == NULL)
        return arena_full(run->asking->err);
    TRY(near_values(run->asking, filter_prefix(kind->filter), folded, true, &near));
    if (near.count == 0 || near.count > 2)
        return FAULT_NONE;
    struct span terms[2];
    for (size_t i = 0; i < near.count; i++) {
        terms[i] = term_make(run->asking->arena, filter_prefix(kind->filter), near.names[i]);
        if (terms[i].at == NULL)
            return arena_full(run->asking->err);
    }
    return claim(run, first, end, kind, &(struct term_list){terms, near.count}, near.names[0]);
}

static enum fault near_names(struct run *run, const struct name_kind *kind)
{
    size_t tries = 4; /* each looks at all members */
    for (size_t words = 3; words >= 2; words--)
        for (size_t first = 0; first + words <= run->count && tries > 0; first++) {
            bool may = false;
            if (run_is_free(run, first, first + words))
                TRY(may_be_name(run, first, first + words, &may));
            if (!may)
                continue;
            tries--;
            TRY(near_claim(run, first, first + words, kind));
        }
    return FAULT_NONE;
}

enum fault understand_names(struct run *run)
{
    static const struct name_kind member = {"member", FILTER_MEMBER, 2, 4, WEIGHT_MEMBER};
    static const struct name_kind committee = {"committee", FILTER_COMMITTEE, 1, 5, WEIGHT_COMMITTEE};
    static const struct name_kind municipality = {"municipality", FILTER_MUNICIPALITY, 1, 3, WEIGHT_MUNICIPALITY};
    TRY(exact_names(run, &member));
    TRY(exact_names(run, &committee));
    TRY(exact_names(run, &municipality));
    return near_names(run, &member);
}
