/* The names and the order of states and variables are labels: renaming and reordering changes no
 * answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "antegrade/network.h"
#include "random.h"

enum { VARIABLES = 9, STATES_MOST = 4, NETWORKS = 60 };

typedef struct shape {
    int states[VARIABLES];
    int parents[VARIABLES][2];
    int parent_count[VARIABLES];
    double tables[VARIABLES][STATES_MOST * STATES_MOST * STATES_MOST];
} shape;

static double uniform(uint64_t network, int *counter) {
    return ag_random_uniform(network, 5, (uint64_t)(*counter)++);
}

static void draw_shape(uint64_t network, shape *s) {
    int counter = 0;
    for (int v = 0; v < VARIABLES; v++) {
        s->states[v] = 2 + (int)(uniform(network, &counter) * (STATES_MOST - 1));
        s->parent_count[v] = v < 2 ? 0 : (int)(uniform(network, &counter) * 3);
        for (int p = 0; p < s->parent_count[v]; p++)
            s->parents[v][p] = p + (int)(uniform(network, &counter) * (v - 1));
        if (s->parent_count[v] == 2 && s->parents[v][0] == s->parents[v][1])
            s->parent_count[v] = 1;
        for (int i = 0; i < STATES_MOST * STATES_MOST * STATES_MOST; i++) {
            double x = uniform(network, &counter);
            s->tables[v][i] = x < 0.15 ? 0 : x;
        }
        for (int i = 0; i < STATES_MOST * STATES_MOST; i++) /* no row of zeros */
            s->tables[v][i * s->states[v]] += 0.1;
    }
}

/* The variable at `place` and the state that stands for `state` after relabelling. */
static int placed(int variable, bool relabelled) {
    return relabelled ? VARIABLES - 1 - variable : variable;
}

static int renamed(const shape *s, int variable, int state, bool relabelled) {
    return relabelled ? s->states[variable] - 1 - state : state;
}

static void set_table(ag_network *network, const shape *s, int v, bool relabelled) {
    double values[STATES_MOST * STATES_MOST * STATES_MOST];
    int sizes[3] = {1, 1, s->states[v]}, parents[2] = {0, 0};
    for (int p = 0; p < s->parent_count[v]; p++) {
        sizes[2 - s->parent_count[v] + p] = s->states[s->parents[v][p]];
        parents[p] = placed(s->parents[v][p], relabelled);
    }
    for (int a = 0; a < sizes[0]; a++)
        for (int b = 0; b < sizes[1]; b++)
            for (int c = 0; c < sizes[2]; c++) {
                int to_a = relabelled ? sizes[0] - 1 - a : a,
                    to_b = relabelled ? sizes[1] - 1 - b : b;
                int to_c = relabelled ? sizes[2] - 1 - c : c;
                values[(to_a * sizes[1] + to_b) * sizes[2] + to_c] =
                    s->tables[v][(a * sizes[1] + b) * sizes[2] + c];
            }
    assert_int_equal(ag_network_set_table(network, placed(v, relabelled), parents,
                                          s->parent_count[v], values, 1, NULL),
                     AG_OK);
}

/* Posteriors of all variables given the first two, in the original labels; log P(evidence) is
 * returned. */
static double answers(const shape *s, bool relabelled, double out[VARIABLES][STATES_MOST]) {
    ag_network *network;
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_network_new(&network, 1, NULL), AG_OK);
    for (int place = 0; place < VARIABLES; place++) {
        char name[16];
        int v = placed(place, relabelled);
        snprintf(name, sizeof name, "%s%d", relabelled ? "x" : "y", place);
        assert_int_equal(ag_network_add_variable(network, name, s->states[v], NULL, NULL, NULL),
                         AG_OK);
    }
    for (int v = 0; v < VARIABLES; v++)
        set_table(network, s, v, relabelled);
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    const double weak[STATES_MOST] = {0.7, 0.2, 0.9, 0.4};
    double likelihood[STATES_MOST];
    for (int i = 0; i < s->states[3]; i++)
        likelihood[renamed(s, 3, i, relabelled)] = weak[i];
    ag_query_set_state(query, placed(VARIABLES - 1, relabelled),
                       renamed(s, VARIABLES - 1, 0, relabelled), NULL);
    ag_query_set_likelihood(query, placed(3, relabelled), likelihood, 1, NULL);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    for (int v = 0; v < VARIABLES; v++)
        for (int i = 0; i < s->states[v]; i++)
            out[v][i] =
                ag_query_marginal(query, placed(v, relabelled))[renamed(s, v, i, relabelled)];
    double log_evidence = ag_query_log_evidence(query, 0);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
    return log_evidence;
}

static void relabelling_changes_nothing(void **state) {
    (void)state;
    for (uint64_t n = 0; n < NETWORKS; n++) {
        static shape s;
        double before[VARIABLES][STATES_MOST], after[VARIABLES][STATES_MOST];
        draw_shape(n, &s);
        double p = answers(&s, false, before), q = answers(&s, true, after);
        assert_true(fabs(p - q) < 1e-12);
        for (int v = 0; v < VARIABLES; v++)
            for (int i = 0; i < s.states[v]; i++)
                assert_true(fabs(before[v][i] - after[v][i]) < 1e-12);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(relabelling_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
