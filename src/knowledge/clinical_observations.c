/*
 * Findings and samples. A measured value v enters as the likelihood p(v | parents), given to a
 * binary node as P(seen | parents) = p / max p.
 */
#include "clinical_network_builder.h"

#include <math.h>
#include <string.h>

static double standard_normal_cdf(double z) {
    return 0.5 * erfc(-z / sqrt(2.0));
}

static double transform(ag_family family, double x) {
    switch (family) {
    case AG_FAMILY_LOGNORMAL:
        return x > 0 ? log(x) : -INFINITY;
    case AG_FAMILY_LOGITNORMAL:
        return x <= 0 ? -INFINITY : x >= 1 ? INFINITY : log(x / (1 - x));
    default:
        return x;
    }
}

/* P(low <= value <= high), or the density where both are equal. The density's Jacobian is the same
 * for all parents and is left out; it cancels. */
static double measure_likelihood(ag_family family, double zero, double median, double spread,
                                 double low, double high) {
    double centre = transform(family, median);
    bool positive = family == AG_FAMILY_LOGNORMAL || family == AG_FAMILY_LOGITNORMAL;
    double mass = positive && low <= 0 ? zero : 0;
    if (low == high) {
        if (positive && low <= 0)
            return mass;
        double z = (transform(family, low) - centre) / spread;
        return (1 - zero) * exp(-0.5 * z * z) / spread;
    }
    double upper = standard_normal_cdf((transform(family, high) - centre) / spread);
    double lower =
        low <= 0 && positive ? 0 : standard_normal_cdf((transform(family, low) - centre) / spread);
    return mass + (1 - zero) * (upper - lower);
}

static ag_status measure_row(ag_builder *b, const ag_measure *measure, const ag_observation *seen,
                             double *out) {
    const double *zero = ag_parameter_cache_draws(b->cache, &measure->zero, b->draws);
    bool only_zero = measure->family == AG_FAMILY_NONE;
    const double *median =
        only_zero ? zero : ag_parameter_cache_draws(b->cache, &measure->median, b->draws);
    const double *spread =
        only_zero ? zero : ag_parameter_cache_draws(b->cache, &measure->spread, b->draws);
    if (zero == NULL || median == NULL || spread == NULL)
        return ag_builder_no_memory(b);
    for (int d = 0; d < b->draws; d++)
        out[d] = only_zero ? (seen->low <= 0 ? zero[d] : 0)
                           : measure_likelihood(measure->family, zero[d], median[d], spread[d],
                                                seen->low, seen->high);
    return AG_OK;
}

static ag_status set_measure(ag_builder *b, const ag_variable *variable, const ag_observation *seen,
                             int node, const int *parents) {
    ag_configurations c = ag_configurations_of(b->model->knowledge, variable);
    size_t draws = (size_t)b->draws;
    double *values = ag_builder_values(b, c.count * 2 * draws);
    if (values == NULL)
        return ag_builder_no_memory(b);
    double greatest = 0;
    for (size_t i = 0; i < c.count; i++, ag_configurations_next(&c)) {
        const ag_row *row = ag_builder_row_for(variable, c.states);
        if (row == NULL)
            return ag_fail(b->error, AG_ERROR_VALUE, "%s: no row fits some states of its parents",
                           variable->id);
        double *seen_row = values + (i * 2 + 1) * draws;
        TRY(measure_row(b, &row->measure, seen, seen_row));
        for (size_t d = 0; d < draws; d++)
            greatest = fmax(greatest, seen_row[d]);
    }
    if (!seen->observed) /* the chance of a range is asked for, and must keep its scale */
        greatest = 1;
    for (size_t i = 0; i < c.count; i++)
        for (size_t d = 0; d < draws; d++) {
            double *unseen = values + i * 2 * draws + d;
            unseen[draws] = greatest > 0 ? unseen[draws] / greatest : 0;
            *unseen = 1 - unseen[draws];
        }
    return ag_network_set_table(b->model->network, node, parents, variable->parent_count, values,
                                b->draws, b->error);
}

ag_status ag_builder_add_observation(ag_builder *b, int index) {
    ag_clinical_network *model = b->model;
    const ag_observation *seen = &b->situation->observations[index];
    const ag_finding *finding = &model->knowledge->findings[seen->finding];
    const ag_variable *variable = &model->knowledge->variables[finding->variable];
    static const char *const binary[] = {"unseen", "seen"};
    bool quantity = finding->value == AG_VALUE_QUANTITY;
    int parents[AG_MAX_PARENTS];
    TRY(ag_builder_parents(b, variable, seen->epoch, seen->sample, parents));
    char *name = ag_arena_format(b->scratch, "%s#%d", variable->id, index);
    if (name == NULL)
        return ag_builder_no_memory(b);
    int *node = &model->observation_nodes[index];
    TRY(ag_network_add_variable(model->network, name, quantity ? 2 : variable->states.count,
                                quantity ? binary : variable->states.items, node, b->error));
    if (seen->observed)
        ag_builder_remember(model, *node, quantity ? 1 : seen->state, NULL);
    return quantity ? set_measure(b, variable, seen, *node, parents)
                    : ag_builder_set_rows(b, variable, *node, parents);
}

static ag_status add_sample_evidence(ag_builder *b, int sample, const char *id,
                                     const double *known) {
    int variable = known == NULL ? -1 : ag_knowledge_variable(b->model->knowledge, id);
    if (variable < 0)
        return AG_OK;
    ag_status status = AG_OK;
    int node = ag_builder_node(b, variable, b->situation->samples[sample].epoch, sample, &status);
    TRY(status);
    int states = b->model->knowledge->variables[variable].states.count;
    double *copy = ag_arena_array(b->model->arena, (size_t)states, sizeof *copy);
    if (copy == NULL)
        return ag_builder_no_memory(b);
    memcpy(copy, known, (size_t)states * sizeof *copy);
    ag_builder_remember(b->model, node, -1, copy);
    return AG_OK;
}

ag_status ag_builder_add_samples(ag_builder *b) {
    for (int s = 0; s < b->situation->sample_count; s++) {
        TRY(add_sample_evidence(b, s, "collection", b->situation->samples[s].collection));
        TRY(add_sample_evidence(b, s, "abstinence", b->situation->samples[s].abstinence));
    }
    return AG_OK;
}
