/* Batches against one query per case, however they are cut, with impossible cases and shared
 * evidence. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "antegrade/network.h"
#include "random.h"

enum { CASES = 43 };

typedef struct subject {
    ag_network *network;
    ag_program *program;
    ag_query *batch, *single;
    int n;
    size_t states;
    int *cases;
    double *log_evidence, *marginals;
} subject;

static void start(subject *s, const char *file, double share) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/networks/%s", AG_SOURCE_DIR, file);
    assert_int_equal(ag_network_read(&s->network, path, NULL), AG_OK);
    assert_int_equal(ag_program_compile(&s->program, s->network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&s->batch, s->program, NULL), AG_OK);
    assert_int_equal(ag_query_new(&s->single, s->program, NULL), AG_OK);
    s->n = ag_network_variable_count(s->network);
    s->states = ag_program_state_total(s->program);
    s->cases = malloc(CASES * (size_t)s->n * sizeof *s->cases);
    s->log_evidence = malloc(CASES * sizeof *s->log_evidence);
    s->marginals = malloc(CASES * s->states * sizeof *s->marginals);
    for (int i = 0; i < CASES * s->n; i++) {
        double u = ag_random_uniform(9, 1, (uint64_t)i);
        int count = ag_network_state_count(s->network, i % s->n);
        s->cases[i] = u < share ? (int)(u / share * count) : -1;
    }
}

static void finish(subject *s) {
    ag_query_free(s->batch);
    ag_query_free(s->single);
    ag_program_free(s->program);
    ag_network_free(s->network);
    free(s->cases);
    free(s->log_evidence);
    free(s->marginals);
}

/* The same evidence for all cases beside their own. */
static void share_evidence(ag_query *query, const ag_network *network) {
    double weights[64];
    int count = ag_network_state_count(network, 1);
    for (int i = 0; i < count; i++)
        weights[i] = 0.25 + i;
    assert_int_equal(ag_query_set_likelihood(query, 1, weights, 1, NULL), AG_OK);
    assert_int_equal(ag_query_set_state(query, 2, 0, NULL), AG_OK);
    assert_int_equal(ag_query_set_intervention(query, 3, 1, NULL), AG_OK);
}

static void compare_case(const subject *s, int c, bool shared) {
    ag_query_retract_all(s->single);
    if (shared)
        share_evidence(s->single, s->network);
    for (int v = 0; v < s->n; v++)
        if (s->cases[c * s->n + v] >= 0)
            assert_int_equal(ag_query_set_state(s->single, v, s->cases[c * s->n + v], NULL), AG_OK);
    ag_status status = ag_query_run(s->single, NULL);
    if (status == AG_ERROR_IMPOSSIBLE) {
        assert_true(isinf(s->log_evidence[c]));
        for (size_t i = 0; i < s->states; i++)
            assert_true(s->marginals[(size_t)c * s->states + i] == 0);
        return;
    }
    assert_int_equal(status, AG_OK);
    double expected = ag_query_log_evidence(s->single, 0);
    assert_true(fabs(s->log_evidence[c] - expected) <= 1e-10 * fmax(1, fabs(expected)));
    for (int v = 0; v < s->n; v++)
        for (int i = 0; i < ag_network_state_count(s->network, v); i++)
            assert_true(fabs(ag_query_marginal(s->single, v)[i] -
                             s->marginals[(size_t)c * s->states +
                                          ag_program_state_offset(s->program, v) + (size_t)i]) <
                        1e-10);
}

static void check(const char *file, double share, bool shared) {
    subject s;
    start(&s, file, share);
    if (shared) {
        share_evidence(s.batch, s.network);
        for (int c = 0; c < CASES; c++)
            s.cases[c * s.n + 3] = -1; /* set by intervention */
    }
    assert_int_equal(ag_query_run_batch(s.batch, s.cases, CASES, s.log_evidence, s.marginals, NULL),
                     AG_OK);
    for (int c = 0; c < CASES; c++)
        compare_case(&s, c, shared);
    double log_evidence;
    double *marginals = malloc(s.states * sizeof *marginals);
    for (int c = 0; c < CASES; c += 7) { /* alone in its lanes, the same bits */
        assert_int_equal(
            ag_query_run_batch(s.batch, s.cases + c * s.n, 1, &log_evidence, marginals, NULL),
            AG_OK);
        assert_memory_equal(&log_evidence, &s.log_evidence[c], sizeof log_evidence);
        assert_memory_equal(marginals, s.marginals + (size_t)c * s.states,
                            s.states * sizeof *marginals);
    }
    free(marginals);
    finish(&s);
}

static void cases_agree_with_single_queries(void **state) {
    (void)state;
    check("asia.bif", 0.3, false);
    check("child.bif", 0.2, false);
    check("alarm.bif", 0.2, false);
    check("insurance.bif", 0.15, false);
    check("hailfinder.bif", 0.1, false);
    check("win95pts.bif", 0.05, false);
}

static void impossible_cases_are_told(void **state) {
    (void)state;
    check("asia.bif", 0.9, false);
    check("insurance.bif", 0.7, false);
}

static void evidence_is_shared(void **state) {
    (void)state;
    check("child.bif", 0.2, true);
    check("alarm.bif", 0.1, true);
}

static void bad_states_are_refused(void **state) {
    (void)state;
    subject s;
    start(&s, "asia.bif", 0);
    s.cases[s.n + 2] = 7;
    assert_int_equal(ag_query_run_batch(s.batch, s.cases, CASES, s.log_evidence, s.marginals, NULL),
                     AG_ERROR_VALUE);
    finish(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_agree_with_single_queries),
        cmocka_unit_test(impossible_cases_are_told),
        cmocka_unit_test(evidence_is_shared),
        cmocka_unit_test(bad_states_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
