/* writing: the real writers, turned by hand. The file holds the writer whole; its thread is a step here. */
#include "simulation.h"

#include "random.h"

#include "../../worker/write/writer.c" // NOLINT(bugprone-suspicious-include): its parts are static, and are meant

enum { JOBS_MAX = 256 };

/* What is with a writer: its jobs are freed here when it dies in the middle of one. */
static struct {
    struct writer *writer;
    struct job *jobs[JOBS_MAX];
    size_t count;
} writers[SIM_SHARDS_MAX];
static struct queue *written;

void writing_start(const struct config *config, struct queue *published, struct flow *flow)
{
    struct error err;
    if (written == NULL)
        written = queue_new(JOBS_MAX);
    for (uint32_t i = 0; i < sim.plan.shards; i++) {
        struct writer_setup setup = {.config = config,
                                     .number = i,
                                     .shards = sim.plan.shards,
                                     .out = written,
                                     .published = published,
                                     .flow = flow};
        SIM_PROPERTY(writer_new(&setup, &writers[i].writer, &err) == FAULT_NONE, "no writer: %s", err.text);
    }
}

void writing_give(struct job *job)
{
    uint32_t shard = job->receipt.shard;
    SIM_PROPERTY(writers[shard].count < JOBS_MAX, "more jobs than may be in flight");
    writers[shard].jobs[writers[shard].count++] = job;
    if (!queue_push(writers[shard].writer->in, job))
        abort();
}

static void forget(const struct job *job)
{
    for (uint32_t i = 0; i < sim.plan.shards; i++)
        for (size_t j = 0; j < writers[i].count; j++)
            if (writers[i].jobs[j] == job) {
                writers[i].jobs[j] = writers[i].jobs[--writers[i].count];
                return;
            }
    SIM_PROPERTY(false, "a writer gives back what it never had");
}

void writing_step(uint32_t shard, struct queue *done)
{
    turn(writers[shard].writer, 0);
    for (struct job *job; (job = queue_pop(written, 0)) != NULL;) {
        forget(job);
        if (!queue_push(done, job))
            abort();
    }
}

void writing_flush(void)
{
    for (uint32_t i = 0; i < sim.plan.shards; i++)
        writer_flush(writers[i].writer);
}

enum fault writing_ready(uint32_t shard, uint32_t *wait_ms, struct error *why)
{
    return writer_ready(writers[shard].writer, wait_ms, why);
}

void writing_crash(void (*died)(struct job *job))
{
    while (queue_pop(written, 0) != NULL)
        continue;
    for (uint32_t i = 0; i < SIM_SHARDS_MAX; i++) {
        if (writers[i].writer == NULL)
            continue;
        while (queue_pop(writers[i].writer->in, 0) != NULL)
            continue;
        writer_free(&writers[i].writer);
        while (writers[i].count > 0)
            died(writers[i].jobs[--writers[i].count]);
    }
}
