/* A plain C contract over Xapian (1.4). Every exception ends in the shim and becomes a fault that says what to do:
 *
 *   DatabaseCorruptError                                  STOP    database.damaged: see `referent check`
 *   DatabaseVersionError                                  STOP
 *   DatabaseLockError                                     RETRY   another process writes here
 *   other DatabaseError: modified, closed, full, opening  REOPEN  the handle is dead or stale
 *   NetworkError                                          REOPEN  a remote shard
 *   InvalidArgumentError, RangeError, DocNotFoundError    REJECT  the input breaks a rule of Xapian's
 *   std::bad_alloc                                        REOPEN
 *   anything else                                         STOP    a bug
 *
 * Threads: a handle belongs to one thread at a time; handles share nothing. SIGPIPE must be ignored by the process.
 * After any fault of a writing call the handle has lost every uncommitted document, and each writing call is
 * FAULT_REOPEN from then on: close it, open it again, replay. Spans that come back live in the arena that was given. */
#ifndef REFERENT_XAPIAN_SHIM_H
#define REFERENT_XAPIAN_SHIM_H

#include "arena.h"
#include "error.h"
#include "posting.h"
#include "span.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct database;

/* ---- opening */

/* Open one database for writing; it is made if it is not there. Takes Xapian's own lock. A folder .commit in it is
 * where commits are prepared; it stays, and whoever copies the database may leave it out. */
NODISCARD enum fault database_open_write(const char *path, struct database **out, struct error *err);
/* The same for one that must be there: it is never made anew.
 * Faults  FAULT_STOP database.damaged: it is not there, or not whole, or no database; those of database_open_write. */
NODISCARD enum fault database_open_again(const char *path, struct database **out, struct error *err);
/* Open databases for reading as one, each a part. A path may lead to a stub that names several: they are one part, too,
 * with the metadata of the first, and document ids that are its own. */
NODISCARD enum fault database_open_read(const char *const *paths, size_t count, struct database **out,
                                        struct error *err);
/* The same for parts of several databases. Every change of a part ends with a commit of its first database, so that
 * this one alone is looked at to see whether there is anything new. */
struct database_row {
    const char *const *paths;
    size_t count;
};
NODISCARD enum fault database_open_rows(const struct database_row *rows, size_t count, struct database **out,
                                        struct error *err);
/* The same part by part: a database without any, and one more, whole or not at all. What `before` (may be NULL) has
 * open under a path is not opened again but moved to its newest commit: a tenth of the time where one of many is new.
 * Nothing else may be done with `before` then than to close it. */
NODISCARD enum fault database_open_none(struct database **out, struct error *err);
NODISCARD enum fault database_open_row(struct database *database, const struct database_row *row,
                                       struct database *before, struct error *err);
/* Close `before` but for what no row has taken over: that is in *rest, shares nothing with what is open, and may only
 * be closed, on any thread. NULL if there is nothing, or no memory for it. *before may be NULL and becomes NULL. */
void database_leave(struct database **before, struct database **rest);
/* One for reading that must be there. Faults: as database_open_again. */
NODISCARD enum fault database_open_known(const char *path, struct database **out, struct error *err);
/* Close and free; uncommitted changes are dropped, not committed. Accepts NULL; sets *database to NULL. */
void database_close(struct database **database);
/* Reading: move to the newest commit; *moved (may be NULL) tells whether there was one. */
NODISCARD enum fault database_refresh(struct database *database, bool *moved, struct error *err);
/* Is everything that was read since then as it was committed? Xapian keeps one revision behind the newest, and does not
 * always say that a block was written over while it was read: what was found is true only if this says so afterwards.
 * About 1 us a part where nothing was committed meanwhile. Databases on other machines are not looked at.
 * Faults: FAULT_REOPEN database.overtaken: refresh and read again. */
NODISCARD enum fault database_whole(struct database *database, struct error *err);

/* Readers of parts look at the first database of each, see database_open_rows. Where others of it were committed and
 * that one was not, because its commit failed, this tells them to look at all; before any is committed once more. */
void database_touch(const char *path);

/* ---- writing: everything between begin and commit appears at once or not at all */

NODISCARD enum fault database_begin(struct database *database, struct error *err);
/* On return without fault everything since begin is on disk (files synced, not the directory) and visible to readers;
 * after a fault the database is as it was before begin. A commit after which Xapian's revision has not moved is a
 * fault: REOPEN commit.revision. */
NODISCARD enum fault database_commit(struct database *database, struct error *err);
/* Drop everything since begin. */
NODISCARD enum fault database_cancel(struct database *database, struct error *err);
NODISCARD enum fault database_add(struct database *database, const struct index_document *document, struct error *err);
/* Delete every document that has the term. */
NODISCARD enum fault database_delete(struct database *database, struct span term, struct error *err);
/* Set metadata; an empty value deletes it. */
NODISCARD enum fault database_meta_set(struct database *database, struct span key, struct span value,
                                       struct error *err);

/* ---- reading; also on a database open for writing, which shows uncommitted changes */

/* Metadata of one part (0 unless several were opened); size 0 if not set. */
NODISCARD enum fault database_meta(struct database *database, size_t part, struct arena *arena, struct span key,
                                   struct span *value, struct error *err);
/* Documents in one part. */
NODISCARD enum fault database_count(struct database *database, size_t part, uint64_t *documents, struct error *err);

struct span_list {
    const struct span *items;
    size_t count;
};
/* Up to `limit` terms (or metadata keys) of one part that begin with `prefix` and come after `after` (whole, with the
 * prefix; empty: from the first), in order of bytes. */
NODISCARD enum fault database_terms(struct database *database, size_t part, struct arena *arena, struct span prefix,
                                    struct span after, size_t limit, struct span_list *out, struct error *err);
NODISCARD enum fault database_meta_keys(struct database *database, size_t part, struct arena *arena, struct span prefix,
                                        struct span after, size_t limit, struct span_list *out, struct error *err);
/* How many documents of one part have the term. */
NODISCARD enum fault database_term_freq(struct database *database, size_t part, struct span term, uint64_t *documents,
                                        struct error *err);

/* The same over all parts together. */
NODISCARD enum fault database_frequency(struct database *database, struct span term, uint64_t *documents,
                                        struct error *err);
/* Every term of all parts together that begins with `prefix`, each once and with the documents that have it, in order
 * of bytes, until `visit` says false. The term lives until `visit` returns. */
NODISCARD enum fault database_visit(struct database *database, struct span prefix,
                                    bool (*visit)(void *self, struct span term, uint64_t documents), void *self,
                                    struct error *err);

/* The first document that has the term: its values in the slots asked for (empty where not set) and, if `data` is not
 * NULL, its data. *found is false if there is none. */
NODISCARD enum fault database_find(struct database *database, size_t part, struct arena *arena, struct span term,
                                   const uint32_t *slots, size_t slot_count, struct span *values, struct span *data,
                                   bool *found, struct error *err);

/* How many databases a part is made of. Documents that one of them has got one behind the other stand so far apart. */
size_t database_width(struct database *database, size_t part);
/* The data of a document of one part by its number; *found is false if there is none. */
NODISCARD enum fault database_data(struct database *database, size_t part, uint32_t docid, struct arena *arena,
                                   struct span *data, bool *found, struct error *err);

/* ---- searching */

enum query_op {
    QUERY_TERM,    /* text: the whole term */
    QUERY_ALL,     /* every document; weighs nothing */
    QUERY_EQUAL,   /* every document; each weighs `factor` */
    QUERY_KIND,    /* the term `text`, which tells what a document is; weighs `factor`. See struct kinds */
    QUERY_AND,     /* of the `operands` nodes before it */
    QUERY_OR,      /* the sum of its operands; OP_MAX is left out, for 1.4.22 crashes on it when the page is full */
    QUERY_SYNONYM, /* OR that weighs as one term */
    QUERY_AND_NOT, /* first without second */
    QUERY_AND_MAYBE,
    QUERY_FILTER, /* first, if second; second weighs nothing */
    QUERY_SCALE,  /* one operand; factor */
    QUERY_PHRASE, /* terms in order */
    QUERY_RANGE   /* value `slot` between text and high, as bytes; high.size 0: open */
};

/* A query in postfix order: operands first, the operator after them; the last node is the whole query. */
struct query_node {
    enum query_op op;
    uint32_t operands; /* for operators over several */
    struct span text;
    struct span high;
    uint32_t slot;
    double factor;
};

/* Which documents have a term that each of them has, or has not, for as long as its number lives, remembered by one
 * thread for database after database: numbers never come back, so that only documents that came since the last search
 * are looked at. A bit a document. */
struct kinds;
/* NULL without memory. */
struct kinds *kinds_new(void);
/* Free it and set *kinds to NULL; *kinds NULL is fine. No result of a search with it may live any more. */
void kinds_free(struct kinds **kinds);
/* What was read so far was so, says database_whole. */
void kinds_trust(struct kinds *kinds);
/* What was read since may not have been so; the same holds of results. */
void kinds_forget(struct kinds *kinds);

struct search_order {
    bool by_value; /* instead of relevance */
    uint32_t slot;
    bool reverse; /* largest first */
};

struct search {
    const struct query_node *nodes;
    size_t node_count;
    double k1, b; /* of BM25: how soon a repeated word counts no more, and how much long documents lose */
    uint32_t offset, limit;
    uint32_t check_at_least; /* look at this many matches at least: exact totals and facets below it */
    const uint32_t *facet_slots;
    size_t facet_count;
    struct search_order order;
    uint32_t collapse_slot; /* UINT32_MAX: none */
    uint32_t timeout_ms;    /* 0: none; afterwards totals are estimates */
    struct kinds *kinds;    /* NULL: nothing is remembered, and QUERY_KIND shows among the terms of a hit */
};

struct search_hit {
    uint32_t part;
    uint32_t docid; /* within the part */
    size_t segment; /* among all databases that are open, in order; */
    uint32_t own;   /* docid within it */
    double weight;
    uint32_t collapsed;
    struct span data;
};

struct facet_count {
    struct span value; /* as stored in the slot; the caller splits several values */
    uint64_t count;
};

struct search_result;

/* Run a search. *out must be freed.
 * Faults: REOPEN after two commits: refresh and ask again. */
NODISCARD enum fault database_search(struct database *database, const struct search *search, struct search_result **out,
                                     struct error *err);
void search_result_free(struct search_result **result);
size_t search_result_count(const struct search_result *result);
/* Hits in all; *exact is false for an estimate. */
uint64_t search_result_total(const struct search_result *result, bool *exact);
/* A hit without its data: nothing is read for it. */
NODISCARD enum fault search_result_place(struct search_result *result, size_t index, struct search_hit *hit,
                                         struct error *err);
NODISCARD enum fault search_result_hit(struct search_result *result, size_t index, struct arena *arena,
                                       struct search_hit *hit, struct error *err);
/* Values of facet number `facet` with their counts, in order of bytes. */
NODISCARD enum fault search_result_facet(struct search_result *result, size_t facet, struct arena *arena,
                                         const struct facet_count **counts, size_t *count, struct error *err);
/* Why a hit is one: the terms of the query that it has, in order of bytes. */
struct matching_term {
    struct span term;
    uint64_t documents; /* that have it */
    double weight;      /* the most it can weigh; 0 for a filter, and where alternatives weigh together */
};
NODISCARD enum fault search_result_terms(struct search_result *result, size_t index, struct arena *arena,
                                         const struct matching_term **terms, size_t *count, struct error *err);
/* The query as Xapian describes it. */
NODISCARD enum fault search_result_query(struct search_result *result, struct arena *arena, struct span *description,
                                         struct error *err);

#ifdef __cplusplus
}
#endif
#endif
