/*
 * What to ask or test next. In one network with every finding that is not known yet, for a finding
 * f with results s, mechanisms m, and options o with outcomes semen and sperm:
 *
 *     bits(f)  = sum over m of I(f; m)
 *     U(o | s) = w1 P(semen_o | s) + w2 P(sperm_o | s) - burden(o)
 *     value(f) = sum over s of P(s) max over o of U(o | s)  -  max over o of U(o)
 *
 * By P(m | s) = P(s | m) P(m) / P(s), all of it needs one run per mechanism and two per option,
 * each giving P(s | …) of every finding at once. Central values of all numbers are used.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan_work.h"

enum { MOST_CLASSES = 8, MOST_MECHANISMS = 48 };

static const double LEAST = 1e-9;
/* Only so many options, the best ones, are asked what they would be worth after a result. */
enum { MOST_CHOICES = 6 };
/* So many tests, those that tell most for their burden and those that an option waits for, are
 * asked whether they would change the plan; the others count by what they tell. */
enum { MOST_TELLING = 6, MOST_VALUED = 10 };
static const double LEAST_BITS = 0.005;

/* One finding that could be had, and its results: each an unobserved observation of the network
 * (quantities: one per class), or a state of a single one. */
typedef struct asked {
    int test;
    int finding;
    bool repeat;
    int class_count;
    int observation[MOST_CLASSES];
    int state[MOST_CLASSES]; /* of the observation's node */
    double low[MOST_CLASSES], high[MOST_CLASSES];
    double p[MOST_CLASSES];
    double given_mechanism[MOST_CLASSES][MOST_MECHANISMS]; /* P(s | m) */
    double bits, value;
    int best[MOST_CLASSES]; /* candidate that is best given the result */
} asked;

/* What a branch of a treatment is worth after each result: [class of all asked]. */
typedef struct branch_worth {
    ag_imagination imagined;
    ag_branch branch;
    double *utility;
    struct branch_worth *next;
} branch_worth;

typedef struct testing {
    ag_planning *p;
    ag_arena *arena;
    ag_situation situation; /* with the unobserved findings */
    ag_observation *observations;
    asked *asked;
    int asked_count;
    double *mechanism; /* P(m), 0 where it does not apply */
    double *utility;   /* [class of all asked][candidate], sums over outcomes */
    int class_total;
    const int *tests; /* of the group */
    int test_count;
    const int *findings; /* the one finding that is asked of each test; NULL: all of them */
    double log_evidence;
    branch_worth *worths;
    ag_posterior today;
} testing;

/* ---- which findings ---- */

static bool is_known(const ag_planning *p, int finding) {
    for (int i = 0; i < p->patient->finding_count; i++)
        if (p->patient->findings[i].finding == finding)
            return true;
    return false;
}

static bool any_known(const ag_planning *p, ag_indices findings) {
    for (int i = 0; i < findings.count; i++)
        if (is_known(p, findings.items[i]))
            return true;
    return false;
}

static int by_number(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* The ends of the card's words cut the range into classes. */
static int cuts_of_words(const ag_finding *finding, double *cuts, int most) {
    int count = 0;
    for (int w = 0; w < finding->word_count; w++)
        for (int end = 0; end < 2; end++) {
            double x = end == 0 ? finding->words[w].low : finding->words[w].high;
            bool inside = x > finding->range_low && x < finding->range_high;
            for (int i = 0; i < count; i++)
                inside = inside && x != cuts[i];
            if (inside && count < most)
                cuts[count++] = x;
        }
    return count;
}

/* Two digits are enough for where classes meet. */
static double rounded(double x) {
    double unit = pow(10, floor(log10(x)) - 1);
    return round(x / unit) * unit;
}

/* Where the words do not cut, the geometric middles between the medians of the card's rows do. */
static int cuts_of_rows(const ag_variable *variable, double *cuts, int most) {
    double medians[MOST_CLASSES * 2];
    int rows = 0, count = 0;
    for (int r = 0; r < variable->row_count && rows < MOST_CLASSES * 2; r++)
        if (variable->rows[r].measure.family != AG_FAMILY_NONE &&
            variable->rows[r].measure.median.value > 0)
            medians[rows++] = variable->rows[r].measure.median.value;
    qsort(medians, (size_t)rows, sizeof *medians, by_number);
    for (int r = 1; r < rows && count < most; r++)
        if (medians[r] > 1.5 * medians[r - 1])
            cuts[count++] = rounded(sqrt(medians[r] * medians[r - 1]));
    return count;
}

static void add_class(asked *a, double low, double high) {
    if (a->class_count == MOST_CLASSES)
        return;
    a->low[a->class_count] = low;
    a->high[a->class_count++] = high;
}

/* Nothing at all is a class of its own where the card allows it. */
static void classes_of_quantity(const ag_knowledge *knowledge, asked *a) {
    const ag_finding *finding = &knowledge->findings[a->finding];
    const ag_variable *variable = &knowledge->variables[finding->variable];
    double cuts[MOST_CLASSES];
    int count = cuts_of_words(finding, cuts, MOST_CLASSES - 2);
    if (count == 0)
        count = cuts_of_rows(variable, cuts, MOST_CLASSES - 2);
    qsort(cuts, (size_t)count, sizeof *cuts, by_number);
    bool zero = false;
    for (int r = 0; r < variable->row_count; r++)
        zero = zero || variable->rows[r].measure.zero.value > 0;
    double low = finding->range_low;
    if (zero && low <= 0) {
        add_class(a, 0, 0);
        low = DBL_MIN;
    }
    for (int c = 0; c < count; c++) {
        add_class(a, low, cuts[c]);
        low = cuts[c];
    }
    add_class(a, low, INFINITY);
    if (a->high[0] != 0) /* the classes share out all that a value can be */
        a->low[0] = -INFINITY;
}

static int add_observation(testing *t, const asked *a, int sample, double low, double high) {
    int index = t->situation.observation_count++;
    t->observations[index] = (ag_observation){
        .finding = a->finding, .sample = sample, .state = -1, .low = low, .high = high};
    return index;
}

static void add_results(testing *t, asked *a, int sample) {
    const ag_knowledge *knowledge = t->p->knowledge;
    const ag_finding *finding = &knowledge->findings[a->finding];
    if (finding->value == AG_VALUE_QUANTITY) {
        classes_of_quantity(knowledge, a);
        for (int c = 0; c < a->class_count; c++) {
            a->observation[c] = add_observation(t, a, sample, a->low[c], a->high[c]);
            a->state[c] = 1;
        }
        return;
    }
    int observation = add_observation(t, a, sample, 0, 0);
    a->class_count = knowledge->variables[finding->variable].states.count;
    for (int c = 0; c < a->class_count && c < MOST_CLASSES; c++) {
        a->observation[c] = observation;
        a->state[c] = c;
    }
}

static void ask_finding(testing *t, int test, int finding, const int *new_sample) {
    const ag_test *card = &t->p->knowledge->tests[test];
    bool known = is_known(t->p, finding);
    if (known && !card->repeatable)
        return;
    asked *a = &t->asked[t->asked_count++];
    *a = (asked){.test = test, .finding = finding, .repeat = known};
    add_results(t, a, new_sample[t->p->knowledge->findings[finding].sample]);
    t->class_total += a->class_count;
}

static void ask_all(testing *t, const int *new_sample) {
    const ag_knowledge *knowledge = t->p->knowledge;
    for (int i = 0; i < t->test_count; i++) {
        const ag_test *test = &knowledge->tests[t->tests[i]];
        if (t->findings != NULL) {
            ask_finding(t, t->tests[i], t->findings[i], new_sample);
            continue;
        }
        if (test->kind == AG_TEST_QUESTION && any_known(t->p, test->findings))
            continue; /* it was answered in other words */
        for (int f = 0; f < test->findings.count; f++)
            ask_finding(t, t->tests[i], test->findings.items[f], new_sample);
    }
}

/* A supervised sample of semen and one of urine, given today after the usual abstinence. */
static bool add_samples(testing *t, int *new_sample) {
    static const double whole[] = {1, 0, 0}, usual[] = {1, 0};
    const ag_situation *base = &t->p->man->situation;
    int count = base->sample_count;
    ag_situation_sample *samples = ag_arena_array(t->arena, (size_t)count + 2, sizeof *samples);
    if (samples == NULL)
        return false;
    for (int i = 0; i < count; i++)
        samples[i] = base->samples[i];
    samples[count] = samples[count + 1] = (ag_situation_sample){AG_EPOCH_TODAY, whole, usual};
    new_sample[AG_SAMPLE_NONE] = -1;
    new_sample[AG_SAMPLE_SEMEN] = count;
    new_sample[AG_SAMPLE_URINE] = count + 1;
    t->situation.samples = samples;
    t->situation.sample_count = count + 2;
    return true;
}

static bool ask(testing *t) {
    const ag_knowledge *knowledge = t->p->knowledge;
    const ag_situation *base = &t->p->man->situation;
    size_t most = 0, known = (size_t)base->observation_count;
    int new_sample[3];
    for (int i = 0; i < t->test_count; i++)
        most += (size_t)knowledge->tests[t->tests[i]].findings.count;
    t->situation = *base;
    t->observations =
        ag_arena_array(t->arena, known + most * MOST_CLASSES + 1, sizeof *t->observations);
    t->asked = ag_arena_array(t->arena, most + 1, sizeof *t->asked);
    if (t->observations == NULL || t->asked == NULL || !add_samples(t, new_sample))
        return false;
    if (known > 0)
        memcpy(t->observations, base->observations, known * sizeof *t->observations);
    t->situation.observations = t->observations;
    ask_all(t, new_sample);
    size_t cells = (size_t)t->class_total * ((size_t)t->p->candidate_count + 1) + 1;
    t->utility = ag_arena_array(t->arena, cells, sizeof *t->utility);
    t->mechanism =
        ag_arena_array(t->arena, (size_t)knowledge->mechanism_count + 1, sizeof *t->mechanism);
    return t->utility != NULL && t->mechanism != NULL;
}

/* ---- one run for all findings ---- */

static double marginal_of(const ag_posterior *posterior, int node, int state) {
    return ag_query_marginal(posterior->query, node)[state];
}

/* P(result | what is set) of class c. */
static double chance(const ag_posterior *posterior, const asked *a, int c) {
    int node = ag_clinical_network_observation_node(posterior->clinical, a->observation[c]);
    return marginal_of(posterior, node, a->state[c]);
}

static void read_chances(testing *t) {
    for (int i = 0; i < t->asked_count; i++)
        for (int c = 0; c < t->asked[i].class_count; c++)
            t->asked[i].p[c] = chance(&t->today, &t->asked[i], c);
}

static ag_status leave_open(ag_planning *p, ag_posterior *posterior, int node) {
    return ag_clinical_network_leave_open(posterior->clinical, node, posterior->query, p->error);
}

static ag_status run_with(ag_planning *p, ag_posterior *posterior, int node,
                          const double *likelihood) {
    ag_status status = ag_query_set_likelihood(posterior->query, node, likelihood, 1, p->error);
    if (status == AG_OK)
        status = ag_query_run(posterior->query, p->error);
    return status;
}

/* The mechanism's variable and, unless it is a conjunction, its node; -1 where it has none. */
static bool is_conjunction(const ag_planning *p, int m) {
    return p->knowledge->variables[p->knowledge->mechanisms[m].variable].conjunction;
}

static int mechanism_node(const testing *t, int m) {
    return is_conjunction(t->p, m)
               ? -1
               : ag_clinical_network_node(
                     t->today.clinical, t->p->knowledge->mechanisms[m].variable, AG_EPOCH_TODAY, 0);
}

static ag_status leave_mechanism_open(testing *t, int m) {
    int node = mechanism_node(t, m);
    if (node >= 0)
        return leave_open(t->p, &t->today, node);
    return is_conjunction(t->p, m)
               ? ag_clinical_network_leave_parents_open(t->today.clinical,
                                                        t->p->knowledge->mechanisms[m].variable,
                                                        t->today.query, t->p->error)
               : AG_OK;
}

/* P(s | m) of all findings: the mechanism is entered, and left open again. */
static ag_status run_mechanism(testing *t, int m) {
    static const double yes[] = {0, 1};
    ag_planning *p = t->p;
    ag_query *query = t->today.query;
    int node = mechanism_node(t, m);
    if (node < 0 && !is_conjunction(p, m))
        return AG_OK;
    ag_status status =
        is_conjunction(p, m)
            ? ag_clinical_network_suppose(t->today.clinical, p->knowledge->mechanisms[m].variable,
                                          true, query, p->error)
            : ag_query_set_likelihood(query, node, yes, 1, p->error);
    if (status == AG_OK)
        status = ag_query_run(query, p->error);
    if (status == AG_OK) {
        t->mechanism[m] = fmin(exp(ag_query_log_evidence(query, 0) - t->log_evidence), 1);
        for (int i = 0; i < t->asked_count; i++)
            for (int c = 0; c < t->asked[i].class_count; c++)
                t->asked[i].given_mechanism[c][m] = chance(&t->today, &t->asked[i], c);
    } else if (status != AG_ERROR_IMPOSSIBLE) {
        return status;
    }
    return leave_mechanism_open(t, m);
}

/* P(s | m) = P(m | s) P(s) / P(m) of all mechanisms with a node: the result is entered. */
static ag_status run_class(testing *t, asked *a, int c) {
    double seen[AG_MAX_STATES] = {0};
    int node = ag_clinical_network_observation_node(t->today.clinical, a->observation[c]);
    if (!(a->p[c] > 0))
        return AG_OK;
    seen[a->state[c]] = 1;
    ag_status status = run_with(t->p, &t->today, node, seen);
    for (int m = 0; m < t->p->knowledge->mechanism_count && status == AG_OK; m++)
        if (t->mechanism[m] > 0 && mechanism_node(t, m) >= 0)
            a->given_mechanism[c][m] = fmin(
                marginal_of(&t->today, mechanism_node(t, m), 1) * a->p[c] / t->mechanism[m], 1);
    return status == AG_OK ? leave_open(t->p, &t->today, node) : status;
}

/* ---- mechanisms ---- */

static double term(double joint, double a, double b) {
    return joint > 0 && a > 0 && b > 0 ? joint * log2(joint / (a * b)) : 0;
}

/* I(f; m) in bits. */
static double information(const asked *a, int m, double mechanism) {
    double sum = 0;
    for (int c = 0; c < a->class_count; c++) {
        double yes = fmin(a->given_mechanism[c][m] * mechanism, a->p[c]);
        sum += term(yes, a->p[c], mechanism) + term(a->p[c] - yes, a->p[c], 1 - mechanism);
    }
    return fmax(sum, 0);
}

/* By Bayes it is the same to enter each mechanism or each result: whichever are fewer. */
static bool by_class(const testing *t) {
    int others = 0;
    for (int m = 0; m < t->p->knowledge->mechanism_count; m++)
        others += mechanism_node(t, m) >= 0;
    return t->class_total < others;
}

static ag_status run_classes(testing *t) {
    ag_status status = AG_OK;
    for (int i = 0; i < t->asked_count; i++)
        for (int c = 0; c < t->asked[i].class_count && status == AG_OK; c++)
            status = run_class(t, &t->asked[i], c);
    return status;
}

/* What will be entered is left open at first, so that one program serves all runs. */
static ag_status open_all(testing *t, bool results) {
    ag_status status = AG_OK;
    for (int m = 0; m < t->p->knowledge->mechanism_count && status == AG_OK; m++)
        if (!results || is_conjunction(t->p, m))
            status = leave_mechanism_open(t, m);
    for (int i = 0; i < t->asked_count && results; i++)
        for (int c = 0; c < t->asked[i].class_count && status == AG_OK; c++)
            status = leave_open(t->p, &t->today,
                                ag_clinical_network_observation_node(t->today.clinical,
                                                                     t->asked[i].observation[c]));
    return status;
}

static ag_status run_today(testing *t) {
    ag_status status = ag_query_run(t->today.query, t->p->error);
    if (status != AG_OK)
        return status;
    t->log_evidence = ag_query_log_evidence(t->today.query, 0);
    read_chances(t);
    for (int m = 0; m < t->p->knowledge->mechanism_count; m++)
        if (mechanism_node(t, m) >= 0)
            t->mechanism[m] = marginal_of(&t->today, mechanism_node(t, m), 1);
    return AG_OK;
}

static ag_status run_mechanisms(testing *t) {
    int mechanisms = t->p->knowledge->mechanism_count;
    bool results = by_class(t);
    ag_status status = open_all(t, results);
    if (status == AG_OK)
        status = run_today(t);
    if (status == AG_OK && results)
        status = run_classes(t);
    for (int m = 0; m < mechanisms && status == AG_OK; m++)
        if (!results || is_conjunction(t->p, m))
            status = run_mechanism(t, m);
    for (int i = 0; i < t->asked_count; i++)
        for (int m = 0; m < mechanisms; m++)
            t->asked[i].bits += information(&t->asked[i], m, t->mechanism[m]);
    return status;
}

/* ---- options ---- */

static double *utility_of(const testing *t, int class_index) {
    return t->utility + (size_t)class_index * (size_t)t->p->candidate_count;
}

/* Add weight * P(outcome | s) for all results; `outcome` is P(outcome), entered in the posterior.
 */
static void add_outcome(const testing *t, const ag_posterior *posterior, double weight,
                        double outcome, double *utility) {
    int index = 0;
    for (int i = 0; i < t->asked_count; i++)
        for (int c = 0; c < t->asked[i].class_count; c++, index++) {
            double p = t->asked[i].p[c];
            if (p > LEAST)
                utility[index] +=
                    weight * fmin(outcome * chance(posterior, &t->asked[i], c) / p, 1);
        }
}

/* The outcome is entered at a node as its likelihood, and left open again. */
static ag_status run_outcome(testing *t, ag_posterior *posterior, int node,
                             const double *likelihood, double weight, double *utility) {
    double most = 0;
    for (int s = 0; s < AG_MAX_STATES; s++)
        most = fmax(most, likelihood[s]);
    if (weight <= 0 || most <= 0)
        return AG_OK;
    ag_status status = run_with(t->p, posterior, node, likelihood);
    if (status == AG_OK) {
        double both = ag_query_log_evidence(posterior->query, 0);
        add_outcome(t, posterior, weight, exp(both - t->log_evidence), utility);
    } else if (status != AG_ERROR_IMPOSSIBLE) {
        return status;
    }
    return leave_open(t->p, posterior, node);
}

static void indicator(uint32_t states, double *out) {
    for (int s = 0; s < AG_MAX_STATES; s++)
        out[s] = states >> s & 1;
}

static ag_status run_outcomes(testing *t, ag_posterior *posterior, int volume, int sperm,
                              double *utility) {
    ag_outcome_states states = ag_plan_outcome_states(t->p);
    double wanted[AG_MAX_STATES];
    ag_status status = leave_open(t->p, posterior, volume);
    if (status == AG_OK)
        status = leave_open(t->p, posterior, sperm);
    indicator(states.semen, wanted);
    if (status == AG_OK)
        status = run_outcome(t, posterior, volume, wanted, ag_plan_semen_weight(t->p), utility);
    indicator(states.sperm, wanted);
    return status == AG_OK
               ? run_outcome(t, posterior, sperm, wanted, ag_plan_sperm_weight(t->p), utility)
               : status;
}

/* The two worlds of a treated man share out each result. */
static ag_status run_worlds(testing *t, const ag_branch *branch, double *utility) {
    ag_planning *p = t->p;
    const ag_situation *situation = ag_plan_treated(p, branch, 1, &t->situation, t->arena);
    ag_status status = situation != NULL ? AG_OK : ag_plan_no_memory(p);
    for (int changed = 0; changed < 2 && status == AG_OK; changed++) {
        ag_posterior world = {0};
        status = ag_imagined_open(&world, p->knowledge, situation, changed, 1, p->strata.cache,
                                  p->error);
        if (status == AG_OK)
            status = run_outcomes(
                t, &world, ag_imagined_node(&world, situation, changed, p->forward_volume),
                ag_imagined_node(&world, situation, changed, p->forward_sperm), utility);
        ag_posterior_close(&world);
    }
    return status;
}

static ag_status run_branch(testing *t, const ag_branch *branch, const double **out) {
    for (branch_worth *w = t->worths; w != NULL; w = w->next)
        if (ag_plan_same_branch(&w->branch, branch)) {
            *out = w->utility;
            return AG_OK;
        }
    branch_worth *made = ag_arena_array(t->arena, 1, sizeof *made);
    double *utility = ag_arena_array(t->arena, (size_t)t->class_total + 1, sizeof *utility);
    if (made == NULL || utility == NULL)
        return ag_plan_no_memory(t->p);
    *made = (branch_worth){*branch->imagined, *branch, utility, t->worths};
    made->branch.imagined = &made->imagined;
    t->worths = made;
    *out = utility;
    if (!ag_plan_changes_nothing(branch))
        return run_worlds(t, branch, utility);
    const ag_clinical_network *today = t->today.clinical;
    return run_outcomes(
        t, &t->today, ag_clinical_network_node(today, t->p->forward_volume, AG_EPOCH_TODAY, -1),
        ag_clinical_network_node(today, t->p->forward_sperm, AG_EPOCH_TODAY, -1), utility);
}

static ag_status run_treated(testing *t, int candidate) {
    ag_branch branches[AG_MOST_BRANCHES];
    int count;
    ag_imagination imagined = ag_plan_imagination(t->p, &t->p->candidates[candidate]);
    ag_status status = ag_plan_branches(t->p, &imagined, 1, branches, &count);
    for (int b = 0; b < count && status == AG_OK; b++) {
        const double *utility = NULL;
        status = run_branch(t, &branches[b], &utility);
        for (int i = 0; i < t->class_total && status == AG_OK; i++)
            utility_of(t, i)[candidate] += branches[b].p[0] * utility[i];
    }
    return status;
}

static ag_status run_retrieval(testing *t, int candidate) {
    ag_planning *p = t->p;
    const ag_treatment *treatment = &p->knowledge->treatments[p->candidates[candidate].treatment];
    int node = ag_clinical_network_node(t->today.clinical, treatment->obtains.items[0],
                                        AG_EPOCH_TODAY, -1);
    double yields[AG_MAX_STATES];
    double *utility = ag_arena_array(t->arena, (size_t)t->class_total + 1, sizeof *utility);
    if (utility == NULL)
        return ag_plan_no_memory(p);
    ag_plan_yields(p, treatment, -1, yields);
    ag_status status = run_outcome(t, &t->today, node, yields, ag_plan_sperm_weight(p), utility);
    for (int i = 0; i < t->class_total; i++)
        utility_of(t, i)[candidate] += utility[i];
    return status;
}

/* Options that are not refused, the best of them. */
static bool is_choice(const ag_planning *p, int candidate) {
    int better = 0;
    if (p->candidates[candidate].standing == AG_PLAN_REFUSED)
        return false;
    for (int c = 0; c < p->candidate_count; c++)
        better += p->candidates[c].standing != AG_PLAN_REFUSED &&
                  p->candidates[c].utility > p->candidates[candidate].utility;
    return better < MOST_CHOICES;
}

static ag_status run_candidates(testing *t) {
    ag_planning *p = t->p;
    ag_status status = AG_OK;
    for (int c = 0; c < p->candidate_count && status == AG_OK; c++) {
        const ag_candidate *candidate = &p->candidates[c];
        if (!is_choice(p, c))
            continue;
        bool retrieval = p->knowledge->treatments[candidate->treatment].obtains.count > 0;
        status = retrieval ? run_retrieval(t, c) : run_treated(t, c);
    }
    return status;
}

/* ---- the value of a finding ---- */

static bool may_choose(const testing *t, int candidate, int test) {
    const ag_candidate *c = &t->p->candidates[candidate];
    const ag_treatment *treatment = &t->p->knowledge->treatments[c->treatment];
    if (!is_choice(t->p, candidate))
        return false;
    if (c->standing == AG_PLAN_FREE)
        return true;
    return c->standing == AG_PLAN_FIRST && test >= 0 &&
           ag_plan_would_free(t->p, treatment->rules, treatment->rule_count,
                              t->p->knowledge->tests[test].findings);
}

/* The best candidate given result `index`, and its utility there. */
static int best_of(testing *t, int index, int test, double *utility) {
    int best = -1;
    for (int c = 0; c < t->p->candidate_count; c++) {
        double u = utility_of(t, index)[c] - t->p->candidates[c].burden;
        if (may_choose(t, c, test) && (best < 0 || u > *utility)) {
            best = c;
            *utility = u;
        }
    }
    return best;
}

/* What each candidate is worth now: the mean over the results of any finding. */
static double utility_now(const testing *t, const asked *a, int first, int candidate) {
    double sum = 0;
    for (int c = 0; c < a->class_count; c++)
        sum += a->p[c] * utility_of(t, first + c)[candidate];
    return sum - t->p->candidates[candidate].burden;
}

static void set_value(testing *t, asked *a, int first) {
    double after = 0, now = -INFINITY;
    for (int c = 0; c < a->class_count; c++) {
        double best = 0;
        a->best[c] = best_of(t, first + c, a->test, &best);
        after += a->p[c] * best;
    }
    for (int o = 0; o < t->p->candidate_count; o++)
        if (may_choose(t, o, -1))
            now = fmax(now, utility_now(t, a, first, o));
    a->value = isinf(now) ? 0 : fmax(after - now, 0);
}

static void set_values(testing *t) {
    int first = 0;
    for (int i = 0; i < t->asked_count; i++) {
        set_value(t, &t->asked[i], first);
        first += t->asked[i].class_count;
    }
}

static int best_now(const testing *t, const asked *a, int first) {
    int best = -1;
    for (int o = 0; o < t->p->candidate_count; o++)
        if (may_choose(t, o, -1) &&
            (best < 0 || utility_now(t, a, first, o) > utility_now(t, a, first, best)))
            best = o;
    return best;
}

/* ---- items ---- */

static ag_plan_text class_text(ag_planning *p, const asked *a, int c) {
    const ag_finding *finding = &p->knowledge->findings[a->finding];
    const ag_variable *variable = &p->knowledge->variables[finding->variable];
    static const ag_plan_text answers[] = {{"no", "no"}, {"yes", "sí"}};
    if (finding->value == AG_VALUE_YES_NO)
        return answers[c];
    if (finding->value == AG_VALUE_STATES) {
        const char *id = variable->states.items[c];
        return (ag_plan_text){
            variable->state_names_en.count > 0 ? variable->state_names_en.items[c] : id,
            variable->state_names_es.count > 0 ? variable->state_names_es.items[c] : id};
    }
    bool share = strcmp(finding->unit, "1") == 0;
    double scale = share ? 100 : 1, low = a->low[c] * scale, high = a->high[c] * scale;
    const char *unit = share ? "%" : strcmp(finding->unit, "10*6") == 0 ? "million" : finding->unit;
    const char *unit_es = strcmp(unit, "million") == 0 ? "millones" : unit;
    if (a->high[c] == 0)
        return (ag_plan_text){"none", "nada"};
    if (isinf(a->high[c]))
        return (ag_plan_text){ag_arena_format(p->arena, "%g %s or more", low, unit),
                              ag_arena_format(p->arena, "%g %s o más", low, unit_es)};
    if (!(a->low[c] > DBL_MIN))
        return (ag_plan_text){ag_arena_format(p->arena, "under %g %s", high, unit),
                              ag_arena_format(p->arena, "menos de %g %s", high, unit_es)};
    return (ag_plan_text){ag_arena_format(p->arena, "%g to %g %s", low, high, unit),
                          ag_arena_format(p->arena, "%g a %g %s", low, high, unit_es)};
}

static ag_plan_result result_of(testing *t, const asked *a, int c) {
    ag_planning *p = t->p;
    ag_plan_result result = {.text = class_text(p, a, c), .probability = a->p[c]};
    for (int m = 0; m < p->knowledge->mechanism_count && a->p[c] > LEAST; m++) {
        const ag_variable *variable =
            &p->knowledge->variables[p->knowledge->mechanisms[m].variable];
        double given = fmin(a->given_mechanism[c][m] * t->mechanism[m] / a->p[c], 1);
        if (strcmp(variable->id, "none") == 0 || given <= result.mechanism_probability)
            continue;
        result.mechanism = variable->id;
        result.mechanism_name = ag_plan_names(&variable->names);
        result.mechanism_probability = given;
    }
    return result;
}

static void set_net(const ag_planning *p, ag_plan_test *item) {
    item->net = item->value + p->values->bit * item->bits - item->burden;
    item->worth = item->net >= p->values->worth && item->standing == AG_PLAN_FREE;
}

static ag_status add_item(testing *t, const asked *a) {
    ag_planning *p = t->p;
    const ag_test *card = &p->knowledge->tests[a->test];
    const ag_variable *variable =
        &p->knowledge->variables[p->knowledge->findings[a->finding].variable];
    ag_plan_test *item = &p->plan->tests[p->plan->test_count++];
    ag_plan_result *results = ag_arena_array(p->arena, MOST_CLASSES, sizeof *results);
    ag_plan_note *notes;
    *item = (ag_plan_test){.id = card->id,
                           .name = ag_plan_names(&card->names),
                           .kind = (ag_plan_test_kind)card->kind,
                           .finding = variable->id,
                           .finding_name = ag_plan_names(&variable->names),
                           .repeat = a->repeat,
                           .bits = a->bits,
                           .invasive = card->invasive,
                           .cost = card->cost,
                           .days = card->days,
                           .by = ag_plan_localized(card->by),
                           .results = results,
                           .result_count = a->class_count};
    if (results == NULL || !ag_plan_judge(p, card->rules, card->rule_count, &notes,
                                          &item->note_count, &item->standing))
        return ag_plan_no_memory(p);
    item->notes = notes;
    for (int c = 0; c < a->class_count; c++)
        results[c] = result_of(t, a, c);
    item->burden =
        p->values->test_scale * ag_plan_burden(p->values, card->invasive, card->cost, card->days);
    set_net(p, item);
    return AG_OK;
}

static int by_net(const void *x, const void *y) {
    const ag_plan_test *a = x, *b = y;
    bool a_free = a->standing == AG_PLAN_FREE, b_free = b->standing == AG_PLAN_FREE;
    if (a_free != b_free)
        return a_free ? -1 : 1;
    if (a->net != b->net)
        return a->net < b->net ? 1 : -1;
    return strcmp(a->id, b->id);
}

/* A test is worth what its most telling finding is worth: a lower bound. */
static ag_status add_items(testing *t) {
    ag_status status = AG_OK;
    for (int i = 0; i < t->asked_count && status == AG_OK;) {
        const asked *best = &t->asked[i];
        int test = best->test;
        for (; i < t->asked_count && t->asked[i].test == test; i++)
            if (t->asked[i].bits > best->bits)
                best = &t->asked[i];
        status = add_item(t, best);
    }
    return status;
}

/* ---- groups ---- */

static void close_group(testing *t) {
    ag_posterior_close(&t->today);
    ag_arena_free(t->arena);
    *t = (testing){.p = t->p};
}

/* The network of a group of tests, compiled and not yet run. */
static ag_status open_group(ag_planning *p, const int *tests, const int *findings, int count,
                            testing *t) {
    *t = (testing){
        .p = p, .arena = ag_arena_new(), .tests = tests, .findings = findings, .test_count = count};
    if (t->arena == NULL || !ask(t))
        return ag_plan_no_memory(p);
    return ag_posterior_prepare(&t->today, p->knowledge, &t->situation, 1, p->strata.cache,
                                p->error);
}

static ag_status run_group(ag_planning *p, const int *tests, int count) {
    testing group;
    ag_status status = open_group(p, tests, NULL, count, &group);
    if (status == AG_OK && group.asked_count > 0)
        status = run_mechanisms(&group);
    if (status == AG_OK)
        status = add_items(&group);
    close_group(&group);
    return status;
}

/* A finding with few parents, none of them a cause, hardly enlarges the network. */
static bool is_light(const ag_planning *p, int test) {
    const ag_test *card = &p->knowledge->tests[test];
    for (int f = 0; f < card->findings.count; f++) {
        const ag_finding *finding = &p->knowledge->findings[card->findings.items[f]];
        const ag_variable *variable = &p->knowledge->variables[finding->variable];
        if (variable->parent_count > 2 || finding->sample == AG_SAMPLE_SEMEN)
            return false;
        for (int i = 0; i < variable->parent_count; i++)
            if (variable->parents[i].is_cause)
                return false;
    }
    return true;
}

static ag_status run_groups(ag_planning *p, const int *tests, int light) {
    ag_status status = light > 0 ? run_group(p, tests, light) : AG_OK;
    for (int i = light; i < p->knowledge->test_count && status == AG_OK; i++)
        status = run_group(p, tests + i, 1);
    return status;
}

/* ---- what would change the plan ---- */

static bool would_free_something(const ag_planning *p, const ag_test *test) {
    for (int c = 0; c < p->candidate_count; c++) {
        const ag_treatment *t = &p->knowledge->treatments[p->candidates[c].treatment];
        if (p->candidates[c].standing == AG_PLAN_FIRST &&
            ag_plan_would_free(p, t->rules, t->rule_count, test->findings))
            return true;
    }
    return false;
}

static int test_of(const ag_knowledge *k, const char *id) {
    for (int i = 0; i < k->test_count; i++)
        if (strcmp(k->tests[i].id, id) == 0)
            return i;
    return -1;
}

static int finding_of(const ag_knowledge *k, const char *id) {
    int variable = ag_knowledge_variable(k, id);
    return (int)(ag_knowledge_finding_of(k, variable) - k->findings);
}

/* Those that tell most for their burden, and those that an option waits for. */
static int shortlist(const ag_planning *p, ag_plan_test **items, int *tests, int *findings) {
    int count = 0;
    for (int i = 0; i < p->plan->test_count && count < MOST_VALUED; i++) {
        ag_plan_test *item = &p->plan->tests[i];
        int test = test_of(p->knowledge, item->id);
        bool waited_for = would_free_something(p, &p->knowledge->tests[test]);
        if (!waited_for && (count >= MOST_TELLING || item->bits < LEAST_BITS))
            continue;
        items[count] = item;
        tests[count] = test;
        findings[count++] = finding_of(p->knowledge, item->finding);
    }
    return count;
}

static void keep_value(const testing *t, const asked *a, int first, ag_plan_test *item) {
    ag_planning *p = t->p;
    int now = best_now(t, a, first);
    item->value = a->value;
    ag_plan_result *results = ag_arena_array(p->arena, MOST_CLASSES, sizeof *results);
    for (int c = 0; results != NULL && c < item->result_count; c++) {
        results[c] = item->results[c];
        if (a->best[c] >= 0 && a->best[c] != now)
            results[c].option = p->knowledge->treatments[p->candidates[a->best[c]].treatment].id;
    }
    if (results != NULL)
        item->results = results;
    set_net(p, item);
}

static ag_status value_tests(ag_planning *p, ag_plan_test *const *items, const int *tests,
                             const int *findings, int count) {
    testing t;
    ag_status status = open_group(p, tests, findings, count, &t);
    if (status == AG_OK)
        status = run_today(&t);
    if (status == AG_OK)
        status = run_candidates(&t);
    if (status == AG_OK) {
        set_values(&t);
        for (int i = 0, first = 0; i < t.asked_count; first += t.asked[i++].class_count)
            keep_value(&t, &t.asked[i], first, items[i]);
    }
    close_group(&t);
    return status;
}

/* Tests that tie causes together are valued alone, as their networks are large. */
static ag_status value_shortlist(ag_planning *p) {
    ag_plan_test *items[MOST_VALUED], *light_items[MOST_VALUED];
    int tests[MOST_VALUED], findings[MOST_VALUED];
    int light_tests[MOST_VALUED], light_findings[MOST_VALUED], light = 0;
    int count = shortlist(p, items, tests, findings);
    ag_status status = AG_OK;
    for (int i = 0; i < count && status == AG_OK; i++) {
        if (is_light(p, tests[i])) {
            light_items[light] = items[i];
            light_tests[light] = tests[i];
            light_findings[light++] = findings[i];
        } else {
            status = value_tests(p, &items[i], &tests[i], &findings[i], 1);
        }
    }
    return status == AG_OK && light > 0
               ? value_tests(p, light_items, light_tests, light_findings, light)
               : status;
}

ag_status ag_plan_make_tests(ag_planning *p) {
    const ag_knowledge *k = p->knowledge;
    int *tests = ag_arena_array(p->arena, (size_t)k->test_count + 1, sizeof *tests);
    p->plan->tests = ag_arena_array(p->arena, (size_t)k->test_count + 1, sizeof *p->plan->tests);
    if (tests == NULL || p->plan->tests == NULL || k->mechanism_count > MOST_MECHANISMS)
        return ag_plan_no_memory(p);
    int light = 0, count = 0;
    for (int i = 0; i < k->test_count; i++)
        if (is_light(p, i))
            tests[count++] = i;
    light = count;
    for (int i = 0; i < k->test_count; i++)
        if (!is_light(p, i))
            tests[count++] = i;
    ag_status status = run_groups(p, tests, light);
    qsort(p->plan->tests, (size_t)p->plan->test_count, sizeof *p->plan->tests, by_net);
    if (status == AG_OK)
        status = value_shortlist(p);
    qsort(p->plan->tests, (size_t)p->plan->test_count, sizeof *p->plan->tests, by_net);
    return status;
}
