/* Compiling a flat program: memory for its parts, and the steps in their order. */
#include "network_flat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_list.h"
#include "network_planner.h"

static bool allocate_planner(ag_planner *p) {
    size_t all = (size_t)p->factors->variable_count + 1;
    size_t factors = (size_t)p->factors->count + 1;
    ag_arena *arena = p->arena;
    p->active = ag_arena_array(arena, all, sizeof *p->active);
    p->compact = ag_arena_array(arena, all, sizeof *p->compact);
    p->needed = ag_arena_array(arena, all, sizeof *p->needed);
    p->states = ag_arena_array(arena, all, sizeof *p->states);
    p->position = ag_arena_array(arena, all, sizeof *p->position);
    p->at = ag_arena_array(arena, all, sizeof *p->at);
    p->emitter.states = ag_arena_array(arena, all, sizeof *p->emitter.states);
    p->first_factor = ag_arena_array(arena, all, sizeof *p->first_factor);
    p->next_factor = ag_arena_array(arena, factors, sizeof *p->next_factor);
    p->first_message = ag_arena_array(arena, all, sizeof *p->first_message);
    p->next_message = ag_arena_array(arena, all, sizeof *p->next_message);
    p->tensors = ag_arena_array(arena, all, sizeof(ag_tensor *));
    p->nodes = ag_arena_array(arena, 3 * all, sizeof *p->nodes);
    p->wishes = ag_arena_array(arena, all, sizeof *p->wishes);
    return p->active && p->compact && p->needed && p->states && p->position && p->at &&
           p->emitter.states && p->first_factor && p->next_factor && p->first_message &&
           p->next_message && p->tensors && p->nodes && p->wishes;
}

static bool allocate_plan(ag_flat *plan, const ag_flat_request *request) {
    size_t n = (size_t)request->network_count + 1;
    size_t all = (size_t)request->factors->variable_count + 1;
    plan->patterns = malloc(n);
    plan->order = malloc(all * sizeof *plan->order);
    plan->likelihood = malloc(n * sizeof *plan->likelihood);
    plan->belief = malloc(n * sizeof *plan->belief);
    plan->roots = malloc(all * sizeof *plan->roots);
    plan->constants = malloc(((size_t)request->factors->count + 1) * sizeof *plan->constants);
    if (!plan->patterns || !plan->order || !plan->likelihood || !plan->belief || !plan->roots ||
        !plan->constants)
        return false;
    memcpy(plan->patterns, request->patterns, n - 1);
    plan->whole = request->whole || !request->asked;
    if (!request->asked)
        return true;
    plan->asked = malloc(n);
    if (plan->asked)
        memcpy(plan->asked, request->asked, n - 1);
    return plan->asked != NULL;
}

/* Likelihoods first, then beliefs, each in the order of the variables. */
static void place_evidence(ag_planner *p) {
    for (int v = 0; v < p->request->network_count; v++) {
        p->plan->likelihood[v] = p->plan->belief[v] = AG_NOWHERE;
        if (p->request->patterns[v] == AG_PATTERN_SOFT && p->compact[v] >= 0)
            p->plan->likelihood[v] =
                ag_emit_reserve_tight(&p->emitter, p->states[v], p->plan->lanes);
    }
    for (int v = 0; v < p->request->network_count; v++)
        if (p->compact[v] >= 0 && ag_planner_is_asked(p, v))
            p->plan->belief[v] = ag_emit_reserve_tight(&p->emitter, p->states[v], p->plan->lanes);
}

static ag_status check_size(const ag_planner *p, ag_error *error) {
    double bytes = p->emitter.block_size * (double)sizeof(double);
    if (!(bytes <= (double)p->request->memory_limit))
        return ag_fail(error, AG_ERROR_TOO_LARGE,
                       "this query needs %.0f MiB of memory; the limit is %.0f MiB (raise it, or "
                       "observe more variables)",
                       bytes / 1048576, (double)p->request->memory_limit / 1048576);
    return AG_OK;
}

static ag_status compile(ag_planner *p, ag_error *error) {
    ag_planner_slice(p);
    ag_status status = ag_planner_choose_order(p, error);
    if (status)
        return status;
    for (int i = 0; i < p->count; i++) {
        p->emitter.states[i] = (size_t)p->states[p->at[i]];
        p->plan->log2_sums += log2(p->states[p->at[i]]);
    }
    if (p->plan->largest > 0x1p50)
        return ag_fail(error, AG_ERROR_TOO_LARGE,
                       "the best order found needs a table of 2^%.0f entries",
                       log2(p->plan->largest));
    place_evidence(p);
    ag_planner_distribute(p);
    ag_tensor **inputs = ag_arena_array(p->arena, (size_t)p->count + 2, sizeof(ag_tensor *));
    bool ok = inputs != NULL;
    for (int i = 0; ok && i < p->count; i++)
        ok = ag_planner_eliminate(p, i, inputs);
    ok = ok && ag_planner_differentiate(p);
    if (!ok)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the compiled program");
    /* Lists of live terms want one entry more than they replace. */
    p->plan->block_size = (size_t)p->emitter.block_size + (p->plan->lanes ? AG_LANES : 0);
    return check_size(p, error);
}

ag_status ag_flat_new(ag_flat **out, const ag_flat_request *request, ag_error *error) {
    *out = NULL;
    ag_planner p = {.request = request, .factors = request->factors, .arena = ag_arena_new()};
    p.plan = calloc(1, sizeof *p.plan);
    ag_status status;
    if (!p.arena || !p.plan || !allocate_plan(p.plan, request) || !allocate_planner(&p)) {
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory for a compiled program");
    } else {
        p.plan->lanes = request->lanes;
        p.emitter.plan = p.plan;
        status = compile(&p, error);
    }
    ag_arena_free(p.arena);
    if (status)
        ag_flat_free(p.plan);
    else
        *out = p.plan;
    return status;
}

void ag_flat_free(ag_flat *plan) {
    if (!plan)
        return;
    ag_lists_free(plan->lists);
    free(plan->patterns);
    free(plan->asked);
    free(plan->order);
    free(plan->shared.ops);
    free(plan->loads.ops);
    free(plan->up.ops);
    free(plan->down.ops);
    free(plan->loops);
    free(plan->likelihood);
    free(plan->belief);
    free(plan->roots);
    free(plan->constants);
    free(plan);
}

size_t ag_flat_bytes(const ag_flat *plan) {
    size_t ops = (size_t)plan->shared.capacity + plan->loads.capacity + plan->up.capacity +
                 plan->down.capacity;
    return sizeof *plan + (plan->lists ? ag_lists_bytes(plan->lists) : 0) + ops * sizeof(ag_op) +
           plan->loop_capacity * sizeof(ag_loop);
}
