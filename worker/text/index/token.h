/* Words of a text, exactly as Xapian 1.4 TermGenerator::index_text cuts them, in lower case.
 *
 * Unit    offsets are bytes into the text; a word has 1..64 bytes (longer ones are passed over, as Xapian does).
 * Shape   any bytes; what is not UTF-8 counts as Latin-1, as Xapian takes it. Time is linear in the text.
 * Source  behaviour of Xapian 1.4.22: https://xapian.org/docs/termgenerator.html; tests/shim/test_token_xapian.c holds
 *         the two against each other. CJK n-grams are off, as by default. */
#ifndef REFERENT_TOKEN_H
#define REFERENT_TOKEN_H

#include "span.h"

#include <stdbool.h>

enum { TOKEN_MAX_BYTES = 64 };

struct token {
    struct span word;  /* lower case; borrowed from the scan, until the next call */
    size_t start, end; /* where it stands in the text, with infixes and suffixes */
};

struct token_scan {
    const char *begin, *at, *end;
    const char *no_initials; /* before here no initials (U.S.A.) begin: tried and failed once for the whole run */
    char word[TOKEN_MAX_BYTES];
};

void token_begin(struct token_scan *scan, struct span text);
/* The next word; false at the end of the text. */
bool token_next(struct token_scan *scan, struct token *out);

/* May a word go on behind `at` (before `end`), which is ASCII, no word character, and may join some? If unsure, yes. */
bool token_may_join(const char *at, const char *end);

#endif
