/* store_copy: SQLite's own online backup. On the thread of whoever makes a backup. */
#include "store_copy.h"

#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGES = -1 /* all in one step: one moment */, AGAIN = 100, AGAIN_MS = 50 };

static int all_copied(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *copying = sqlite3_backup_init(to, "main", from, "main");
    if (copying == NULL)
        return sqlite3_errcode(to);
    int code = SQLITE_BUSY;
    for (int i = 0; i < AGAIN && (code == SQLITE_BUSY || code == SQLITE_LOCKED); i++) {
        code = sqlite3_backup_step(copying, PAGES);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep(AGAIN_MS);
    }
    sqlite3_backup_finish(copying);
    /* The copy is one file: the journal mode of a WAL store goes with its header, a rollback journal leaves none. */
    if (code == SQLITE_DONE)
        code = sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK ? SQLITE_DONE
                                                                                             : sqlite3_errcode(to);
    return code;
}

enum fault store_copy(const char *data_dir, const char *to, bool *there, struct error *err)
{
    char path[PATH_MAX];
    struct stat about;
    sqlite3 *source = NULL, *target = NULL;
    if (snprintf(path, sizeof path, "%s/dead.sqlite", data_dir) >= (int)sizeof path)
        return error_set(err, FAULT_STOP, "data.path", "data_dir is too long");
    *there = stat(path, &about) == 0;
    if (!*there)
        return FAULT_NONE;
    int file = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); /* payloads may hold CPR numbers */
    if (file >= 0)
        close(file);
    int code = file < 0 ? SQLITE_CANTOPEN : sqlite3_open_v2(path, &source, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = all_copied(source, target);
    sqlite3_close(target);
    sqlite3_close(source);
    return code == SQLITE_DONE
               ? FAULT_NONE
               : error_set(err, FAULT_REOPEN, "dead.copy", "%.120s cannot be copied: %s", path, sqlite3_errstr(code));
}
