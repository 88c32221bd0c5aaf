/* mending: see mending.h. On a thread of the rebuild. */
#include "mending.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum fault hopeless(struct error *err, const char *why)
{
    return error_set(err, FAULT_STOP, "mend.hopeless",
                     "%.300s; stop the worker and run `referent check --repair`, which names what is lost", why);
}

/* Xapian walks the tree of a table first, then the list of its free blocks. */
static bool is_of_free_blocks(const char *words)
{
    return strstr(words, "reelist") != NULL || strstr(words, "free list") != NULL;
}

static enum fault table_walk(const char *path, struct error *err)
{
    uint64_t errors;
    char words[CHECK_WORDS_BYTES];
    struct error why;
    if (access(path, F_OK) != 0)
        return FAULT_NONE; /* Xapian makes some when it needs them; one that is missing shows in what is read */
    enum fault fault = database_check(path, &errors, words, &why);
    if (fault != FAULT_NONE && !is_of_free_blocks(why.text))
        return hopeless(err, why.text);
    return fault == FAULT_NONE && errors > 0 ? hopeless(err, words) : FAULT_NONE;
}

static enum fault part_walk(const char *generation, struct error *err)
{
    static const char *const tables[] = {"docdata", "termlist", "position", "postlist"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s.glass", generation, tables[i]) >= (int)sizeof path)
            return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
        TRY(table_walk(path, err));
    }
    return FAULT_NONE;
}

enum fault mending_allowed(const struct generation *generation, struct error *err)
{
    TRY(part_walk(generation->open, err));
    for (size_t i = 0; i < generation->young.count; i++) {
        char path[PATH_MAX];
        TRY(generation_young(generation, i, path, err));
        TRY(part_walk(path, err));
    }
    return generation->has_closed ? part_walk(generation->closed, err) : FAULT_NONE;
}

enum fault mending_whole(struct old *old, uint64_t documents, struct error *err)
{
    uint64_t open, closed = 0;
    TRY(database_count(old->open, 0, &open, err));
    if (old->closed != NULL)
        TRY(database_count(old->closed, 0, &closed, err));
    if (documents == open + closed)
        return FAULT_NONE;
    char why[120];
    snprintf(why, sizeof why, "%" PRIu64 " documents were read of %" PRIu64, documents, open + closed);
    return hopeless(err, why);
}
