/* index: what stands in the shards of a data folder, seen through the shim; and changes made behind the daemon's back.
 * The daemon must not run. */
#ifndef REFERENT_TEST_INDEX_H
#define REFERENT_TEST_INDEX_H

#include "xapian_care.h"

#include <stdbool.h>

/* Every document and tombstone of every part, without document ids: a line each, part by part, in order of id and
 * position, with a hash of its terms, positions, values and data. To free. Two indexes that hold the same are equal. */
char *index_dump(const char *data, uint32_t shards);
/* The number of lines in which two dumps differ, and the first of them on standard error. */
size_t index_differences(const char *a, const char *b);
/* The shards were made by rules of this version. */
void index_age(const char *data, uint32_t shards, const char *analysis);
/* Take every posting of `term` away from the meeting, and put `instead` there. */
void index_spoil(const char *data, uint32_t shards, const char *id, const char *term, const char *instead);
/* Metadata of a part, to free; "" if not set. */
char *index_meta(const char *data, bool closed, uint32_t shard, const char *key);
/* The generation that the stub names, as a path to free. */
char *index_generation(const char *data, bool closed, uint32_t shard);
/* That, or the young segment with the most data. */
char *index_largest(const char *data, bool closed, uint32_t shard);
/* Young segments of all shards. */
size_t index_young(const char *data, uint32_t shards);
/* Folders of generations in both parts of a shard. */
size_t index_generations(const char *data, uint32_t shard);

#endif
