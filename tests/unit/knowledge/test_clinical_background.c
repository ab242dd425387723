/*
 * Causes on which the record is silent are summed up in one node; what is read of each must be what
 * an enumeration of all their states gives, each cause by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "clinical_network.h"

#define EXACT(p)                                                                                   \
    { .kind = AG_PARAMETER_EXACT, .value = (p) }
#define REST                                                                                       \
    { .kind = AG_PARAMETER_REST }

enum { EMISSION, DRY, VARIABLES };
enum { CAUSES = 3, STATES = 3, ONSETS = 3, DRAWS = 16 };

static const char *const emission_states[] = {"full", "reduced", "none"};
static const char *const no_yes[] = {"no", "yes"};
static const double dry_given[STATES] = {0.05, 0.2, 0.9};

static const ag_ref on_emission[] = {{false, EMISSION}};
static const ag_condition reduced_only[] = {{0, 1 << 1}}, none_only[] = {{0, 1 << 2}};
static const ag_parameter dry_if_full[] = {REST, EXACT(0.05)};
static const ag_parameter dry_if_reduced[] = {REST, EXACT(0.2)};
static const ag_parameter dry_if_none[] = {REST, EXACT(0.9)};
static const ag_row dry_rows[] = {{none_only, 1, dry_if_none, {0}},
                                  {reduced_only, 1, dry_if_reduced, {0}},
                                  {NULL, 0, dry_if_full, {0}}};

static const ag_variable variables[VARIABLES] = {
    [EMISSION] = {.id = "emission",
                  .kind = AG_FUNCTION,
                  .scope = AG_SCOPE_NOW,
                  .states = {emission_states, STATES},
                  .felt = true},
    [DRY] = {.id = "dry",
             .kind = AG_FINDING,
             .scope = AG_SCOPE_NOW,
             .states = {no_yes, 2},
             .parents = on_emission,
             .parent_count = 1,
             .rows = dry_rows,
             .row_count = 3},
};
static const ag_finding findings[] = {{.variable = DRY, .value = AG_VALUE_YES_NO}};

/* P(present), P(reduced), P(none) of each cause; the second never stops emission. */
static const double prior[CAUSES] = {0.1, 0.3, 0.02};
static const double reduced[CAUSES] = {0.3, 0.6, 0.1}, none[CAUSES] = {0.5, 0, 0.7};
static const ag_parameter states_of[CAUSES][STATES] = {
    {REST, EXACT(0.3), EXACT(0.5)}, {REST, EXACT(0.6), EXACT(0)}, {REST, EXACT(0.1), EXACT(0.7)}};
static const ag_action acts[CAUSES] = {
    {EMISSION, states_of[0]}, {EMISSION, states_of[1]}, {EMISSION, states_of[2]}};
static const ag_variant variants[CAUSES] = {
    {.id = "present", .share = 1, .actions = &acts[0], .action_count = 1},
    {.id = "present", .share = 1, .actions = &acts[1], .action_count = 1},
    {.id = "present", .share = 1, .actions = &acts[2], .action_count = 1}};
static const ag_prior priors[CAUSES] = {{18, EXACT(0.1)}, {18, EXACT(0.3)}, {18, EXACT(0.02)}};
static const ag_cause causes[CAUSES] = {{.id = "one",
                                         .priors = &priors[0],
                                         .prior_count = 1,
                                         .variants = &variants[0],
                                         .variant_count = 1},
                                        {.id = "two",
                                         .priors = &priors[1],
                                         .prior_count = 1,
                                         .variants = &variants[1],
                                         .variant_count = 1},
                                        {.id = "three",
                                         .priors = &priors[2],
                                         .prior_count = 1,
                                         .variants = &variants[2],
                                         .variant_count = 1}};
static const ag_knowledge knowledge = {.variables = variables,
                                       .variable_count = VARIABLES,
                                       .findings = findings,
                                       .finding_count = 1,
                                       .causes = causes,
                                       .cause_count = CAUSES};
/* The third cannot have begun within the time that the man names. */
static const ag_onset_odds onset[CAUSES] = {{0.2, 0.5, 0.3}, {0.6, 0.1, 0.3}, {0.4, 0, 0.6}};

/* ---- the enumeration ---- */

typedef struct answers {
    double evidence;
    double emission[STATES];
    double link[CAUSES][STATES], effect[CAUSES];
    double no_effect[CAUSES]; /* P(e and no effect) / P(e) */
} answers;

static double p_link(int cause, int state) {
    double p[STATES] = {1 - prior[cause] * (reduced[cause] + none[cause]),
                        prior[cause] * reduced[cause], prior[cause] * none[cause]};
    return p[state];
}

static double p_onset(int cause, int state, int when) {
    const double p[ONSETS] = {onset[cause].later, onset[cause].within, onset[cause].earlier};
    return state == 0 ? when == 0 : p[when];
}

static int greatest(const int *values) {
    int most = 0;
    for (int c = 0; c < CAUSES; c++)
        most = values[c] > most ? values[c] : most;
    return most;
}

static void add_world(answers *a, const int *state, const int *when, bool timed) {
    double p = dry_given[greatest(state)];
    for (int c = 0; c < CAUSES; c++)
        p *= p_link(c, state[c]) * (timed ? p_onset(c, state[c], when[c]) : when[c] == 0);
    if (timed && greatest(when) != 1)
        return;
    a->evidence += p;
    a->emission[greatest(state)] += p;
    for (int c = 0; c < CAUSES; c++) {
        bool counts = state[c] > 0 && (!timed || when[c] == 1);
        a->link[c][state[c]] += p;
        a->effect[c] += counts ? p : 0;
        a->no_effect[c] += counts ? 0 : p;
    }
}

static answers enumerate(bool timed) {
    answers a = {0};
    int state[CAUSES], when[CAUSES];
    for (int i = 0; i < 729; i++) { /* (3 states * 3 onsets)^3 */
        for (int c = 0, rest = i; c < CAUSES; c++, rest /= 9) {
            state[c] = rest % 9 / 3;
            when[c] = rest % 3;
        }
        add_world(&a, state, when, timed);
    }
    for (int c = 0; c < CAUSES; c++) {
        for (int s = 0; s < STATES; s++)
            a.link[c][s] /= a.evidence;
        a.effect[c] /= a.evidence;
        a.no_effect[c] /= a.evidence;
    }
    for (int s = 0; s < STATES; s++)
        a.emission[s] /= a.evidence;
    return a;
}

/* ---- the network ---- */

static void assert_near(double got, double expected) {
    if (!(fabs(got - expected) <= 1e-12))
        fail_msg("%.15g instead of %.15g", got, expected);
}

static void check_link(const ag_clinical_network *clinical, const ag_query *query, int index,
                       const answers *expected) {
    int count;
    const ag_model_link *link = &ag_clinical_network_links(clinical, &count)[index];
    double states[STATES][AG_DRAWS], effect[AG_DRAWS];
    assert_int_equal(count, CAUSES);
    assert_int_equal(link->background, 0);
    ag_clinical_network_link_posterior(clinical, index, ag_query_marginal(query, link->node),
                                       states, effect);
    for (int d = 0; d < DRAWS; d++) {
        for (int s = 0; s < STATES; s++)
            assert_near(states[s][d], expected->link[index][s]);
        assert_near(effect[d], expected->effect[index]);
    }
}

static void check_no_effect(const ag_clinical_network *clinical, ag_query *query, int cause,
                            const answers *expected) {
    double before = ag_query_log_evidence(query, 0);
    assert_int_equal(ag_clinical_network_suppose_no_effect(clinical, cause, true, query, NULL),
                     AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    assert_near(exp(ag_query_log_evidence(query, DRAWS - 1) - before), expected->no_effect[cause]);
    assert_int_equal(ag_clinical_network_suppose_no_effect(clinical, cause, false, query, NULL),
                     AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    assert_near(ag_query_log_evidence(query, 0), before);
}

static void check(bool timed) {
    const ag_observation dry[] = {{.finding = 0, .sample = -1, .state = 1, .observed = true}};
    const ag_situation_cause unknown[CAUSES] = {
        {AG_EXPOSURE_UNKNOWN, NULL}, {AG_EXPOSURE_UNKNOWN, NULL}, {AG_EXPOSURE_UNKNOWN, NULL}};
    const double today[] = {1, 1, 1};
    const double *const activity[] = {today};
    ag_situation situation = {.age_years = 40,
                              .causes = unknown,
                              .epoch_count = 1,
                              .activity = activity,
                              .imagined_epoch = -1,
                              .observations = dry,
                              .observation_count = 1,
                              .onset = timed ? onset : NULL};
    answers expected = enumerate(timed);
    ag_parameter_cache *cache = ag_parameter_cache_new();
    ag_clinical_network *clinical;
    ag_program *program;
    ag_query *query;
    int order[DRAWS] = {0};
    ag_parameter_cache *few = ag_parameter_cache_new_chosen(cache, order, DRAWS);
    assert_int_equal(ag_clinical_network_build(&clinical, &knowledge, &situation, DRAWS, few, NULL),
                     AG_OK);
    assert_int_equal(ag_program_compile(&program, ag_clinical_network_model(clinical), NULL, NULL),
                     AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    assert_int_equal(ag_clinical_network_observe(clinical, query, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    assert_near(exp(ag_query_log_evidence(query, 0)), expected.evidence);
    const double *emission =
        ag_query_marginal(query, ag_clinical_network_node(clinical, EMISSION, 0, -1));
    for (int s = 0; s < STATES; s++)
        assert_near(emission[s * DRAWS], expected.emission[s]);
    for (int c = 0; c < CAUSES; c++)
        check_link(clinical, query, c, &expected);
    for (int c = 0; c < CAUSES; c++)
        check_no_effect(clinical, query, c, &expected);
    ag_query_free(query);
    ag_program_free(program);
    ag_clinical_network_free(clinical);
    ag_parameter_cache_free(few);
    ag_parameter_cache_free(cache);
}

static void links_are_as_enumerated(void **state) {
    (void)state;
    check(false);
}

static void links_with_an_onset_are_as_enumerated(void **state) {
    (void)state;
    check(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_as_enumerated),
        cmocka_unit_test(links_with_an_onset_are_as_enumerated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
