/* index: see index.h. */
#include "index.h"

#include "directory.h"
#include "schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ARENA_BYTES = 1 << 30 };

static void ok(enum fault fault, const struct error *err)
{
    if (fault != FAULT_NONE)
        fail_msg("%s: %s", err->rule, err->text);
}

/* ---- a hash that needs no library */

static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 0x100000001B3U;
    return (hash ^ size) * 0x100000001B3U;
}

static uint64_t document_hash(const struct index_document *document)
{
    uint64_t hash = 0xCBF29CE484222325U;
    for (size_t i = 0; i < document->posting_count; i++) {
        const struct posting *posting = &document->postings[i];
        hash = mix(hash, posting->term.at, posting->term.size);
        hash = mix(hash, &posting->wdf, sizeof posting->wdf);
        hash = mix(hash, posting->positions, posting->position_count * sizeof *posting->positions);
    }
    for (size_t i = 0; i < document->value_count; i++) {
        hash = mix(hash, &document->values[i].slot, sizeof document->values[i].slot);
        hash = mix(hash, document->values[i].bytes.at, document->values[i].bytes.size);
    }
    return mix(hash, document->data.at, document->data.size);
}

/* ---- parts */

static bool part_read(const char *data, bool closed, uint32_t shard, struct database **database)
{
    struct error err;
    char path[PATH_MAX], generation[PATH_MAX];
    const char *name = path;
    bool exists;
    ok(directory_part(data, closed, shard, path, &err), &err);
    ok(directory_generation(path, generation, &exists, &err), &err);
    if (exists)
        ok(database_open_read(&name, 1, database, &err), &err);
    return exists;
}

/* Databases that a part's stub names: the generation, then what is young; how many there are. */
static size_t part_databases(const char *data, bool closed, uint32_t shard, char paths[1 + YOUNG_MAX][PATH_MAX])
{
    struct error err;
    struct young_names young;
    char path[PATH_MAX];
    bool exists;
    ok(directory_part(data, closed, shard, path, &err), &err);
    ok(directory_generation(path, paths[0], &exists, &err), &err);
    ok(directory_young(path, &young, &err), &err);
    for (size_t i = 0; i < young.count; i++)
        assert_true(snprintf(paths[i + 1], PATH_MAX, "%s/%s", path, young.at[i]) < PATH_MAX);
    return exists ? 1 + young.count : 0;
}

static struct database *database_write(const char *path)
{
    struct error err;
    struct database *database;
    ok(database_open_write(path, &database, &err), &err);
    ok(database_begin(database, &err), &err);
    return database;
}

static bool part_write(const char *data, bool closed, uint32_t shard, struct database **database)
{
    char paths[1 + YOUNG_MAX][PATH_MAX];
    bool exists = part_databases(data, closed, shard, paths) > 0;
    if (exists)
        *database = database_write(paths[0]);
    return exists;
}

static void part_keep(struct database **database)
{
    struct error err;
    ok(database_commit(*database, &err), &err);
    database_close(database);
}

/* ---- dumping */

static void group_dump(FILE *out, struct database *database, struct arena *arena, struct span group)
{
    struct error err;
    struct index_document *documents;
    size_t count;
    ok(database_documents(database, 0, arena, group, schema_prefix(PREFIX_UNIQUE), &documents, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%.*s %016llx\n", (int)documents[i].unique.size, documents[i].unique.at,
                (unsigned long long)document_hash(&documents[i]));
}

static void part_dump(FILE *out, struct database *database)
{
    struct error err;
    struct arena *names = arena_new(ARENA_BYTES);
    struct span_list groups, stones;
    ok(database_terms(database, 0, names, schema_prefix(PREFIX_GROUP), (struct span){0}, SIZE_MAX, &groups, &err),
       &err);
    ok(database_meta_keys(database, 0, names, schema_key(KEY_DELETED), (struct span){0}, SIZE_MAX, &stones, &err),
       &err);
    for (size_t i = 0; i < groups.count; i++) {
        struct arena *arena = arena_new(ARENA_BYTES);
        group_dump(out, database, arena, groups.items[i]);
        arena_free(&arena);
    }
    for (size_t i = 0; i < stones.count; i++) {
        struct span value;
        ok(database_meta(database, 0, names, stones.items[i], &value, &err), &err);
        const char *space = memchr(value.at, ' ', value.size); /* behind it stands when it was deleted */
        fprintf(out, "%.*s %.*s\n", (int)stones.items[i].size, stones.items[i].at, (int)(space - value.at), value.at);
    }
    arena_free(&names);
}

char *index_dump(const char *data, uint32_t shards)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    for (uint32_t i = 0; i < 2 * shards; i++) {
        struct database *database;
        fprintf(out, "%s-%04u\n", i % 2 ? "closed" : "shard", i / 2);
        if (!part_read(data, i % 2 == 1, i / 2, &database))
            continue;
        part_dump(out, database);
        database_close(&database);
    }
    fclose(out);
    return text;
}

size_t index_differences(const char *a, const char *b)
{
    size_t differences = 0;
    while (*a != '\0' || *b != '\0') {
        size_t left = strcspn(a, "\n"), right = strcspn(b, "\n");
        if (left != right || memcmp(a, b, left) != 0) {
            if (differences++ == 0)
                fprintf(stderr, "first difference: '%.*s' and '%.*s'\n", (int)left, a, (int)right, b);
        }
        a += left + (a[left] != '\0');
        b += right + (b[right] != '\0');
    }
    return differences;
}

/* ---- changes */

void index_age(const char *data, uint32_t shards, const char *analysis)
{
    struct error err;
    for (uint32_t i = 0; i < 2 * shards; i++) {
        struct database *database;
        if (!part_write(data, i % 2 == 1, i / 2, &database))
            continue;
        ok(database_meta_set(database, schema_key(KEY_ANALYSIS), span_of(analysis), &err), &err);
        part_keep(&database);
    }
}

static void document_spoil(struct database *database, struct index_document *document, struct span term,
                           struct span instead)
{
    struct error err;
    struct posting *postings = (struct posting *)document->postings;
    for (size_t i = 0; i < document->posting_count; i++)
        if (span_equal(postings[i].term, term))
            postings[i].term = instead;
    ok(database_add(database, document, &err), &err);
}

static void database_spoil(const char *path, struct arena *arena, struct span group, struct span term,
                           struct span instead)
{
    struct error err;
    struct index_document *documents;
    size_t count;
    struct database *database = database_write(path);
    ok(database_documents(database, 0, arena, group, schema_prefix(PREFIX_UNIQUE), &documents, &count, &err), &err);
    if (count > 0)
        ok(database_delete(database, group, &err), &err);
    for (size_t n = 0; n < count; n++)
        document_spoil(database, &documents[n], term, instead);
    if (count > 0)
        part_keep(&database);
    database_close(&database);
}

void index_spoil(const char *data, uint32_t shards, const char *id, const char *term, const char *instead)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct text group = arena_format(arena, "%s%s", schema_prefix(PREFIX_GROUP).at, id);
    for (uint32_t i = 0; i < 2 * shards; i++) {
        char paths[1 + YOUNG_MAX][PATH_MAX];
        size_t count = part_databases(data, i % 2 == 1, i / 2, paths);
        for (size_t n = 0; n < count; n++)
            database_spoil(paths[n], arena, (struct span){group.at, group.size}, span_of(term), span_of(instead));
    }
    arena_free(&arena);
}

/* ---- looking */

char *index_meta(const char *data, bool closed, uint32_t shard, const char *key)
{
    struct error err;
    struct database *database;
    struct span value = {"", 0};
    struct arena *arena = arena_new(1 << 20);
    char paths[1 + YOUNG_MAX][PATH_MAX];
    const char *generation = paths[0];
    bool exists = part_databases(data, closed, shard, paths) > 0;
    if (exists)
        ok(database_open_read(&generation, 1, &database, &err), &err);
    if (exists)
        ok(database_meta(database, 0, arena, span_of(key), &value, &err), &err);
    char *copy = strndup(value.size > 0 ? value.at : "", value.size);
    if (exists)
        database_close(&database);
    arena_free(&arena);
    return copy;
}

char *index_generation(const char *data, bool closed, uint32_t shard)
{
    struct error err;
    char path[PATH_MAX], generation[PATH_MAX];
    bool exists;
    ok(directory_part(data, closed, shard, path, &err), &err);
    ok(directory_generation(path, generation, &exists, &err), &err);
    assert_true(exists);
    return strdup(generation);
}

size_t index_young(const char *data, uint32_t shards)
{
    size_t count = 0;
    for (uint32_t i = 0; i < shards; i++) {
        char paths[1 + YOUNG_MAX][PATH_MAX];
        count += part_databases(data, false, i, paths) - 1;
    }
    return count;
}

char *index_largest(const char *data, bool closed, uint32_t shard)
{
    char paths[1 + YOUNG_MAX][PATH_MAX], table[PATH_MAX + 16];
    size_t count = part_databases(data, closed, shard, paths), largest = 0;
    off_t most = -1;
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        struct stat about;
        snprintf(table, sizeof table, "%s/docdata.glass", paths[i]);
        if (stat(table, &about) == 0 && about.st_size > most) {
            most = about.st_size;
            largest = i;
        }
    }
    return strdup(paths[largest]);
}

size_t index_generations(const char *data, uint32_t shard)
{
    size_t count = 0;
    for (int closed = 0; closed < 2; closed++) {
        struct error err;
        char path[PATH_MAX];
        ok(directory_part(data, closed, shard, path, &err), &err);
        DIR *folder = opendir(path);
        for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;)
            count += strncmp(entry->d_name, "gen-", 4) == 0;
        if (folder != NULL)
            closedir(folder);
    }
    return count;
}
