/*
 * The most probable explanation: the same operations with the greatest term in place of the sum,
 * then back from P(evidence) to the states that gave it. Every variable that is not cut has a
 * likelihood of ones, and the entry chosen in that is its state.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network_steps.h"

/* Noisy-MAX families are written out for this up to so many entries. */
#define EXPANDED_MOST ((size_t)1 << 22)

/* All loops of an operation; those of the output first. */
typedef struct walk {
    const ag_loop *loops[64];
    size_t at[64];
    int kept, count;
} walk;

static walk walk_of(const ag_flat *plan, const ag_op *op) {
    walk w = {.kept = 0, .count = 0};
    for (int summed = 0; summed <= 1; summed++) {
        for (int i = 0; i < op->outer + 2; i++) {
            const ag_loop *loop = &plan->loops[op->loops + (uint32_t)i];
            if (loop->count > 1 && (loop->out == 0) == (summed == 1))
                w.loops[w.count++] = loop;
        }
        w.kept = summed ? w.kept : w.count;
    }
    return w;
}

/* The next place of the loops from `first` to `end`; false after the last. */
static bool step(walk *w, int first, int end) {
    for (int d = end - 1; d >= first; d--) {
        if (++w->at[d] < w->loops[d]->count)
            return true;
        w->at[d] = 0;
    }
    return false;
}

static size_t offset_in(const walk *w, int operand) {
    ptrdiff_t offset = 0;
    for (int d = 0; d < w->count; d++)
        offset += w->loops[d]->in[operand] * (ptrdiff_t)w->at[d];
    return (size_t)offset;
}

static size_t offset_out(const walk *w) {
    ptrdiff_t offset = 0;
    for (int d = 0; d < w->kept; d++)
        offset += w->loops[d]->out * (ptrdiff_t)w->at[d];
    return (size_t)offset;
}

static double product(const ag_op *op, const walk *w, const double *block) {
    double x = 1;
    for (int i = 0; i < op->operands; i++)
        x *= block[op->in[i] + offset_in(w, i)];
    return x;
}

static void maximise(const ag_flat *plan, const ag_op *op, double *block) {
    walk w = walk_of(plan, op);
    do {
        double best = 0;
        do {
            double x = product(op, &w, block);
            best = x > best ? x : best;
        } while (step(&w, w.kept, w.count));
        block[op->out + offset_out(&w)] = best;
    } while (step(&w, 0, w.kept));
}

/* Which operation fills a place, by binary search over their sorted outputs. */
typedef struct producer {
    size_t out;
    uint32_t op;
} producer;

static int compare_producers(const void *a, const void *b) {
    size_t x = ((const producer *)a)->out;
    size_t y = ((const producer *)b)->out;
    return (x > y) - (x < y);
}

static void choose(const producer *producers, uint32_t count, size_t *chosen, size_t table,
                   size_t offset) {
    producer key = {table, 0};
    const producer *p = bsearch(&key, producers, count, sizeof key, compare_producers);
    if (p)
        chosen[p->op] = offset;
}

/* The counters of the output's loops at an offset of it. */
static void place_at(walk *w, size_t offset) {
    memset(w->at, 0, sizeof w->at);
    for (;;) { /* largest step first */
        int best = -1;
        for (int d = 0; d < w->kept; d++)
            if (w->at[d] == 0 && (size_t)w->loops[d]->out <= offset &&
                (best < 0 || w->loops[d]->out > w->loops[best]->out))
                best = d;
        if (best < 0)
            return;
        w->at[best] = offset / (size_t)w->loops[best]->out;
        offset %= (size_t)w->loops[best]->out;
    }
}

/* From the chosen entry of the output to those of the operands. */
static void trace(const ag_flat *plan, const ag_op *op, const double *block, size_t chosen,
                  size_t *offsets) {
    walk w = walk_of(plan, op);
    double best = -1;
    place_at(&w, chosen);
    do {
        double x = product(op, &w, block);
        if (x > best) {
            best = x;
            for (int i = 0; i < op->operands; i++)
                offsets[i] = offset_in(&w, i);
        }
    } while (step(&w, w.kept, w.count));
}

static void read_state(const ag_query *query, const ag_flat *plan, size_t table, size_t offset,
                       int *states) {
    for (int v = 0; v < query->program->network->count; v++)
        if (plan->likelihood[v] == table)
            states[v] = (int)offset;
}

static ag_status trace_all(ag_query *query, const ag_flat *plan, int *states, ag_error *error) {
    uint32_t count = plan->up.count;
    producer *producers = malloc((count + 1) * sizeof *producers);
    size_t *chosen = calloc((size_t)count + 1, sizeof *chosen);
    if (!producers || !chosen) {
        free(producers);
        free(chosen);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for an explanation");
    }
    for (uint32_t i = 0; i < count; i++)
        producers[i] = (producer){plan->up.ops[i].out, i};
    qsort(producers, count, sizeof *producers, compare_producers);
    for (uint32_t i = count; i-- > 0;) {
        const ag_op *op = &plan->up.ops[i];
        size_t offsets[AG_OPERANDS] = {0};
        trace(plan, op, query->block, chosen[i], offsets);
        for (int k = 0; k < op->operands; k++) {
            choose(producers, count, chosen, op->in[k], offsets[k]);
            read_state(query, plan, op->in[k], offsets[k], states);
        }
    }
    free(producers);
    free(chosen);
    return AG_OK;
}

/* log P of one full assignment with the evidence's likelihoods. */
static double log_joint(const ag_query *query, int draw, const int *states) {
    const ag_network *network = query->program->network;
    double sum = 0;
    for (int v = 0; v < network->count; v++) {
        const ag_variable *variable = &network->variables[v];
        const ag_evidence *e = &query->evidence[v];
        size_t row = 0;
        for (int i = 0; i < variable->parent_count; i++)
            row = row * (size_t)network->variables[variable->parents[i]].state_count +
                  (size_t)states[variable->parents[i]];
        size_t at = row * (size_t)variable->state_count + (size_t)states[v];
        if (e->kind != AG_EVIDENCE_DO)
            sum += log(ag_values_at(&variable->table, at, draw));
        if (e->kind == AG_EVIDENCE_LIKELIHOOD) {
            size_t by = e->by_draw ? (size_t)network->draw_stride : 1;
            const double *l =
                query->likelihoods + query->program->offset[v] * (size_t)network->draw_stride;
            sum += log(l[(size_t)states[v] * by + (e->by_draw ? (size_t)draw : 0)]) +
                   e->exponent * 0.693147180559945309417;
        }
    }
    return sum;
}

static void set_patterns(ag_query *query) {
    for (int v = 0; v < query->program->network->count; v++) {
        ag_evidence_kind kind = query->evidence[v].kind;
        query->patterns[v] = kind == AG_EVIDENCE_DO      ? AG_PATTERN_DO
                             : kind == AG_EVIDENCE_STATE ? AG_PATTERN_HARD
                                                         : AG_PATTERN_SOFT;
    }
}

static ag_status explain(ag_query *query, int draw, int *states, double *out, ag_error *error) {
    ag_flat *plan;
    set_patterns(query);
    query->runs++;
    ag_status status = ag_step_obtain(query, false, AG_WANTED_ALL, &plan, error);
    if (!status)
        status = ag_step_reserve(query, plan, error);
    if (status)
        return status;
    query->loaded = NULL;
    ag_step_find_values(query, plan);
    ag_step_load(query, plan, &plan->shared, (size_t)draw);
    ag_step_load_likelihoods(query, plan, (size_t)draw);
    for (uint32_t i = 0; i < plan->up.count; i++) {
        const ag_op *op = &plan->up.ops[i];
        maximise(plan, op, query->block);
        query->kernels->rescale(query->block + op->out, op->out_entries, NULL);
    }
    for (int v = 0; v < query->program->network->count; v++)
        states[v] = query->evidence[v].state;
    status = trace_all(query, plan, states, error);
    if (status)
        return status;
    *out = log_joint(query, draw, states);
    if (!(*out > -INFINITY))
        return ag_fail(error, AG_ERROR_IMPOSSIBLE,
                       "the evidence has probability 0; ag_query_conflict names the findings");
    return AG_OK;
}

/* ---- Noisy-MAX families are written out as tables first: their factors hold negative numbers ----
 */

static ag_status copy_family(ag_network *to, const ag_network *from, int v, int draw,
                             ag_error *error) {
    const ag_variable *variable = &from->variables[v];
    size_t entries = (size_t)variable->state_count;
    for (int i = 0; i < variable->parent_count; i++) {
        entries *= (size_t)from->variables[variable->parents[i]].state_count;
        if (entries > EXPANDED_MOST && variable->family == AG_FAMILY_NOISY_MAX)
            return ag_fail(error, AG_ERROR_TOO_LARGE,
                           "the noisy-MAX family of '%s' has more than %zu entries when written "
                           "out, as the most probable explanation needs it",
                           variable->name, EXPANDED_MOST);
    }
    double *table = malloc(entries * sizeof *table);
    if (!table)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for an explanation");
    ag_status status = ag_network_copy_table(from, v, draw, table, entries, error);
    if (!status)
        status =
            ag_network_set_table(to, v, variable->parents, variable->parent_count, table, 1, error);
    free(table);
    return status;
}

static ag_status copy_network(ag_network **out, const ag_network *from, int draw, ag_error *error) {
    ag_status status = ag_network_new(out, 1, error);
    for (int v = 0; v < from->count && !status; v++)
        status = ag_network_add_variable(*out, from->variables[v].name,
                                         from->variables[v].state_count, NULL, NULL, error);
    for (int v = 0; v < from->count && !status; v++)
        status = copy_family(*out, from, v, draw, error);
    return status;
}

static void copy_evidence(ag_query *to, const ag_query *from, int draw) {
    const ag_network *network = from->program->network;
    for (int v = 0; v < network->count; v++) {
        const ag_evidence *e = &from->evidence[v];
        size_t offset = from->program->offset[v];
        size_t stride = e->by_draw ? (size_t)network->draw_stride : 1;
        to->evidence[v] = *e;
        to->evidence[v].by_draw = false;
        for (size_t s = 0; s < (size_t)network->variables[v].state_count; s++)
            to->likelihoods[offset + s] =
                from->likelihoods[offset * (size_t)network->draw_stride + s * stride +
                                  (e->by_draw ? (size_t)draw : 0)];
    }
}

static ag_status explain_expanded(const ag_query *query, int draw, int *states, double *out,
                                  ag_error *error) {
    ag_network *network = NULL;
    ag_program *program = NULL;
    ag_query *copy = NULL;
    ag_status status = copy_network(&network, query->program->network, draw, error);
    if (!status)
        status = ag_program_compile(&program, network, NULL, error);
    if (!status)
        status = ag_query_new(&copy, program, error);
    if (!status) {
        copy_evidence(copy, query, draw);
        status = explain(copy, 0, states, out, error);
    }
    ag_query_free(copy);
    ag_program_free(program);
    ag_network_free(network);
    return status;
}

ag_status ag_query_most_probable(ag_query *query, int draw, int *states, double *out_log_joint,
                                 ag_error *error) {
    const ag_program *program = query->program;
    if (draw < 0 || draw >= program->network->draw_count)
        return ag_fail(error, AG_ERROR_ARGUMENT, "there is no parameter draw %d", draw);
    if (program->factors.variable_count > program->network->count)
        return explain_expanded(query, draw, states, out_log_joint, error);
    return explain(query, draw, states, out_log_joint, error);
}
