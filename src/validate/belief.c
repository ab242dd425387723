#include "belief.h"

#include <math.h>
#include <string.h>

#include "case_node.h"
#include "fitting.h"

ag_status ag_believer_open(ag_believer *out, const ag_knowledge *knowledge, ag_error *error) {
    *out = (ag_believer){.knowledge = knowledge, .draw_count = AG_DRAWS};
    out->vocabulary = ag_vocabulary_new(knowledge);
    out->cache = ag_parameter_cache_new();
    return out->vocabulary != NULL && out->cache != NULL
               ? AG_OK
               : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

void ag_believer_close(ag_believer *believer) {
    ag_vocabulary_free(believer->vocabulary);
    ag_parameter_cache_free(believer->cache);
    *believer = (ag_believer){0};
}

ag_status ag_belief_of(ag_belief *out, const ag_believer *believer, const ag_patient *patient,
                       ag_error *error) {
    *out = (ag_belief){.arena = ag_arena_new()};
    if (out->arena != NULL)
        out->man = ag_man_situation_fitting(patient, believer->cache, out->arena);
    if (out->man == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    return ag_posterior_open(&out->posterior, believer->knowledge, &out->man->situation,
                             believer->draw_count, believer->cache, error);
}

ag_status ag_belief_open(ag_belief *out, const ag_believer *believer, const ag_node *given,
                         ag_error *error) {
    ag_patient *patient = NULL;
    *out = (ag_belief){0};
    ag_status status = ag_patient_read_node(&patient, believer->vocabulary, given, NULL, error);
    if (status != AG_OK)
        return status;
    status = ag_belief_of(out, believer, patient, error);
    out->patient = patient;
    return status;
}

void ag_belief_close(ag_belief *belief) {
    ag_posterior_close(&belief->posterior);
    ag_patient_free(belief->patient);
    ag_arena_free(belief->arena);
    *belief = (ag_belief){0};
}

/* The node of a mechanism today; -1 for conjunctions, and where it does not apply. */
static int node_of(const ag_belief *belief, const ag_knowledge *knowledge, int mechanism) {
    int variable = knowledge->mechanisms[mechanism].variable;
    return knowledge->variables[variable].conjunction
               ? -1
               : ag_clinical_network_node(belief->posterior.clinical, variable, AG_EPOCH_TODAY, 0);
}

/* P(no mechanism of the list | findings): entered as evidence, then taken back. */
static ag_status none_of(ag_belief *belief, const ag_believer *believer, ag_indices list,
                         double *values, int *count, ag_error *error) {
    ag_posterior *p = &belief->posterior;
    ag_status status = AG_OK;
    for (int i = 0; i < list.count && status == AG_OK; i++) {
        int node = node_of(belief, believer->knowledge, list.items[i]);
        if (node >= 0)
            status = ag_query_set_state(p->query, node, 0, error);
    }
    if (status == AG_OK)
        status = ag_posterior_share(p, values, count, error);
    for (int i = 0; i < list.count && status == AG_OK; i++) {
        int node = node_of(belief, believer->knowledge, list.items[i]);
        if (node >= 0)
            status = ag_query_retract(p->query, node, error);
    }
    return status;
}

/* One mechanism; a conjunction excludes all others, so that its probability adds to theirs. */
static ag_status add_single(ag_belief *belief, const ag_believer *believer, int mechanism,
                            double *values, ag_error *error) {
    double own[AG_DRAWS];
    int own_count;
    ag_status status = ag_posterior_mechanism(&belief->posterior, believer->knowledge, mechanism,
                                              own, &own_count, error);
    for (int d = 0; d < own_count && status == AG_OK; d++)
        values[d] = fmin(values[d] + own[d], 1);
    return status;
}

ag_status ag_belief_any(ag_belief *belief, const ag_believer *believer, ag_indices mechanisms,
                        double *values, int *count, ag_error *error) {
    ag_status status = AG_OK;
    *count = 0;
    for (int d = 0; d < belief->posterior.draw_count; d++)
        *count += !isinf(belief->posterior.log_evidence[d]);
    memset(values, 0, (size_t)*count * sizeof *values);
    if (mechanisms.count == 1)
        return add_single(belief, believer, mechanisms.items[0], values, error);
    status = none_of(belief, believer, mechanisms, values, count, error);
    for (int d = 0; d < *count && status == AG_OK; d++)
        values[d] = 1 - values[d];
    for (int i = 0; i < mechanisms.count && status == AG_OK; i++) {
        int variable = believer->knowledge->mechanisms[mechanisms.items[i]].variable;
        if (believer->knowledge->variables[variable].conjunction)
            status = add_single(belief, believer, mechanisms.items[i], values, error);
    }
    return status;
}

ag_status ag_belief_mean(ag_belief *belief, const ag_believer *believer, ag_indices mechanisms,
                         double *out, ag_error *error) {
    double values[AG_DRAWS], sum = 0;
    int count;
    ag_status status = ag_belief_any(belief, believer, mechanisms, values, &count, error);
    for (int d = 0; d < count && status == AG_OK; d++)
        sum += values[d];
    *out = count > 0 ? sum / count : 0;
    return status;
}
