/* Positions of a term in a document as glass packs them (Xapian 1.4.22 glass, position): the last one as uint; if there
 * are more, the first, the count and, half by half, the ones between, each in as few bits as its bounds leave open. */
#ifndef REFERENT_BULK_POSITION_H
#define REFERENT_BULK_POSITION_H

#include <stddef.h>
#include <stdint.h>

/* No list of `count` positions packs into more. */
size_t position_bound(uint32_t count);
/* positions ascend strictly, count is at least 1; `to` has position_bound bytes; gives the place behind. */
char *position_pack(char *to, const uint32_t *positions, uint32_t count);

#endif
