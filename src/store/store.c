/* The store's statements, the same for both engines. */
#include "antegrade/store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "store_database.h"

struct ag_store {
    ag_database *database;
    pthread_mutex_t lock; /* one statement at a time */
};

static const long long MS_PER_DAY = 86400000;

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *text(const char *given) {
    return given != NULL ? given : "";
}

static ag_status run(ag_store *store, const char *sql, const char *const *values, int count,
                     ag_on_row *visit, void *closure, long long *changed, ag_error *error) {
    pthread_mutex_lock(&store->lock);
    ag_status status = store->database->engine->run(store->database, sql, values, count, visit,
                                                    closure, changed, error);
    pthread_mutex_unlock(&store->lock);
    return status;
}

/* ---- opening ---- */

static bool names_postgres(const char *where) {
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

ag_status ag_store_open(ag_store **out, const char *where, ag_error *error) {
    *out = NULL;
    ag_store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    pthread_mutex_init(&store->lock, NULL);
    ag_status status = names_postgres(where) ? ag_postgres_open(&store->database, where, error)
                                             : ag_sqlite_open(&store->database, where, error);
    if (status == AG_OK)
        status = ag_store_migrate(store->database, AG_STORE_VERSION, error);
    if (status != AG_OK) {
        ag_store_close(store);
        return status;
    }
    *out = store;
    return AG_OK;
}

void ag_store_close(ag_store *store) {
    if (store == NULL)
        return;
    if (store->database != NULL)
        store->database->engine->close(store->database);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

bool ag_store_is_shared(const ag_store *store) {
    return store->database->engine->backup == NULL;
}

/* ---- cases ---- */

/* A random UUID (RFC 4122, version 4), so that an id tells nothing and is not guessed. */
static ag_status make_id(char out[AG_STORE_ID], ag_error *error) {
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
        return ag_fail(error, AG_ERROR_IO, "the system gives no random numbers");
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(out, AG_STORE_ID,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
    return AG_OK;
}

static ag_status no_such_case(ag_error *error) {
    return ag_fail(error, AG_ERROR_NAME, "there is no such case, or it is not yours");
}

ag_status ag_store_case_save(ag_store *store, const char *id, const ag_store_case *item,
                             char out[AG_STORE_ID], ag_error *error) {
    char made[AG_STORE_ID], now[24];
    snprintf(now, sizeof now, "%lld", now_ms());
    ag_status status = id == NULL ? make_id(made, error) : AG_OK;
    if (status != AG_OK)
        return status;
    const char *values[] = {id != NULL ? id : made, text(item->owner), text(item->label),
                            text(item->body), now};
    long long changed = 0;
    status = run(store,
                 id == NULL ? "INSERT INTO cases (id, owner, label, body, saved, changed) VALUES "
                              "($1, $2, $3, $4, $5, $5)"
                            : "UPDATE cases SET label = $3, body = $4, changed = $5 WHERE id = $1 "
                              "AND owner = $2",
                 values, 5, NULL, NULL, &changed, error);
    if (status == AG_OK && changed == 0)
        return no_such_case(error);
    if (status == AG_OK && out != NULL)
        snprintf(out, AG_STORE_ID, "%s", values[0]);
    return status;
}

typedef struct case_visit {
    ag_store_on_case *visit;
    void *closure;
    int count;
} case_visit;

static bool on_case(void *closure, const char *const *columns) {
    case_visit *v = closure;
    v->count++;
    return v->visit(v->closure, &(ag_store_case){.id = columns[0],
                                                 .owner = columns[1],
                                                 .label = columns[2],
                                                 .body = columns[3],
                                                 .saved_ms = strtoll(columns[4], NULL, 10),
                                                 .changed_ms = strtoll(columns[5], NULL, 10)});
}

#define CASE_COLUMNS "SELECT id, owner, label, body, saved, changed FROM cases "

ag_status ag_store_case_read(ag_store *store, const char *id, const char *owner,
                             ag_store_on_case *visit, void *closure, ag_error *error) {
    case_visit v = {visit, closure, 0};
    ag_status status = run(store, CASE_COLUMNS "WHERE id = $1 AND owner = $2",
                           (const char *[]){id, text(owner)}, 2, on_case, &v, NULL, error);
    return status == AG_OK && v.count == 0 ? no_such_case(error) : status;
}

ag_status ag_store_case_each(ag_store *store, const char *owner, ag_store_on_case *visit,
                             void *closure, ag_error *error) {
    case_visit v = {visit, closure, 0};
    if (owner == NULL)
        return run(store, CASE_COLUMNS "ORDER BY changed DESC, id", NULL, 0, on_case, &v, NULL,
                   error);
    return run(store, CASE_COLUMNS "WHERE owner = $1 ORDER BY changed DESC, id",
               (const char *[]){owner}, 1, on_case, &v, NULL, error);
}

/* Push what was deleted out of the log too. The deletion itself has succeeded: that a reader holds
 * the log open now only delays it. */
static void forget(ag_store *store) {
    run(store, store->database->engine->forget, NULL, 0, NULL, NULL, NULL, NULL);
}

ag_status ag_store_case_delete(ag_store *store, const char *id, const char *owner,
                               ag_error *error) {
    long long changed = 0;
    ag_status status = run(store, "DELETE FROM cases WHERE id = $1 AND owner = $2",
                           (const char *[]){id, text(owner)}, 2, NULL, NULL, &changed, error);
    if (status == AG_OK && changed == 0)
        return no_such_case(error);
    if (status == AG_OK)
        forget(store);
    return status;
}

/* ---- feedback ---- */

ag_status ag_store_feedback_save(ag_store *store, const ag_store_feedback *f, ag_error *error) {
    char now[24];
    snprintf(now, sizeof now, "%lld", now_ms());
    const char *values[] = {text(f->service),    text(f->card),   text(f->outcome), text(f->time),
                            text(f->suggestion), text(f->reason), text(f->comment), now};
    return run(store,
               "INSERT INTO feedback (service, card, outcome, time, suggestion, reason, comment, "
               "received) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
               values, 8, NULL, NULL, NULL, error);
}

typedef struct feedback_visit {
    ag_store_on_feedback *visit;
    void *closure;
} feedback_visit;

static bool on_feedback(void *closure, const char *const *c) {
    feedback_visit *v = closure;
    return v->visit(v->closure, &(ag_store_feedback){.service = c[0],
                                                     .card = c[1],
                                                     .outcome = c[2],
                                                     .time = c[3],
                                                     .suggestion = c[4],
                                                     .reason = c[5],
                                                     .comment = c[6],
                                                     .received_ms = strtoll(c[7], NULL, 10)});
}

ag_status ag_store_feedback_each(ag_store *store, ag_store_on_feedback *visit, void *closure,
                                 ag_error *error) {
    return run(store,
               "SELECT service, card, outcome, time, suggestion, reason, comment, received FROM "
               "feedback ORDER BY received, service, card, outcome, time",
               NULL, 0, on_feedback, &(feedback_visit){visit, closure}, NULL, error);
}

/* ---- audit ---- */

ag_status ag_store_audit_add(ag_store *store, const ag_store_audit *entry, ag_error *error) {
    char now[24], status[16];
    snprintf(now, sizeof now, "%lld", now_ms());
    snprintf(status, sizeof status, "%d", entry->status);
    return run(
        store, "INSERT INTO audit (at, who, action, object, status) VALUES ($1, $2, $3, $4, $5)",
        (const char *[]){now, text(entry->who), text(entry->action), text(entry->object), status},
        5, NULL, NULL, NULL, error);
}

typedef struct audit_visit {
    ag_store_on_audit *visit;
    void *closure;
} audit_visit;

static bool on_audit(void *closure, const char *const *c) {
    audit_visit *v = closure;
    return v->visit(v->closure, &(ag_store_audit){.number = strtoll(c[0], NULL, 10),
                                                  .at_ms = strtoll(c[1], NULL, 10),
                                                  .who = c[2],
                                                  .action = c[3],
                                                  .object = c[4],
                                                  .status = atoi(c[5])});
}

ag_status ag_store_audit_each(ag_store *store, long long after, ag_store_on_audit *visit,
                              void *closure, ag_error *error) {
    char number[24];
    snprintf(number, sizeof number, "%lld", after);
    return run(store,
               "SELECT number, at, who, action, object, status FROM audit WHERE number > $1 ORDER "
               "BY number",
               (const char *[]){number}, 1, on_audit, &(audit_visit){visit, closure}, NULL, error);
}

/* ---- keeping ---- */

ag_status ag_store_expire(ag_store *store, int days, long long *removed, ag_error *error) {
    char before[24];
    snprintf(before, sizeof before, "%lld", now_ms() - days * MS_PER_DAY);
    long long cases = 0, feedback = 0;
    const char *values[] = {before};
    ag_status status =
        run(store, "DELETE FROM cases WHERE changed < $1", values, 1, NULL, NULL, &cases, error);
    if (status == AG_OK)
        status = run(store, "DELETE FROM feedback WHERE received < $1", values, 1, NULL, NULL,
                     &feedback, error);
    if (status == AG_OK && cases + feedback > 0)
        forget(store);
    if (removed != NULL)
        *removed = cases + feedback;
    return status;
}

ag_status ag_store_backup(ag_store *store, const char *path, ag_error *error) {
    if (ag_store_is_shared(store))
        return ag_fail(error, AG_ERROR_UNSUPPORTED, "a PostgreSQL database is copied with pg_dump");
    pthread_mutex_lock(&store->lock);
    ag_status status = store->database->engine->backup(store->database, path, error);
    pthread_mutex_unlock(&store->lock);
    return status;
}
