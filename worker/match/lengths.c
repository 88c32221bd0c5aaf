/* lengths: database -> an array by docid. Shared by the search threads. */
#include "lengths.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    DATABASES_MAX = 512,
    BATCH = 4096,
    LONG = UINT16_MAX, /* this long or longer: Xapian knows */
    ROW_FACTOR = 2     /* one in a row takes less than this part of one looked up */
};

struct lengths {
    pthread_mutex_t lock;
    size_t bound, bytes, count;
    uint64_t clock;
    struct known {
        char uuid[SEGMENT_UUID_BYTES];
        uint16_t *lengths; /* by docid; 0 where there is no document */
        uint32_t last;     /* docid up to which they are known */
        uint64_t owed;     /* looked up one by one since */
        uint64_t asked;
    } * known[DATABASES_MAX];
};

struct lengths *lengths_new(size_t bytes)
{
    struct lengths *lengths = calloc(1, sizeof *lengths);
    if (lengths == NULL)
        return NULL;
    lengths->bound = bytes;
    pthread_mutex_init(&lengths->lock, NULL);
    return lengths;
}

static void known_forget(struct lengths *lengths, size_t at)
{
    struct known *known = lengths->known[at];
    lengths->bytes -= known->lengths != NULL ? (known->last + (size_t)1) * sizeof *known->lengths : 0;
    free(known->lengths);
    free(known);
    lengths->known[at] = lengths->known[--lengths->count];
}

void lengths_free(struct lengths **lengths)
{
    if (lengths == NULL || *lengths == NULL)
        return;
    while ((*lengths)->count > 0)
        known_forget(*lengths, 0);
    pthread_mutex_destroy(&(*lengths)->lock);
    free(*lengths);
    *lengths = NULL;
}

/* The one that was not asked for longest goes. */
static void oldest_forget(struct lengths *lengths)
{
    size_t oldest = 0;
    for (size_t i = 1; i < lengths->count; i++)
        if (lengths->known[i]->asked < lengths->known[oldest]->asked)
            oldest = i;
    known_forget(lengths, oldest);
}

/* NULL without memory. */
static struct known *known_of(struct lengths *lengths, const struct segment *database)
{
    size_t at = 0;
    while (at < lengths->count && memcmp(lengths->known[at]->uuid, database->uuid, SEGMENT_UUID_BYTES) != 0)
        at++;
    if (at == DATABASES_MAX) {
        oldest_forget(lengths);
        at = lengths->count;
    }
    if (at == lengths->count) {
        struct known *known = calloc(1, sizeof *known);
        if (known == NULL)
            return NULL;
        memcpy(known->uuid, database->uuid, SEGMENT_UUID_BYTES);
        lengths->known[lengths->count++] = known;
    }
    lengths->known[at]->asked = ++lengths->clock;
    return lengths->known[at];
}

/* Room for documents up to `last`; false if it would be more than may be even if all others are forgotten. */
static bool known_grow(struct lengths *lengths, struct known *known, uint32_t last)
{
    size_t before = known->lengths != NULL ? known->last + (size_t)1 : 0, wanted = last + (size_t)1;
    size_t more = (wanted - before) * sizeof *known->lengths;
    if (wanted * sizeof *known->lengths > lengths->bound)
        return false;
    while (lengths->bytes + more > lengths->bound)
        oldest_forget(lengths); /* never this one: it was asked for last */
    uint16_t *grown = realloc(known->lengths, wanted * sizeof *grown);
    if (grown == NULL)
        return false;
    memset(grown + before, 0, more);
    known->lengths = grown;
    known->last = last;
    lengths->bytes += more;
    return true;
}

static enum fault rows_read(struct known *known, uint32_t after, struct database *from, size_t number,
                            struct error *err)
{
    struct list_posting *rows = malloc(BATCH * sizeof *rows);
    enum fault fault = rows == NULL ? error_set(err, FAULT_REOPEN, "memory", "out of memory") : FAULT_NONE;
    uint32_t count = BATCH;
    while (fault == FAULT_NONE && count == BATCH) {
        fault = segment_postings(from, number, (struct span){"", 0}, LIST_LENGTHS, after, rows, BATCH, &count, err);
        for (uint32_t i = 0; fault == FAULT_NONE && i < count && rows[i].docid <= known->last; i++)
            known->lengths[rows[i].docid] = rows[i].length < LONG ? (uint16_t)rows[i].length : LONG;
        after = count > 0 ? rows[count - 1].docid : after;
    }
    free(rows);
    return fault == FAULT_NONE ? database_whole(from, err) : fault; /* they outlive this commit */
}

/* Read what is not known up to `last`, if so many look-ups would cost more; *all tells whether it is known now. */
static enum fault known_extend(struct lengths *lengths, struct known *known, struct database *from, size_t number,
                               uint32_t last, uint32_t wanted, bool *all, struct error *err)
{
    *all = known->lengths != NULL && last <= known->last;
    if (*all)
        return FAULT_NONE;
    uint32_t after = known->lengths != NULL ? known->last : 0, newest;
    TRY(segment_last(from, number, &newest, err));
    known->owed += wanted;
    if (known->owed * ROW_FACTOR < newest - after || !known_grow(lengths, known, newest))
        return FAULT_NONE;
    known->owed = 0;
    enum fault fault = rows_read(known, after, from, number, err);
    *all = fault == FAULT_NONE;
    if (fault != FAULT_NONE) { /* half of it is not known */
        lengths->bytes -= (known->last + (size_t)1) * sizeof *known->lengths;
        free(known->lengths);
        known->lengths = NULL;
    }
    return fault;
}

static enum fault filled(struct lengths *lengths, struct database *from, size_t number, const struct segment *database,
                         struct list_posting *postings, uint32_t count, struct error *err)
{
    bool all;
    struct known *known = known_of(lengths, database);
    if (known == NULL)
        return error_set(err, FAULT_REOPEN, "memory", "out of memory");
    TRY(known_extend(lengths, known, from, number, postings[count - 1].docid, count, &all, err));
    for (uint32_t i = 0; i < count; i++) {
        postings[i].length = all ? known->lengths[postings[i].docid] : LONG;
        if (postings[i].length == LONG)
            TRY(segment_length(from, number, postings[i].docid, &postings[i].length, err));
    }
    return FAULT_NONE;
}

enum fault lengths_fill(struct lengths *lengths, struct database *from, size_t number, const struct segment *database,
                        struct list_posting *postings, uint32_t count, struct error *err)
{
    if (count == 0)
        return FAULT_NONE;
    pthread_mutex_lock(&lengths->lock);
    enum fault fault = filled(lengths, from, number, database, postings, count, err);
    pthread_mutex_unlock(&lengths->lock);
    return fault;
}

uint64_t lengths_bytes(struct lengths *lengths)
{
    pthread_mutex_lock(&lengths->lock);
    uint64_t bytes = lengths->bytes;
    pthread_mutex_unlock(&lengths->lock);
    return bytes;
}
