/* What stock Xapian makes of documents, and what it says of a database: the yardstick for worker/bulk. A message tells
 * the first difference in words; functions that give bool have filled it when they give false. */
#ifndef REFERENT_TEST_GLASS_H
#define REFERENT_TEST_GLASS_H

#include "collection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { GLASS_MESSAGE = 512 };

/* The stock database of a collection, in batches of `batch` documents (0: one commit). */
bool stock_build(const struct collection *collection, const char *path, size_t batch, char message[GLASS_MESSAGE]);
/* Delete and replace documents in place, the same ones for the same seed, and add some. */
bool stock_edit(const char *path, uint64_t seed, const struct index_document *more, char message[GLASS_MESSAGE]);
/* What xapian-compact does. */
bool stock_compact(const char *const *paths, size_t count, const char *out, char message[GLASS_MESSAGE]);
/* What xapian-check does: no fault at all. */
bool stock_check(const char *path, char message[GLASS_MESSAGE]);
/* Everything that the public API shows is the same in both: statistics, metadata, terms, postings, skips, positions,
 * term lists, values and bounds, data, and the answers with weights to `searches` random questions. */
bool stock_equal(const char *path, const char *other, uint64_t seed, unsigned searches, char message[GLASS_MESSAGE]);
/* The data of every document is what it was made of. */
bool stock_data(const char *path, const struct collection *collection, char message[GLASS_MESSAGE]);
/* Tables are the same block for block, number, level, items and free space; and version files but for the UUID. */
bool blocks_equal(const char *path, const char *other, char message[GLASS_MESSAGE]);
/* Raw deflate with the settings stock has; fits struct builder_options. */
size_t stock_deflate(void *self, const char *tag, size_t size, char *out, size_t room);
/* The tables' bytes; 0 if there is no database. */
uint64_t database_bytes(const char *path);

#ifdef __cplusplus
}
#endif

#endif
