/* Failures that no mechanism of missing semen names, and what brings them about. */
#include "assessment.h"

#include <string.h>

static const double TOLD_LEAST = 0.5;
static const double CAUSE_LEAST = 0.1;

static int state_index(const ag_variable *variable, const char *id) {
    for (int s = 0; s < variable->states.count; s++)
        if (strcmp(variable->states.items[s], id) == 0)
            return s;
    return 0;
}

/* The cause whose link is most probably in one of the states that the function's failure has. */
static void find_cause(const ag_assessing *a, int function, uint32_t states,
                       ag_beside_result *out) {
    const ag_posterior *today = &a->result->today;
    int link_count;
    const ag_model_link *links = ag_clinical_network_links(today->clinical, &link_count);
    for (int l = 0; l < link_count; l++) {
        ag_link_posterior link;
        double values[AG_DRAWS];
        if (links[l].function != function)
            continue;
        ag_posterior_link(today, l, &link);
        ag_estimate p = ag_estimate_of(values, ag_link_draws(today, &link, states, values));
        if (p.value < CAUSE_LEAST ||
            (out->cause != NULL && p.value <= out->cause_probability.value))
            continue;
        out->cause = a->knowledge->causes[links[l].cause].id;
        out->cause_probability = p;
    }
}

/* Of a function's failures the most probable one. */
static void tell(ag_assessing *a, int function, int node) {
    const ag_variable *variable = &a->knowledge->variables[function];
    ag_beside_result best = {.function = variable->id};
    double values[AG_DRAWS];
    int state = 0;
    for (int b = 0; b < variable->beside_count; b++) {
        int s = state_index(variable, variable->beside[b].state);
        int count = ag_posterior_draws(&a->result->today, node, 1u << s, values);
        ag_estimate p = ag_estimate_of(values, count);
        if (count == 0 || p.value <= best.probability.value)
            continue;
        state = s;
        best.state = variable->beside[b].state;
        best.text_en = variable->beside[b].text.en;
        best.text_es = variable->beside[b].text.es;
        best.probability = p;
    }
    if (best.probability.value < TOLD_LEAST)
        return;
    find_cause(a, function, 1u << state, &best);
    a->result->beside[a->result->beside_count++] = best;
}

ag_status ag_assess_beside(ag_assessing *a) {
    const ag_knowledge *k = a->knowledge;
    a->result->beside =
        ag_arena_array(a->result->arena, (size_t)k->variable_count + 1, sizeof *a->result->beside);
    if (a->result->beside == NULL)
        return ag_assess_no_memory(a);
    for (int v = 0; v < k->variable_count; v++) {
        if (k->variables[v].beside_count == 0)
            continue;
        int node = ag_clinical_network_node(a->result->today.clinical, v, AG_EPOCH_TODAY, -1);
        if (node >= 0)
            tell(a, v, node);
    }
    return AG_OK;
}
