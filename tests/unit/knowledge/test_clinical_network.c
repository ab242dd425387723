/*
 * A model small enough to enumerate by hand: two causes of one function, one measured and one
 * reported finding. All numbers are exact, so that one draw is the whole answer.
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

enum { EMISSION, DRY, VOLUME, VARIABLES };
enum { BLOCKER, NERVE, CAUSES };

static const char *const emission_states[] = {"full", "reduced", "none"};
static const char *const no_yes[] = {"no", "yes"};

static const ag_ref on_emission[] = {{false, EMISSION}};
static const ag_condition none_only[] = {{0, 1 << 2}};
static const ag_parameter dry_if_none[] = {REST, EXACT(0.9)};
static const ag_parameter dry_else[] = {REST, EXACT(0.05)};
static const ag_row dry_rows[] = {{none_only, 1, dry_if_none, {0}}, {NULL, 0, dry_else, {0}}};
static const ag_row volume_rows[] = {
    {none_only, 1, NULL, {AG_FAMILY_NORMAL, EXACT(0), EXACT(0.1), EXACT(1)}},
    {NULL, 0, NULL, {AG_FAMILY_NORMAL, EXACT(0), EXACT(3), EXACT(1)}}};

static const ag_variable variables[VARIABLES] = {
    [EMISSION] = {.id = "emission",
                  .kind = AG_FUNCTION,
                  .scope = AG_SCOPE_NOW,
                  .states = {emission_states, 3},
                  .felt = true},
    [DRY] = {.id = "dry",
             .kind = AG_FINDING,
             .scope = AG_SCOPE_NOW,
             .states = {no_yes, 2},
             .parents = on_emission,
             .parent_count = 1,
             .rows = dry_rows,
             .row_count = 2},
    [VOLUME] = {.id = "volume",
                .kind = AG_FINDING,
                .scope = AG_SCOPE_NOW,
                .parents = on_emission,
                .parent_count = 1,
                .rows = volume_rows,
                .row_count = 2},
};
static const ag_finding findings[] = {{.variable = DRY, .value = AG_VALUE_YES_NO},
                                      {.variable = VOLUME, .value = AG_VALUE_QUANTITY}};

static const ag_parameter blocker_states[] = {REST, EXACT(0.3), EXACT(0.5)};
static const ag_parameter nerve_states[] = {REST, EXACT(0), EXACT(0.8)};
static const ag_action blocker_acts[] = {{EMISSION, blocker_states}};
static const ag_action nerve_acts[] = {{EMISSION, nerve_states}};
static const ag_variant blocker_variant[] = {
    {.id = "present", .share = 1, .actions = blocker_acts, .action_count = 1}};
static const ag_variant nerve_variant[] = {
    {.id = "present", .share = 1, .actions = nerve_acts, .action_count = 1}};
static const ag_prior nerve_prior[] = {{18, EXACT(0.1)}};
static const ag_cause causes[CAUSES] = {
    [BLOCKER] = {.id = "blocker", .variants = blocker_variant, .variant_count = 1},
    [NERVE] = {.id = "nerve",
               .priors = nerve_prior,
               .prior_count = 1,
               .variants = nerve_variant,
               .variant_count = 1},
};
static const ag_knowledge knowledge = {.variables = variables,
                                       .variable_count = VARIABLES,
                                       .findings = findings,
                                       .finding_count = 2,
                                       .causes = causes,
                                       .cause_count = CAUSES};

typedef struct answer {
    double none, blocker_fails, nerve_fails, log_evidence;
    ag_status status;
} answer;

/* The blocker is taken; it acts today, and acted with `past` on the day of the second epoch. */
static answer ask(const ag_observation *observations, int count, double past) {
    const ag_situation_cause known[CAUSES] = {{AG_EXPOSURE_PRESENT, NULL},
                                              {AG_EXPOSURE_UNKNOWN, NULL}};
    const double today[] = {1, 1}, then[] = {past, 1};
    const double *const activity[] = {today, then};
    ag_situation situation = {.age_years = 40,
                              .causes = known,
                              .epoch_count = 2,
                              .activity = activity,
                              .imagined_epoch = -1,
                              .observations = observations,
                              .observation_count = count};
    ag_parameter_cache *cache = ag_parameter_cache_new();
    ag_clinical_network *clinical;
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_clinical_network_build(&clinical, &knowledge, &situation, 1, cache, NULL),
                     AG_OK);
    assert_int_equal(ag_program_compile(&program, ag_clinical_network_model(clinical), NULL, NULL),
                     AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    assert_int_equal(ag_clinical_network_observe(clinical, query, NULL), AG_OK);
    answer a = {.status = ag_query_run(query, NULL)};
    if (a.status == AG_OK) {
        int node = ag_clinical_network_node(clinical, EMISSION, 0, -1);
        a.none = ag_query_marginal(query, node)[2];
        int link_count;
        const ag_model_link *links = ag_clinical_network_links(clinical, &link_count);
        assert_int_equal(link_count, 2);
        a.blocker_fails = 1 - ag_query_marginal(query, links[BLOCKER].effect.node)[0];
        double states[AG_MAX_STATES][AG_DRAWS], effect[AG_DRAWS]; /* the record is silent on it */
        ag_clinical_network_link_posterior(
            clinical, NERVE, ag_query_marginal(query, links[NERVE].node), states, effect);
        a.nerve_fails = effect[0];
        a.log_evidence = ag_query_log_evidence(query, 0);
    }
    ag_query_free(query);
    ag_program_free(program);
    ag_clinical_network_free(clinical);
    ag_parameter_cache_free(cache);
    return a;
}

static void assert_near(double got, double expected) {
    if (fabs(got - expected) > 1e-12)
        fail_msg("%.15g instead of %.15g", got, expected);
}

/* P(none) = 1 - (1 - 0.5) (1 - 0.1 * 0.8) = 0.54 */
static void prior_is_the_noisy_maximum(void **state) {
    (void)state;
    answer a = ask(NULL, 0, 1);
    assert_near(a.none, 0.54);
    assert_near(a.blocker_fails, 0.8);
    assert_near(a.nerve_fails, 0.08);
}

/* dry: P(e) = 0.54 * 0.9 + 0.46 * 0.05 = 0.509 */
static void a_reported_finding(void **state) {
    (void)state;
    const ag_observation dry[] = {{.finding = 0, .sample = -1, .state = 1, .observed = true}};
    answer a = ask(dry, 1, 1);
    assert_near(a.none, 0.486 / 0.509);
    /* blocker fails: none through it 0.5 * 0.9, reduced 0.3 * (0.08 * 0.9 + 0.92 * 0.05) */
    assert_near(a.blocker_fails, (0.45 + 0.3 * (0.072 + 0.046)) / 0.509);
    assert_near(a.log_evidence, log(0.509));
}

/* A volume of 0.1: density ratio exp(0) to exp(-2.9^2 / 2). */
static void a_measured_finding(void **state) {
    (void)state;
    const ag_observation seen[] = {
        {.finding = 1, .sample = -1, .state = -1, .observed = true, .low = 0.1, .high = 0.1}};
    double unlikely = exp(-0.5 * 2.9 * 2.9);
    assert_near(ask(seen, 1, 1).none, 0.54 / (0.54 + 0.46 * unlikely));
}

/* A range from minus to plus infinity says nothing. */
static void a_range_without_bounds_says_nothing(void **state) {
    (void)state;
    const ag_observation seen[] = {{.finding = 1,
                                    .sample = -1,
                                    .state = -1,
                                    .observed = true,
                                    .low = -INFINITY,
                                    .high = INFINITY}};
    assert_near(ask(seen, 1, 1).none, 0.54);
}

/*
 * Before the blocker he was dry too, which only the nerve explains: P(nerve link) from 0.08 to
 * 0.08 * 0.9 / (0.08 * 0.9 + 0.92 * 0.05); the blocker's own link is as before.
 */
static void a_finding_before_the_medicine_clears_it(void **state) {
    (void)state;
    const ag_observation dry_then[] = {
        {.finding = 0, .epoch = 1, .sample = -1, .state = 1, .observed = true}};
    answer a = ask(dry_then, 1, 0);
    double nerve = 0.072 / 0.118;
    assert_near(a.nerve_fails, nerve);
    assert_near(a.blocker_fails, 0.8);
    assert_near(a.none, 1 - 0.5 * (1 - nerve));
}

/* Dry on the medicine and not dry off it: his own answer to the medicine is what repeats. */
static void his_answer_to_the_medicine_is_his_own(void **state) {
    (void)state;
    const ag_observation both[] = {
        {.finding = 0, .epoch = 0, .sample = -1, .state = 1, .observed = true},
        {.finding = 0, .epoch = 1, .sample = -1, .state = 0, .observed = true}};
    answer a = ask(both, 2, 0);
    /* nerve link fails: dry today 0.9, not dry then 0.1; not: blocker none 0.5 -> 0.9, else 0.05;
     * then 0.95 */
    double with_nerve = 0.08 * 0.9 * 0.1;
    double by_blocker = 0.92 * 0.5 * 0.9 * 0.95, by_neither = 0.92 * 0.5 * 0.05 * 0.95;
    assert_near(a.nerve_fails, with_nerve / (with_nerve + by_blocker + by_neither));
    assert_near(a.none, (with_nerve + by_blocker) / (with_nerve + by_blocker + by_neither));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prior_is_the_noisy_maximum),
        cmocka_unit_test(a_reported_finding),
        cmocka_unit_test(a_measured_finding),
        cmocka_unit_test(a_range_without_bounds_says_nothing),
        cmocka_unit_test(a_finding_before_the_medicine_clears_it),
        cmocka_unit_test(his_answer_to_the_medicine_is_his_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
