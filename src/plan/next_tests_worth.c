/*
 * What findings are worth for the decision:
 *     U(o | s) = w1 P(semen_o | s) + w2 P(sperm_o | s) - burden(o)
 *     value(f) = sum over s of P(s) max over o of U(o | s)  -  max over o of U(o)
 * with two runs for each world of each branch of the options.
 */
#include "next_tests.h"

#include <math.h>

/* Only so many options, the best ones, are asked what they would be worth after a result. */
enum { MOST_CHOICES = 6 };

static double *utility_of(const ag_testing *t, int class_index) {
    return t->utility + (size_t)class_index * (size_t)t->p->candidate_count;
}

/* Add weight * P(outcome | s) for all results; `outcome` is P(outcome), entered in the posterior.
 */
static void add_outcome(const ag_testing *t, const ag_posterior *posterior, double weight,
                        double outcome, double *utility) {
    int index = 0;
    for (int i = 0; i < t->asked_count; i++)
        for (int c = 0; c < t->asked[i].class_count; c++, index++) {
            double p = t->asked[i].p[c];
            if (p > AG_LEAST_CHANCE)
                utility[index] +=
                    weight * fmin(outcome * ag_testing_chance(posterior, &t->asked[i], c) / p, 1);
        }
}

/* The outcome is entered at a node as its likelihood, and left open again. */
static ag_status run_outcome(ag_testing *t, ag_posterior *posterior, int node,
                             const double *likelihood, double weight, double *utility) {
    double most = 0;
    for (int s = 0; s < AG_MAX_STATES; s++)
        most = fmax(most, likelihood[s]);
    if (weight <= 0 || most <= 0)
        return AG_OK;
    ag_status status = ag_testing_run_with(t->p, posterior, node, likelihood);
    if (status == AG_OK) {
        double both = ag_query_log_evidence(posterior->query, 0);
        add_outcome(t, posterior, weight, exp(both - t->log_evidence), utility);
    } else if (status != AG_ERROR_IMPOSSIBLE) {
        return status;
    }
    return ag_testing_leave_open(t->p, posterior, node);
}

static void indicator(uint32_t states, double *out) {
    for (int s = 0; s < AG_MAX_STATES; s++)
        out[s] = states >> s & 1;
}

static ag_status run_outcomes(ag_testing *t, ag_posterior *posterior, int volume, int sperm,
                              double *utility) {
    ag_outcome_states states = ag_plan_outcome_states(t->p);
    double wanted[AG_MAX_STATES];
    ag_status status = ag_testing_leave_open(t->p, posterior, volume);
    if (status == AG_OK)
        status = ag_testing_leave_open(t->p, posterior, sperm);
    indicator(states.semen, wanted);
    if (status == AG_OK)
        status = run_outcome(t, posterior, volume, wanted, ag_plan_semen_weight(t->p), utility);
    indicator(states.sperm, wanted);
    return status == AG_OK
               ? run_outcome(t, posterior, sperm, wanted, ag_plan_sperm_weight(t->p), utility)
               : status;
}

/* The two worlds of a treated man share out each result. */
static ag_status run_worlds(ag_testing *t, const ag_branch *branch, double *utility) {
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

static ag_status run_branch(ag_testing *t, const ag_branch *branch, const double **out) {
    for (ag_branch_worth *w = t->worths; w != NULL; w = w->next)
        if (ag_plan_same_branch(&w->branch, branch)) {
            *out = w->utility;
            return AG_OK;
        }
    ag_branch_worth *made = ag_arena_array(t->arena, 1, sizeof *made);
    double *utility = ag_arena_array(t->arena, (size_t)t->class_total + 1, sizeof *utility);
    if (made == NULL || utility == NULL)
        return ag_plan_no_memory(t->p);
    *made = (ag_branch_worth){*branch->imagined, *branch, utility, t->worths};
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

static ag_status run_treated(ag_testing *t, int candidate) {
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

static ag_status run_retrieval(ag_testing *t, int candidate) {
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

ag_status ag_testing_run_candidates(ag_testing *t) {
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

static bool may_choose(const ag_testing *t, int candidate, int test) {
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
static int best_of(ag_testing *t, int index, int test, double *utility) {
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
static double utility_now(const ag_testing *t, const ag_asked *a, int first, int candidate) {
    double sum = 0;
    for (int c = 0; c < a->class_count; c++)
        sum += a->p[c] * utility_of(t, first + c)[candidate];
    return sum - t->p->candidates[candidate].burden;
}

static void set_value(ag_testing *t, ag_asked *a, int first) {
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

void ag_testing_set_values(ag_testing *t) {
    int first = 0;
    for (int i = 0; i < t->asked_count; i++) {
        set_value(t, &t->asked[i], first);
        first += t->asked[i].class_count;
    }
}

int ag_testing_best_now(const ag_testing *t, const ag_asked *a, int first) {
    int best = -1;
    for (int o = 0; o < t->p->candidate_count; o++)
        if (may_choose(t, o, -1) &&
            (best < 0 || utility_now(t, a, first, o) > utility_now(t, a, first, best)))
            best = o;
    return best;
}
