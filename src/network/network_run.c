/* Running a query: up for P(evidence), down for the derivatives, beliefs from these. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_steps.h"

/* ---- Beliefs ---- */

static void fill_known(ag_query *query, int v, size_t first_draw, size_t lanes) {
    const ag_network *network = query->program->network;
    size_t draws = (size_t)network->draw_count;
    double *to = query->marginals + query->program->offset[v] * draws + first_draw;
    const ag_evidence *e = &query->evidence[v];
    int known = e->kind == AG_EVIDENCE_STATE || e->kind == AG_EVIDENCE_DO ? e->state : 0;
    for (int s = 0; s < network->variables[v].state_count; s++)
        for (size_t l = 0; l < lanes; l++)
            to[(size_t)s * draws + l] =
                s == known && query->log_evidence[first_draw + l] > -INFINITY;
}

static void normalise(const double *belief, const double *likelihood, int states, bool possible,
                      double *to) {
    double sum = 0;
    for (int s = 0; s < states; s++) {
        double x = likelihood ? belief[s] * likelihood[s] : belief[s];
        to[s] = x > 0 ? x : 0; /* differences of noisy-MAX factors may round below 0 */
        sum += to[s];
    }
    double factor = sum > 0 && possible ? 1 / sum : 0;
    for (int s = 0; s < states; s++) /* all of the weight: 1, not 1 within rounding */
        to[s] = factor > 0 && to[s] == sum ? 1 : to[s] * factor;
}

static void read_beliefs(ag_query *query, const ag_flat *plan, size_t first_draw, size_t lanes) {
    const ag_network *network = query->program->network;
    size_t draws = (size_t)network->draw_count;
    double possible[AG_LANES] = {0};
    for (size_t l = 0; l < lanes; l++)
        possible[l] = query->log_evidence[first_draw + l] > -INFINITY;
    for (int v = 0; v < network->count; v++) {
        if (plan->asked && !plan->asked[v])
            continue;
        if (plan->belief[v] == AG_NOWHERE) {
            fill_known(query, v, first_draw, lanes);
            continue;
        }
        const double *belief = query->block + plan->belief[v];
        const double *likelihood =
            plan->likelihood[v] == AG_NOWHERE ? NULL : query->block + plan->likelihood[v];
        double *to = query->marginals + query->program->offset[v] * draws + first_draw;
        int states = network->variables[v].state_count;
        if (plan->lanes)
            query->kernels->normalise_lanes(belief, likelihood, (size_t)states, possible, lanes, to,
                                            draws, 1);
        else
            normalise(belief, likelihood, states, possible[0] > 0, to);
    }
}

/* ---- The whole ---- */

static bool is_possible(const ag_query *query) {
    for (int d = 0; d < query->program->network->draw_count; d++)
        if (query->log_evidence[d] > -INFINITY)
            return true;
    return false;
}

/* Where differences are taken, rounding could make impossible evidence look faintly possible: rule
 * that out for the first lanes, and for all draws if any of those is impossible. */
static ag_status check_support(ag_query *query, const ag_flat *plan, bool *impossible,
                               ag_error *error) {
    size_t draws = (size_t)query->program->network->draw_count;
    size_t step = plan->lanes ? AG_LANES : 1;
    bool suspect = true;
    if (!plan->has_differences)
        return AG_OK;
    query->loaded = NULL;
    for (size_t first = 0; first < draws && suspect; first += step) {
        bool possible[AG_LANES];
        ag_status status = ag_support_run(query, plan, first, possible, error);
        if (status)
            return status;
        suspect = false;
        for (size_t l = 0; l < step && first + l < draws; l++) {
            impossible[first + l] = !possible[l];
            suspect = suspect || !possible[l];
        }
    }
    return AG_OK;
}

/* Bringing messages back to size one takes passes over them that are rarely needed: try without. */
static ag_depth run_up(ag_query *query, const ag_flat *plan, ag_depth depth, double *exponents) {
    if (depth == AG_DEPTH_DEEP && query->deep != plan) {
        ag_step_run(query, plan, &plan->up, AG_DEPTH_SHALLOW, NULL);
        if (ag_step_in_range(query, plan))
            return AG_DEPTH_SHALLOW;
        query->deep = plan;
    }
    ag_step_run(query, plan, &plan->up, depth, exponents);
    return depth;
}

static ag_status run(ag_query *query, bool down, ag_error *error) {
    const ag_flat *plan;
    ag_wanted wanted = down ? AG_WANTED_BELIEFS : AG_WANTED_EVIDENCE;
    ag_status status = ag_step_choose(query, wanted, &plan, error);
    if (!status)
        status = ag_step_reserve(query, plan, error);
    if (status)
        return status;
    ag_step_find_values(query, plan);
    bool impossible[AG_NETWORK_DRAWS_MAX] = {false};
    status = check_support(query, plan, impossible, error);
    if (status)
        return status;
    ag_step_begin(query, plan);
    ag_depth depth = ag_step_depth(query, plan);
    size_t draws = (size_t)query->program->network->draw_count;
    size_t step = plan->lanes ? AG_LANES : 1;
    for (size_t first = 0; first < draws; first += step) {
        size_t lanes = draws - first < step ? draws - first : step;
        double exponents[AG_LANES] = {0};
        ag_step_load(query, plan, &plan->loads, first);
        ag_step_load_likelihoods(query, plan, first);
        ag_depth taken = run_up(query, plan, depth, exponents);
        ag_step_finish(query, plan, first, lanes, exponents, plan->roots,
                       query->log_evidence + first);
        for (size_t l = 0; l < lanes; l++)
            if (impossible[first + l])
                query->log_evidence[first + l] = -INFINITY;
        if (!down)
            continue;
        ag_step_run(query, plan, &plan->down, taken, NULL);
        read_beliefs(query, plan, first, lanes);
    }
    if (!is_possible(query))
        return ag_fail(error, AG_ERROR_IMPOSSIBLE,
                       "the evidence has probability 0; ag_query_conflict names the findings");
    return AG_OK;
}

ag_status ag_query_run(ag_query *query, ag_error *error) {
    return run(query, true, error);
}

ag_status ag_query_fit(ag_query *query, ag_error *error) {
    const ag_flat *plan;
    return ag_step_choose(query, AG_WANTED_ALL, &plan, error);
}

ag_status ag_query_run_evidence(ag_query *query, ag_error *error) {
    return run(query, false, error);
}
