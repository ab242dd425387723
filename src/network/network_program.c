/* Compiling a network: factors, elimination order, and the fixed program that serves any evidence.
 */
#include "network_query.h"

#include <stdlib.h>
#include <string.h>

ag_program_options ag_program_options_defaults(void) {
    return (ag_program_options){.size = sizeof(ag_program_options),
                                .memory_limit = (size_t)4 << 30,
                                .effort = -1,
                                .seed = 1,
                                .slicing = AG_SLICING_AUTO};
}

static ag_status number_states(ag_program *program, ag_error *error) {
    const ag_network *network = program->network;
    program->offset = malloc(((size_t)network->count + 1) * sizeof *program->offset);
    if (!program->offset)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a compiled network");
    for (int v = 0; v < network->count; v++) {
        program->offset[v] = program->state_total;
        program->state_total += (size_t)network->variables[v].state_count;
    }
    return AG_OK;
}

/* Unless told, search small networks for longer: it takes well below a millisecond. */
static int find_effort(const ag_program *program) {
    int effort = program->options.effort;
    if (effort >= 0)
        return effort;
    effort = 2000 / (program->network->count + 1);
    return effort < 8 ? 8 : effort > 64 ? 64 : effort;
}

/* The fixed program holds no draws: with draws, each set of observed variables gets its own. */
static ag_status compile_fixed(ag_program *program, ag_error *error) {
    const ag_network *network = program->network;
    bool draws = network->draw_count > 1;
    uint8_t *patterns = malloc((size_t)network->count + 1);
    if (!patterns)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a compiled network");
    memset(patterns, draws ? AG_PATTERN_FREE : AG_PATTERN_SOFT, (size_t)network->count);
    ag_flat_request request = {.factors = &program->factors,
                               .network_count = network->count,
                               .patterns = patterns,
                               .lanes = draws,
                               .loads_once = !draws,
                               .order = program->options.order,
                               .order_count = program->options.order_count,
                               .effort = draws ? 0 : find_effort(program),
                               .seed = program->options.seed,
                               .memory_limit = SIZE_MAX};
    ag_flat *plan;
    ag_status status = ag_flat_new(&plan, &request, error);
    free(patterns);
    if (status)
        return status;
    program->size = (ag_program_size){.table_entries = plan->entries,
                                      .largest_table = plan->largest,
                                      .workspace_bytes = (double)plan->block_size * 8,
                                      .program_bytes = (double)ag_flat_bytes(plan),
                                      .steps = plan->order_count};
    program->order = malloc(((size_t)plan->order_count + 1) * sizeof *program->order);
    if (!program->order) {
        ag_flat_free(plan);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a compiled network");
    }
    memcpy(program->order, plan->order, (size_t)plan->order_count * sizeof *program->order);
    program->order_count = plan->order_count;
    if (draws || plan->block_size > program->options.memory_limit / sizeof(double))
        ag_flat_free(plan);
    else
        program->fixed = plan;
    return AG_OK;
}

ag_status ag_program_compile(ag_program **out, const ag_network *network,
                             const ag_program_options *options, ag_error *error) {
    *out = NULL;
    ag_status status = ag_network_check(network, error);
    if (status)
        return status;
    ag_program *program = calloc(1, sizeof *program);
    if (!program)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a compiled network");
    program->network = network;
    program->options = options ? *options : ag_program_options_defaults();
    status = number_states(program, error);
    if (!status)
        status = ag_factors_new(&program->factors, network, error);
    if (!status && program->options.slicing != AG_SLICING_ALWAYS)
        status = compile_fixed(program, error);
    if (status)
        ag_program_free(program);
    else
        *out = program;
    return status;
}

void ag_program_free(ag_program *program) {
    if (!program)
        return;
    ag_flat_free(program->fixed);
    ag_factors_free(&program->factors);
    free(program->order);
    free(program->offset);
    free(program);
}

const ag_network *ag_program_network(const ag_program *program) {
    return program->network;
}

ag_program_size ag_program_sizes(const ag_program *program) {
    return program->size;
}

const int *ag_program_order(const ag_program *program, int *out_count) {
    *out_count = program->order_count;
    return program->order;
}

size_t ag_program_state_offset(const ag_program *program, int variable) {
    return program->offset[variable];
}

size_t ag_program_state_total(const ag_program *program) {
    return program->state_total;
}
