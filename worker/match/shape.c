/* shape: nodes in postfix order -> a tree -> the shape. Pure; on a search thread. */
#include "shape.h"

struct raw {
    const struct query_node *node;
    struct raw *first, *next;
};

struct shaping {
    struct arena *arena;
    struct shape_terms *terms;
    struct error *err;
    bool strange; /* not one of ours */
};

/* ---------------------------------------------------------------- the tree */

static uint32_t operands_of(const struct query_node *node)
{
    switch (node->op) {
    case QUERY_TERM:
    case QUERY_ALL:
    case QUERY_EQUAL:
    case QUERY_KIND:
    case QUERY_RANGE: return 0;
    case QUERY_SCALE: return 1;
    case QUERY_AND_NOT:
    case QUERY_FILTER: return 2;
    default: return node->operands;
    }
}

/* Operators take what stands on the stack; NULL in *out if they find too little, which Xapian will say. */
static enum fault raw_read(struct arena *arena, const struct search *search, struct raw **out, struct error *err)
{
    struct raw *nodes = arena_zero(arena, search->node_count + 1, sizeof *nodes), *top = NULL;
    *out = NULL;
    if (nodes == NULL)
        return arena_full(err);
    for (size_t i = 0; i < search->node_count; i++) {
        struct raw *raw = &nodes[i];
        raw->node = &search->nodes[i];
        for (uint32_t wanted = operands_of(raw->node); wanted > 0; wanted--) {
            struct raw *operand = top;
            if (operand == NULL)
                return FAULT_NONE;
            top = operand->next;
            operand->next = raw->first;
            raw->first = operand;
        }
        raw->next = top;
        top = raw;
    }
    *out = top != NULL && top->next == NULL ? top : NULL;
    return FAULT_NONE;
}

/* ---------------------------------------------------------------- the shape */

static struct shape *shape_of(struct shaping *shaping, const struct raw *raw, double factor, unsigned depth);

static struct shape *strange(struct shaping *shaping)
{
    shaping->strange = true;
    return NULL;
}

static struct shape *shape_new(struct shaping *shaping, enum shape_kind kind, double factor)
{
    struct shape *shape = arena_zero(shaping->arena, 1, sizeof *shape);
    if (shape == NULL)
        return strange(shaping);
    shape->kind = kind;
    shape->factor = factor;
    return shape;
}

static struct shape *term_shape(struct shaping *shaping, enum shape_kind kind, struct span term, bool weighted,
                                double factor)
{
    struct shape_terms *terms = shaping->terms;
    uint32_t i = 0;
    while (i < terms->count && !span_equal(terms->terms[i], term))
        i++;
    if (i == SHAPE_TERMS_MAX)
        return strange(shaping);
    if (i == terms->count) {
        terms->terms[terms->count] = term;
        terms->weighted[terms->count++] = false;
    }
    terms->weighted[i] = terms->weighted[i] || weighted;
    struct shape *shape = shape_new(shaping, kind, factor);
    if (shape != NULL)
        shape->term = i;
    return shape;
}

/* Behind `*end`, with what hangs on it. */
static void append(struct shape ***end, struct shape *shape)
{
    **end = shape;
    while (**end != NULL)
        *end = &(**end)->next;
}

/* Any of the operands from `raw` on; those of an operand that is such come up. Nothing matches where there is none. */
static struct shape *any_shape(struct shaping *shaping, const struct raw *raw, double factor, unsigned depth)
{
    struct shape *shape = shape_new(shaping, SHAPE_ANY, 0);
    if (shape == NULL)
        return NULL;
    struct shape **end = &shape->first;
    for (; raw != NULL; raw = raw->next) {
        struct shape *one = shape_of(shaping, raw, factor, depth);
        if (one == NULL)
            return NULL;
        append(&end, one->kind == SHAPE_ANY ? one->first : one);
    }
    return shape->first != NULL && shape->first->next == NULL ? shape->first : shape;
}

/* All of them; those behind the first weigh nothing if `filter`. What weighs the same everywhere becomes a summand. */
static struct shape *all_shape(struct shaping *shaping, const struct raw *raw, double factor, bool filter,
                               unsigned depth)
{
    struct shape *shape = shape_new(shaping, SHAPE_ALL, 0);
    if (shape == NULL)
        return NULL;
    struct shape **end = &shape->first;
    for (bool first = true; raw != NULL; raw = raw->next, first = false) {
        double share = filter && !first ? 0 : factor;
        if (raw->node->op == QUERY_EQUAL) {
            shape->factor += raw->node->factor * share;
            continue;
        }
        struct shape *one = shape_of(shaping, raw, share, depth);
        if (one == NULL)
            return NULL;
        if (one->kind == SHAPE_ALL)
            shape->factor += one->factor;
        append(&end, one->kind == SHAPE_ALL ? one->first : one);
    }
    if (shape->first == NULL && shape->factor <= 0)
        shape->kind = SHAPE_ANY; /* of nothing is nothing */
    bool alone = shape->first != NULL && shape->first->next == NULL && shape->factor <= 0;
    return shape->first == NULL && shape->factor > 0 ? strange(shaping) : alone ? shape->first : shape;
}

static struct shape *same_shape(struct shaping *shaping, const struct raw *raw, double factor)
{
    struct shape *shape = shape_new(shaping, SHAPE_SAME, factor);
    if (shape == NULL)
        return NULL;
    struct shape **end = &shape->first;
    for (; raw != NULL; raw = raw->next) {
        if (raw->node->op != QUERY_TERM || raw->node->text.size == 0)
            return strange(shaping);
        struct shape *one = term_shape(shaping, SHAPE_LIST, raw->node->text, true, 0);
        if (one == NULL)
            return NULL;
        append(&end, one);
    }
    if (shape->first == NULL)
        shape->kind = SHAPE_ANY;
    return shape;
}

/* The first operand, and what else it may have or must not have. */
static struct shape *pair_shape(struct shaping *shaping, enum shape_kind kind, const struct raw *raw, double factor,
                                unsigned depth)
{
    const struct raw *left = raw, *right = raw != NULL ? raw->next : NULL;
    if (left == NULL || right == NULL)
        return strange(shaping);
    struct shape *first = shape_of(shaping, left, factor, depth);
    if (first == NULL || (kind == SHAPE_MAYBE && factor <= 0))
        return first;
    bool is_kind = kind == SHAPE_MAYBE && right->node->op == QUERY_KIND && right->next == NULL;
    struct shape *second = is_kind
                               ? term_shape(shaping, SHAPE_KIND, right->node->text, false, right->node->factor * factor)
                               : any_shape(shaping, right, kind == SHAPE_MAYBE ? factor : 0, depth);
    struct shape *shape = shape_new(shaping, kind, 0);
    if (second == NULL || shape == NULL)
        return NULL;
    shape->first = first;
    first->next = second;
    return shape;
}

static struct shape *shape_of(struct shaping *shaping, const struct raw *raw, double factor, unsigned depth)
{
    const struct query_node *node = raw->node;
    if (++depth > SHAPE_DEPTH_MAX)
        return strange(shaping);
    switch (node->op) {
    case QUERY_TERM:
        return node->text.size > 0 ? term_shape(shaping, SHAPE_LIST, node->text, factor > 0, factor) : strange(shaping);
    case QUERY_ALL: return term_shape(shaping, SHAPE_LIST, (struct span){"", 0}, false, 0);
    case QUERY_AND: return all_shape(shaping, raw->first, factor, false, depth);
    case QUERY_FILTER: return all_shape(shaping, raw->first, factor, true, depth);
    case QUERY_OR: return any_shape(shaping, raw->first, factor, depth);
    case QUERY_SYNONYM:
        return factor > 0 ? same_shape(shaping, raw->first, factor) : any_shape(shaping, raw->first, 0, depth);
    case QUERY_AND_NOT: return pair_shape(shaping, SHAPE_WITHOUT, raw->first, factor, depth);
    case QUERY_AND_MAYBE: return pair_shape(shaping, SHAPE_MAYBE, raw->first, factor, depth);
    case QUERY_SCALE: return shape_of(shaping, raw->first, factor * node->factor, depth);
    default: return strange(shaping);
    }
}

enum fault shape_read(struct arena *arena, const struct search *search, struct shape_terms *terms, struct shape **out,
                      struct error *err)
{
    struct shaping shaping = {arena, terms, err, false};
    struct raw *raw;
    terms->count = 0;
    *out = NULL;
    TRY(raw_read(arena, search, &raw, err));
    if (raw != NULL)
        *out = shape_of(&shaping, raw, 1, 0);
    if (shaping.strange)
        *out = NULL;
    return FAULT_NONE;
}
