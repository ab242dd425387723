/*
 * What follows from a few runs: joint posteriors, soft evidence, sensitivity to a table entry,
 * mutual information with a target, and the conflict measure. All leave the evidence as it was,
 * unless they say otherwise; the answers of the last run are lost.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_query.h"

static ag_status out_of_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
}

/* P(what the evidence says of the variable | state), as stored: without its power of 2. */
static double evidence_weight(const ag_query *query, const ag_evidence *e, int variable, int state,
                              int draw) {
    const ag_network *network = query->program->network;
    size_t stride = e->by_draw ? (size_t)network->draw_stride : 1;
    size_t first = query->program->offset[variable] * (size_t)network->draw_stride;
    if (e->kind == AG_EVIDENCE_STATE || e->kind == AG_EVIDENCE_DO)
        return e->state == state;
    if (e->kind == AG_EVIDENCE_LIKELIHOOD)
        return query->likelihoods[first + (size_t)state * stride + (e->by_draw ? (size_t)draw : 0)];
    return 1;
}

static double evidence_scale(const ag_evidence *e) {
    return e->kind == AG_EVIDENCE_LIKELIHOOD ? e->exponent * 0.693147180559945309417 : 0;
}

/* Run with `variable` in `state` in place of what is said of it, which the caller puts back. An
 * intervention stays one. Impossible is not an error here. */
static ag_status run_at(ag_query *query, int variable, int state, bool full, ag_error *error) {
    ag_evidence *e = &query->evidence[variable];
    ag_evidence_kind kind = e->kind == AG_EVIDENCE_DO ? AG_EVIDENCE_DO : AG_EVIDENCE_STATE;
    *e = (ag_evidence){.kind = kind, .state = state};
    ag_status status = full ? ag_query_run(query, error) : ag_query_run_evidence(query, error);
    return status == AG_ERROR_IMPOSSIBLE ? AG_OK : status;
}

/* ---- Joint posterior ---- */

typedef struct joint {
    const int *variables;
    int count;
    ag_evidence *before; /* of each variable */
    int *state;
    double *log_all; /* by draw */
    double *out;
} joint;

static ag_status check_joint(const ag_query *query, const int *variables, int count,
                             ag_error *error) {
    double entries = 1;
    for (int i = 0; i < count; i++) {
        if (variables[i] < 0 || variables[i] >= query->program->network->count)
            return ag_fail(error, AG_ERROR_ARGUMENT, "variable %d does not exist", variables[i]);
        for (int j = 0; j < i; j++)
            if (variables[i] == variables[j])
                return ag_fail(error, AG_ERROR_ARGUMENT, "a joint names a variable twice");
        entries *= query->program->network->variables[variables[i]].state_count;
    }
    if (count < 1)
        return ag_fail(error, AG_ERROR_ARGUMENT, "a joint names no variable");
    if (entries > 1e6)
        return ag_fail(error, AG_ERROR_TOO_LARGE,
                       "a joint of %.0f entries is too large: at most 1000000", entries);
    return AG_OK;
}

/* One entry of the joint for all draws. */
static ag_status fill_entry(ag_query *query, const joint *j, size_t entry, ag_error *error) {
    int draws = query->program->network->draw_count;
    bool consistent = true;
    for (int i = 0; i < j->count; i++) {
        ag_evidence_kind kind = j->before[i].kind;
        bool fixed = kind == AG_EVIDENCE_STATE || kind == AG_EVIDENCE_DO;
        consistent = consistent && (!fixed || j->before[i].state == j->state[i]);
        query->evidence[j->variables[i]] = (ag_evidence){
            .kind = kind == AG_EVIDENCE_DO ? kind : AG_EVIDENCE_STATE, .state = j->state[i]};
    }
    ag_status status = consistent ? ag_query_run_evidence(query, error) : AG_ERROR_IMPOSSIBLE;
    if (status && status != AG_ERROR_IMPOSSIBLE)
        return status;
    for (int d = 0; d < draws; d++) {
        double p = status ? 0 : exp(query->log_evidence[d] - j->log_all[d]);
        for (int i = 0; i < j->count; i++) {
            const ag_evidence *e = &j->before[i];
            p *=
                evidence_weight(query, e, j->variables[i], j->state[i], d) * exp(evidence_scale(e));
        }
        j->out[entry * (size_t)draws + (size_t)d] = p;
    }
    return AG_OK;
}

static ag_status fill_joint(ag_query *query, const joint *j, ag_error *error) {
    ag_status status = ag_query_run_evidence(query, error);
    if (status)
        return status;
    int draws = query->program->network->draw_count;
    memcpy(j->log_all, query->log_evidence, (size_t)draws * sizeof *j->log_all);
    for (size_t entry = 0;; entry++) {
        status = fill_entry(query, j, entry, error);
        int i = j->count - 1;
        while (i >= 0 &&
               ++j->state[i] == query->program->network->variables[j->variables[i]].state_count)
            j->state[i--] = 0;
        if (status || i < 0)
            return status;
    }
}

ag_status ag_query_joint(ag_query *query, const int *variables, int count, double *out,
                         ag_error *error) {
    ag_status status = check_joint(query, variables, count, error);
    if (status)
        return status;
    size_t n = (size_t)count;
    joint j = {.variables = variables,
               .count = count,
               .before = malloc(n * sizeof *j.before),
               .state = calloc(n, sizeof *j.state),
               .log_all = malloc((size_t)query->program->network->draw_count * sizeof(double)),
               .out = out};
    status = j.before && j.state && j.log_all ? AG_OK : out_of_memory(error);
    for (int i = 0; !status && i < count; i++)
        j.before[i] = query->evidence[variables[i]];
    if (!status)
        status = fill_joint(query, &j, error);
    for (int i = 0; j.before && i < count; i++)
        query->evidence[variables[i]] = j.before[i];
    free(j.before);
    free(j.state);
    free(j.log_all);
    return status;
}

/* ---- Soft evidence ---- */

/* Scale the likelihood of one variable so that its posterior becomes the target. */
static ag_status fit(ag_query *query, const ag_soft_evidence *soft, double *weights, double *worst,
                     ag_error *error) {
    const ag_network *network = query->program->network;
    int draws = network->draw_count;
    const double *now = ag_query_marginal(query, soft->variable);
    for (int s = 0; s < network->variables[soft->variable].state_count; s++)
        for (int d = 0; d < draws; d++) {
            size_t i = (size_t)s * (size_t)draws + (size_t)d;
            if (soft->distribution[s] > 0 && !(now[i] > 0))
                return ag_fail(error, AG_ERROR_IMPOSSIBLE,
                               "'%s' is to have a state that the other evidence rules out",
                               network->variables[soft->variable].name);
            *worst = fmax(*worst, fabs(now[i] - soft->distribution[s]));
            weights[i] *= soft->distribution[s] > 0 ? soft->distribution[s] / now[i] : 0;
        }
    return ag_query_set_likelihood(query, soft->variable, weights, draws, error);
}

static ag_status check_soft(ag_query *query, const ag_soft_evidence *soft, ag_error *error) {
    const ag_network *network = query->program->network;
    if (soft->variable < 0 || soft->variable >= network->count)
        return ag_fail(error, AG_ERROR_ARGUMENT, "variable %d does not exist", soft->variable);
    const ag_variable *v = &network->variables[soft->variable];
    double sum = 0;
    for (int s = 0; s < v->state_count; s++)
        sum += soft->distribution[s] >= 0 ? soft->distribution[s] : NAN;
    if (!(fabs(sum - 1) < 1e-9))
        return ag_fail(error, AG_ERROR_VALUE, "the soft evidence on '%s' must sum to 1", v->name);
    return ag_query_retract(query, soft->variable, error);
}

ag_status ag_query_run_soft(ag_query *query, const ag_soft_evidence *soft, int count,
                            ag_error *error) {
    enum { ROUNDS = 2000 };
    size_t draws = (size_t)query->program->network->draw_count;
    double *weights = malloc((query->program->state_total + 1) * draws * sizeof *weights);
    ag_status status = weights ? AG_OK : out_of_memory(error);
    for (int i = 0; i < count && !status; i++)
        status = check_soft(query, &soft[i], error);
    for (size_t i = 0; weights && i < query->program->state_total * draws; i++)
        weights[i] = 1;
    double worst = 1;
    for (int round = 0; round < ROUNDS && worst > 1e-13 && !status; round++) {
        worst = 0;
        for (int i = 0; i < count && !status; i++) {
            status = ag_query_run(query, error);
            if (!status)
                status =
                    fit(query, &soft[i], weights + query->program->offset[soft[i].variable] * draws,
                        &worst, error);
        }
    }
    free(weights);
    if (!status)
        status = ag_query_run(query, error);
    if (!status && worst > 1e-9)
        status =
            ag_fail(error, AG_ERROR_IMPOSSIBLE, "no distribution meets all of the soft evidence");
    return status;
}

/* ---- Sensitivity ---- */

static void set_row(ag_query *query, int variable, size_t row) {
    const ag_network *network = query->program->network;
    const ag_variable *v = &network->variables[variable];
    for (int i = v->parent_count - 1; i >= 0; i--) {
        int parent = v->parents[i];
        size_t states = (size_t)network->variables[parent].state_count;
        int state = (int)(row % states);
        row /= states;
        bool cut = query->evidence[parent].kind == AG_EVIDENCE_DO;
        query->evidence[parent] =
            (ag_evidence){.kind = cut ? AG_EVIDENCE_DO : AG_EVIDENCE_STATE, .state = state};
    }
}

/* What the evidence on the family says of this entry, by draw: a factor, in logarithms. */
static double family_weight(const ag_query *query, const ag_evidence *before, int variable,
                            size_t row, int state, int draw) {
    const ag_network *network = query->program->network;
    const ag_variable *v = &network->variables[variable];
    double log_weight = log(evidence_weight(query, &before[variable], variable, state, draw)) +
                        evidence_scale(&before[variable]);
    for (int i = v->parent_count - 1; i >= 0; i--) {
        int parent = v->parents[i];
        size_t states = (size_t)network->variables[parent].state_count;
        log_weight +=
            log(evidence_weight(query, &before[parent], parent, (int)(row % states), draw)) +
            evidence_scale(&before[parent]);
        row /= states;
    }
    return log_weight;
}

/* P(evidence) is linear in the entry; its slope g is P(evidence, row) with the variable set to the
 * state from outside, and dP(y | e)/d entry = g / P(e) (P(y | e, row, do(state)) - P(y | e)). */
static ag_status differentiate(ag_query *query, const ag_evidence *before, int variable, size_t row,
                               int state, double *out, double *out_log, ag_error *error) {
    const ag_program *program = query->program;
    size_t draws = (size_t)program->network->draw_count;
    size_t size = program->state_total * draws;
    double *base = malloc((size + draws) * sizeof *base);
    if (!base)
        return out_of_memory(error);
    ag_status status = ag_query_run(query, error);
    memcpy(base, query->marginals, size * sizeof *base);
    memcpy(base + size, query->log_evidence, draws * sizeof *base);
    if (!status) {
        set_row(query, variable, row);
        query->evidence[variable] = (ag_evidence){.kind = AG_EVIDENCE_DO, .state = state};
        status = ag_query_run(query, error);
        status = status == AG_ERROR_IMPOSSIBLE ? AG_OK : status;
    }
    for (size_t d = 0; d < draws && !status; d++) {
        double weight = family_weight(query, before, variable, row, state, (int)d);
        double slope = exp(query->log_evidence[d] + weight - base[size + d]);
        out_log[d] = slope;
        for (size_t i = d; out && i < size; i += draws)
            out[i] = slope > 0 ? slope * (query->marginals[i] - base[i]) : 0;
    }
    free(base);
    return status;
}

ag_status ag_query_sensitivity(ag_query *query, int variable, size_t row, int state, double *out,
                               double *out_log, ag_error *error) {
    const ag_network *network = query->program->network;
    if (variable < 0 || variable >= network->count)
        return ag_fail(error, AG_ERROR_ARGUMENT, "variable %d does not exist", variable);
    const ag_variable *v = &network->variables[variable];
    if (v->family != AG_FAMILY_TABLE || state < 0 || state >= v->state_count ||
        row >= v->table.entries / (size_t)v->state_count)
        return ag_fail(error, AG_ERROR_ARGUMENT, "'%s' has no table entry at row %zu, state %d",
                       v->name, row, state);
    if (query->evidence[variable].kind == AG_EVIDENCE_DO)
        return ag_fail(error, AG_ERROR_ARGUMENT,
                       "'%s' is set by intervention: its table plays no part", v->name);
    size_t n = (size_t)network->count;
    ag_evidence *before = malloc(n * sizeof *before);
    if (!before)
        return out_of_memory(error);
    memcpy(before, query->evidence, n * sizeof *before);
    ag_status status = differentiate(query, before, variable, row, state, out, out_log, error);
    memcpy(query->evidence, before, n * sizeof *before);
    free(before);
    return status;
}

/* ---- Mutual information ---- */

static void add_information(const ag_query *query, const double *base, size_t weight_at,
                            double *out) {
    const ag_network *network = query->program->network;
    size_t draws = (size_t)network->draw_count;
    for (size_t v = 0; v < (size_t)network->count; v++)
        for (size_t s = 0; s < (size_t)network->variables[v].state_count; s++)
            for (size_t d = 0; d < draws; d++) {
                size_t i = (query->program->offset[v] + s) * draws + d;
                double p = query->marginals[i];
                if (p > 0 && base[i] > 0)
                    out[v * draws + d] += base[weight_at + d] * p * log(p / base[i]);
            }
}

ag_status ag_query_mutual_information(ag_query *query, int target, double *out, ag_error *error) {
    const ag_program *program = query->program;
    const ag_network *network = program->network;
    if (target < 0 || target >= network->count)
        return ag_fail(error, AG_ERROR_ARGUMENT, "variable %d does not exist", target);
    size_t draws = (size_t)network->draw_count;
    size_t size = program->state_total * draws;
    ag_evidence before = query->evidence[target];
    double *base = malloc((size + 1) * sizeof *base);
    ag_status status = base ? ag_query_run(query, error) : out_of_memory(error);
    if (!status)
        memcpy(base, query->marginals, size * sizeof *base);
    for (size_t i = 0; i < (size_t)network->count * draws; i++)
        out[i] = 0;
    for (int t = 0; t < network->variables[target].state_count && !status; t++) {
        size_t at = (program->offset[target] + (size_t)t) * draws;
        bool possible = false;
        for (size_t d = 0; d < draws; d++)
            possible = possible || base[at + d] > 0;
        if (!possible)
            continue;
        status = run_at(query, target, t, true, error);
        if (!status)
            add_information(query, base, at, out);
        query->evidence[target] = before;
    }
    query->evidence[target] = before;
    for (size_t i = 0; i < (size_t)network->count * draws; i++)
        out[i] = out[i] > 0 ? out[i] : 0;
    free(base);
    return status;
}

/* ---- Conflict measure ---- */

/* log P(finding) of one variable, from the marginals of a run without findings. */
static double log_alone(const ag_query *query, const ag_evidence *e, int variable, int draw) {
    int draws = query->program->network->draw_count;
    const double *p = ag_query_marginal(query, variable);
    double sum = 0;
    for (int s = 0; s < query->program->network->variables[variable].state_count; s++)
        sum += p[s * draws + draw] * evidence_weight(query, e, variable, s, draw);
    return log(sum) + evidence_scale(e);
}

ag_status ag_query_conflict_measure(ag_query *query, double *out, ag_error *error) {
    const ag_network *network = query->program->network;
    size_t n = (size_t)network->count;
    int draws = network->draw_count;
    ag_evidence *all = malloc((n + 1) * sizeof *all);
    ag_status status = all ? ag_query_run_evidence(query, error) : out_of_memory(error);
    if (status) {
        free(all);
        return status;
    }
    memcpy(all, query->evidence, n * sizeof *all);
    for (int d = 0; d < draws; d++)
        out[d] = -query->log_evidence[d];
    for (size_t v = 0; v < n; v++)
        if (all[v].kind != AG_EVIDENCE_DO)
            query->evidence[v].kind = AG_EVIDENCE_NONE;
    status = ag_query_run(query, error);
    for (size_t v = 0; v < n && !status; v++)
        for (int d = 0; d < draws; d++)
            if (all[v].kind == AG_EVIDENCE_STATE || all[v].kind == AG_EVIDENCE_LIKELIHOOD)
                out[d] += log_alone(query, &all[v], (int)v, d);
    memcpy(query->evidence, all, n * sizeof *all);
    free(all);
    return status;
}
