/* match: every database window by window -> the best hits and their number. On a search thread. */
#include "match.h"

#include "choose.h"
#include "clock.h"
#include "plan.h"
#include "top.h"

#include <math.h>
#include <stdlib.h>

struct matcher {
    struct store *store;
    struct window window;
};

struct matcher *matcher_new(struct store *store)
{
    struct matcher *matcher = calloc(1, sizeof *matcher);
    if (matcher != NULL)
        matcher->store = store;
    return matcher;
}

void matcher_free(struct matcher **matcher)
{
    if (matcher == NULL || *matcher == NULL)
        return;
    window_done(&(*matcher)->window);
    free(*matcher);
    *matcher = NULL;
}

/* One search over all databases. */
struct run {
    struct plan plan;
    struct window *window;
    struct top top;
    uint64_t enough;        /* matches to be counted before anything is passed over */
    uint64_t matched;       /* counted so far */
    uint64_t sure, sure_of; /* matches while nothing was passed over, of as many at most */
    uint64_t unsure_of;     /* and how many at most there were elsewhere */
    bool passed;
    int64_t deadline_ms; /* 0: none */
};

/* ---------------------------------------------------------------- windows */

static void document_offer(struct run *run, size_t segment, uint32_t n)
{
    uint64_t before = run->window->begin - (uint64_t)1;
    double weight = run->window->root->weights[n];
    if (weight >= top_least(&run->top))
        top_offer(&run->top, weight, (before + n) * run->plan.segment_count + segment + 1);
}

static void window_take_in(struct run *run, size_t segment)
{
    struct only left = run->window->left;
    run->matched += run->window->matches;
    for (uint32_t i = 0; left.n != NULL && i < left.most; i++)
        document_offer(run, segment, left.n[i]);
    for (uint32_t word = 0; left.n == NULL && word < WINDOW_WORDS; word++)
        for (uint64_t bits = left.bits[word]; bits != 0;)
            document_offer(run, segment, word * 64 + bit_take(&bits));
    window_clear(run->window);
}

/* What weighs less than the worst of the best is only counted, and once that is enough, whole windows of it are not
 * looked at. */
static bool is_passed(struct run *run, const struct part *root)
{
    run->window->floor = top_least(&run->top);
    return run->matched > run->enough && root->most < run->window->floor;
}

static void window_look(struct run *run, size_t segment, struct part *root, uint32_t begin)
{
    struct window *window = run->window;
    part_window(root, begin, begin + WINDOW_DOCUMENTS);
    if (!root->here)
        return;
    bool passed = is_passed(run, root);
    window->begin = begin;
    window->most = root->most;
    if (!passed) {
        window_match(window, root);
        window_take_in(run, segment);
    }
    run->passed = run->passed || passed;
    if (run->passed) {
        run->unsure_of += root->likely;
    } else {
        run->sure = run->matched;
        run->sure_of += root->likely;
    }
}

/* When the time is up, only the best are still looked for, and no longer how many there are. */
static void clock_look(struct run *run)
{
    if (run->deadline_ms > 0 && clock_steady_ms() >= run->deadline_ms)
        run->enough = 0, run->deadline_ms = 0;
}

static void segment_look(struct run *run, size_t segment)
{
    struct part *root = run->plan.roots[segment];
    uint32_t docid = root != NULL ? part_next(root, 0) : (uint32_t)PART_NONE;
    while (docid != PART_NONE) {
        clock_look(run);
        uint32_t begin = docid - docid % WINDOW_DOCUMENTS;
        if (begin > UINT32_MAX - 2 * WINDOW_DOCUMENTS)
            return;
        window_look(run, segment, root, begin);
        docid = part_next(root, begin + WINDOW_DOCUMENTS);
    }
}

/* ---------------------------------------------------------------- how many */

/* Two digits, as an estimate should look. */
static uint64_t rounded(uint64_t number)
{
    uint64_t unit = 1;
    while (number / unit >= 100)
        unit *= 10;
    return (number + unit / 2) / unit * unit;
}

/* Where windows were passed over, as many of those that could match do as in those before. */
static uint64_t total_of(const struct run *run, bool *exact)
{
    uint64_t certain = 0, one;
    size_t told = 0;
    *exact = true;
    if (!run->passed)
        return run->matched;
    for (size_t i = 0; i < run->plan.segment_count; i++) {
        one = 0;
        told += run->plan.roots[i] == NULL || part_count(run->plan.roots[i], &one);
        certain += one;
    }
    if (told == run->plan.segment_count)
        return certain;
    *exact = false;
    double share = run->sure_of > 0 ? (double)run->sure / (double)run->sure_of : 1;
    uint64_t guess = rounded(run->sure + (uint64_t)(share * (double)run->unsure_of));
    return guess > run->matched ? guess : run->matched;
}

/* ---------------------------------------------------------------- the search */

static enum fault run_all(struct run *run, struct search_result **out)
{
    const struct search *search = run->plan.search;
    struct error *err = run->plan.err;
    bool exact;
    run->top.most = search->offset + search->limit;
    run->top.hits = arena_alloc(run->plan.arena, run->top.most * sizeof *run->top.hits);
    if (run->top.hits == NULL)
        return arena_full(err);
    run->window->scale = &run->plan.scale;
    run->window->per_length = 1 / run->plan.scale.mean;
    for (size_t segment = 0; segment < run->plan.segment_count; segment++)
        if (run->plan.roots[segment] != NULL && !window_room(run->window, run->plan.roots[segment]))
            return FAULT_NONE;
    for (size_t segment = 0; segment < run->plan.segment_count; segment++)
        segment_look(run, segment);
    uint64_t total = total_of(run, &exact);
    top_sort(&run->top);
    size_t from = search->offset < run->top.count ? search->offset : run->top.count;
    return search_result_new(run->plan.database, run->top.hits + from, run->top.count - from, total, exact, out, err);
}

static bool is_ours(const struct search *search)
{
    return search->facet_count == 0 && !search->order.by_value && search->collapse_slot == UINT32_MAX &&
           search->kinds != NULL && search->limit > 0 && search->k1 > 0;
}

enum fault match_search(struct matcher *matcher, struct arena *arena, struct database *database,
                        const struct search *search, struct search_result **out, struct error *err)
{
    *out = NULL;
    if (!is_ours(search) || store_bound(matcher->store) == 0)
        return FAULT_NONE;
    struct run *run = arena_zero(arena, 1, sizeof *run);
    bool ours;
    if (run == NULL)
        return arena_full(err);
    run->plan.arena = arena;
    run->plan.store = matcher->store;
    run->plan.database = database;
    run->plan.search = search;
    run->plan.err = err;
    run->window = &matcher->window;
    run->enough = search->check_at_least;
    run->deadline_ms = search->timeout_ms > 0 ? clock_steady_ms() + search->timeout_ms : 0;
    enum fault fault = plan_make(&run->plan, &ours);
    if (fault == FAULT_NONE && ours)
        fault = run_all(run, out);
    plan_done(&run->plan);
    return fault;
}
