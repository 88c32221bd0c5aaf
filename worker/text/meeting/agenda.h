/* agenda: the candidates for headings and how the true ones are told. Used inside the agenda stage only. Pure.
 *
 *   contents -> candidates (form, neighbours) -> chain -> drafts (number, title) -> access -> parts */
#ifndef REFERENT_AGENDA_H
#define REFERENT_AGENDA_H

#include "decider.h"
#include "decision.h"
#include "heading.h"
#include "reading.h"

/* A line that may be the heading of an item. */
#define CANDIDATE_LEAST (-1.0f) /* the least score of a line that may be a heading */
#define CANDIDATE_BARE  (-2.0f) /* of one whose number nothing follows but the title */
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

static inline const struct line *line_of(const struct reading *reading, size_t line)
{
    return &reading->lines.items[line];
}

/* What the lines around a heading are (neighbour.c). */
/* A label that stands below a heading, before the first section. */
static inline bool is_meta(uint8_t label)
{
    return label == LABEL_CASE || label == LABEL_DOCUMENT || label == LABEL_OPEN || label == LABEL_CLOSED ||
           label == LABEL_KLE || label == LABEL_CLERK || label == LABEL_ITEM_NUMBER;
}
/* A line that holds nothing but a case or a subject number, or "Sag" and the number. */
bool is_number_line(const struct reading *reading, size_t line);
/* A line that says who decided and when: "Byrådet den 27. november 2018:". */
bool is_decider(const struct reading *reading, size_t line);
/* A line that opens a section, by a label or in words. */
bool opens_section(const struct reading *reading, size_t line);
/* What speaks for the line as a heading: what follows it, what stands above it, and, against it, that both neighbours
 * are numbered alike, as in a list. */
float score_behind(const struct reading *reading, size_t line, struct span title);
float score_before(const struct reading *reading, size_t line);
float score_list(const struct reading *reading, size_t line, const struct heading_match *match);

/* The form of a title, which is not empty: it begins with a small letter; it ends as a sentence does (candidate.c). */
static inline bool is_small(struct span title)
{
    unsigned char first = (unsigned char)*title.at, second = title.size > 1 ? (unsigned char)title.at[1] : 0;
    return (first >= 'a' && first <= 'z') || (first == 0xC3 && second >= 0x9F);
}
bool ends_sentence(struct span title);

/* Mark the lines of the table of contents in spots. */
NODISCARD enum fault contents_mark(struct reading *reading);
/* The titles that the table of contents lists, as hashes; count 0 if there is none. */
struct title_set {
    uint64_t *hashes;
    size_t count, mask;
    uint32_t firsts; /* what titles begin with (contents.c) */
};
NODISCARD enum fault contents_titles(struct reading *reading, struct title_set *out);
bool title_known(const struct title_set *set, struct span title);

/* The lines that may be headings, ascending. */
NODISCARD enum fault candidates_read(struct reading *reading, const struct title_set *titles,
                                     struct candidate_list *list);

/* The best chain of numbered headings: their indexes into list, ascending; their number, or 0. */
NODISCARD enum fault chain_find(struct reading *reading, struct candidate_list *list, uint32_t **chain, size_t *count);

/* The items of the chain; of numbers or titles that stand alone if there are more of them, or no chain. Sets first,
 * heading, title, span, number, and what the number itself says of access. */
NODISCARD enum fault draft_read(struct reading *reading, const struct title_set *titles,
                                const struct candidate_list *list, const uint32_t *chain, size_t count);

/* Does the mark of access stand above the headings in this text? The first heading shows it. There is an item. */
bool access_above(const struct reading *reading);
/* Which items are closed; there is one. Asked before the items take what stands above their headings. */
void access_read(struct reading *reading);
/* Items for what is closed where no item begins. Asked when the items know where they begin. */
NODISCARD enum fault closing_read(struct reading *reading);
/* The same where the text says so in its flow, amid a line: lines are cut there. The last to find items (flow.c). */
NODISCARD enum fault flow_read(struct reading *reading);

/* Cut the items into parts by the headings of their sections (part.c). */
NODISCARD enum fault part_read(struct reading *reading);
/* A line that opens a recommendation in words: "Administrationen indstiller til Byrådet". */
bool is_recommendation(const struct reading *reading, size_t line);
/* The part that holds the item's own decision, or NULL. */
const struct part *part_final(const struct reading *reading, const struct draft_item *item);

/* Nothing but names with their parties stands on the line: below "Afbud:", or a sheet of signatures (item.c). */
bool is_names_only(const struct reading *reading, const struct line *line);

#endif
