/* What looking up a case and a member have in common: documents by date, and one of them as an Entry. */
#ifndef REFERENT_HISTORY_H
#define REFERENT_HISTORY_H

#include "range.h"
#include "search.pb-c.h"
#include "view.h"

/* Documents that have one of the terms of each group, in order of their meeting's date. */
enum { HISTORY_GROUPS_MAX = 4, HISTORY_LIMIT_MAX = 1000 };
struct history {
    struct term_list groups[HISTORY_GROUPS_MAX];
    size_t group_count; /* at least 1 */
    bool newest_first;
    uint32_t offset, limit;
    uint32_t timeout_ms;
};

/* Run it. *total is exact unless the time was over. *out must be freed, also by those that fail behind it.
 * Faults: those of the shim; arena.bound. */
NODISCARD enum fault history_run(struct arena *arena, struct view *view, const struct history *history,
                                 struct search_result **out, uint64_t *total, struct error *err);

/* Show the data of each hit to `take`, one at a time: a meeting's carry its whole body, and are forgotten before the
 * next are read. data and hit live until `take` returns. */
NODISCARD enum fault history_each(struct search_result *result,
                                  enum fault (*take)(void *self, const struct search_hit *hit, struct error *err),
                                  void *self, struct error *err);

/* The terms for one filter's values; no values, no terms. Faults as filter_terms. */
NODISCARD enum fault history_municipalities(struct arena *arena, char *const *values, size_t count,
                                            struct term_list *out, struct error *err);

/* A document as an Entry, copied into the arena. */
NODISCARD enum fault history_entry(struct arena *arena, struct view *view, const struct search_hit *hit,
                                   Referent__V1__Entry *entry, struct error *err);
/* A value of the data as a string of a reply. */
NODISCARD enum fault history_string(struct arena *arena, struct span value, char **out, struct error *err);

/* limit and offset as asked for, within bounds. Faults: FAULT_REJECT query.limit. */
NODISCARD enum fault history_page(struct history *history, uint32_t limit, uint32_t offset, uint32_t otherwise,
                                  struct error *err);

#endif
