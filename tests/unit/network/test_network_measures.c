/*
 * Joint posteriors, explanations, soft evidence, sensitivities, mutual information, the conflict
 * measure and batches, each against enumeration of a random small network.
 */
#include "random_network.h"

#define FAINT 1e-9

typedef struct subject {
    model *m;
    findings f;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    double total[8]; /* P(evidence) by draw */
    double sums[8][VARIABLES][STATES];
} subject;

/* A random network with possible evidence; false when the evidence drawn is (nearly) impossible. */
static bool start(subject *s, source *from, int draws) {
    s->m = malloc(sizeof *s->m);
    s->network = random_network(from, s->m, draws);
    assert_int_equal(ag_program_compile(&s->program, s->network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&s->query, s->program, NULL), AG_OK);
    random_findings(from, s->m, &s->f, s->query);
    bool possible = true;
    for (int d = 0; d < draws; d++) {
        s->total[d] = enumerate(s->m, &s->f, d, s->sums[d]);
        possible = possible && s->total[d] > FAINT;
    }
    return possible;
}

static void finish(subject *s) {
    ag_query_free(s->query);
    ag_program_free(s->program);
    ag_network_free(s->network);
    free(s->m);
}

static void assert_near(double found, double expected, double tolerance) {
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", found, expected);
}

static void joints(const subject *s, source *from) {
    int v[3];
    int count = s->m->count < 3 ? s->m->count : 3;
    double expected[STATES * STATES * STATES] = {0};
    double found[STATES * STATES * STATES * 8];
    int draw = s->m->draws - 1;
    v[0] = below(from, s->m->count);
    for (int i = 1; i < count; i++)
        v[i] = (v[i - 1] + 1) % s->m->count;
    for (long j = 0; j < joint_count(s->m); j++) {
        int x[VARIABLES];
        double p = joint_probability(s->m, &s->f, draw, j, x);
        int at = 0;
        for (int i = 0; i < count; i++)
            at = at * s->m->states[v[i]] + x[v[i]];
        expected[at] += p / s->total[draw];
    }
    assert_int_equal(ag_query_joint(s->query, v, count, found, NULL), AG_OK);
    int entries = 1;
    for (int i = 0; i < count; i++)
        entries *= s->m->states[v[i]];
    for (int i = 0; i < entries; i++)
        assert_near(found[i * s->m->draws + draw], expected[i], 1e-9);
}

static void explanations(const subject *s, source *from) {
    int states[VARIABLES];
    int x[VARIABLES];
    double best = 0;
    double log_joint;
    int draw = below(from, s->m->draws);
    /* what is asked of marginals is of no matter to it */
    assert_int_equal(ag_query_ask(s->query, (int[]){below(from, s->m->count)}, 1, NULL), AG_OK);
    assert_int_equal(ag_query_run(s->query, NULL), AG_OK);
    for (long j = 0; j < joint_count(s->m); j++)
        best = fmax(best, joint_probability(s->m, &s->f, draw, j, x));
    assert_int_equal(ag_query_most_probable(s->query, draw, states, &log_joint, NULL), AG_OK);
    long at = 0;
    for (int v = s->m->count - 1; v >= 0; v--)
        at = at * s->m->states[v] + states[v];
    assert_near(log_joint, log(best), 1e-9);
    assert_near(joint_probability(s->m, &s->f, draw, at, x), best, 1e-12 * best);
    assert_int_equal(ag_query_ask(s->query, NULL, 0, NULL), AG_OK);
}

/* Central differences on the model as written down, where rows need not sum to 1. */
static void sensitivities(const subject *s, source *from) {
    int v = below(from, s->m->count);
    int row = below(from, row_count(s->m, v));
    int state = below(from, s->m->states[v]);
    int entry = row * s->m->states[v] + state;
    int draws = s->m->draws;
    double out[VARIABLES * STATES * 8];
    double out_log[8];
    ag_status status = ag_query_sensitivity(s->query, v, (size_t)row, state, out, out_log, NULL);
    if (status == AG_ERROR_ARGUMENT) /* a noisy-MAX family or an intervention */
        return;
    assert_int_equal(status, AG_OK);
    for (int d = 0; d < draws; d++) {
        const double h = 1e-6;
        double up[VARIABLES][STATES];
        double down[VARIABLES][STATES];
        double *table = s->m->table[v][d];
        double value = table[entry];
        table[entry] = value + h;
        double above = enumerate(s->m, &s->f, d, up);
        table[entry] = value - h;
        double under = enumerate(s->m, &s->f, d, down);
        table[entry] = value;
        /* P(evidence) is linear, so that only rounding and the curve of the quotient remain */
        if (s->total[d] < 1e-4)
            continue;
        assert_near(out_log[d], (above - under) / (2 * h) / s->total[d], 1e-5);
        for (int w = 0; w < s->m->count; w++)
            for (int x = 0; x < s->m->states[w]; x++)
                assert_near(
                    out[(ag_program_state_offset(s->program, w) + (size_t)x) * (size_t)draws +
                        (size_t)d],
                    (up[w][x] / above - down[w][x] / under) / (2 * h), 1e-4);
    }
}

static void informations(const subject *s, source *from) {
    int target = below(from, s->m->count);
    int draw = s->m->draws - 1;
    double out[VARIABLES * 8];
    assert_int_equal(ag_query_mutual_information(s->query, target, out, NULL), AG_OK);
    for (int v = 0; v < s->m->count; v++) {
        double joint[STATES][STATES] = {{0}};
        double expected = 0;
        for (long j = 0; j < joint_count(s->m); j++) {
            int x[VARIABLES];
            double p = joint_probability(s->m, &s->f, draw, j, x);
            joint[x[v]][x[target]] += p / s->total[draw];
        }
        for (int a = 0; a < s->m->states[v]; a++)
            for (int b = 0; b < s->m->states[target]; b++)
                if (joint[a][b] > 0)
                    expected += joint[a][b] * log(joint[a][b] * s->total[draw] * s->total[draw] /
                                                  (s->sums[draw][v][a] * s->sums[draw][target][b]));
        assert_near(out[v * s->m->draws + draw], expected, 1e-8);
    }
}

static void conflict_measures(const subject *s, source *from) {
    (void)from;
    double out[8];
    assert_int_equal(ag_query_conflict_measure(s->query, out, NULL), AG_OK);
    for (int d = 0; d < s->m->draws; d++) {
        double expected = -log(s->total[d]);
        for (int v = 0; v < s->m->count; v++) {
            findings one = s->f;
            double sums[VARIABLES][STATES];
            for (int w = 0; w < s->m->count; w++)
                if (w != v && one.kind[w] != 3)
                    one.kind[w] = 0;
            if (one.kind[v] == 1 || one.kind[v] == 2)
                expected += log(enumerate(s->m, &one, d, sums));
        }
        assert_near(out[d], expected, 1e-8);
    }
}

/* Jeffrey's rule: what holds within each state stays, the states are weighed anew. */
static void soft_evidence(const subject *s, source *from) {
    int v = below(from, s->m->count);
    int draw = s->m->draws - 1;
    if (s->f.kind[v] != 0)
        return;
    double target[STATES];
    double sum = 0;
    for (int x = 0; x < s->m->states[v]; x++) {
        bool open = true;
        for (int d = 0; d < s->m->draws; d++)
            open = open && s->sums[d][v][x] > FAINT;
        sum += target[x] = open ? uniform(from) : 0;
    }
    if (sum == 0)
        return;
    for (int x = 0; x < s->m->states[v]; x++)
        target[x] /= sum;
    double expected[VARIABLES][STATES] = {{0}};
    for (long j = 0; j < joint_count(s->m); j++) {
        int x[VARIABLES];
        double p = joint_probability(s->m, &s->f, draw, j, x);
        for (int w = 0; w < s->m->count; w++)
            if (target[x[v]] > 0)
                expected[w][x[w]] += p / s->sums[draw][v][x[v]] * target[x[v]];
    }
    ag_soft_evidence soft = {v, target};
    assert_int_equal(ag_query_run_soft(s->query, &soft, 1, NULL), AG_OK);
    for (int w = 0; w < s->m->count; w++)
        for (int x = 0; x < s->m->states[w]; x++)
            assert_near(ag_query_marginal(s->query, w)[x * s->m->draws + draw], expected[w][x],
                        1e-7);
}

static void check(void (*question)(const subject *, source *), int most_draws) {
    int done = 0;
    for (uint64_t seed = 0; done < (getenv("AG_SOAK") ? 5000 : 300); seed++) {
        source from = {seed, 0};
        subject s;
        int draws = most_draws > 1 && seed % 3 == 0 ? 2 + (int)(seed % 7) : 1;
        if (start(&s, &from, draws)) {
            question(&s, &from);
            /* the evidence is as it was */
            if (question != soft_evidence) {
                assert_int_equal(ag_query_run(s.query, NULL), AG_OK);
                assert_near(ag_query_log_evidence(s.query, 0), log(s.total[0]), 1e-7);
            }
            done++;
        }
        finish(&s);
    }
}

static void joint_posteriors(void **state) {
    (void)state;
    check(joints, 8);
}

/* Written out as tables, noisy-MAX families hold the enumerated probabilities, and none below 0. */
static void families_written_out(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        source from = {seed, 0};
        int draws = seed % 3 == 0 ? 2 + (int)(seed % 7) : 1;
        model *m = malloc(sizeof *m);
        ag_network *network = random_network(&from, m, draws);
        for (int v = 0; v < m->count; v++) {
            double table[TABLE];
            int entries = row_count(m, v) * m->states[v];
            assert_int_equal(ag_network_copy_table(network, v, draws - 1, table, TABLE, NULL),
                             AG_OK);
            for (int i = 0; i < entries; i++) {
                assert_true(table[i] >= 0);
                assert_near(table[i], m->table[v][draws - 1][i], 1e-15);
            }
        }
        ag_network_free(network);
        free(m);
    }
}

static void most_probable_explanations(void **state) {
    (void)state;
    check(explanations, 8);
}

static void sensitivity_to_entries(void **state) {
    (void)state;
    check(sensitivities, 8);
}

static void mutual_information(void **state) {
    (void)state;
    check(informations, 8);
}

static void conflicts(void **state) {
    (void)state;
    check(conflict_measures, 8);
}

static void jeffreys_rule(void **state) {
    (void)state;
    check(soft_evidence, 8);
}

/* Two soft findings at once, both met. */
static void soft_evidence_on_two(void **state) {
    (void)state;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/asia.bif", NULL),
                     AG_OK);
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    int lung = ag_network_find_variable(network, "lung");
    int dysp = ag_network_find_variable(network, "dysp");
    ag_soft_evidence soft[] = {{lung, (double[]){0.4, 0.6}}, {dysp, (double[]){0.7, 0.3}}};
    assert_int_equal(ag_query_run_soft(query, soft, 2, NULL), AG_OK);
    assert_near(ag_query_marginal(query, lung)[0], 0.4, 1e-9);
    assert_near(ag_query_marginal(query, dysp)[0], 0.7, 1e-9);
    int tub = ag_network_find_variable(network, "tub");
    int either = ag_network_find_variable(network, "either");
    assert_int_equal(ag_query_set_state(query, tub, 0, NULL), AG_OK);
    ag_soft_evidence never = {either, (double[]){0.5, 0.5}};
    assert_int_equal(ag_query_run_soft(query, &never, 1, NULL), AG_ERROR_IMPOSSIBLE);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

/* The sum of P(evidence, X = x) over x is P(evidence), whatever X. */
static void states_sum_to_evidence(void **state) {
    (void)state;
    ag_network *network;
    ag_program *program;
    ag_query *query;
    assert_int_equal(
        ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/hailfinder.bif", NULL), AG_OK);
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    assert_int_equal(ag_query_set_state(query, 3, 1, NULL), AG_OK);
    assert_int_equal(ag_query_set_state(query, 50, 2, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    double whole = exp(ag_query_log_evidence(query, 0));
    for (int v = 10; v < 40; v++) {
        double sum = 0;
        for (int x = 0; x < ag_network_state_count(network, v); x++) {
            assert_int_equal(ag_query_set_state(query, v, x, NULL), AG_OK);
            if (ag_query_run_evidence(query, NULL) == AG_OK)
                sum += exp(ag_query_log_evidence(query, 0));
        }
        assert_int_equal(ag_query_retract(query, v, NULL), AG_OK);
        assert_near(sum / whole, 1, 1e-12);
    }
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

/* Deep evidence: 2000 observed coins of 1e-9 each; the log is their sum, far below a double's
 * range. */
static void log_evidence_does_not_underflow(void **state) {
    (void)state;
    enum { COINS = 2000 };
    ag_network *network;
    ag_program *program;
    ag_query *query;
    assert_int_equal(ag_network_new(&network, 1, NULL), AG_OK);
    int root;
    assert_int_equal(ag_network_add_variable(network, "root", 2, NULL, &root, NULL), AG_OK);
    assert_int_equal(ag_network_set_table(network, root, NULL, 0, (double[]){0.5, 0.5}, 1, NULL),
                     AG_OK);
    for (int i = 0; i < COINS; i++) {
        char name[16];
        int coin;
        snprintf(name, sizeof name, "coin%d", i);
        assert_int_equal(ag_network_add_variable(network, name, 2, NULL, &coin, NULL), AG_OK);
        assert_int_equal(ag_network_set_table(network, coin, &root, 1,
                                              (double[]){1 - 1e-9, 1e-9, 1 - 2e-9, 2e-9}, 1, NULL),
                         AG_OK);
    }
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    for (int i = 1; i <= COINS; i++)
        assert_int_equal(ag_query_set_state(query, i, 1, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    double expected = COINS * log(2e-9) + log(0.5) + log1p(exp(-COINS * log(2.0)));
    assert_near(ag_query_log_evidence(query, 0), expected, 1e-9 * fabs(expected));
    assert_near(ag_query_marginal(query, root)[1], 1, 1e-12);
    for (int i = 1; i <= COINS; i++) /* the same by likelihoods */
        assert_int_equal(ag_query_set_likelihood(query, i, (double[]){0, 1e-30}, 1, NULL), AG_OK);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    expected += COINS * log(1e-30);
    assert_near(ag_query_log_evidence(query, 0), expected, 1e-9 * fabs(expected));
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joint_posteriors),
        cmocka_unit_test(families_written_out),
        cmocka_unit_test(most_probable_explanations),
        cmocka_unit_test(sensitivity_to_entries),
        cmocka_unit_test(mutual_information),
        cmocka_unit_test(conflicts),
        cmocka_unit_test(jeffreys_rule),
        cmocka_unit_test(soft_evidence_on_two),
        cmocka_unit_test(states_sum_to_evidence),
        cmocka_unit_test(log_evidence_does_not_underflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
