/* Tags of glass tables as zlib compresses them: can stock Xapian read them back? (1.4.22)
 *
 * Stock cuts a compressed tag into items of a block, inflates item after item in steps of 8192 bytes, and takes the tag
 * for cut off ("Too few chunks of compressed data") if the last item is used up just when a step is full and only the
 * end mark, or the rest of a match, is still to come. Where the cut falls depends on what stands in the block, and
 * changes with every compaction. So a tag is sound only if no cut at all can do that: its last item, however much
 * that holds, inflates to less than one step. Text always does; what repeats itself more than four times may not. */
#ifndef REFERENT_TAG_H
#define REFERENT_TAG_H

#include "span.h"

enum {
    TAG_STEP_BYTES = 8192,
    TAG_ITEM_MAX_BYTES = 2048 /* of a compressed tag in one item: a quarter of a block of 8192 bytes, at most */
};

/* `deflated` is a raw deflate stream of `size` bytes. False also without memory. */
bool tag_deflated_is_sound(struct span deflated, size_t size);
/* The same for what stock makes of the tag (zlib's default level, 32 KB window, memory level 9). */
bool tag_is_sound(struct span tag);

#endif
