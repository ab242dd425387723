/* antegrade serve: the page and the HTTP interface, until SIGTERM or SIGINT. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "options.h"
#include "server.h"

static ag_exit read_threads(const ag_options *options, ag_settings *settings) {
    char *end;
    long threads = strtol(options->value, &end, 10);
    if (*end != '\0' || threads < 1 || threads > 256)
        return ag_usage_error(ag_command_find("serve"),
                              "--threads is \"%s\"; it must be a whole number from 1 to 256",
                              options->value);
    settings->threads = (int)threads;
    return AG_EXIT_DONE;
}

static ag_exit serve(const ag_settings *settings) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* also in the threads that are started now */
    ag_server *server;
    ag_error error = {0};
    if (ag_server_start(&server, settings, &error) != AG_OK) {
        fprintf(stderr, "antegrade serve: %s\n", error.message);
        return AG_EXIT_INPUT;
    }
    printf("Open %s in a browser. Ctrl-C ends it.\n", ag_server_address(server));
    fflush(stdout);
    int signal_number;
    sigwait(&ends, &signal_number);
    ag_server_stop(server);
    return AG_EXIT_DONE;
}

int ag_command_serve(int argc, char **argv) {
    ag_settings settings = ag_settings_defaults();
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    settings.threads = cores < 1 ? 1 : cores > 256 ? 256 : (int)cores;
    ag_options options;
    ag_exit status = AG_EXIT_DONE;
    ag_options_start(&options, "serve", argc, argv);
    while (status == AG_EXIT_DONE && ag_options_next(&options)) {
        if (ag_option_is(&options, "listen"))
            settings.listen = options.value;
        else if (ag_option_is(&options, "knowledge"))
            settings.knowledge = options.value;
        else if (ag_option_is(&options, "threads"))
            status = read_threads(&options, &settings);
    }
    if (status != AG_EXIT_DONE)
        return status;
    if (options.over)
        return options.status;
    if (options.count > 0)
        return ag_usage_error(ag_command_find("serve"), "unexpected \"%s\"", options.operands[0]);
    return serve(&settings);
}
