/* antegrade learn: update the counts behind the cards from a site's own resolved cases. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/validate.h"
#include "commands.h"
#include "options.h"
#include "shipped.h"
#include "terminal.h"

typedef struct learn_run {
    const char *cards;
    const char *out;
    ag_sheet_format format;
    ag_learn_options options;
} learn_run;

static ag_status learn(const learn_run *run, const char *const *folders, int count,
                       ag_error *error) {
    ag_knowledge *knowledge = NULL;
    ag_learning *learning = NULL;
    char *text = NULL;
    ag_status status = ag_knowledge_load(&knowledge, run->cards, NULL, error);
    if (status == AG_OK)
        status = ag_learn(&learning, knowledge, folders, count, &run->options, error);
    if (status == AG_OK)
        status = ag_learning_show(learning, run->format, ag_terminal_width(stdout), &text, error);
    if (status == AG_OK)
        fputs(text, stdout);
    if (status == AG_OK && run->out != NULL)
        status = ag_learning_write(learning, run->cards, run->out, error);
    free(text);
    ag_learning_free(learning);
    ag_knowledge_free(knowledge);
    return status;
}

static bool is_site(const char *name) {
    return name[0] != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

static void read_option(learn_run *run, const ag_options *options) {
    if (ag_option_is(options, "output"))
        run->out = options->value;
    else if (ag_option_is(options, "site"))
        run->options.site = options->value;
    else if (ag_option_is(options, "exposed"))
        run->options.exposed = true;
    else if (ag_option_is(options, "unselected"))
        run->options.unselected = true;
    else if (ag_option_is(options, "knowledge"))
        run->cards = options->value;
    else if (ag_option_is(options, "format"))
        run->format = strcmp(options->value, "json") == 0 ? AG_SHEET_JSON : AG_SHEET_TEXT;
}

int ag_command_learn(int argc, char **argv) {
    learn_run run = {.format = AG_SHEET_TEXT, .options = ag_learn_options_defaults()};
    const ag_command *self = ag_command_find("learn");
    char path[1200];
    ag_options options;
    ag_options_start(&options, "learn", argc, argv);
    while (ag_options_next(&options))
        read_option(&run, &options);
    if (options.over)
        return options.status;
    if (options.count == 0)
        return ag_usage_error(self, "name the folder of resolved cases");
    if (!is_site(run.options.site))
        return ag_usage_error(self, "--site takes lower-case letters, digits and hyphens");
    if (run.cards == NULL)
        run.cards = ag_shipped_folder("knowledge", path, sizeof path);
    if (run.cards == NULL)
        return ag_usage_error(self,
                              "the shipped cards are not at hand; name them: --knowledge DIR");
    ag_error error = {0};
    if (learn(&run, (const char *const *)options.operands, options.count, &error) == AG_OK)
        return AG_EXIT_DONE;
    ag_print_error("antegrade learn", &error);
    return AG_EXIT_INPUT;
}
