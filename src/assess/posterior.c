#include "posterior.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ag_posterior_settle(ag_posterior *posterior) {
    if (posterior->query != NULL && posterior->answers != NULL)
        posterior->answers = posterior->kept = ag_query_take_marginals(posterior->query);
    ag_query_free(posterior->query);
    ag_program_free(posterior->program);
    posterior->query = NULL;
    posterior->program = NULL;
}

void ag_posterior_close(ag_posterior *posterior) {
    ag_posterior_settle(posterior);
    ag_clinical_network_free(posterior->clinical);
    free(posterior->kept);
    free(posterior->offset);
    free(posterior->raised);
    *posterior = (ag_posterior){0};
}

static ag_status allocate_answers(ag_posterior *posterior, ag_error *error) {
    size_t draws = (size_t)posterior->draw_count;
    size_t nodes = (size_t)ag_network_variable_count(ag_program_network(posterior->program));
    posterior->offset = calloc(nodes + 1, sizeof *posterior->offset);
    size_t backgrounds = (size_t)ag_clinical_network_background_count(posterior->clinical);
    posterior->raised = calloc(backgrounds + 1, sizeof *posterior->raised);
    if (posterior->offset == NULL || posterior->raised == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the answers");
    for (size_t v = 0; v < nodes; v++)
        posterior->offset[v] = ag_program_state_offset(posterior->program, (int)v) * draws;
    return AG_OK;
}

ag_status ag_posterior_prepare(ag_posterior *out, const ag_knowledge *knowledge,
                               const ag_situation *situation, int draw_count,
                               ag_parameter_cache *cache, ag_error *error) {
    ag_program_options options = ag_program_options_defaults();
    options.slicing = AG_SLICING_ALWAYS;
    if (situation->memory_limit > 0)
        options.memory_limit = situation->memory_limit;
    *out = (ag_posterior){.draw_count = draw_count};
    ag_status status =
        ag_clinical_network_build(&out->clinical, knowledge, situation, draw_count, cache, error);
    if (status == AG_OK)
        status = ag_program_compile(&out->program, ag_clinical_network_model(out->clinical),
                                    &options, error);
    if (status == AG_OK)
        status = ag_query_new(&out->query, out->program, error);
    if (status != AG_OK)
        return status;
    ag_workspace *workspace = ag_parameter_cache_workspace(cache);
    if (workspace == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
    ag_query_use_workspace(out->query, workspace);
    return ag_clinical_network_observe(out->clinical, out->query, error);
}

ag_status ag_posterior_open(ag_posterior *out, const ag_knowledge *knowledge,
                            const ag_situation *situation, int draw_count,
                            ag_parameter_cache *cache, ag_error *error) {
    ag_status status = ag_posterior_prepare(out, knowledge, situation, draw_count, cache, error);
    if (status == AG_OK && situation->only_mechanisms)
        status = ag_clinical_network_ask_mechanisms(out->clinical, out->query, error);
    if (status == AG_OK)
        status = allocate_answers(out, error);
    return status == AG_OK ? ag_posterior_run(out, error) : status;
}

ag_status ag_posterior_run(ag_posterior *posterior, ag_error *error) {
    ag_status status = ag_query_run(posterior->query, error);
    if (status != AG_OK)
        return status;
    posterior->answers = ag_query_marginal(posterior->query, 0);
    posterior->possible_count = 0;
    for (int d = 0; d < posterior->draw_count; d++) {
        posterior->log_evidence[d] = ag_query_log_evidence(posterior->query, d);
        posterior->possible_count += !isinf(posterior->log_evidence[d]);
    }
    for (int g = 0; g < ag_clinical_network_background_count(posterior->clinical); g++) {
        int node = ag_clinical_network_background_node(posterior->clinical, g);
        posterior->raised[g] = ag_clinical_network_raised(posterior->clinical, g,
                                                          ag_posterior_marginal(posterior, node));
    }
    return AG_OK;
}

const double *ag_posterior_marginal(const ag_posterior *posterior, int node) {
    return posterior->answers + posterior->offset[node];
}

static void swap(double *a, double *b) {
    double kept = *a;
    *a = *b;
    *b = kept;
}

/* Put the value of rank `rank` in its place: none before it is greater, none behind it is less. */
static void select_rank(double *values, int from, int to, int rank) {
    while (to - from > 1) {
        double pivot = values[from + (to - from) / 2];
        int i = from, j = to - 1;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i <= j)
                swap(&values[i++], &values[j--]);
        }
        if (rank > j && rank < i)
            return;
        if (rank <= j)
            to = j + 1;
        else
            from = i;
    }
}

/* Between two neighbours of the order. Of values before `from`, none is greater than one behind. */
static double centile(double *values, int from, int count, double share) {
    double position = share * (count - 1);
    int below = (int)position;
    select_rank(values, from, count, below);
    if (below + 1 >= count)
        return values[below];
    int next = below + 1;
    for (int i = next + 1; i < count; i++)
        if (values[i] < values[next])
            next = i;
    swap(&values[below + 1], &values[next]);
    double part = position - below;
    return values[below] * (1 - part) + values[below + 1] * part;
}

ag_estimate ag_estimate_of(double *values, int count) {
    if (count == 0)
        return (ag_estimate){NAN, NAN, NAN};
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    ag_estimate estimate = {.value = sum / count, .low = centile(values, 0, count, 0.05)};
    int low = (int)(0.05 * (count - 1));
    estimate.high = centile(values, low, count, 0.95);
    return estimate;
}

/* P(node in one of `states`) in each draw. */
static void sum_states(const ag_posterior *posterior, int node, uint32_t states, double *out) {
    const double *marginal = ag_posterior_marginal(posterior, node);
    int state_count = ag_network_state_count(ag_clinical_network_model(posterior->clinical), node);
    memset(out, 0, (size_t)posterior->draw_count * sizeof *out);
    for (int s = 0; s < state_count; s++, marginal += posterior->draw_count)
        for (int d = 0; states >> s & 1 && d < posterior->draw_count; d++)
            out[d] += marginal[d];
}

/* Those of `values` whose draw is possible, not above 1; `out` may be the same. Their number. */
static int possible_draws(const ag_posterior *posterior, const double *values, double *out) {
    int count = 0;
    for (int d = 0; d < posterior->draw_count; d++)
        if (!isinf(posterior->log_evidence[d]))
            out[count++] = values[d] < 1 ? values[d] : 1;
    return count;
}

int ag_posterior_draws(const ag_posterior *posterior, int node, uint32_t states, double *out) {
    sum_states(posterior, node, states, out);
    return possible_draws(posterior, out, out);
}

void ag_posterior_link(const ag_posterior *posterior, int index, ag_link_posterior *out) {
    const ag_clinical_network *clinical = posterior->clinical;
    int link_count;
    const ag_model_link *link = &ag_clinical_network_links(clinical, &link_count)[index];
    out->has_effect = link->background >= 0 || link->effect.node >= 0;
    out->effect_is_part = link->effect.node >= 0 && link->effect.node != link->node;
    out->state_count = ag_clinical_network_link_states(clinical, index);
    if (link->background >= 0) {
        ag_clinical_network_link_posterior(
            clinical, index, ag_posterior_marginal(posterior, link->node), out->states, NULL);
        return;
    }
    for (int s = 0; s < out->state_count; s++)
        sum_states(posterior, link->node, 1u << s, out->states[s]);
    if (out->effect_is_part)
        sum_states(posterior, link->effect.node, link->effect.states, out->effect);
}

double ag_posterior_link_bound(const ag_posterior *posterior, int index) {
    int link_count;
    const ag_model_link *link = &ag_clinical_network_links(posterior->clinical, &link_count)[index];
    if (link->background < 0 || posterior->possible_count == 0)
        return 1;
    double raised = posterior->raised[link->background];
    return ag_clinical_network_link_bound(posterior->clinical, index, raised) /
           posterior->possible_count;
}

int ag_link_draws(const ag_posterior *posterior, const ag_link_posterior *link, uint32_t states,
                  double *out) {
    double sum[AG_DRAWS] = {0};
    for (int s = 0; s < link->state_count; s++)
        for (int d = 0; states >> s & 1 && d < posterior->draw_count; d++)
            sum[d] += link->states[s][d];
    return possible_draws(posterior, sum, out);
}

int ag_effect_draws(const ag_posterior *posterior, const ag_link_posterior *link, double *out) {
    return possible_draws(posterior, link->effect, out);
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

ag_status ag_posterior_share(ag_posterior *posterior, double *values, int *count, ag_error *error) {
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
        status = ag_posterior_share(posterior, values, count, error);
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
        status = ag_posterior_share(posterior, values, &count, error);
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
    int node = ag_clinical_network_node(posterior->clinical, variable, AG_EPOCH_TODAY, 0);
    if (node >= 0)
        *count = ag_posterior_draws(posterior, node, 1 << 1, values);
    return AG_OK;
}
