/* store: (database, commit, term) -> list. Shared by the search threads: every function holds the lock but where it
 * says otherwise. */
#include "store.h"

#include <pthread.h>
#include <stdlib.h>
#include <xxhash.h>

enum {
    BUCKET_BYTES = 512, /* of lists for each bucket: what terms have in young segments is short, or nothing */
    ASKED = 1 << 12,    /* rows of */
    ASKED_ROW = 4,
    LENGTHS_SHARE = 4,
    LABELS_SHARE = 16,
    TAKEN_AT_ONCE = 16,
    CHANCES = 64,
    KEY_MAX_BYTES = SEGMENT_UUID_BYTES + sizeof(uint64_t) + 1
};

struct kept {
    struct kept *next;          /* in its bucket */
    struct kept *newer, *older; /* in the order of coming, or of a second chance */
    struct list *list;
    uint64_t hash;
    size_t takers, bytes;
    bool asked; /* again, since it came or had a second chance */
    bool forgotten;
    char origin[KEY_MAX_BYTES]; /* database, commit, weighted */
    size_t term_size;
    char term[];
};

struct store {
    pthread_mutex_t lock;
    size_t bound, bytes, lists;
    struct lengths *lengths; /* a quarter of what there is */
    struct labels *labels;   /* a sixteenth */
    struct kept *newest, *oldest;
    struct kept **buckets;
    size_t bucket_count;              /* a power of 2 */
    uint64_t asked[ASKED][ASKED_ROW]; /* hashes of terms that were asked for, the latest first; older ones fall out */
};

struct store *store_new(size_t bytes)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return NULL;
    store->bound = bytes - bytes / LENGTHS_SHARE - bytes / LABELS_SHARE;
    store->lengths = lengths_new(bytes / LENGTHS_SHARE);
    store->labels = labels_new(bytes / LABELS_SHARE);
    for (store->bucket_count = 1; store->bucket_count < store->bound / BUCKET_BYTES;)
        store->bucket_count *= 2;
    store->buckets = calloc(store->bucket_count, sizeof(struct kept *));
    pthread_mutex_init(&store->lock, NULL);
    if (store->lengths == NULL || store->labels == NULL || store->buckets == NULL)
        store_free(&store);
    return store;
}

size_t store_bound(const struct store *store)
{
    return store->bound;
}

struct lengths *store_lengths(struct store *store)
{
    return store->lengths;
}

struct labels *store_labels(struct store *store)
{
    return store->labels;
}

const struct list *kept_list(const struct kept *kept)
{
    return kept->list;
}

static void kept_free(struct kept *kept)
{
    free(kept->list);
    free(kept);
}

/* ---------------------------------------------------------------- keys */

static uint64_t key_pack(const struct store_key *key, char origin[static KEY_MAX_BYTES])
{
    memcpy(origin, key->segment->uuid, SEGMENT_UUID_BYTES);
    memcpy(origin + SEGMENT_UUID_BYTES, &key->segment->revision, sizeof key->segment->revision);
    origin[KEY_MAX_BYTES - 1] = (char)key->weighted;
    return XXH3_64bits_withSeed(key->term.at, key->term.size, XXH3_64bits(origin, KEY_MAX_BYTES));
}

static bool is_key(const struct kept *kept, uint64_t hash, const char origin[static KEY_MAX_BYTES], struct span term)
{
    return kept->hash == hash && span_equal((struct span){kept->term, kept->term_size}, term) &&
           memcmp(kept->origin, origin, KEY_MAX_BYTES) == 0;
}

static struct kept **bucket_of(const struct store *store, uint64_t hash)
{
    return &store->buckets[hash & (store->bucket_count - 1)];
}

static struct kept *kept_find(const struct store *store, uint64_t hash, const char origin[static KEY_MAX_BYTES],
                              struct span term)
{
    struct kept *kept = *bucket_of(store, hash);
    while (kept != NULL && !is_key(kept, hash, origin, term))
        kept = kept->next;
    return kept;
}

/* ---------------------------------------------------------------- which goes first */

static void order_enter(struct store *store, struct kept *kept)
{
    kept->newer = NULL;
    kept->older = store->newest;
    *(store->newest != NULL ? &store->newest->newer : &store->oldest) = kept;
    store->newest = kept;
}

/* The oldest that was not asked for again; those before it have a second chance, but only so many at a time. To move
 * each list to the front whenever it is asked for would touch its neighbours, which nobody asked for. */
static struct kept *oldest_choose(struct store *store)
{
    struct kept *kept = store->oldest;
    for (int i = 0; i < CHANCES && kept->asked && kept != store->newest; i++, kept = store->oldest) {
        kept->asked = false;
        store->oldest = kept->newer;
        store->oldest->older = NULL;
        order_enter(store, kept);
    }
    return kept;
}

static void oldest_forget(struct store *store)
{
    struct kept *kept = oldest_choose(store), **at = bucket_of(store, kept->hash);
    while (*at != kept)
        at = &(*at)->next;
    *at = kept->next;
    store->oldest = kept->newer;
    *(kept->newer != NULL ? &kept->newer->older : &store->newest) = NULL;
    store->bytes -= kept->bytes;
    store->lists--;
    kept->forgotten = true;
    if (kept->takers == 0)
        kept_free(kept);
}

void store_free(struct store **store)
{
    if (store == NULL || *store == NULL)
        return;
    while ((*store)->oldest != NULL)
        oldest_forget(*store);
    lengths_free(&(*store)->lengths);
    labels_free(&(*store)->labels);
    free((*store)->buckets);
    pthread_mutex_destroy(&(*store)->lock);
    free(*store);
    *store = NULL;
}

/* ---------------------------------------------------------------- taking and keeping */

static struct kept *kept_take(struct kept *kept)
{
    if (kept == NULL)
        return NULL;
    kept->takers++;
    kept->asked = true;
    return kept;
}

/* A few at a time: while one is hashed, the memory of those before comes. */
static void few_take(struct store *store, const struct store_key *keys, size_t count, struct kept **out)
{
    uint64_t hashes[TAKEN_AT_ONCE];
    char origins[TAKEN_AT_ONCE][KEY_MAX_BYTES];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = key_pack(&keys[i], origins[i]);
        __builtin_prefetch(bucket_of(store, hashes[i]));
    }
    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(*bucket_of(store, hashes[i]));
    for (size_t i = 0; i < count; i++)
        out[i] = kept_take(kept_find(store, hashes[i], origins[i], keys[i].term));
    pthread_mutex_unlock(&store->lock);
}

void store_take(struct store *store, const struct store_key *keys, size_t count, struct kept **out)
{
    for (size_t at = 0; at < count; at += TAKEN_AT_ONCE)
        few_take(store, keys + at, count - at < TAKEN_AT_ONCE ? count - at : TAKEN_AT_ONCE, out + at);
}

static struct kept *kept_new(const struct store_key *key, struct list *list)
{
    struct kept *kept = calloc(1, sizeof *kept + key->term.size);
    if (kept == NULL)
        return NULL;
    kept->list = list;
    kept->hash = key_pack(key, kept->origin);
    kept->bytes = sizeof *kept + key->term.size + list->bytes;
    kept->term_size = key->term.size;
    if (key->term.size > 0)
        memcpy(kept->term, key->term.at, key->term.size);
    return kept;
}

struct kept *store_keep(struct store *store, const struct store_key *key, struct list *list)
{
    struct kept *kept = kept_new(key, list);
    if (kept == NULL) {
        free(list);
        return NULL;
    }
    pthread_mutex_lock(&store->lock);
    struct kept *other = kept_find(store, kept->hash, kept->origin, key->term);
    if (other != NULL) {
        kept_free(kept);
        kept = kept_take(other);
    } else {
        struct kept **bucket = bucket_of(store, kept->hash);
        kept->next = *bucket;
        *bucket = kept;
        order_enter(store, kept);
        store->bytes += kept->bytes;
        store->lists++;
        kept->takers = 1;
    }
    while (store->bytes > store->bound)
        oldest_forget(store);
    pthread_mutex_unlock(&store->lock);
    return kept;
}

void store_return(struct store *store, struct kept *const *taken, size_t count)
{
    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; i < count; i++)
        if (taken[i] != NULL && --taken[i]->takers == 0 && taken[i]->forgotten)
            kept_free(taken[i]);
    pthread_mutex_unlock(&store->lock);
}

bool store_asked(struct store *store, const struct store_key *key)
{
    uint64_t hash = XXH3_64bits_withSeed(key->term.at, key->term.size, key->weighted);
    pthread_mutex_lock(&store->lock);
    uint64_t *row = store->asked[hash % ASKED];
    size_t at = 0;
    while (at < ASKED_ROW && row[at] != hash)
        at++;
    bool asked = at < ASKED_ROW;
    memmove(&row[1], row, (asked ? at : ASKED_ROW - (size_t)1) * sizeof *row);
    row[0] = hash;
    pthread_mutex_unlock(&store->lock);
    return asked;
}

struct store_facts store_facts(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    struct store_facts facts = {store->lists,
                                store->bytes + lengths_bytes(store->lengths) + labels_bytes(store->labels)};
    pthread_mutex_unlock(&store->lock);
    return facts;
}
