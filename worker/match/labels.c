/* labels: (database, commit, document) -> row. Shared by the search threads. */
#include "labels.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct row {
    uint64_t revision;
    uint32_t docid; /* 0: empty */
    uint32_t position;
    char uuid[SEGMENT_UUID_BYTES];
    uint8_t id_size;
    char id[LABEL_ID_MAX];
};

enum { ROWS = 4 }; /* of a set: a document stands in any row of one */

struct labels {
    pthread_mutex_t lock;
    size_t sets, written;
    uint32_t turn; /* which row of a full set goes next */
    struct row *rows;
};

struct labels *labels_new(size_t bytes)
{
    struct labels *labels = calloc(1, sizeof *labels);
    if (labels == NULL)
        return NULL;
    labels->sets = bytes / sizeof *labels->rows / ROWS;
    labels->rows = labels->sets > 0 ? calloc(labels->sets * ROWS, sizeof *labels->rows) : NULL;
    pthread_mutex_init(&labels->lock, NULL);
    if (labels->sets > 0 && labels->rows == NULL)
        labels_free(&labels);
    return labels;
}

void labels_free(struct labels **labels)
{
    if (labels == NULL || *labels == NULL)
        return;
    pthread_mutex_destroy(&(*labels)->lock);
    free((*labels)->rows);
    free(*labels);
    *labels = NULL;
}

/* The first row of its set. */
static struct row *set_of(const struct labels *labels, const struct segment *database, uint32_t docid)
{
    uint64_t hash = XXH3_64bits_withSeed(database->uuid, sizeof database->uuid, database->revision);
    return &labels->rows[XXH3_64bits_withSeed(&docid, sizeof docid, hash) % labels->sets * ROWS];
}

static bool is_row(const struct row *row, const struct segment *database, uint32_t docid)
{
    return row->docid == docid && row->revision == database->revision &&
           memcmp(row->uuid, database->uuid, sizeof row->uuid) == 0;
}

bool labels_find(struct labels *labels, const struct segment *database, uint32_t docid, struct arena *arena,
                 struct label *out)
{
    if (labels->sets == 0 || docid == 0)
        return false;
    const struct row *row = set_of(labels, database, docid), *end = row + ROWS;
    struct text id = {0};
    pthread_mutex_lock(&labels->lock);
    while (row < end && !is_row(row, database, docid))
        row++;
    if (row < end) {
        id = arena_copy(arena, (struct span){row->id, row->id_size});
        *out = (struct label){{id.at, id.size}, row->position};
    }
    pthread_mutex_unlock(&labels->lock);
    return id.at != NULL;
}

/* The one that it has, an empty one, or one whose turn it is. */
static struct row *row_choose(struct labels *labels, const struct segment *database, uint32_t docid)
{
    struct row *set = set_of(labels, database, docid);
    for (struct row *row = set; row < set + ROWS; row++)
        if (row->docid == 0 || is_row(row, database, docid))
            return row;
    return set + labels->turn++ % ROWS;
}

void labels_keep(struct labels *labels, const struct segment *database, uint32_t docid, struct label label)
{
    if (labels->sets == 0 || docid == 0 || label.id.size == 0 || label.id.size > LABEL_ID_MAX)
        return;
    pthread_mutex_lock(&labels->lock);
    struct row *row = row_choose(labels, database, docid);
    labels->written += row->docid == 0;
    row->docid = docid;
    row->revision = database->revision;
    row->position = label.position;
    row->id_size = (uint8_t)label.id.size;
    memcpy(row->uuid, database->uuid, sizeof row->uuid);
    memcpy(row->id, label.id.at, label.id.size);
    pthread_mutex_unlock(&labels->lock);
}

uint64_t labels_bytes(struct labels *labels)
{
    pthread_mutex_lock(&labels->lock);
    uint64_t bytes = labels->written * sizeof *labels->rows;
    pthread_mutex_unlock(&labels->lock);
    return bytes;
}
