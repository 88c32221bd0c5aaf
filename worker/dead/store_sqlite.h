/* What store.c (opening, changing) and store_read.c share: the handle, its statements, and how SQLite's codes become
 * faults. */
#ifndef REFERENT_STORE_SQLITE_H
#define REFERENT_STORE_SQLITE_H

#include "store.h"

#include <limits.h>
#include <sqlite3.h>
#include <zstd.h>

enum statement {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ADD,
    SQL_SETTLE,
    SQL_DROP,
    SQL_OLDEST,
    SQL_TOTALS,
    SQL_LIST,
    SQL_GET,
    SQL_IDS,
    STATEMENTS
};

struct totals {
    uint64_t count, bytes, evicted;
};

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENTS];
    ZSTD_CCtx *packer;
    struct store_bounds bounds;
    struct totals now, before; /* before: what store_undo goes back to */
    bool changing;             /* between store_begin and store_commit */
    char path[PATH_MAX];
};

/* The fault of an SQLite code: what SQLite says, and for a damaged file what to do. */
enum fault store_fault(const struct store *store, int code, struct error *err);
/* The statement, reset and ready to be bound. */
sqlite3_stmt *store_statement(struct store *store, enum statement which);

#endif
