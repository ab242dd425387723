/* antegrade store: look after what the server keeps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "antegrade/store.h"
#include "commands.h"
#include "options.h"

static ag_exit fail(const ag_error *error) {
    fprintf(stderr, "antegrade store: %s\n", error->message);
    return AG_EXIT_INPUT;
}

static bool print_line(void *closure, const char *line) {
    return fprintf(closure, "%s\n", line) >= 0;
}

static ag_exit export_all(ag_store *store) {
    ag_error error;
    if (ag_store_export(store, print_line, stdout, &error) != AG_OK)
        return fail(&error);
    return AG_EXIT_DONE;
}

static ag_exit expire(ag_store *store, int days) {
    ag_error error;
    long long removed;
    if (ag_store_expire(store, days, &removed, &error) != AG_OK)
        return fail(&error);
    printf("%lld deleted: not changed for %d days\n", removed, days);
    return AG_EXIT_DONE;
}

static ag_exit backup(ag_store *store, const char *path) {
    ag_error error;
    if (ag_store_backup(store, path, &error) != AG_OK)
        return fail(&error);
    printf("copied to %s\n", path);
    return AG_EXIT_DONE;
}

/* A misspelt name must not make a new store. */
static bool is_there(const char *where) {
    struct stat about;
    if (strncmp(where, "postgres", 8) == 0 || stat(where, &about) == 0)
        return true;
    fprintf(stderr, "antegrade store: there is no store at %s\n", where);
    return false;
}

static ag_exit look_after(const ag_options *options, int days) {
    const char *action = options->operands[0], *where = options->operands[1];
    ag_store *store;
    ag_error error;
    if (!is_there(where))
        return AG_EXIT_INPUT;
    if (ag_store_open(&store, where, &error) != AG_OK)
        return fail(&error);
    ag_exit status = strcmp(action, "backup") == 0   ? backup(store, options->operands[2])
                     : strcmp(action, "expire") == 0 ? expire(store, days)
                                                     : export_all(store);
    ag_store_close(store);
    return status;
}

int ag_command_store(int argc, char **argv) {
    const ag_command *self = ag_command_find("store");
    char *end = NULL;
    long days = -1;
    ag_options options;
    ag_options_start(&options, "store", argc, argv);
    while (ag_options_next(&options)) {
        days = strtol(options.value, &end, 10); /* --days is the only one */
        if (end == options.value || *end != '\0' || days < 0 || days > 36500)
            return ag_usage_error(self, "--days is \"%s\"; it must be a number from 0 to 36500",
                                  options.value);
    }
    if (options.over)
        return options.status;
    const char *action = options.count > 0 ? options.operands[0] : "";
    bool known = strcmp(action, "backup") == 0 || strcmp(action, "export") == 0 ||
                 strcmp(action, "expire") == 0;
    if (!known)
        return ag_usage_error(self, "say what to do: backup, export or expire");
    if (options.count != (strcmp(action, "backup") == 0 ? 3 : 2))
        return ag_usage_error(self, strcmp(action, "backup") == 0
                                        ? "name the store, and the new file"
                                        : "name one store: a file, or postgresql://...");
    if ((strcmp(action, "expire") == 0) != (days >= 0))
        return ag_usage_error(self, "expire needs --days, and only it takes them");
    return look_after(&options, (int)days);
}
