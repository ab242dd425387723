/* The findings that were used, and how each moves the leading mechanisms. */
#include "assessment.h"

#include <math.h>
#include <string.h>

static const double MOST_ODDS = 1e12;

static double logit(double p) {
    double odds = p / (1 - p);
    return log(fmin(fmax(odds, 1 / MOST_ODDS), MOST_ODDS));
}

static void row_sources(const ag_assessing *a, const ag_variable *variable, ag_source_list *list) {
    for (int r = 0; r < variable->row_count; r++) {
        const ag_row *row = &variable->rows[r];
        for (int s = 0; row->states != NULL && s < variable->states.count; s++)
            ag_source_list_add(list, a->knowledge, &row->states[s]);
        if (row->states == NULL) {
            ag_source_list_add(list, a->knowledge, &row->measure.zero);
            ag_source_list_add(list, a->knowledge, &row->measure.median);
            ag_source_list_add(list, a->knowledge, &row->measure.spread);
        }
    }
}

/* Log odds of each leading mechanism at central values of all numbers. */
static ag_status leading_logits(ag_assessing *a, ag_posterior *central, double *out) {
    ag_status status = AG_OK;
    for (int i = 0; i < a->result->leading_count && status == AG_OK; i++) {
        const char *id = a->result->mechanisms[a->result->leading[i]].id;
        int mechanism = ag_assess_mechanism_index(a->knowledge, id);
        double p = 0;
        int count;
        status = ag_posterior_mechanism(central, a->knowledge, mechanism, &p, &count, a->error);
        out[i] = count > 0 ? logit(p) : 0;
    }
    return status;
}

/* A yes or no, or one of a few states: its probability means something by itself. */
static bool is_discrete(const ag_assessing *a, int observation) {
    int finding = a->patient->findings[a->man->fact_of[observation]].finding;
    return a->knowledge->findings[finding].value != AG_VALUE_QUANTITY;
}

/* What was observed, as likelihoods: any of it can then be left open without compiling anew. */
static ag_status soften(ag_assessing *a, ag_posterior *central) {
    ag_status status = AG_OK;
    for (int i = 0; i < a->man->situation.observation_count && status == AG_OK; i++) {
        double seen[AG_MAX_STATES] = {0};
        int node = ag_clinical_network_observation_node(central->clinical, i);
        seen[ag_query_state(central->query, node)] = 1;
        status = ag_query_set_likelihood(central->query, node, seen, 1, a->error);
    }
    return status;
}

/* The change of the log odds when the node's evidence is taken back, and how likely it was. */
static ag_status weigh(ag_assessing *a, ag_posterior *central, int node, double log_evidence,
                       const double *with, ag_finding_result *finding) {
    double before[AG_LEADING_MECHANISMS];
    bool onset = node == ag_clinical_network_onset_node(central->clinical);
    ag_status status =
        onset ? ag_query_retract(central->query, node, a->error)
              : ag_clinical_network_leave_open(central->clinical, node, central->query, a->error);
    if (status == AG_OK)
        status = ag_posterior_run(central, a->error);
    if (status == AG_OK)
        status = leading_logits(a, central, before);
    if (status != AG_OK)
        return status;
    for (int i = 0; i < a->result->leading_count; i++)
        finding->weight[i] = with[i] - before[i];
    finding->expected = exp(log_evidence - central->log_evidence[0]);
    status = ag_clinical_network_observe(central->clinical, central->query, a->error);
    return status == AG_OK ? soften(a, central) : status;
}

static ag_status add_finding(ag_assessing *a, int observation) {
    const ag_finding_fact *fact = &a->patient->findings[a->man->fact_of[observation]];
    const ag_variable *variable =
        &a->knowledge->variables[a->knowledge->findings[fact->finding].variable];
    ag_source_list sources = {.count = 0};
    row_sources(a, variable, &sources);
    ag_finding_result *out = &a->result->findings[a->result->finding_count++];
    *out = (ag_finding_result){.id = variable->id,
                               .name = variable->names.en.items[0],
                               .text = fact->text,
                               .where = fact->where,
                               .expected = NAN,
                               .sources = ag_source_list_keep(&sources, a->result->arena),
                               .source_count = sources.count};
    return out->sources == NULL ? ag_assess_no_memory(a) : AG_OK;
}

static ag_status add_onset(ag_assessing *a) {
    ag_finding_result *out = &a->result->findings[a->result->finding_count++];
    static const char *const nothing[] = {NULL};
    *out = (ag_finding_result){.id = "onset",
                               .name = "onset of the complaint",
                               .text = a->patient->lifelong ? "lifelong" : "time of onset",
                               .where = "",
                               .expected = NAN,
                               .sources = nothing};
    return AG_OK;
}

static ag_status weigh_all(ag_assessing *a) {
    ag_posterior central = {0};
    double with[AG_LEADING_MECHANISMS];
    ag_status status = ag_posterior_open(&central, a->knowledge, &a->man->situation, 1,
                                         a->session->cache, a->error);
    if (status == AG_OK)
        status = leading_logits(a, &central, with);
    if (status == AG_OK)
        status = soften(a, &central);
    int observations = a->man->situation.observation_count;
    double all = central.log_evidence[0];
    for (int i = 0; i < a->result->finding_count && status == AG_OK; i++) {
        int node = i < observations ? ag_clinical_network_observation_node(central.clinical, i)
                                    : ag_clinical_network_onset_node(central.clinical);
        status = weigh(a, &central, node, all, with, &a->result->findings[i]);
        if (i >= observations || !is_discrete(a, i))
            a->result->findings[i].expected = NAN;
    }
    ag_posterior_close(&central);
    return status;
}

ag_status ag_assess_findings(ag_assessing *a, bool explain) {
    int observations = a->man->situation.observation_count;
    a->result->findings =
        ag_arena_array(a->result->arena, (size_t)observations + 1, sizeof *a->result->findings);
    if (a->result->findings == NULL)
        return ag_assess_no_memory(a);
    ag_status status = AG_OK;
    for (int i = 0; i < observations && status == AG_OK; i++)
        status = add_finding(a, i);
    if (status == AG_OK && a->man->situation.onset != NULL)
        status = add_onset(a);
    return status == AG_OK && explain ? weigh_all(a) : status;
}
