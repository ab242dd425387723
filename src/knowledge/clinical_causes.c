/*
 * Causes, their links to functions, what counts of these, and when the complaint began. A link that
 * belongs to a cause on which the record is silent is independent of the cause's other links.
 */
#include "clinical_network_builder.h"

#include <math.h>
#include <stdlib.h>
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
    double *values = ag_builder_values(b, (size_t)states * (size_t)b->draws);
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

/* P(link = state | cause = variant), [states][draws]: normal where it does not act. */
static ag_status action_row(ag_builder *b, const ag_action *action, int states, double *out) {
    if (action != NULL)
        return ag_parameter_cache_row(b->cache, action->states, states, b->draws, out)
                   ? AG_OK
                   : ag_builder_no_memory(b);
    for (int i = 0; i < states * b->draws; i++)
        out[i] = i < b->draws;
    return AG_OK;
}

/* The distribution of a link over a cause that may be there, [states][draws], zeros at first: the
 * sum over its variants of P(variant) P(link = state | variant), and normal where it is absent. */
static ag_status separate_distribution(ag_builder *b, int index, int function, double *out) {
    const ag_cause *cause = &b->model->knowledge->causes[index];
    int states = b->model->knowledge->variables[function].states.count;
    double *presence =
        ag_builder_values(b, (size_t)(1 + cause->variant_count + states) * (size_t)b->draws);
    if (presence == NULL)
        return ag_builder_no_memory(b);
    double *row = presence + (1 + cause->variant_count) * b->draws;
    TRY(cause_table(b, index, presence));
    memcpy(out, presence, (size_t)b->draws * sizeof *out);
    for (int v = 0; v < cause->variant_count; v++) {
        const ag_action *action = action_on(&cause->variants[v], function);
        const double *weight = presence + (1 + v) * b->draws;
        TRY(action_row(b, action, states, row));
        for (int s = 0; s < (action == NULL ? 1 : states); s++)
            for (int d = 0; d < b->draws; d++)
                out[s * b->draws + d] += weight[d] * row[s * b->draws + d];
    }
    return AG_OK;
}

static ag_status add_link_node(ag_builder *b, ag_model_link *link) {
    const ag_knowledge *knowledge = b->model->knowledge;
    const ag_variable *variable = &knowledge->variables[link->function];
    char *name =
        ag_arena_format(b->scratch, "%s>%s", knowledge->causes[link->cause].id, variable->id);
    if (name == NULL)
        return ag_builder_no_memory(b);
    return ag_network_add_variable(b->model->network, name, variable->states.count,
                                   variable->states.items, &link->node, b->error);
}

static ag_model_link *new_link(ag_builder *b, int cause, int function) {
    ag_model_link *link = &b->model->links[b->model->link_count++];
    *link = (ag_model_link){
        .cause = cause, .function = function, .node = -1, .background = -1, .effect = {.node = -1}};
    return link;
}

/* The parameters of a cause's first action on the function: an address of its own. */
static const void *key_of(const ag_cause *cause, int function) {
    const ag_action *action = NULL;
    for (int v = 0; v < cause->variant_count && action == NULL; v++)
        action = action_on(&cause->variants[v], function);
    return action->states;
}

/* It depends on the card and the prior alone, so that it is made once for many men. */
static ag_status kept_distribution(ag_builder *b, int index, int function,
                                   const ag_link_prior **out) {
    const ag_cause *cause = &b->model->knowledge->causes[index];
    const void *key = key_of(cause, function);
    const void *prior = prior_at(cause, b->situation->age_years);
    size_t states = (size_t)b->model->knowledge->variables[function].states.count;
    *out = ag_parameter_cache_kept(b->cache, key, prior, b->draws);
    if (*out != NULL)
        return AG_OK;
    ag_link_prior *link = calloc(1, sizeof *link + states * (size_t)b->draws * sizeof *link->p);
    *out = link;
    if (link == NULL)
        return ag_builder_no_memory(b);
    ag_status status = separate_distribution(b, index, function, link->p);
    if (status != AG_OK) {
        free(link);
        return status;
    }
    for (int d = 0; d < b->draws; d++) {
        link->surely_fails = link->surely_fails || !(link->p[d] > 0);
        link->fails += 1 - link->p[d];
    }
    return ag_parameter_cache_keep(b->cache, key, prior, b->draws, link, free)
               ? AG_OK
               : ag_builder_no_memory(b);
}

/* A link that is a root: one of the function's background, or else a node of its own. */
static ag_status add_separate_link(ag_builder *b, int cause, int function) {
    const ag_link_prior *prior;
    TRY(kept_distribution(b, cause, function, &prior));
    ag_model_link *link = new_link(b, cause, function);
    if (!ag_builder_sums_up(b, cause, function, prior)) {
        TRY(add_link_node(b, link));
        return ag_network_set_table(b->model->network, link->node, NULL, 0, prior->p, b->draws,
                                    b->error);
    }
    ag_silent_link *silent = &b->model->silent[b->model->link_count - 1];
    silent->prior = prior;
    if (b->situation->onset != NULL)
        silent->onset = b->situation->onset[cause];
    link->background = ag_builder_background(b, function);
    return AG_OK;
}

static ag_status make_link_table(ag_builder *b, const ag_cause *cause, int function,
                                 const ag_network_table **out) {
    int states = b->model->knowledge->variables[function].states.count;
    size_t row = (size_t)states * (size_t)b->draws, rows = (size_t)(1 + cause->variant_count);
    double *values = ag_builder_values(b, row * rows);
    if (values == NULL)
        return ag_builder_no_memory(b);
    for (int v = -1; v < cause->variant_count; v++)
        TRY(action_row(b, v < 0 ? NULL : action_on(&cause->variants[v], function), states,
                       values + row * (size_t)(1 + v)));
    return ag_builder_keep_table(b, key_of(cause, function), states, rows, values, out);
}

static ag_status add_link(ag_builder *b, int index, int function) {
    const ag_cause *cause = &b->model->knowledge->causes[index];
    const ag_network_table *table = ag_builder_kept_table(b, key_of(cause, function));
    if (table == NULL)
        TRY(make_link_table(b, cause, function, &table));
    ag_model_link *link = new_link(b, index, function);
    TRY(add_link_node(b, link));
    return ag_network_set_shared_table(b->model->network, link->node, &b->model->cause_nodes[index],
                                       1, table, b->error);
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
        bool separate = acts_separately(b, c);
        if (!separate)
            TRY(ag_builder_add_cause(b, c));
        for (int f = 0; f < knowledge->variable_count; f++)
            if (knowledge->variables[f].kind == AG_FUNCTION &&
                cause_acts_on(&knowledge->causes[c], f))
                TRY(separate ? add_separate_link(b, c, f) : add_link(b, c, f));
    }
    return ag_builder_add_backgrounds(b);
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
    if (link->background >= 0 || link->effect.node >= 0 || active <= 0)
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
    ag_network_link *links = ag_arena_array(
        b->scratch, (size_t)(model->link_count + model->background_count) + 1, sizeof *links);
    if (links == NULL)
        return ag_builder_no_memory(b);
    int count = 0;
    for (int g = 0; g < model->background_count; g++)
        if (model->backgrounds[g].with_onset)
            TRY(ag_builder_background_onset(b, &model->backgrounds[g], &links[count++]));
    for (int l = 0; l < model->link_count; l++)
        if (model->links[l].background < 0 && is_felt(b, &model->links[l]) &&
            ag_builder_activity(b, 0, model->links[l].cause) > 0) {
            TRY(add_link_onset(b, &model->links[l]));
            links[count++] = (ag_network_link){model->links[l].effect.node, same, 1};
        }
    TRY(ag_network_add_variable(model->network, "onset", 3, names, &model->onset_node, b->error));
    ag_builder_remember(model, model->onset_node, 1, NULL);
    return ag_network_set_noisy_max(model->network, model->onset_node, links, count, NULL, 1,
                                    b->error);
}
