/* Probabilities of the mechanisms, the leading ones, pairs that cannot be told apart, findings
 * still missing. */
#include "assessment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MECHANISM_YES = 1 << 1 };

static const double LEADING_LEAST = 0.02;
/* Two mechanisms of a pair are unresolved as long as the less probable is not excluded (5 %) and
 * the record holds none of the findings that would tell them apart; with such a finding, as long as
 * it has a quarter of the other's probability. Pairs that are together a side issue are left out.
 */
static const double UNRESOLVED_NOT_EXCLUDED = 0.05;
static const double UNRESOLVED_RATIO = 0.25;
static const double UNRESOLVED_LEAST = 0.2;
/* Mechanisms from which on their usual findings are asked for. */
static const double EXPECTED_LEAST = 0.1;

int ag_assess_mechanism_index(const ag_knowledge *knowledge, const char *id) {
    for (int m = 0; m < knowledge->mechanism_count; m++)
        if (strcmp(knowledge->variables[knowledge->mechanisms[m].variable].id, id) == 0)
            return m;
    return -1;
}

int ag_assess_mechanism_node(const ag_assessing *a, const ag_posterior *posterior, int mechanism) {
    int variable = a->knowledge->mechanisms[mechanism].variable;
    return ag_clinical_network_node(posterior->clinical, variable, AG_EPOCH_TODAY, 0);
}

static int by_probability(const void *x, const void *y) {
    const ag_mechanism_result *a = x, *b = y;
    if (a->probability.value != b->probability.value)
        return a->probability.value < b->probability.value ? 1 : -1;
    return strcmp(a->id, b->id);
}

static void choose_leading(ag_assessment *result) {
    for (int i = 0; i < result->mechanism_count; i++) {
        const ag_mechanism_result *m = &result->mechanisms[i];
        bool first = result->leading_count == 0;
        if (strcmp(m->id, "none") != 0 && result->leading_count < AG_LEADING_MECHANISMS &&
            (first || m->probability.value >= LEADING_LEAST))
            result->leading[result->leading_count++] = i;
    }
}

static ag_status add_mechanism(ag_assessing *a, int mechanism) {
    const ag_variable *variable =
        &a->knowledge->variables[a->knowledge->mechanisms[mechanism].variable];
    double values[AG_DRAWS];
    int count;
    ag_status status = ag_posterior_mechanism(&a->result->today, a->knowledge, mechanism, values,
                                              &count, a->error);
    ag_estimate p = {0, 0, 0}; /* of a sample that does not exist */
    if (status == AG_OK && count > 0)
        p = ag_estimate_of(values, count);
    a->result->mechanisms[mechanism] =
        (ag_mechanism_result){variable->id, variable->names.en.items[0], p};
    return status;
}

static bool is_conjunction(const ag_assessing *a, int mechanism) {
    return a->knowledge->variables[a->knowledge->mechanisms[mechanism].variable].conjunction;
}

ag_status ag_assess_mechanisms(ag_assessing *a) {
    ag_assessment *result = a->result;
    result->mechanism_count = a->knowledge->mechanism_count;
    result->mechanisms =
        ag_arena_array(result->arena, (size_t)result->mechanism_count, sizeof *result->mechanisms);
    if (result->mechanisms == NULL)
        return ag_assess_no_memory(a);
    ag_status status = AG_OK;
    for (int m = 0; m < result->mechanism_count && status == AG_OK; m++)
        if (!is_conjunction(a, m))
            status = add_mechanism(a, m);
        else
            result->mechanisms[m].id =
                a->knowledge->variables[a->knowledge->mechanisms[m].variable].id;
    return status;
}

ag_status ag_assess_ranking(ag_assessing *a) {
    ag_assessment *result = a->result;
    ag_status status = AG_OK;
    for (int m = 0; m < result->mechanism_count && status == AG_OK; m++)
        if (is_conjunction(a, m))
            status = add_mechanism(a, m);
    qsort(result->mechanisms, (size_t)result->mechanism_count, sizeof *result->mechanisms,
          by_probability);
    choose_leading(result);
    return status;
}

static const ag_mechanism_result *result_of(const ag_assessing *a, int mechanism) {
    const char *id = a->knowledge->variables[a->knowledge->mechanisms[mechanism].variable].id;
    for (int i = 0; i < a->result->mechanism_count; i++)
        if (strcmp(a->result->mechanisms[i].id, id) == 0)
            return &a->result->mechanisms[i];
    return NULL;
}

/* P(a or b) = 1 - P(neither), draw by draw. */
static ag_status probability_of_either(ag_assessing *a, int node_a, int node_b, ag_estimate *out) {
    ag_posterior *posterior = &a->result->today;
    double values[AG_DRAWS];
    int count = 0;
    ag_status status = ag_query_set_state(posterior->query, node_a, 0, a->error);
    if (status == AG_OK)
        status = ag_query_set_state(posterior->query, node_b, 0, a->error);
    if (status == AG_OK)
        status = ag_posterior_share(posterior, values, &count, a->error);
    if (status == AG_OK)
        status = ag_query_retract(posterior->query, node_a, a->error);
    if (status == AG_OK)
        status = ag_query_retract(posterior->query, node_b, a->error);
    for (int d = 0; d < count; d++)
        values[d] = 1 - values[d];
    *out = ag_estimate_of(values, count);
    return status;
}

/* A conjunction says that no function fails, so that it excludes the other mechanism. */
static ag_status sum_of_exclusive(ag_assessing *a, int one, int other, ag_estimate *out) {
    double p[AG_DRAWS], q[AG_DRAWS];
    int count, other_count;
    ag_status status =
        ag_posterior_mechanism(&a->result->today, a->knowledge, one, p, &count, a->error);
    if (status == AG_OK)
        status = ag_posterior_mechanism(&a->result->today, a->knowledge, other, q, &other_count,
                                        a->error);
    if (status != AG_OK)
        return status;
    for (int d = 0; d < count; d++)
        p[d] = fmin(p[d] + q[d], 1);
    *out = ag_estimate_of(p, count);
    return AG_OK;
}

static bool known_of_patient(const ag_patient *patient, int finding) {
    for (int i = 0; i < patient->finding_count; i++)
        if (patient->findings[i].finding == finding)
            return true;
    return false;
}

static bool variable_known(const ag_assessing *a, int variable) {
    const ag_finding *finding = ag_knowledge_finding_of(a->knowledge, variable);
    return finding != NULL && known_of_patient(a->patient, (int)(finding - a->knowledge->findings));
}

/* The findings that would separate the pair and are not known yet. */
static ag_status open_separators(ag_assessing *a, const ag_confusion *confusion,
                                 ag_unresolved_result *out) {
    size_t room = (size_t)confusion->separated_by.count + 1;
    const char **ids = ag_arena_array(a->result->arena, room, sizeof *ids);
    if (ids == NULL)
        return ag_assess_no_memory(a);
    for (int i = 0; i < confusion->separated_by.count; i++) {
        int variable = confusion->separated_by.items[i];
        if (!variable_known(a, variable))
            ids[out->separated_by_count++] = a->knowledge->variables[variable].id;
    }
    out->separated_by = ids;
    return AG_OK;
}

static bool any_separator_known(const ag_assessing *a, const ag_confusion *confusion) {
    for (int i = 0; i < confusion->separated_by.count; i++)
        if (variable_known(a, confusion->separated_by.items[i]))
            return true;
    return false;
}

/* Whether a test of the kind that would separate the pair was done at all. */
static bool such_a_test_done(const ag_assessing *a, const ag_confusion *confusion) {
    for (int i = 0; i < confusion->separated_by.count; i++) {
        const ag_finding *separator =
            ag_knowledge_finding_of(a->knowledge, confusion->separated_by.items[i]);
        for (int f = 0; separator != NULL && f < a->patient->finding_count; f++)
            if (a->knowledge->findings[a->patient->findings[f].finding].kind == separator->kind)
                return true;
    }
    return false;
}

/* Each pair once, from the more probable side. Whether small backward flow is there at all is a
 * question only of a man whose urine was examined. */
static bool is_unresolved(const ag_assessing *a, int mechanism, const ag_confusion *confusion) {
    const ag_mechanism_result *one = result_of(a, mechanism);
    const ag_mechanism_result *other = result_of(a, confusion->mechanism);
    double p = one->probability.value, q = other->probability.value;
    bool known = any_separator_known(a, confusion);
    bool against_none = is_conjunction(a, mechanism) || is_conjunction(a, confusion->mechanism);
    double least = known ? UNRESOLVED_RATIO * p : UNRESOLVED_NOT_EXCLUDED;
    bool from_here = p > q || (p == q && strcmp(one->id, other->id) < 0);
    return from_here && q >= least && q > 0 && p + q >= UNRESOLVED_LEAST &&
           (such_a_test_done(a, confusion) || !against_none);
}

static ag_status add_unresolved(ag_assessing *a, int mechanism, const ag_confusion *confusion) {
    if (!is_unresolved(a, mechanism, confusion))
        return AG_OK;
    ag_unresolved_result *out = &a->result->unresolved[a->result->unresolved_count++];
    bool known = any_separator_known(a, confusion);
    *out = (ag_unresolved_result){
        .mechanism = {result_of(a, mechanism)->id, result_of(a, confusion->mechanism)->id},
        .same_plan = confusion->same_plan,
        /* what the card says would tell is known already */
        .text_en = known ? NULL : confusion->text.en,
        .text_es = known ? NULL : confusion->text.es};
    ag_status status = open_separators(a, confusion, out);
    if (status != AG_OK)
        return status;
    int node_a = ag_assess_mechanism_node(a, &a->result->today, mechanism);
    int node_b = ag_assess_mechanism_node(a, &a->result->today, confusion->mechanism);
    return node_a < 0 || node_b < 0
               ? sum_of_exclusive(a, mechanism, confusion->mechanism, &out->probability)
               : probability_of_either(a, node_a, node_b, &out->probability);
}

ag_status ag_assess_unresolved(ag_assessing *a) {
    size_t room = 1;
    for (int m = 0; m < a->knowledge->mechanism_count; m++)
        room += (size_t)a->knowledge->mechanisms[m].confusion_count;
    a->result->unresolved = ag_arena_array(a->result->arena, room, sizeof *a->result->unresolved);
    if (a->result->unresolved == NULL)
        return ag_assess_no_memory(a);
    for (int m = 0; m < a->knowledge->mechanism_count; m++)
        for (int c = 0; c < a->knowledge->mechanisms[m].confusion_count; c++) {
            ag_status status = add_unresolved(a, m, &a->knowledge->mechanisms[m].confusions[c]);
            if (status != AG_OK)
                return status;
        }
    return AG_OK;
}

/* The most probable mechanism that asks for the finding, or -1. */
static int asking_mechanism(const ag_assessing *a, const ag_finding *finding) {
    for (int i = 0; i < a->result->mechanism_count; i++) {
        const ag_mechanism_result *m = &a->result->mechanisms[i];
        bool leads = a->result->leading_count > 0 && a->result->leading[0] == i;
        int mechanism = ag_assess_mechanism_index(a->knowledge, m->id);
        if ((leads || m->probability.value >= EXPECTED_LEAST) &&
            ag_indices_have(finding->expected_in, mechanism))
            return mechanism;
    }
    return -1;
}

ag_status ag_assess_expected(ag_assessing *a) {
    ag_assessment *result = a->result;
    result->expected = ag_arena_array(result->arena, (size_t)a->knowledge->finding_count + 1,
                                      sizeof *result->expected);
    if (result->expected == NULL)
        return ag_assess_no_memory(a);
    for (int f = 0; f < a->knowledge->finding_count; f++) {
        const ag_finding *finding = &a->knowledge->findings[f];
        int mechanism = known_of_patient(a->patient, f) ? -1 : asking_mechanism(a, finding);
        if (mechanism < 0)
            continue;
        const ag_variable *variable = &a->knowledge->variables[finding->variable];
        result->expected[result->expected_count++] = (ag_expected_result){
            variable->id, variable->names.en.items[0],
            a->knowledge->variables[a->knowledge->mechanisms[mechanism].variable].id};
    }
    return AG_OK;
}
