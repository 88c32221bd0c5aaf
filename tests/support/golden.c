/* golden: see golden.h. */
#include "golden.h"

#include "directory.h"
#include "referent.h"
#include "scenario.h"
#include "schema.h"
#include "shard_map.h"
#include "submission.h"
#include "version.h"
#include "xapian_shim.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHARDS_MAX = 16, SCRATCH_BYTES = 1 << 20 };

struct known {
    uint32_t acked; /* the operation that won among those with a receipt, or STREAM_NONE */
    bool fresh;     /* since the last look */
};

struct golden {
    const struct stream *stream;
    struct known *ids;
    bool *settled; /* by operation */
    uint32_t settled_count;
    uint32_t *first; /* ids + 1: where an id's operations begin in `order`, which has them in order of the stream */
    uint32_t *order;
    struct {
        bool known, fresh;
        uint64_t sequence;
        unsigned char lineage[16];
    } shards[SHARDS_MAX];
    struct verdict early; /* what receipts alone show to be wrong */
};

/* What is on disk of an id. */
struct found {
    enum presence_state state;
    uint64_t version;
    unsigned char digest[16];
    uint64_t open, closed; /* Xapian documents */
};

struct look {
    struct golden *golden;
    struct verdict *verdict;
    struct database *open[SHARDS_MAX], *closed[SHARDS_MAX];
    uint32_t shards;
    struct arena *arena;
};

static void *cleared(size_t count, size_t size)
{
    void *made = calloc(count ? count : 1, size);
    if (made == NULL)
        abort();
    return made;
}

static void blame(struct verdict *verdict, uint64_t *count, const char *format, ...)
{
    va_list arguments;
    if (*count == 0 && verdict->first[0] == '\0') {
        va_start(arguments, format);
        vsnprintf(verdict->first, sizeof verdict->first, format, arguments);
        va_end(arguments);
    }
    ++*count;
}

/* ---- what is known ------------------------------------------------------------------------------------------------
 */

struct golden *golden_new(const struct stream *stream)
{
    struct golden *golden = cleared(1, sizeof *golden);
    golden->stream = stream;
    golden->ids = cleared(stream->ids, sizeof *golden->ids);
    golden->settled = cleared(stream->op_count, sizeof *golden->settled);
    golden->first = cleared(stream->ids + 1, sizeof *golden->first);
    golden->order = cleared(stream->op_count, sizeof *golden->order);
    for (uint32_t i = 0; i < stream->op_count; i++)
        golden->first[stream->ops[i].id + 1]++;
    for (uint32_t i = 0; i < stream->ids; i++) {
        golden->first[i + 1] += golden->first[i];
        golden->ids[i].acked = STREAM_NONE;
    }
    uint32_t *next = cleared(stream->ids, sizeof *next);
    for (uint32_t i = 0; i < stream->op_count; i++) {
        uint32_t id = stream->ops[i].id;
        golden->order[golden->first[id] + next[id]++] = i;
    }
    free(next);
    return golden;
}

void golden_free(struct golden **golden)
{
    if (golden == NULL || *golden == NULL)
        return;
    free((*golden)->ids);
    free((*golden)->settled);
    free((*golden)->first);
    free((*golden)->order);
    free(*golden);
    *golden = NULL;
}

uint32_t golden_settled(const struct golden *golden)
{
    return golden->settled_count;
}

/* SUPERSEDED needs something larger among all that is fed. */
static bool may_be_superseded(const struct golden *golden, const struct op *op)
{
    for (uint32_t i = golden->first[op->id]; i < golden->first[op->id + 1]; i++)
        if (golden->stream->ops[golden->order[i]].version > op->version)
            return true;
    return false;
}

static void shard_note(struct golden *golden, const struct journal_row *row)
{
    if (row->shard >= SHARDS_MAX)
        return;
    if (golden->shards[row->shard].known &&
        memcmp(golden->shards[row->shard].lineage, row->lineage, sizeof row->lineage) != 0)
        blame(&golden->early, &golden->early.strange, "receipts of shard %u name two lineages", row->shard);
    golden->shards[row->shard].known = golden->shards[row->shard].fresh = true;
    memcpy(golden->shards[row->shard].lineage, row->lineage, sizeof row->lineage);
    if (row->sequence > golden->shards[row->shard].sequence)
        golden->shards[row->shard].sequence = row->sequence;
}

void golden_receipt(struct golden *golden, const struct journal_row *row)
{
    const struct op *op = &golden->stream->ops[row->op];
    struct known *known = &golden->ids[op->id];
    golden->settled_count += !golden->settled[row->op];
    golden->settled[row->op] = true;
    if ((row->status == REFERENT_STATUS_REJECTED) != op->poison) {
        blame(&golden->early, &golden->early.strange, "operation %u of id %u has the receipt %s", row->op, op->id,
              referent_status_name((enum referent_status)row->status));
        return;
    }
    if (op->poison)
        return;
    shard_note(golden, row);
    known->fresh = true;
    if (row->status == REFERENT_STATUS_SUPERSEDED) {
        if (!may_be_superseded(golden, op))
            blame(&golden->early, &golden->early.strange, "operation %u of id %u is superseded by nothing", row->op,
                  op->id);
        return;
    }
    const struct op *best = known->acked == STREAM_NONE ? NULL : &golden->stream->ops[known->acked];
    if (best == NULL || op->version > best->version || (op->version == 0 && row->op > known->acked))
        known->acked = row->op;
}

/* ---- what is there ------------------------------------------------------------------------------------------------
 */

/* What was left cannot be read at all. */
static void must(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("the shards cannot be read: %s: %s", err->rule, err->text);
}

static void shard_look_open(struct look *look, const char *data_dir, uint32_t number)
{
    struct error err;
    char path[PATH_MAX], generation[PATH_MAX];
    const char *paths[1] = {path};
    bool there;
    must(directory_part(data_dir, false, number, path, &err), &err);
    must(directory_generation(path, generation, &there, &err), &err);
    if (there)
        must(database_open_read(paths, 1, &look->open[number], &err), &err);
    must(directory_part(data_dir, true, number, path, &err), &err);
    must(directory_generation(path, generation, &there, &err), &err);
    if (there)
        must(database_open_read(paths, 1, &look->closed[number], &err), &err);
}

static struct look look_begin(struct golden *golden, const char *data_dir, uint32_t shards, struct verdict *verdict)
{
    struct look look = {.golden = golden, .verdict = verdict, .shards = shards};
    for (uint32_t i = 0; i < shards; i++)
        shard_look_open(&look, data_dir, i);
    return look;
}

static void look_end(struct look *look)
{
    for (uint32_t i = 0; i < look->shards; i++) {
        database_close(&look->open[i]);
        database_close(&look->closed[i]);
    }
    arena_free(&look->arena);
}

static struct span meta_read(struct look *look, uint32_t shard, enum schema_key key, const char *behind)
{
    struct error err;
    struct span value = {"", 0};
    if (look->open[shard] == NULL)
        return value;
    struct text name = arena_format(look->arena, "%s%s", schema_key(key).at, behind);
    must(database_meta(look->open[shard], 0, look->arena, (struct span){name.at, name.size}, &value, &err), &err);
    return value;
}

static struct found found_read(struct look *look, const char *id)
{
    static const uint32_t slots[] = {SLOT_VERSION, SLOT_DIGEST};
    struct found found = {.state = STATE_ABSENT};
    struct error err;
    struct span values[2] = {{0}};
    bool there = false;
    uint32_t shard = shard_of(span_of(id), look->shards);
    arena_free(&look->arena);
    look->arena = arena_new(SCRATCH_BYTES);
    struct text unique = arena_format(look->arena, "%s%s#0", schema_prefix(PREFIX_UNIQUE).at, id);
    struct text group = arena_format(look->arena, "%s%s", schema_prefix(PREFIX_GROUP).at, id);
    struct span group_term = {group.at, group.size};
    if (look->open[shard] == NULL) /* it was never made */
        return found;
    must(database_find(look->open[shard], 0, look->arena, (struct span){unique.at, unique.size}, slots, 2, values, NULL,
                       &there, &err),
         &err);
    must(database_term_freq(look->open[shard], 0, group_term, &found.open, &err), &err);
    if (look->closed[shard] != NULL)
        must(database_term_freq(look->closed[shard], 0, group_term, &found.closed, &err), &err);
    struct span tombstone = meta_read(look, shard, KEY_DELETED, id);
    if (there) {
        found.state = STATE_PRESENT;
        found.version = version_read(values[0]);
        if (values[1].size == sizeof found.digest)
            memcpy(found.digest, values[1].at, sizeof found.digest);
    } else if (tombstone.size > 0) {
        found.state = STATE_DELETED;
        found.version = strtoull(tombstone.at, NULL, 10);
    }
    return found;
}

/* Is what was found the work of this operation? */
static bool is_work_of(const struct golden *golden, const struct found *found, const struct op *op)
{
    char id[STREAM_ID_MAX], body[STREAM_BODY_MAX];
    unsigned char digest[16];
    struct error err;
    if (op->version != found->version || op->deletion != (found->state == STATE_DELETED))
        return false;
    if (op->deletion)
        return true;
    stream_id(op, id);
    struct span bytes = stream_body(golden->stream, op, body);
    struct referent_document document = {.id = id, .version = op->version, .body = bytes.at, .body_bytes = bytes.size};
    must(submission_digest(&document, digest, &err), &err);
    return memcmp(digest, found->digest, sizeof digest) == 0;
}

/* ---- the comparison -----------------------------------------------------------------------------------------------
 */

static const char *const states[] = {"absent", "present", "deleted"};

/* Which operation of an id is on disk, from number `from` of its own on; STREAM_NONE: none of them. */
static uint32_t work_find(const struct golden *golden, const struct found *found, uint32_t id, uint32_t from)
{
    for (uint32_t i = from; i < golden->first[id + 1]; i++)
        if (is_work_of(golden, found, &golden->stream->ops[golden->order[i]]))
            return golden->order[i];
    return STREAM_NONE;
}

/* Where the operation stands among those of its id. */
static uint32_t place_of(const struct golden *golden, uint32_t id, uint32_t op)
{
    uint32_t place = golden->first[id];
    while (golden->order[place] != op)
        place++;
    return place;
}

static void documents_check(struct look *look, const struct found *found, const struct op *op, const char *id,
                            bool with_closed)
{
    struct verdict *verdict = look->verdict;
    uint32_t open = 0, closed = 0;
    if (found->state == STATE_PRESENT)
        stream_documents(look->golden->stream, op, &open, &closed);
    if (found->open > open || (with_closed && found->closed > closed))
        blame(verdict, &verdict->doubled,
              "%s, version %" PRIu64 " has %" PRIu64 " open and %" PRIu64 " closed documents, not %u and %u", id,
              found->version, found->open, found->closed, open, closed);
    if (found->open < open || (with_closed && found->closed < closed))
        blame(verdict, &verdict->lost,
              "%s, version %" PRIu64 " has only %" PRIu64 " open and %" PRIu64 " closed documents, not %u and %u", id,
              found->version, found->open, found->closed, open, closed);
}

/* What must hold of an id while the feed goes on. */
static void promise_check(struct look *look, uint32_t number)
{
    const struct golden *golden = look->golden;
    struct verdict *verdict = look->verdict;
    uint32_t acked = golden->ids[number].acked;
    char id[STREAM_ID_MAX];
    stream_id(&(struct op){.id = number}, id);
    struct found found = found_read(look, id);
    verdict->looked_at++;
    if (acked == STREAM_NONE && found.state == STATE_ABSENT)
        return;
    const struct op *best = acked == STREAM_NONE ? NULL : &golden->stream->ops[acked];
    if (found.state == STATE_ABSENT) {
        blame(verdict, &verdict->lost, "%s: version %" PRIu64 " was acknowledged, nothing is there", id, best->version);
        return;
    }
    bool ordered = best != NULL && best->version == 0;
    uint32_t there =
        work_find(golden, &found, number, ordered ? place_of(golden, number, acked) : golden->first[number]);
    bool older = best != NULL && (found.version < best->version || (ordered && there == STREAM_NONE));
    if (older && best->deletion && found.state == STATE_PRESENT)
        blame(verdict, &verdict->revived, "%s: deleted in version %" PRIu64 ", and version %" PRIu64 " is there", id,
              best->version, found.version);
    else if (older)
        blame(verdict, &verdict->regressed, "%s: version %" PRIu64 " was acknowledged, %s is version %" PRIu64, id,
              best->version, states[found.state], found.version);
    else if (there == STREAM_NONE)
        blame(verdict, &verdict->strange, "%s: %s as nobody fed it, version %" PRIu64, id, states[found.state],
              found.version);
    else
        documents_check(look, &found, &golden->stream->ops[there], id, false);
}

static void shards_check(struct look *look)
{
    struct verdict *verdict = look->verdict;
    for (uint32_t i = 0; i < look->shards; i++) {
        if (!look->golden->shards[i].fresh)
            continue;
        look->golden->shards[i].fresh = false;
        arena_free(&look->arena);
        look->arena = arena_new(SCRATCH_BYTES);
        struct span sequence = meta_read(look, i, KEY_SEQUENCE, ""), lineage = meta_read(look, i, KEY_LINEAGE, "");
        char hex[33];
        for (int j = 0; j < 16; j++)
            snprintf(hex + (size_t)2 * (size_t)j, 3, "%02x", look->golden->shards[i].lineage[j]);
        if (!span_equal(lineage, span_of(hex)))
            blame(verdict, &verdict->strange, "shard %u has another lineage than its receipts say", i);
        if (strtoull(sequence.at, NULL, 10) < look->golden->shards[i].sequence)
            blame(verdict, &verdict->strange, "shard %u is at commit %.*s, its receipts were at %" PRIu64, i,
                  (int)sequence.size, sequence.at, look->golden->shards[i].sequence);
    }
}

static void early_add(struct golden *golden, struct verdict *verdict)
{
    if (golden->early.strange > 0 && verdict->first[0] == '\0')
        memcpy(verdict->first, golden->early.first, sizeof verdict->first);
    verdict->strange += golden->early.strange;
    golden->early = (struct verdict){0};
    verdict->receipts = golden->settled_count;
}

void golden_look(struct golden *golden, const char *data_dir, uint32_t shards, uint32_t sparse, struct verdict *verdict)
{
    struct look look = look_begin(golden, data_dir, shards, verdict);
    shards_check(&look);
    for (uint32_t i = 0; i < golden->stream->ids; i++)
        if (golden->ids[i].fresh || (sparse > 0 && i % sparse == 0)) {
            promise_check(&look, i);
            golden->ids[i].fresh = false;
        }
    early_add(golden, verdict);
    look_end(&look);
}

/* ---- the end ------------------------------------------------------------------------------------------------------
 */

static void outcome_check(struct look *look, uint32_t number, uint32_t wanted, uint64_t *open, uint64_t *closed)
{
    const struct golden *golden = look->golden;
    struct verdict *verdict = look->verdict;
    char id[STREAM_ID_MAX];
    stream_id(&(struct op){.id = number}, id);
    struct found found = found_read(look, id);
    verdict->looked_at++;
    *open += found.open;
    *closed += found.closed;
    if (wanted == STREAM_NONE) {
        if (found.state != STATE_ABSENT || found.open + found.closed > 0)
            blame(verdict, &verdict->strange, "%s is there, although it was rejected", id);
        return;
    }
    const struct op *op = &golden->stream->ops[wanted];
    if (is_work_of(golden, &found, op))
        documents_check(look, &found, op, id, true);
    else if (op->deletion && found.state == STATE_PRESENT)
        blame(verdict, &verdict->revived, "%s: deleted in version %" PRIu64 ", in the end version %" PRIu64 " is there",
              id, op->version, found.version);
    else if (found.state == STATE_ABSENT)
        blame(verdict, &verdict->lost, "%s: nothing is there in the end, not version %" PRIu64, id, op->version);
    else
        blame(verdict, &verdict->regressed, "%s: in the end %s is version %" PRIu64 ", not %s version %" PRIu64, id,
              states[found.state], found.version, op->deletion ? "deleted" : "present", op->version);
}

static uint64_t documents_in(struct database **databases, uint32_t shards)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < shards; i++) {
        struct error err;
        uint64_t count = 0;
        if (databases[i] != NULL)
            must(database_count(databases[i], 0, &count, &err), &err);
        sum += count;
    }
    return sum;
}

void golden_final(struct golden *golden, const char *data_dir, uint32_t shards, struct verdict *verdict)
{
    struct look look = look_begin(golden, data_dir, shards, verdict);
    uint32_t *outcome = stream_outcome(golden->stream);
    uint64_t open = 0, closed = 0;
    if (golden->settled_count < golden->stream->op_count)
        blame(verdict, &verdict->lost, "%u operations have no receipt",
              golden->stream->op_count - golden->settled_count);
    for (uint32_t i = 0; i < golden->stream->ids; i++)
        outcome_check(&look, i, outcome[i], &open, &closed);
    if (documents_in(look.open, shards) != open || documents_in(look.closed, shards) != closed)
        blame(verdict, &verdict->strange,
              "the shards hold %" PRIu64 " open and %" PRIu64 " closed documents; %" PRIu64 " and %" PRIu64
              " belong to what was fed",
              documents_in(look.open, shards), documents_in(look.closed, shards), open, closed);
    shards_check(&look);
    early_add(golden, verdict);
    free(outcome);
    look_end(&look);
}
