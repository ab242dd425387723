/* Running a query: choose the program for the evidence, load its tables, go up, go down, read
 * beliefs. */
#include "network_steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

/* Costs in nanoseconds, for choosing between the fixed program and one made for the evidence. */
#define NS_PER_ENTRY 1.5
#define NS_PER_STEP 60.0
#define NS_COMPILE_PER_VARIABLE 2000.0
/* Logarithms to base 2 below which messages are rescaled. */
#define DEEP (-800.0)
#define LIKELIHOOD_DEEP (-200.0)
#define LIKELIHOOD_USUAL (-50.0)
/* The least normal number, 60 bits of accuracy and 22 for the number of entries. */
#define LOST_BELOW (-1022.0 + 60 + 22)

/* ---- Choosing the program ---- */

void ag_step_find_patterns(ag_query *query, bool sliced) {
    const ag_network *network = query->program->network;
    for (int v = 0; v < network->count; v++) {
        const ag_evidence *e = &query->evidence[v];
        uint8_t pattern = AG_PATTERN_SOFT;
        bool noisy = query->program->factors.auxiliary[v] >= 0;
        if (e->kind == AG_EVIDENCE_DO)
            pattern = AG_PATTERN_DO;
        else if (sliced && e->kind == AG_EVIDENCE_NONE)
            pattern = AG_PATTERN_FREE;
        else if ((sliced || noisy) && e->kind == AG_EVIDENCE_STATE)
            pattern = noisy && e->state == 0 ? AG_PATTERN_HARD_ZERO : AG_PATTERN_HARD;
        query->patterns[v] = pattern;
    }
}

static uint64_t hash_patterns(const uint8_t *patterns, int count) {
    uint64_t hash = 1469598103934665603u;
    for (int i = 0; i < count; i++)
        hash = (hash ^ patterns[i]) * 1099511628211u;
    return hash;
}

static bool wants_slicing(const ag_query *query) {
    const ag_program *program = query->program;
    if (program->options.slicing != AG_SLICING_AUTO)
        return program->options.slicing == AG_SLICING_ALWAYS;
    if (!program->fixed)
        return true;
    double run = program->fixed->entries * NS_PER_ENTRY + program->size.steps * NS_PER_STEP;
    return run > program->network->count * NS_COMPILE_PER_VARIABLE;
}

/* Evidence that the fixed program cannot take: interventions, and states of noisy-MAX children,
 * whose differences are exact only where they are cut. */
static bool must_cut(const ag_query *query) {
    for (int v = 0; v < query->program->network->count; v++) {
        ag_evidence_kind kind = query->evidence[v].kind;
        if (kind == AG_EVIDENCE_DO ||
            (kind == AG_EVIDENCE_STATE && query->program->factors.auxiliary[v] >= 0))
            return true;
    }
    return false;
}

static bool asks_same(const ag_flat *plan, const uint8_t *asked, bool whole, int variables) {
    if (!asked || !plan->asked)
        return !asked && !plan->asked;
    return plan->whole == whole && memcmp(plan->asked, asked, (size_t)variables) == 0;
}

static ag_flat *find_kept(ag_query *query, uint64_t hash, bool lanes, const uint8_t *asked,
                          bool whole) {
    int variables = query->program->network->count;
    for (int i = 0; i < query->kept_count; i++) {
        ag_kept_flat *kept = &query->kept[i];
        if (kept->hash == hash && kept->plan->lanes == lanes &&
            asks_same(kept->plan, asked, whole, variables) &&
            memcmp(kept->plan->patterns, query->patterns, (size_t)variables) == 0) {
            kept->used = query->runs;
            return kept->plan;
        }
    }
    return NULL;
}

/* Keep a plan, in place of the one not used for longest when there is no room. */
static void keep(ag_query *query, uint64_t hash, ag_flat *plan) {
    ag_kept_flat *slot = &query->kept[0];
    if (query->kept_count < AG_KEPT_MOST) {
        slot = &query->kept[query->kept_count++];
    } else {
        for (int i = 1; i < AG_KEPT_MOST; i++)
            if (query->kept[i].used < slot->used)
                slot = &query->kept[i];
        if (query->loaded == slot->plan)
            query->loaded = NULL;
        if (query->deep == slot->plan)
            query->deep = NULL;
        ag_flat_free(slot->plan);
    }
    *slot = (ag_kept_flat){hash, query->runs, plan};
}

/* The plan used last, whose order may serve again. */
static const ag_flat *latest(const ag_query *query) {
    const ag_kept_flat *best = NULL;
    for (int i = 0; i < query->kept_count; i++)
        if (best == NULL || query->kept[i].used > best->used)
            best = &query->kept[i];
    return best == NULL ? NULL : best->plan;
}

/* The plan for the patterns of the query, compiled if it is not at hand. */
ag_status ag_step_obtain(ag_query *query, bool lanes, ag_wanted wanted, ag_flat **out,
                         ag_error *error) {
    const ag_program *program = query->program;
    int draws = program->network->draw_count;
    bool batch = lanes && draws == 1; /* the order that much was spent on */
    const uint8_t *asked = wanted == AG_WANTED_EVIDENCE ? query->nothing : query->asked;
    bool whole = wanted == AG_WANTED_ALL;
    uint64_t hash = hash_patterns(query->patterns, program->network->count) + lanes;
    ag_flat *plan = find_kept(query, hash, lanes, asked, whole);
    *out = NULL;
    if (!plan) {
        const ag_flat *last = program->order == NULL ? latest(query) : NULL;
        ag_flat_request request = {.factors = &program->factors,
                                   .network_count = program->network->count,
                                   .patterns = query->patterns,
                                   .asked = asked,
                                   .whole = whole,
                                   .lanes = lanes,
                                   .loads_once = batch,
                                   .order = batch ? program->order : NULL,
                                   .hint = last != NULL ? last->order : program->order,
                                   .order_count =
                                       last != NULL ? last->order_count : program->order_count,
                                   .passes = lanes ? ceil(draws / (double)AG_LANES) * AG_LANES : 1,
                                   .seed = program->options.seed,
                                   .memory_limit = program->options.memory_limit};
        ag_status status = ag_flat_new(&plan, &request, error);
        if (status)
            return status;
        keep(query, hash, plan);
    }
    *out = plan;
    return AG_OK;
}

ag_status ag_step_choose(ag_query *query, ag_wanted wanted, const ag_flat **out, ag_error *error) {
    const ag_program *program = query->program;
    bool sliced = wants_slicing(query);
    query->runs++;
    if (!sliced && program->fixed && !must_cut(query)) {
        *out = program->fixed;
        return AG_OK;
    }
    ag_step_find_patterns(query, sliced);
    ag_flat *plan;
    ag_status status =
        ag_step_obtain(query, program->network->draw_count > 1, wanted, &plan, error);
    *out = plan;
    return status;
}

/* Replace a block by a larger one, whose contents are undefined. */
static ag_status enlarge(double **block, size_t *size, size_t wanted, ag_error *error) {
    free(*block);
    *size = 0;
    size_t bytes = wanted * sizeof(double);
    *block = ag_pages_alloc(bytes);
    if (!*block)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a query (%zu bytes)", bytes);
    *size = wanted;
    return AG_OK;
}

double *ag_workspace_room(ag_workspace *workspace, size_t count) {
    enum { SMALL = 1 << 12, LARGE = 1 << 18 }; /* it grows little by little, or at once */
    size_t wanted = count < SMALL ? SMALL : count < LARGE ? LARGE : count;
    workspace->user = NULL;
    if (count > workspace->size)
        enlarge(&workspace->block, &workspace->size, wanted, NULL);
    return workspace->block;
}

ag_status ag_step_reserve(ag_query *query, const ag_flat *plan, ag_error *error) {
    ag_workspace *shared = query->workspace;
    double **block = shared ? &shared->block : &query->block;
    size_t *size = shared ? &shared->size : &query->block_size;
    ag_status status = AG_OK;
    if (shared && shared->user != query) /* another query's work lies there */
        query->loaded = NULL;
    if (plan->block_size > *size) {
        query->loaded = NULL;
        status = enlarge(block, size, plan->block_size, error);
    }
    if (shared) {
        shared->user = query;
        query->block = shared->block;
        query->block_size = shared->size;
    }
    return status;
}

/* ---- Loading ---- */

/* The state at which each variable's tables are cut; 0 for those that are not. */
void ag_step_find_values(ag_query *query, const ag_flat *plan) {
    const ag_factors *fs = &query->program->factors;
    for (int v = 0; v < query->program->network->count; v++) {
        bool cut = plan->patterns[v] >= AG_PATTERN_HARD;
        int state = cut ? query->evidence[v].state : 0;
        query->values[v] = state;
        if (fs->auxiliary[v] >= 0)
            query->values[fs->auxiliary[v]] = plan->patterns[v] == AG_PATTERN_HARD ? state - 1 : 0;
    }
}

size_t ag_factor_offset(const ag_query *query, const ag_factor *f) {
    size_t offset = 0;
    for (int i = 0; i < f->rank; i++)
        offset += (size_t)query->values[f->scope[i]] * f->stride[i];
    return offset;
}

static const double *factor_data(const ag_query *query, const ag_factor *f, size_t first_draw) {
    size_t group = first_draw / AG_LANES * AG_LANES * f->entries + first_draw % AG_LANES;
    return f->data + ag_factor_offset(query, f) + (f->draws > 1 ? group : 0);
}

void ag_step_load(ag_query *query, const ag_flat *plan, const ag_op_list *list, size_t first_draw) {
    double *block = query->block;
    for (uint32_t i = 0; i < list->count; i++) {
        const ag_op *op = &list->ops[i];
        const double *in[AG_OPERANDS] = {block + op->in[0], block + op->in[1], block};
        in[op->external - 1] =
            factor_data(query, &query->program->factors.factors[op->factor], first_draw);
        query->kernels->contract(op, plan->loops + op->loops, block + op->out, in);
    }
}

void ag_step_load_likelihoods(ag_query *query, const ag_flat *plan, size_t first_draw) {
    const ag_network *network = query->program->network;
    size_t lanes = plan->lanes ? AG_LANES : 1;
    for (int v = 0; v < network->count; v++) {
        if (plan->likelihood[v] == AG_NOWHERE)
            continue;
        double *to = query->block + plan->likelihood[v];
        const ag_evidence *e = &query->evidence[v];
        const double *given =
            query->likelihoods + query->program->offset[v] * (size_t)network->draw_stride;
        size_t stride = e->by_draw ? (size_t)network->draw_stride : 1;
        for (size_t s = 0; s < (size_t)network->variables[v].state_count; s++)
            for (size_t l = 0; l < lanes; l++) {
                double x = 1;
                if (e->kind == AG_EVIDENCE_STATE)
                    x = (size_t)e->state == s;
                else if (e->kind == AG_EVIDENCE_LIKELIHOOD)
                    x = given[s * stride + (e->by_draw ? first_draw + l : 0)];
                to[s * lanes + l] = x;
            }
    }
}

/* ---- Up and down ---- */

ag_depth ag_step_depth(const ag_query *query, const ag_flat *plan) {
    double bits = plan->log2_least;
    double excess = 0;
    for (int v = 0; v < query->program->network->count; v++)
        if (query->evidence[v].kind == AG_EVIDENCE_LIKELIHOOD) {
            double least = query->evidence[v].log2_least;
            bits += least;
            excess += least < LIKELIHOOD_USUAL ? least : 0;
        }
    if (excess < LIKELIHOOD_DEEP)
        return AG_DEPTH_EVERYWHERE;
    return bits < DEEP ? AG_DEPTH_DEEP : AG_DEPTH_SHALLOW;
}

/* All factors are at most 1, so that an entry that falls below 2^-1022 takes less than that from
 * each of the products that it has part in. */
bool ag_step_in_range(const ag_query *query, const ag_flat *plan) {
    double least = exp2(LOST_BELOW + plan->log2_sums);
    size_t lanes = plan->lanes ? AG_LANES : 1;
    for (int i = 0; i < plan->root_count; i++)
        for (size_t l = 0; l < lanes; l++)
            if (!(query->block[plan->roots[i] + l] >= least))
                return false;
    return true;
}

void ag_step_run(ag_query *query, const ag_flat *plan, const ag_op_list *list, ag_depth depth,
                 double *exponents) {
    double *block = query->block;
    const ag_kernels *kernels = query->kernels;
    for (uint32_t i = 0; i < list->count; i++) {
        const ag_op *op = &list->ops[i];
        const double *in[AG_OPERANDS] = {block + op->in[0], block + op->in[1], block + op->in[2]};
        kernels->contract(op, plan->loops + op->loops, block + op->out, in);
        if (depth == AG_DEPTH_SHALLOW || !(op->rescale || depth == AG_DEPTH_EVERYWHERE))
            continue;
        if (plan->lanes)
            kernels->rescale_lanes(block + op->out, op->out_entries / AG_LANES, exponents);
        else
            kernels->rescale(block + op->out, op->out_entries, exponents);
    }
}

/* A product that neither underflows nor overflows: mantissa * 2^exponent. */
static void multiply_scaled(double *mantissa, double *exponent, double x) {
    *mantissa *= x;
    if (fabs(*mantissa) < 0x1p-500 && *mantissa != 0) {
        int e;
        *mantissa = frexp(*mantissa, &e);
        *exponent += e;
    }
}

/* Variables with one state stand in no table; their likelihoods count all the same. */
static void multiply_single_states(const ag_query *query, size_t draw, double *mantissa,
                                   double *exponent) {
    const ag_network *network = query->program->network;
    for (int v = 0; v < network->count; v++) {
        const ag_evidence *e = &query->evidence[v];
        if (e->kind == AG_EVIDENCE_LIKELIHOOD && network->variables[v].state_count == 1)
            multiply_scaled(
                mantissa, exponent,
                query->likelihoods[query->program->offset[v] * (size_t)network->draw_stride +
                                   (e->by_draw ? draw : 0)]);
    }
}

void ag_step_finish(ag_query *query, const ag_flat *plan, size_t first_draw, size_t lanes,
                    const double *exponents, const size_t *roots, double *log_evidence) {
    const ag_network *network = query->program->network;
    double common = 0;
    bool single = false;
    for (int v = 0; v < network->count; v++)
        if (query->evidence[v].kind == AG_EVIDENCE_LIKELIHOOD) {
            common += query->evidence[v].exponent;
            single = single || network->variables[v].state_count == 1;
        }
    for (size_t l = 0; l < lanes; l++) {
        double mantissa = 1;
        double exponent = exponents[l] + common;
        for (int i = 0; i < plan->root_count; i++)
            multiply_scaled(&mantissa, &exponent, query->block[roots[i] + l]);
        for (int i = 0; i < plan->constant_count; i++) {
            const ag_factor *f = &query->program->factors.factors[plan->constants[i]];
            const double *data = factor_data(query, f, first_draw);
            multiply_scaled(&mantissa, &exponent, data[f->draws > 1 ? l : 0]);
        }
        if (single)
            multiply_single_states(query, first_draw + l, &mantissa, &exponent);
        log_evidence[l] =
            mantissa > 0 ? log(mantissa) + exponent * 0.693147180559945309417 : -INFINITY;
    }
}

void ag_step_begin(ag_query *query, const ag_flat *plan) {
    ag_step_find_values(query, plan);
    if (query->loaded != plan || plan != query->program->fixed)
        ag_step_load(query, plan, &plan->shared, 0);
    query->loaded = plan;
}
