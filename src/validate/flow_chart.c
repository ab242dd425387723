#include "flow_chart.h"

#include <math.h>
#include <string.h>

#include "files.h"
#include "patient.h"
#include "text.h"

typedef struct chart_reader {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    ag_error *error;
} chart_reader;

static ag_status fail_node(chart_reader *r, const ag_node *node, const char *message) {
    return ag_fail_at(r->error, AG_ERROR_VALUE, node->line, node->column, "%s", message);
}

/* ---- reading ---- */

static bool is_range(const ag_node *node, double *low, double *high) {
    return node->kind == AG_NODE_LIST && node->count == 2 && node->first->kind == AG_NODE_TEXT &&
           node->first->next->kind == AG_NODE_TEXT && ag_text_number(node->first->text, low) &&
           ag_text_number(node->first->next->text, high);
}

static ag_status read_states(chart_reader *r, const ag_node *node, const ag_variable *variable,
                             ag_chart_condition *out) {
    ag_texts names;
    ag_status status = ag_node_texts(r->arena, node, &names, r->error);
    for (int i = 0; i < names.count && status == AG_OK; i++) {
        int s = 0;
        while (s < variable->states.count && strcmp(variable->states.items[s], names.items[i]) != 0)
            s++;
        if (s == variable->states.count)
            return fail_node(r, node, "this finding has no such state");
        out->states |= 1u << s;
    }
    return status;
}

static ag_status read_condition(chart_reader *r, const ag_node *node, ag_chart_condition *out) {
    *out = (ag_chart_condition){.finding = -1, .low = NAN, .high = NAN};
    if (strcmp(node->key, "groups") == 0)
        return ag_node_texts(r->arena, node, &out->groups, r->error);
    int variable = ag_knowledge_variable(r->knowledge, node->key);
    const ag_finding *finding =
        variable >= 0 ? ag_knowledge_finding_of(r->knowledge, variable) : NULL;
    if (finding == NULL)
        return fail_node(r, node, "there is no finding of this id");
    out->finding = (int)(finding - r->knowledge->findings);
    out->unknown = node->kind == AG_NODE_TEXT && strcmp(node->text, "unknown") == 0;
    if (out->unknown)
        return AG_OK;
    if (finding->value != AG_VALUE_QUANTITY)
        return read_states(r, node, &r->knowledge->variables[variable], out);
    return is_range(node, &out->low, &out->high)
               ? AG_OK
               : fail_node(r, node, "a quantity has a range here: [low, high)");
}

static ag_status read_step(chart_reader *r, const ag_node *node, ag_chart_step *out) {
    const ag_node *name = ag_node_get(node, "name"), *when = ag_node_get(node, "if");
    if (node->kind != AG_NODE_MAP || name == NULL || name->kind != AG_NODE_TEXT ||
        ag_node_get(node, "then") == NULL)
        return fail_node(r, node, "a step has name, if and then");
    out->name = name->text;
    ag_status status =
        ag_node_mechanisms(r->arena, r->knowledge, ag_node_get(node, "then"), &out->then, r->error);
    for (const ag_node *n = when != NULL ? when->first : NULL; n != NULL && status == AG_OK;
         n = n->next) {
        if (when->kind != AG_NODE_MAP || out->condition_count == AG_CHART_CONDITIONS)
            return fail_node(r, n, "if is a map of at most 8 findings");
        status = read_condition(r, n, &out->conditions[out->condition_count++]);
    }
    return status;
}

static ag_status read_root(chart_reader *r, const ag_node *root, ag_flow_chart *out) {
    const ag_node *steps = ag_node_get(root, "steps");
    if (steps == NULL || steps->kind != AG_NODE_LIST)
        return ag_fail_at(r->error, AG_ERROR_VALUE, 1, 1, "a flow chart has source and steps");
    ag_chart_step *items = ag_arena_array(r->arena, (size_t)steps->count + 1, sizeof *items);
    out->steps = items;
    ag_status status =
        items != NULL ? ag_publication_read(&out->source, ag_node_get(root, "source"), r->error)
                      : ag_fail(r->error, AG_ERROR_MEMORY, "out of memory");
    for (const ag_node *n = steps->first; n != NULL && status == AG_OK; n = n->next)
        status = read_step(r, n, &items[out->step_count++]);
    return status;
}

ag_status ag_flow_chart_read(ag_flow_chart *out, ag_arena *arena, const ag_knowledge *knowledge,
                             const char *path, ag_error *error) {
    const char *text;
    size_t length;
    const ag_node *root = NULL;
    chart_reader r = {arena, knowledge, error};
    *out = (ag_flow_chart){0};
    ag_status status = ag_file_read(arena, path, &text, &length, error);
    if (status == AG_OK)
        status = ag_yaml_parse(arena, text, length, &root, error);
    if (status == AG_OK)
        status = read_root(&r, root, out);
    if (status != AG_OK)
        ag_fault_where(error, path);
    return status;
}

/* ---- answering ---- */

static bool fits(const ag_chart_condition *condition, const ag_finding_fact *fact) {
    if (fact->state >= 0)
        return condition->states >> fact->state & 1;
    return fact->low >= condition->low && fact->high <= condition->high &&
           fact->low < condition->high;
}

static bool group_recorded(const ag_chart_condition *condition, const ag_patient *patient) {
    for (int i = 0; i < patient->cause_count; i++) {
        const char *group = patient->knowledge->causes[patient->causes[i].cause].group;
        for (int g = 0; g < condition->groups.count && patient->causes[i].present; g++)
            if (group != NULL && strcmp(group, condition->groups.items[g]) == 0)
                return true;
    }
    return false;
}

static bool holds(const ag_chart_condition *condition, const ag_patient *patient) {
    if (condition->finding < 0)
        return group_recorded(condition, patient);
    bool seen = false;
    for (int i = 0; i < patient->finding_count; i++) {
        if (patient->findings[i].finding != condition->finding)
            continue;
        seen = true;
        if (!condition->unknown && fits(condition, &patient->findings[i]))
            return true;
    }
    return condition->unknown && !seen;
}

const ag_chart_step *ag_flow_chart_answer(const ag_flow_chart *chart, const ag_patient *patient) {
    for (int s = 0; s < chart->step_count; s++) {
        bool all = true;
        for (int c = 0; c < chart->steps[s].condition_count && all; c++)
            all = holds(&chart->steps[s].conditions[c], patient);
        if (all)
            return &chart->steps[s];
    }
    return NULL;
}
