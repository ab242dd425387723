/* Building, compiling and asking: what is refused and how, large noisy-MAX families, sizes and
 * orders. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "antegrade/network.h"

static ag_network *new_network(int draws) {
    ag_network *network;
    assert_int_equal(ag_network_new(&network, draws, NULL), AG_OK);
    return network;
}

static int add(ag_network *network, const char *name, int states) {
    int v;
    assert_int_equal(ag_network_add_variable(network, name, states, NULL, &v, NULL), AG_OK);
    return v;
}

static void bad_models_are_refused(void **state) {
    (void)state;
    ag_network *network;
    ag_error error;
    assert_int_equal(ag_network_new(&network, 0, &error), AG_ERROR_VALUE);
    assert_int_equal(ag_network_new(&network, AG_NETWORK_DRAWS_MAX + 1, &error), AG_ERROR_VALUE);
    network = new_network(3);
    int a = add(network, "a", 2);
    int b = add(network, "b", 2);
    const char *const twice[] = {"x", "x"};
    assert_int_equal(ag_network_add_variable(network, "a", 2, NULL, NULL, &error), AG_ERROR_NAME);
    assert_int_equal(ag_network_add_variable(network, "", 2, NULL, NULL, &error), AG_ERROR_NAME);
    assert_int_equal(ag_network_add_variable(network, "c", 0, NULL, NULL, &error), AG_ERROR_VALUE);
    assert_int_equal(ag_network_add_variable(network, "c", 2, twice, NULL, &error), AG_ERROR_NAME);
    assert_int_equal(ag_network_set_table(network, a, NULL, 0, (double[]){0, 0}, 1, &error),
                     AG_ERROR_VALUE);
    assert_int_equal(ag_network_set_table(network, a, NULL, 0, (double[]){-1, 2}, 1, &error),
                     AG_ERROR_VALUE);
    assert_int_equal(ag_network_set_table(network, a, NULL, 0, (double[]){NAN, 1}, 1, &error),
                     AG_ERROR_VALUE);
    assert_int_equal(ag_network_set_table(network, a, NULL, 0, (double[]){1, 0, 1, 0}, 2, &error),
                     AG_ERROR_VALUE);
    assert_int_equal(ag_network_set_table(network, a, &a, 1, (double[]){1, 0, 1, 0}, 1, &error),
                     AG_ERROR_ARGUMENT);
    assert_int_equal(ag_network_set_rule(network, a, NULL, 0, (int[]){2}, &error), AG_ERROR_VALUE);
    ag_program *program;
    assert_int_equal(ag_program_compile(&program, network, NULL, &error), AG_ERROR_VALUE);
    const double even[] = {1, 1, 1, 1};
    assert_int_equal(ag_network_set_table(network, a, &b, 1, even, 1, NULL), AG_OK);
    assert_int_equal(ag_network_set_table(network, b, &a, 1, even, 1, NULL), AG_OK);
    assert_int_equal(ag_program_compile(&program, network, NULL, &error), AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "cycle"));
    ag_network_free(network);
}

static void rows_are_normalised(void **state) {
    (void)state;
    ag_network *network = new_network(1);
    int a = add(network, "a", 3);
    double table[3];
    const double exact[] = {0.1, 0.2, 0.7};
    assert_int_equal(ag_network_set_table(network, a, NULL, 0, (double[]){1, 1, 2}, 1, NULL),
                     AG_OK);
    assert_int_equal(ag_network_copy_table(network, a, 0, table, 3, NULL), AG_OK);
    assert_true(table[0] == 0.25 && table[1] == 0.25 && table[2] == 0.5);
    assert_int_equal(ag_network_set_table(network, a, NULL, 0, exact, 1, NULL), AG_OK);
    assert_int_equal(ag_network_copy_table(network, a, 0, table, 3, NULL), AG_OK);
    assert_memory_equal(table, exact, sizeof exact);
    assert_int_equal(ag_network_copy_table(network, a, 0, table, 2, NULL), AG_ERROR_TOO_LARGE);
    ag_network_free(network);
}

/* `parents` causes feed `children` noisy-OR effects each; one effect is seen, the others are not.
 * The answer for one cause follows in closed form: P(effect absent) = (1 - leak) prod (1 - p q). */
static void check_noisy_or(int parents, int children) {
    const double prior = 0.1;
    const double strength = 0.3;
    const double leak = 0.05;
    ag_network *network = new_network(1);
    ag_network_link *links = calloc((size_t)parents, sizeof *links);
    char name[32];
    for (int i = 0; i < parents; i++) {
        static const double values[] = {1, 0, 0.7, 0.3};
        snprintf(name, sizeof name, "cause%d", i);
        int v = add(network, name, 2);
        assert_int_equal(
            ag_network_set_table(network, v, NULL, 0, (double[]){1 - prior, prior}, 1, NULL),
            AG_OK);
        links[i] = (ag_network_link){v, values, 1};
    }
    int effect = 0;
    for (int i = 0; i < children; i++) {
        snprintf(name, sizeof name, "effect%d", i);
        effect = add(network, name, 2);
        assert_int_equal(ag_network_set_noisy_max(network, effect, links, parents,
                                                  (double[]){1 - leak, leak}, 1, NULL),
                         AG_OK);
    }
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_true(ag_program_sizes(program).table_entries < 4000.0 * parents);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    /* all effects absent */
    for (int i = 0; i < children; i++)
        assert_int_equal(ag_query_set_state(query, parents + i, 0, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    double both = prior * pow(1 - strength, children);
    double one = both / (both + 1 - prior);
    double expected =
        children * log(1 - leak) + parents * log(1 - prior + prior * pow(1 - strength, children));
    assert_true(fabs(ag_query_log_evidence(query, 0) - expected) < 1e-9 * fabs(expected));
    assert_true(fabs(ag_query_marginal(query, 0)[1] - one) < 1e-12);
    /* one effect present, the others unknown */
    ag_query_retract_all(query);
    assert_int_equal(ag_query_set_state(query, effect, 1, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    double absent = (1 - leak) * pow(1 - prior * strength, parents);
    assert_true(fabs(exp(ag_query_log_evidence(query, 0)) - (1 - absent)) < 1e-12);
    double posterior =
        prior * (1 - absent / (1 - prior * strength) * (1 - strength)) / (1 - absent);
    assert_true(fabs(ag_query_marginal(query, 0)[1] - posterior) < 1e-10);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
    free(links);
}

static void large_noisy_or_families_are_cheap(void **state) {
    (void)state;
    check_noisy_or(60, 1);
    check_noisy_or(200, 1);
    check_noisy_or(60, 5);
    check_noisy_or(200, 5);
}

static void memory_is_bounded(void **state) {
    (void)state;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    ag_error error;
    assert_int_equal(ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/barley.bif.gz", NULL),
                     AG_OK);
    ag_program_options options = ag_program_options_defaults();
    options.memory_limit = (size_t)8 << 20;
    assert_int_equal(ag_program_compile(&program, network, &options, NULL), AG_OK);
    assert_true(ag_program_sizes(program).workspace_bytes > 8 << 20);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, &error), AG_ERROR_TOO_LARGE);
    assert_non_null(strstr(error.message, "MiB"));
    assert_int_equal(ag_query_fit(query, NULL), AG_ERROR_TOO_LARGE);
    /* of one variable without findings no more is needed than what leads to it */
    assert_int_equal(ag_query_ask(query, (int[]){0}, 1, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    assert_int_equal(ag_query_fit(query, NULL), AG_ERROR_TOO_LARGE);
    assert_int_equal(ag_query_ask(query, NULL, 0, NULL), AG_OK);
    /* the same with most of it observed fits */
    for (int v = 0; v < ag_network_variable_count(network); v += 2)
        assert_int_equal(ag_query_set_state(query, v, 0, NULL), AG_OK);
    ag_status status = ag_query_run(query, &error);
    assert_true(status == AG_OK || status == AG_ERROR_IMPOSSIBLE);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

/* 150 000 variables: the square of that in bits, twice, would be 5.2 GiB. */
static void the_search_is_bounded(void **state) {
    (void)state;
    ag_network *network;
    ag_program *program;
    ag_error error;
    assert_int_equal(ag_network_new(&network, 1, NULL), AG_OK);
    for (int v = 0; v < 150000; v++) {
        char name[16];
        snprintf(name, sizeof name, "v%d", v);
        assert_int_equal(ag_network_add_variable(network, name, 2, NULL, NULL, NULL), AG_OK);
        assert_int_equal(ag_network_set_table(network, v, NULL, 0, (double[]){0.5, 0.5}, 1, NULL),
                         AG_OK);
    }
    assert_int_equal(ag_program_compile(&program, network, NULL, &error), AG_ERROR_TOO_LARGE);
    assert_non_null(strstr(error.message, "5.2 GiB"));
    assert_null(program);
    ag_network_free(network);
}

static void orders_can_be_kept(void **state) {
    (void)state;
    ag_network *network;
    ag_program *first;
    ag_program *second;
    ag_error error;
    assert_int_equal(ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/insurance.bif", NULL),
                     AG_OK);
    ag_program_options options = ag_program_options_defaults();
    options.effort = 200;
    assert_int_equal(ag_program_compile(&first, network, &options, NULL), AG_OK);
    options.order = ag_program_order(first, &options.order_count);
    options.effort = 0;
    assert_int_equal(ag_program_compile(&second, network, &options, NULL), AG_OK);
    assert_true(ag_program_sizes(first).table_entries == ag_program_sizes(second).table_entries);
    ag_program_free(second);
    options.order_count--;
    assert_int_equal(ag_program_compile(&second, network, &options, &error), AG_ERROR_ARGUMENT);
    ag_program_free(first);
    ag_network_free(network);
}

static void bad_evidence_is_refused(void **state) {
    (void)state;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/asia.bif", NULL),
                     AG_OK);
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    assert_int_equal(ag_query_set_state(query, 8, 0, NULL), AG_ERROR_ARGUMENT);
    assert_int_equal(ag_query_set_state(query, 0, 2, NULL), AG_ERROR_VALUE);
    assert_int_equal(ag_query_set_likelihood(query, 0, (double[]){0, 0}, 1, NULL), AG_ERROR_VALUE);
    assert_int_equal(ag_query_set_likelihood(query, 0, (double[]){1, NAN}, 1, NULL),
                     AG_ERROR_VALUE);
    assert_int_equal(ag_query_set_likelihood(query, 0, (double[]){1, 1, 1, 1}, 2, NULL),
                     AG_ERROR_VALUE);
    int variables[8];
    int count;
    assert_int_equal(ag_query_conflict(query, variables, 8, &count, NULL), AG_ERROR_ARGUMENT);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

/* Many queries of one program at the same time give the same bits. */
typedef struct reader {
    const ag_program *program;
    double marginal[2];
    bool ok;
} reader;

static void *ask(void *argument) {
    reader *r = argument;
    ag_query *query;
    r->ok = ag_query_new(&query, r->program, NULL) == AG_OK;
    for (int i = 0; r->ok && i < 50; i++) {
        ag_query_retract_all(query);
        r->ok = ag_query_set_state(query, i % 30, 0, NULL) == AG_OK &&
                ag_query_set_state(query, 33, 1, NULL) == AG_OK &&
                ag_query_run(query, NULL) == AG_OK;
    }
    if (r->ok)
        memcpy(r->marginal, ag_query_marginal(query, 36), sizeof r->marginal);
    ag_query_free(query);
    return NULL;
}

static void threads_share_a_program(void **state) {
    (void)state;
    enum { THREADS = 4 };
    ag_network *network;
    ag_program *program;
    pthread_t threads[THREADS];
    reader readers[THREADS];
    assert_int_equal(ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/alarm.bif", NULL),
                     AG_OK);
    ag_program_options options = ag_program_options_defaults();
    options.slicing = AG_SLICING_ALWAYS;
    assert_int_equal(ag_program_compile(&program, network, &options, NULL), AG_OK);
    for (int i = 0; i < THREADS; i++) {
        readers[i] = (reader){program, {0, 0}, false};
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &readers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_true(readers[i].ok);
        assert_memory_equal(readers[i].marginal, readers[0].marginal, sizeof readers[0].marginal);
    }
    ag_program_free(program);
    ag_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_models_are_refused),
        cmocka_unit_test(rows_are_normalised),
        cmocka_unit_test(large_noisy_or_families_are_cheap),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(the_search_is_bounded),
        cmocka_unit_test(orders_can_be_kept),
        cmocka_unit_test(bad_evidence_is_refused),
        cmocka_unit_test(threads_share_a_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
