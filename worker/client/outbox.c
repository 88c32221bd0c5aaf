/* outbox: the memory of a feeder. */
#include "outbox.h"

#include "shard_map.h"

#include <stdlib.h>
#include <string.h>

void outbox_init(struct outbox *outbox)
{
    memset(outbox, 0, sizeof *outbox);
    for (int state = 0; state < ENTRY_STATES; state++)
        TAILQ_INIT(&outbox->lists[state]);
}

void outbox_done(struct outbox *outbox)
{
    for (int state = 0; state < ENTRY_STATES; state++)
        for (struct entry *entry; (entry = TAILQ_FIRST(&outbox->lists[state])) != NULL;) {
            TAILQ_REMOVE(&outbox->lists[state], entry, link);
            entry_free(&entry);
        }
}

struct entry *entry_new(const char *id, void *tag, bool deletion)
{
    size_t size = strlen(id) + 1;
    struct entry *entry = calloc(1, sizeof *entry + size);
    if (entry == NULL)
        return NULL;
    memcpy(entry->id, id, size);
    entry->receipt =
        (struct referent_receipt){.id = entry->id, .tag = tag, .deletion = deletion, .rule = "", .reason = ""};
    zmq_msg_init(&entry->frame);
    return entry;
}

void entry_free(struct entry **entry)
{
    if (entry == NULL || *entry == NULL)
        return;
    zmq_msg_close(&(*entry)->frame);
    free(*entry);
    *entry = NULL;
}

/* ---- The two tables: chains in buckets; credit is some thousand messages, so they stay short; those of a bulk load
 * that is held are some links long. ---- */

static struct entry **bucket_of_sequence(struct outbox *outbox, uint64_t sequence)
{
    return &outbox->by_sequence[sequence % OUTBOX_BUCKETS];
}

static struct entry **bucket_of_id(struct outbox *outbox, const char *id)
{
    return &outbox->by_id[id_hash(span_of(id)) % OUTBOX_BUCKETS];
}

/* Where the pointer to the latest submission of `id` stands, or the end of its chain. */
static struct entry **latest_of(struct outbox *outbox, const char *id)
{
    struct entry **at = bucket_of_id(outbox, id);
    while (*at != NULL && strcmp((*at)->id, id) != 0)
        at = &(*at)->id_next;
    return at;
}

static void sequence_forget(struct outbox *outbox, struct entry *entry)
{
    struct entry **at = bucket_of_sequence(outbox, entry->sequence);
    while (*at != entry)
        at = &(*at)->sequence_next;
    *at = entry->sequence_next;
}

struct entry *outbox_find(const struct outbox *outbox, uint64_t sequence)
{
    struct entry *entry = outbox->by_sequence[sequence % OUTBOX_BUCKETS];
    while (entry != NULL && entry->sequence != sequence)
        entry = entry->sequence_next;
    return entry;
}

/* ---- Lists and what they sum up to ---- */

static void enter(struct outbox *outbox, struct entry *entry, enum entry_state state)
{
    entry->state = state;
    TAILQ_INSERT_TAIL(&outbox->lists[state], entry, link);
    outbox->counts[state]++;
    outbox->bytes[state] += entry->bytes;
}

static void leave(struct outbox *outbox, struct entry *entry)
{
    TAILQ_REMOVE(&outbox->lists[entry->state], entry, link);
    outbox->counts[entry->state]--;
    outbox->bytes[entry->state] -= entry->bytes;
}

void outbox_move(struct outbox *outbox, struct entry *entry, enum entry_state state)
{
    leave(outbox, entry);
    enter(outbox, entry, state);
}

void outbox_add(struct outbox *outbox, struct entry *entry)
{
    struct entry **bucket = bucket_of_sequence(outbox, entry->sequence);
    entry->sequence_next = *bucket;
    *bucket = entry;
    struct entry **latest = latest_of(outbox, entry->id);
    struct entry *before = *latest;
    if (before != NULL) {
        before->follower = entry;
        entry->id_next = before->id_next;
    }
    *latest = entry;
    enter(outbox, entry, before != NULL ? ENTRY_BEHIND : ENTRY_READY);
}

void outbox_add_done(struct outbox *outbox, struct entry *entry)
{
    enter(outbox, entry, ENTRY_DONE);
}

void outbox_finish(struct outbox *outbox, struct entry *entry)
{
    sequence_forget(outbox, entry);
    leave(outbox, entry);
    if (entry->follower != NULL)
        outbox_move(outbox, entry->follower, ENTRY_READY);
    else
        *latest_of(outbox, entry->id) = entry->id_next;
    zmq_msg_close(&entry->frame);
    zmq_msg_init(&entry->frame);
    entry->bytes = 0;
    entry->follower = NULL;
    enter(outbox, entry, ENTRY_DONE);
}

struct entry *outbox_take(struct outbox *outbox)
{
    struct entry *entry = TAILQ_FIRST(&outbox->lists[ENTRY_DONE]);
    if (entry != NULL)
        leave(outbox, entry);
    return entry;
}

/* Move what is in `from` in front of what is READY and has a larger sequence. Every list is nearly sorted, so that
 * the walk is short when the largest goes first. */
static void merge_ready(struct outbox *outbox, enum entry_state from)
{
    for (struct entry *entry; (entry = TAILQ_LAST(&outbox->lists[from], entry_list)) != NULL;) {
        leave(outbox, entry);
        struct entry *at = TAILQ_FIRST(&outbox->lists[ENTRY_READY]);
        while (at != NULL && at->sequence < entry->sequence)
            at = TAILQ_NEXT(at, link);
        enter(outbox, entry, ENTRY_READY);
        if (at != NULL) {
            TAILQ_REMOVE(&outbox->lists[ENTRY_READY], entry, link);
            TAILQ_INSERT_BEFORE(at, entry, link);
        }
    }
}

void outbox_again(struct outbox *outbox)
{
    merge_ready(outbox, ENTRY_FLYING);
    merge_ready(outbox, ENTRY_WAITING);
    merge_ready(outbox, ENTRY_HELD);
}

/* ---- Credit ---- */

bool outbox_may_send(const struct outbox *outbox, struct credit credit, size_t bytes)
{
    if (outbox->counts[ENTRY_FLYING] == 0)
        return true;
    return outbox->counts[ENTRY_FLYING] < credit.messages && outbox->bytes[ENTRY_FLYING] + bytes <= credit.bytes;
}

bool outbox_has_room(const struct outbox *outbox, struct credit credit, size_t bytes, uint64_t keep_max_bytes)
{
    size_t messages = outbox_unfinished(outbox) - outbox->counts[ENTRY_HELD];
    uint64_t kept = outbox->bytes[ENTRY_BEHIND] + outbox->bytes[ENTRY_READY] + outbox->bytes[ENTRY_FLYING] +
                    outbox->bytes[ENTRY_WAITING];
    if (outbox_unfinished(outbox) > 0 && kept + outbox->bytes[ENTRY_HELD] + bytes > keep_max_bytes)
        return false;
    return messages == 0 || (messages < credit.messages && kept + bytes <= credit.bytes);
}

size_t outbox_unfinished(const struct outbox *outbox)
{
    size_t count = 0;
    for (int state = 0; state < ENTRY_DONE; state++)
        count += outbox->counts[state];
    return count;
}
