/* store: opening and changing. On the keeper's thread, after the start. */
#include "store_sqlite.h"

#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum {
    SCHEMA_VERSION = 1,
    APPLICATION = 0x52664C74, /* "RfLt": tells our file from anybody's SQLite file */
    BUSY_MS = 1000,           /* a reader of another process may hold it so long */
    LEVEL = 3,
    DIGEST_BYTES = 16
};

/* AUTOINCREMENT: the number of a letter that is gone is not given again, so `dead drop 7` cannot hit another one. */
static const char schema[] =
    "CREATE TABLE letter (number INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " id BLOB NOT NULL, source BLOB NOT NULL, version BLOB NOT NULL, rule BLOB NOT NULL, reason BLOB NOT NULL,"
    " size INTEGER NOT NULL, kept INTEGER NOT NULL, times INTEGER NOT NULL DEFAULT 1, digest BLOB NOT NULL UNIQUE,"
    " payload BLOB NOT NULL);"
    "CREATE INDEX letter_id ON letter (id);"
    "CREATE INDEX letter_turn ON letter (kind = 3 DESC, number, kept);"
    "PRAGMA application_id = 1382435956;"
    "PRAGMA user_version = 1;";
_Static_assert(APPLICATION == 1382435956, "the number in the schema");

/* secure_delete: what was dropped may hold CPR numbers, so its pages are overwritten. The journal gives back what one
 * large transaction made it grow. */
static const char settings[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                               "PRAGMA journal_size_limit = 67108864;";

/* Versions are 64 bits without a sign, which SQLite does not have: eight bytes, the highest first, keep their order. */
static const char *const sql[STATEMENTS] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ADD] = "INSERT INTO letter (time_ms, kind, id, source, version, rule, reason, size, kept, digest, payload)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (digest) DO UPDATE SET"
                " time_ms = excluded.time_ms, rule = excluded.rule, reason = excluded.reason, times = times + 1"
                " RETURNING times",
    [SQL_SETTLE] = "DELETE FROM letter WHERE id = ?1 AND (version < ?2 OR (?3 AND version = ?2)) RETURNING kept",
    [SQL_DROP] = "DELETE FROM letter WHERE number = ?1 RETURNING kept",
    [SQL_OLDEST] = "DELETE FROM letter WHERE number ="
                   " (SELECT number FROM letter ORDER BY kind = 3 DESC, number LIMIT 1) RETURNING kept",
    [SQL_TOTALS] = "SELECT COUNT(*), COALESCE(SUM(kept), 0) FROM letter",
    [SQL_LIST] = "SELECT number, time_ms, kind, id, source, version, rule, reason, size, times FROM letter"
                 " WHERE number > ?1 AND (LENGTH(?2) = 0 OR rule = ?2) ORDER BY number LIMIT ?3",
    [SQL_GET] = "SELECT number, time_ms, kind, id, source, version, rule, reason, size, times, payload FROM letter"
                " WHERE number = ?1",
    [SQL_IDS] = "SELECT DISTINCT id FROM letter WHERE LENGTH(id) > 0",
};

enum fault store_fault(const struct store *store, int code, struct error *err)
{
    int primary = code & 0xFF;
    if (primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT)
        return error_set(err, FAULT_STOP, "dead.store",
                         "%.120s is no sound store of dead letters (%s); move it away, and a new one is made",
                         store->path, sqlite3_errstr(code));
    int system = primary == SQLITE_IOERR && store->database != NULL ? sqlite3_system_errno(store->database) : 0;
    return error_set(err, FAULT_RETRY, "dead.store", "rejected documents cannot be kept in %.120s: %s%s%s", store->path,
                     sqlite3_errstr(code), system ? ": " : "", system ? strerror(system) : "");
}

sqlite3_stmt *store_statement(struct store *store, enum statement which)
{
    sqlite3_stmt *statement = store->statements[which];
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

/* Step a statement that gives no rows, and reset it. */
NODISCARD static enum fault store_run(struct store *store, enum statement which, struct error *err)
{
    int code = sqlite3_step(store->statements[which]);
    sqlite3_reset(store->statements[which]);
    return code == SQLITE_DONE ? FAULT_NONE : store_fault(store, code, err);
}

/* ---- Opening ---- */

static enum fault execute(struct store *store, const char *words, struct error *err)
{
    int code = sqlite3_exec(store->database, words, NULL, NULL, NULL);
    return code == SQLITE_OK ? FAULT_NONE : store_fault(store, code, err);
}

static enum fault number_read(struct store *store, const char *words, int64_t *number, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->database, words, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    *number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? FAULT_NONE : store_fault(store, code, err);
}

/* Before SQLite makes it with the rights that the umask leaves. Its -wal and -shm take the rights of the file. */
static enum fault file_make(const struct store *store, const char *data_dir, struct error *err)
{
    int file = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return FAULT_NONE;
    if (file < 0)
        return error_set(err, FAULT_RETRY, "dead.store", "cannot make %.120s: %s", store->path, strerror(errno));
    close(file);
    return directory_sync(data_dir, err);
}

/* A new file gets its tables; another one must be ours. */
static enum fault schema_settle(struct store *store, struct error *err)
{
    int64_t application, version, tables;
    TRY(number_read(store, "PRAGMA application_id", &application, err));
    TRY(number_read(store, "PRAGMA user_version", &version, err));
    TRY(number_read(store, "SELECT COUNT(*) FROM sqlite_schema", &tables, err));
    if (application == 0 && version == 0 && tables == 0) {
        TRY(execute(store, "BEGIN IMMEDIATE", err));
        TRY(execute(store, schema, err));
        return execute(store, "COMMIT", err);
    }
    if (application != APPLICATION)
        return error_set(err, FAULT_STOP, "dead.store",
                         "%.120s is an SQLite file of another program; move it away, and a new one is made",
                         store->path);
    if (version != SCHEMA_VERSION)
        return error_set(err, FAULT_STOP, "dead.store",
                         "%.120s was made by a newer referent (schema %lld); start that one, or move the file away",
                         store->path, (long long)version);
    return FAULT_NONE;
}

enum fault store_trial(struct store *store, struct error *err)
{
    return execute(store, "BEGIN IMMEDIATE; PRAGMA user_version = 1; COMMIT", err);
}

static enum fault totals_read(struct store *store, struct error *err)
{
    sqlite3_stmt *statement = store_statement(store, SQL_TOTALS);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        store->now.count = (uint64_t)sqlite3_column_int64(statement, 0);
        store->now.bytes = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    sqlite3_reset(statement);
    return code == SQLITE_ROW ? FAULT_NONE : store_fault(store, code, err);
}

static enum fault prepare(struct store *store, const char *data_dir, struct error *err)
{
    TRY(file_make(store, data_dir, err));
    int code = sqlite3_open_v2(store->path, &store->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        return store_fault(store, code, err);
    sqlite3_extended_result_codes(store->database, 1);
    sqlite3_busy_timeout(store->database, BUSY_MS);
    TRY(execute(store, settings, err));
    TRY(schema_settle(store, err));
    for (int i = 0; i < STATEMENTS; i++) {
        code = sqlite3_prepare_v3(store->database, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &store->statements[i], NULL);
        if (code != SQLITE_OK)
            return store_fault(store, code, err);
    }
    return totals_read(store, err);
}

enum fault store_open(const char *data_dir, struct store_bounds bounds, struct store **out, struct error *err)
{
    struct store *store = calloc(1, sizeof *store);
    *out = NULL;
    if (store == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    store->bounds = bounds;
    store->packer = ZSTD_createCCtx();
    enum fault fault = FAULT_NONE;
    if (store->packer == NULL)
        fault = error_set(err, FAULT_RETRY, "memory", "out of memory");
    else if (snprintf(store->path, sizeof store->path, "%s/dead.sqlite", data_dir) >= (int)sizeof store->path)
        fault = error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    else
        fault = prepare(store, data_dir, err);
    if (fault != FAULT_NONE)
        store_close(&store);
    *out = store;
    return fault;
}

void store_close(struct store **store)
{
    if (store == NULL || *store == NULL)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize((*store)->statements[i]);
    sqlite3_close((*store)->database);
    ZSTD_freeCCtx((*store)->packer);
    free(*store);
    *store = NULL;
}

/* ---- Changing ---- */

enum fault store_begin(struct store *store, struct error *err)
{
    store->before = store->now;
    store->changing = true;
    return store_run(store, SQL_BEGIN, err);
}

void store_undo(struct store *store)
{
    if (!store->changing)
        return;
    store->changing = false;
    store->now = store->before;
    if (!sqlite3_get_autocommit(store->database)) /* after a full disk SQLite has rolled back by itself */
        (void)sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
}

static void bind_bytes(sqlite3_stmt *statement, int at, struct span bytes)
{
    (void)sqlite3_bind_blob64(statement, at, bytes.size ? bytes.at : "", bytes.size, SQLITE_STATIC);
}

static struct span version_bytes(uint64_t version, char out[static 8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (char)(version >> (56 - 8 * i));
    return (struct span){out, 8};
}

/* The same frame rejected again is the same letter. */
static struct span digest_of(const struct letter *letter, XXH128_canonical_t *out)
{
    XXH128_canonicalFromHash(out, XXH3_128bits_withSeed(letter->frame.at, letter->frame.size, letter->size));
    return (struct span){(const char *)out->digest, DIGEST_BYTES};
}

static enum fault letter_write(struct store *store, const struct letter *letter, struct span packed, struct error *err)
{
    XXH128_canonical_t digest;
    char version[8];
    sqlite3_stmt *statement = store_statement(store, SQL_ADD);
    sqlite3_bind_int64(statement, 1, letter->time_ms);
    sqlite3_bind_int(statement, 2, (int)letter->kind);
    bind_bytes(statement, 3, letter->id);
    bind_bytes(statement, 4, letter->source);
    bind_bytes(statement, 5, version_bytes(letter->version, version));
    bind_bytes(statement, 6, letter->rule);
    bind_bytes(statement, 7, letter->reason);
    sqlite3_bind_int64(statement, 8, (sqlite3_int64)letter->size);
    sqlite3_bind_int64(statement, 9, (sqlite3_int64)packed.size);
    bind_bytes(statement, 10, digest_of(letter, &digest));
    bind_bytes(statement, 11, packed);
    int code = sqlite3_step(statement);
    bool fresh = code == SQLITE_ROW && sqlite3_column_int64(statement, 0) == 1;
    if (code == SQLITE_ROW)
        code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE)
        return store_fault(store, code, err);
    store->now.count += fresh;
    store->now.bytes += fresh ? packed.size : 0;
    return FAULT_NONE;
}

enum fault store_add(struct store *store, const struct letter *letter, struct error *err)
{
    size_t room = ZSTD_compressBound(letter->frame.size);
    char *packed = malloc(room);
    if (packed == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory for a dead letter of %zu bytes",
                         letter->frame.size);
    size_t size = ZSTD_compressCCtx(store->packer, packed, room, letter->frame.at, letter->frame.size, LEVEL);
    enum fault fault = ZSTD_isError(size)
                           ? error_set(err, FAULT_RETRY, "dead.store", "zstd: %s", ZSTD_getErrorName(size))
                           : letter_write(store, letter, (struct span){packed, size}, err);
    free(packed);
    return fault;
}

/* Run a statement that deletes letters and gives back how large each was. */
static enum fault letters_delete(struct store *store, enum statement which, uint64_t *count, struct error *err)
{
    sqlite3_stmt *statement = store->statements[which];
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        store->now.count--;
        store->now.bytes -= (uint64_t)sqlite3_column_int64(statement, 0);
        (*count)++;
    }
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? FAULT_NONE : store_fault(store, code, err);
}

enum fault store_settle(struct store *store, struct span id, uint64_t version, bool equal, struct error *err)
{
    char bytes[8];
    uint64_t settled = 0;
    sqlite3_stmt *statement = store_statement(store, SQL_SETTLE);
    bind_bytes(statement, 1, id);
    bind_bytes(statement, 2, version_bytes(version, bytes));
    sqlite3_bind_int(statement, 3, equal);
    return letters_delete(store, SQL_SETTLE, &settled, err);
}

enum fault store_drop(struct store *store, uint64_t number, uint64_t *dropped, struct error *err)
{
    sqlite3_bind_int64(store_statement(store, SQL_DROP), 1, (sqlite3_int64)number);
    return letters_delete(store, SQL_DROP, dropped, err);
}

/* Drop what goes first until the bounds hold; the last letter stays, whatever its size. */
static enum fault bounds_keep(struct store *store, struct error *err)
{
    struct store_bounds bounds = store->bounds;
    while (store->now.count > bounds.max_count || (store->now.bytes > bounds.max_bytes && store->now.count > 1))
        TRY(letters_delete(store, SQL_OLDEST, &store->now.evicted, err));
    return FAULT_NONE;
}

enum fault store_commit(struct store *store, struct error *err)
{
    TRY(bounds_keep(store, err));
    TRY(store_run(store, SQL_COMMIT, err));
    store->changing = false;
    return FAULT_NONE;
}

uint64_t store_waiting(const struct store *store)
{
    return store->now.count;
}

uint64_t store_evicted(const struct store *store)
{
    return store->now.evicted;
}
