/*
 * The standard networks against answers computed by another program in another formulation
 * (tests/networks/expected.py): log P(evidence) within 1e-9 relative, marginals within 1e-9.
 */
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

enum { LINE = 1 << 16 };

typedef struct subject {
    const char *name;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    bool has_run;
} subject;

static void run(subject *s) {
    ag_error error;
    if (!s->has_run && ag_query_run(s->query, &error))
        fail_msg("%s: %s", s->name, error.message);
    s->has_run = true;
}

static int find(const subject *s, const char *name) {
    int v = ag_network_find_variable(s->network, name);
    if (v < 0)
        fail_msg("%s has no node %s", s->name, name);
    return v;
}

static void check_marginal(subject *s, char *rest) {
    int v = find(s, strtok(rest, " \n"));
    run(s);
    const double *p = ag_query_marginal(s->query, v);
    for (int i = 0; i < ag_network_state_count(s->network, v); i++) {
        double expected = strtod(strtok(NULL, " \n"), NULL);
        if (!(fabs(p[i] - expected) < 1e-9))
            fail_msg("%s: P(%s = %s) is %.17g, not %.17g", s->name,
                     ag_network_variable_name(s->network, v),
                     ag_network_state_name(s->network, v, i), p[i], expected);
    }
}

static void check_best(subject *s, double expected) {
    int *states = malloc((size_t)ag_network_variable_count(s->network) * sizeof *states);
    double found;
    ag_error error;
    if (ag_query_most_probable(s->query, 0, states, &found, &error))
        fail_msg("%s: %s", s->name, error.message);
    if (!(fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected))))
        fail_msg("%s: the most probable states have log P %.17g, not %.17g", s->name, found,
                 expected);
    s->has_run = false;
    free(states);
}

static void check_line(subject *s, char *line) {
    if (strncmp(line, "case", 4) == 0) {
        ag_query_retract_all(s->query);
        s->has_run = false;
    } else if (strncmp(line, "observed ", 9) == 0) {
        int v = find(s, strtok(line + 9, " \n"));
        int state = ag_network_find_state(s->network, v, strtok(NULL, " \n"));
        assert_int_equal(ag_query_set_state(s->query, v, state, NULL), AG_OK);
    } else if (strncmp(line, "log_evidence ", 13) == 0) {
        double expected = strtod(line + 13, NULL);
        run(s);
        double found = ag_query_log_evidence(s->query, 0);
        if (!(fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected))))
            fail_msg("%s: log P(evidence) is %.17g, not %.17g", s->name, found, expected);
    } else if (strncmp(line, "best ", 5) == 0) {
        check_best(s, strtod(line + 5, NULL));
    } else if (strncmp(line, "marginal ", 9) == 0) {
        check_marginal(s, line + 9);
    }
}

static void check_network(const char *file, ag_slicing slicing) {
    char path[512];
    char name[64];
    ag_error error;
    subject s = {.name = name};
    snprintf(name, sizeof name, "%.*s", (int)strcspn(file, "."), file);
    snprintf(path, sizeof path, "%s/tests/networks/%s", AG_SOURCE_DIR, file);
    assert_int_equal(ag_network_read(&s.network, path, &error), AG_OK);
    ag_program_options options = ag_program_options_defaults();
    options.slicing = slicing;
    options.memory_limit = (size_t)8 << 30;
    assert_int_equal(ag_program_compile(&s.program, s.network, &options, &error), AG_OK);
    assert_int_equal(ag_query_new(&s.query, s.program, &error), AG_OK);
    snprintf(path, sizeof path, "%s/tests/networks/expected/%s.txt", AG_SOURCE_DIR, name);
    FILE *answers = fopen(path, "r");
    assert_non_null(answers);
    char *line = malloc(LINE);
    while (fgets(line, LINE, answers))
        check_line(&s, line);
    fclose(answers);
    free(line);
    ag_query_free(s.query);
    ag_program_free(s.program);
    ag_network_free(s.network);
}

static const char *const SMALL[] = {
    "alarm.bif",      "asia.bif",   "cancer.bif",    "child.bif", "hepar2.bif",   "earthquake.bif",
    "hailfinder.bif", "survey.bif", "insurance.bif", "sachs.bif", "win95pts.bif", "andes.bif"};
static const char *const LARGE[] = {
    "pathfinder.bif.gz", "pigs.bif.gz",   "water.bif.gz",  "mildew.bif.gz", "diabetes.bif.gz",
    "munin.bif.gz",      "munin2.bif.gz", "munin3.bif.gz", "munin4.bif.gz", "barley.bif.gz"};
/* 19 and 190 million table entries without evidence. */
static const char *const HUGE_ONES[] = {"link.bif.gz", "munin1.bif.gz"};

static void small_networks(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof SMALL / sizeof *SMALL; i++)
        for (int slicing = AG_SLICING_AUTO; slicing <= AG_SLICING_ALWAYS; slicing++)
            check_network(SMALL[i], (ag_slicing)slicing);
}

static void large_networks(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof LARGE / sizeof *LARGE; i++)
        check_network(LARGE[i], AG_SLICING_AUTO);
}

static void huge_networks(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof HUGE_ONES / sizeof *HUGE_ONES; i++)
        check_network(HUGE_ONES[i], AG_SLICING_AUTO);
}

/* Lauritzen and Spiegelhalter 1988, table 3 and text: prior and posterior in the chest-clinic
 * example. */
static void published_chest_clinic(void **state) {
    (void)state;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/asia.bif", NULL),
                     AG_OK);
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    const double *tub = ag_query_marginal(query, ag_network_find_variable(network, "tub"));
    const double *lung = ag_query_marginal(query, ag_network_find_variable(network, "lung"));
    const double *xray = ag_query_marginal(query, ag_network_find_variable(network, "xray"));
    assert_true(fabs(tub[0] - 0.0104) < 1e-12);
    assert_true(fabs(lung[0] - 0.055) < 1e-12);
    assert_true(fabs(xray[0] - 0.11029004) < 1e-8);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_chest_clinic),
        cmocka_unit_test(small_networks),
        cmocka_unit_test(large_networks),
        cmocka_unit_test(huge_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
