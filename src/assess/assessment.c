/* Reading an assessment, and the sources it rests on. */
#include "assessment.h"

#include <string.h>

int ag_assessment_mechanism_count(const ag_assessment *assessment) {
    return assessment->mechanism_count;
}

const ag_mechanism_result *ag_assessment_mechanism(const ag_assessment *assessment, int i) {
    return &assessment->mechanisms[i];
}

int ag_assessment_cause_count(const ag_assessment *assessment) {
    return assessment->cause_count;
}

const ag_cause_result *ag_assessment_cause(const ag_assessment *assessment, int i) {
    return &assessment->causes[i];
}

int ag_assessment_finding_count(const ag_assessment *assessment) {
    return assessment->finding_count;
}

const ag_finding_result *ag_assessment_finding(const ag_assessment *assessment, int i) {
    return &assessment->findings[i];
}

int ag_assessment_beside_count(const ag_assessment *assessment) {
    return assessment->beside_count;
}

const ag_beside_result *ag_assessment_beside(const ag_assessment *assessment, int i) {
    return &assessment->beside[i];
}

int ag_assessment_left_out_count(const ag_assessment *assessment) {
    return assessment->man->left_out_count;
}

const char *ag_assessment_left_out(const ag_assessment *assessment, int i, const char **where) {
    const ag_finding_fact *fact = &assessment->patient->findings[assessment->man->left_out[i]];
    *where = fact->where;
    return fact->text;
}

int ag_assessment_unresolved_count(const ag_assessment *assessment) {
    return assessment->unresolved_count;
}

const ag_unresolved_result *ag_assessment_unresolved(const ag_assessment *assessment, int i) {
    return &assessment->unresolved[i];
}

int ag_assessment_expected_count(const ag_assessment *assessment) {
    return assessment->expected_count;
}

const ag_expected_result *ag_assessment_expected(const ag_assessment *assessment, int i) {
    return &assessment->expected[i];
}

int ag_assessment_leading_count(const ag_assessment *assessment) {
    return assessment->leading_count;
}

const ag_mechanism_result *ag_assessment_leading(const ag_assessment *assessment, int i) {
    return &assessment->mechanisms[assessment->leading[i]];
}

ag_estimate ag_assessment_route(const ag_assessment *assessment, ag_semen_route route) {
    return assessment->routes[route];
}

double ag_assessment_log_evidence(const ag_assessment *assessment) {
    return assessment->log_evidence;
}

int ag_assessment_source_count(const ag_assessment *assessment) {
    return assessment->source_count;
}

const char *ag_assessment_source(const ag_assessment *assessment, int i) {
    return assessment->sources[i];
}

/* ---- sources ---- */

/* Whether the list names this record or another one of the same study. */
static bool names_study(const ag_knowledge *knowledge, const char *const *items, int count,
                        const ag_evidence *record) {
    for (int i = 0; i < count; i++) {
        const ag_evidence *other = &knowledge->evidence[ag_knowledge_evidence(knowledge, items[i])];
        if (other == record || ag_evidence_same_study(other, record))
            return true;
    }
    return false;
}

void ag_source_list_add(ag_source_list *list, const ag_knowledge *knowledge,
                        const ag_parameter *parameter) {
    const int room = (int)(sizeof list->items / sizeof *list->items);
    for (int i = 0; i < parameter->evidence.count; i++) {
        const ag_evidence *record = &knowledge->evidence[parameter->evidence.items[i]];
        if (list->count < room && !names_study(knowledge, list->items, list->count, record))
            list->items[list->count++] = record->id;
    }
}

const char *const *ag_source_list_keep(const ag_source_list *list, ag_arena *arena) {
    const char **copy = ag_arena_array(arena, (size_t)list->count + 1, sizeof *copy);
    if (copy != NULL)
        memcpy(copy, list->items, (size_t)list->count * sizeof *copy);
    return copy;
}

/* Each study stands once: a record of one that is already listed takes that one's place. */
static void gather(const ag_knowledge *knowledge, ag_assessment *result, const char **ids,
                   int count) {
    for (int i = 0; i < count; i++) {
        const ag_evidence *record = &knowledge->evidence[ag_knowledge_evidence(knowledge, ids[i])];
        int at = 0;
        while (at < result->source_count &&
               !names_study(knowledge, &result->sources[at], 1, record))
            at++;
        if (at == result->source_count)
            result->sources[result->source_count++] = ids[i];
        ids[i] = result->sources[at];
    }
}

/* In the order in which the report speaks of them: causes, then findings. */
ag_status ag_assess_sources(ag_assessing *a) {
    ag_assessment *result = a->result;
    result->sources = ag_arena_array(result->arena, (size_t)a->knowledge->evidence_count + 1,
                                     sizeof *result->sources);
    if (result->sources == NULL)
        return ag_assess_no_memory(a);
    for (int i = 0; i < result->cause_count; i++)
        gather(a->knowledge, result, (const char **)result->causes[i].sources,
               result->causes[i].source_count);
    for (int i = 0; i < result->finding_count; i++)
        gather(a->knowledge, result, (const char **)result->findings[i].sources,
               result->findings[i].source_count);
    return AG_OK;
}
