/* pipeline: the whole flow on one screen.
 *
 *   feeder ──DEALER──▶ intake ──to_text──▶ reader ──writer's queue──▶ writer ──▶ Xapian shard
 *                       ▲ │▲                 │ refused                  │ receipts after the commit
 *                       │ │└──────done───────┴──────────────────────────┘
 *                       │ └──rejected──▶ keeper ──▶ dead letters
 *                       └──────done────────┘
 *   writer ──published──▶ intake: final receipts of what a bulk load held
 *   searcher ─DEALER─▶ desk ◀──▶ search threads, each with a view of all shards
 *
 *   thread    count          owns                                        started in
 *   main      1              signals                                     main.c
 *   intake    1              feed socket, peers, credit                  intake/intake.c
 *   reader    text_threads   stemmer, vocabulary                         reader.c
 *   writer    one a shard    its shard's databases, its batch            write/writer.c
 *   keeper    1              dead letters                                dead/keeper.c
 *   guard     1              time, memory and disk; who is suspected      guard/guard.c
 *   search    search_threads a view of the shards; the socket in turn    query/service.c
 *   query     1              the search socket while all of them work    query/service.c
 *   rebuild   rebuild_threads a shard that is made anew; one waits for damage upkeep/rebuild.c
 *
 * A job and its arena belong to whoever popped it last. Every queue holds all that may be in flight, so no push blocks.
 */
#include "pipeline.h"

#include "directory.h"
#include "guard.h"
#include "held.h"
#include "intake.h"
#include "keeper.h"
#include "log.h"
#include "minutes.h"
#include "reader.h"
#include "rebuild.h"
#include "schema.h"
#include "service.h"
#include "shard.h"
#include "speller.h"
#include "thread.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include <xxhash.h>

enum { SHARDS_DEFAULT = 4, TEXT_THREADS_MAX = 256, PUBLISHED_MAX = 1024 /* a writer waits if it is full */ };

struct pipeline {
    struct config config;
    void *context;
    int lock;
    uint64_t instance;
    uint32_t shards;
    struct speller *speller; /* of all text and search threads */
    struct guard *guard;
    struct gate gate; /* searches before commits */
    size_t reader_count;
    struct flow flow;
    struct queue *done;
    struct queue *published; /* receipts of bulk loads */
    struct shelf *to_text;
    struct reader *readers[TEXT_THREADS_MAX];
    struct writer **writers;
    struct keeper *keeper;
    struct intake *intake;
    struct service *service;
    struct rebuild *rebuild;
};

static void describe(void *self, uint32_t shard, unsigned char lineage[static LINEAGE_BYTES], uint64_t *sequence)
{
    struct pipeline *pipeline = self;
    memcpy(lineage, writer_lineage(pipeline->writers[shard]), LINEAGE_BYTES);
    *sequence = writer_sequence(pipeline->writers[shard]);
}

static void flush(void *self)
{
    const struct pipeline *pipeline = self;
    for (uint32_t i = 0; i < pipeline->shards; i++)
        writer_flush(pipeline->writers[i]);
}

static enum fault shard_ready(void *self, uint32_t shard, uint32_t *wait_ms, struct error *why)
{
    struct pipeline *pipeline = self;
    return writer_ready(pipeline->writers[shard], wait_ms, why);
}

static enum fault shards_settle(struct pipeline *pipeline, struct error *err)
{
    uint32_t there;
    uint64_t wanted = pipeline->config.shards;
    TRY(shard_count(pipeline->config.data_dir, &there, err));
    if (there > 0 && wanted > 0 && wanted != there)
        return error_set(err, FAULT_STOP, "shards.mismatch",
                         "the index in %.120s has %u shards, not %llu; the number is fixed when an index is made",
                         pipeline->config.data_dir, there, (unsigned long long)wanted);
    pipeline->shards = there > 0 ? there : wanted > 0 ? (uint32_t)wanted : SHARDS_DEFAULT;
    return FAULT_NONE;
}

static enum fault writers_start(struct pipeline *pipeline, struct error *err)
{
    pipeline->writers = calloc(pipeline->shards, sizeof(struct writer *));
    if (pipeline->writers == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    for (uint32_t i = 0; i < pipeline->shards; i++) {
        struct writer_setup setup = {
            .config = &pipeline->config,
            .number = i,
            .shards = pipeline->shards,
            .out = pipeline->done,
            .published = pipeline->published,
            .flow = &pipeline->flow,
            .gate = &pipeline->gate,
            .slot = guard_writer(pipeline->guard, i),
        };
        TRY(writer_start(&setup, &pipeline->writers[i], err));
    }
    return FAULT_NONE;
}

static size_t readers_wanted(const struct config *config)
{
    size_t wanted = config->text_threads ? config->text_threads : thread_cores();
    return wanted < TEXT_THREADS_MAX ? wanted : TEXT_THREADS_MAX;
}

static enum fault readers_start(struct pipeline *pipeline, struct error *err)
{
    size_t wanted = readers_wanted(&pipeline->config);
    pipeline->to_text = shelf_new(pipeline->config.in_flight_messages + 1, wanted, MINUTES_TOGETHER);
    if (pipeline->to_text == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    for (size_t i = 0; i < wanted; i++) {
        struct reader_setup setup = {
            .config = &pipeline->config,
            .in = pipeline->to_text,
            .number = i,
            .done = pipeline->done,
            .writers = pipeline->writers,
            .shards = pipeline->shards,
            .flow = &pipeline->flow,
            .words = speller_wordbook(pipeline->speller),
            .slot = guard_reader(pipeline->guard, i),
        };
        pipeline->reader_count = i + 1;
        TRY(reader_start(&setup, &pipeline->readers[i], err));
    }
    return FAULT_NONE;
}

/* What decides whether a document is rejected: the program, its rules, and three limits. A feeder that remembers what
 * was rejected sends it again when this is another number. */
static uint64_t rules_of(const struct config *config)
{
    const uint64_t numbers[] = {ANALYSIS_VERSION, config->arena_max_bytes, config->document_max_ms,
                                config->memory_max_bytes};
    uint64_t hash =
        XXH3_64bits_withSeed(numbers, sizeof numbers, XXH3_64bits(REFERENT_VERSION, strlen(REFERENT_VERSION)));
    return hash != 0 ? hash : 1; /* 0: not said */
}

static enum fault index_start(struct pipeline *pipeline, struct error *err)
{
    pipeline->done = queue_new(pipeline->config.in_flight_messages + 1);
    if (pipeline->done == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    TRY(guard_open(&pipeline->config, readers_wanted(&pipeline->config), pipeline->shards, &pipeline->guard, err));
    pipeline->published = queue_new(PUBLISHED_MAX);
    if (pipeline->published == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    TRY(keeper_start(&pipeline->config, pipeline->done, &pipeline->keeper, err));
    TRY(writers_start(pipeline, err));
    TRY(readers_start(pipeline, err));
    struct intake_setup setup = {
        .config = &pipeline->config,
        .context = pipeline->context,
        .instance = pipeline->instance,
        .rules = rules_of(&pipeline->config),
        .shards = pipeline->shards,
        .to_text = pipeline->to_text,
        .done = pipeline->done,
        .guard = pipeline->guard,
        .published = pipeline->published,
        .keeper = pipeline->keeper,
        .flow = &pipeline->flow,
        .describe = describe,
        .flush = flush,
        .ready = shard_ready,
        .self = pipeline,
    };
    TRY(guard_start(pipeline->guard, err));
    return intake_start(&setup, &pipeline->intake, err);
}

static enum fault upkeep_start(struct pipeline *pipeline, struct error *err)
{
    struct rebuild_setup setup = {
        .config = &pipeline->config,
        .writers = pipeline->writers,
        .shards = pipeline->shards,
        .words = speller_wordbook(pipeline->speller),
        .wanted = pipeline->config.rebuild_wanted,
    };
    return rebuild_start(&setup, &pipeline->rebuild, err);
}

static enum fault roles_start(struct pipeline *pipeline, struct error *err)
{
    bool index = config_has_role(&pipeline->config, "index");
    if (getrandom(&pipeline->instance, sizeof pipeline->instance, 0) != (ssize_t)sizeof pipeline->instance)
        return error_set(err, FAULT_STOP, "instance.random", "the system gives no random bytes");
    if (index)
        TRY(directory_lock(pipeline->config.data_dir, &pipeline->lock, err));
    TRY(shards_settle(pipeline, err));
    TRY(speller_open(&pipeline->speller, err));
    if (index)
        TRY(index_start(pipeline, err));
    if (index)
        TRY(upkeep_start(pipeline, err));
    if (!config_has_role(&pipeline->config, "search"))
        return FAULT_NONE;
    struct service_setup setup = {&pipeline->config,
                                  pipeline->context,
                                  pipeline->instance,
                                  pipeline->shards,
                                  speller_wordbook(pipeline->speller),
                                  index ? &pipeline->gate : NULL};
    return service_start(&setup, &pipeline->service, err);
}

enum fault pipeline_start(const struct config *config, struct pipeline **out, struct error *err)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    *out = NULL;
    if (pipeline == NULL)
        return error_set(err, FAULT_STOP, "memory", "out of memory");
    pipeline->config = *config;
    pipeline->lock = -1;
    gate_init(&pipeline->gate);
    thread_begin("referentd", THREAD_PROMPT); /* ZeroMQ's threads take after it */
    pipeline->context = zmq_ctx_new();
    enum fault fault =
        pipeline->context ? roles_start(pipeline, err) : error_set(err, FAULT_STOP, "memory", "no ZeroMQ context");
    if (fault != FAULT_NONE)
        (void)pipeline_stop(&pipeline);
    *out = pipeline;
    return fault;
}

/* Jobs that the intake gave up waiting for come back to nobody. */
static void done_free(struct pipeline *pipeline)
{
    for (struct job *job; pipeline->done && (job = queue_pop(pipeline->done, 0)) != NULL;) {
        struct arena *arena = job->arena;
        arena_free(&arena);
    }
    queue_free(&pipeline->done);
    for (struct held *held; pipeline->published && (held = queue_pop(pipeline->published, 0)) != NULL;)
        held_free(&held);
    queue_free(&pipeline->published);
}

bool pipeline_stop(struct pipeline **out)
{
    struct pipeline *pipeline = *out;
    if (pipeline == NULL)
        return true;
    for (uint32_t i = 0; pipeline->writers && i < pipeline->shards; i++)
        if (pipeline->writers[i] != NULL)
            writer_hurry(pipeline->writers[i]);
    if (pipeline->intake != NULL)
        intake_drain(pipeline->intake);
    bool answered = intake_join(&pipeline->intake);
    rebuild_stop(&pipeline->rebuild);
    keeper_stop(&pipeline->keeper);
    service_stop(&pipeline->service);
    if (pipeline->to_text != NULL)
        shelf_close(pipeline->to_text);
    for (size_t i = 0; i < pipeline->reader_count; i++)
        reader_join(&pipeline->readers[i]);
    shelf_free(&pipeline->to_text);
    for (uint32_t i = 0; pipeline->writers && i < pipeline->shards; i++)
        writer_join(&pipeline->writers[i]);
    free(pipeline->writers);
    guard_stop(&pipeline->guard);
    done_free(pipeline);
    speller_close(&pipeline->speller);
    if (pipeline->context != NULL)
        zmq_ctx_term(pipeline->context);
    directory_unlock(&pipeline->lock);
    gate_done(&pipeline->gate);
    free(pipeline);
    *out = NULL;
    return answered;
}

const char *pipeline_feed_endpoint(const struct pipeline *pipeline)
{
    return pipeline->intake ? intake_endpoint(pipeline->intake) : "";
}

const char *pipeline_search_endpoint(const struct pipeline *pipeline)
{
    return pipeline->service ? service_endpoint(pipeline->service) : "";
}

uint32_t pipeline_shards(const struct pipeline *pipeline)
{
    return pipeline->shards;
}
