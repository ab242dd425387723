/*
 * Causes, their links to functions, what counts of these, and when the complaint began. A link that
 * belongs to a cause on which the record is silent is a root of its own.
 */
#include "clinical_network_builder.h"

#include <math.h>
#include <string.h>

static const ag_parameter *prior_at(const ag_cause *cause, double age_years) {
    const double middle_age = 40;
    double age = isnan(age_years) ? middle_age : age_years;
    const ag_parameter *p = cause->prior_count > 0 ? &cause->priors[0].p : NULL;
    for (int i = 1; i < cause->prior_count; i++)
        if (cause->priors[i].from_age <= age)
            p = &cause->priors[i].p;
    return p;
}

static double variant_weight(const ag_cause *cause, const ag_situation_cause *fact, int variant) {
    if (fact->variant_weights != NULL)
        return fact->variant_weights[variant];
    return cause->variants[variant].share;
}

static ag_status cause_table(ag_builder *b, int index, double *values) {
    const ag_cause *cause = &b->model->knowledge->causes[index];
    const ag_situation_cause *fact = &b->situation->causes[index];
    const ag_parameter *prior = prior_at(cause, b->situation->age_years);
    const double *p = NULL;
    if (fact->exposure == AG_EXPOSURE_UNKNOWN && prior != NULL) {
        p = ag_parameter_cache_draws(b->cache, prior, b->draws);
        if (p == NULL)
            return ag_builder_no_memory(b);
    }
    for (int d = 0; d < b->draws; d++) {
        double present = fact->exposure == AG_EXPOSURE_PRESENT ? 1 : p != NULL ? p[d] : 0;
        values[d] = 1 - present;
        for (int v = 0; v < cause->variant_count; v++)
            values[(1 + v) * b->draws + d] = present * variant_weight(cause, fact, v);
    }
    return AG_OK;
}

/* What is sure of a cause is evidence, which is cut out of the network. */
ag_status ag_builder_add_cause(ag_builder *b, int index) {
    const ag_cause *cause = &b->model->knowledge->causes[index];
    const ag_situation_cause *fact = &b->situation->causes[index];
    int states = 1 + cause->variant_count;
    const char **names = ag_arena_array(b->scratch, (size_t)states, sizeof *names);
    double *values = ag_builder_doubles(b, (size_t)states * (size_t)b->draws);
    if (names == NULL || values == NULL)
        return ag_builder_no_memory(b);
    names[0] = "absent";
    for (int v = 0; v < cause->variant_count; v++)
        names[1 + v] = cause->variants[v].id;
    int *node = &b->model->cause_nodes[index];
    TRY(ag_network_add_variable(b->model->network, cause->id, states, names, node, b->error));
    TRY(cause_table(b, index, values));
    if (fact->exposure != AG_EXPOSURE_UNKNOWN && cause->variant_count == 1)
        ag_builder_remember(b->model, *node, fact->exposure == AG_EXPOSURE_PRESENT, NULL);
    return ag_network_set_table(b->model->network, *node, NULL, 0, values, b->draws, b->error);
}

static const ag_action *action_on(const ag_variant *variant, int function) {
    for (int a = 0; a < variant->action_count; a++)
        if (variant->actions[a].function == function)
            return &variant->actions[a];
    return NULL;
}

/* A cause on which the record is silent acts on each function separately: its links are then roots
 * of their own. That keeps the functions apart in the network, at the price of the correlation that
 * a rare unknown cause would bring. Causes that may well be there unknown and strike several
 * functions at once are marked `together`. */
static bool acts_separately(const ag_builder *b, int cause) {
    if (b->situation->causes[cause].exposure != AG_EXPOSURE_UNKNOWN ||
        b->model->knowledge->causes[cause].together)
        return false;
    for (int i = 0; i < b->situation->observation_count; i++) {
        int finding = b->situation->observations[i].finding;
        const ag_variable *variable =
            &b->model->knowledge->variables[b->model->knowledge->findings[finding].variable];
        for (int p = 0; p < variable->parent_count; p++)
            if (variable->parents[p].is_cause && variable->parents[p].index == cause)
                return false;
    }
    return true;
}

/* The distribution of a link over an unrecorded cause: sum over its states of P(state) P(link |
 * state). */
static void sum_out_cause(const double *cause, int cause_states, double *values, size_t states,
                          size_t draws) {
    for (size_t s = 0; s < states; s++)
        for (size_t d = 0; d < draws; d++) {
            double sum = 0;
            for (int c = 0; c < cause_states; c++)
                sum += cause[(size_t)c * draws + d] * values[((size_t)c * states + s) * draws + d];
            values[s * draws + d] = sum;
        }
}

static ag_status separate_link(ag_builder *b, int cause, int node, double *values, size_t states) {
    int cause_states = 1 + b->model->knowledge->causes[cause].variant_count;
    double *presence = ag_builder_doubles(b, (size_t)cause_states * (size_t)b->draws);
    if (presence == NULL)
        return ag_builder_no_memory(b);
    TRY(cause_table(b, cause, presence));
    sum_out_cause(presence, cause_states, values, states, (size_t)b->draws);
    return ag_network_set_table(b->model->network, node, NULL, 0, values, b->draws, b->error);
}

static ag_status add_link(ag_builder *b, int cause_index, int function) {
    const ag_knowledge *knowledge = b->model->knowledge;
    const ag_cause *cause = &knowledge->causes[cause_index];
    const ag_variable *variable = &knowledge->variables[function];
    int states = variable->states.count;
    size_t row = (size_t)states * (size_t)b->draws;
    double *values = ag_builder_doubles(b, row * (size_t)(1 + cause->variant_count));
    char *name = ag_arena_format(b->scratch, "%s>%s", cause->id, variable->id);
    if (values == NULL || name == NULL)
        return ag_builder_no_memory(b);
    for (int v = -1; v < cause->variant_count; v++) {
        double *out = values + row * (size_t)(1 + v);
        const ag_action *action = v < 0 ? NULL : action_on(&cause->variants[v], function);
        if (action == NULL)
            for (int d = 0; d < b->draws; d++)
                out[d] = 1;
        else if (!ag_parameter_cache_row(b->cache, action->states, states, b->draws, out))
            return ag_builder_no_memory(b);
    }
    ag_model_link *link = &b->model->links[b->model->link_count++];
    link->cause = cause_index;
    link->function = function;
    link->effect.node = -1;
    TRY(ag_network_add_variable(b->model->network, name, states, variable->states.items,
                                &link->node, b->error));
    if (acts_separately(b, cause_index))
        return separate_link(b, cause_index, link->node, values, (size_t)states);
    return ag_network_set_table(b->model->network, link->node, &b->model->cause_nodes[cause_index],
                                1, values, b->draws, b->error);
}

static bool cause_acts_on(const ag_cause *cause, int function) {
    for (int v = 0; v < cause->variant_count; v++)
        if (action_on(&cause->variants[v], function) != NULL)
            return true;
    return false;
}

static bool cause_can_be_present(const ag_builder *b, int cause) {
    const ag_situation_cause *fact = &b->situation->causes[cause];
    return fact->exposure == AG_EXPOSURE_PRESENT ||
           (fact->exposure == AG_EXPOSURE_UNKNOWN &&
            b->model->knowledge->causes[cause].prior_count > 0);
}

ag_status ag_builder_add_causes(ag_builder *b) {
    const ag_knowledge *knowledge = b->model->knowledge;
    for (int c = 0; c < knowledge->cause_count; c++) {
        if (!cause_can_be_present(b, c))
            continue;
        if (!acts_separately(b, c))
            TRY(ag_builder_add_cause(b, c));
        for (int f = 0; f < knowledge->variable_count; f++)
            if (knowledge->variables[f].kind == AG_FUNCTION &&
                cause_acts_on(&knowledge->causes[c], f))
                TRY(add_link(b, c, f));
    }
    return AG_OK;
}

/* ---- effects ---- */

double ag_builder_activity(const ag_builder *b, int epoch, int cause) {
    return b->situation->activity[epoch][cause];
}

static bool is_felt(const ag_builder *b, const ag_model_link *link) {
    return b->model->knowledge->variables[link->function].felt;
}

/* A node that is 1 where the link fails and its cause acts today. */
static ag_status add_acting(ag_builder *b, ag_model_link *link, double active) {
    static const char *const names[] = {"no", "yes"};
    int states = b->model->knowledge->variables[link->function].states.count;
    double *values = ag_builder_doubles(b, 2 * (size_t)states);
    char *name =
        ag_arena_format(b->scratch, "%s!", ag_network_variable_name(b->model->network, link->node));
    if (values == NULL || name == NULL)
        return ag_builder_no_memory(b);
    values[0] = 1;
    for (int s = 1; s < states; s++) {
        values[2 * s] = 1 - active;
        values[2 * s + 1] = active;
    }
    int parent = link->node;
    TRY(ag_network_add_variable(b->model->network, name, 2, names, &link->effect.node, b->error));
    link->effect.states = 1 << 1;
    return ag_network_set_table(b->model->network, link->effect.node, &parent, 1, values, 1,
                                b->error);
}

/* Where the onset of the complaint is known, the effect that counts is one that began then. */
static ag_status add_link_effect(ag_builder *b, ag_model_link *link) {
    double active = ag_builder_activity(b, 0, link->cause);
    if (link->effect.node >= 0 || active <= 0)
        return AG_OK;
    if (active < 1)
        return add_acting(b, link, active);
    link->effect = (ag_model_effect){link->node, ~(uint32_t)1};
    return AG_OK;
}

ag_status ag_builder_add_effects(ag_builder *b) {
    for (int l = 0; l < b->model->link_count; l++)
        TRY(add_link_effect(b, &b->model->links[l]));
    return AG_OK;
}

/* ---- onset ---- */

/* The complaint began with the first failure that the man notices: a maximum over the links of how
 * early each would have begun (later or never, within the time he names, earlier). */
static ag_status add_link_onset(ag_builder *b, ag_model_link *link) {
    static const char *const names[] = {"later", "within", "earlier"};
    int states = b->model->knowledge->variables[link->function].states.count;
    ag_onset_odds odds = b->situation->onset[link->cause];
    double *values = ag_builder_doubles(b, 3 * (size_t)states);
    char *name = ag_arena_format(b->scratch, "%s onset",
                                 ag_network_variable_name(b->model->network, link->node));
    if (values == NULL || name == NULL)
        return ag_builder_no_memory(b);
    values[0] = 1;
    for (int s = 1; s < states; s++)
        memcpy(values + 3 * s, (double[]){odds.later, odds.within, odds.earlier},
               3 * sizeof *values);
    int parent = link->node;
    TRY(ag_network_add_variable(b->model->network, name, 3, names, &link->effect.node, b->error));
    link->effect.states = 1 << 1;
    return ag_network_set_table(b->model->network, link->effect.node, &parent, 1, values, 1,
                                b->error);
}

ag_status ag_builder_add_onset(ag_builder *b) {
    ag_clinical_network *model = b->model;
    static const char *const names[] = {"later", "within", "earlier"};
    static const double same[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    if (b->situation->onset == NULL)
        return AG_OK;
    ag_network_link *links =
        ag_arena_array(b->scratch, (size_t)model->link_count + 1, sizeof *links);
    if (links == NULL)
        return ag_builder_no_memory(b);
    int count = 0;
    for (int l = 0; l < model->link_count; l++)
        if (is_felt(b, &model->links[l]) && ag_builder_activity(b, 0, model->links[l].cause) > 0) {
            TRY(add_link_onset(b, &model->links[l]));
            links[count++] = (ag_network_link){model->links[l].effect.node, same, 1};
        }
    TRY(ag_network_add_variable(model->network, "onset", 3, names, &model->onset_node, b->error));
    ag_builder_remember(model, model->onset_node, 1, NULL);
    return ag_network_set_noisy_max(model->network, model->onset_node, links, count, NULL, 1,
                                    b->error);
}
