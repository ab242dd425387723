/*
 * From the cards to a network. A cause C (absent or a variant) has a link L to each function F it
 * acts on:
 *
 *     P(L = s | C = variant) = the card's probability of s,   L = normal when C is absent,
 *     F(epoch) = max over causes of L, each passed on with the cause's activity in that epoch.
 *
 * Links belong to the man and not to the epoch, so that what is seen on a medicine informs about
 * him off it. A measured value v enters as the likelihood p(v | parents), given to a binary node as
 * P(seen | parents) = p / max p.
 */
#include "clinical_network.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct node_evidence {
    int node;
    int state;                /* -1: likelihood */
    const double *likelihood; /* [states], the same for every draw */
} node_evidence;

struct ag_clinical_network {
    ag_arena *arena;
    ag_network *network;
    const ag_knowledge *knowledge;
    int epoch_count;
    int sample_count;
    int *now_nodes;    /* [variable][epoch], -1 when not built */
    int *sample_nodes; /* [variable][sample, then one implicit sample per epoch] */
    int *cause_nodes;
    int *observation_nodes;
    int onset_node;
    int *event_nodes;
    int changed_node;
    ag_model_link *links;
    int link_count;
    node_evidence *evidence;
    int evidence_count;
};

typedef struct builder {
    ag_clinical_network *model;
    const ag_situation *situation;
    ag_parameter_cache *cache;
    int draws;
    ag_arena *scratch;
    ag_error *error;
} builder;

#define TRY(call)                                                                                  \
    do {                                                                                           \
        ag_status try_status = (call);                                                             \
        if (try_status != AG_OK)                                                                   \
            return try_status;                                                                     \
    } while (0)

static ag_status no_memory(builder *b) {
    return ag_fail(b->error, AG_ERROR_MEMORY, "out of memory while building the network");
}

static double *scratch_doubles(builder *b, size_t count) {
    return ag_arena_array(b->scratch, count, sizeof(double));
}

/* ---- causes and links ---- */

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

static ag_status cause_table(builder *b, int index, double *values) {
    const ag_cause *cause = &b->model->knowledge->causes[index];
    const ag_situation_cause *fact = &b->situation->causes[index];
    const ag_parameter *prior = prior_at(cause, b->situation->age_years);
    const double *p = NULL;
    if (fact->exposure == AG_EXPOSURE_UNKNOWN && prior != NULL) {
        p = ag_parameter_cache_draws(b->cache, prior, b->draws);
        if (p == NULL)
            return no_memory(b);
    }
    for (int d = 0; d < b->draws; d++) {
        double present = fact->exposure == AG_EXPOSURE_PRESENT ? 1 : p != NULL ? p[d] : 0;
        values[d] = 1 - present;
        for (int v = 0; v < cause->variant_count; v++)
            values[(1 + v) * b->draws + d] = present * variant_weight(cause, fact, v);
    }
    return AG_OK;
}

static void remember(ag_clinical_network *model, int node, int state, const double *likelihood) {
    model->evidence[model->evidence_count++] = (node_evidence){node, state, likelihood};
}

/* What is sure of a cause is evidence, which is cut out of the network. */
static ag_status add_cause_node(builder *b, int index) {
    const ag_cause *cause = &b->model->knowledge->causes[index];
    const ag_situation_cause *fact = &b->situation->causes[index];
    int states = 1 + cause->variant_count;
    const char **names = ag_arena_array(b->scratch, (size_t)states, sizeof *names);
    double *values = scratch_doubles(b, (size_t)states * (size_t)b->draws);
    if (names == NULL || values == NULL)
        return no_memory(b);
    names[0] = "absent";
    for (int v = 0; v < cause->variant_count; v++)
        names[1 + v] = cause->variants[v].id;
    int *node = &b->model->cause_nodes[index];
    TRY(ag_network_add_variable(b->model->network, cause->id, states, names, node, b->error));
    TRY(cause_table(b, index, values));
    if (fact->exposure != AG_EXPOSURE_UNKNOWN && cause->variant_count == 1)
        remember(b->model, *node, fact->exposure == AG_EXPOSURE_PRESENT, NULL);
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
static bool acts_separately(const builder *b, int cause) {
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

static ag_status separate_link(builder *b, int cause, int node, double *values, size_t states) {
    int cause_states = 1 + b->model->knowledge->causes[cause].variant_count;
    double *presence = scratch_doubles(b, (size_t)cause_states * (size_t)b->draws);
    if (presence == NULL)
        return no_memory(b);
    TRY(cause_table(b, cause, presence));
    sum_out_cause(presence, cause_states, values, states, (size_t)b->draws);
    return ag_network_set_table(b->model->network, node, NULL, 0, values, b->draws, b->error);
}

static ag_status add_link(builder *b, int cause_index, int function) {
    const ag_knowledge *knowledge = b->model->knowledge;
    const ag_cause *cause = &knowledge->causes[cause_index];
    const ag_variable *variable = &knowledge->variables[function];
    int states = variable->states.count;
    size_t row = (size_t)states * (size_t)b->draws;
    double *values = scratch_doubles(b, row * (size_t)(1 + cause->variant_count));
    char *name = ag_arena_format(b->scratch, "%s>%s", cause->id, variable->id);
    if (values == NULL || name == NULL)
        return no_memory(b);
    for (int v = -1; v < cause->variant_count; v++) {
        double *out = values + row * (size_t)(1 + v);
        const ag_action *action = v < 0 ? NULL : action_on(&cause->variants[v], function);
        if (action == NULL)
            for (int d = 0; d < b->draws; d++)
                out[d] = 1;
        else if (!ag_parameter_cache_row(b->cache, action->states, states, b->draws, out))
            return no_memory(b);
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

static bool cause_can_be_present(const builder *b, int cause) {
    const ag_situation_cause *fact = &b->situation->causes[cause];
    return fact->exposure == AG_EXPOSURE_PRESENT ||
           (fact->exposure == AG_EXPOSURE_UNKNOWN &&
            b->model->knowledge->causes[cause].prior_count > 0);
}

static ag_status add_causes(builder *b) {
    const ag_knowledge *knowledge = b->model->knowledge;
    for (int c = 0; c < knowledge->cause_count; c++) {
        if (!cause_can_be_present(b, c))
            continue;
        if (!acts_separately(b, c))
            TRY(add_cause_node(b, c));
        for (int f = 0; f < knowledge->variable_count; f++)
            if (knowledge->variables[f].kind == AG_FUNCTION &&
                cause_acts_on(&knowledge->causes[c], f))
                TRY(add_link(b, c, f));
    }
    return AG_OK;
}

/* ---- effects ---- */

static double activity(const builder *b, int epoch, int cause) {
    return b->situation->activity[epoch][cause];
}

static bool is_felt(const builder *b, const ag_model_link *link) {
    return b->model->knowledge->variables[link->function].felt;
}

/* A node that is 1 where the link fails and its cause acts today. */
static ag_status add_acting(builder *b, ag_model_link *link, double active) {
    static const char *const names[] = {"no", "yes"};
    int states = b->model->knowledge->variables[link->function].states.count;
    double *values = scratch_doubles(b, 2 * (size_t)states);
    char *name =
        ag_arena_format(b->scratch, "%s!", ag_network_variable_name(b->model->network, link->node));
    if (values == NULL || name == NULL)
        return no_memory(b);
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
static ag_status add_link_effect(builder *b, ag_model_link *link) {
    double active = activity(b, 0, link->cause);
    if (link->effect.node >= 0 || active <= 0)
        return AG_OK;
    if (active < 1)
        return add_acting(b, link, active);
    link->effect = (ag_model_effect){link->node, ~(uint32_t)1};
    return AG_OK;
}

static ag_status add_effects(builder *b) {
    for (int l = 0; l < b->model->link_count; l++)
        TRY(add_link_effect(b, &b->model->links[l]));
    return AG_OK;
}

/* ---- functions ---- */

/* The first epoch in which the same causes act on the function in the same way. */
static int function_epoch(const builder *b, int function, int epoch) {
    for (int e = 0; e < epoch; e++) {
        bool same = true;
        for (int l = 0; l < b->model->link_count && same; l++) {
            const ag_model_link *link = &b->model->links[l];
            same = link->function != function ||
                   activity(b, e, link->cause) == activity(b, epoch, link->cause);
        }
        if (same)
            return e;
    }
    return epoch;
}

static ag_status add_function(builder *b, int function, int epoch, int node) {
    ag_clinical_network *model = b->model;
    int states = model->knowledge->variables[function].states.count;
    ag_network_link *links =
        ag_arena_array(b->scratch, (size_t)model->link_count + 1, sizeof *links);
    if (links == NULL)
        return no_memory(b);
    int count = 0;
    for (int l = 0; l < model->link_count; l++) {
        const ag_model_link *link = &model->links[l];
        double active = activity(b, epoch, link->cause);
        if (link->function != function || active <= 0)
            continue;
        double *values = scratch_doubles(b, (size_t)states * (size_t)states);
        if (values == NULL)
            return no_memory(b);
        values[0] = 1;
        for (int s = 1; s < states; s++) {
            values[s * states] = 1 - active;
            values[s * states + s] = active;
        }
        links[count++] = (ag_network_link){link->node, values, 1};
    }
    return ag_network_set_noisy_max(model->network, node, links, count, NULL, 1, b->error);
}

/* ---- variables with rows ---- */

static const ag_row *row_for(const ag_variable *variable, const int *states) {
    for (int r = 0; r < variable->row_count; r++) {
        const ag_row *row = &variable->rows[r];
        bool applies = true;
        for (int w = 0; w < row->when_count && applies; w++)
            applies = row->when[w].states >> states[row->when[w].parent] & 1;
        if (applies)
            return row;
    }
    return NULL;
}

typedef struct configurations {
    int sizes[AG_MAX_PARENTS];
    int states[AG_MAX_PARENTS];
    int parent_count;
    size_t count;
} configurations;

static configurations configurations_of(const ag_knowledge *knowledge,
                                        const ag_variable *variable) {
    configurations c = {.parent_count = variable->parent_count, .count = 1};
    for (int p = 0; p < variable->parent_count; p++) {
        c.sizes[p] = ag_knowledge_states(knowledge, variable->parents[p]);
        c.count *= (size_t)c.sizes[p];
    }
    return c;
}

/* The first parent is slowest. */
static void next_configuration(configurations *c) {
    for (int p = c->parent_count - 1; p >= 0; p--) {
        if (++c->states[p] < c->sizes[p])
            return;
        c->states[p] = 0;
    }
}

static int instance_node(builder *b, int variable, int epoch, int sample, ag_status *status);

static ag_status parent_nodes(builder *b, const ag_variable *variable, int epoch, int sample,
                              int *nodes) {
    ag_status status = AG_OK;
    for (int p = 0; p < variable->parent_count && status == AG_OK; p++) {
        ag_ref ref = variable->parents[p];
        if (!ref.is_cause) {
            nodes[p] = instance_node(b, ref.index, epoch, sample, &status);
            continue;
        }
        nodes[p] = b->model->cause_nodes[ref.index];
        if (nodes[p] < 0) { /* an excluded cause is certainly absent */
            TRY(add_cause_node(b, ref.index));
            nodes[p] = b->model->cause_nodes[ref.index];
        }
    }
    return status;
}

static ag_status set_rows(builder *b, const ag_variable *variable, int node, const int *parents) {
    configurations c = configurations_of(b->model->knowledge, variable);
    size_t states = (size_t)variable->states.count;
    size_t row_size = states * (size_t)b->draws;
    double *values = scratch_doubles(b, c.count * row_size);
    if (values == NULL)
        return no_memory(b);
    for (size_t i = 0; i < c.count; i++, next_configuration(&c)) {
        const ag_row *row = row_for(variable, c.states);
        if (row == NULL)
            return ag_fail(b->error, AG_ERROR_VALUE, "%s: no row fits some states of its parents",
                           variable->id);
        if (!ag_parameter_cache_row(b->cache, row->states, (int)states, b->draws,
                                    values + i * row_size))
            return no_memory(b);
    }
    return ag_network_set_table(b->model->network, node, parents, variable->parent_count, values,
                                b->draws, b->error);
}

static ag_status new_node(builder *b, const ag_variable *variable, int epoch, int sample,
                          int *out) {
    const char *suffix = sample >= 0 ? "sample" : "epoch";
    char *name = variable->scope == AG_SCOPE_MAN
                     ? ag_arena_copy(b->scratch, variable->id)
                     : ag_arena_format(b->scratch, "%s@%s%d", variable->id, suffix,
                                       sample >= 0 ? sample : epoch);
    if (name == NULL)
        return no_memory(b);
    return ag_network_add_variable(b->model->network, name, variable->states.count,
                                   variable->states.items, out, b->error);
}

/* A node of an earlier epoch with the very same parents serves this epoch too. */
static int twin_with_parents(const builder *b, int variable, int epoch, const int *parents,
                             int parent_count) {
    const ag_clinical_network *model = b->model;
    for (int e = 0; e < epoch; e++) {
        int node = model->now_nodes[variable * model->epoch_count + e];
        int count = 0;
        const int *others = node < 0 ? NULL : ag_network_parents(model->network, node, &count);
        if (node >= 0 && count == parent_count &&
            memcmp(others, parents, (size_t)count * sizeof *parents) == 0)
            return node;
    }
    return -1;
}

static int *instance_slot(builder *b, int variable, int epoch, int sample) {
    ag_clinical_network *model = b->model;
    ag_scope scope = model->knowledge->variables[variable].scope;
    if (scope == AG_SCOPE_SAMPLE) {
        int width = model->sample_count + model->epoch_count;
        int column = sample >= 0 ? sample : model->sample_count + epoch;
        return &model->sample_nodes[variable * width + column];
    }
    return &model->now_nodes[variable * model->epoch_count + (scope == AG_SCOPE_MAN ? 0 : epoch)];
}

/* ---- events of an imagined epoch ---- */

static const ag_change *change_of(const ag_event *event, int function) {
    for (int c = 0; c < event->change_count; c++)
        if (event->changes[c].function == function)
            return &event->changes[c];
    return NULL;
}

static bool is_changed(const builder *b, int function, int epoch) {
    bool changed = false;
    for (int e = 0; e < b->situation->event_count && epoch > 0; e++)
        changed = changed || (epoch == b->situation->imagined_epoch &&
                              change_of(&b->situation->events[e], function) != NULL);
    return changed;
}

static ag_status event_node(builder *b, int index, int *out) {
    const ag_event *event = &b->situation->events[index];
    int *node = &b->model->event_nodes[index];
    if (*node < 0) {
        char *name = ag_arena_format(b->scratch, "event %d", index);
        if (name == NULL)
            return no_memory(b);
        TRY(ag_network_add_variable(b->model->network, name, event->outcome_count, NULL, node,
                                    b->error));
        TRY(ag_network_set_table(b->model->network, *node, NULL, 0, event->p, event->draw_count,
                                 b->error));
    }
    *out = *node;
    return AG_OK;
}

/* The state that every state is sent to by an event that is sure to happen, or -1. */
static int only_state_after(const ag_event *event, const ag_change *change, int states) {
    for (int s = 1; s < states; s++)
        if (change->after[s] != change->after[0])
            return -1;
    return event->outcome_count == 1 ? change->after[0] : -1;
}

/* The function after one event, which has it as its parent before. */
static ag_status add_changed(builder *b, int function, int index, const ag_change *change,
                             int *node) {
    const ag_variable *variable = &b->model->knowledge->variables[function];
    const ag_event *event = &b->situation->events[index];
    int parents[2] = {*node, -1};
    bool sure = event->outcome_count == 1;
    char *name = ag_arena_format(b->scratch, "%s after event %d", variable->id, index);
    if (name == NULL)
        return no_memory(b);
    if (!sure)
        TRY(event_node(b, index, &parents[1]));
    TRY(ag_network_add_variable(b->model->network, name, variable->states.count,
                                variable->states.items, node, b->error));
    int only = only_state_after(event, change, variable->states.count);
    if (only >= 0)
        remember(b->model, *node, only, NULL);
    return ag_network_set_rule(b->model->network, *node, parents, sure ? 1 : 2, change->after,
                               b->error);
}

static ag_status build_changed(builder *b, int variable, int epoch, int *slot) {
    int same = function_epoch(b, variable, epoch), node;
    ag_status status = AG_OK;
    if (same != epoch) {
        node = instance_node(b, variable, same, -1, &status);
        TRY(status);
    } else {
        TRY(new_node(b, &b->model->knowledge->variables[variable], epoch, -1, &node));
        TRY(add_function(b, variable, epoch, node));
    }
    for (int e = 0; e < b->situation->event_count; e++) {
        const ag_change *change = change_of(&b->situation->events[e], variable);
        if (change != NULL)
            TRY(add_changed(b, variable, e, change, &node));
    }
    *slot = node;
    return AG_OK;
}

static ag_status build_function(builder *b, int variable, int epoch, int *slot) {
    if (is_changed(b, variable, epoch))
        return build_changed(b, variable, epoch, slot);
    int same = function_epoch(b, variable, epoch);
    if (same != epoch) {
        ag_status status = AG_OK;
        *slot = instance_node(b, variable, same, -1, &status);
        return status;
    }
    TRY(new_node(b, &b->model->knowledge->variables[variable], epoch, -1, slot));
    return add_function(b, variable, epoch, *slot);
}

static ag_status build_rows(builder *b, int variable, int epoch, int sample, int *slot) {
    const ag_variable *v = &b->model->knowledge->variables[variable];
    int parents[AG_MAX_PARENTS];
    TRY(parent_nodes(b, v, epoch, sample, parents));
    if (v->scope == AG_SCOPE_NOW && v->parent_count > 0) {
        int twin = twin_with_parents(b, variable, epoch, parents, v->parent_count);
        if (twin >= 0) {
            *slot = twin;
            return AG_OK;
        }
    }
    int column = v->scope != AG_SCOPE_SAMPLE ? -1
                 : sample >= 0               ? sample
                                             : b->model->sample_count + epoch;
    TRY(new_node(b, v, epoch, column, slot));
    return set_rows(b, v, *slot, parents);
}

static int instance_node(builder *b, int variable, int epoch, int sample, ag_status *status) {
    const ag_variable *v = &b->model->knowledge->variables[variable];
    if (v->scope == AG_SCOPE_MAN)
        epoch = 0;
    int *slot = instance_slot(b, variable, epoch, sample);
    if (*slot < 0 && *status == AG_OK)
        *status = v->kind == AG_FUNCTION ? build_function(b, variable, epoch, slot)
                                         : build_rows(b, variable, epoch, sample, slot);
    return *slot;
}

/* ---- observations ---- */

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

static ag_status measure_row(builder *b, const ag_measure *measure, const ag_observation *seen,
                             double *out) {
    const double *zero = ag_parameter_cache_draws(b->cache, &measure->zero, b->draws);
    bool only_zero = measure->family == AG_FAMILY_NONE;
    const double *median =
        only_zero ? zero : ag_parameter_cache_draws(b->cache, &measure->median, b->draws);
    const double *spread =
        only_zero ? zero : ag_parameter_cache_draws(b->cache, &measure->spread, b->draws);
    if (zero == NULL || median == NULL || spread == NULL)
        return no_memory(b);
    for (int d = 0; d < b->draws; d++)
        out[d] = only_zero ? (seen->low <= 0 ? zero[d] : 0)
                           : measure_likelihood(measure->family, zero[d], median[d], spread[d],
                                                seen->low, seen->high);
    return AG_OK;
}

static ag_status set_measure(builder *b, const ag_variable *variable, const ag_observation *seen,
                             int node, const int *parents) {
    configurations c = configurations_of(b->model->knowledge, variable);
    size_t draws = (size_t)b->draws;
    double *values = scratch_doubles(b, c.count * 2 * draws);
    if (values == NULL)
        return no_memory(b);
    double greatest = 0;
    for (size_t i = 0; i < c.count; i++, next_configuration(&c)) {
        const ag_row *row = row_for(variable, c.states);
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

static ag_status add_observation(builder *b, int index) {
    ag_clinical_network *model = b->model;
    const ag_observation *seen = &b->situation->observations[index];
    const ag_finding *finding = &model->knowledge->findings[seen->finding];
    const ag_variable *variable = &model->knowledge->variables[finding->variable];
    static const char *const binary[] = {"unseen", "seen"};
    bool quantity = finding->value == AG_VALUE_QUANTITY;
    int parents[AG_MAX_PARENTS];
    TRY(parent_nodes(b, variable, seen->epoch, seen->sample, parents));
    char *name = ag_arena_format(b->scratch, "%s#%d", variable->id, index);
    if (name == NULL)
        return no_memory(b);
    int *node = &model->observation_nodes[index];
    TRY(ag_network_add_variable(model->network, name, quantity ? 2 : variable->states.count,
                                quantity ? binary : variable->states.items, node, b->error));
    if (seen->observed)
        remember(model, *node, quantity ? 1 : seen->state, NULL);
    return quantity ? set_measure(b, variable, seen, *node, parents)
                    : set_rows(b, variable, *node, parents);
}

static ag_status add_sample_evidence(builder *b, int sample, const char *id, const double *known) {
    int variable = known == NULL ? -1 : ag_knowledge_variable(b->model->knowledge, id);
    if (variable < 0)
        return AG_OK;
    ag_status status = AG_OK;
    int node = instance_node(b, variable, b->situation->samples[sample].epoch, sample, &status);
    TRY(status);
    int states = b->model->knowledge->variables[variable].states.count;
    double *copy = ag_arena_array(b->model->arena, (size_t)states, sizeof *copy);
    if (copy == NULL)
        return no_memory(b);
    memcpy(copy, known, (size_t)states * sizeof *copy);
    remember(b->model, node, -1, copy);
    return AG_OK;
}

static ag_status add_samples(builder *b) {
    for (int s = 0; s < b->situation->sample_count; s++) {
        TRY(add_sample_evidence(b, s, "collection", b->situation->samples[s].collection));
        TRY(add_sample_evidence(b, s, "abstinence", b->situation->samples[s].abstinence));
    }
    return AG_OK;
}

/* The complaint began with the first failure that the man notices: a maximum over the links of how
 * early each would have begun (later or never, within the time he names, earlier). */
static ag_status add_link_onset(builder *b, ag_model_link *link) {
    static const char *const names[] = {"later", "within", "earlier"};
    int states = b->model->knowledge->variables[link->function].states.count;
    ag_onset_odds odds = b->situation->onset[link->cause];
    double *values = scratch_doubles(b, 3 * (size_t)states);
    char *name = ag_arena_format(b->scratch, "%s onset",
                                 ag_network_variable_name(b->model->network, link->node));
    if (values == NULL || name == NULL)
        return no_memory(b);
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

static ag_status add_onset(builder *b) {
    ag_clinical_network *model = b->model;
    static const char *const names[] = {"later", "within", "earlier"};
    static const double same[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    if (b->situation->onset == NULL)
        return AG_OK;
    ag_network_link *links =
        ag_arena_array(b->scratch, (size_t)model->link_count + 1, sizeof *links);
    if (links == NULL)
        return no_memory(b);
    int count = 0;
    for (int l = 0; l < model->link_count; l++)
        if (is_felt(b, &model->links[l]) && activity(b, 0, model->links[l].cause) > 0) {
            TRY(add_link_onset(b, &model->links[l]));
            links[count++] = (ag_network_link){model->links[l].effect.node, same, 1};
        }
    TRY(ag_network_add_variable(model->network, "onset", 3, names, &model->onset_node, b->error));
    remember(model, model->onset_node, 1, NULL);
    return ag_network_set_noisy_max(model->network, model->onset_node, links, count, NULL, 1,
                                    b->error);
}

/* ---- the whole ---- */

/* 1 where a function differs between the two. */
static ag_status add_difference(builder *b, int function, const int *nodes, int *out) {
    static const char *const names[] = {"no", "yes"};
    const ag_variable *variable = &b->model->knowledge->variables[function];
    int states = variable->states.count;
    int *rule = ag_arena_array(b->scratch, (size_t)states * (size_t)states, sizeof *rule);
    char *name = ag_arena_format(b->scratch, "%s changed", variable->id);
    if (rule == NULL || name == NULL)
        return no_memory(b);
    for (int s = 0; s < states; s++)
        for (int t = 0; t < states; t++)
            rule[s * states + t] = s != t;
    TRY(ag_network_add_variable(b->model->network, name, 2, names, out, b->error));
    return ag_network_set_rule(b->model->network, *out, nodes, 2, rule, b->error);
}

static ag_status add_changed_node(builder *b) {
    static const char *const names[] = {"no", "yes"};
    static const double same[] = {1, 0, 0, 1};
    const ag_knowledge *knowledge = b->model->knowledge;
    ag_network_link *links =
        ag_arena_array(b->scratch, (size_t)knowledge->variable_count, sizeof *links);
    if (links == NULL)
        return no_memory(b);
    ag_status status = AG_OK;
    int count = 0;
    for (int v = 0; v < knowledge->variable_count && status == AG_OK; v++) {
        if (knowledge->variables[v].kind != AG_FUNCTION)
            continue;
        int nodes[] = {instance_node(b, v, 0, -1, &status),
                       instance_node(b, v, b->situation->imagined_epoch, -1, &status)};
        if (status != AG_OK || nodes[0] == nodes[1])
            continue;
        links[count] = (ag_network_link){-1, same, 1};
        status = add_difference(b, v, nodes, &links[count++].parent);
    }
    TRY(status);
    TRY(ag_network_add_variable(b->model->network, "changed", 2, names, &b->model->changed_node,
                                b->error));
    return ag_network_set_noisy_max(b->model->network, b->model->changed_node, links, count, NULL,
                                    1, b->error);
}

/* Today's variables and effects are all built, unless one variable of an imagined epoch is what is
 * asked for: what neither it nor a finding needs would only make the network larger. */
static ag_status add_answers(builder *b) {
    const ag_knowledge *knowledge = b->model->knowledge;
    ag_status status = AG_OK;
    if (b->situation->imagined_epoch > 0) {
        ag_indices also = b->situation->imagined_also;
        int epoch = b->situation->asks_today ? 0 : b->situation->imagined_epoch;
        instance_node(b, b->situation->imagined_variable, epoch, -1, &status);
        for (int i = 0; i < also.count && status == AG_OK; i++)
            instance_node(b, also.items[i], epoch, -1, &status);
        if (status == AG_OK && b->situation->asks_change)
            status = add_changed_node(b);
        return status;
    }
    for (int v = 0; v < knowledge->variable_count && status == AG_OK; v++)
        if (knowledge->variables[v].kind != AG_FINDING && !knowledge->variables[v].conjunction &&
            knowledge->variables[v].scope != AG_SCOPE_SAMPLE)
            instance_node(b, v, 0, -1, &status);
    return status == AG_OK ? add_effects(b) : status;
}

/* Mechanisms about the sample speak of the latest one of semen, which comes first. */
static ag_status add_sample_mechanisms(builder *b) {
    const ag_knowledge *knowledge = b->model->knowledge;
    for (int m = 0; m < knowledge->mechanism_count && b->situation->semen_count > 0; m++) {
        int variable = knowledge->mechanisms[m].variable;
        if (knowledge->variables[variable].scope != AG_SCOPE_SAMPLE)
            continue;
        ag_status status = AG_OK;
        instance_node(b, variable, b->situation->samples[0].epoch, 0, &status);
        TRY(status);
    }
    return AG_OK;
}

static ag_status build_all(builder *b) {
    TRY(add_causes(b));
    TRY(add_onset(b));
    TRY(add_samples(b));
    TRY(add_sample_mechanisms(b));
    for (int i = 0; i < b->situation->observation_count; i++)
        TRY(add_observation(b, i));
    return add_answers(b);
}

static int *filled(ag_arena *arena, size_t count) {
    int *items = ag_arena_array(arena, count, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++)
        items[i] = -1;
    return items;
}

static int count_links(const ag_knowledge *knowledge) {
    int count = 0;
    for (int c = 0; c < knowledge->cause_count; c++)
        for (int v = 0; v < knowledge->causes[c].variant_count; v++)
            count += knowledge->causes[c].variants[v].action_count;
    return count;
}

/* Causes and functions after events whose state is sure. */
static size_t most_sure(const ag_knowledge *knowledge, const ag_situation *situation) {
    size_t count = (size_t)knowledge->cause_count;
    for (int e = 0; e < situation->event_count; e++)
        count += (size_t)situation->events[e].change_count;
    return count;
}

static ag_status allocate(builder *b, const ag_situation *situation) {
    ag_clinical_network *model = b->model;
    const ag_knowledge *knowledge = model->knowledge;
    size_t variables = (size_t)knowledge->variable_count;
    size_t epochs = (size_t)situation->epoch_count;
    size_t samples = (size_t)situation->sample_count;
    size_t observations = (size_t)situation->observation_count;
    model->epoch_count = situation->epoch_count;
    model->sample_count = situation->sample_count;
    model->onset_node = -1;
    model->changed_node = -1;
    model->now_nodes = filled(model->arena, variables * epochs);
    model->sample_nodes = filled(model->arena, variables * (samples + epochs));
    model->cause_nodes = filled(model->arena, (size_t)knowledge->cause_count);
    model->observation_nodes = filled(model->arena, observations);
    model->event_nodes = filled(model->arena, (size_t)situation->event_count);
    model->links =
        ag_arena_array(model->arena, (size_t)count_links(knowledge) + 1, sizeof *model->links);
    model->evidence = ag_arena_array(
        model->arena, observations + 2 * samples + most_sure(knowledge, situation) + 1,
        sizeof *model->evidence);
    if (model->now_nodes == NULL || model->sample_nodes == NULL || model->cause_nodes == NULL ||
        model->observation_nodes == NULL || model->event_nodes == NULL || model->links == NULL ||
        model->evidence == NULL)
        return no_memory(b);
    return AG_OK;
}

ag_status ag_clinical_network_build(ag_clinical_network **out, const ag_knowledge *knowledge,
                                    const ag_situation *situation, int draw_count,
                                    ag_parameter_cache *cache, ag_error *error) {
    *out = NULL;
    builder b = {.situation = situation, .cache = cache, .draws = draw_count, .error = error};
    b.model = calloc(1, sizeof *b.model);
    b.scratch = ag_arena_new();
    ag_status status = AG_OK;
    if (b.model == NULL || b.scratch == NULL || (b.model->arena = ag_arena_new()) == NULL)
        status = no_memory(&b);
    if (status == AG_OK) {
        b.model->knowledge = knowledge;
        status = allocate(&b, situation);
    }
    if (status == AG_OK)
        status = ag_network_new(&b.model->network, draw_count, error);
    if (status == AG_OK)
        status = build_all(&b);
    ag_arena_free(b.scratch);
    if (status != AG_OK) {
        ag_clinical_network_free(b.model);
        return status;
    }
    *out = b.model;
    return AG_OK;
}

void ag_clinical_network_free(ag_clinical_network *model) {
    if (model == NULL)
        return;
    ag_network_free(model->network);
    ag_arena_free(model->arena);
    free(model);
}

const ag_network *ag_clinical_network_model(const ag_clinical_network *model) {
    return model->network;
}

int ag_clinical_network_node(const ag_clinical_network *model, int variable, int epoch,
                             int sample) {
    ag_scope scope = model->knowledge->variables[variable].scope;
    if (scope == AG_SCOPE_SAMPLE)
        return sample < 0 || sample >= model->sample_count
                   ? -1
                   : model->sample_nodes[variable * (model->sample_count + model->epoch_count) +
                                         sample];
    return model->now_nodes[variable * model->epoch_count + (scope == AG_SCOPE_MAN ? 0 : epoch)];
}

ag_status ag_clinical_network_suppose_no_effect(const ag_clinical_network *model, int cause,
                                                bool holds, ag_query *query, ag_error *error) {
    for (int l = 0; l < model->link_count; l++) {
        const ag_model_link *link = &model->links[l];
        double allowed[AG_MAX_STATES];
        if (link->cause != cause || link->effect.node < 0)
            continue;
        for (int s = 0; s < AG_MAX_STATES; s++)
            allowed[s] = !(link->effect.states >> s & 1);
        if (holds)
            TRY(ag_query_set_likelihood(query, link->effect.node, allowed, 1, error));
        else
            TRY(ag_query_retract(query, link->effect.node, error));
    }
    return AG_OK;
}

int ag_clinical_network_observation_node(const ag_clinical_network *model, int observation) {
    return model->observation_nodes[observation];
}

int ag_clinical_network_changed_node(const ag_clinical_network *model) {
    return model->changed_node;
}

int ag_clinical_network_onset_node(const ag_clinical_network *model) {
    return model->onset_node;
}

const ag_model_link *ag_clinical_network_links(const ag_clinical_network *model, int *out_count) {
    *out_count = model->link_count;
    return model->links;
}

ag_status ag_clinical_network_observe(const ag_clinical_network *model, ag_query *query,
                                      ag_error *error) {
    for (int i = 0; i < model->evidence_count; i++) {
        const node_evidence *known = &model->evidence[i];
        if (known->state >= 0)
            TRY(ag_query_set_state(query, known->node, known->state, error));
        else
            TRY(ag_query_set_likelihood(query, known->node, known->likelihood, 1, error));
    }
    return AG_OK;
}

ag_status ag_clinical_network_suppose(const ag_clinical_network *model, int variable, bool holds,
                                      ag_query *query, ag_error *error) {
    const ag_variable *rule = &model->knowledge->variables[variable];
    const ag_row *row = &rule->rows[0];
    for (int w = 0; w < row->when_count; w++) {
        const ag_condition *when = &row->when[w];
        double allowed[AG_MAX_STATES];
        int node = ag_clinical_network_node(model, rule->parents[when->parent].index, 0, 0);
        for (int s = 0; s < AG_MAX_STATES; s++)
            allowed[s] = when->states >> s & 1;
        if (holds)
            TRY(ag_query_set_likelihood(query, node, allowed, 1, error));
        else
            TRY(ag_query_retract(query, node, error));
    }
    return AG_OK;
}

ag_status ag_clinical_network_leave_open(const ag_clinical_network *model, int node,
                                         ag_query *query, ag_error *error) {
    double nothing[AG_MAX_STATES];
    int states = ag_network_state_count(model->network, node);
    assert(states <= AG_MAX_STATES);
    for (int s = 0; s < states; s++)
        nothing[s] = 1;
    return ag_query_set_likelihood(query, node, nothing, 1, error);
}

ag_status ag_clinical_network_leave_parents_open(const ag_clinical_network *model, int variable,
                                                 ag_query *query, ag_error *error) {
    const ag_variable *rule = &model->knowledge->variables[variable];
    for (int w = 0; w < rule->rows[0].when_count; w++) {
        ag_ref parent = rule->parents[rule->rows[0].when[w].parent];
        TRY(ag_clinical_network_leave_open(
            model, ag_clinical_network_node(model, parent.index, 0, 0), query, error));
    }
    return AG_OK;
}
