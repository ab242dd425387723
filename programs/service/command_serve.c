/* antegrade serve: the page and the HTTP interface, until SIGTERM or SIGINT. */
#include <signal.h>
#include <stdio.h>

#include "commands.h"
#include "options.h"
#include "server.h"

static ag_exit refuse(const ag_error *error, ag_exit status) {
    fprintf(stderr, "antegrade serve: ");
    if (error->where[0] != '\0')
        fprintf(stderr, "%s:%d:%d: ", error->where, error->line, error->column);
    fprintf(stderr, "%s\n", error->message);
    return status;
}

static ag_exit serve(const ag_settings *settings) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* also in the threads that are started now */
    signal(SIGPIPE, SIG_IGN);
    ag_server *server;
    ag_error error = {0};
    if (ag_server_start(&server, settings, &error) != AG_OK)
        return refuse(&error, AG_EXIT_INPUT);
    printf("Open %s in a browser. Ctrl-C ends it.\n", ag_server_address(server));
    fflush(stdout);
    int signal_number;
    sigwait(&ends, &signal_number);
    ag_server_stop(server);
    return AG_EXIT_DONE;
}

/* Read the options: only the configuration file, or only the others. False when the program ends
 * with `status`. */
static bool read_options(int argc, char **argv, bool file, ag_settings *settings, ag_exit *status) {
    ag_error error = {0};
    ag_options o;
    ag_options_start(&o, "serve", argc, argv);
    while (ag_options_next(&o)) {
        if (ag_option_is(&o, "config") != file)
            continue;
        if (file && ag_settings_read(settings, o.value, &error) != AG_OK) {
            *status = refuse(&error, AG_EXIT_INPUT);
            return false;
        }
        if (!file && ag_settings_set(settings, o.option->name, o.value, &error) != AG_OK) {
            *status = ag_usage_error(ag_command_find("serve"), "--%s", error.message);
            return false;
        }
    }
    if (o.over)
        *status = o.status;
    else if (o.count > 0)
        *status = ag_usage_error(ag_command_find("serve"), "unexpected \"%s\"", o.operands[0]);
    return !o.over && o.count == 0;
}

int ag_command_serve(int argc, char **argv) {
    ag_settings settings;
    ag_error error = {0};
    ag_exit status = AG_EXIT_DONE;
    if (ag_settings_defaults(&settings, &error) != AG_OK)
        status = refuse(&error, AG_EXIT_INPUT);
    else if (read_options(argc, argv, true, &settings, &status) &&
             read_options(argc, argv, false, &settings, &status)) /* flags go before the file */
        status = serve(&settings);
    ag_settings_free(&settings);
    return status;
}
