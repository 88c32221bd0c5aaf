/* store: reading. On the keeper's thread, after the start. */
#include "store_sqlite.h"

/* Copies a column into the arena; false when it is full. */
static bool column_take(struct arena *arena, sqlite3_stmt *statement, int at, struct span *out)
{
    const void *bytes = sqlite3_column_blob(statement, at);
    struct text copy = arena_copy(arena, (struct span){bytes, (size_t)sqlite3_column_bytes(statement, at)});
    *out = (struct span){copy.at, copy.size};
    return copy.at != NULL;
}

static uint64_t version_take(sqlite3_stmt *statement, int at)
{
    const unsigned char *bytes = sqlite3_column_blob(statement, at);
    uint64_t version = 0;
    for (int i = 0; i < sqlite3_column_bytes(statement, at); i++)
        version = version << 8 | bytes[i];
    return version;
}

/* A row of SQL_LIST or SQL_GET, without its frame. */
static enum fault row_take(struct arena *arena, sqlite3_stmt *row, struct letter *letter, struct error *err)
{
    *letter = (struct letter){
        .number = (uint64_t)sqlite3_column_int64(row, 0),
        .time_ms = sqlite3_column_int64(row, 1),
        .kind = (enum letter_kind)sqlite3_column_int(row, 2),
        .version = version_take(row, 5),
        .size = (uint64_t)sqlite3_column_int64(row, 8),
        .times = (uint64_t)sqlite3_column_int64(row, 9),
    };
    bool taken = column_take(arena, row, 3, &letter->id) && column_take(arena, row, 4, &letter->source) &&
                 column_take(arena, row, 6, &letter->rule) && column_take(arena, row, 7, &letter->reason);
    return taken ? FAULT_NONE : arena_full(err);
}

enum fault store_list(struct store *store, struct arena *arena, uint64_t after, size_t limit, struct span rule,
                      struct letter_list *out, struct error *err)
{
    sqlite3_stmt *row = store_statement(store, SQL_LIST);
    struct letter *items = arena_zero(arena, limit, sizeof *items);
    size_t count = 0;
    int code = SQLITE_DONE;
    *out = (struct letter_list){0};
    if (items == NULL)
        return arena_full(err);
    sqlite3_bind_int64(row, 1, (sqlite3_int64)after);
    sqlite3_bind_blob64(row, 2, rule.size ? rule.at : "", rule.size, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, (sqlite3_int64)limit + 1); /* one more than fits: whether anything follows */
    enum fault fault = FAULT_NONE;
    while (fault == FAULT_NONE && count < limit && (code = sqlite3_step(row)) == SQLITE_ROW)
        fault = row_take(arena, row, &items[count++], err);
    if (fault == FAULT_NONE && count == limit)
        code = sqlite3_step(row);
    sqlite3_reset(row);
    if (fault == FAULT_NONE && code != SQLITE_DONE && code != SQLITE_ROW)
        fault = store_fault(store, code, err);
    *out = (struct letter_list){items, count, code == SQLITE_DONE};
    return fault;
}

static enum fault frame_unpack(struct store *store, struct arena *arena, sqlite3_stmt *row, struct span *frame,
                               struct error *err)
{
    const void *packed = sqlite3_column_blob(row, 10);
    size_t size = (size_t)sqlite3_column_bytes(row, 10);
    unsigned long long whole = ZSTD_getFrameContentSize(packed, size);
    if (whole == ZSTD_CONTENTSIZE_ERROR || whole == ZSTD_CONTENTSIZE_UNKNOWN)
        return store_fault(store, SQLITE_CORRUPT, err);
    char *bytes = arena_alloc(arena, (size_t)whole);
    if (bytes == NULL)
        return arena_full(err);
    if (ZSTD_decompress(bytes, (size_t)whole, packed, size) != whole)
        return store_fault(store, SQLITE_CORRUPT, err);
    *frame = (struct span){bytes, (size_t)whole};
    return FAULT_NONE;
}

enum fault store_get(struct store *store, struct arena *arena, uint64_t number, struct letter *out, bool *found,
                     struct error *err)
{
    sqlite3_stmt *row = store_statement(store, SQL_GET);
    sqlite3_bind_int64(row, 1, (sqlite3_int64)number);
    int code = sqlite3_step(row);
    *found = code == SQLITE_ROW;
    enum fault fault = code == SQLITE_ROW || code == SQLITE_DONE ? FAULT_NONE : store_fault(store, code, err);
    if (*found)
        fault = row_take(arena, row, out, err);
    if (*found && fault == FAULT_NONE)
        fault = frame_unpack(store, arena, row, &out->frame, err);
    sqlite3_reset(row);
    return fault;
}

enum fault store_ids(struct store *store, void (*each)(void *self, struct span id), void *self, struct error *err)
{
    sqlite3_stmt *row = store_statement(store, SQL_IDS);
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW)
        each(self, (struct span){sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0)});
    sqlite3_reset(row);
    return code == SQLITE_DONE ? FAULT_NONE : store_fault(store, code, err);
}
