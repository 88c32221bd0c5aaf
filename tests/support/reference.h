/* The real Xapian, for tests that hold text/ against it. The only C++ outside the shim, and never linked into the
 * worker. */
#ifndef REFERENT_REFERENCE_H
#define REFERENT_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct reference;
struct reference *reference_new(void);
void reference_free(struct reference *reference);

/* A stemmer "danish"; self is a struct reference. Fits struct stemmer. */
size_t reference_stem(void *self, const char *word, size_t size, char *out);

/* A document made by TermGenerator: begin, text and gaps, then look at its terms in order. */
void reference_begin(struct reference *reference);
/* index_text under STEM_ALL_Z, or (exact) under STEM_NONE. */
void reference_text(struct reference *reference, const char *text, size_t size, const char *prefix, bool exact);
void reference_gap(struct reference *reference, unsigned positions);
size_t reference_count(struct reference *reference);
/* The next term of the document from its first on; false behind the last. Borrowed until the next call. */
bool reference_next(struct reference *reference, const char **term, size_t *size, uint32_t *wdf,
                    const uint32_t **positions, size_t *position_count);

size_t reference_sortable(double value, char *out);
bool reference_is_word(uint32_t character);
bool reference_is_digit(uint32_t character);
uint32_t reference_lower(uint32_t character);

/* An empty database with blocks of this size. */
void reference_database(const char *path, unsigned block_bytes);

#ifdef __cplusplus
}
#endif

#endif
