/* What must hold of the whole model, whatever the numbers on the cards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "clinical_network.h"

static const ag_knowledge *knowledge;

typedef struct man {
    ag_situation situation;
    ag_situation_cause *causes;
    double *activity;
    const double *epochs[1];
} man;

/* A man of 50 of whom it is known that none of the causes is present. */
static void healthy(man *m) {
    m->causes = calloc((size_t)knowledge->cause_count, sizeof *m->causes);
    m->activity = calloc((size_t)knowledge->cause_count, sizeof *m->activity);
    for (int c = 0; c < knowledge->cause_count; c++) {
        m->activity[c] = 1;
        if (knowledge->causes[c].kind != AG_CAUSE_UNKNOWN)
            m->causes[c].exposure = AG_EXPOSURE_ABSENT;
    }
    m->epochs[0] = m->activity;
    m->situation = (ag_situation){.age_years = 50,
                                  .causes = m->causes,
                                  .epoch_count = 1,
                                  .activity = m->epochs,
                                  .imagined_epoch = -1};
}

static void discard(man *m) {
    free(m->causes);
    free(m->activity);
}

typedef struct run {
    ag_clinical_network *clinical;
    ag_program *program;
    ag_query *query;
} run;

static void start(run *r, const man *m, int draws, ag_parameter_cache *cache) {
    assert_int_equal(
        ag_clinical_network_build(&r->clinical, knowledge, &m->situation, draws, cache, NULL),
        AG_OK);
    assert_int_equal(
        ag_program_compile(&r->program, ag_clinical_network_model(r->clinical), NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&r->query, r->program, NULL), AG_OK);
    assert_int_equal(ag_query_run(r->query, NULL), AG_OK);
}

static void finish(run *r) {
    ag_query_free(r->query);
    ag_program_free(r->program);
    ag_clinical_network_free(r->clinical);
}

static double normal(const run *r, int function) {
    return ag_query_marginal(r->query, ag_clinical_network_node(r->clinical, function, 0, -1))[0];
}

static void adding_a_cause_never_improves_a_function(void **state) {
    (void)state;
    ag_parameter_cache *cache = ag_parameter_cache_new();
    man m;
    healthy(&m);
    run without;
    start(&without, &m, 1, cache);
    for (int c = 0; c < knowledge->cause_count; c++) {
        ag_exposure before = m.causes[c].exposure;
        m.causes[c].exposure = AG_EXPOSURE_PRESENT;
        run with;
        start(&with, &m, 1, cache);
        for (int f = 0; f < knowledge->variable_count; f++)
            if (knowledge->variables[f].kind == AG_FUNCTION &&
                normal(&with, f) > normal(&without, f) + 1e-12)
                fail_msg("%s improves %s", knowledge->causes[c].id, knowledge->variables[f].id);
        finish(&with);
        m.causes[c].exposure = before;
    }
    finish(&without);
    discard(&m);
    ag_parameter_cache_free(cache);
}

static void posteriors_sum_to_one_in_every_draw(void **state) {
    (void)state;
    ag_parameter_cache *cache = ag_parameter_cache_new();
    man m;
    healthy(&m);
    for (int c = 0; c < knowledge->cause_count; c++)
        m.causes[c].exposure = AG_EXPOSURE_UNKNOWN;
    run r;
    start(&r, &m, AG_DRAWS, cache);
    const ag_network *network = ag_clinical_network_model(r.clinical);
    for (int node = 0; node < ag_network_variable_count(network); node++) {
        const double *p = ag_query_marginal(r.query, node);
        for (int d = 0; d < AG_DRAWS; d++) {
            double sum = 0;
            for (int s = 0; s < ag_network_state_count(network, node); s++) {
                assert_true(p[s * AG_DRAWS + d] >= -1e-12);
                sum += p[s * AG_DRAWS + d];
            }
            if (fabs(sum - 1) > 1e-9)
                fail_msg("%s sums to %.12g", ag_network_variable_name(network, node), sum);
        }
    }
    finish(&r);
    discard(&m);
    ag_parameter_cache_free(cache);
}

/* Every finding that a man of whom nothing is known can have must be possible. */
static void every_state_of_every_finding_is_possible(void **state) {
    (void)state;
    ag_parameter_cache *cache = ag_parameter_cache_new();
    man m;
    healthy(&m);
    for (int c = 0; c < knowledge->cause_count; c++)
        m.causes[c].exposure = AG_EXPOSURE_UNKNOWN;
    for (int f = 0; f < knowledge->finding_count; f++) {
        if (knowledge->findings[f].value == AG_VALUE_QUANTITY)
            continue;
        ag_observation seen = {.finding = f, .sample = -1};
        m.situation.observations = &seen;
        m.situation.observation_count = 1;
        run r;
        start(&r, &m, 1, cache);
        int node = ag_clinical_network_observation_node(r.clinical, 0);
        const ag_network *network = ag_clinical_network_model(r.clinical);
        for (int s = 0; s < ag_network_state_count(network, node); s++)
            if (!(ag_query_marginal(r.query, node)[s] > 0))
                fail_msg("%s can never be %s",
                         knowledge->variables[knowledge->findings[f].variable].id,
                         ag_network_state_name(network, node, s));
        finish(&r);
    }
    discard(&m);
    ag_parameter_cache_free(cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adding_a_cause_never_improves_a_function),
        cmocka_unit_test(posteriors_sum_to_one_in_every_draw),
        cmocka_unit_test(every_state_of_every_finding_is_possible),
    };
    knowledge = ag_knowledge_builtin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
