/* ledger: prepared statements over two tables. See ledger.h for the order of writes that makes it safe. */
#include "ledger.h"

#include "clock.h"
#include "span.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SCHEMA_VERSION = 2,          /* 1 had no rule, reason and rules */
    APPLICATION_ID = 0x52664c31, /* "RfL1": tells our files from other SQLite files */
    SYNC_WRITES = 512,
    SYNC_MS = 250,
    BUSY_MS = 0 /* a feeder runs for hours: waiting for it helps nobody */
};

enum statement { FIND, NEXT, INTEND, SETTLE, FORGET, SHARD, SHARD_AGREE, STATEMENTS };

#define COLUMNS_1                                                                                                      \
    "id, root, path, mtime_ns, ctime_ns, size, digest, version, status, intended, shard, lineage, sequence"
#define COLUMNS COLUMNS_1 ", rule, reason, rules"

static const char *const texts[STATEMENTS] = {
    [FIND] = "SELECT " COLUMNS " FROM document WHERE id = ?1",
    [NEXT] = "SELECT " COLUMNS " FROM document WHERE id > ?1 ORDER BY id LIMIT 1",
    [INTEND] = "INSERT INTO document(id, root, path, version, intended) VALUES(?1, ?2, ?3, ?4, 1) ON CONFLICT(id) DO "
               "UPDATE SET root = ?2, path = ?3, version = max(version, ?4), intended = 1",
    [SETTLE] = "INSERT OR REPLACE INTO document(" COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,"
               "?14,?15,?16)",
    [FORGET] = "DELETE FROM document WHERE id = ?1",
    [SHARD] = "SELECT lineage, sequence FROM shard WHERE number = ?1",
    [SHARD_AGREE] = "INSERT OR REPLACE INTO shard(number, lineage, sequence) VALUES(?1, ?2, ?3)",
};

static const char schema[] = "CREATE TABLE document(id TEXT PRIMARY KEY NOT NULL, root TEXT NOT NULL, path TEXT NOT "
                             "NULL, mtime_ns INTEGER NOT NULL DEFAULT 0, ctime_ns INTEGER NOT NULL DEFAULT 0, size "
                             "INTEGER NOT NULL DEFAULT 0, digest BLOB NOT NULL DEFAULT x'', version INTEGER NOT NULL "
                             "DEFAULT 0, status INTEGER NOT NULL DEFAULT 0, intended INTEGER NOT NULL DEFAULT 0, shard "
                             "INTEGER NOT NULL DEFAULT 0, lineage BLOB NOT NULL DEFAULT x'', sequence INTEGER NOT NULL "
                             "DEFAULT 0) WITHOUT ROWID;"
                             "CREATE TABLE shard(number INTEGER PRIMARY KEY NOT NULL, lineage BLOB NOT NULL, sequence "
                             "INTEGER NOT NULL);"
                             "PRAGMA application_id = 1382435889; PRAGMA user_version = 1;";

static const char second[] = "ALTER TABLE document ADD COLUMN rule TEXT NOT NULL DEFAULT '';"
                             "ALTER TABLE document ADD COLUMN reason TEXT NOT NULL DEFAULT '';"
                             "ALTER TABLE document ADD COLUMN rules INTEGER NOT NULL DEFAULT 0;"
                             "DELETE FROM document WHERE length(CAST(id AS BLOB)) > 200;" /* no index takes them */
                             "PRAGMA user_version = 2;";

/* What is only looked at stays of its schema. */
static const char *const texts_1[STATEMENTS] = {
    [FIND] = "SELECT " COLUMNS_1 ", '', '', 0 FROM document WHERE id = ?1",
    [NEXT] = "SELECT " COLUMNS_1 ", '', '', 0 FROM document WHERE id > ?1 ORDER BY id LIMIT 1",
};

struct ledger {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    char *path;
    char *kept;   /* the strings of the row that was given last */
    bool first;   /* of schema 1, to look at */
    bool writing; /* a transaction is open */
    size_t writes;
    int64_t began_ms;
};

/* ---- What SQLite says, and what to do about it ---- */

static enum fault failed(const struct ledger *ledger, struct error *err)
{
    int code = sqlite3_errcode(ledger->database) & 0xFF;
    const char *why = sqlite3_errmsg(ledger->database), *path = ledger->path;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return error_set(err, FAULT_STOP, "ledger.locked",
                         "another referent has the ledger %s; wait for it to end, or give --ledger another file", path);
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_SCHEMA || code == SQLITE_ERROR)
        return error_set(err, FAULT_STOP, "ledger.damaged",
                         "%s is no ledger or is damaged (%s); move it away and feed again: all is sent once more, and "
                         "the worker changes only what differs",
                         path, why);
    return error_set(err, FAULT_STOP, "ledger.write",
                     "cannot use the ledger %s: %s; make room or give --ledger another "
                     "file, then feed again",
                     path, why);
}

static enum fault run(struct ledger *ledger, const char *text, struct error *err)
{
    return sqlite3_exec(ledger->database, text, NULL, NULL, NULL) == SQLITE_OK ? FAULT_NONE : failed(ledger, err);
}

/* A PRAGMA that gives one number. */
static enum fault number_ask(struct ledger *ledger, const char *text, int *number, struct error *err)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(ledger->database, text, -1, &statement, NULL) != SQLITE_OK)
        return failed(ledger, err);
    bool row = sqlite3_step(statement) == SQLITE_ROW;
    *number = row ? sqlite3_column_int(statement, 0) : 0;
    enum fault fault = row ? FAULT_NONE : failed(ledger, err);
    sqlite3_finalize(statement);
    return fault;
}

/* ---- Opening ---- */

static enum fault schema_bring(struct ledger *ledger, bool is_new, struct error *err)
{
    TRY(run(ledger, "BEGIN IMMEDIATE", err));
    if (is_new)
        TRY(run(ledger, schema, err));
    TRY(run(ledger, second, err));
    return run(ledger, "COMMIT", err);
}

/* Is it ours, and of a schema that we know? A new file is made ours. */
static enum fault schema_take(struct ledger *ledger, bool look, struct error *err)
{
    int application, version, tables;
    TRY(number_ask(ledger, "PRAGMA application_id", &application, err));
    TRY(number_ask(ledger, "PRAGMA user_version", &version, err));
    TRY(number_ask(ledger, "SELECT count(*) FROM sqlite_schema", &tables, err));
    if (application == 0 && version == 0 && tables == 0 && !look)
        return schema_bring(ledger, true, err);
    if (application != APPLICATION_ID)
        return error_set(err, FAULT_STOP, "ledger.damaged",
                         "%s is a database of another program; give --ledger another file", ledger->path);
    ledger->first = version == 1 && look;
    if (version == 1)
        return look ? FAULT_NONE : schema_bring(ledger, false, err);
    if (version != SCHEMA_VERSION)
        return error_set(err, FAULT_STOP, "ledger.schema",
                         "the ledger %s has schema %d, this referent knows %d; update referent, or give --ledger "
                         "another file",
                         ledger->path, version, SCHEMA_VERSION);
    return FAULT_NONE;
}

/* WAL without shared memory, locked from the first access to the end (3): the transaction takes the lock at once. */
static enum fault lock_take(struct ledger *ledger, bool look, struct error *err)
{
    sqlite3_busy_timeout(ledger->database, BUSY_MS);
    TRY(run(ledger, "PRAGMA locking_mode = EXCLUSIVE", err));
    if (look)
        return FAULT_NONE;
    int tables; /* before the first write: a file of another kind must stay as it is */
    TRY(number_ask(ledger, "SELECT count(*) FROM sqlite_schema", &tables, err));
    TRY(run(ledger, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", err));
    return run(ledger, "BEGIN EXCLUSIVE; COMMIT", err);
}

static enum fault statements_make(struct ledger *ledger, bool look, struct error *err)
{
    for (int i = 0; i < STATEMENTS; i++) {
        bool writes = i != FIND && i != NEXT && i != SHARD;
        if (look && writes)
            continue;
        const char *text = ledger->first && texts_1[i] != NULL ? texts_1[i] : texts[i];
        if (sqlite3_prepare_v3(ledger->database, text, -1, SQLITE_PREPARE_PERSISTENT, &ledger->statements[i], NULL) !=
            SQLITE_OK)
            return failed(ledger, err);
    }
    return FAULT_NONE;
}

/* mkdir -p of what is above the file; a failure shows when the file is opened. */
static void folders_make(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static enum fault file_open(struct ledger *ledger, bool look, struct error *err)
{
    int flags = SQLITE_OPEN_READWRITE | (look ? 0 : SQLITE_OPEN_CREATE); /* WAL cannot be locked read-only */
    if (!look)
        folders_make(ledger->path);
    mode_t mask = umask(077); /* it names what somebody archives */
    int code = sqlite3_open_v2(ledger->path, &ledger->database, flags | SQLITE_OPEN_NOMUTEX, NULL);
    enum fault fault = code == SQLITE_OK ? lock_take(ledger, look, err) : failed(ledger, err);
    if (fault == FAULT_NONE)
        fault = schema_take(ledger, look, err);
    umask(mask);
    return fault != FAULT_NONE ? fault : statements_make(ledger, look, err);
}

enum fault ledger_open(const char *path, bool look, struct ledger **out, struct error *err)
{
    *out = NULL;
    if (look && access(path, F_OK) != 0)
        return FAULT_NONE;
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger != NULL)
        ledger->path = strdup(path);
    if (ledger == NULL || ledger->path == NULL) {
        free(ledger);
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    }
    enum fault fault = file_open(ledger, look, err);
    if (fault == FAULT_NONE)
        *out = ledger;
    else
        ledger_close(&ledger);
    return fault;
}

void ledger_close(struct ledger **ledger)
{
    if (ledger == NULL || *ledger == NULL)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize((*ledger)->statements[i]);
    sqlite3_close((*ledger)->database);
    free((*ledger)->path);
    free((*ledger)->kept);
    free(*ledger);
    *ledger = NULL;
}

/* ---- Rows ---- */

static enum fault write_begin(struct ledger *ledger, struct error *err)
{
    ledger->writes++;
    if (ledger->writing)
        return FAULT_NONE;
    TRY(run(ledger, "BEGIN IMMEDIATE", err));
    ledger->writing = true;
    ledger->began_ms = clock_steady_ms();
    return FAULT_NONE;
}

static void text_bind(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text ? text : "", -1, SQLITE_STATIC);
}

static enum fault write_end(struct ledger *ledger, sqlite3_stmt *statement, struct error *err)
{
    int code = sqlite3_step(statement);
    enum fault fault = code == SQLITE_DONE ? FAULT_NONE : failed(ledger, err);
    sqlite3_reset(statement);
    return fault;
}

static void blob_read(sqlite3_stmt *statement, int at, unsigned char out[static 16])
{
    memset(out, 0, 16);
    if (sqlite3_column_bytes(statement, at) == 16)
        memcpy(out, sqlite3_column_blob(statement, at), 16);
}

static struct span text_read(sqlite3_stmt *statement, int at)
{
    const char *text = (const char *)sqlite3_column_text(statement, at);
    return (struct span){text ? text : "", (size_t)sqlite3_column_bytes(statement, at)};
}

/* Copies of the strings, so that the row outlives the statement. */
static enum fault strings_keep(struct ledger *ledger, sqlite3_stmt *statement, struct ledger_row *row,
                               struct error *err)
{
    enum { STRINGS = 5 };
    static const int columns[STRINGS] = {0, 1, 2, 13, 14};
    const char **const out[STRINGS] = {&row->id, &row->root, &row->path, &row->rule, &row->reason};
    size_t size = 0;
    for (int i = 0; i < STRINGS; i++)
        size += text_read(statement, columns[i]).size + 1;
    char *at = realloc(ledger->kept, size);
    if (at == NULL)
        return error_set(err, FAULT_RETRY, "memory", "out of memory");
    ledger->kept = at;
    for (int i = 0; i < STRINGS; i++) {
        struct span text = text_read(statement, columns[i]);
        *out[i] = memcpy(at, text.at, text.size);
        at[text.size] = '\0';
        at += text.size + 1;
    }
    return FAULT_NONE;
}

static enum fault row_read(struct ledger *ledger, sqlite3_stmt *statement, struct ledger_row *row, struct error *err)
{
    TRY(strings_keep(ledger, statement, row, err));
    row->stamp = (struct ledger_stamp){sqlite3_column_int64(statement, 3), sqlite3_column_int64(statement, 4),
                                       sqlite3_column_int64(statement, 5)};
    blob_read(statement, 6, row->digest);
    row->version = (uint64_t)sqlite3_column_int64(statement, 7);
    row->status = (enum ledger_status)sqlite3_column_int(statement, 8);
    row->intended = sqlite3_column_int(statement, 9) != 0;
    row->shard = (uint32_t)sqlite3_column_int64(statement, 10);
    blob_read(statement, 11, row->lineage);
    row->sequence = (uint64_t)sqlite3_column_int64(statement, 12);
    row->rules = (uint64_t)sqlite3_column_int64(statement, 15);
    return FAULT_NONE;
}

static enum fault row_ask(struct ledger *ledger, enum statement which, const char *id, struct ledger_row *row,
                          bool *found, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[which];
    sqlite3_bind_text(statement, 1, id, -1, SQLITE_TRANSIENT); /* it may be the id of the row before */
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    *row = (struct ledger_row){.id = "", .root = "", .path = "", .rule = "", .reason = ""};
    enum fault fault = code == SQLITE_ROW || code == SQLITE_DONE ? FAULT_NONE : failed(ledger, err);
    if (code == SQLITE_ROW)
        fault = row_read(ledger, statement, row, err);
    sqlite3_reset(statement);
    return fault;
}

enum fault ledger_find(struct ledger *ledger, const char *id, struct ledger_row *row, bool *found, struct error *err)
{
    return row_ask(ledger, FIND, id, row, found, err);
}

enum fault ledger_next(struct ledger *ledger, const char *after, struct ledger_row *row, bool *found, struct error *err)
{
    return row_ask(ledger, NEXT, after, row, found, err);
}

enum fault ledger_intend(struct ledger *ledger, const char *id, const char *root, const char *path, uint64_t version,
                         struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[INTEND];
    TRY(write_begin(ledger, err));
    text_bind(statement, 1, id);
    text_bind(statement, 2, root);
    text_bind(statement, 3, path);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)version);
    return write_end(ledger, statement, err);
}

enum fault ledger_settle(struct ledger *ledger, const struct ledger_row *row, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[SETTLE];
    TRY(write_begin(ledger, err));
    text_bind(statement, 1, row->id);
    text_bind(statement, 2, row->root);
    text_bind(statement, 3, row->path);
    sqlite3_bind_int64(statement, 4, row->stamp.mtime_ns);
    sqlite3_bind_int64(statement, 5, row->stamp.ctime_ns);
    sqlite3_bind_int64(statement, 6, row->stamp.size);
    sqlite3_bind_blob(statement, 7, row->digest, sizeof row->digest, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 8, (sqlite3_int64)row->version);
    sqlite3_bind_int(statement, 9, (int)row->status);
    sqlite3_bind_int(statement, 10, row->intended);
    sqlite3_bind_int64(statement, 11, row->shard);
    sqlite3_bind_blob(statement, 12, row->lineage, sizeof row->lineage, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 13, (sqlite3_int64)row->sequence);
    text_bind(statement, 14, row->rule);
    text_bind(statement, 15, row->reason);
    sqlite3_bind_int64(statement, 16, (sqlite3_int64)row->rules);
    return write_end(ledger, statement, err);
}

enum fault ledger_forget(struct ledger *ledger, const char *id, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[FORGET];
    TRY(write_begin(ledger, err));
    text_bind(statement, 1, id);
    return write_end(ledger, statement, err);
}

enum fault ledger_sync(struct ledger *ledger, struct error *err)
{
    if (!ledger->writing)
        return FAULT_NONE;
    TRY(run(ledger, "COMMIT", err));
    ledger->writing = false;
    ledger->writes = 0;
    return FAULT_NONE;
}

enum fault ledger_sync_soon(struct ledger *ledger, int64_t now_ms, struct error *err)
{
    bool due = ledger->writing && (ledger->writes >= SYNC_WRITES || now_ms - ledger->began_ms >= SYNC_MS);
    return due ? ledger_sync(ledger, err) : FAULT_NONE;
}

/* ---- Shards ---- */

enum fault ledger_shard(struct ledger *ledger, uint32_t number, unsigned char lineage[static 16], uint64_t *sequence,
                        bool *found, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[SHARD];
    sqlite3_bind_int64(statement, 1, number);
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    *sequence = 0;
    memset(lineage, 0, 16);
    if (*found) {
        blob_read(statement, 0, lineage);
        *sequence = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    enum fault fault = code == SQLITE_ROW || code == SQLITE_DONE ? FAULT_NONE : failed(ledger, err);
    sqlite3_reset(statement);
    return fault;
}

enum fault ledger_shard_agree(struct ledger *ledger, uint32_t number, const unsigned char lineage[static 16],
                              uint64_t sequence, struct error *err)
{
    sqlite3_stmt *statement = ledger->statements[SHARD_AGREE];
    TRY(write_begin(ledger, err));
    sqlite3_bind_int64(statement, 1, number);
    sqlite3_bind_blob(statement, 2, lineage, 16, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)sequence);
    return write_end(ledger, statement, err);
}
