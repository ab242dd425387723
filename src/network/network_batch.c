/*
 * Many cases at once: one fixed program, a case in every lane, tables shared by all lanes, evidence
 * as likelihoods of zeros and ones.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_list.h"
#include "network_steps.h"

/* Put the cases' findings in place of what the query says, which `base` keeps. */
static void write_findings(ag_query *query, const ag_flat *plan, const int *states, size_t lanes,
                           const double *base) {
    const ag_network *network = query->program->network;
    size_t n = (size_t)network->count;
    for (size_t v = 0; v < n; v++) {
        size_t at = plan->likelihood[v];
        if (at == AG_NOWHERE)
            continue;
        int state[AG_LANES];
        for (size_t l = 0; l < AG_LANES; l++)
            state[l] = states[(l < lanes ? l : 0) * n + v];
        /* A likelihood replaced here is still counted with its power of 2. */
        const ag_evidence *e = &query->evidence[v];
        double known = e->kind == AG_EVIDENCE_LIKELIHOOD ? ldexp(1, -e->exponent) : 1;
        query->kernels->write_findings(
            state, known, base + at, (size_t)network->variables[v].state_count, query->block + at);
    }
}

static void fill_known(const ag_query *query, size_t v, const double *log_evidence, size_t lanes,
                       double *to, size_t step) {
    const ag_evidence *e = &query->evidence[v];
    int known = e->kind == AG_EVIDENCE_DO ? e->state : 0;
    for (size_t l = 0; l < lanes; l++)
        for (int s = 0; s < query->program->network->variables[v].state_count; s++)
            to[l * step + (size_t)s] = s == known && log_evidence[l] > -INFINITY;
}

static void read_beliefs(const ag_query *query, const ag_flat *plan, const double *log_evidence,
                         size_t lanes, double *marginals) {
    const ag_network *network = query->program->network;
    size_t step = query->program->state_total;
    double possible[AG_LANES] = {0};
    for (size_t l = 0; l < lanes; l++)
        possible[l] = log_evidence[l] > -INFINITY;
    for (size_t v = 0; v < (size_t)network->count; v++) {
        double *to = marginals + query->program->offset[v];
        if (plan->belief[v] == AG_NOWHERE)
            fill_known(query, v, log_evidence, lanes, to, step);
        else
            query->kernels->normalise_lanes(
                query->block + plan->belief[v], query->block + plan->likelihood[v],
                (size_t)network->variables[v].state_count, possible, lanes, to, 1, step);
    }
}

/* Noisy-MAX children want their evidence cut (see network_support.c): such networks go case by
 * case. */
static ag_status run_one_by_one(ag_query *query, const int *states, size_t cases,
                                double *log_evidence, double *marginals, ag_error *error) {
    const ag_program *program = query->program;
    size_t n = (size_t)program->network->count;
    ag_evidence *base = malloc((n + 1) * sizeof *base);
    ag_status status = AG_OK;
    if (!base)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a batch");
    memcpy(base, query->evidence, n * sizeof *base);
    for (size_t c = 0; c < cases && !status; c++) {
        for (size_t v = 0; v < n; v++)
            if (states[c * n + v] >= 0)
                query->evidence[v] =
                    (ag_evidence){.kind = AG_EVIDENCE_STATE, .state = states[c * n + v]};
        status = marginals ? ag_query_run(query, error) : ag_query_run_evidence(query, error);
        status = status == AG_ERROR_IMPOSSIBLE ? AG_OK : status;
        log_evidence[c] = query->log_evidence[0];
        if (marginals)
            memcpy(marginals + c * program->state_total, query->marginals,
                   program->state_total * sizeof *marginals);
        memcpy(query->evidence, base, n * sizeof *base);
    }
    free(base);
    return status;
}

static ag_status check_states(const ag_query *query, const int *states, size_t cases,
                              ag_error *error) {
    const ag_network *network = query->program->network;
    size_t n = (size_t)network->count;
    for (size_t c = 0; c < cases; c++)
        for (size_t v = 0; v < n; v++)
            if (states[c * n + v] >= network->variables[v].state_count)
                return ag_fail(error, AG_ERROR_VALUE, "case %zu: '%s' has no state %d", c,
                               network->variables[v].name, states[c * n + v]);
    return AG_OK;
}

/* Turn the plan into lists of non-zero terms, unless these would not fit. */
static ag_status make_lists(ag_query *query, ag_flat *plan, ag_error *error) {
    if (plan->lists_tried)
        return AG_OK;
    plan->lists_tried = true;
    ag_status status = ag_support_fill(query, plan, error);
    if (status)
        return status;
    unsigned char *support = malloc(plan->block_size + 1);
    if (!support)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a batch");
    for (size_t i = 0; i < plan->block_size; i++)
        support[i] = query->block[i] != 0;
    ag_step_load(query, plan, &plan->shared, 0);
    size_t limit = query->program->options.memory_limit / 32;
    plan->lists = ag_lists_new(plan, query->block, support, limit);
    free(support);
    query->loaded = NULL;
    return AG_OK;
}

/* Entries that no list writes stay 0. */
static void clear_block(ag_query *query, const ag_flat *plan) {
    if (query->loaded != plan)
        memset(query->block, 0, plan->lists->block_size * sizeof *query->block);
    query->loaded = plan;
}

static void run_lists(const ag_query *query, const ag_lists *lists, const ag_list *list,
                      uint32_t count, ag_depth depth, double *exponents) {
    const ag_kernels *kernels = query->kernels;
    for (const ag_list *end = list + count; list < end; list++) {
        ag_terms terms = {lists->out + list->first_group, lists->count + list->first_group,
                          lists->factor + list->first_term, lists->a + list->first_term,
                          lists->b + list->first_term};
        kernels->sum_list(list, terms, query->block);
        if (depth == AG_DEPTH_EVERYWHERE || (depth == AG_DEPTH_DEEP && list->rescale))
            kernels->rescale_lanes(query->block + list->out, list->out_entries / AG_LANES,
                                   exponents);
    }
}

static void run_up(ag_query *query, const ag_flat *plan, ag_depth depth, double *exponents) {
    if (plan->lists)
        run_lists(query, plan->lists, plan->lists->up, plan->lists->up_count, depth, exponents);
    else
        ag_step_run(query, plan, &plan->up, depth, exponents);
}

static void run_down(ag_query *query, const ag_flat *plan, ag_depth depth) {
    if (plan->lists)
        run_lists(query, plan->lists, plan->lists->down, plan->lists->down_count, depth, NULL);
    else
        ag_step_run(query, plan, &plan->down, depth, NULL);
}

static ag_status prepare(ag_query *query, ag_flat **out, ag_error *error) {
    ag_step_find_patterns(query, false);
    query->runs++;
    ag_status status = ag_step_obtain(query, true, AG_WANTED_ALL, out, error);
    if (!status)
        status = ag_step_reserve(query, *out, error);
    if (status)
        return status;
    ag_step_find_values(query, *out);
    status = make_lists(query, *out, error);
    if (status)
        return status;
    if ((*out)->lists)
        clear_block(query, *out);
    else
        ag_step_begin(query, *out);
    ag_step_load_likelihoods(query, *out, 0);
    return AG_OK;
}

static ag_status run_in_lanes(ag_query *query, const int *states, size_t cases,
                              double *log_evidence, double *marginals, ag_error *error) {
    ag_flat *plan;
    ag_status status = prepare(query, &plan, error);
    if (status)
        return status;
    size_t n = (size_t)query->program->network->count;
    size_t likelihoods = query->program->state_total * AG_LANES;
    double *base = malloc((likelihoods + 1) * sizeof *base);
    if (!base)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a batch");
    memcpy(base, query->block, likelihoods * sizeof *base);
    ag_depth depth = ag_step_depth(query, plan);
    for (size_t c = 0; c < cases; c += AG_LANES) {
        size_t lanes = cases - c < AG_LANES ? cases - c : AG_LANES;
        double exponents[AG_LANES] = {0};
        write_findings(query, plan, states + c * n, lanes, base);
        run_up(query, plan, depth, exponents);
        ag_step_finish(query, plan, 0, lanes, exponents,
                       plan->lists ? plan->lists->roots : plan->roots, log_evidence + c);
        if (!marginals)
            continue;
        run_down(query, plan, depth);
        read_beliefs(query, plan, log_evidence + c, lanes,
                     marginals + c * query->program->state_total);
    }
    free(base);
    return AG_OK;
}

ag_status ag_query_run_batch(ag_query *query, const int *states, size_t cases, double *log_evidence,
                             double *marginals, ag_error *error) {
    const ag_program *program = query->program;
    if (program->network->draw_count > 1)
        return ag_fail(error, AG_ERROR_ARGUMENT,
                       "a network with parameter draws takes one case at a time");
    ag_status status = check_states(query, states, cases, error);
    if (status)
        return status;
    bool noisy = program->factors.variable_count > program->network->count;
    return noisy ? run_one_by_one(query, states, cases, log_evidence, marginals, error)
                 : run_in_lanes(query, states, cases, log_evidence, marginals, error);
}
