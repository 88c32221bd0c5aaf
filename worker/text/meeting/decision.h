/* decision: what the words of a decision mean. Pure. */
#ifndef REFERENT_DECISION_H
#define REFERENT_DECISION_H

#include "reading.h"

/* The outcome that a sentence tells first, and how sure it is that it speaks of the item itself. */
struct verdict {
    enum outcome outcome;
    int weight; /* 0: tells nothing */
};

/* The outcome of a whole decision; OUTCOME_OTHER if its words tell none, OUTCOME_NONE if it is empty. Of sentences that
 * weigh the same the first counts, or the last: where no heading parts the decision from the case, the decision stands
 * at the end. */
enum outcome decision_outcome(struct span text, bool last);
/* True if the text is an answer of one or two words, such as "Godkendt." or "1. Anbefalet". */
bool outcome_word(struct span text);

/* The votes told in the part; sets voted and the three lists of `item`. */
NODISCARD enum fault vote_read(struct reading *reading, size_t start, size_t end, struct item *item);

/* The attachments of an item. */
NODISCARD enum fault attachment_read(struct reading *reading, const struct draft_item *draft, struct item *item);

/* The next title of a list of attachments that stands on the same line, from `from` (at least 1) on, or the line's
 * size. `inline_list`: the line is "Bilag: ..."; `number`: what the next title is numbered, where they are. */
size_t attachment_next(struct span text, size_t from, bool inline_list, size_t number);
/* True if the line holds nothing but the names of files: "Kort.pdf Notat_2.docx". */
bool attachment_files(struct span line);
/* The size of what stands before the title of the entry `expected` (from 1) of a list: its number, "Bilag", who may see
 * it. `bare`: numbers without a mark lead the titles. */
size_t attachment_lead(struct span text, size_t expected, bool bare);
/* The title without what a page says of the file behind it: "(PDF, 1,2 MB)", " - Lukket"; `number`: the number of its
 * document stands behind it, so that "Kort Åben" tells who may see it. */
struct span attachment_tail(struct span title, bool number);
/* True if the line says but what kind of file stands above and how large it is: "PDF, 340 KB". */
bool attachment_remark(struct span line);
/* True if the line is the head of a table of attachments: "Titel | Dok.nr." */
bool attachment_columns(struct span line);
/* True if the line, or one cell of it, is the head of a column of such a table. */
bool attachment_column(struct span cell);
/* True if the text says that there are none ("Der er ingen bilag til sagen."), or is a mark that stands alone in a
 * cell: "Åben". */
bool attachment_answer(struct span text);
/* True if a line of a list is no title: an answer, a label, a sentence behind the list. */
bool attachment_none(const struct line *line, struct span text);
/* True if the line is a page's head amid the list. */
bool attachment_page_head(const struct reading *reading, const struct line *line, struct span text);
/* The first entity of `type` between two clean offsets, or NULL. */
const struct entity *entity_within(const struct reading *reading, size_t start, size_t end, enum entity_type type);
/* True if "Bilag" leads the list on its own line, with a colon or as the first cell of a form. */
bool attachment_labelled(const struct line *line, struct span text);
bool attachment_form(const struct line *line, struct span text);
/* The size of a bullet that `text` begins with, 0 if with none. */
size_t attachment_bullet(struct span text);

#endif
