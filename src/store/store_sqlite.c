/* SQLite: one file, its write-ahead log beside it. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_database.h"

enum { BUSY_MS = 10000, MOST_COLUMNS = 16 };

typedef struct sqlite_database {
    ag_database base;
    sqlite3 *handle;
} sqlite_database;

static ag_status failed(const sqlite_database *d, ag_error *error) {
    int code = sqlite3_errcode(d->handle) & 0xff;
    if (code == SQLITE_NOMEM)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (code == SQLITE_FULL || code == SQLITE_IOERR)
        return ag_fail(error, AG_ERROR_IO,
                       "the store cannot be written (%s): nothing was saved. Make room on its disk",
                       sqlite3_errmsg(d->handle));
    return ag_fail(error, AG_ERROR_IO, "the store: %s", sqlite3_errmsg(d->handle));
}

static ag_status visit_rows(sqlite_database *d, sqlite3_stmt *statement, ag_on_row *visit,
                            void *closure, ag_error *error) {
    const char *columns[MOST_COLUMNS];
    int count = sqlite3_column_count(statement), step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < count && i < MOST_COLUMNS; i++)
            columns[i] = (const char *)sqlite3_column_text(statement, i);
        if (visit != NULL && !visit(closure, columns))
            return AG_OK;
    }
    return step == SQLITE_DONE ? AG_OK : failed(d, error);
}

static ag_status run(ag_database *database, const char *sql, const char *const *values, int count,
                     ag_on_row *visit, void *closure, long long *changed, ag_error *error) {
    sqlite_database *d = (sqlite_database *)database;
    ag_status status = AG_OK;
    for (const char *rest = sql; *rest != '\0' && status == AG_OK;) {
        sqlite3_stmt *statement;
        if (sqlite3_prepare_v2(d->handle, rest, -1, &statement, &rest) != SQLITE_OK)
            return failed(d, error);
        if (statement == NULL) /* white space behind the last */
            break;
        for (int i = 0; i < count; i++) {
            char name[8];
            sqlite3_snprintf(sizeof name, name, "$%d", i + 1);
            int place = sqlite3_bind_parameter_index(statement, name);
            if (place > 0)
                sqlite3_bind_text(statement, place, values[i], -1, SQLITE_STATIC);
        }
        status = visit_rows(d, statement, visit, closure, error);
        sqlite3_finalize(statement);
    }
    if (changed != NULL)
        *changed = sqlite3_changes64(d->handle);
    return status;
}

/* A new file is its owner's alone; SQLite gives the log beside it the same rights. */
static ag_status make_private(const char *path, ag_error *error) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return ag_fail(error, AG_ERROR_IO, "the store %s cannot be opened: %s", path,
                       strerror(errno));
    close(file);
    return AG_OK;
}

static ag_status copy_pages(sqlite_database *d, sqlite3 *copy, ag_error *error) {
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", d->handle, "main");
    int code = backup == NULL ? SQLITE_ERROR : sqlite3_backup_step(backup, -1);
    sqlite3_backup_finish(backup);
    return code == SQLITE_DONE
               ? AG_OK
               : ag_fail(error, AG_ERROR_IO, "the copy failed: %s", sqlite3_errmsg(copy));
}

static ag_status backup(ag_database *database, const char *path, ag_error *error) {
    sqlite_database *d = (sqlite_database *)database;
    sqlite3 *copy = NULL;
    if (access(path, F_OK) == 0)
        return ag_fail(error, AG_ERROR_VALUE, "%s is there already: name a new file", path);
    ag_status status = make_private(path, error);
    if (status != AG_OK)
        return status;
    status =
        sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
            ? copy_pages(d, copy, error)
            : ag_fail(error, AG_ERROR_IO, "%s cannot be written: %s", path, sqlite3_errmsg(copy));
    sqlite3_close(copy);
    if (status != AG_OK)
        unlink(path);
    return status;
}

static void close_database(ag_database *database) {
    sqlite_database *d = (sqlite_database *)database;
    sqlite3_close(d->handle);
    free(d);
}

static const ag_database_engine engine = {
    .run = run,
    .backup = backup,
    .close = close_database,
    .begin_migration = "BEGIN IMMEDIATE",
    .number = "INTEGER PRIMARY KEY AUTOINCREMENT",
    .append_only = "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT "
                   "RAISE(ABORT, 'the audit is only added to'); END;"
                   "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT "
                   "RAISE(ABORT, 'the audit is only added to'); END",
    .forget = "PRAGMA wal_checkpoint(TRUNCATE)",
};

/* What is deleted is overwritten; what is acknowledged is on the disk. */
static const char SETTINGS[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                               "PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON";

ag_status ag_sqlite_open(ag_database **out, const char *path, ag_error *error) {
    ag_status made = make_private(path, error);
    if (made != AG_OK)
        return made;
    sqlite_database *d = calloc(1, sizeof *d);
    if (d == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    d->base.engine = &engine;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
    ag_status status = AG_OK;
    if (sqlite3_open_v2(path, &d->handle, flags, NULL) != SQLITE_OK)
        status = ag_fail(error, AG_ERROR_IO, "the store %s cannot be opened: %s", path,
                         d->handle != NULL ? sqlite3_errmsg(d->handle) : "out of memory");
    if (status == AG_OK) {
        sqlite3_busy_timeout(d->handle, BUSY_MS);
        status = run(&d->base, SETTINGS, NULL, 0, NULL, NULL, NULL, error);
    }
    if (status != AG_OK) {
        close_database(&d->base);
        return status;
    }
    *out = &d->base;
    return AG_OK;
}
