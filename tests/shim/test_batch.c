/* A batch against a real Xapian: what is poison, what is not, and who gets which receipt. The records are made by hand,
 * past the checks of the text stage, because a poison that those let through is what a batch must survive. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "inventory.h"
#include "schema.h"
#include "shard_bench.h"
#include "term.h"

enum { JOBS_MAX = 64 };

static int bench_setup(void **state)
{
    return bench_open(state, JOBS_MAX);
}

/* A record of one document with the extra term. */
static struct index_record *record_make(struct bench *bench, const char *id, uint64_t version, char digest,
                                        struct span extra, bool closed)
{
    struct index_record *record = arena_zero(bench->arena, 1, sizeof *record);
    struct index_document *documents = arena_zero(bench->arena, 2, sizeof *documents);
    size_t count = closed ? 2 : 1;
    for (size_t i = 0; i < count; i++) {
        struct posting *postings = arena_zero(bench->arena, 4, sizeof *postings);
        struct slot_value *values = arena_zero(bench->arena, 2, sizeof *values);
        postings[0].term = term_unique(bench->arena, span_of(id), i);
        postings[1].term = term_group(bench->arena, span_of(id));
        postings[2].term = i == 0 ? SPAN("Zopen") : SPAN("Zlukket");
        postings[2].wdf = 1;
        postings[3].term = extra;
        char *big_endian = arena_zero(bench->arena, 1, 8), *whole = arena_alloc(bench->arena, 16);
        for (int n = 0; n < 8; n++)
            big_endian[7 - n] = (char)(version >> (8 * n));
        memset(whole, digest, 16);
        values[0] = (struct slot_value){SLOT_VERSION, {big_endian, 8}};
        values[1] = (struct slot_value){SLOT_DIGEST, {whole, 16}};
        documents[i] = (struct index_document){.unique = postings[0].term,
                                               .postings = postings,
                                               .posting_count = extra.size > 0 ? 4 : 3,
                                               .values = values,
                                               .value_count = 2,
                                               .data = SPAN("id=x\n"),
                                               .closed = i == 1};
        qsort(postings, documents[i].posting_count, sizeof *postings, posting_order);
    }
    *record =
        (struct index_record){.id = span_of(id), .version = version, .documents = documents, .document_count = count};
    return record;
}

static struct job *job_make(struct bench *bench, enum job_kind kind, const char *id, uint64_t version, char digest)
{
    struct job *job = arena_zero(bench->arena, 1, sizeof *job);
    job->arena = bench->arena;
    job->kind = kind;
    job->id = span_of(id);
    job->version = version;
    memset(job->digest, digest, sizeof job->digest);
    return job;
}

static struct job *submit_with(struct bench *bench, const char *id, uint64_t version, char digest, struct span extra,
                               bool closed)
{
    struct job *job = job_make(bench, JOB_SUBMIT, id, version, digest);
    job->record = record_make(bench, id, version, digest, extra, closed);
    batch_add(&bench->batch, job);
    return job;
}

static struct job *submit(struct bench *bench, const char *id, uint64_t version, char digest)
{
    return submit_with(bench, id, version, digest, (struct span){0}, false);
}

static struct job *delete (struct bench *bench, const char *id, uint64_t version)
{
    struct job *job = job_make(bench, JOB_DELETE, id, version, 0);
    batch_add(&bench->batch, job);
    return job;
}

static void commit(struct bench *bench)
{
    struct error err;
    assert_int_equal(batch_commit(&bench->shard, &bench->batch, &err), FAULT_NONE);
    for (size_t i = 0; i < bench->batch.count; i++)
        assert_true(bench->batch.jobs[i]->receipt.settled);
    bench->batch.count = 0;
}

static uint64_t documents_with(struct bench *bench, bool closed, struct span term)
{
    struct error err;
    uint64_t count = 0;
    const char *path = closed ? bench->shard.closed.path : bench->shard.open.path;
    struct database *reader;
    assert_int_equal(database_open_read(&path, 1, &reader, &err), FAULT_NONE);
    assert_int_equal(database_term_freq(reader, 0, term, &count, &err), FAULT_NONE);
    database_close(&reader);
    return count;
}

static struct span nuls(struct bench *bench)
{
    return (struct span){arena_zero(bench->arena, 1, 240), 240};
}

static struct span too_long(struct bench *bench)
{
    char *term = arena_alloc(bench->arena, 246);
    memset(term, 'a', 246);
    return (struct span){term, 246};
}

static void poison_at_add_is_rejected_alone(void **state)
{
    struct bench *bench = *state;
    struct job *jobs[9];
    for (int i = 0; i < 9; i++) {
        struct text id = arena_format(bench->arena, "d%d", i);
        jobs[i] = submit_with(bench, id.at, 0, 1, i == 4 ? too_long(bench) : (struct span){0}, false);
    }
    commit(bench);
    for (int i = 0; i < 9; i++)
        assert_int_equal(jobs[i]->receipt.status, i == 4 ? RECEIPT_REJECTED : RECEIPT_COMMITTED);
    assert_string_equal(jobs[4]->receipt.why.rule, "document.term");
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 8);
}

/* Terms of NUL bytes are refused by Xapian only when it writes them: the whole batch is lost, and the poison is found
 * by halving. */
static void poison_at_commit_is_rejected_alone(void **state)
{
    struct bench *bench = *state;
    struct job *jobs[13];
    for (int i = 0; i < 13; i++) {
        struct text id = arena_format(bench->arena, "d%d", i);
        jobs[i] = submit_with(bench, id.at, 0, 1, i == 0 || i == 7 ? nuls(bench) : (struct span){0}, false);
    }
    commit(bench);
    for (int i = 0; i < 13; i++)
        assert_int_equal(jobs[i]->receipt.status, i == 0 || i == 7 ? RECEIPT_REJECTED : RECEIPT_COMMITTED);
    assert_string_equal(jobs[7]->receipt.why.rule, "document.term");
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 11);
}

/* The daemon has Xapian write changes to the tables in the middle of a batch, and so poison may show while an innocent
 * document is applied. */
static void poison_that_shows_later_is_rejected_alone(void **state)
{
    struct bench *bench = *state;
    struct job *jobs[13];
    struct error err;
    setenv("XAPIAN_FLUSH_THRESHOLD", "4", 1);
    enum fault reopened = shard_reopen(&bench->shard, &err);
    unsetenv("XAPIAN_FLUSH_THRESHOLD");
    assert_int_equal(reopened, FAULT_NONE);
    for (int i = 0; i < 13; i++) {
        struct text id = arena_format(bench->arena, "d%d", i);
        jobs[i] = submit_with(bench, id.at, 0, 1, i == 1 || i == 7 ? nuls(bench) : (struct span){0}, false);
    }
    commit(bench);
    for (int i = 0; i < 13; i++)
        assert_int_equal(jobs[i]->receipt.status, i == 1 || i == 7 ? RECEIPT_REJECTED : RECEIPT_COMMITTED);
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 11);
}

static void the_same_document_in_one_batch_is_there_once(void **state)
{
    struct bench *bench = *state;
    struct job *first = submit(bench, "a", 1, 1), *again = submit(bench, "a", 1, 1), *newer = submit(bench, "a", 3, 2);
    struct job *older = submit(bench, "a", 2, 3), *other = submit(bench, "a", 3, 9);
    commit(bench);
    assert_int_equal(first->receipt.status, RECEIPT_COMMITTED);
    assert_int_equal(again->receipt.status, RECEIPT_UNCHANGED);
    assert_int_equal(newer->receipt.status, RECEIPT_COMMITTED);
    assert_int_equal(older->receipt.status, RECEIPT_SUPERSEDED);
    assert_int_equal(other->receipt.status, RECEIPT_REJECTED);
    assert_string_equal(other->receipt.why.rule, "version.conflict");
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 1);
}

static void a_tombstone_holds_against_older_versions(void **state)
{
    struct bench *bench = *state;
    submit(bench, "a", 5, 1);
    commit(bench);
    struct job *old = delete (bench, "a", 4), *gone = delete (bench, "a", 6), *twice = delete (bench, "a", 6);
    commit(bench);
    assert_int_equal(old->receipt.status, RECEIPT_SUPERSEDED);
    assert_int_equal(gone->receipt.status, RECEIPT_COMMITTED);
    assert_int_equal(twice->receipt.status, RECEIPT_UNCHANGED);
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 0);
    struct job *back = submit(bench, "a", 6, 1), *newer = submit(bench, "a", 7, 1);
    commit(bench);
    assert_int_equal(back->receipt.status, RECEIPT_SUPERSEDED);
    assert_int_equal(newer->receipt.status, RECEIPT_COMMITTED);
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 1);
}

static void closed_documents_stand_apart(void **state)
{
    struct bench *bench = *state;
    struct stat about;
    submit(bench, "a", 0, 1);
    commit(bench);
    assert_int_not_equal(stat(bench->shard.closed.path, &about), 0);
    submit_with(bench, "b", 0, 1, (struct span){0}, true);
    commit(bench);
    assert_int_equal(documents_with(bench, false, SPAN("Zlukket")), 0);
    assert_int_equal(documents_with(bench, true, SPAN("Zlukket")), 1);
    submit(bench, "b", 0, 2);
    commit(bench);
    assert_int_equal(documents_with(bench, true, SPAN("Zlukket")), 0);
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 2);
}

static void a_shard_keeps_sequence_and_lineage(void **state)
{
    struct bench *bench = *state;
    struct error err;
    unsigned char lineage[LINEAGE_BYTES];
    struct job *first = submit(bench, "a", 0, 1);
    commit(bench);
    memcpy(lineage, bench->shard.lineage, sizeof lineage);
    assert_int_equal(first->receipt.sequence, 1);
    struct job *same = submit(bench, "a", 0, 1);
    commit(bench);
    assert_int_equal(same->receipt.status, RECEIPT_UNCHANGED);
    assert_int_equal(same->receipt.sequence, 1); /* nothing changed: no commit */
    shard_close(&bench->shard);
    assert_int_equal(shard_open(&bench->shard, bench->folder, 0, 1, &err), FAULT_NONE);
    assert_int_equal(bench->shard.sequence, 1);
    assert_memory_equal(bench->shard.lineage, lineage, sizeof lineage);
    shard_close(&bench->shard);
    assert_int_equal(shard_open(&bench->shard, bench->folder, 0, 2, &err), FAULT_STOP);
    assert_string_equal(err.rule, "shards.mismatch");
}

/* What a crash leaves behind while a shard is made: a database that no stub names. */
static void a_half_made_shard_is_made_again(void **state)
{
    struct bench *bench = *state;
    struct error err;
    char stub[PATH_MAX + 16];
    shard_close(&bench->shard);
    snprintf(stub, sizeof stub, "%s/XAPIANDB", bench->shard.open.path);
    assert_int_equal(unlink(stub), 0);
    assert_int_equal(shard_open(&bench->shard, bench->folder, 0, 1, &err), FAULT_NONE);
    submit(bench, "a", 0, 1);
    commit(bench);
    assert_int_equal(documents_with(bench, false, SPAN("Zopen")), 1);
}

static void an_inventory_lists_documents_and_tombstones(void **state)
{
    struct bench *bench = *state;
    struct error err;
    struct database *reader = NULL;
    static const char *const ids[] = {"b", "a", "a!", "e/1", "c"};
    for (size_t i = 0; i < 5; i++)
        submit(bench, ids[i], i + 1, (char)i);
    delete (bench, "d", 9);
    delete (bench, "c", 9);
    commit(bench);
    char seen[64] = "";
    struct span after = {0};
    for (bool done = false; !done;) {
        struct job *page = job_make(bench, JOB_INVENTORY, "", 0, 0);
        page->after = after;
        page->limit = 2;
        assert_int_equal(inventory_page(&bench->shard, &reader, page, &err), FAULT_NONE);
        assert_true(page->entry_count <= 2);
        for (size_t i = 0; i < page->entry_count; i++) {
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%.*s:%u%s ", (int)page->entries[i].id.size,
                     page->entries[i].id.at, (unsigned)page->entries[i].version, page->entries[i].deleted ? "x" : "");
            after = page->entries[i].id;
        }
        done = page->done;
    }
    database_close(&reader);
    assert_string_equal(seen, "a:2 a!:3 b:1 c:9x d:9x e/1:4 ");
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(poison_at_add_is_rejected_alone),
        STORY(poison_at_commit_is_rejected_alone),
        STORY(poison_that_shows_later_is_rejected_alone),
        STORY(the_same_document_in_one_batch_is_there_once),
        STORY(a_tombstone_holds_against_older_versions),
        STORY(closed_documents_stand_apart),
        STORY(a_shard_keeps_sequence_and_lineage),
        STORY(a_half_made_shard_is_made_again),
        STORY(an_inventory_lists_documents_and_tombstones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
