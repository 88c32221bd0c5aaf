/* merging: what a writer does for its young segments between two batches, and how long it waits for room among them. */
#include "writing.h"

#include "clock.h"
#include "log.h"

enum {
    ROOM_SLICE_MS = 50, /* a batch waits so long, so many times, until a merge makes room for it */
    ROOM_SLICES = 40,
    QUIET_MS = 1000, /* nothing has come for so long: young segments are merged, however few */
    QUIET_MOST = 2
};

static bool is_quiet(const struct writer *writer)
{
    return writer->batch.count == 0 && clock_steady_ms() - writer->newest_ms >= QUIET_MS;
}

/* Merged segments take the place of what they are made of; what stands between two commits changes as a whole, and a
 * backup waits. Where it stands open what the stub names, the next batch opens the shard anew. */
void merging_settle(struct writer *writer)
{
    struct error err;
    int hold = -1;
    bool taken = false;
    struct shard *shard = &writer->shard;
    if (shard->open.database == NULL || shard->row.count == 0)
        return;
    if (merger_ready(writer->merger) && directory_hold(shard->open.path, &hold, &err) == FAULT_NONE) {
        enum fault fault = merger_take(writer->merger, shard, &taken, &err);
        directory_release(&hold);
        if (fault != FAULT_NONE) {
            log_error(LOG_WARN, "young.merge", &err);
            shard_close(shard);
        }
    }
    if (shard->open.database != NULL && !atomic_load(&writer->claim))
        merger_start(writer->merger, shard, is_quiet(writer) ? QUIET_MOST : writer->setup.config->young_segments);
}

/* Where a merge is making room, waiting for it takes less time than Xapian's inverter would. */
bool merging_room(struct writer *writer)
{
    const struct young_row *row = &writer->shard.row;
    uint64_t most = writer->setup.config->young_segments;
    int64_t begun = clock_steady_ms();
    for (int i = 0; i < ROOM_SLICES && row->count >= most && !atomic_load(&writer->hurry) &&
                    merger_await(writer->merger, ROOM_SLICE_MS);
         i++)
        merging_settle(writer);
    if (row->count >= most)
        log_event(LOG_DEBUG, "young.full", "shard=%u segments=%zu waited_ms=%lld", writer->shard.number, row->count,
                  (long long)(clock_steady_ms() - begun));
    return row->count < most;
}

/* Searching takes longer over many segments, so there are few when nobody feeds. */
int merging_wait_ms(const struct writer *writer)
{
    const struct shard *shard = &writer->shard;
    if (writer->batch.count > 0 || shard->open.database == NULL || shard->row.count < 2 ||
        atomic_load(&writer->claim) || writer->setup.config->young_segments == 0)
        return -1;
    int start_ms = merger_wait_ms(writer->merger, shard, QUIET_MOST);
    int64_t quiet_ms = writer->newest_ms + QUIET_MS - clock_steady_ms();
    return start_ms >= 0 && quiet_ms > start_ms ? (int)quiet_ms : start_ms;
}
