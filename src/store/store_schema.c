/* The tables, version by version. A version once published is not changed: add another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/store.h"
#include "store_database.h"

static const char CASES[] =
    "CREATE TABLE cases (id TEXT PRIMARY KEY, owner TEXT NOT NULL, label TEXT NOT NULL, "
    "body TEXT NOT NULL, saved BIGINT NOT NULL, changed BIGINT NOT NULL);"
    "CREATE INDEX cases_by_owner ON cases (owner, changed)";

static const char FEEDBACK[] =
    "CREATE TABLE feedback (service TEXT NOT NULL, card TEXT NOT NULL, outcome TEXT NOT NULL, "
    "time TEXT NOT NULL, suggestion TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL, "
    "received BIGINT NOT NULL, PRIMARY KEY (service, card, outcome, time))";

/* "%s" is the engine's type of a column that counts up by itself. */
static const char AUDIT[] =
    "CREATE TABLE audit (number %s, at BIGINT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, "
    "object TEXT NOT NULL, status BIGINT NOT NULL)";

static const char *const versions[AG_STORE_VERSION] = {CASES, FEEDBACK, AUDIT};

enum { AUDIT_VERSION = 3 };

static ag_status run(ag_database *d, const char *sql, ag_error *error) {
    return d->engine->run(d, sql, NULL, 0, NULL, NULL, NULL, error);
}

static bool read_version(void *closure, const char *const *columns) {
    *(int *)closure = atoi(columns[0]);
    return true;
}

static ag_status add_version(ag_database *d, int version, ag_error *error) {
    char sql[1024];
    snprintf(sql, sizeof sql, versions[version - 1], d->engine->number);
    ag_status status = run(d, sql, error);
    if (status == AG_OK && version == AUDIT_VERSION)
        status = run(d, d->engine->append_only, error);
    snprintf(sql, sizeof sql, "INSERT INTO antegrade_schema (version) VALUES (%d)", version);
    return status == AG_OK ? run(d, sql, error) : status;
}

static ag_status add_versions(ag_database *d, int version, ag_error *error) {
    int have = 0;
    ag_status status =
        run(d, "CREATE TABLE IF NOT EXISTS antegrade_schema (version BIGINT PRIMARY KEY)", error);
    if (status == AG_OK)
        status = d->engine->run(d, "SELECT COALESCE(MAX(version), 0) FROM antegrade_schema", NULL,
                                0, read_version, &have, NULL, error);
    if (status == AG_OK && have > AG_STORE_VERSION)
        return ag_fail(error, AG_ERROR_UNSUPPORTED,
                       "the store has version %d of the tables, this program knows %d: use the "
                       "newer program",
                       have, AG_STORE_VERSION);
    while (status == AG_OK && have < version)
        status = add_version(d, ++have, error);
    return status;
}

ag_status ag_store_migrate(ag_database *d, int version, ag_error *error) {
    ag_status status = run(d, d->engine->begin_migration, error);
    if (status != AG_OK)
        return status;
    status = add_versions(d, version, error);
    ag_status end = run(d, status == AG_OK ? "COMMIT" : "ROLLBACK", status == AG_OK ? error : NULL);
    return status == AG_OK ? end : status;
}
