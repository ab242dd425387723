/** @file read_and_write.h What holds of every text that a reader accepts. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
    if (!holds)
        abort();
}

/* Small networks are also run: the marginals of each variable sum to 1. */
static void run_query(const ag_network *network) {
    ag_program_options options = ag_program_options_defaults();
    ag_program *program;
    ag_query *query;
    options.memory_limit = 1 << 24;
    if (ag_network_variable_count(network) > 64 ||
        ag_program_compile(&program, network, &options, NULL))
        return;
    must(ag_query_new(&query, program, NULL) == AG_OK);
    if (ag_program_sizes(program).table_entries < 1e5 && ag_query_run(query, NULL) == AG_OK)
        for (int v = 0; v < ag_network_variable_count(network); v++) {
            double sum = 0;
            for (int s = 0; s < ag_network_state_count(network, v); s++)
                sum += ag_query_marginal(query, v)[s];
            must(sum > 1 - 1e-9 && sum < 1 + 1e-9);
        }
    ag_query_free(query);
    ag_program_free(program);
}

static int read_and_write(ag_network_format format, const uint8_t *data, size_t size) {
    ag_network *network;
    ag_network *again;
    ag_error error = {AG_OK, 0, 0, "", ""};
    char *text;
    char *same;
    size_t length;
    size_t same_length;
    if (ag_network_parse(&network, format, (const char *)data, size, &error)) {
        must(error.message[0] != 0);
        return 0;
    }
    must(ag_network_print(network, format, &text, &length, NULL) == AG_OK);
    must(ag_network_parse(&again, format, text, length, &error) == AG_OK);
    must(ag_network_print(again, format, &same, &same_length, NULL) == AG_OK);
    must(length == same_length && memcmp(text, same, length) == 0);
    run_query(network);
    free(text);
    free(same);
    ag_network_free(again);
    ag_network_free(network);
    return 0;
}
