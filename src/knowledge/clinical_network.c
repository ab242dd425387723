/*
 * From the cards to a network. A cause C (absent or a variant) has a link L to each function F it
 * acts on:
 *
 *     P(L = s | C = variant) = the card's probability of s,   L = normal when C is absent,
 *     F(epoch) = max over causes of L, each passed on with the cause's activity in that epoch.
 *
 * Links belong to the man and not to the epoch, so that what is seen on a medicine informs about
 * him off it. Those of causes on which the record is silent are summed up: clinical_background.c. A
 * measured value v enters as the likelihood p(v | parents), given to a binary node as
 * P(seen | parents) = p / max p.
 */
#include "clinical_network_builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

ag_status ag_builder_no_memory(ag_builder *b) {
    return ag_fail(b->error, AG_ERROR_MEMORY, "out of memory while building the network");
}

double *ag_builder_doubles(ag_builder *b, size_t count) {
    return ag_arena_array(b->scratch, count, sizeof(double));
}

double *ag_builder_values(ag_builder *b, size_t count) {
    ag_workspace *workspace = ag_parameter_cache_workspace(b->cache);
    return workspace != NULL ? ag_workspace_room(workspace, count) : NULL;
}

const ag_network_table *ag_builder_kept_table(const ag_builder *b, const void *key) {
    return ag_parameter_cache_kept(b->cache, key, NULL, b->draws);
}

static void free_table(void *table) {
    ag_network_table_free(table);
}

ag_status ag_builder_keep_table(ag_builder *b, const void *key, int states, size_t rows,
                                const double *values, const ag_network_table **out) {
    ag_network_table *table;
    TRY(ag_network_table_new(&table, states, rows, values, b->draws, b->error));
    *out = table;
    return ag_parameter_cache_keep(b->cache, key, NULL, b->draws, table, free_table)
               ? AG_OK
               : ag_builder_no_memory(b);
}

void ag_builder_remember(ag_clinical_network *model, int node, int state,
                         const double *likelihood) {
    model->evidence[model->evidence_count++] = (ag_node_evidence){node, state, likelihood};
}

static ag_status add_difference(ag_builder *b, int function, const int *nodes, int *out) {
    static const char *const names[] = {"no", "yes"};
    const ag_variable *variable = &b->model->knowledge->variables[function];
    int states = variable->states.count;
    int *rule = ag_arena_array(b->scratch, (size_t)states * (size_t)states, sizeof *rule);
    char *name = ag_arena_format(b->scratch, "%s changed", variable->id);
    if (rule == NULL || name == NULL)
        return ag_builder_no_memory(b);
    for (int s = 0; s < states; s++)
        for (int t = 0; t < states; t++)
            rule[s * states + t] = s != t;
    TRY(ag_network_add_variable(b->model->network, name, 2, names, out, b->error));
    return ag_network_set_rule(b->model->network, *out, nodes, 2, rule, b->error);
}

static ag_status add_changed_node(ag_builder *b) {
    static const char *const names[] = {"no", "yes"};
    static const double same[] = {1, 0, 0, 1};
    const ag_knowledge *knowledge = b->model->knowledge;
    ag_network_link *links =
        ag_arena_array(b->scratch, (size_t)knowledge->variable_count, sizeof *links);
    if (links == NULL)
        return ag_builder_no_memory(b);
    ag_status status = AG_OK;
    int count = 0;
    for (int v = 0; v < knowledge->variable_count && status == AG_OK; v++) {
        if (knowledge->variables[v].kind != AG_FUNCTION)
            continue;
        int nodes[] = {ag_builder_node(b, v, 0, -1, &status),
                       ag_builder_node(b, v, b->situation->imagined_epoch, -1, &status)};
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

/* A leaf that says whether both variables are in their states. */
static ag_status add_both(ag_builder *b, int index) {
    static const char *const names[] = {"no", "yes"};
    const ag_both *both = &b->situation->both[index];
    const ag_variable *variables = b->model->knowledge->variables;
    ag_status status = AG_OK;
    int nodes[2], counts[2];
    for (int i = 0; i < 2; i++) {
        nodes[i] = ag_builder_node(b, both->variable[i], 0, -1, &status);
        counts[i] = variables[both->variable[i]].states.count;
    }
    TRY(status);
    int *rule = ag_arena_array(b->scratch, (size_t)(counts[0] * counts[1]), sizeof *rule);
    char *name = ag_arena_format(b->scratch, "both %d", index);
    if (rule == NULL || name == NULL)
        return ag_builder_no_memory(b);
    for (int s = 0; s < counts[0]; s++)
        for (int t = 0; t < counts[1]; t++)
            rule[s * counts[1] + t] = (both->states[0] >> s & 1) && (both->states[1] >> t & 1);
    int *node = &b->model->both_nodes[index];
    TRY(ag_network_add_variable(b->model->network, name, 2, names, node, b->error));
    return ag_network_set_rule(b->model->network, *node, nodes, 2, rule, b->error);
}

static bool is_asked_for(const ag_builder *b, const ag_variable *variable) {
    if (variable->scope == AG_SCOPE_SAMPLE)
        return false;
    return b->situation->only_mechanisms ? variable->kind == AG_MECHANISM
                                         : variable->kind != AG_FINDING;
}

/* A conjunction has no node: it is answered by way of its parents. */
static ag_status add_answer(ag_builder *b, int index) {
    const ag_variable *variable = &b->model->knowledge->variables[index];
    int parents[AG_MAX_PARENTS];
    ag_status status = AG_OK;
    if (variable->conjunction)
        return ag_builder_parents(b, variable, 0, -1, parents);
    ag_builder_node(b, index, 0, -1, &status);
    return status;
}

/* Today's variables and effects are all built, unless one variable of an imagined epoch is what is
 * asked for: what neither it nor a finding needs would only make the network larger. */
static ag_status add_answers(ag_builder *b) {
    const ag_knowledge *knowledge = b->model->knowledge;
    ag_status status = AG_OK;
    if (b->situation->imagined_epoch > 0) {
        ag_indices also = b->situation->imagined_also;
        int epoch = b->situation->asks_today ? 0 : b->situation->imagined_epoch;
        ag_builder_node(b, b->situation->imagined_variable, epoch, -1, &status);
        for (int i = 0; i < also.count && status == AG_OK; i++)
            ag_builder_node(b, also.items[i], epoch, -1, &status);
        if (status == AG_OK && b->situation->asks_change)
            status = add_changed_node(b);
        return status;
    }
    for (int v = 0; v < knowledge->variable_count && status == AG_OK; v++)
        if (is_asked_for(b, &knowledge->variables[v]))
            status = add_answer(b, v);
    for (int i = 0; i < b->situation->both_count && status == AG_OK; i++)
        status = add_both(b, i);
    return status == AG_OK ? ag_builder_add_effects(b) : status;
}

/* Mechanisms about the sample speak of the latest one of semen, which comes first. */
static ag_status add_sample_mechanisms(ag_builder *b) {
    const ag_knowledge *knowledge = b->model->knowledge;
    for (int m = 0; m < knowledge->mechanism_count && b->situation->semen_count > 0; m++) {
        int variable = knowledge->mechanisms[m].variable;
        if (knowledge->variables[variable].scope != AG_SCOPE_SAMPLE)
            continue;
        ag_status status = AG_OK;
        ag_builder_node(b, variable, b->situation->samples[0].epoch, 0, &status);
        TRY(status);
    }
    return AG_OK;
}

static ag_status build_all(ag_builder *b) {
    TRY(ag_builder_add_causes(b));
    TRY(ag_builder_add_onset(b));
    TRY(ag_builder_add_samples(b));
    TRY(add_sample_mechanisms(b));
    for (int i = 0; i < b->situation->observation_count; i++)
        TRY(ag_builder_add_observation(b, i));
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

static ag_status allocate(ag_builder *b, const ag_situation *situation) {
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
    model->both_nodes = filled(model->arena, (size_t)situation->both_count);
    model->links =
        ag_arena_array(model->arena, (size_t)count_links(knowledge) + 1, sizeof *model->links);
    model->silent =
        ag_arena_array(model->arena, (size_t)count_links(knowledge) + 1, sizeof *model->silent);
    model->backgrounds = ag_arena_array(model->arena, variables, sizeof *model->backgrounds);
    model->evidence = ag_arena_array(
        model->arena, observations + 2 * samples + most_sure(knowledge, situation) + 1,
        sizeof *model->evidence);
    if (model->now_nodes == NULL || model->sample_nodes == NULL || model->cause_nodes == NULL ||
        model->observation_nodes == NULL || model->event_nodes == NULL ||
        model->both_nodes == NULL || model->links == NULL || model->silent == NULL ||
        model->backgrounds == NULL || model->evidence == NULL)
        return ag_builder_no_memory(b);
    return AG_OK;
}

ag_status ag_clinical_network_build(ag_clinical_network **out, const ag_knowledge *knowledge,
                                    const ag_situation *situation, int draw_count,
                                    ag_parameter_cache *cache, ag_error *error) {
    *out = NULL;
    ag_builder b = {.situation = situation, .cache = cache, .draws = draw_count, .error = error};
    b.model = calloc(1, sizeof *b.model);
    b.scratch = ag_arena_new();
    ag_status status = AG_OK;
    if (b.model == NULL || b.scratch == NULL || (b.model->arena = ag_arena_new()) == NULL)
        status = ag_builder_no_memory(&b);
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

/* Enter that a node is in one of `states`, or take that back. What leaves one state is entered as
 * that state, which is cut out of the network. */
static ag_status suppose_states(const ag_clinical_network *model, int node, uint32_t states,
                                bool holds, ag_query *query, ag_error *error) {
    double allowed[AG_MAX_STATES];
    int only = -1, count = 0;
    if (!holds)
        return ag_query_retract(query, node, error);
    for (int s = 0; s < ag_network_state_count(model->network, node); s++) {
        allowed[s] = states >> s & 1;
        only = allowed[s] > 0 ? s : only;
        count += allowed[s] > 0;
    }
    return count == 1 ? ag_query_set_state(query, node, only, error)
                      : ag_query_set_likelihood(query, node, allowed, 1, error);
}

ag_status ag_clinical_network_suppose_no_effect(const ag_clinical_network *model, int cause,
                                                bool holds, ag_query *query, ag_error *error) {
    for (int l = 0; l < model->link_count; l++) {
        const ag_model_link *link = &model->links[l];
        if (link->cause != cause)
            continue;
        if (link->background >= 0)
            TRY(holds ? ag_background_suppose_no_effect(model, l, query, error)
                      : ag_query_retract(query, link->node, error));
        else if (link->effect.node >= 0)
            TRY(suppose_states(model, link->effect.node, ~link->effect.states, holds, query,
                               error));
    }
    return AG_OK;
}

int ag_clinical_network_observation_node(const ag_clinical_network *model, int observation) {
    return model->observation_nodes[observation];
}

int ag_clinical_network_changed_node(const ag_clinical_network *model) {
    return model->changed_node;
}

int ag_clinical_network_both_node(const ag_clinical_network *model, int index) {
    return model->both_nodes[index];
}

int ag_clinical_network_onset_node(const ag_clinical_network *model) {
    return model->onset_node;
}

const ag_model_link *ag_clinical_network_links(const ag_clinical_network *model, int *out_count) {
    *out_count = model->link_count;
    return model->links;
}

int ag_clinical_network_link_states(const ag_clinical_network *model, int index) {
    return model->knowledge->variables[model->links[index].function].states.count;
}

ag_status ag_clinical_network_observe(const ag_clinical_network *model, ag_query *query,
                                      ag_error *error) {
    for (int i = 0; i < model->evidence_count; i++) {
        const ag_node_evidence *known = &model->evidence[i];
        if (known->state >= 0)
            TRY(ag_query_set_state(query, known->node, known->state, error));
        else
            TRY(ag_query_set_likelihood(query, known->node, known->likelihood, 1, error));
    }
    return AG_OK;
}

ag_status ag_clinical_network_ask_mechanisms(const ag_clinical_network *model, ag_query *query,
                                             ag_error *error) {
    const ag_knowledge *knowledge = model->knowledge;
    size_t most = (size_t)(knowledge->mechanism_count + 2 * model->link_count);
    int *nodes = malloc((most + 1) * sizeof *nodes), count = 0;
    if (nodes == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
    for (int m = 0; m < knowledge->mechanism_count; m++)
        nodes[count++] = ag_clinical_network_node(model, knowledge->mechanisms[m].variable, 0, 0);
    for (int l = 0; l < model->link_count; l++) {
        nodes[count++] = model->links[l].node;
        nodes[count++] = model->links[l].effect.node;
    }
    int built = 0;
    for (int i = 0; i < count; i++)
        if (nodes[i] >= 0)
            nodes[built++] = nodes[i];
    ag_status status = ag_query_ask(query, nodes, built, error);
    free(nodes);
    return status;
}

ag_status ag_clinical_network_suppose(const ag_clinical_network *model, int variable, bool holds,
                                      ag_query *query, ag_error *error) {
    const ag_variable *rule = &model->knowledge->variables[variable];
    const ag_row *row = &rule->rows[0];
    for (int w = 0; w < row->when_count; w++) {
        const ag_condition *when = &row->when[w];
        int node = ag_clinical_network_node(model, rule->parents[when->parent].index, 0, 0);
        TRY(suppose_states(model, node, when->states, holds, query, error));
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
