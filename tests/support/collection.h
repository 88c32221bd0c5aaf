/* Documents for tests and benches of what stands behind the text stage: sorted postings from a seed, the same in every
 * run. Two in three have numbers of terms, as several readers would give them. */
#ifndef REFERENT_TEST_COLLECTION_H
#define REFERENT_TEST_COLLECTION_H

#include "arena.h"
#include "posting.h"

#include <stdint.h>

struct meta_pair {
    struct span key;
    struct span value;
};

struct collection {
    struct index_document *documents;
    size_t count;
    struct meta_pair *meta;
    size_t meta_count;
};

/* Documents like the agenda items of invented minutes: some 110 terms out of a vocabulary of 300,000 by Zipf's law, 170
 * positions, a unique term, three boolean terms, three values, 200 bytes of data. */
void collection_minutes(struct collection *out, struct arena *arena, uint64_t seed, size_t count);

/* What a format can be bad at: zero and 0xff bytes, terms of 1 and of 240 bytes, one term in all documents, documents
 * without terms, without anything, huge positions, long lists of them, wdf up to 32 bits, values in any slot and of
 * many KB, data over many blocks, metadata of all sizes. */
void collection_hostile(struct collection *out, struct arena *arena, uint64_t seed, size_t count);

/* As many documents as ids need to grow beyond two bytes, each with a term of its own rhythm and a value. */
void collection_many(struct collection *out, struct arena *arena);

/* Data whose sizes lie around the steps of 8192 bytes in which stock inflates. */
void collection_steps(struct collection *out, struct arena *arena);

/* A document that a collection lacks, for replacements. */
struct index_document collection_more(struct arena *arena, uint64_t seed);

#endif
