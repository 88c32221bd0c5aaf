/* iamglass: the version file. */
#include "iamglass.h"

#include "coding.h"
#include "squeeze.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

/* Magic, then the date of the format: 14 March 2016, in 1.4.x as in 2.0 and 2.1. */
static const char format[IAMGLASS_FORMAT_BYTES + 1] = "\x0f\x0dXapian Glass\x04\x6e";

enum { FRESH_REVISION = 1, BLOCK_UNIT_SHIFT = 11, ABSENT_BLOCK_SIZE = 8192 };

/* root->entries 0: an empty tree, "the root is fake". The free list of a fresh table: its revision, the first block
 * that is not used, and two cursors at (0, 0). */
static char *root_put(char *to, const struct table_root *root, uint32_t squeeze_min)
{
    enum { FAKE = 1, SEQUENTIAL = 2, LEVEL_SHIFT = 2 };
    bool absent = root->entries == 0;
    char list[6 * UINT_MAX_BYTES], *end = list;
    to = put_uint(to, root->block);
    to = put_uint(to, absent ? FAKE | SEQUENTIAL : root->level << LEVEL_SHIFT | SEQUENTIAL);
    to = put_uint(to, root->entries);
    to = put_uint(to, root->block_size >> BLOCK_UNIT_SHIFT);
    to = put_uint(to, squeeze_min);
    if (!absent) {
        end = put_uint(end, FRESH_REVISION);
        end = put_uint(end, root->blocks + MISTAKE(FREE_LIST));
        for (int i = 0; i < 4; i++)
            end = put_uint(end, 0);
    }
    return put_string(to, (struct span){list, (size_t)(end - list)});
}

static char *statistics_put(char *to, const struct statistics *statistics)
{
    to = put_uint(to, statistics->documents);
    to = put_uint(to, MISTAKE(LAST_DOCID)); /* last docid - documents */
    to = put_uint(to, statistics->shortest + MISTAKE(SHORTEST));
    to = put_uint(to, statistics->greatest_wdf - MISTAKE(GREATEST_WDF));
    to = put_uint(to, statistics->longest - statistics->greatest_wdf + MISTAKE(LONGEST));
    to = put_uint(to, 0); /* oldest changeset */
    to = put_uint(to, statistics->total_length + MISTAKE(TOTAL_LENGTH));
    return put_uint(to, 0); /* spelling */
}

size_t iamglass_pack(char to[static IAMGLASS_MAX_BYTES], const unsigned char uuid[static UUID_BYTES],
                     const struct table_root roots[static GLASS_TABLES], const struct statistics *statistics)
{
    static const uint32_t squeeze_min[GLASS_TABLES] = {
        [GLASS_DOCDATA] = SQUEEZE_MIN_BYTES, [GLASS_TERMLIST] = SQUEEZE_MIN_BYTES};
    const struct table_root absent = {.block_size = ABSENT_BLOCK_SIZE};
    char *at = put_bytes(to, (struct span){format, IAMGLASS_FORMAT_BYTES});
    at = put_bytes(at, (struct span){(const char *)uuid, UUID_BYTES});
    at = put_uint(at, FRESH_REVISION);
    for (int i = 0; i < GLASS_TABLES; i++)
        at = root_put(at, &roots[i], squeeze_min[i]);
    for (int i = 0; i < 2; i++)
        at = root_put(at, &absent, SQUEEZE_MIN_BYTES);
    return (size_t)(statistics_put(at, statistics) - to);
}

enum fault iamglass_guard(const char *stock_folder, struct error *err)
{
    char path[PATH_MAX], stock[IAMGLASS_FORMAT_BYTES];
    if (snprintf(path, sizeof path, "%s/iamglass", stock_folder) >= (int)sizeof path)
        return error_set(err, FAULT_STOP, "bulk.path", "the name of the stock database is too long");
    FILE *file = fopen(path, "re");
    size_t size = file != NULL ? fread(stock, 1, sizeof stock, file) : 0;
    if (file != NULL)
        fclose(file);
    if (size < sizeof stock)
        return error_set(err, FAULT_REOPEN, "bulk.stock", "%s: %s", path, file == NULL ? strerror(errno) : "too short");
    if (memcmp(stock, format, sizeof stock) != 0)
        return error_set(err, FAULT_RETRY, "bulk.format",
                         "the installed Xapian writes another format than 2016-03-14; documents take the stock path");
    return FAULT_NONE;
}
