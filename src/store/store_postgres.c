/* PostgreSQL, where several servers share a store. A lost connection is made again once. */
#include <libpq-fe.h>
#include <stdlib.h>

#include "store_database.h"

enum { MOST_COLUMNS = 16 };

typedef struct postgres_database {
    ag_database base;
    PGconn *connection;
} postgres_database;

/* The first line of what the server says. */
static ag_status failed(const postgres_database *d, ag_error *error) {
    const char *message = PQerrorMessage(d->connection);
    int length = 0;
    while (message[length] != '\0' && message[length] != '\n')
        length++;
    return ag_fail(error, AG_ERROR_IO, "the store: %.*s", length, message);
}

static PGresult *execute(postgres_database *d, const char *sql, const char *const *values,
                         int count) {
    return count == 0 ? PQexec(d->connection, sql)
                      : PQexecParams(d->connection, sql, count, NULL, values, NULL, NULL, 0);
}

static void visit_rows(const PGresult *result, ag_on_row *visit, void *closure) {
    const char *columns[MOST_COLUMNS];
    int count = PQnfields(result);
    for (int row = 0; row < PQntuples(result); row++) {
        for (int i = 0; i < count && i < MOST_COLUMNS; i++)
            columns[i] = PQgetisnull(result, row, i) ? NULL : PQgetvalue(result, row, i);
        if (!visit(closure, columns))
            return;
    }
}

static ag_status run(ag_database *database, const char *sql, const char *const *values, int count,
                     ag_on_row *visit, void *closure, long long *changed, ag_error *error) {
    postgres_database *d = (postgres_database *)database;
    bool in_transaction = PQtransactionStatus(d->connection) != PQTRANS_IDLE;
    PGresult *result = execute(d, sql, values, count);
    if (PQstatus(d->connection) == CONNECTION_BAD && !in_transaction) {
        PQclear(result);
        PQreset(d->connection);
        result = execute(d, sql, values, count);
    }
    ExecStatusType code = PQresultStatus(result);
    ag_status status =
        code == PGRES_TUPLES_OK || code == PGRES_COMMAND_OK ? AG_OK : failed(d, error);
    if (status == AG_OK && visit != NULL)
        visit_rows(result, visit, closure);
    if (changed != NULL)
        *changed = strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return status;
}

static void close_database(ag_database *database) {
    postgres_database *d = (postgres_database *)database;
    PQfinish(d->connection);
    free(d);
}

/* The number of the lock is arbitrary: all servers of this program take the same. */
static const ag_database_engine engine = {
    .run = run,
    .close = close_database,
    .begin_migration = "BEGIN; SELECT pg_advisory_xact_lock(7236411)",
    .number = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    .append_only =
        "CREATE FUNCTION audit_only_added() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE "
        "EXCEPTION 'the audit is only added to'; END $f$;"
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE "
        "FUNCTION audit_only_added()",
    .forget = "VACUUM cases",
};

static void silent(void *closure, const char *message) {
    (void)closure;
    (void)message;
}

ag_status ag_postgres_open(ag_database **out, const char *where, ag_error *error) {
    postgres_database *d = calloc(1, sizeof *d);
    if (d == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    d->base.engine = &engine;
    d->connection = PQconnectdb(where);
    if (PQstatus(d->connection) != CONNECTION_OK) {
        ag_status status = failed(d, error);
        close_database(&d->base);
        return status;
    }
    PQsetNoticeProcessor(d->connection, silent, NULL);
    *out = &d->base;
    return AG_OK;
}
