/* opener: which rules may begin at a word, told by its first three bytes. Shared with make_lookup.
 *
 * Scanners of decisions and labels walk from word to word, and most words begin none of their rules. What rules begin
 * with stands in opener.def; debug builds ask the scanner all the same and assert that it agrees. */
#ifndef REFERENT_OPENER_H
#define REFERENT_OPENER_H

enum {
    OPEN_OUTCOME_SHORT = 1, /* a word of three or four bytes may begin a rule of outcome.re */
    OPEN_OUTCOME_LONG = 2,  /* a longer one may */
    OPEN_LABEL = 4,         /* the bytes may begin a label, see label.re */
    OPEN_OUTCOME = OPEN_OUTCOME_SHORT | OPEN_OUTCOME_LONG
};

/* What may begin at a place of a title: three bytes of the name of a body (body_word.def), or of what ends one
 * (title_tail.def; a tab and " (" are shorter and end it too). */
enum { TITLE_BODY = 1, TITLE_END = 2 };

#endif
