#include "posterior.h"

#include <math.h>
#include <stdlib.h>

void ag_posterior_close(ag_posterior *posterior) {
    ag_query_free(posterior->query);
    ag_program_free(posterior->program);
    ag_clinical_network_free(posterior->clinical);
    *posterior = (ag_posterior){0};
}

ag_status ag_posterior_open(ag_posterior *out, const ag_knowledge *knowledge,
                            const ag_situation *situation, int draw_count,
                            ag_parameter_cache *cache, ag_error *error) {
    *out = (ag_posterior){.draw_count = draw_count};
    ag_status status =
        ag_clinical_network_build(&out->clinical, knowledge, situation, draw_count, cache, error);
    if (status == AG_OK)
        status = ag_program_compile(&out->program, ag_clinical_network_model(out->clinical), NULL,
                                    error);
    if (status == AG_OK)
        status = ag_query_new(&out->query, out->program, error);
    if (status == AG_OK)
        status = ag_clinical_network_observe(out->clinical, out->query, error);
    if (status == AG_OK)
        status = ag_query_run(out->query, error);
    for (int d = 0; d < draw_count && status == AG_OK; d++)
        out->log_evidence[d] = ag_query_log_evidence(out->query, d);
    out->fresh = status == AG_OK;
    return status;
}

ag_status ag_posterior_refresh(ag_posterior *posterior, ag_error *error) {
    if (posterior->fresh)
        return AG_OK;
    ag_status status = ag_query_run(posterior->query, error);
    posterior->fresh = status == AG_OK;
    return status;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double centile(const double *sorted, int count, double share) {
    double position = share * (count - 1);
    int below = (int)position;
    if (below + 1 >= count)
        return sorted[count - 1];
    double part = position - below;
    return sorted[below] * (1 - part) + sorted[below + 1] * part;
}

ag_estimate ag_estimate_of(double *values, int count) {
    if (count == 0)
        return (ag_estimate){NAN, NAN, NAN};
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    qsort(values, (size_t)count, sizeof *values, by_value);
    return (ag_estimate){sum / count, centile(values, count, 0.05), centile(values, count, 0.95)};
}

/* P(node in states) of each possible draw; the number of such draws is returned. */
static int draws_of(const ag_posterior *posterior, int node, uint32_t states, double *out) {
    const double *marginal = ag_query_marginal(posterior->query, node);
    int state_count = ag_network_state_count(ag_clinical_network_model(posterior->clinical), node);
    int count = 0;
    for (int d = 0; d < posterior->draw_count; d++) {
        if (isinf(posterior->log_evidence[d]))
            continue;
        double p = 0;
        for (int s = 0; s < state_count; s++)
            if (states >> s & 1)
                p += marginal[s * posterior->draw_count + d];
        out[count++] = fmin(p, 1);
    }
    return count;
}

ag_estimate ag_posterior_estimate(const ag_posterior *posterior, int node, uint32_t states) {
    double values[AG_DRAWS];
    return ag_estimate_of(values, draws_of(posterior, node, states, values));
}

double ag_posterior_mean(const ag_posterior *posterior, int node, uint32_t states) {
    double values[AG_DRAWS];
    int count = draws_of(posterior, node, states, values);
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    return count > 0 ? sum / count : NAN;
}

double ag_posterior_log_evidence(const ag_posterior *posterior) {
    double sum = 0;
    int count = 0;
    for (int d = 0; d < posterior->draw_count; d++) {
        double x = posterior->log_evidence[d];
        if (isinf(x))
            continue;
        sum += x;
        count++;
    }
    return count > 0 ? sum / count : -INFINITY;
}

/* P(findings and what was supposed) / P(findings) of each possible draw. */
static ag_status supposed_share(ag_posterior *posterior, double *values, int *count,
                                ag_error *error) {
    posterior->fresh = false;
    *count = 0;
    ag_status status = ag_query_run_evidence(posterior->query, error);
    if (status != AG_OK && status != AG_ERROR_IMPOSSIBLE)
        return status;
    for (int d = 0; d < posterior->draw_count; d++) {
        if (isinf(posterior->log_evidence[d]))
            continue;
        double both = status == AG_OK ? ag_query_log_evidence(posterior->query, d) : -INFINITY;
        values[(*count)++] = fmin(exp(both - posterior->log_evidence[d]), 1);
    }
    return AG_OK;
}

static ag_status conjunction(ag_posterior *posterior, int variable, double *values, int *count,
                             ag_error *error) {
    ag_query *query = posterior->query;
    ag_status status =
        ag_clinical_network_suppose(posterior->clinical, variable, true, query, error);
    if (status == AG_OK)
        status = supposed_share(posterior, values, count, error);
    if (status == AG_OK)
        status = ag_clinical_network_suppose(posterior->clinical, variable, false, query, error);
    return status;
}

ag_status ag_posterior_effect(ag_posterior *posterior, int cause, ag_estimate *out,
                              ag_error *error) {
    double values[AG_DRAWS];
    int count;
    ag_query *query = posterior->query;
    ag_status status =
        ag_clinical_network_suppose_no_effect(posterior->clinical, cause, true, query, error);
    if (status == AG_OK)
        status = supposed_share(posterior, values, &count, error);
    if (status != AG_OK)
        return status;
    for (int i = 0; i < count; i++)
        values[i] = 1 - values[i];
    *out = ag_estimate_of(values, count);
    /* the onset of a link is no evidence of its own, so that retracting leaves what was found */
    return ag_clinical_network_suppose_no_effect(posterior->clinical, cause, false, query, error);
}

ag_status ag_posterior_mechanism(ag_posterior *posterior, const ag_knowledge *knowledge,
                                 int mechanism, double *values, int *count, ag_error *error) {
    int variable = knowledge->mechanisms[mechanism].variable;
    *count = 0;
    if (knowledge->variables[variable].conjunction)
        return conjunction(posterior, variable, values, count, error);
    ag_status status = ag_posterior_refresh(posterior, error);
    int node = ag_clinical_network_node(posterior->clinical, variable, AG_EPOCH_TODAY, 0);
    if (node >= 0 && status == AG_OK)
        *count = draws_of(posterior, node, 1 << 1, values);
    return status;
}
