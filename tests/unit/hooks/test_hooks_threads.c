/* Many threads at once: what they share stays whole, and what counts once counts once. */
#include "hooks_world.h"

#include <pthread.h>
#include <stdatomic.h>

#include "tickets.h"

enum { THREADS = 4, TIMES = 200 };

typedef struct shared {
    world *w;
    ag_tickets *tickets;
    char path[256];
    atomic_int taken, put;
} shared;

static void run(shared *s, void *(*work)(void *)) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, s), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* All put the same names: each counts once; all take them: each is had once. */
static void *use_tickets(void *data) {
    shared *s = data;
    for (int i = 0; i < TIMES; i++) {
        char name[32];
        snprintf(name, sizeof name, "n%d", i);
        atomic_fetch_add(&s->put, ag_tickets_put(s->tickets, name, "value", 1, 2));
    }
    return NULL;
}

static void *take_tickets(void *data) {
    shared *s = data;
    for (int i = 0; i < TIMES; i++) {
        char name[32];
        snprintf(name, sizeof name, "n%d", i);
        char *value = ag_tickets_take(s->tickets, name, 1);
        atomic_fetch_add(&s->taken, value != NULL && strcmp(value, "value") == 0);
        free(value);
    }
    return NULL;
}

static void test_tickets(void **state) {
    shared s = {.w = *state, .tickets = ag_tickets_new(1000, 1 << 20, false)};
    run(&s, use_tickets);
    assert_int_equal(s.put, TIMES);
    run(&s, take_tickets);
    assert_int_equal(s.taken, TIMES);
    ag_tickets_free(s.tickets);
}

static void test_full_tickets(void **state) {
    (void)state;
    ag_tickets *keeps = ag_tickets_new(2, 1 << 20, false);
    assert_true(ag_tickets_put(keeps, "a", "", 0, 10));
    assert_true(ag_tickets_put(keeps, "b", "", 0, 20));
    assert_false(ag_tickets_put(keeps, "a", "", 5, 30)); /* known */
    assert_false(ag_tickets_put(keeps, "c", "", 5, 30)); /* full */
    assert_true(ag_tickets_put(keeps, "c", "", 10, 30)); /* a has ended */
    assert_null(ag_tickets_take(keeps, "a", 10));
    ag_tickets_free(keeps);
    ag_tickets *forgets = ag_tickets_new(10, 8, true);
    assert_true(ag_tickets_put(forgets, "a", "123", 0, 10));
    assert_true(ag_tickets_put(forgets, "b", "456", 0, 5));
    assert_true(ag_tickets_put(forgets, "c", "789", 0, 20)); /* b ended first, and made room */
    assert_null(ag_tickets_take(forgets, "b", 1));
    assert_false(ag_tickets_put(forgets, "d", "longer than all", 0, 20));
    char *value = ag_tickets_take(forgets, "a", 1);
    assert_string_equal(value, "123");
    free(value);
    ag_tickets_free(forgets);
}

static ag_hooks_answer *ask_as_thread(shared *s, ag_session *session, const char *method,
                                      const char *path, const char *body) {
    return ag_hooks_handle(s->w->hooks, session,
                           &(ag_hooks_request){.method = method,
                                               .path = path,
                                               .content_type = "application/json",
                                               .body = body,
                                               .length = body != NULL ? strlen(body) : 0,
                                               .now = NOW});
}

static void *call_services(void *data) {
    shared *s = data;
    ag_session *session;
    static const char view[] =
        VIEW(PREFETCH(MAN, BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), BUNDLE()));
    if (ag_session_new(&session, s->w->engine, NULL) != AG_OK)
        return NULL;
    ag_hooks_answer_free(ask_as_thread(s, session, "GET", "/cds-services", NULL));
    ag_hooks_answer_free(ask_as_thread(s, session, "POST", PATIENT_VIEW, view));
    ag_hooks_answer *answer = ask_as_thread(s, session, "GET", s->path, NULL);
    atomic_fetch_add(&s->taken, answer->status == 200);
    ag_hooks_answer_free(answer);
    ag_session_free(session);
    return NULL;
}

static void test_record_is_taken_once(void **state) {
    shared s = {.w = *state};
    const ag_json_value *root =
        post(s.w, PATIENT_VIEW,
             VIEW(PREFETCH(MAN, BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), BUNDLE())),
             200);
    const char *url = text_at(root, "cards.0.links.0.url");
    snprintf(s.path, sizeof s.path, "/api/launch%s", strrchr(url, '/'));
    run(&s, call_services);
    assert_int_equal(s.taken, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tickets),
        cmocka_unit_test(test_full_tickets),
        cmocka_unit_test(test_record_is_taken_once),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
