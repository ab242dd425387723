/* The model: adding variables, checking and storing their parameters. */
#include "network_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ag_status ag_network_new(ag_network **out, int draw_count, ag_error *error) {
    *out = NULL;
    if (draw_count < 1 || draw_count > AG_NETWORK_DRAWS_MAX)
        return ag_fail(error, AG_ERROR_VALUE, "a network has 1 to %d parameter draws, not %d",
                       AG_NETWORK_DRAWS_MAX, draw_count);
    ag_network *network = calloc(1, sizeof *network);
    ag_arena *arena = ag_arena_new();
    if (!network || !arena) {
        free(network);
        ag_arena_free(arena);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a network");
    }
    network->arena = arena;
    network->draw_count = draw_count;
    network->draw_stride = ag_network_padded_draws(draw_count);
    *out = network;
    return AG_OK;
}

static void clear_family(ag_variable *v) {
    ag_values_free(&v->table);
    for (int i = 0; v->links && i < v->parent_count; i++) {
        ag_values_free(&v->links[i].effect);
        ag_values_free(&v->links[i].cumulative);
    }
    free(v->links);
    ag_values_free(&v->leak.effect);
    ag_values_free(&v->leak.cumulative);
    free(v->parents);
    v->family = AG_FAMILY_NONE;
    v->parent_count = 0;
    v->parents = NULL;
    v->links = NULL;
    v->has_leak = false;
    memset(&v->table, 0, sizeof v->table);
    memset(&v->leak, 0, sizeof v->leak);
}

void ag_network_free(ag_network *network) {
    if (!network)
        return;
    for (int i = 0; i < network->count; i++)
        clear_family(&network->variables[i]);
    free(network->variables);
    free(network->buckets);
    ag_arena_free(network->arena);
    free(network);
}

/* ---- Names ---- */

static uint32_t hash_name(const char *name) {
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

static int *find_bucket(const ag_network *network, const char *name) {
    uint32_t mask = (uint32_t)network->bucket_count - 1;
    uint32_t i = hash_name(name) & mask;
    while (network->buckets[i] &&
           strcmp(network->variables[network->buckets[i] - 1].name, name) != 0)
        i = (i + 1) & mask;
    return &network->buckets[i];
}

static bool grow(ag_network *network) {
    if (network->count < network->capacity)
        return true;
    int capacity = network->capacity ? 2 * network->capacity : 16;
    ag_variable *variables = realloc(network->variables, (size_t)capacity * sizeof *variables);
    if (!variables)
        return false;
    network->variables = variables;
    int *buckets = calloc((size_t)capacity * 2, sizeof *buckets);
    if (!buckets)
        return false;
    free(network->buckets);
    network->buckets = buckets;
    network->bucket_count = capacity * 2;
    network->capacity = capacity;
    for (int i = 0; i < network->count; i++)
        *find_bucket(network, variables[i].name) = i + 1;
    return true;
}

static ag_status name_states(ag_network *network, ag_variable *v, const char *const *names,
                             ag_error *error) {
    v->states = ag_arena_array(network->arena, (size_t)v->state_count, sizeof *v->states);
    if (!v->states)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the states of '%s'", v->name);
    for (int i = 0; i < v->state_count; i++) {
        v->states[i] = names ? ag_arena_copy(network->arena, names[i])
                             : ag_arena_format(network->arena, "s%d", i);
        if (!v->states[i])
            return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the states of '%s'", v->name);
        for (int j = 0; names && j < i; j++)
            if (strcmp(v->states[i], v->states[j]) == 0)
                return ag_fail(error, AG_ERROR_NAME, "variable '%s' has two states called '%s'",
                               v->name, names[i]);
    }
    return AG_OK;
}

ag_status ag_network_add_variable(ag_network *network, const char *name, int state_count,
                                  const char *const *state_names, int *out, ag_error *error) {
    if (!name || !*name)
        return ag_fail(error, AG_ERROR_NAME, "a variable needs a name");
    if (state_count < 1 || state_count > AG_NETWORK_STATES_MAX)
        return ag_fail(error, AG_ERROR_VALUE, "variable '%s' has %d states; 1 to %d are possible",
                       name, state_count, AG_NETWORK_STATES_MAX);
    if (ag_network_find_variable(network, name) >= 0)
        return ag_fail(error, AG_ERROR_NAME, "there are two variables called '%s'", name);
    ag_variable v = {.state_count = state_count};
    if (!grow(network) || !(v.name = ag_arena_copy(network->arena, name)))
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for variable '%s'", name);
    ag_status status = name_states(network, &v, state_names, error);
    if (status)
        return status;
    *find_bucket(network, name) = network->count + 1;
    network->variables[network->count] = v;
    if (out)
        *out = network->count;
    network->count++;
    return AG_OK;
}

int ag_network_find_variable(const ag_network *network, const char *name) {
    return network->bucket_count ? *find_bucket(network, name) - 1 : -1;
}

int ag_network_find_state(const ag_network *network, int variable, const char *name) {
    const ag_variable *v = &network->variables[variable];
    for (int i = 0; i < v->state_count; i++)
        if (strcmp(v->states[i], name) == 0)
            return i;
    return -1;
}

int ag_network_variable_count(const ag_network *network) {
    return network->count;
}

int ag_network_draw_count(const ag_network *network) {
    return network->draw_count;
}

const char *ag_network_variable_name(const ag_network *network, int variable) {
    return network->variables[variable].name;
}

int ag_network_state_count(const ag_network *network, int variable) {
    return network->variables[variable].state_count;
}

const char *ag_network_state_name(const ag_network *network, int variable, int state) {
    return network->variables[variable].states[state];
}

const int *ag_network_parents(const ag_network *network, int variable, int *out_count) {
    *out_count = network->variables[variable].parent_count;
    return network->variables[variable].parents;
}

/* ---- Parameters ---- */

static ag_status copy_parents(const ag_network *network, int child, const int *parents, int count,
                              int **out, ag_error *error) {
    const char *name = network->variables[child].name;
    *out = malloc(((size_t)count + 1) * sizeof **out);
    if (!*out)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the parents of '%s'", name);
    for (int i = 0; i < count; i++) {
        int p = parents[i];
        if (p < 0 || p >= network->count || p == child)
            return ag_fail(error, AG_ERROR_ARGUMENT, "parent %d of '%s' is not another variable", i,
                           name);
        for (int j = 0; j < i; j++)
            if (parents[j] == p)
                return ag_fail(error, AG_ERROR_ARGUMENT, "'%s' has the parent '%s' twice", name,
                               network->variables[p].name);
        (*out)[i] = p;
    }
    return AG_OK;
}

static ag_status check_child(const ag_network *network, int child, int parents, ag_error *error) {
    if (child < 0 || child >= network->count || parents < 0)
        return ag_fail(error, AG_ERROR_ARGUMENT, "variable %d does not exist", child);
    return AG_OK;
}

/* The number of parent configurations; false when it passes 2^40. */
static bool count_rows(const ag_network *network, const int *parents, int count, size_t *out) {
    uint64_t rows = 1;
    for (int i = 0; i < count; i++) {
        rows *= (uint64_t)network->variables[parents[i]].state_count;
        if (rows > UINT64_C(1) << 40 || rows > SIZE_MAX)
            return false;
    }
    *out = (size_t)rows;
    return true;
}

/* Copy the parents of a table family, and count the rows of its table. */
static ag_status start_table(const ag_network *network, int child, const int *parents,
                             int parent_count, int **out, size_t *rows, ag_error *error) {
    *out = NULL;
    ag_status status = check_child(network, child, parent_count, error);
    if (!status)
        status = copy_parents(network, child, parents, parent_count, out, error);
    if (!status && !count_rows(network, parents, parent_count, rows))
        status = ag_fail(error, AG_ERROR_TOO_LARGE, "the table of '%s' has more than 2^40 rows",
                         network->variables[child].name);
    return status;
}

static void finish_table(ag_network *network, int child, int *parents, int parent_count,
                         ag_values table) {
    ag_variable *v = &network->variables[child];
    clear_family(v);
    v->family = AG_FAMILY_TABLE;
    v->parents = parents;
    v->parent_count = parent_count;
    v->table = table;
}

ag_status ag_network_set_table(ag_network *network, int child, const int *parents, int parent_count,
                               const double *values, int draw_count, ag_error *error) {
    int *kept;
    size_t rows = 0;
    ag_values table = {0};
    ag_status status = start_table(network, child, parents, parent_count, &kept, &rows, error);
    if (!status)
        status = ag_values_store(&table, network, &network->variables[child], values, rows,
                                 draw_count, error);
    if (status) {
        free(kept);
        ag_values_free(&table);
        return status;
    }
    finish_table(network, child, kept, parent_count, table);
    return AG_OK;
}

ag_status ag_network_set_shared_table(ag_network *network, int child, const int *parents,
                                      int parent_count, const ag_network_table *table,
                                      ag_error *error) {
    int *kept;
    size_t rows = 0;
    ag_status status = start_table(network, child, parents, parent_count, &kept, &rows, error);
    if (!status)
        status = ag_values_share(table, network, &network->variables[child], rows, error);
    if (status) {
        free(kept);
        return status;
    }
    finish_table(network, child, kept, parent_count, table->values);
    return AG_OK;
}

ag_status ag_network_set_rule(ag_network *network, int child, const int *parents, int parent_count,
                              const int *states, ag_error *error) {
    ag_status status = check_child(network, child, parent_count, error);
    if (status)
        return status;
    int *checked = NULL;
    size_t rows = 0;
    int state_count = network->variables[child].state_count;
    status = copy_parents(network, child, parents, parent_count, &checked, error);
    free(checked);
    if (status)
        return status;
    double *values = count_rows(network, parents, parent_count, &rows)
                         ? calloc(rows, (size_t)state_count * sizeof *values)
                         : NULL;
    if (!values)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the rule of '%s'",
                       network->variables[child].name);
    for (size_t r = 0; r < rows && !status; r++) {
        if (states[r] < 0 || states[r] >= state_count)
            status = ag_fail(error, AG_ERROR_VALUE, "row %zu of the rule of '%s' is state %d of %d",
                             r, network->variables[child].name, states[r], state_count);
        else
            values[r * (size_t)state_count + (size_t)states[r]] = 1;
    }
    if (!status)
        status = ag_network_set_table(network, child, parents, parent_count, values, 1, error);
    free(values);
    return status;
}

/* Store a link's effects and their sums over child states; the last sum is 1 exactly. */
static ag_status store_link(const ag_network *network, const ag_variable *v, const double *source,
                            size_t rows, int given, ag_link *out, ag_error *error) {
    ag_status status = ag_values_store(&out->effect, network, v, source, rows, given, error);
    if (status)
        return status;
    out->cumulative = out->effect;
    size_t draws = (size_t)out->effect.draws, states = (size_t)v->state_count;
    size_t lanes = draws > 1 ? AG_LANES : 1;
    double *sums = malloc(rows * states * draws * sizeof *sums);
    out->cumulative.data = sums;
    if (!sums)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the links of '%s'", v->name);
    for (size_t r = 0; r < rows * (draws / lanes); r++) /* of all groups of lanes */
        for (size_t l = 0; l < lanes; l++) {
            double sum = 0;
            for (size_t s = 0; s < states; s++) {
                size_t i = (r * states + s) * lanes + l;
                sum += out->effect.data[i];
                sums[i] = s + 1 == states ? 1 : sum;
            }
        }
    ag_values_find_least(&out->cumulative);
    return AG_OK;
}

static ag_status store_links(const ag_network *network, ag_variable *next,
                             const ag_network_link *links, const double *leak, int leak_draws,
                             ag_error *error) {
    ag_status status = AG_OK;
    next->links = calloc((size_t)next->parent_count + 1, sizeof *next->links);
    if (!next->links)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the links of '%s'", next->name);
    for (int i = 0; i < next->parent_count && !status; i++)
        status = store_link(network, next, links[i].values,
                            (size_t)network->variables[links[i].parent].state_count,
                            links[i].draw_count, &next->links[i], error);
    if (!status && leak)
        status = store_link(network, next, leak, 1, leak_draws, &next->leak, error);
    next->has_leak = leak != NULL;
    return status;
}

ag_status ag_network_set_noisy_max(ag_network *network, int child, const ag_network_link *links,
                                   int link_count, const double *leak, int leak_draw_count,
                                   ag_error *error) {
    ag_status status = check_child(network, child, link_count, error);
    if (status)
        return status;
    ag_variable next = {.name = network->variables[child].name,
                        .state_count = network->variables[child].state_count,
                        .parent_count = link_count};
    int *parents = malloc(((size_t)link_count + 1) * sizeof *parents);
    if (!parents)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the links of '%s'", next.name);
    for (int i = 0; i < link_count; i++)
        parents[i] = links[i].parent;
    status = copy_parents(network, child, parents, link_count, &next.parents, error);
    free(parents);
    if (!status)
        status = store_links(network, &next, links, leak, leak_draw_count, error);
    if (status) {
        clear_family(&next);
        return status;
    }
    ag_variable *v = &network->variables[child];
    clear_family(v);
    next.states = v->states;
    next.family = AG_FAMILY_NOISY_MAX;
    *v = next;
    return AG_OK;
}

/* P(the greatest effect = s), one link after the other: either it is s already and the next effect
 * is at most s, or all were below s and the next is s. Sums only, so that nothing rounds below 0.
 */
static void expand_row(const ag_variable *v, const int *parent_states, int draw, double *row) {
    for (int s = 0; s < v->state_count; s++) {
        double equal = s == 0;
        double below = s > 0;
        for (int i = v->has_leak ? -1 : 0; i < v->parent_count; i++) {
            const ag_link *link = i < 0 ? &v->leak : &v->links[i];
            size_t at = (size_t)((i < 0 ? 0 : parent_states[i]) * v->state_count + s);
            equal = equal * ag_values_at(&link->cumulative, at, draw) +
                    below * ag_values_at(&link->effect, at, draw);
            below *= s > 0 ? ag_values_at(&link->cumulative, at - 1, draw) : 0;
        }
        row[s] = equal;
    }
}

ag_status ag_network_copy_table(const ag_network *network, int variable, int draw, double *out,
                                size_t capacity, ag_error *error) {
    const ag_variable *v = &network->variables[variable];
    size_t states = (size_t)v->state_count;
    size_t rows = 0;
    if (v->family == AG_FAMILY_NONE)
        return ag_fail(error, AG_ERROR_VALUE, "'%s' has no table", v->name);
    if (!count_rows(network, v->parents, v->parent_count, &rows) || rows > capacity / states)
        return ag_fail(error, AG_ERROR_TOO_LARGE, "the table of '%s' does not fit in %zu values",
                       v->name, capacity);
    if (v->family == AG_FAMILY_TABLE) {
        for (size_t i = 0; i < v->table.entries; i++)
            out[i] = ag_values_at(&v->table, i, draw);
        return AG_OK;
    }
    int *at = calloc((size_t)v->parent_count + 1, sizeof *at);
    if (!at)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the table of '%s'", v->name);
    for (size_t r = 0; r < rows; r++) {
        expand_row(v, at, draw, out + r * states);
        for (int i = v->parent_count - 1; i >= 0; i--) {
            if (++at[i] < network->variables[v->parents[i]].state_count)
                break;
            at[i] = 0;
        }
    }
    free(at);
    return AG_OK;
}

/* ---- Structure ---- */

ag_status ag_network_topological(const ag_network *network, int *order, ag_error *error) {
    int n = network->count;
    int *state = calloc((size_t)n * 2 + 2, sizeof *state); /* next parent to visit + 1; -1 done */
    if (!state)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the order of the variables");
    int *stack = state + n;
    int filled = 0;
    for (int root = 0; root < n; root++) {
        if (state[root])
            continue;
        int depth = 0;
        stack[0] = root;
        state[root] = 1;
        while (depth >= 0) {
            int v = stack[depth];
            const ag_variable *variable = &network->variables[v];
            if (state[v] > variable->parent_count) {
                state[v] = -1;
                order[filled++] = v;
                depth--;
                continue;
            }
            int parent = variable->parents[state[v]++ - 1];
            if (state[parent] > 0) {
                free(state);
                return ag_fail(error, AG_ERROR_VALUE, "the arcs form a cycle through '%s' and '%s'",
                               variable->name, network->variables[parent].name);
            }
            if (state[parent] == 0) {
                state[parent] = 1;
                stack[++depth] = parent;
            }
        }
    }
    free(state);
    return AG_OK;
}

ag_status ag_network_check(const ag_network *network, ag_error *error) {
    for (int i = 0; i < network->count; i++)
        if (network->variables[i].family == AG_FAMILY_NONE)
            return ag_fail(error, AG_ERROR_VALUE, "'%s' has no table", network->variables[i].name);
    int *order = malloc(((size_t)network->count + 1) * sizeof *order);
    if (!order)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the order of the variables");
    ag_status status = ag_network_topological(network, order, error);
    free(order);
    return status;
}
