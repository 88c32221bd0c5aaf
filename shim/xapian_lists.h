/* Lists of postings as they stand in each database of those that are open, for the matcher beside Xapian's
 * (worker/match); and what that has found as a result like any other. The same rules hold as in xapian_shim.h. */
#ifndef REFERENT_XAPIAN_LISTS_H
#define REFERENT_XAPIAN_LISTS_H

#include "xapian_shim.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SEGMENT_UUID_BYTES = 36 };

/* One database as it is seen now. Two with the same uuid and revision hold the same. */
struct segment {
    char uuid[SEGMENT_UUID_BYTES];
    uint64_t revision;
    uint64_t documents;
    uint64_t length; /* of all documents together */
};

/* A search begins, which may ask for kinds (NULL: none begins): all databases that are open, in order; none if one of
 * them is not on this machine. They live in the arena. */
NODISCARD enum fault database_segments(struct database *database, struct kinds *kinds, struct arena *arena,
                                       const struct segment **segments, size_t *count, struct error *err);
/* Documents of one database that have the term. */
NODISCARD enum fault segment_frequency(struct database *database, size_t segment, struct span term, uint32_t *documents,
                                       struct error *err);

struct list_posting {
    uint32_t docid; /* in its database */
    uint32_t wdf;
    uint32_t length; /* of the document */
};
enum list_facts { LIST_DOCUMENTS, LIST_COUNTS /* and wdf */, LIST_LENGTHS /* and lengths, not wdf */ };

/* The list of a term, or with an empty term of all documents, in order of docid: *count postings of documents behind
 * number `after`, `room` at most. What is not asked for is 0. */
NODISCARD enum fault segment_postings(struct database *database, size_t segment, struct span term,
                                      enum list_facts facts, uint32_t after, struct list_posting *postings,
                                      uint32_t room, uint32_t *count, struct error *err);
/* The largest number that a document of the database ever had. */
NODISCARD enum fault segment_last(struct database *database, size_t segment, uint32_t *docid, struct error *err);
NODISCARD enum fault segment_length(struct database *database, size_t segment, uint32_t docid, uint32_t *length,
                                    struct error *err);
/* Which documents of the database have the term that tells a kind: bit n % 64 of word n / 64 for number n. It lives
 * until the next search with the same kinds. */
NODISCARD enum fault segment_kind(struct database *database, size_t segment, struct kinds *kinds, struct span term,
                                  const uint64_t **words, size_t *count, struct error *err);

struct list_hit {
    double weight;
    uint64_t number; /* over all databases: (docid - 1) * databases + segment + 1, as Xapian counts */
};
/* A result of these hits, best first. Explanations (search_result_terms, search_result_query) are empty. */
NODISCARD enum fault search_result_new(struct database *database, const struct list_hit *hits, size_t count,
                                       uint64_t total, bool exact, struct search_result **out, struct error *err);

#ifdef __cplusplus
}
#endif
#endif
