/* chain: of all lines that look like numbered headings, the chain that is the agenda.
 *
 * Items are numbered through and written in one style; lists inside an item begin again at 1. So the agenda is the
 * chain of one style with ascending numbers whose lines have most to speak for them. A tree of maxima over the numbers
 * finds the best line to follow in logarithmic time. Pure. */
#include "agenda.h"

#include <string.h>

enum { NUMBERS = 4096, SURE = 7 };

/* Maxima over prefixes of the numbers: a Fenwick tree of candidate indexes; as large as the largest number wants it. */
struct tree {
    unsigned count; /* of numbers: 0 .. count - 1 */
    int32_t *best;  /* count + 1 */
    int32_t *exact; /* the same */
};

static unsigned numbers_of(const struct candidate_list *list)
{
    unsigned most = 0;
    for (size_t i = 0; i < list->count; i++) {
        unsigned number = list->items[i].match.number;
        most = number > most && number < NUMBERS ? number : most;
    }
    return most + 1;
}

static void tree_put(struct tree *tree, const struct candidate *items, unsigned number, int32_t index)
{
    int32_t *exact = &tree->exact[number];
    if (*exact < 0 || items[*exact].best <= items[index].best)
        *exact = index;
    for (unsigned at = number + 1; at <= tree->count; at += at & (0u - at))
        if (tree->best[at] < 0 || items[tree->best[at]].best <= items[index].best)
            tree->best[at] = index;
}

/* The best candidate with a number below `number`, or -1. */
static int32_t tree_below(const struct tree *tree, const struct candidate *items, unsigned number)
{
    int32_t best = -1;
    for (unsigned at = number; at > 0; at -= at & (0u - at))
        if (tree->best[at] >= 0 && (best < 0 || items[tree->best[at]].best > items[best].best))
            best = tree->best[at];
    return best;
}

static void chain_step(struct tree *tree, struct candidate *items, int32_t index)
{
    struct candidate *here = &items[index];
    unsigned number = here->match.number;
    float start = number == 1 ? here->score + 1 : here->score;
    here->best = start;
    here->before = -1;
    int32_t straight = number ? tree->exact[number - 1] : -1, below = tree_below(tree, items, number);
    if (straight >= 0 && items[straight].best + here->score + 1 > here->best) {
        here->best = items[straight].best + here->score + 1;
        here->before = straight;
    }
    int32_t same = here->match.lettered ? tree->exact[number] : -1; /* "6a" behind "6" */
    if (same >= 0 && items[same].best + here->score > here->best) {
        here->best = items[same].best + here->score;
        here->before = same;
    }
    if (below >= 0 && items[below].best + here->score - 1.5f > here->best) {
        here->best = items[below].best + here->score - 1.5f;
        here->before = below;
    }
    tree_put(tree, items, number, index);
}

/* "Pkt. 225 blev behandlet efter pkt. 223": an item that was taken out of turn stands between others with a higher and
 * a lower number. So sure a heading, whose number the chain does not have, belongs to the agenda all the same. */
static size_t out_of_turn(const struct candidate_list *list, uint32_t *chain, size_t count, bool *taken, uint32_t *out)
{
    const struct candidate *first = &list->items[chain[0]], *last = &list->items[chain[count - 1]];
    size_t total = 0, next = 0;
    for (size_t i = 0; i < count; i++)
        if (list->items[chain[i]].match.number < NUMBERS)
            taken[list->items[chain[i]].match.number] = true;
    for (size_t i = 0; i < list->count; i++) {
        const struct candidate *here = &list->items[i];
        unsigned number = here->match.number;
        bool chained = next < count && chain[next] == i;
        bool sure = here->match.style == first->match.style && here->score >= SURE && here->line > first->line &&
                    number > first->match.number && number < NUMBERS && number < last->match.number + 20;
        if (!chained && !(sure && !taken[number]))
            continue;
        next += chained;
        taken[number] = true;
        out[total++] = (uint32_t)i;
    }
    return total;
}

enum fault chain_find(struct reading *reading, struct candidate_list *list, uint32_t **chain, size_t *count)
{
    *count = 0;
    if (!list->count)
        return FAULT_NONE;
    struct tree tree = {.count = numbers_of(list)};
    size_t tree_bytes = (tree.count + 1) * sizeof *tree.best;
    tree.best = arena_alloc(reading->arena, tree_bytes);
    tree.exact = arena_alloc(reading->arena, tree_bytes);
    *chain = arena_alloc(reading->arena, list->count * sizeof **chain);
    if (!tree.best || !tree.exact || !*chain)
        return arena_full(reading->err);
    int32_t last = -1;
    for (int style = STYLE_POINT; style < STYLES; style++) {
        bool used = false;
        for (size_t i = 0; i < list->count && !used; i++)
            used = (int)list->items[i].match.style == style;
        if (!used)
            continue;
        memset(tree.best, 0xFF, tree_bytes);
        memset(tree.exact, 0xFF, tree_bytes);
        for (size_t i = 0; i < list->count; i++) {
            const struct candidate *here = &list->items[i];
            if ((int)here->match.style != style || here->match.number >= NUMBERS)
                continue;
            chain_step(&tree, list->items, (int32_t)i);
            /* a line that little speaks for may fill a gap in the agenda but not end it */
            if (here->score > 0 && (last < 0 || here->best > list->items[last].best))
                last = (int32_t)i;
        }
    }
    for (int32_t i = last; i >= 0; i = list->items[i].before)
        ++*count;
    size_t at = *count;
    for (int32_t i = last; i >= 0; i = list->items[i].before)
        (*chain)[--at] = (uint32_t)i;
    if (*count < 2 || *count == list->count)
        return FAULT_NONE;
    bool *taken = arena_zero(reading->arena, NUMBERS, sizeof *taken);
    uint32_t *whole = arena_alloc(reading->arena, list->count * sizeof *whole);
    if (!taken || !whole)
        return arena_full(reading->err);
    *count = out_of_turn(list, *chain, *count, taken, whole);
    *chain = whole;
    return FAULT_NONE;
}
