/* A query under construction, in the shim's postfix form. Every function fails only when the arena is full or the query
 * has grown beyond TREE_NODES_MAX. */
#ifndef REFERENT_TREE_H
#define REFERENT_TREE_H

#include "arena.h"
#include "range.h"
#include "xapian_shim.h"

enum { TREE_NODES_MAX = 20000 };

struct tree {
    struct arena *arena;
    struct error *err;
    LIST(struct query_node) nodes;
};

/* A whole query of its own, which others can take in. */
struct branch {
    const struct query_node *nodes;
    size_t count;
};
typedef LIST(struct branch) branch_list;

/* Faults of all: FAULT_REJECT query.words, arena.bound. */
NODISCARD enum fault tree_term(struct tree *tree, struct span term);
NODISCARD enum fault tree_all(struct tree *tree);
/* Every document, each weighing so much. */
NODISCARD enum fault tree_equal(struct tree *tree, double weight);
/* What documents with the term weigh more; see QUERY_KIND. */
NODISCARD enum fault tree_kind(struct tree *tree, struct span term, double weight);
/* Over the last `operands` queries; nothing is done for one. */
NODISCARD enum fault tree_join(struct tree *tree, enum query_op op, size_t operands);
/* FILTER, AND_NOT of the last two. */
NODISCARD enum fault tree_pair(struct tree *tree, enum query_op op);
NODISCARD enum fault tree_scale(struct tree *tree, double factor);
/* Value `slot` from low to high, as bytes; high empty: open. */
NODISCARD enum fault tree_range(struct tree *tree, uint32_t slot, struct span low, struct span high);
/* Any of the terms, weighing nothing; no term: nothing matches. */
NODISCARD enum fault tree_any(struct tree *tree, const struct term_list *terms);
NODISCARD enum fault tree_branch(struct tree *tree, struct branch branch);
/* All branches under one operator; false in *any if there is none. */
NODISCARD enum fault tree_branches(struct tree *tree, enum query_op op, const branch_list *branches);

/* What was built from `since` nodes on, as a branch; and take it off. */
struct branch tree_cut(struct tree *tree, size_t since);

#endif
