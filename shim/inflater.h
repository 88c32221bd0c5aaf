/* Raw deflate (RFC 1951) undone for many small tags that say the same code again and again, as those of one segment do:
 * zlib makes the tables of a code for each tag, which takes longer than reading it; here they are kept. Only what is
 * surely so is read: a first block with a code that is known already, fixed blocks and stored ones. Whatever else
 * comes, a code that is new or a fault, is left to zlib.
 *
 *   begin, feed, feed, ... -> END      all of the tag is out
 *                             MORE     all that the bytes so far tell is out; feed on
 *                             UNSURE   ask zlib, from the beginning of the tag
 *
 * One per thread. */
#ifndef REFERENT_SHIM_INFLATER_H
#define REFERENT_SHIM_INFLATER_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum inflated { INFLATED_END, INFLATED_MORE, INFLATED_UNSURE };

struct inflater;

/* NULL without memory. Some 0.8 MB once codes are known. */
struct inflater *inflater_new(void);
void inflater_free(struct inflater **inflater);
/* Before a tag. */
void inflater_begin(struct inflater *inflater);
/* Go on with the next bytes of the tag, of which at least one is given. *out is what they add, borrowed until the next
 * call (with UNSURE it is nothing), *used how many of them belong to the tag. */
enum inflated inflater_feed(struct inflater *inflater, struct span bytes, struct span *out, size_t *used);
/* All bytes of the tag that were fed, borrowed until the next call. */
struct span inflater_fed(const struct inflater *inflater);
/* Know the code with which a tag begins that zlib has read, if the one that was offered before was the same. */
void inflater_learn(struct inflater *inflater, struct span bytes);

#ifdef __cplusplus
}
#endif
#endif
