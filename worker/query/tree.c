/* tree: nodes of a query, one behind the other. Pure; on a search thread. */
#include "tree.h"

static enum fault add(struct tree *tree, struct query_node node)
{
    if (tree->nodes.count >= TREE_NODES_MAX)
        return error_set(tree->err, FAULT_REJECT, "query.words",
                         "the query stands for more than %d terms; make it "
                         "shorter or its wildcards longer",
                         TREE_NODES_MAX);
    struct query_node *added = LIST_PUSH(tree->arena, &tree->nodes);
    if (added == NULL)
        return arena_full(tree->err);
    *added = node;
    return FAULT_NONE;
}

enum fault tree_term(struct tree *tree, struct span term)
{
    if (term.at == NULL)
        return arena_full(tree->err);
    return add(tree, (struct query_node){.op = QUERY_TERM, .text = term});
}

enum fault tree_all(struct tree *tree)
{
    return add(tree, (struct query_node){.op = QUERY_ALL});
}

enum fault tree_equal(struct tree *tree, double weight)
{
    return add(tree, (struct query_node){.op = QUERY_EQUAL, .factor = weight});
}

enum fault tree_kind(struct tree *tree, struct span term, double weight)
{
    if (term.at == NULL)
        return arena_full(tree->err);
    return add(tree, (struct query_node){.op = QUERY_KIND, .text = term, .factor = weight});
}

enum fault tree_join(struct tree *tree, enum query_op op, size_t operands)
{
    return operands == 1 ? FAULT_NONE : add(tree, (struct query_node){.op = op, .operands = (uint32_t)operands});
}

enum fault tree_pair(struct tree *tree, enum query_op op)
{
    return add(tree, (struct query_node){.op = op, .operands = 2});
}

enum fault tree_scale(struct tree *tree, double factor)
{
    return add(tree, (struct query_node){.op = QUERY_SCALE, .operands = 1, .factor = factor});
}

enum fault tree_range(struct tree *tree, uint32_t slot, struct span low, struct span high)
{
    return add(tree, (struct query_node){.op = QUERY_RANGE, .slot = slot, .text = low, .high = high});
}

enum fault tree_any(struct tree *tree, const struct term_list *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        TRY(tree_term(tree, terms->terms[i]));
    TRY(tree_join(tree, QUERY_OR, terms->count));
    return tree_scale(tree, 0);
}

enum fault tree_branch(struct tree *tree, struct branch branch)
{
    for (size_t i = 0; i < branch.count; i++)
        TRY(add(tree, branch.nodes[i]));
    return FAULT_NONE;
}

enum fault tree_branches(struct tree *tree, enum query_op op, const branch_list *branches)
{
    for (size_t i = 0; i < branches->count; i++)
        TRY(tree_branch(tree, branches->items[i]));
    return tree_join(tree, op, branches->count);
}

struct branch tree_cut(struct tree *tree, size_t since)
{
    struct branch branch = {NULL, tree->nodes.count - since};
    struct query_node *copy = arena_zero(tree->arena, branch.count + 1, sizeof *copy);
    if (copy != NULL && branch.count > 0)
        memcpy(copy, tree->nodes.items + since, branch.count * sizeof *copy);
    branch.nodes = copy;
    tree->nodes.count = since;
    return branch;
}
