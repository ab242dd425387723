/*
 * What findings tell about mechanisms: bits(f) = sum over m of I(f; m). By
 * P(s, m) = P(s | m) P(m) = P(m | s) P(s) it is the same to enter each mechanism, which gives
 * P(s | m) of every finding at once, or each result, which gives P(m | s) of every mechanism.
 */
#include "next_tests.h"

#include <math.h>

static double marginal_of(const ag_posterior *posterior, int node, int state) {
    return ag_query_marginal(posterior->query, node)[state];
}

/* P(result | what is set) of class c. */
double ag_testing_chance(const ag_posterior *posterior, const ag_asked *a, int c) {
    int node = ag_clinical_network_observation_node(posterior->clinical, a->observation[c]);
    return marginal_of(posterior, node, a->state[c]);
}

static void read_chances(ag_testing *t) {
    for (int i = 0; i < t->asked_count; i++)
        for (int c = 0; c < t->asked[i].class_count; c++)
            t->asked[i].p[c] = ag_testing_chance(&t->today, &t->asked[i], c);
}

ag_status ag_testing_leave_open(ag_planning *p, ag_posterior *posterior, int node) {
    return ag_clinical_network_leave_open(posterior->clinical, node, posterior->query, p->error);
}

ag_status ag_testing_run_with(ag_planning *p, ag_posterior *posterior, int node,
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

static int mechanism_node(const ag_testing *t, int m) {
    return is_conjunction(t->p, m)
               ? -1
               : ag_clinical_network_node(
                     t->today.clinical, t->p->knowledge->mechanisms[m].variable, AG_EPOCH_TODAY, 0);
}

static ag_status leave_mechanism_open(ag_testing *t, int m) {
    int node = mechanism_node(t, m);
    if (node >= 0)
        return ag_testing_leave_open(t->p, &t->today, node);
    return is_conjunction(t->p, m)
               ? ag_clinical_network_leave_parents_open(t->today.clinical,
                                                        t->p->knowledge->mechanisms[m].variable,
                                                        t->today.query, t->p->error)
               : AG_OK;
}

/* P(s | m) of all findings: the mechanism is entered, and left open again. */
static ag_status run_mechanism(ag_testing *t, int m) {
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
                t->asked[i].given_mechanism[c][m] = ag_testing_chance(&t->today, &t->asked[i], c);
    } else if (status != AG_ERROR_IMPOSSIBLE) {
        return status;
    }
    return leave_mechanism_open(t, m);
}

/* P(s | m) = P(m | s) P(s) / P(m) of all mechanisms with a node: the result is entered. */
static ag_status run_class(ag_testing *t, ag_asked *a, int c) {
    double seen[AG_MAX_STATES] = {0};
    int node = ag_clinical_network_observation_node(t->today.clinical, a->observation[c]);
    if (!(a->p[c] > 0))
        return AG_OK;
    seen[a->state[c]] = 1;
    ag_status status = ag_testing_run_with(t->p, &t->today, node, seen);
    for (int m = 0; m < t->p->knowledge->mechanism_count && status == AG_OK; m++)
        if (t->mechanism[m] > 0 && mechanism_node(t, m) >= 0)
            a->given_mechanism[c][m] = fmin(
                marginal_of(&t->today, mechanism_node(t, m), 1) * a->p[c] / t->mechanism[m], 1);
    return status == AG_OK ? ag_testing_leave_open(t->p, &t->today, node) : status;
}

/* ---- mechanisms ---- */

static double term(double joint, double a, double b) {
    return joint > 0 && a > 0 && b > 0 ? joint * log2(joint / (a * b)) : 0;
}

/* I(f; m) in bits. */
static double information(const ag_asked *a, int m, double mechanism) {
    double sum = 0;
    for (int c = 0; c < a->class_count; c++) {
        double yes = fmin(a->given_mechanism[c][m] * mechanism, a->p[c]);
        sum += term(yes, a->p[c], mechanism) + term(a->p[c] - yes, a->p[c], 1 - mechanism);
    }
    return fmax(sum, 0);
}

/* By Bayes it is the same to enter each mechanism or each result: whichever are fewer. */
static bool by_class(const ag_testing *t) {
    int others = 0;
    for (int m = 0; m < t->p->knowledge->mechanism_count; m++)
        others += mechanism_node(t, m) >= 0;
    return t->class_total < others;
}

static ag_status run_classes(ag_testing *t) {
    ag_status status = AG_OK;
    for (int i = 0; i < t->asked_count; i++)
        for (int c = 0; c < t->asked[i].class_count && status == AG_OK; c++)
            status = run_class(t, &t->asked[i], c);
    return status;
}

/* What will be entered is left open at first, so that one program serves all runs. */
static ag_status open_all(ag_testing *t, bool results) {
    ag_status status = AG_OK;
    for (int m = 0; m < t->p->knowledge->mechanism_count && status == AG_OK; m++)
        if (!results || is_conjunction(t->p, m))
            status = leave_mechanism_open(t, m);
    for (int i = 0; i < t->asked_count && results; i++)
        for (int c = 0; c < t->asked[i].class_count && status == AG_OK; c++)
            status = ag_testing_leave_open(t->p, &t->today,
                                           ag_clinical_network_observation_node(
                                               t->today.clinical, t->asked[i].observation[c]));
    return status;
}

ag_status ag_testing_run_today(ag_testing *t) {
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

ag_status ag_testing_run_mechanisms(ag_testing *t) {
    int mechanisms = t->p->knowledge->mechanism_count;
    bool results = by_class(t);
    ag_status status = open_all(t, results);
    if (status == AG_OK)
        status = ag_testing_run_today(t);
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
