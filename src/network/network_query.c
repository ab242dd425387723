/* A query: its evidence, and where its answers lie. */
#include "network_query.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool allocate(ag_query *query) {
    const ag_program *program = query->program;
    const ag_network *network = program->network;
    size_t n = (size_t)network->count + 1;
    size_t states = program->state_total + 1;
    query->evidence = calloc(n, sizeof *query->evidence);
    query->patterns = calloc(n, 1);
    query->nothing = calloc(n, 1);
    query->values = calloc((size_t)program->factors.variable_count + 1, sizeof *query->values);
    /* written before they are read, and large: not zeroed */
    query->likelihoods = malloc(states * (size_t)network->draw_stride * sizeof(double));
    query->marginals = malloc(states * (size_t)network->draw_count * sizeof(double));
    query->log_evidence = calloc((size_t)network->draw_count, sizeof(double));
    return query->evidence && query->patterns && query->nothing && query->values &&
           query->likelihoods && query->marginals && query->log_evidence;
}

ag_status ag_query_new(ag_query **out, const ag_program *program, ag_error *error) {
    *out = NULL;
    ag_query *query = calloc(1, sizeof *query);
    if (!query)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
    query->program = program;
    query->kernels = ag_kernels_best();
    if (!allocate(query)) {
        ag_query_free(query);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
    }
    *out = query;
    return AG_OK;
}

void ag_query_free(ag_query *query) {
    if (!query)
        return;
    for (int i = 0; i < query->kept_count; i++)
        ag_flat_free(query->kept[i].plan);
    free(query->evidence);
    free(query->patterns);
    free(query->asked);
    free(query->nothing);
    free(query->values);
    free(query->likelihoods);
    free(query->marginals);
    free(query->log_evidence);
    if (query->workspace == NULL)
        free(query->block);
    else if (query->workspace->user == query)
        query->workspace->user = NULL;
    free(query);
}

ag_workspace *ag_workspace_new(void) {
    return calloc(1, sizeof(ag_workspace));
}

void ag_workspace_free(ag_workspace *workspace) {
    if (workspace)
        free(workspace->block);
    free(workspace);
}

void ag_workspace_trim(ag_workspace *workspace, size_t bytes) {
    if (workspace->size <= bytes / sizeof(double))
        return;
    free(workspace->block);
    *workspace = (ag_workspace){0};
}

void ag_query_use_workspace(ag_query *query, ag_workspace *workspace) {
    query->workspace = workspace;
}

static ag_status check_variable(const ag_query *query, int variable, ag_error *error) {
    if (variable < 0 || variable >= query->program->network->count)
        return ag_fail(error, AG_ERROR_ARGUMENT, "variable %d does not exist", variable);
    return AG_OK;
}

static ag_status set_state(ag_query *query, int variable, int state, ag_evidence_kind kind,
                           ag_error *error) {
    ag_status status = check_variable(query, variable, error);
    if (status)
        return status;
    const ag_variable *v = &query->program->network->variables[variable];
    if (state < 0 || state >= v->state_count)
        return ag_fail(error, AG_ERROR_VALUE, "'%s' has %d states; there is no state %d", v->name,
                       v->state_count, state);
    query->evidence[variable] = (ag_evidence){.kind = kind, .state = state};
    return AG_OK;
}

ag_status ag_query_set_state(ag_query *query, int variable, int state, ag_error *error) {
    return set_state(query, variable, state, AG_EVIDENCE_STATE, error);
}

ag_status ag_query_set_intervention(ag_query *query, int variable, int state, ag_error *error) {
    return set_state(query, variable, state, AG_EVIDENCE_DO, error);
}

/* The greatest of the values; NaN where one is not allowed or a draw has none above 0. */
static double check_likelihood(const double *values, int states, int draws) {
    double greatest = 0;
    for (int d = 0; d < draws; d++) {
        double most = 0;
        for (int s = 0; s < states; s++) {
            double x = values[(size_t)s * (size_t)draws + (size_t)d];
            if (!(x >= 0) || x > DBL_MAX)
                return NAN;
            most = x > most ? x : most;
        }
        if (most == 0)
            return NAN;
        greatest = most > greatest ? most : greatest;
    }
    return greatest;
}

ag_status ag_query_set_likelihood(ag_query *query, int variable, const double *values,
                                  int draw_count, ag_error *error) {
    ag_status status = check_variable(query, variable, error);
    if (status)
        return status;
    const ag_network *network = query->program->network;
    const ag_variable *v = &network->variables[variable];
    if (draw_count != 1 && draw_count != network->draw_count)
        return ag_fail(error, AG_ERROR_VALUE, "the likelihood of '%s' has %d draws; give 1 or %d",
                       v->name, draw_count, network->draw_count);
    double greatest = check_likelihood(values, v->state_count, draw_count);
    if (!(greatest > 0))
        return ag_fail(error, AG_ERROR_VALUE,
                       "the likelihood of '%s' must be finite, not negative and not all zero",
                       v->name);
    int exponent;
    frexp(greatest, &exponent);
    size_t stride = draw_count == 1 ? 1 : (size_t)network->draw_stride;
    double *to =
        query->likelihoods + query->program->offset[variable] * (size_t)network->draw_stride;
    double least = 1;
    for (size_t s = 0; s < (size_t)v->state_count; s++)
        for (size_t d = 0; d < stride; d++) {
            size_t from = d < (size_t)draw_count ? d : (size_t)draw_count - 1;
            double x = ldexp(values[s * (size_t)draw_count + from], -exponent);
            to[s * stride + d] = x;
            least = x > 0 && x < least ? x : least;
        }
    query->evidence[variable] = (ag_evidence){.kind = AG_EVIDENCE_LIKELIHOOD,
                                              .by_draw = stride > 1,
                                              .exponent = exponent,
                                              .log2_least = log2(least)};
    return AG_OK;
}

ag_status ag_query_ask(ag_query *query, const int *variables, int count, ag_error *error) {
    for (int i = 0; variables && i < count; i++) {
        ag_status status = check_variable(query, variables[i], error);
        if (status)
            return status;
    }
    uint8_t *asked = variables ? calloc((size_t)query->program->network->count + 1, 1) : NULL;
    if (variables && !asked)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
    for (int i = 0; variables && i < count; i++)
        asked[variables[i]] = 1;
    free(query->asked);
    query->asked = asked;
    return AG_OK;
}

const ag_program *ag_query_program(const ag_query *query) {
    return query->program;
}

int ag_query_state(const ag_query *query, int variable) {
    const ag_evidence *e = &query->evidence[variable];
    return e->kind == AG_EVIDENCE_STATE || e->kind == AG_EVIDENCE_DO ? e->state : -1;
}

ag_status ag_query_retract(ag_query *query, int variable, ag_error *error) {
    ag_status status = check_variable(query, variable, error);
    if (!status)
        query->evidence[variable] = (ag_evidence){.kind = AG_EVIDENCE_NONE};
    return status;
}

void ag_query_retract_all(ag_query *query) {
    memset(query->evidence, 0, (size_t)query->program->network->count * sizeof *query->evidence);
}

double ag_query_log_evidence(const ag_query *query, int draw) {
    return query->log_evidence[draw];
}

const double *ag_query_marginal(const ag_query *query, int variable) {
    return query->marginals +
           query->program->offset[variable] * (size_t)query->program->network->draw_count;
}

double *ag_query_take_marginals(ag_query *query) {
    double *taken = query->marginals;
    query->marginals = NULL;
    return taken;
}

size_t ag_query_memory(const ag_query *query) {
    const ag_network *network = query->program->network;
    size_t bytes = sizeof *query + query->block_size * sizeof(double) +
                   (size_t)network->count * (sizeof *query->evidence + 1 + sizeof(int)) +
                   query->program->state_total *
                       (size_t)(network->draw_stride + network->draw_count) * sizeof(double);
    for (int i = 0; i < query->kept_count; i++)
        bytes += ag_flat_bytes(query->kept[i].plan);
    return bytes;
}
