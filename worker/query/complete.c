/* complete: a prefix, as one types. On a search thread. */
#include "complete.h"

#include "coverage.h"
#include "history.h"
#include "normal.h"
#include "posting.h"
#include "printed.h"

enum {
    LIMIT_DEFAULT_COMPLETIONS = 10,
    LIMIT_MAX_COMPLETIONS = 100,
    PREFIX_MAX_BYTES = 200,
    CASES_VISITED_MAX = 20000 /* a digit or two stand for any case: they need no count of all */
};

static const struct kind {
    const char *name;
    enum schema_prefix prefix;
} kinds[] = {{"member", PREFIX_MEMBER},
             {"case", PREFIX_CASE},
             {"committee", PREFIX_COMMITTEE},
             {"municipality", PREFIX_MUNICIPALITY}};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct candidate {
    const struct kind *kind;
    char term[TERM_MAX_BYTES];
    size_t size;
    bool later; /* the words typed begin a later word, not the first */
    uint64_t documents;
};

struct candidates {
    const struct kind *kind; /* that is being visited */
    struct span typed;       /* folded, or a normalised case number */
    size_t visited;
    struct candidate *best; /* limit + 1 of them */
    size_t count, limit;
};

/* ---- does it begin so */

static struct span word_next(struct span *rest)
{
    const char *space = rest->size > 0 ? memchr(rest->at, ' ', rest->size) : NULL;
    size_t size = space ? (size_t)(space - rest->at) : rest->size;
    struct span word = span_cut(*rest, 0, size);
    *rest = span_cut(*rest, space ? size + 1 : size, rest->size);
    return word;
}

/* Each typed word begins a word of the value, in their order. */
static bool words_begin(struct span typed, struct span value, bool *later)
{
    bool first = true;
    *later = false;
    while (typed.size > 0) {
        struct span wanted = word_next(&typed);
        bool found = false;
        while (value.size > 0 && !found) {
            found = span_starts(word_next(&value), wanted);
            *later = *later || (first && !found);
            first = false;
        }
        if (!found)
            return false;
    }
    return true;
}

/* ---- the best so far */

static bool better(const struct candidate *a, const struct candidate *b)
{
    if (a->later != b->later)
        return b->later;
    return a->documents > b->documents;
}

/* Equal ones stay in the order of their terms. */
static void candidate_keep(struct candidates *all, struct span prefix, struct span value, bool later,
                           uint64_t documents)
{
    size_t size = prefix.size + value.size;
    struct candidate made = {.kind = all->kind, .size = size, .later = later, .documents = documents};
    size_t place = all->count;
    while (place > 0 && better(&made, &all->best[place - 1]))
        place--;
    if (place >= all->limit || size > TERM_MAX_BYTES)
        return;
    if (prefix.size > 0)
        memcpy(made.term, prefix.at, prefix.size);
    memcpy(made.term + prefix.size, value.at, value.size);
    size_t last = all->count < all->limit ? all->count++ : all->limit - 1;
    memmove(&all->best[place + 1], &all->best[place], (last - place) * sizeof *all->best);
    all->best[place] = made;
}

static bool name_visit(void *self, struct span name, uint64_t documents)
{
    struct candidates *all = self;
    bool later;
    if (words_begin(all->typed, name, &later))
        candidate_keep(all, schema_prefix(all->kind->prefix), name, later, documents);
    return true;
}

static bool case_visit(void *self, struct span term, uint64_t documents)
{
    struct candidates *all = self;
    candidate_keep(all, (struct span){"", 0}, term, false, documents);
    return ++all->visited < CASES_VISITED_MAX;
}

/* ---- the kinds */

/* "19/" is more than "19": no number that goes on with a digit is meant. */
static enum fault case_prefix(struct arena *arena, struct span typed, struct span *out, struct error *err)
{
    struct span form = normal_case(arena, typed);
    char end = typed.at[typed.size - 1];
    bool separated = form.size > 0 && (end == '/' || end == '-' || end == '.' || end == ' ');
    struct text whole =
        arena_format(arena, "%s%.*s%s", schema_prefix(PREFIX_CASE).at, (int)form.size, form.at, separated ? "-" : "");
    *out = (struct span){whole.at, whole.size};
    return form.at && whole.at ? FAULT_NONE : arena_full(err);
}

static enum fault kind_visit(struct arena *arena, struct view *view, struct span typed, struct candidates *all,
                             struct error *err)
{
    struct span prefix = schema_prefix(all->kind->prefix), whole;
    if (all->kind->prefix != PREFIX_CASE)
        return all->typed.size == 0 ? FAULT_NONE /* nothing but marks was typed */
                                    : names_visit(view_names(view), view_database(view), all->kind->prefix,
                                                  names_letters(all->typed), 0, name_visit, all, err);
    TRY(case_prefix(arena, typed, &whole, err));
    return whole.size == prefix.size ? FAULT_NONE : database_visit(view_database(view), whole, case_visit, all, err);
}

static bool is_wanted(const Referent__V1__CompleteRequest *request, const char *kind)
{
    bool wanted = request->n_kinds == 0;
    for (size_t i = 0; i < request->n_kinds; i++)
        wanted = wanted || strcmp(request->kinds[i], kind) == 0;
    return wanted;
}

static enum fault request_check(const Referent__V1__CompleteRequest *request, struct error *err)
{
    size_t size = strlen(request->prefix);
    if (size == 0 || size > PREFIX_MAX_BYTES)
        return error_set(err, FAULT_REJECT, "filter.value", "a prefix has 1 to %d bytes", PREFIX_MAX_BYTES);
    if (request->limit > LIMIT_MAX_COMPLETIONS)
        return error_set(err, FAULT_REJECT, "query.limit", "%d completions at most", LIMIT_MAX_COMPLETIONS);
    for (size_t i = 0; i < request->n_kinds; i++) {
        bool known = false;
        for (size_t n = 0; n < KINDS; n++)
            known = known || strcmp(request->kinds[i], kinds[n].name) == 0;
        if (!known)
            return error_set(err, FAULT_REJECT, "complete.kind",
                             "'%.40s' cannot be completed; use member, case, committee or municipality",
                             request->kinds[i]);
    }
    return FAULT_NONE;
}

static enum fault completions_fill(struct arena *arena, struct view *view, const struct candidates *all,
                                   Referent__V1__CompleteReply *reply, struct error *err)
{
    Referent__V1__Completion *list = arena_zero(arena, all->count + 1, sizeof *list);
    reply->completions = arena_zero(arena, all->count + 1, sizeof *reply->completions);
    if (list == NULL || reply->completions == NULL)
        return arena_full(err);
    for (size_t i = 0; i < all->count; i++) {
        const struct candidate *from = &all->best[i];
        struct span printed, term = {from->term, from->size};
        Referent__V1__Completion *one = &list[reply->n_completions];
        uint64_t documents;
        TRY(database_frequency(view_database(view), term, &documents, err));
        if (documents == 0) /* names are of a moment ago: this one is gone */
            continue;
        TRY(printed_value(arena, view, from->kind->prefix, term, &printed, err));
        referent__v1__completion__init(one);
        one->kind = (char *)from->kind->name;
        one->documents = documents;
        TRY(history_string(arena, printed, &one->value, err));
        reply->completions[reply->n_completions++] = one;
    }
    return FAULT_NONE;
}

enum fault complete_answer(struct arena *arena, struct view *view, const Referent__V1__CompleteRequest *request,
                           Referent__V1__CompleteReply *reply, struct error *err)
{
    struct candidates all = {.limit = request->limit ? request->limit : LIMIT_DEFAULT_COMPLETIONS};
    struct span typed = span_of(request->prefix);
    TRY(request_check(request, err));
    all.typed = normal_fold(arena, typed);
    all.best = arena_zero(arena, all.limit + 1, sizeof *all.best);
    if (all.typed.at == NULL || all.best == NULL)
        return arena_full(err);
    for (size_t i = 0; i < KINDS; i++) {
        all.kind = &kinds[i];
        if (is_wanted(request, kinds[i].name))
            TRY(kind_visit(arena, view, typed, &all, err));
    }
    TRY(completions_fill(arena, view, &all, reply, err));
    return coverage_fill(arena, view, &reply->coverage, err);
}
