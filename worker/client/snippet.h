/* Text of documents on a terminal. A document is not to be trusted: escape sequences in it could move the cursor, set
 * the title or worse, and direction marks could reorder what is read. So control characters never get through. */
#ifndef REFERENT_SNIPPET_H
#define REFERENT_SNIPPET_H

#include <stdbool.h>
#include <stdio.h>

/* Write a snippet (HTML-escaped, matches in <mark>) as text on one line: entities resolved, white space folded, matches
 * in colour if `color`, else without marks. */
void snippet_render(const char *html, bool color, FILE *out);
/* Write plain text on one line, without control characters; its spaces stay, so that an id can be copied. */
void text_render(const char *text, FILE *out);
/* The same for a body: line breaks and tabs stay. */
void body_render(const char *body, size_t size, FILE *out);

#endif
