/* Any text as a case of a small network: refused, or answered with distributions. */
#include <stdint.h>
#include <stdlib.h>

#include "antegrade/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ag_network *network;
    ag_program *program;
    ag_query *query;
    ag_error error = {AG_OK, 0, 0, "", ""};
    char *text = NULL;
    must(ag_network_read(&network, AG_SOURCE_DIR "/tests/networks/asia.bif", NULL) == AG_OK);
    must(ag_program_compile(&program, network, NULL, NULL) == AG_OK);
    must(ag_query_new(&query, program, NULL) == AG_OK);
    ag_status status = ag_query_read_case(query, (const char *)data, size, &error);
    must(status == AG_OK || error.message[0] != 0);
    if (status == AG_OK && ag_query_run(query, NULL) == AG_OK)
        must(ag_query_print_marginals(query, &text, NULL) == AG_OK);
    free(text);
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
    return 0;
}
