/* A tag as Xapian 1.4 inflates it: item after item, in steps of 8192 bytes, with the `inflate` of this program. */
#ifndef REFERENT_TEST_INFLATED_H
#define REFERENT_TEST_INFLATED_H

#include "span.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { INFLATED_STEP_BYTES = 8192 };
/* How reading a tag ended, apart from its bytes: zlib's status of the last call, and the item that it took last. */
struct inflated_tag {
    char *bytes; /* the caller's to free */
    size_t size, items;
    int status;
};

/* `known`: as the shim reads tags; otherwise zlib reads all of it. */
struct inflated_tag tag_inflated(struct span tag, const size_t *cuts, size_t cut_count, bool known);
/* Is the `inflate` that libxapian calls the one of this program? */
bool inflate_is_ours(void);

#ifdef __cplusplus
}
#endif
#endif
