/*
 * Is the evidence possible? The same program on zeros and ones: a table entry counts 1 where it is
 * not 0. A noisy-MAX child observed in state x > 0 is possible where every effect may be at most x
 * and some effect may be x: prod b_i - prod a_i with b_i = [effect <= x possible] and a_i = b_i, or
 * 0 where effect = x is possible. A noisy-MAX child not observed counts combinations of effects.
 * Sums over variables of the network are cut back to 0 and 1, so that the numbers stay whole and
 * small and differences exact.
 */
#include "network_query.h"

#include <stdlib.h>
#include <string.h>

/* The support of a link of a noisy-MAX child, of which `observed` is the state, or -1: how many
 * effects are possible that are no greater, or, where the child is observed, whether any is. */
static void count_effects(const double *effect, size_t rows, size_t states, size_t lanes,
                          int observed, double *out) {
    for (size_t r = 0; r < rows; r++) {
        double count[AG_LANES] = {0};
        for (size_t s = 0; s < states; s++, effect += lanes, out += lanes) {
            bool last = (int)s == observed - 1; /* below the state that was observed */
            for (size_t l = 0; l < lanes; l++) {
                count[l] += effect[l] > 0;
                bool none = count[l] == 0 || (last && effect[lanes + l] > 0);
                out[l] = observed < 0 ? count[l] : !none;
            }
        }
    }
}

/* The support of one group of lanes, [entries][lanes]. */
static void fill_buffer(const ag_query *query, const ag_factor *f, const ag_flat *plan,
                        size_t first_draw, double *buffer) {
    size_t lanes = f->draws > 1 ? AG_LANES : 1;
    size_t group = f->draws > 1 ? first_draw * f->entries : 0;
    const double *data = f->data + group;
    if (f->effect) {
        bool hard = plan->patterns[f->owner] == AG_PATTERN_HARD;
        size_t states = (size_t)query->program->network->variables[f->owner].state_count;
        count_effects(f->effect + group, f->entries / states, states, lanes,
                      hard ? query->evidence[f->owner].state : -1, buffer);
        return;
    }
    for (size_t i = 0; i < f->entries * lanes; i++)
        buffer[i] = f->is_difference ? data[i] : data[i] != 0;
}

static size_t largest_factor(const ag_query *query) {
    size_t largest = 1;
    const ag_factors *fs = &query->program->factors;
    for (int i = 0; i < fs->count; i++) {
        size_t size = fs->factors[i].entries * (fs->factors[i].draws > 1 ? AG_LANES : 1);
        largest = size > largest ? size : largest;
    }
    return largest;
}

static void load_support(ag_query *query, const ag_flat *plan, const ag_op_list *list,
                         size_t first_draw, double *buffer) {
    double *block = query->block;
    for (uint32_t i = 0; i < list->count; i++) {
        const ag_op *op = &list->ops[i];
        const ag_factor *f = &query->program->factors.factors[op->factor];
        const double *in[AG_OPERANDS] = {block + op->in[0], block + op->in[1], block};
        fill_buffer(query, f, plan, first_draw, buffer);
        in[op->external - 1] = buffer + ag_factor_offset(query, f);
        query->kernels->contract(op, plan->loops + op->loops, block + op->out, in);
    }
}

static void load_evidence(ag_query *query, const ag_flat *plan, size_t first_draw) {
    const ag_network *network = query->program->network;
    size_t lanes = plan->lanes ? AG_LANES : 1;
    for (int v = 0; v < network->count; v++) {
        const ag_evidence *e = &query->evidence[v];
        if (plan->likelihood[v] == AG_NOWHERE)
            continue;
        const double *given =
            query->likelihoods + query->program->offset[v] * (size_t)network->draw_stride;
        size_t stride = e->by_draw ? (size_t)network->draw_stride : 1;
        double *to = query->block + plan->likelihood[v];
        for (size_t s = 0; s < (size_t)network->variables[v].state_count; s++)
            for (size_t l = 0; l < lanes; l++)
                to[s * lanes + l] = e->kind == AG_EVIDENCE_STATE ? (size_t)e->state == s
                                    : e->kind == AG_EVIDENCE_LIKELIHOOD
                                        ? given[s * stride + (e->by_draw ? first_draw + l : 0)] > 0
                                        : 1;
    }
}

static void run_up(ag_query *query, const ag_flat *plan) {
    double *block = query->block;
    for (uint32_t i = 0; i < plan->up.count; i++) {
        const ag_op *op = &plan->up.ops[i];
        const double *in[AG_OPERANDS] = {block + op->in[0], block + op->in[1], block + op->in[2]};
        double *out = block + op->out;
        query->kernels->contract(op, plan->loops + op->loops, out, in);
        for (size_t j = 0; op->counts && j < op->out_entries; j++)
            out[j] = out[j] != 0;
    }
}

/* Derivatives by support, and then: an entry counts only where both the table and the derivative by
 * it can differ from 0. */
static void run_down(ag_query *query, const ag_flat *plan) {
    double *block = query->block;
    for (uint32_t i = 0; i < plan->down.count; i++) {
        const ag_op *op = &plan->down.ops[i];
        const double *in[AG_OPERANDS] = {block + op->in[0], block + op->in[1], block + op->in[2]};
        double *out = block + op->out;
        double *shadow = block + op->out_shadow;
        query->kernels->contract(op, plan->loops + op->loops, out, in);
        for (size_t j = 0; j < op->out_entries; j++)
            out[j] = shadow[j] = out[j] != 0 && shadow[j] != 0;
    }
}

ag_status ag_support_fill(ag_query *query, const ag_flat *plan, ag_error *error) {
    double *buffer = malloc(largest_factor(query) * sizeof *buffer);
    if (!buffer)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
    load_support(query, plan, &plan->shared, 0, buffer);
    free(buffer);
    for (int v = 0; v < query->program->network->count; v++) {
        size_t count = (size_t)query->program->network->variables[v].state_count;
        for (size_t i = 0; plan->likelihood[v] != AG_NOWHERE && i < count * AG_LANES; i++)
            query->block[plan->likelihood[v] + i] = 1;
    }
    run_up(query, plan);
    run_down(query, plan);
    return AG_OK;
}

ag_status ag_support_run(ag_query *query, const ag_flat *plan, size_t first_draw, bool *possible,
                         ag_error *error) {
    double *buffer = malloc(largest_factor(query) * sizeof *buffer);
    if (!buffer)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query");
    load_support(query, plan, &plan->shared, first_draw, buffer);
    load_support(query, plan, &plan->loads, first_draw, buffer);
    load_evidence(query, plan, first_draw);
    run_up(query, plan);
    size_t lanes = plan->lanes ? AG_LANES : 1;
    for (size_t l = 0; l < lanes; l++) {
        possible[l] = true;
        for (int i = 0; i < plan->root_count; i++)
            possible[l] = possible[l] && query->block[plan->roots[i] + l] != 0;
    }
    for (int i = 0; i < plan->constant_count; i++) {
        const ag_factor *f = &query->program->factors.factors[plan->constants[i]];
        fill_buffer(query, f, plan, first_draw, buffer);
        const double *at = buffer + ag_factor_offset(query, f);
        for (size_t l = 0; l < lanes; l++)
            possible[l] = possible[l] && at[f->draws > 1 ? l : 0] != 0;
    }
    free(buffer);
    return AG_OK;
}
