/* Young segments against a real Xapian: which document goes where, that it stands in one place with every promise of a
 * batch kept, and that a crash between any two durable steps leaves a shard in which redelivery converges. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "inventory.h"
#include "merger.h"
#include "publication.h"
#include "schema.h"
#include "session.h"
#include "shard_bench.h"
#include "term.h"
#include "view.h"
#include "xapian_care.h"

enum { JOBS_MAX = 256, LEAST = 4, CRASHED = 77 };

/* ---- the moment of death: durable steps of our own that may still be taken; -1: all */

static atomic_int calls_left = -1;

static void call_pass(void)
{
    if (calls_left == 0)
        _exit(CRASHED);
    if (calls_left > 0)
        calls_left--;
}

static const char *unpublished; /* whatever gets this name does not */

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    call_pass();
    if (unpublished != NULL && strcmp(to, unpublished) == 0) {
        errno = ENOSPC;
        return -1;
    }
    return __real_rename(from, to);
}

int __real_fsync(int file);
int __wrap_fsync(int file);
int __wrap_fsync(int file)
{
    call_pass();
    return __real_fsync(file);
}

/* ---- a bench */

static int bench_setup(void **state)
{
    return bench_open(state, JOBS_MAX);
}

/* A meeting of two open documents, and one closed. `word` stands in all. */
static struct index_record *record_make(struct bench *bench, const char *id, uint64_t version, const char *word,
                                        bool closed)
{
    struct index_record *record = arena_zero(bench->arena, 1, sizeof *record);
    size_t count = closed ? 3 : 2;
    struct index_document *documents = arena_zero(bench->arena, count, sizeof *documents);
    for (size_t i = 0; i < count; i++) {
        struct posting *postings = arena_zero(bench->arena, 3, sizeof *postings);
        struct slot_value *values = arena_zero(bench->arena, 2, sizeof *values);
        char *big_endian = arena_zero(bench->arena, 1, 8), *digest = arena_zero(bench->arena, 1, 16);
        postings[0].term = term_unique(bench->arena, span_of(id), i);
        postings[1].term = term_group(bench->arena, span_of(id));
        postings[2] = (struct posting){.term = span_of(word), .wdf = 1};
        qsort(postings, 3, sizeof *postings, posting_order);
        big_endian[7] = (char)version;
        digest[0] = (char)version;
        values[0] = (struct slot_value){SLOT_VERSION, {big_endian, 8}};
        values[1] = (struct slot_value){SLOT_DIGEST, {digest, 16}};
        struct text data = arena_format(bench->arena, "id=%s\nn=%zu\n", id, i);
        documents[i] = (struct index_document){.unique = term_unique(bench->arena, span_of(id), i),
                                               .postings = postings,
                                               .posting_count = 3,
                                               .values = values,
                                               .value_count = 2,
                                               .data = {data.at, data.size},
                                               .closed = i == 2};
    }
    *record =
        (struct index_record){.id = span_of(id), .version = version, .documents = documents, .document_count = count};
    return record;
}

static struct job *job_make(struct bench *bench, enum job_kind kind, const char *id, uint64_t version)
{
    struct job *job = arena_zero(bench->arena, 1, sizeof *job);
    struct text copy = arena_copy(bench->arena, span_of(id));
    job->arena = bench->arena;
    job->kind = kind;
    job->id = (struct span){copy.at, copy.size};
    job->version = version;
    job->routing = SPAN("feeder");
    job->digest[0] = (unsigned char)version;
    return job;
}

static struct job *submit_with(struct bench *bench, const char *id, uint64_t version, const char *word, bool closed)
{
    struct job *job = job_make(bench, JOB_SUBMIT, id, version);
    job->record = record_make(bench, job->id.at, version, word, closed);
    batch_add(&bench->batch, job);
    return job;
}

static struct job *submit(struct bench *bench, const char *id, uint64_t version, const char *word)
{
    return submit_with(bench, id, version, word, false);
}

static struct job *delete (struct bench *bench, const char *id, uint64_t version)
{
    struct job *job = job_make(bench, JOB_DELETE, id, version);
    batch_add(&bench->batch, job);
    return job;
}

static void commit(struct bench *bench, size_t least)
{
    struct error err;
    bench->batch.young = least;
    ok(batch_commit(&bench->shard, &bench->batch, &err), &err);
    for (size_t i = 0; i < bench->batch.count; i++)
        assert_true(bench->batch.jobs[i]->receipt.settled);
    bench->batch.count = 0;
}

/* Meetings first0 .. first<count - 1> in a batch of their own, all of version 1. */
static void many(struct bench *bench, const char *first, int count)
{
    for (int i = 0; i < count; i++)
        submit(bench, arena_format(bench->arena, "%s%d", first, i).at, 1, "Zold");
    commit(bench, LEAST);
}

/* As anybody sees it who opens the stub. */
static uint64_t found(struct bench *bench, struct span term)
{
    struct error err;
    uint64_t count = 0;
    const char *path = bench->shard.open.path;
    struct database *reader;
    ok(database_open_read(&path, 1, &reader, &err), &err);
    ok(database_term_freq(reader, 0, term, &count, &err), &err);
    database_close(&reader);
    return count;
}

static uint64_t found_id(struct bench *bench, const char *id)
{
    return found(bench, term_group(bench->arena, span_of(id)));
}

static uint64_t in_generation(struct bench *bench, struct span term)
{
    struct error err;
    uint64_t count = 0;
    ok(database_term_freq(bench->shard.open.database, 0, term, &count, &err), &err);
    return count;
}

static bool has_tombstone(struct bench *bench, const char *id)
{
    struct error err;
    struct span value;
    struct text key = arena_format(bench->arena, "%s%s", schema_key(KEY_DELETED).at, id);
    ok(database_meta(bench->shard.open.database, 0, bench->arena, (struct span){key.at, key.size}, &value, &err), &err);
    return value.size > 0;
}

/* How many databases of the shard have the id. */
static size_t homes(struct bench *bench, const char *id)
{
    struct error err;
    struct span group = term_group(bench->arena, span_of(id));
    size_t count = in_generation(bench, group) > 0;
    for (size_t i = 0; i < bench->shard.row.count; i++) {
        uint64_t here;
        ok(database_term_freq(bench->shard.row.items[i].reader, 0, group, &here, &err), &err);
        count += here > 0;
    }
    return count;
}

/* ---- stories */

static void new_documents_become_a_segment_if_they_are_many(void **state)
{
    struct bench *bench = *state;
    many(bench, "few", LEAST - 1);
    assert_int_equal(bench->shard.row.count, 0);
    assert_int_equal(in_generation(bench, SPAN("Zold")), 2 * (LEAST - 1));
    many(bench, "many", LEAST);
    assert_int_equal(bench->shard.row.count, 1);
    assert_int_equal(in_generation(bench, SPAN("Zold")), 2 * (LEAST - 1));
    assert_int_equal(found(bench, SPAN("Zold")), 2 * (2 * LEAST - 1));
    assert_int_equal(bench->shard.sequence, 2);
    struct job *same = submit(bench, "many1", 1, "Zold");
    commit(bench, LEAST);
    assert_int_equal(same->receipt.status, RECEIPT_UNCHANGED);
    assert_int_equal(same->receipt.sequence, 2);
}

static void what_is_there_changes_where_it_stands(void **state)
{
    struct bench *bench = *state;
    struct error err;
    many(bench, "base", LEAST - 1);
    many(bench, "a", LEAST);
    many(bench, "b", LEAST);
    for (int i = 0; i < LEAST; i++)
        submit(bench, arena_format(bench->arena, "c%d", i).at, 1, "Zold");
    struct job *jobs[] = {submit(bench, "base0", 2, "Znew"), submit(bench, "a1", 2, "Znew"), delete (bench, "b2", 3),
                          submit(bench, "b3", 0, "Znew")};
    commit(bench, LEAST);
    assert_int_equal(bench->shard.row.count, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(jobs[i]->receipt.status, RECEIPT_COMMITTED);
    assert_int_equal(jobs[3]->receipt.status, RECEIPT_SUPERSEDED);
    assert_int_equal(found(bench, SPAN("Znew")), 4);
    assert_int_equal(found_id(bench, "b2"), 0);
    assert_true(has_tombstone(bench, "b2"));
    static const char *const ids[] = {"base0", "a1", "b3", "c0"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(homes(bench, ids[i]), 1);
    ok(shard_reopen(&bench->shard, &err), &err); /* all of that is on disk */
    assert_int_equal(bench->shard.row.count, 3);
    assert_int_equal(found(bench, SPAN("Znew")), 4);
}

/* A tombstone and the document that overcomes it are one commit, so it goes to the generation. */
static void what_was_deleted_comes_back_in_the_generation(void **state)
{
    struct bench *bench = *state;
    many(bench, "a", LEAST);
    delete (bench, "a0", 2);
    commit(bench, LEAST);
    for (int i = 0; i < LEAST; i++)
        submit(bench, arena_format(bench->arena, "b%d", i).at, 1, "Zold");
    struct job *old = submit(bench, "a0", 2, "Znew"), *newer;
    commit(bench, LEAST);
    assert_int_equal(old->receipt.status, RECEIPT_SUPERSEDED);
    for (int i = 0; i < LEAST; i++)
        submit(bench, arena_format(bench->arena, "c%d", i).at, 1, "Zold");
    newer = submit(bench, "a0", 3, "Znew");
    commit(bench, LEAST);
    assert_int_equal(newer->receipt.status, RECEIPT_COMMITTED);
    assert_int_equal(in_generation(bench, SPAN("Znew")), 2);
    assert_false(has_tombstone(bench, "a0"));
    assert_int_equal(homes(bench, "a0"), 1);
}

static void the_same_id_in_one_batch_is_decided_in_order(void **state)
{
    struct bench *bench = *state;
    many(bench, "a", LEAST);
    struct job *jobs[9];
    jobs[0] = submit(bench, "n", 1, "Zone");
    for (int i = 0; i < LEAST; i++)
        submit(bench, arena_format(bench->arena, "b%d", i).at, 1, "Zold");
    jobs[1] = submit(bench, "n", 1, "Zone");
    jobs[2] = submit(bench, "n", 3, "Zthree");
    jobs[3] = submit(bench, "n", 2, "Ztwo");
    jobs[4] = delete (bench, "n", 4);
    jobs[5] = submit(bench, "n", 5, "Zfive");
    jobs[6] = delete (bench, "a0", 2); /* and back again, in the same batch */
    jobs[7] = submit(bench, "a0", 3, "Zfive");
    jobs[8] = delete (bench, "a1", 1);
    commit(bench, LEAST);
    static const enum receipt_status wanted[] = {RECEIPT_COMMITTED,  RECEIPT_UNCHANGED, RECEIPT_COMMITTED,
                                                 RECEIPT_SUPERSEDED, RECEIPT_COMMITTED, RECEIPT_COMMITTED,
                                                 RECEIPT_COMMITTED,  RECEIPT_COMMITTED, RECEIPT_COMMITTED};
    for (int i = 0; i < 9; i++)
        assert_int_equal(jobs[i]->receipt.status, wanted[i]);
    assert_int_equal(found(bench, SPAN("Zfive")), 4);
    assert_int_equal(found_id(bench, "n"), 2);
    assert_int_equal(homes(bench, "n"), 1);
    assert_int_equal(homes(bench, "a0"), 1);
    assert_int_equal(homes(bench, "a1"), 0);
}

static void poison_is_rejected_alone(void **state)
{
    struct bench *bench = *state;
    struct job *jobs[2 * LEAST];
    char *nuls = arena_zero(bench->arena, 1, 240);
    for (int i = 0; i < 2 * LEAST; i++) {
        jobs[i] = submit(bench, arena_format(bench->arena, "d%d", i).at, 1, "Zold");
        if (i == 3)
            ((struct posting *)(void *)jobs[i]->record->documents[1].postings)[0].term = (struct span){nuls, 240};
    }
    commit(bench, LEAST);
    for (int i = 0; i < 2 * LEAST; i++)
        assert_int_equal(jobs[i]->receipt.status, i == 3 ? RECEIPT_REJECTED : RECEIPT_COMMITTED);
    assert_int_equal(found(bench, SPAN("Zold")), 2 * (2 * LEAST - 1));
    assert_int_equal(bench->shard.row.count, 0); /* it was replayed without a segment, and nothing is left of that */
    many(bench, "e", LEAST);
    assert_int_equal(bench->shard.row.count, 1);
}

static void closed_documents_stand_apart(void **state)
{
    struct bench *bench = *state;
    struct error err;
    uint64_t closed;
    for (int i = 0; i < LEAST; i++)
        submit_with(bench, arena_format(bench->arena, "d%d", i).at, 1, "Zold", i == 1);
    commit(bench, LEAST);
    assert_int_equal(bench->shard.row.count, 1);
    assert_int_equal(found(bench, SPAN("Zold")), 2 * LEAST);
    ok(database_count(bench->shard.closed.database, 0, &closed, &err), &err);
    assert_int_equal(closed, 1);
    submit(bench, "d1", 2, "Znew");
    commit(bench, LEAST);
    ok(database_count(bench->shard.closed.database, 0, &closed, &err), &err);
    assert_int_equal(closed, 0);
    assert_int_equal(homes(bench, "d1"), 1);
}

static void an_inventory_sees_every_segment(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *reader = NULL;
    many(bench, "x", 2);
    many(bench, "b", LEAST);
    many(bench, "a", LEAST);
    delete (bench, "a1", 9);
    commit(bench, LEAST);
    char seen[128] = "";
    struct span after = {0};
    for (bool done = false; !done;) {
        struct job *page = job_make(bench, JOB_INVENTORY, "", 0);
        page->after = after;
        page->limit = 3;
        ok(inventory_page(&bench->shard, &reader, page, &err), &err);
        for (size_t i = 0; i < page->entry_count; i++) {
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%.*s%s ", (int)page->entries[i].id.size,
                     page->entries[i].id.at, page->entries[i].deleted ? "-" : "");
            after = page->entries[i].id;
        }
        done = page->done;
    }
    database_close(&reader);
    assert_string_equal(seen, "a0 a1- a2 a3 b0 b1 b2 b3 x0 x1 ");
}

/* ---- merging */

static void ready_wait(struct merger *merger)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < 20000 && !merger_ready(merger); i++)
        nanosleep(&moment, NULL);
    assert_true(merger_ready(merger));
}

static size_t folders(struct bench *bench)
{
    char pattern[160];
    size_t count = 0;
    for (int i = 1; i < 400; i++) {
        snprintf(pattern, sizeof pattern, "%s/shard-0000/young-%06d", bench->folder, i);
        count += access(pattern, F_OK) == 0;
    }
    return count;
}

static void segments_are_merged_beside_the_writer(void **state)
{
    struct bench *bench = *state;
    struct error err;
    bool taken;
    struct queue *bell = queue_new(1);
    struct merger *merger = merger_new(bell);
    for (int i = 0; i < YOUNG_MAX; i++)
        many(bench, arena_format(bench->arena, "s%d-", i).at, LEAST);
    assert_int_equal(bench->shard.row.count, YOUNG_MAX);
    many(bench, "full", LEAST); /* no room: the generation takes them */
    assert_int_equal(bench->shard.row.count, YOUNG_MAX);
    assert_int_equal(in_generation(bench, SPAN("Zold")), 2 * LEAST);
    uint64_t sequence = bench->shard.sequence;
    merger_start(merger, &bench->shard, YOUNG_MAX);
    ready_wait(merger);
    ok(merger_take(merger, &bench->shard, &taken, &err), &err);
    assert_true(taken);
    assert_int_equal(bench->shard.row.count, 1);
    assert_int_equal(folders(bench), 1);
    assert_int_equal(found(bench, SPAN("Zold")), 2 * LEAST * (YOUNG_MAX + 1));
    assert_int_equal(bench->shard.sequence, sequence);
    struct job *again = submit(bench, "s3-1", 1, "Zold"), *newer = submit(bench, "s5-0", 2, "Znew");
    commit(bench, LEAST);
    assert_int_equal(again->receipt.status, RECEIPT_UNCHANGED);
    assert_int_equal(newer->receipt.status, RECEIPT_COMMITTED);
    assert_int_equal(found(bench, SPAN("Znew")), 2);
    merger_free(&merger);
    queue_free(&bell);
}

/* What is changed while it is being merged is not lost: the merge is. */
static void a_merge_of_what_was_changed_is_void(void **state)
{
    struct bench *bench = *state;
    struct error err;
    bool taken;
    struct queue *bell = queue_new(1);
    struct merger *merger = merger_new(bell);
    for (int i = 0; i < YOUNG_MAX - 2; i++)
        many(bench, arena_format(bench->arena, "s%d-", i).at, LEAST);
    merger_start(merger, &bench->shard, YOUNG_MAX);
    delete (bench, "s2-1", 2);
    submit(bench, "s3-1", 2, "Znew");
    commit(bench, LEAST);
    ready_wait(merger);
    ok(merger_take(merger, &bench->shard, &taken, &err), &err);
    assert_false(taken);
    assert_int_equal(bench->shard.row.count, YOUNG_MAX - 2);
    assert_int_equal(folders(bench), YOUNG_MAX - 2);
    assert_int_equal(found_id(bench, "s2-1"), 0);
    assert_int_equal(found(bench, SPAN("Znew")), 2);
    merger_free(&merger);
    queue_free(&bell);
}

static void what_is_worth_merging(void **state)
{
    (void)state;
    static const bool idle[YOUNG_MAX];
    static const bool first_two[YOUNG_MAX] = {true, true};
    struct merge_choice choice = merge_choose((const uint64_t[]){8, 1, 1, 1, 1}, idle, 5, 8);
    assert_int_equal(choice.count, 0); /* the row is short */
    choice = merge_choose((const uint64_t[]){100, 1, 1, 1, 1, 1}, idle, 6, 8);
    assert_int_equal(choice.first, 1);
    assert_int_equal(choice.count, 5);
    choice = merge_choose((const uint64_t[]){9, 1, 1, 1, 1, 1}, idle, 6, 8);
    assert_int_equal(choice.first, 0);
    choice = merge_choose((const uint64_t[]){640, 160, 40, 10, 2, 1}, idle, 6, 8);
    assert_int_equal(choice.first, 4);
    assert_int_equal(choice.count, 2);
    choice = merge_choose((const uint64_t[]){1, 1, 1, 1, 1, 1}, first_two, 6, 8);
    assert_int_equal(choice.first, 2);
    assert_int_equal(choice.count, 4);
    choice = merge_choose((const uint64_t[]){1000, 10, 4}, idle, 3, 2); /* nobody feeds: few are merged, too */
    assert_int_equal(choice.first, 1);
    choice = merge_choose((const uint64_t[]){5, 1}, idle, 2, 2);
    assert_int_equal(choice.count, 2);
}

/* ---- with others */

static void a_shard_becomes_one_database_again(void **state)
{
    struct bench *bench = *state;
    struct error err;
    uint64_t errors;
    many(bench, "a", LEAST);
    many(bench, "b", LEAST);
    delete (bench, "a1", 5);
    commit(bench, LEAST);
    uint64_t sequence = bench->shard.sequence;
    bench->shard.analysis = 1; /* what older rules made is no newer for that */
    ok(publication_fold(&bench->shard, &err), &err);
    ok(shard_reopen(&bench->shard, &err), &err);
    assert_int_equal(bench->shard.analysis, 1);
    assert_int_equal(bench->shard.row.count, 0);
    assert_int_equal(folders(bench), 0);
    assert_int_equal(bench->shard.sequence, sequence + 1);
    assert_int_equal(in_generation(bench, SPAN("Zold")), 2 * (2 * LEAST - 1));
    assert_true(has_tombstone(bench, "a1"));
    ok(database_check(bench->shard.open.generation, &errors, NULL, &err), &err);
    assert_int_equal(errors, 0);
    ok(publication_fold(&bench->shard, &err), &err); /* nothing to do */
    assert_int_equal(bench->shard.sequence, sequence + 1);
    many(bench, "c", LEAST);
    assert_int_equal(bench->shard.row.count, 1);
}

static void a_load_takes_the_young_ones_along(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct held *held;
    enum place place;
    struct session *session = session_new(&bench->shard, 1 << 20);
    many(bench, "a", LEAST);
    assert_true(session_possible(session, &bench->shard));
    struct job *known = job_make(bench, JOB_SUBMIT, "a1", 1), *fresh = job_make(bench, JOB_SUBMIT, "l1", 1);
    known->record = record_make(bench, "a1", 1, "Zold", false);
    fresh->record = record_make(bench, "l1", 1, "Zold", false);
    ok(session_offer(session, &bench->shard, fresh, true, &place, &err), &err);
    assert_int_equal(place, PLACE_HELD);
    ok(session_offer(session, &bench->shard, known, true, &place, &err), &err);
    assert_int_equal(place, PLACE_STEADY); /* the shard knows it */
    ok(session_publish(session, &bench->shard, &held, &err), &err);
    held_free(&held);
    session_free(&session);
    assert_int_equal(bench->shard.row.count, 0);
    assert_int_equal(found(bench, SPAN("Zold")), 2 * (LEAST + 1));
    assert_int_equal(in_generation(bench, SPAN("Zold")), 2 * (LEAST + 1));
}

/* The commits of the generation fail, and those of the segment before them do not: readers, who look at the generation,
 * hear of it before the segment is written once more. */
static void a_segment_that_is_ahead_is_looked_at(void **state)
{
    struct bench *bench = *state;
    struct error err;
    char revision[PATH_MAX + 16];
    many(bench, "a", LEAST);
    struct view *view = view_new(bench->folder, 1), *later = view_new(bench->folder, 1);
    ok(view_refresh(view, &err), &err);
    ok(view_refresh(later, &err), &err);
    snprintf(revision, sizeof revision, "%s/iamglass", bench->shard.open.generation);
    unpublished = revision;
    for (int i = 0; i < 2; i++) {
        submit(bench, arena_format(bench->arena, "a%d", i).at, 2, "Znew");
        assert_int_equal(batch_commit(&bench->shard, &bench->batch, &err), FAULT_REOPEN);
        bench->batch.count = 0;
    }
    unpublished = NULL;
    assert_int_equal(view_whole(view, &err), FAULT_REOPEN);
    ok(view_refresh(later, &err), &err);
    ok(view_whole(later, &err), &err);
    uint64_t documents;
    ok(database_frequency(view_database(later), SPAN("Znew"), &documents, &err), &err);
    assert_int_equal(documents, 4);
    view_free(&view);
    view_free(&later);
}

/* The number of a hit leads to its shard and to its document there, however many databases each shard is made of. */
/* The data of a meeting's second document differ from those of its first, which stands before it, in one figure. */
static void expect_beside(struct bench *bench, struct view *view, const struct search_hit *hit, struct span data)
{
    struct error err;
    struct span first;
    bool there;
    size_t figure = data.size - 2;
    if (data.at[figure] != '1')
        return;
    uint32_t before = hit->docid - (uint32_t)database_width(view_database(view), hit->part);
    ok(database_data(view_database(view), hit->part, before, bench->arena, &first, &there, &err), &err);
    assert_true(there);
    assert_true(span_equal(span_cut(first, 0, figure), span_cut(data, 0, figure)));
    assert_int_equal(first.at[figure], '0');
}

static uint64_t frequency(struct view *view, struct span term)
{
    struct error err;
    uint64_t documents;
    ok(database_frequency(view_database(view), term, &documents, &err), &err);
    return documents;
}

static void a_hit_is_found_in_its_shard(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct shard second;
    const struct query_node all = {.op = QUERY_TERM, .text = SPAN("Zold")};
    many(bench, "a", LEAST);
    many(bench, "b", LEAST);
    many(bench, "c", LEAST - 1);
    shard_close(&bench->shard);
    struct shard first = bench->shard;
    ok(shard_open(&second, bench->folder, 1, 2, &err), &err);
    bench->shard = second;
    many(bench, "d", LEAST);
    many(bench, "e", 1);
    struct view *view = view_new(bench->folder, 2);
    ok(view_refresh(view, &err), &err);
    struct search search = {.nodes = &all, .node_count = 1, .k1 = 1, .b = 0.5, .limit = 100, .check_at_least = 100};
    search.collapse_slot = UINT32_MAX;
    struct search_result *result;
    ok(database_search(view_database(view), &search, &result, &err), &err);
    assert_int_equal(search_result_count(result), 2 * (3 * LEAST - 1) + 2 * (LEAST + 1));
    for (size_t i = 0; i < search_result_count(result); i++) {
        struct search_hit hit;
        struct span data;
        bool there;
        ok(search_result_hit(result, i, bench->arena, &hit, &err), &err);
        ok(database_data(view_database(view), hit.part, hit.docid, bench->arena, &data, &there, &err), &err);
        assert_true(there);
        assert_true(span_equal(data, hit.data));
        expect_beside(bench, view, &hit, data);
        assert_int_equal(view_shard(view, hit.part), data.at[3] >= 'd');
    }
    search_result_free(&result);
    assert_int_equal(frequency(view, SPAN("Zold")), 2 * (3 * LEAST - 1) + 2 * (LEAST + 1));
    assert_int_equal(frequency(view, SPAN("Znew")), 0);
    many(bench, "f", LEAST);        /* the stub moves, and the view with it */
    submit(bench, "d1", 2, "Znew"); /* and what is young changes where it stands */
    commit(bench, LEAST);
    ok(view_refresh(view, &err), &err);
    assert_int_equal(frequency(view, SPAN("Zold")), 2 * (3 * LEAST - 1) + 2 * (2 * LEAST));
    assert_int_equal(frequency(view, SPAN("Znew")), 2);
    submit(bench, "e0", 2, "Znew"); /* and so does what is not */
    commit(bench, LEAST);
    ok(view_refresh(view, &err), &err);
    assert_int_equal(frequency(view, SPAN("Zold")), 2 * (3 * LEAST - 1) + 2 * (2 * LEAST) - 2);
    assert_int_equal(frequency(view, SPAN("Znew")), 4);
    view_free(&view);
    shard_close(&bench->shard);
    bench->shard = first;
}

/* A change of one young segment and the batch's other changes: a child is ended before each durable step in turn.
 * Afterwards every meeting is there in its old state or its new one, in one place; and once all is sent again, as if
 * nothing had been. */
static void a_crash_loses_nothing(void **state)
{
    struct bench *bench = *state;
    struct error err;
    int status = CRASHED;
    for (int ends = 0; status == CRASHED; ends++) {
        const char *round = arena_format(bench->arena, "r%d-", ends).at;
        const char *replaced = arena_format(bench->arena, "%s1", round).at;
        const char *deleted = arena_format(bench->arena, "%s2", round).at;
        bench->batch.count = 0;
        if (bench->shard.row.count > 4)
            ok(publication_fold(&bench->shard, &err), &err);
        many(bench, round, LEAST);
        for (int again = 0; again < 2; again++) {
            for (int i = 0; i < LEAST; i++)
                submit_with(bench, arena_format(bench->arena, "%sn%d", round, i).at, 1, "Zfresh", i == 0);
            submit(bench, replaced, 2, "Znew");
            delete (bench, deleted, 2);
            if (again > 0)
                break;
            shard_close(&bench->shard);
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0) {
                if (shard_reopen(&bench->shard, &err) != FAULT_NONE)
                    _exit(1);
                calls_left = ends;
                bench->batch.young = LEAST;
                _exit(batch_commit(&bench->shard, &bench->batch, &err) == FAULT_NONE ? 0 : 2);
            }
            assert_int_equal(waitpid(child, &status, 0), child);
            assert_true(WIFEXITED(status));
            status = WEXITSTATUS(status);
            assert_true(status == 0 || status == CRASHED);
            bench->batch.count = 0;
            ok(shard_open(&bench->shard, bench->folder, 0, 1, &err), &err);
            assert_int_equal(found_id(bench, replaced), 2);
            assert_int_equal(homes(bench, replaced), 1);
            assert_true(found_id(bench, deleted) == 2 || has_tombstone(bench, deleted));
            assert_int_equal(folders(bench), bench->shard.row.count);
        }
        commit(bench, LEAST);
        assert_int_equal(found_id(bench, deleted), 0);
        assert_true(has_tombstone(bench, deleted));
        assert_int_equal(found(bench, term_unique(bench->arena, span_of(replaced), 0)), 1);
        for (int i = 0; i < LEAST; i++)
            assert_int_equal(homes(bench, arena_format(bench->arena, "%sn%d", round, i).at), 1);
        assert_int_equal(found(bench, SPAN("Znew")), 2 * (uint64_t)(ends + 1));
        assert_int_equal(found(bench, SPAN("Zfresh")), 2 * (uint64_t)(LEAST * (ends + 1)));
    }
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(new_documents_become_a_segment_if_they_are_many),
        STORY(what_is_there_changes_where_it_stands),
        STORY(what_was_deleted_comes_back_in_the_generation),
        STORY(the_same_id_in_one_batch_is_decided_in_order),
        STORY(poison_is_rejected_alone),
        STORY(closed_documents_stand_apart),
        STORY(an_inventory_sees_every_segment),
        STORY(segments_are_merged_beside_the_writer),
        STORY(a_merge_of_what_was_changed_is_void),
        STORY(what_is_worth_merging),
        STORY(a_shard_becomes_one_database_again),
        STORY(a_load_takes_the_young_ones_along),
        STORY(a_segment_that_is_ahead_is_looked_at),
        STORY(a_hit_is_found_in_its_shard),
        STORY(a_crash_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
