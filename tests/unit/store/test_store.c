/*
 * The store keeps what it was given, for both engines. AG_TEST_POSTGRES names a database to test
 * with besides SQLite (tests/store/with-postgres starts one).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "antegrade/store.h"
#include "store_database.h"

typedef struct place {
    char folder[64];
    char where[256];
} place;

static bool with_postgres(void) {
    return getenv("AG_TEST_POSTGRES") != NULL;
}

static int new_file(void **state) {
    static place p;
    snprintf(p.folder, sizeof p.folder, "/tmp/antegrade-store-XXXXXX");
    if (mkdtemp(p.folder) == NULL)
        return -1;
    snprintf(p.where, sizeof p.where, "%s/store.db", p.folder);
    *state = &p;
    return 0;
}

static int remove_file(void **state) {
    const place *p = *state;
    char path[300];
    static const char *const names[] = {"store.db", "store.db-wal", "store.db-shm", "copy.db"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", p->folder, names[i]);
        unlink(path);
    }
    return rmdir(p->folder);
}

/* An empty database: what an earlier test left is dropped. */
static int new_database(void **state) {
    static place p;
    ag_database *database;
    ag_error error;
    snprintf(p.where, sizeof p.where, "%s", getenv("AG_TEST_POSTGRES"));
    *state = &p;
    if (ag_postgres_open(&database, p.where, &error) != AG_OK)
        return -1;
    ag_status status =
        database->engine->run(database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", NULL, 0,
                              NULL, NULL, NULL, &error);
    database->engine->close(database);
    return status == AG_OK ? 0 : -1;
}

static ag_store *open_store(void **state) {
    const place *p = *state;
    ag_store *store;
    ag_error error;
    if (ag_store_open(&store, p->where, &error) != AG_OK)
        fail_msg("%s", error.message);
    return store;
}

typedef struct kept {
    int count;
    char label[64];
    char body[200];
    char line[400];
    long long saved_ms, changed_ms;
} kept;

static bool keep_case(void *closure, const ag_store_case *item) {
    kept *k = closure;
    k->count++;
    snprintf(k->label, sizeof k->label, "%s", item->label);
    snprintf(k->body, sizeof k->body, "%s", item->body);
    k->saved_ms = item->saved_ms;
    k->changed_ms = item->changed_ms;
    return true;
}

static bool keep_feedback(void *closure, const ag_store_feedback *item) {
    kept *k = closure;
    k->count++;
    snprintf(k->body, sizeof k->body, "%s %s %s", item->outcome, item->reason, item->comment);
    return true;
}

static bool keep_audit(void *closure, const ag_store_audit *item) {
    kept *k = closure;
    k->count++;
    snprintf(k->body, sizeof k->body, "%lld %s %s %s %d", item->number, item->who, item->action,
             item->object, item->status);
    return true;
}

static bool keep_line(void *closure, const char *line) {
    kept *k = closure;
    k->count++;
    snprintf(k->line, sizeof k->line, "%s", line);
    return true;
}

static const char BODY[] = "{\"age\": 62, \"note\": \"\xC2\xBFs\xC3\xAD? 'quoted' \\\"twice\\\"\"}";

static void a_case_is_read_as_it_was_saved(void **state) {
    ag_store *store = open_store(state);
    char id[AG_STORE_ID];
    ag_error error;
    ag_store_case item = {.owner = "ana", .label = "first", .body = BODY};
    assert_int_equal(ag_store_case_save(store, NULL, &item, id, &error), AG_OK);
    assert_int_equal(strlen(id), 36);
    kept k = {0};
    assert_int_equal(ag_store_case_read(store, id, "ana", keep_case, &k, &error), AG_OK);
    assert_string_equal(k.body, BODY);
    assert_string_equal(k.label, "first");
    assert_int_equal(k.saved_ms, k.changed_ms);
    ag_store_close(store);
    store = open_store(state); /* and after a restart */
    item.body = "{}";
    assert_int_equal(ag_store_case_save(store, id, &item, NULL, &error), AG_OK);
    kept again = {0};
    assert_int_equal(ag_store_case_read(store, id, "ana", keep_case, &again, &error), AG_OK);
    assert_string_equal(again.body, "{}");
    assert_int_equal(again.saved_ms, k.saved_ms);
    assert_true(again.changed_ms >= k.changed_ms);
    ag_store_close(store);
}

static void nobody_reaches_the_case_of_another(void **state) {
    ag_store *store = open_store(state);
    char id[AG_STORE_ID];
    ag_error error;
    ag_store_case item = {.owner = "ana", .body = BODY};
    kept k = {0};
    assert_int_equal(ag_store_case_save(store, NULL, &item, id, &error), AG_OK);
    assert_int_equal(ag_store_case_read(store, id, "bob", keep_case, &k, &error), AG_ERROR_NAME);
    assert_int_equal(ag_store_case_delete(store, id, "bob", &error), AG_ERROR_NAME);
    item.owner = "bob";
    assert_int_equal(ag_store_case_save(store, id, &item, NULL, &error), AG_ERROR_NAME);
    assert_int_equal(ag_store_case_each(store, "bob", keep_case, &k, &error), AG_OK);
    assert_int_equal(k.count, 0);
    assert_int_equal(ag_store_case_read(store, "' OR ''='", "ana", keep_case, &k, &error),
                     AG_ERROR_NAME);
    ag_store_close(store);
}

static void a_deleted_case_is_gone(void **state) {
    ag_store *store = open_store(state);
    char id[AG_STORE_ID];
    ag_error error;
    ag_store_case item = {.owner = "ana", .body = BODY};
    kept k = {0};
    ag_store_case_save(store, NULL, &item, id, &error);
    assert_int_equal(ag_store_case_delete(store, id, "ana", &error), AG_OK);
    assert_int_equal(ag_store_case_delete(store, id, "ana", &error), AG_ERROR_NAME);
    assert_int_equal(ag_store_case_each(store, NULL, keep_case, &k, &error), AG_OK);
    assert_int_equal(k.count, 0);
    ag_store_close(store);
}

static void feedback_sent_twice_is_kept_once(void **state) {
    ag_store *store = open_store(state);
    ag_error error;
    ag_store_feedback f = {.service = "antegrade-order-sign",
                           .card = "c1",
                           .outcome = "overridden",
                           .time = "2026-01-01T00:00:00Z",
                           .reason = "known",
                           .comment = "he knows"};
    assert_int_equal(ag_store_feedback_save(store, &f, &error), AG_OK);
    assert_int_equal(ag_store_feedback_save(store, &f, &error), AG_OK);
    kept k = {0};
    assert_int_equal(ag_store_feedback_each(store, keep_feedback, &k, &error), AG_OK);
    assert_int_equal(k.count, 1);
    assert_string_equal(k.body, "overridden known he knows");
    ag_store_close(store);
}

static ag_status run_sql(const place *p, const char *sql, ag_error *error) {
    ag_database *database;
    bool shared = strncmp(p->where, "postgres", 8) == 0;
    ag_status status = shared ? ag_postgres_open(&database, p->where, error)
                              : ag_sqlite_open(&database, p->where, error);
    assert_int_equal(status, AG_OK);
    status = database->engine->run(database, sql, NULL, 0, NULL, NULL, NULL, error);
    database->engine->close(database);
    return status;
}

static void the_audit_is_only_added_to(void **state) {
    ag_store *store = open_store(state);
    ag_error error;
    ag_store_audit entry = {
        .who = "ana", .action = "POST /api/cases", .object = "x", .status = 200};
    assert_int_equal(ag_store_audit_add(store, &entry, &error), AG_OK);
    entry.status = 404;
    assert_int_equal(ag_store_audit_add(store, &entry, &error), AG_OK);
    ag_store_close(store);
    assert_int_equal(run_sql(*state, "DELETE FROM audit", &error), AG_ERROR_IO);
    assert_non_null(strstr(error.message, "only added to"));
    assert_int_equal(run_sql(*state, "UPDATE audit SET who = 'bob'", &error), AG_ERROR_IO);
    store = open_store(state);
    kept k = {0};
    assert_int_equal(ag_store_audit_each(store, 0, keep_audit, &k, &error), AG_OK);
    assert_int_equal(k.count, 2);
    assert_string_equal(k.body, "2 ana POST /api/cases x 404");
    kept later = {0};
    ag_store_audit_each(store, 1, keep_audit, &later, &error);
    assert_int_equal(later.count, 1);
    ag_store_close(store);
}

static void what_is_older_than_the_retention_goes(void **state) {
    ag_store *store = open_store(state);
    ag_error error;
    ag_store_case item = {.owner = "ana", .label = "old", .body = BODY};
    ag_store_case_save(store, NULL, &item, NULL, &error);
    ag_store_close(store);
    assert_int_equal(run_sql(*state, "UPDATE cases SET changed = changed - 2678400000", &error),
                     AG_OK);
    store = open_store(state);
    item.label = "new";
    ag_store_case_save(store, NULL, &item, NULL, &error);
    long long removed = -1;
    assert_int_equal(ag_store_expire(store, 32, &removed, &error), AG_OK);
    assert_int_equal(removed, 0);
    assert_int_equal(ag_store_expire(store, 30, &removed, &error), AG_OK);
    assert_int_equal(removed, 1);
    kept k = {0};
    ag_store_case_each(store, "ana", keep_case, &k, &error);
    assert_int_equal(k.count, 1);
    assert_string_equal(k.label, "new");
    ag_store_close(store);
}

static void all_of_it_is_exported_as_json(void **state) {
    ag_store *store = open_store(state);
    ag_error error;
    ag_store_case_save(store, NULL, &(ag_store_case){.owner = "a\"b", .body = BODY}, NULL, &error);
    ag_store_feedback_save(store, &(ag_store_feedback){.card = "c"}, &error);
    ag_store_audit_add(store, &(ag_store_audit){.who = "ana", .status = 200}, &error);
    kept k = {0};
    assert_int_equal(ag_store_export(store, keep_line, &k, &error), AG_OK);
    assert_int_equal(k.count, 3);
    assert_memory_equal(k.line, "{\"audit\":{\"number\":1,", 21);
    ag_store_close(store);
}

/* Tables of the first version, with a case in them, are brought up to date. */
static void an_older_store_is_migrated(void **state) {
    const place *p = *state;
    ag_database *database;
    ag_error error;
    bool shared = strncmp(p->where, "postgres", 8) == 0;
    assert_int_equal(shared ? ag_postgres_open(&database, p->where, &error)
                            : ag_sqlite_open(&database, p->where, &error),
                     AG_OK);
    assert_int_equal(ag_store_migrate(database, 1, &error), AG_OK);
    assert_int_equal(database->engine->run(database,
                                           "INSERT INTO cases VALUES ('i', 'ana', 'l', '{}', 1, 2)",
                                           NULL, 0, NULL, NULL, NULL, &error),
                     AG_OK);
    database->engine->close(database);
    ag_store *store = open_store(state);
    kept k = {0};
    assert_int_equal(ag_store_case_read(store, "i", "ana", keep_case, &k, &error), AG_OK);
    assert_int_equal(k.saved_ms, 1);
    assert_int_equal(ag_store_feedback_save(store, &(ag_store_feedback){.card = "c"}, &error),
                     AG_OK);
    ag_store_close(store);
}

static void a_newer_store_is_refused(void **state) {
    ag_store_close(open_store(state));
    ag_error error;
    assert_int_equal(run_sql(*state, "INSERT INTO antegrade_schema VALUES (99)", &error), AG_OK);
    const place *p = *state;
    ag_store *store;
    assert_int_equal(ag_store_open(&store, p->where, &error), AG_ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "version 99"));
}

/* ---- the file ---- */

static bool file_has(const char *path, const char *words) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    static char bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file), wanted = strlen(words);
    fclose(file);
    for (size_t i = 0; i + wanted <= length; i++)
        if (memcmp(bytes + i, words, wanted) == 0)
            return true;
    return false;
}

static void deleted_bytes_are_overwritten(void **state) {
    const place *p = *state;
    ag_store *store = open_store(state);
    char id[AG_STORE_ID], wal[300];
    ag_error error;
    snprintf(wal, sizeof wal, "%s-wal", p->where);
    ag_store_case item = {.owner = "ana", .body = "unmistakable words of this man"};
    ag_store_case_save(store, NULL, &item, id, &error);
    assert_true(file_has(p->where, item.body) || file_has(wal, item.body));
    assert_int_equal(ag_store_case_delete(store, id, "ana", &error), AG_OK);
    assert_false(file_has(p->where, item.body));
    assert_false(file_has(wal, item.body));
    ag_store_close(store);
}

static void the_file_is_its_owners_alone(void **state) {
    const place *p = *state;
    ag_store_close(open_store(state));
    struct stat s;
    assert_int_equal(stat(p->where, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0600);
}

static void a_copy_is_a_store(void **state) {
    place *p = *state;
    ag_store *store = open_store(state);
    ag_error error;
    char copy[300];
    snprintf(copy, sizeof copy, "%s/copy.db", p->folder);
    ag_store_case_save(store, NULL, &(ag_store_case){.owner = "ana", .body = BODY}, NULL, &error);
    assert_int_equal(ag_store_backup(store, copy, &error), AG_OK);
    assert_int_equal(ag_store_backup(store, copy, &error), AG_ERROR_VALUE); /* never over a file */
    ag_store_close(store);
    assert_int_equal(ag_store_open(&store, copy, &error), AG_OK);
    kept k = {0};
    ag_store_case_each(store, "ana", keep_case, &k, &error);
    assert_int_equal(k.count, 1);
    assert_string_equal(k.body, BODY);
    ag_store_close(store);
}

static void what_is_no_store_is_refused(void **state) {
    const place *p = *state;
    ag_store *store;
    ag_error error;
    assert_int_equal(ag_store_open(&store, "/nonexistent/folder/store.db", &error), AG_ERROR_IO);
    FILE *file = fopen(p->where, "w");
    fputs("this is a letter, and has been one for a long time; it is no database at all. ", file);
    fclose(file);
    assert_int_equal(ag_store_open(&store, p->where, &error), AG_ERROR_IO);
    assert_int_equal(ag_store_open(&store, "postgresql://127.0.0.1:1/none", &error), AG_ERROR_IO);
}

#define ON(name, setup, teardown) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define FOR_BOTH(setup, teardown)                                                                  \
    ON(a_case_is_read_as_it_was_saved, setup, teardown),                                           \
        ON(nobody_reaches_the_case_of_another, setup, teardown),                                   \
        ON(a_deleted_case_is_gone, setup, teardown),                                               \
        ON(feedback_sent_twice_is_kept_once, setup, teardown),                                     \
        ON(the_audit_is_only_added_to, setup, teardown),                                           \
        ON(what_is_older_than_the_retention_goes, setup, teardown),                                \
        ON(all_of_it_is_exported_as_json, setup, teardown),                                        \
        ON(an_older_store_is_migrated, setup, teardown),                                           \
        ON(a_newer_store_is_refused, setup, teardown)

int main(void) {
    const struct CMUnitTest on_file[] = {
        FOR_BOTH(new_file, remove_file),
        ON(deleted_bytes_are_overwritten, new_file, remove_file),
        ON(the_file_is_its_owners_alone, new_file, remove_file),
        ON(a_copy_is_a_store, new_file, remove_file),
        ON(what_is_no_store_is_refused, new_file, remove_file),
    };
    const struct CMUnitTest on_postgres[] = {FOR_BOTH(new_database, NULL)};
    int failed = cmocka_run_group_tests(on_file, NULL, NULL);
    if (with_postgres())
        failed += cmocka_run_group_tests(on_postgres, NULL, NULL);
    return failed;
}
