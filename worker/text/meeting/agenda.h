/* agenda: the candidates for headings and how the true ones are told. Used inside the agenda stage only. Pure. */
#ifndef REFERENT_AGENDA_H
#define REFERENT_AGENDA_H

#include "decider.h"
#include "decision.h"
#include "heading.h"
#include "reading.h"

/* A line that may be the heading of an item. */
#define CANDIDATE_LEAST (-1.0f) /* the least score of a line that may be a heading */
struct candidate {
    uint32_t line;
    struct heading_match match;
    float score; /* what speaks for it, from its form and its neighbours */
    float best;  /* of the best chain that ends here */
    int32_t before;
};
struct candidate_list {
    struct candidate *items;
    size_t count, capacity;
};

/* Mark the lines of the table of contents in spots. */
NODISCARD enum fault contents_mark(struct reading *reading);
/* The titles that the table of contents lists, as hashes; count 0 if there is none. */
struct title_set {
    uint64_t *hashes;
    size_t count, mask;
};
NODISCARD enum fault contents_titles(struct reading *reading, struct title_set *out);
bool title_known(const struct title_set *set, struct span title);

/* The best chain of numbered headings: their indexes into list, ascending; their number, or 0. */
NODISCARD enum fault chain_find(struct reading *reading, struct candidate_list *list, uint32_t **chain, size_t *count);

/* Cut the items into parts by the headings of their sections (part.c). */
NODISCARD enum fault part_read(struct reading *reading);
/* A line that opens a recommendation in words: "Administrationen indstiller til Byrådet". */
bool is_recommendation(const struct reading *reading, size_t line);
/* The part that holds the item's own decision, or NULL. */
const struct part *part_final(const struct reading *reading, const struct draft_item *item);

/* Nothing but names with their parties stands on the line: below "Afbud:", or a sheet of signatures (item.c). */
bool is_names_only(const struct reading *reading, const struct line *line);

#endif
