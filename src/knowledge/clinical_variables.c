/*
 * Functions in an epoch, what events make of them, and the variables that follow from them by the
 * rows of their cards. What is the same in two epochs is one node.
 */
#include "clinical_network_builder.h"

#include <string.h>

/* ---- functions ---- */

/* A link to the function that has a node of its own. */
static bool is_own_link(const ag_model_link *link, int function) {
    return link->function == function && link->background < 0;
}

/* The first epoch in which the same causes act on the function in the same way. */
static int function_epoch(const ag_builder *b, int function, int epoch) {
    for (int e = 0; e < epoch; e++) {
        bool same = true;
        for (int l = 0; l < b->model->link_count && same; l++) {
            const ag_model_link *link = &b->model->links[l];
            same = !is_own_link(link, function) || ag_builder_activity(b, e, link->cause) ==
                                                       ag_builder_activity(b, epoch, link->cause);
        }
        if (same)
            return e;
    }
    return epoch;
}

static ag_status add_function(ag_builder *b, int function, int epoch, int node) {
    ag_clinical_network *model = b->model;
    int states = model->knowledge->variables[function].states.count;
    ag_network_link *links =
        ag_arena_array(b->scratch, (size_t)model->link_count + 1, sizeof *links);
    if (links == NULL)
        return ag_builder_no_memory(b);
    int count = 0;
    const ag_background *background = ag_builder_background_of(b, function);
    if (background != NULL)
        TRY(ag_builder_background_function(b, background, &links[count++]));
    for (int l = 0; l < model->link_count; l++) {
        const ag_model_link *link = &model->links[l];
        double active = ag_builder_activity(b, epoch, link->cause);
        if (!is_own_link(link, function) || active <= 0)
            continue;
        double *values = ag_builder_doubles(b, (size_t)states * (size_t)states);
        if (values == NULL)
            return ag_builder_no_memory(b);
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

const ag_row *ag_builder_row_for(const ag_variable *variable, const int *states) {
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

ag_configurations ag_configurations_of(const ag_knowledge *knowledge, const ag_variable *variable) {
    ag_configurations c = {.parent_count = variable->parent_count, .count = 1};
    for (int p = 0; p < variable->parent_count; p++) {
        c.sizes[p] = ag_knowledge_states(knowledge, variable->parents[p]);
        c.count *= (size_t)c.sizes[p];
    }
    return c;
}

/* The first parent is slowest. */
void ag_configurations_next(ag_configurations *c) {
    for (int p = c->parent_count - 1; p >= 0; p--) {
        if (++c->states[p] < c->sizes[p])
            return;
        c->states[p] = 0;
    }
}

int ag_builder_node(ag_builder *b, int variable, int epoch, int sample, ag_status *status);

ag_status ag_builder_parents(ag_builder *b, const ag_variable *variable, int epoch, int sample,
                             int *nodes) {
    ag_status status = AG_OK;
    for (int p = 0; p < variable->parent_count && status == AG_OK; p++) {
        ag_ref ref = variable->parents[p];
        if (!ref.is_cause) {
            nodes[p] = ag_builder_node(b, ref.index, epoch, sample, &status);
            continue;
        }
        nodes[p] = b->model->cause_nodes[ref.index];
        if (nodes[p] < 0) { /* an excluded cause is certainly absent */
            TRY(ag_builder_add_cause(b, ref.index));
            nodes[p] = b->model->cause_nodes[ref.index];
        }
    }
    return status;
}

static ag_status make_rows(ag_builder *b, const ag_variable *variable,
                           const ag_network_table **out) {
    ag_configurations c = ag_configurations_of(b->model->knowledge, variable);
    size_t states = (size_t)variable->states.count, rows = c.count;
    size_t row_size = states * (size_t)b->draws;
    double *values = ag_builder_values(b, rows * row_size);
    if (values == NULL)
        return ag_builder_no_memory(b);
    for (size_t i = 0; i < rows; i++, ag_configurations_next(&c)) {
        const ag_row *row = ag_builder_row_for(variable, c.states);
        if (row == NULL)
            return ag_fail(b->error, AG_ERROR_VALUE, "%s: no row fits some states of its parents",
                           variable->id);
        if (!ag_parameter_cache_row(b->cache, row->states, (int)states, b->draws,
                                    values + i * row_size))
            return ag_builder_no_memory(b);
    }
    return ag_builder_keep_table(b, variable, (int)states, rows, values, out);
}

/* The rows of a card give the same table in every network. */
ag_status ag_builder_set_rows(ag_builder *b, const ag_variable *variable, int node,
                              const int *parents) {
    const ag_network_table *table = ag_builder_kept_table(b, variable);
    if (table == NULL)
        TRY(make_rows(b, variable, &table));
    return ag_network_set_shared_table(b->model->network, node, parents, variable->parent_count,
                                       table, b->error);
}

static ag_status new_node(ag_builder *b, const ag_variable *variable, int epoch, int sample,
                          int *out) {
    const char *suffix = sample >= 0 ? "sample" : "epoch";
    char *name = variable->scope == AG_SCOPE_MAN
                     ? ag_arena_copy(b->scratch, variable->id)
                     : ag_arena_format(b->scratch, "%s@%s%d", variable->id, suffix,
                                       sample >= 0 ? sample : epoch);
    if (name == NULL)
        return ag_builder_no_memory(b);
    return ag_network_add_variable(b->model->network, name, variable->states.count,
                                   variable->states.items, out, b->error);
}

/* A node of an earlier epoch with the very same parents serves this epoch too. */
static int twin_with_parents(const ag_builder *b, int variable, int epoch, const int *parents,
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

static int *instance_slot(ag_builder *b, int variable, int epoch, int sample) {
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

static bool is_changed(const ag_builder *b, int function, int epoch) {
    bool changed = false;
    for (int e = 0; e < b->situation->event_count && epoch > 0; e++)
        changed = changed || (epoch == b->situation->imagined_epoch &&
                              change_of(&b->situation->events[e], function) != NULL);
    return changed;
}

static ag_status event_node(ag_builder *b, int index, int *out) {
    const ag_event *event = &b->situation->events[index];
    int *node = &b->model->event_nodes[index];
    if (*node < 0) {
        char *name = ag_arena_format(b->scratch, "event %d", index);
        if (name == NULL)
            return ag_builder_no_memory(b);
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
static ag_status add_changed(ag_builder *b, int function, int index, const ag_change *change,
                             int *node) {
    const ag_variable *variable = &b->model->knowledge->variables[function];
    const ag_event *event = &b->situation->events[index];
    int parents[2] = {*node, -1};
    bool sure = event->outcome_count == 1;
    char *name = ag_arena_format(b->scratch, "%s after event %d", variable->id, index);
    if (name == NULL)
        return ag_builder_no_memory(b);
    if (!sure)
        TRY(event_node(b, index, &parents[1]));
    TRY(ag_network_add_variable(b->model->network, name, variable->states.count,
                                variable->states.items, node, b->error));
    int only = only_state_after(event, change, variable->states.count);
    if (only >= 0)
        ag_builder_remember(b->model, *node, only, NULL);
    return ag_network_set_rule(b->model->network, *node, parents, sure ? 1 : 2, change->after,
                               b->error);
}

/* The node of a function that follows from its background alone, or -1. */
static int only_background(const ag_builder *b, int function, int epoch) {
    const ag_background *background = ag_builder_background_of(b, function);
    if (background == NULL || background->with_onset)
        return -1;
    for (int l = 0; l < b->model->link_count; l++)
        if (is_own_link(&b->model->links[l], function) &&
            ag_builder_activity(b, epoch, b->model->links[l].cause) > 0)
            return -1;
    return background->node;
}

/* The function as the causes make it in an epoch in which no earlier one serves. */
static ag_status build_maximum(ag_builder *b, int variable, int epoch, int *node) {
    *node = only_background(b, variable, epoch);
    if (*node >= 0)
        return AG_OK;
    TRY(new_node(b, &b->model->knowledge->variables[variable], epoch, -1, node));
    return add_function(b, variable, epoch, *node);
}

static ag_status build_changed(ag_builder *b, int variable, int epoch, int *slot) {
    int same = function_epoch(b, variable, epoch), node;
    ag_status status = AG_OK;
    if (same != epoch) {
        node = ag_builder_node(b, variable, same, -1, &status);
        TRY(status);
    } else {
        TRY(build_maximum(b, variable, epoch, &node));
    }
    for (int e = 0; e < b->situation->event_count; e++) {
        const ag_change *change = change_of(&b->situation->events[e], variable);
        if (change != NULL)
            TRY(add_changed(b, variable, e, change, &node));
    }
    *slot = node;
    return AG_OK;
}

static ag_status build_function(ag_builder *b, int variable, int epoch, int *slot) {
    if (is_changed(b, variable, epoch))
        return build_changed(b, variable, epoch, slot);
    int same = function_epoch(b, variable, epoch);
    if (same != epoch) {
        ag_status status = AG_OK;
        *slot = ag_builder_node(b, variable, same, -1, &status);
        return status;
    }
    return build_maximum(b, variable, epoch, slot);
}

static ag_status build_rows(ag_builder *b, int variable, int epoch, int sample, int *slot) {
    const ag_variable *v = &b->model->knowledge->variables[variable];
    int parents[AG_MAX_PARENTS];
    TRY(ag_builder_parents(b, v, epoch, sample, parents));
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
    return ag_builder_set_rows(b, v, *slot, parents);
}

int ag_builder_node(ag_builder *b, int variable, int epoch, int sample, ag_status *status) {
    const ag_variable *v = &b->model->knowledge->variables[variable];
    if (v->scope == AG_SCOPE_MAN)
        epoch = 0;
    int *slot = instance_slot(b, variable, epoch, sample);
    if (*slot < 0 && *status == AG_OK)
        *status = v->kind == AG_FUNCTION ? build_function(b, variable, epoch, slot)
                                         : build_rows(b, variable, epoch, sample, slot);
    return *slot;
}
