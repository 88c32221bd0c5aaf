/* libreferent: feed minutes to a referent worker, and search what it holds.
 *
 * Threads   A handle belongs to one thread at a time; different handles are independent. Nothing is global, no signal
 *           handler is installed, no thread but ZeroMQ's own is started.
 * Strings   UTF-8 with a NUL behind. Where a string is given, NULL means "". Strings that come out are never NULL.
 * Owner     What is given is copied before the call returns. What comes out says how long it lives.
 * Units     Times are milliseconds (_ms), sizes bytes (_bytes), amounts oere (_ore), a hundredth of a krone.
 * Errors    A call returns a `referent_result`; on all but REFERENT_OK and REFERENT_AGAIN `err` (which may be NULL)
 *           names the rule and says why in one line. */
#ifndef REFERENT_H
#define REFERENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The largest body a worker takes, and the longest id. */
#define REFERENT_DOCUMENT_MAX_BYTES (16 * 1024 * 1024)
#define REFERENT_ID_MAX_BYTES       200

enum referent_result {
    REFERENT_OK,
    REFERENT_AGAIN,       /* nothing yet: poll again (timeout, or a signal came); submit: no room, poll first */
    REFERENT_REJECTED,    /* the request breaks the rule err->rule: the same request will fail again */
    REFERENT_RETRY,       /* the worker could not do it now; the same request may succeed later */
    REFERENT_UNREACHABLE, /* nobody answered in time */
    REFERENT_NOT_FOUND,   /* get: no such document */
    REFERENT_FAILED       /* this side: out of memory, an endpoint that cannot be used */
};

struct referent_error {
    char rule[48];  /* such as "query.syntax"; stable, match on it */
    char text[264]; /* one line, for people */
};

/* The library's version, such as "0.1.0". */
const char *referent_version(void);

/* ---- Documents ------------------------------------------------------------------------------------------------- */

struct referent_strings {
    const char *const *items;
    size_t count;
};

struct referent_pair {
    const char *key;
    const char *value;
};

enum referent_access { REFERENT_ACCESS_UNSPECIFIED, REFERENT_ACCESS_OPEN, REFERENT_ACCESS_CLOSED };
enum referent_meeting_type { REFERENT_MEETING_UNSPECIFIED, REFERENT_MEETING_AGENDA, REFERENT_MEETING_MINUTES };

struct referent_attachment {
    const char *title;
    const char *document; /* its number, "" if none */
    const char *url;
};

/* An agenda item. Fields marked (found) come out of referent_get and are ignored when fed. */
struct referent_item {
    const char *id;
    const char *number; /* as printed */
    const char *title;
    enum referent_access access;
    const char *case_number;
    const char *kle;
    const char *text;
    const struct referent_attachment *attachments;
    size_t attachment_count;
    const char
        *outcome; /* (found) approved, recommended, noted, discussed, postponed, rejected, referred, other, none */
    struct referent_strings votes_for; /* (found) */
    struct referent_strings votes_against;
    struct referent_strings votes_abstain;
    uint64_t start, end; /* (found) byte offsets in the stored body */
};

struct referent_meeting {
    const char *agenda_id;
    enum referent_meeting_type type;
    enum referent_access access;
    const char *municipality;
    const char *committee;
    const char *date;        /* YYYY-MM-DD */
    const char *start, *end; /* HH:MM */
    const char *place;
    struct referent_strings present; /* substitutes among them */
    struct referent_strings absent;
    struct referent_strings substitutes;
    const struct referent_item *items;
    size_t item_count;
};

struct referent_document {
    const char *id;         /* 1..200 bytes, no control characters */
    uint64_t version;       /* larger replaces smaller; 0: unversioned, the latest arrival wins */
    const char *source;     /* the tenant; if not empty, `id` must begin with it and a slash */
    const char *media_type; /* text/markdown (also ""), text/plain, text/html */
    const void *body;       /* UTF-8; unused where `meeting` is given */
    size_t body_bytes;      /* above the limit `body` is not read: the document is rejected by its size */
    const struct referent_meeting *meeting; /* instead of a body; NULL for a body */
    const char *url;
    const struct referent_pair *metadata;
    size_t metadata_count;
    uint32_t chance; /* one more try for what was set aside (rule quarantine.*), as for a dead letter; else 0 */
};

/* ---- Feeding --------------------------------------------------------------------------------------------------- *
 *
 * A feeder keeps every document until its final receipt has come: it sends within the credit that the worker grants,
 * sends again what the worker puts off (RETRY), and sends everything without a final receipt again when the
 * connection broke, the worker was restarted, or nothing is heard for `silence_ms`. So each submission ends in exactly
 * one receipt, unless the caller gives up first. Delivery is at least once; the worker applies it idempotently.
 * Submissions of one id are applied in the order they were made: the next one leaves after the receipt of the last.
 *
 *     referent_feeder_open("tcp://127.0.0.1:7700", NULL, &feeder, &err);
 *     while (more to feed, or receipts to come) {
 *         while (more to feed && referent_feeder_submit(feeder, &document, NULL, &err) == REFERENT_OK)
 *             next document;
 *         if (referent_feeder_poll(feeder, 1000, &receipt, &err) == REFERENT_OK)
 *             note receipt.id and receipt.status;
 *     }
 *     referent_feeder_close(&feeder); */

struct referent_feeder;

/* Everything 0: the default in brackets. */
struct referent_feeder_options {
    const char *client;       /* a name for the worker's logs, at most 100 bytes ["libreferent"] */
    uint64_t wanted_bytes;    /* credit to ask for [what the worker grants] */
    uint32_t wanted_messages; /* the same */
    uint64_t keep_max_bytes;  /* frames kept in memory at most, held ones included [512 MiB] */
    uint32_t silence_ms;      /* nothing heard for so long: connect anew and send again [10 000] */
    /* Load in bulk: many times faster, but nothing can be found before all of it can. Otherwise the worker does so by
     * itself where its index is empty and much is announced. */
    bool bulk;
    /* No receipt for one document, while later ones have theirs or none come: send it again [30 000]. */
    uint32_t receipt_ms;
};

enum referent_status {
    REFERENT_STATUS_COMMITTED = 1, /* on disk and searchable, from commit `sequence` of `shard` on */
    REFERENT_STATUS_UNCHANGED,     /* same version and content are there already; or it was deleted already */
    REFERENT_STATUS_SUPERSEDED,    /* a newer version or tombstone is there */
    REFERENT_STATUS_REJECTED       /* breaks the rule `rule` */
};

/* A final receipt. Strings and `id` live until the next call with this feeder. */
struct referent_receipt {
    enum referent_status status;
    bool deletion; /* of a referent_feeder_delete */
    const char *id;
    void *tag; /* as given with the submission */
    uint32_t shard;
    uint64_t sequence;         /* commit sequence of the shard; 0 if nothing was committed */
    unsigned char lineage[16]; /* of the shard; zero if nothing was committed */
    const char *rule;          /* REFERENT_STATUS_REJECTED: such as "body.utf8" */
    const char *reason;        /* one line, for people */
    uint32_t cpr_masked;       /* CPR numbers that were found and masked */
};

/* What a feeder is doing. Strings live until the next call with this feeder. */
struct referent_feeder_state {
    bool welcome;          /* the worker has greeted this connection */
    bool ever_welcome;     /* ... or an earlier one */
    uint64_t credit_bytes; /* as granted */
    uint32_t credit_messages;
    size_t in_flight; /* sent, no receipt yet */
    uint64_t in_flight_bytes;
    size_t held;       /* loaded in bulk, to be committed together */
    size_t unfinished; /* without a final receipt: in flight, put off, held, not sent yet */
    uint64_t resent;   /* frames that were sent again, since the feeder was opened */
    uint64_t reconnects;
    /* Since the last Welcome or receipt of any kind, or since there is something to wait for; a Pong is no answer. */
    uint64_t answered_ms_ago;
    const char *put_off_rule; /* of the last RETRY receipt, "" if none */
    const char *put_off_reason;
    uint64_t rules; /* stands for the rules and limits by which the worker rejects: another number, and what was
                     * rejected may be taken now; 0: not known */
};

/* A feeder for `endpoint` ("tcp://host:port"). The connection is made in the background; a worker that is down shows
 * as no receipts. options may be NULL.
 * Faults  REFERENT_FAILED: the endpoint cannot be used, or out of memory. */
enum referent_result referent_feeder_open(const char *endpoint, const struct referent_feeder_options *options,
                                          struct referent_feeder **out, struct referent_error *err);
/* Take leave and close; what has no final receipt is forgotten. Sets *feeder to NULL; NULL and *feeder NULL are fine.
 */
void referent_feeder_close(struct referent_feeder **feeder);

/* Take a document for feeding; `tag` comes back in its receipt. A document that breaks a limit (id, size) is taken too,
 * not sent, and gets its receipt from referent_feeder_poll like any other.
 * Faults  REFERENT_AGAIN: no room before the next receipt (or before the first Welcome): poll, then offer it again;
 *         REFERENT_FAILED: out of memory. */
enum referent_result referent_feeder_submit(struct referent_feeder *feeder, const struct referent_document *document,
                                            void *tag, struct referent_error *err);
/* Delete a document; version and source as in referent_document. Faults as referent_feeder_submit. */
enum referent_result referent_feeder_delete(struct referent_feeder *feeder, const char *id, uint64_t version,
                                            const char *source, void *tag, struct referent_error *err);

/* About so many documents are to come. Counts from the next greeting on, so say it before the first poll. */
void referent_feeder_announce(struct referent_feeder *feeder, uint64_t documents);
/* Nothing more comes for now: once everything that was given is held or has its receipt, what is held is to be
 * committed. Without it the worker waits a while for more. A submission takes it back. */
void referent_feeder_flush(struct referent_feeder *feeder);

/* Send, receive, keep the connection alive; give one final receipt. Call it often: nothing else moves the feeder.
 * timeout_ms 0 does not wait, -1 waits for ever.
 * Faults  REFERENT_AGAIN: no final receipt in time, a signal interrupted the wait, or there is room again for a
 *         submission that was turned away;
 *         REFERENT_REJECTED: the worker does not speak this protocol: nothing more will come. */
enum referent_result referent_feeder_poll(struct referent_feeder *feeder, int timeout_ms,
                                          struct referent_receipt *receipt, struct referent_error *err);

void referent_feeder_state(struct referent_feeder *feeder, struct referent_feeder_state *state);

/* ---- What the worker holds, for feeders that remember what they have fed ---- */

/* A document stands in shard crc32(id) mod the number of shards. */
struct referent_shard {
    uint32_t number;
    unsigned char lineage[16]; /* another one: the shard was made anew, promoted or restored. Zero: not known */
    uint64_t sequence;         /* its last commit when the worker said Welcome, or that of a later receipt */
};

/* The shards as in the last Welcome, in order of numbers; 0 before the first. *shards lives until the next call with
 * this feeder. *welcomes (which may be NULL) counts the greetings: another number, another look at the shards. */
size_t referent_feeder_shards(struct referent_feeder *feeder, const struct referent_shard **shards, uint64_t *welcomes);
/* The shard of an id, where there are so many (at least 1). */
uint32_t referent_shard_of(const char *id, uint32_t shards);

struct referent_inventory_entry {
    const char *id;
    uint64_t version;
    unsigned char digest[16]; /* of referent_document_digest; zero for a tombstone */
    bool deleted;             /* a tombstone */
};

/* A part of what a shard holds, in order of bytes of the ids. */
struct referent_inventory {
    uint32_t shard;
    unsigned char lineage[16];
    uint64_t sequence; /* the commit that it shows */
    const struct referent_inventory_entry *entries;
    size_t count;
    bool done; /* nothing follows; otherwise ask again with `after` = the last id */
};

/* Ask for what follows the id `after` ("": from the beginning), within the credit, and wait for it. Receipts that come
 * meanwhile are kept for referent_feeder_poll; submissions wait. *out lives until the next inventory or the close.
 * Faults  REFERENT_UNREACHABLE: not in timeout_ms; REFERENT_REJECTED: err->rule says why (shard.unknown);
 *         REFERENT_AGAIN: a signal interrupted the wait; REFERENT_FAILED: out of memory. */
enum referent_result referent_feeder_inventory(struct referent_feeder *feeder, uint32_t shard, const char *after,
                                               int timeout_ms, const struct referent_inventory **out,
                                               struct referent_error *err);

enum { REFERENT_LOOKUP_MAX = 1000 };

/* The same for these ids of the shard alone, at least one, in this order and in one page; ids of which the shard knows
 * nothing are left out. Faults as referent_feeder_inventory; REFERENT_REJECTED also inventory.ids: more than
 * REFERENT_LOOKUP_MAX. */
enum referent_result referent_feeder_lookup(struct referent_feeder *feeder, uint32_t shard, const char *const *ids,
                                            size_t count, int timeout_ms, const struct referent_inventory **out,
                                            struct referent_error *err);

/* The digest by which an inventory knows the content of a document; the version does not matter.
 * Faults  REFERENT_FAILED: out of memory. */
enum referent_result referent_document_digest(const struct referent_document *document, unsigned char digest[16],
                                              struct referent_error *err);

/* "committed", "unchanged", "superseded", "rejected". */
const char *referent_status_name(enum referent_status status);

/* ---- Searching ------------------------------------------------------------------------------------------------- *
 *
 * Each call asks once and waits. A broken connection or silence makes it connect anew and ask again, until timeout_ms
 * are over; a worker that nobody can reach for 3 s is reported as REFERENT_UNREACHABLE before that.
 * Faults of all        REFERENT_REJECTED, REFERENT_RETRY (the worker's Failure), REFERENT_UNREACHABLE, REFERENT_FAILED;
 *                      REFERENT_AGAIN: a signal interrupted the wait. */

struct referent_searcher;

/* Faults: REFERENT_FAILED: the endpoint cannot be used, or out of memory. */
enum referent_result referent_searcher_open(const char *endpoint, struct referent_searcher **out,
                                            struct referent_error *err);
/* Sets *searcher to NULL; answers that were given out stay valid. NULL and *searcher NULL are fine. */
void referent_searcher_close(struct referent_searcher **searcher);

struct referent_query {
    const char *text;               /* at most 4096 bytes; "" with filters: everything that passes them */
    struct referent_strings member; /* several values of one filter: any of them; several filters: all of them */
    struct referent_strings case_number;
    struct referent_strings committee;
    struct referent_strings municipality;
    struct referent_strings party;
    struct referent_strings outcome; /* approved, recommended, ... */
    const char *date_from;           /* YYYY-MM-DD, of the meeting */
    const char *date_to;             /* inclusive */
    bool has_amount_min, has_amount_max;
    int64_t amount_min_ore, amount_max_ore; /* an item that mentions an amount in the range */
    uint32_t limit;                         /* 0: 10; at most 1000 */
    uint32_t offset;                        /* at most 100000 */
    struct referent_strings facets;         /* committee, municipality, year, member, party, outcome, kle, amount */
    uint32_t facet_limit;                   /* values a facet; 0: 10; at most 100 */
    uint32_t snippet_bytes;                 /* 0: 240; at most 2000 */
    uint32_t timeout_ms;                    /* for the worker; 0: its own */
    struct referent_strings law;            /* "serviceloven", "styrelseslovens § 17" */
    struct referent_strings kle;            /* "27", "27.00", "27.00.00.g01" */
    struct referent_strings org;
    const char *mention_from, *mention_to; /* YYYY-MM-DD, YYYY-MM or YYYY: an item that mentions a day between them */
    const char *sort;     /* relevance (""), date, date-asc, amount, amount-asc; without words the default is date */
    const char *collapse; /* "", meeting, case: one hit for each, the best one */
    bool literal;         /* take words as words: nothing is understood, no misspelling mended */
    bool all_words;       /* never relax: only what has all words */
    bool explain;         /* fill explanation and weights of the answer */
    bool ids_only;        /* of hits only id, position, score, shard, collapsed and weights, in half the time */
};

/* A term of the query that a hit has. */
struct referent_weight {
    const char *term;   /* as worker/text/index/SCHEMA.md has it */
    uint64_t documents; /* that have it */
    double most;        /* the most it can weigh; 0 for a filter, and for words that weigh together */
};

/* A part of the query that was taken for more than words. */
struct referent_understood {
    const char *kind;  /* member, case, committee, municipality, amount, date, law, org, kle, spelling, join */
    const char *text;  /* as typed */
    const char *value; /* what it was taken for */
    bool filter;       /* hits must have it; otherwise it is another way to match, and weighs */
};

struct referent_hit {
    const char *id;
    uint32_t position; /* 0: the meeting itself; 1, 2, ...: the item in reading order */
    const char *item;  /* the item's number as printed; its position if unnumbered; "" for the meeting */
    const char *title;
    const char *committee;
    const char *municipality;
    const char *date; /* YYYY-MM-DD */
    double score;
    const char *snippet; /* HTML-escaped, matches in <mark> */
    const char *url;
    uint32_t shard;
    const char *case_number; /* the item's own, as printed */
    const char *outcome;
    const char *kle;
    uint32_t collapsed; /* further hits of the same meeting or case, at least */
    const struct referent_weight *weights;
    size_t weight_count;
};

struct referent_facet_value {
    const char *value;
    uint64_t count;
};

struct referent_facet {
    const char *name;
    const struct referent_facet_value *values; /* most frequent first */
    size_t value_count;
};

struct referent_shard_sequence {
    uint32_t shard;
    uint64_t sequence;
};

/* What the answer covers. */
struct referent_coverage {
    uint32_t shards; /* in the index */
    uint32_t answered;
    const uint32_t *missing; /* numbers of the shards that did not answer */
    size_t missing_count;
    const struct referent_shard_sequence *sequences; /* commit that was searched, in order of shards */
    size_t sequence_count;
};

struct referent_answer {
    uint64_t total; /* an estimate unless total_exact */
    bool total_exact;
    const struct referent_hit *hits; /* best first */
    size_t hit_count;
    const struct referent_facet *facets;
    size_t facet_count;
    struct referent_coverage coverage;
    bool relaxed;       /* too few had all words: those come first, then what has some of them */
    uint64_t all_words; /* hits that have all words; total if not relaxed */
    const struct referent_understood *understood; /* in the order of the query */
    size_t understood_count;
    const char *suggestion;  /* the query with misspelt words mended; "" if none are */
    bool timed_out;          /* hits are what was found before the time was over */
    const char *explanation; /* the query as Xapian has it, if asked for */
};

/* *out lives until referent_answer_free. */
enum referent_result referent_search(struct referent_searcher *searcher, const struct referent_query *query,
                                     int timeout_ms, struct referent_answer **out, struct referent_error *err);
void referent_answer_free(struct referent_answer **answer);

/* Something named in the text. */
struct referent_entity {
    const char *type;    /* member, official, case, document, kle, amount, date, law, org, item */
    uint64_t start, end; /* byte offsets in the stored body */
    const char *value;   /* normalised: "1070664.00 DKK", "2020-02-05" */
    const char *rule;    /* that found it */
};

struct referent_stored {
    struct referent_document document; /* CPR numbers masked, closed items blanked; body has a NUL behind it */
    bool has_meeting;
    struct referent_meeting meeting; /* as found in the text */
    const struct referent_entity *entities;
    size_t entity_count;
    uint32_t shard;
    uint64_t sequence;
};

/* The stored document `id`. *out lives until referent_stored_free. Faults also REFERENT_NOT_FOUND. */
enum referent_result referent_get(struct referent_searcher *searcher, const char *id, int timeout_ms,
                                  struct referent_stored **out, struct referent_error *err);
void referent_stored_free(struct referent_stored **stored);

/* ---- Looking up: a case, a member, a completion. Open items that are there now, as in every search. ---- */

/* One agenda item, or a meeting (position 0), in a history. */
struct referent_entry {
    const char *id;
    uint32_t position; /* as in referent_hit, and so are the next five */
    const char *item;
    const char *title;
    const char *committee;
    const char *municipality;
    const char *date;
    const char *case_number; /* the item's own, as printed; "" if it has none */
    bool mentioned;          /* in a case: the item is about something else and names the case */
    const char *outcome;     /* "" for a meeting */
    struct referent_strings votes_for, votes_against, votes_abstain; /* party letters as printed, or names */
    const char *url;
    uint32_t shard;
};

struct referent_case_query {
    const char *number;                   /* in any notation */
    struct referent_strings municipality; /* any of them; none: wherever it is */
    uint32_t limit;                       /* steps; 0: 100; at most 1000 */
    uint32_t offset;                      /* at most 100000 */
};

struct referent_case {
    uint64_t total;
    const struct referent_entry *steps; /* oldest first */
    size_t step_count;
    struct referent_coverage coverage;
};

/* Where a case was treated. *out lives until referent_case_free. */
enum referent_result referent_case_history(struct referent_searcher *searcher, const struct referent_case_query *query,
                                           int timeout_ms, struct referent_case **out, struct referent_error *err);
void referent_case_free(struct referent_case **history);

struct referent_member_query {
    const char *name;                     /* at most 200 bytes; may be misspelt, or a part of the name */
    struct referent_strings municipality; /* any of them; none: everywhere */
    uint32_t limit;                       /* meetings, and as many items; 0: 20; at most 1000 */
    uint32_t offset;                      /* of both; at most 100000 */
};

struct referent_attendance {
    const char *id;
    const char *committee;
    const char *municipality;
    const char *date;
    const char *presence; /* present, absent, substitute; "" if the minutes do not say */
    const char *url;
};

struct referent_ballot {
    struct referent_entry item;
    const char *vote; /* for, against, abstain */
    bool by_party;    /* the minutes name the party, and the member was there */
};

struct referent_member {
    const char *name;               /* whom the answer is about, as a roster spells it; "" if nobody is near */
    bool exact;                     /* the name that was asked for, but for case, accents and marks */
    struct referent_strings others; /* who else may have been meant, nearest first */
    const char *party;
    uint64_t meetings_total;
    const struct referent_attendance *meetings; /* newest first, as the next two */
    size_t meeting_count;
    uint64_t items_total;
    const struct referent_entry *items; /* that name the member */
    size_t item_count;
    const struct referent_ballot *ballots; /* in these items by name, in these meetings by party */
    size_t ballot_count;
    struct referent_coverage coverage;
};

/* Attendance, items and votes of one member. *out lives until referent_member_free. */
enum referent_result referent_member_history(struct referent_searcher *searcher,
                                             const struct referent_member_query *query, int timeout_ms,
                                             struct referent_member **out, struct referent_error *err);
void referent_member_free(struct referent_member **member);

struct referent_completion {
    const char *kind; /* member, case, committee, municipality */
    const char *value;
    uint64_t documents; /* items and meetings that have it */
};

struct referent_completions {
    const struct referent_completion *items; /* likeliest first */
    size_t count;
    struct referent_coverage coverage;
};

/* What somebody who has typed `prefix` (1 to 200 bytes) may be about to write: at most `limit` (0: 10; at most 100) of
 * `kinds` (none: all). *out lives until referent_completions_free. */
enum referent_result referent_complete(struct referent_searcher *searcher, const char *prefix,
                                       struct referent_strings kinds, uint32_t limit, int timeout_ms,
                                       struct referent_completions **out, struct referent_error *err);
void referent_completions_free(struct referent_completions **completions);

struct referent_shard_status {
    uint32_t number;
    unsigned char lineage[16];
    uint64_t sequence;
    uint64_t meetings;  /* documents that were fed and are there */
    uint64_t documents; /* Xapian documents, one a meeting and one an item */
    uint32_t schema;
    uint32_t analysis;
    uint64_t closed_documents;
};

struct referent_counter {
    const char *name;
    uint64_t value;
};

struct referent_condition {
    const char *name; /* such as "disk.low" */
    uint32_t number;  /* of the shard, where it is one's */
    const char *reason;
};

struct referent_worker {
    const char *server; /* name and version */
    uint64_t instance;  /* another one after each start */
    uint64_t uptime_ms;
    bool draining;
    uint64_t peers;
    uint64_t in_flight;
    uint64_t rebuild_read, rebuild_of; /* meetings read, of so many, of shards being made anew; 0 of 0: none */
    uint64_t dead;                     /* rejected documents that are kept */
    uint64_t suspects;                 /* documents that will be run alone, after a crash */
    uint64_t aside;                    /* that were set aside, because the worker died of them */
    const struct referent_condition *conditions; /* what is wrong now, and passes */
    size_t condition_count;
    const struct referent_shard_status *shards; /* in order of numbers */
    size_t shard_count;
    const struct referent_counter *counters; /* in order of names */
    size_t counter_count;
};

/* How the worker is. *out lives until referent_worker_free. */
enum referent_result referent_worker_status(struct referent_searcher *searcher, int timeout_ms,
                                            struct referent_worker **out, struct referent_error *err);
void referent_worker_free(struct referent_worker **worker);

/* ---- Dead letters ---------------------------------------------------------------------------------------------- *
 *
 * What the worker rejected, kept before its receipt left. These calls take a searcher that was opened at the worker's
 * FEED endpoint. Faults are those of searching. To replay a letter, give its document to a feeder, and drop the letter
 * when the receipt is anything but REFERENT_STATUS_REJECTED. */

#define REFERENT_DEAD_MAX 1000 /* letters a page, numbers a drop */

enum referent_dead_kind { REFERENT_DEAD_SUBMIT = 1, REFERENT_DEAD_DELETE, REFERENT_DEAD_UNREADABLE };

struct referent_dead_letter {
    uint64_t number;  /* never given twice */
    uint64_t time_ms; /* since 1970: when it was rejected, the last time */
    enum referent_dead_kind kind;
    const char *id; /* "" if it could not be read */
    const char *source;
    uint64_t version;
    const char *rule;
    const char *reason;
    uint64_t size;  /* bytes of its frame */
    uint64_t times; /* it was rejected */
};

struct referent_dead_page {
    const struct referent_dead_letter *letters; /* in order of numbers */
    size_t letter_count;
    bool done;        /* nothing follows */
    uint64_t waiting; /* letters in all */
};

/* At most REFERENT_DEAD_MAX letters behind number `after`, of one rule ("" all). *out lives until
 * referent_dead_page_free. */
enum referent_result referent_dead_list(struct referent_searcher *searcher, const char *rule, uint64_t after,
                                        int timeout_ms, struct referent_dead_page **out, struct referent_error *err);
void referent_dead_page_free(struct referent_dead_page **page);

struct referent_dead_copy {
    struct referent_dead_letter letter;
    bool readable;                     /* the document below is there */
    struct referent_document document; /* as it was fed; of a deletion its id, version and source */
    const void *frame;                 /* the bytes that were kept */
    size_t frame_bytes;
};

/* One letter with its document. *out lives until referent_dead_copy_free. Faults also REFERENT_NOT_FOUND. */
enum referent_result referent_dead_get(struct referent_searcher *searcher, uint64_t number, int timeout_ms,
                                       struct referent_dead_copy **out, struct referent_error *err);
void referent_dead_copy_free(struct referent_dead_copy **copy);

/* Drop up to REFERENT_DEAD_MAX letters; *dropped says how many of them were there. */
enum referent_result referent_dead_drop(struct referent_searcher *searcher, const uint64_t *numbers, size_t count,
                                        int timeout_ms, uint64_t *dropped, struct referent_error *err);

#ifdef __cplusplus
}
#endif

#endif
