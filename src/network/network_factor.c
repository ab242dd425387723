/* Listing the factors of a network. */
#include "network_factor.h"

#include <string.h>

static bool add_factor(ag_factors *fs, int owner, int rank, const int *scope,
                       const ag_values *values) {
    int *variables = ag_arena_array(fs->arena, (size_t)rank + 1, sizeof *variables);
    size_t *stride = ag_arena_array(fs->arena, (size_t)rank + 1, sizeof *stride);
    if (!variables || !stride)
        return false;
    size_t step = values->draws > 1 ? AG_LANES : 1;
    for (int i = rank - 1; i >= 0; i--) {
        variables[i] = scope[i];
        stride[i] = step;
        step *= (size_t)fs->state_count[scope[i]];
    }
    fs->factors[fs->count++] = (ag_factor){.rank = rank,
                                           .owner = owner,
                                           .scope = variables,
                                           .stride = stride,
                                           .data = values->data,
                                           .draws = values->draws,
                                           .log2_min = values->log2_min,
                                           .entries = values->entries};
    return true;
}

static bool add_table(ag_factors *fs, const ag_network *network, int child) {
    const ag_variable *v = &network->variables[child];
    int *scope = ag_arena_array(fs->arena, (size_t)v->parent_count + 1, sizeof *scope);
    if (!scope)
        return false;
    if (v->parent_count)
        memcpy(scope, v->parents, (size_t)v->parent_count * sizeof *scope);
    scope[v->parent_count] = child;
    return add_factor(fs, child, v->parent_count + 1, scope, &v->table);
}

static bool add_link(ag_factors *fs, int owner, int rank, const int *scope, const ag_link *link) {
    if (!add_factor(fs, owner, rank, scope, &link->cumulative))
        return false;
    fs->factors[fs->count - 1].effect = link->effect.data;
    return true;
}

static bool add_noisy_max(ag_factors *fs, const ag_network *network, int child) {
    const ag_variable *v = &network->variables[child];
    int a = fs->auxiliary[child];
    size_t n = (size_t)v->state_count;
    double *difference = ag_arena_array(fs->arena, n * n, sizeof *difference);
    if (!difference)
        return false;
    for (size_t x = 0; x < n; x++) {
        difference[x * n + x] = 1;
        if (x > 0)
            difference[x * n + x - 1] = -1;
    }
    ag_values d = {.data = difference, .entries = n * n, .draws = 1};
    if (!add_factor(fs, child, 2, (int[]){child, a}, &d))
        return false;
    fs->factors[fs->count - 1].is_difference = true;
    if (v->has_leak) {
        if (!add_link(fs, child, 1, &a, &v->leak))
            return false;
    } else if (v->parent_count == 0) { /* nothing acts: the child is in state 0 */
        double *ones = ag_arena_array(fs->arena, n, sizeof *ones);
        if (!ones)
            return false;
        for (size_t x = 0; x < n; x++)
            ones[x] = 1;
        ag_values one = {.data = ones, .entries = n, .draws = 1};
        return add_factor(fs, child, 1, &a, &one);
    }
    for (int i = 0; i < v->parent_count; i++)
        if (!add_link(fs, child, 2, (int[]){v->parents[i], a}, &v->links[i]))
            return false;
    return true;
}

static bool allocate(ag_factors *fs, const ag_network *network) {
    int families = 0;
    int extra = 0;
    for (int i = 0; i < network->count; i++) {
        const ag_variable *v = &network->variables[i];
        families += v->family == AG_FAMILY_NOISY_MAX ? 2 + v->parent_count : 1;
        extra += v->family == AG_FAMILY_NOISY_MAX;
    }
    size_t n = (size_t)(network->count + extra) + 1;
    fs->state_count = ag_arena_array(fs->arena, n, sizeof *fs->state_count);
    fs->auxiliary = ag_arena_array(fs->arena, n, sizeof *fs->auxiliary);
    fs->factors = ag_arena_array(fs->arena, (size_t)families + 1, sizeof *fs->factors);
    return fs->state_count && fs->auxiliary && fs->factors;
}

static bool fill(ag_factors *fs, const ag_network *network) {
    if (!fs->arena || !allocate(fs, network))
        return false;
    fs->variable_count = network->count;
    for (int i = 0; i < network->count; i++) {
        const ag_variable *v = &network->variables[i];
        fs->state_count[i] = v->state_count;
        fs->auxiliary[i] = -1;
        if (v->family == AG_FAMILY_NOISY_MAX) {
            fs->state_count[fs->variable_count] = v->state_count;
            fs->auxiliary[i] = fs->variable_count++;
        }
    }
    for (int i = 0; i < network->count; i++)
        if (!(fs->auxiliary[i] < 0 ? add_table(fs, network, i) : add_noisy_max(fs, network, i)))
            return false;
    return true;
}

ag_status ag_factors_new(ag_factors *out, const ag_network *network, ag_error *error) {
    *out = (ag_factors){.arena = ag_arena_new()};
    if (!fill(out, network)) {
        ag_factors_free(out);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the factors of a network");
    }
    return AG_OK;
}

void ag_factors_free(ag_factors *factors) {
    ag_arena_free(factors->arena);
    factors->arena = NULL;
}
