/*
 * The network engine alone: it rained or the sprinkler was on, the grass is wet; did it rain?
 *
 *     cc network.c $(pkg-config --cflags --libs antegrade-network) -o network
 */
#include <antegrade/network.h>

#include <stdio.h>

int main(void) {
    const char *const states[] = {"no", "yes"};
    const double rain_table[] = {0.8, 0.2};
    const double sprinkler_table[] = {0.7, 0.3};
    const double wet_table[] = {1.00, 0.00,  /* no rain, sprinkler off */
                                0.10, 0.90,  /* no rain, sprinkler on */
                                0.20, 0.80,  /* rain, sprinkler off */
                                0.02, 0.98}; /* rain, sprinkler on */
    int parents[2], wet;
    ag_network *network = NULL;
    ag_program *program = NULL;
    ag_query *query = NULL;
    ag_error error = {0};

    int failed = ag_network_new(&network, 1, &error) ||
                 ag_network_add_variable(network, "rain", 2, states, &parents[0], &error) ||
                 ag_network_add_variable(network, "sprinkler", 2, states, &parents[1], &error) ||
                 ag_network_add_variable(network, "wet", 2, states, &wet, &error) ||
                 ag_network_set_table(network, parents[0], NULL, 0, rain_table, 1, &error) ||
                 ag_network_set_table(network, parents[1], NULL, 0, sprinkler_table, 1, &error) ||
                 ag_network_set_table(network, wet, parents, 2, wet_table, 1, &error) ||
                 ag_program_compile(&program, network, NULL, &error) ||
                 ag_query_new(&query, program, &error) ||
                 ag_query_set_state(query, wet, 1, &error) || ag_query_run(query, &error);
    if (failed)
        fprintf(stderr, "%s\n", error.message);
    else
        printf("The grass is wet: it rained with probability %.3f.\n",
               ag_query_marginal(query, parents[0])[1]);

    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
    return failed;
}
