/**
 * @file store_database.h
 * One SQL for two engines. Statements use $1, $2 … and portable types; values go in and come out as
 * text.
 */
#ifndef AG_STORE_DATABASE_H
#define AG_STORE_DATABASE_H

#include <stdbool.h>

#include "fault.h"

typedef struct ag_database ag_database;

/** Called for each row; the texts (NULL for null) are borrowed until it returns. False ends it. */
typedef bool ag_on_row(void *closure, const char *const *columns);

/** One engine. Its functions are not called by two threads at a time. */
typedef struct ag_database_engine {
    /** Run a statement with `count` values; `visit` may be NULL. `changed` (may be NULL) receives
     * how many rows it changed. */
    ag_status (*run)(ag_database *database, const char *sql, const char *const *values, int count,
                     ag_on_row *visit, void *closure, long long *changed, ag_error *error);
    /** Copy to a new file; NULL where the engine has its own tools for it. */
    ag_status (*backup)(ag_database *database, const char *path, ag_error *error);
    void (*close)(ag_database *database);
    const char *begin_migration; /**< opens a transaction that no other migration runs beside */
    const char *number;          /**< the type of a column that counts up by itself */
    const char *append_only;     /**< statements that forbid changes of the table audit */
    const char *forget;          /**< run behind deletions, so that they reach the disk; or NULL */
} ag_database_engine;

/** What every engine's own structure begins with. */
struct ag_database {
    const ag_database_engine *engine;
};

ag_status ag_sqlite_open(ag_database **out, const char *path, ag_error *error);
ag_status ag_postgres_open(ag_database **out, const char *where, ag_error *error);

/** Bring the tables to AG_STORE_VERSION, or to `version` when that is lower (for tests). */
ag_status ag_store_migrate(ag_database *database, int version, ag_error *error);

#endif
