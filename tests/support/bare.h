/* Bare Xapian, as a program of one process would use it: the yardstick of search_bench. */
#ifndef REFERENT_TEST_BARE_H
#define REFERENT_TEST_BARE_H

#include "xapian_shim.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bare;
/* Ends the process where anything fails. */
struct bare *bare_open(const char *const *paths, size_t count);
void bare_close(struct bare **bare);

/* The text of a hit, from its part, its number there and its data; borrowed until the next call. */
typedef struct span (*bare_text)(void *self, size_t part, uint32_t docid, struct span data);
/* Run the search with Xapian's own weights, matcher and match spies, get the data of every hit and the values of every
 * spy, and with `text` a snippet of it from MSet::snippet. The number of hits. */
size_t bare_search(struct bare *bare, const struct search *search, size_t snippet_bytes, bare_text text, void *self);

#ifdef __cplusplus
}
#endif
#endif
