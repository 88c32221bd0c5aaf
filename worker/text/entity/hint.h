/* hint: what the words and labels before a number say that it is (hint.def). Pure. */
#ifndef REFERENT_HINT_H
#define REFERENT_HINT_H

#include "scan.h"

enum hint { HINT_NONE, HINT_CASE, HINT_DOCUMENT, HINT_KLE, HINT_OTHER, HINT_CPR, HINT_DATE };

/* What the word says of a number behind it. */
enum hint word_hint(struct span word);
/* The word before `at` that says something: "nr." alone does not, the one before it does ("Sags nr.", "Journal nr.").
 */
struct span hint_word(const struct scan *scan, const char *at);
/* The hint at `at`: the word before, the label that the line begins with, or a label alone on the line before. */
enum hint hint_at(const struct scan *scan, const char *at);
/* "J.nr.:   Sagsid.:   Initialer:" and below it the values side by side (line.c): the case stands behind the subject.
 */
bool hint_columns(const struct scan *scan);

#endif
