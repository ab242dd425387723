/*
 * Posterior marginals and P(evidence) against enumeration of every joint state, on random networks
 * with zeros, single-state variables, deterministic rows, unconnected parts and noisy-MAX families.
 */
#include "random_network.h"

/* Differences of noisy-MAX products lose what lies below rounding of their terms. */
#define FAINT 1e-12

/* `asked` of the variables, a bit each; none: P(evidence) alone. */
static void check_answers(const model *m, const findings *f, ag_query *query, unsigned asked,
                          ag_status status) {
    double most = 0;
    for (int d = 0; d < m->draws; d++) {
        double sums[VARIABLES][STATES];
        double total = enumerate(m, f, d, sums);
        most = total > most ? total : most;
        if (status || total < FAINT)
            continue;
        assert_true(fabs(ag_query_log_evidence(query, d) - log(total)) < 1e-9);
        for (int v = 0; v < m->count; v++)
            for (int x = 0; x < m->states[v] && asked >> v & 1; x++) {
                double p = ag_query_marginal(query, v)[x * m->draws + d];
                assert_true(fabs(p - sums[v][x] / total) < 1e-9);
            }
    }
    if (most > FAINT)
        assert_int_equal(status, AG_OK);
    if (most == 0)
        assert_int_equal(status, AG_ERROR_IMPOSSIBLE);
}

/* What is not asked for is left out, with what only leads to it; so is all of it from P(evidence).
 */
static void check_parts(source *s, const model *m, const findings *f, ag_query *query) {
    int variables[VARIABLES], count = 0;
    unsigned asked = (unsigned)below(s, 1 << m->count);
    for (int v = 0; v < m->count; v++)
        if (asked >> v & 1)
            variables[count++] = v;
    check_answers(m, f, query, 0, ag_query_run_evidence(query, NULL));
    assert_int_equal(ag_query_ask(query, variables, count, NULL), AG_OK);
    assert_int_equal(ag_query_fit(query, NULL), AG_OK);
    check_answers(m, f, query, asked, ag_query_run(query, NULL));
    assert_int_equal(ag_query_ask(query, NULL, 0, NULL), AG_OK);
}

/* The findings named conflict, and none of them is superfluous. */
static void check_conflict(const model *m, findings f, ag_query *query) {
    double sums[VARIABLES][STATES];
    int conflict[VARIABLES];
    int count;
    assert_int_equal(ag_query_conflict(query, conflict, VARIABLES, &count, NULL), AG_OK);
    assert_true(count > 0);
    for (int left_out = -1; left_out < count; left_out++) {
        findings part = f;
        for (int v = 0; v < m->count; v++) {
            bool in = f.kind[v] == 3;
            for (int i = 0; i < count; i++)
                in = in || (conflict[i] == v && i != left_out);
            part.kind[v] = in ? f.kind[v] : 0;
        }
        double total = enumerate(m, &part, 0, sums);
        assert_true(left_out < 0 ? total == 0 : total > 0);
    }
}

static void check_random(uint64_t seed, int draws, ag_slicing slicing) {
    source s = {seed, 0};
    model *m = malloc(sizeof *m);
    ag_network *network = random_network(&s, m, draws);
    ag_program_options options = ag_program_options_defaults();
    options.slicing = slicing;
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_program_compile(&program, network, &options, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    for (int i = 0; i < 4; i++) {
        findings f;
        random_findings(&s, m, &f, query);
        ag_status status = ag_query_run(query, NULL);
        check_answers(m, &f, query, ~0u, status);
        check_parts(&s, m, &f, query);
        if (status == AG_ERROR_IMPOSSIBLE && draws == 1)
            check_conflict(m, f, query);
    }
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
    free(m);
}

static uint64_t trials(void) {
    return getenv("AG_SOAK") ? 20000 : 1500;
}

static void one_fixed_program(void **state) {
    (void)state;
    for (uint64_t i = 0; i < trials(); i++)
        check_random(i, 1, AG_SLICING_NEVER);
}

static void a_program_per_pattern(void **state) {
    (void)state;
    for (uint64_t i = 0; i < trials(); i++)
        check_random(100000 + i, 1, AG_SLICING_ALWAYS);
}

static void draws_side_by_side(void **state) {
    (void)state;
    for (uint64_t i = 0; i < trials() / 2; i++)
        check_random(200000 + i, 2 + (int)(i % 7), AG_SLICING_AUTO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_fixed_program),
        cmocka_unit_test(a_program_per_pattern),
        cmocka_unit_test(draws_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
