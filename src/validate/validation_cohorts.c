/*
 * One published count: P(event | population) in each draw, as the ratio of the probabilities of
 * what is known with and without the event, and the count that Binomial(total, that) would give,
 * mixed over the draws.
 */
#include <math.h>
#include <string.h>

#include "validation.h"

static ag_status all_used(ag_validating *v, const ag_patient *patient, const ag_cohort *cohort) {
    if (patient->unused_count == 0)
        return AG_OK;
    ag_fail_at(v->error, AG_ERROR_VALUE, cohort->line, 0, "\"%.80s\" is not used: %.200s",
               patient->unused[0].text, patient->unused[0].why);
    return AG_ERROR_VALUE;
}

static ag_status with_event(ag_validating *v, const ag_cohort *cohort, const ag_believer *believer,
                            const ag_belief *population, double *p) {
    const ag_node *both = ag_nodes_joined(v->arena, cohort->population, cohort->event);
    ag_belief belief;
    if (both == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = ag_belief_open(&belief, believer, both, v->error);
    if (status == AG_OK)
        status = all_used(v, belief.patient, cohort);
    for (int d = 0; d < believer->draw_count && status == AG_OK; d++) {
        double with = belief.posterior.log_evidence[d];
        p[d] = fmin(exp(with - population->posterior.log_evidence[d]), 1);
    }
    ag_belief_close(&belief);
    return status;
}

static const ag_parameter *response_in(const ag_response *responses, int count, const char *id) {
    for (int i = 0; i < count; i++)
        if (strcmp(responses[i].id, id) == 0)
            return &responses[i].p;
    return NULL;
}

/* The number of a response, or a yield, of a treatment; NULL where there is none. */
static const ag_parameter *number_of(const ag_knowledge *knowledge, const ag_cohort *cohort) {
    int index = ag_knowledge_treatment(knowledge, cohort->treatment);
    if (index < 0)
        return NULL;
    const ag_treatment *t = &knowledge->treatments[index];
    const ag_parameter *p = response_in(t->responses, t->response_count, cohort->response);
    return p != NULL ? p : response_in(t->yields, t->yield_count, cohort->response);
}

static ag_status response_draws(ag_validating *v, const ag_cohort *cohort,
                                const ag_believer *believer, double *p) {
    const ag_parameter *parameter = number_of(believer->knowledge, cohort);
    if (parameter == NULL)
        return ag_fail_at(v->error, AG_ERROR_NAME, cohort->line, 0,
                          "there is no response \"%.60s\" of a treatment \"%.60s\"",
                          cohort->response, cohort->treatment);
    const double *draws = ag_parameter_cache_draws(believer->cache, parameter, AG_DRAWS);
    if (draws == NULL)
        return ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    memcpy(p, draws, AG_DRAWS * sizeof *p);
    return AG_OK;
}

static ag_status predict(ag_validating *v, const ag_cohort *cohort, const ag_believer *believer,
                         double *p) {
    ag_belief belief;
    int count;
    if (cohort->treatment != NULL)
        return response_draws(v, cohort, believer, p);
    ag_status status = ag_belief_open(&belief, believer, cohort->population, v->error);
    if (status == AG_OK)
        status = all_used(v, belief.patient, cohort);
    if (status == AG_OK)
        status = cohort->event != NULL
                     ? with_event(v, cohort, believer, &belief, p)
                     : ag_belief_any(&belief, believer, cohort->mechanisms, p, &count, v->error);
    ag_belief_close(&belief);
    return status;
}

static double mean_of(const double *p) {
    double sum = 0;
    for (int d = 0; d < AG_DRAWS; d++)
        sum += p[d];
    return sum / AG_DRAWS;
}

static bool covers(const ag_predicted *predicted) {
    return predicted->below > 0.025 && predicted->above > 0.025;
}

/* What the model says today, with the study of the count among its evidence. */
static ag_status predict_in_use(ag_validating *v, ag_cohort_result *out) {
    const ag_cohort *cohort = out->cohort;
    ag_without *nothing;
    double p[AG_DRAWS];
    ag_status status = ag_validating_without(v, &(ag_publication){0}, &(ag_texts){0}, &nothing);
    if (status == AG_OK)
        status = predict(v, cohort, &nothing->believer, p);
    if (status != AG_OK)
        return status;
    ag_predicted predicted = ag_score_count(p, AG_DRAWS, cohort->events, cohort->total);
    out->mean_in_use = mean_of(p);
    out->covered_in_use = covers(&predicted);
    return AG_OK;
}

static ag_status validate_cohort(ag_validating *v, ag_cohort_result *out) {
    const ag_cohort *cohort = out->cohort;
    ag_without *without;
    double p[AG_DRAWS];
    ag_status status = ag_validating_without(v, &cohort->source, &cohort->leave_out, &without);
    if (status == AG_OK)
        status = ag_without_forget(without, v->error);
    if (status == AG_OK)
        status = predict(v, cohort, &without->believer, p);
    if (status != AG_OK)
        return status;
    out->mean = mean_of(p);
    out->predicted = ag_score_count(p, AG_DRAWS, cohort->events, cohort->total);
    out->covered = covers(&out->predicted);
    out->left_out = without->ids.count;
    ag_without_used(without, &out->stood_in, &out->shaped);
    return predict_in_use(v, out);
}

ag_status ag_validate_cohorts(ag_validating *v, const ag_cohort_list *cohorts) {
    ag_validation *result = v->result;
    result->cohorts = ag_arena_array(v->arena, (size_t)cohorts->count + 1, sizeof *result->cohorts);
    ag_status status =
        result->cohorts != NULL ? AG_OK : ag_fail(v->error, AG_ERROR_MEMORY, "out of memory");
    for (int i = 0; i < cohorts->count && status == AG_OK; i++) {
        ag_cohort_result *out = &result->cohorts[result->cohort_count++];
        *out = (ag_cohort_result){.cohort = &cohorts->items[i]};
        status = validate_cohort(v, out);
        if (status != AG_OK && v->error != NULL) {
            v->error->line = out->cohort->line;
            ag_fault_where(v->error, out->cohort->path);
        }
    }
    return status;
}
