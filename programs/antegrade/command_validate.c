/* antegrade validate: scores on cases whose diagnosis is known, and on published counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/validate.h"
#include "commands.h"
#include "options.h"
#include "shipped.h"
#include "terminal.h"

typedef struct validate_run {
    const char *folder;
    const char *cards;
    bool own_cards;
    ag_sheet_format format;
    ag_validate_options options;
    const ag_knowledge *knowledge;
    ag_knowledge *loaded;
} validate_run;

static ag_sheet_format format_of(const char *name) {
    static const char *const names[] = {"text", "json", "html", "markdown", "svg"};
    int f = 0;
    while (f < 4 && strcmp(name, names[f]) != 0)
        f++;
    return (ag_sheet_format)f;
}

/* The cards of the knowledge in use: the ones named, or the shipped ones of the same version. */
static ag_status open_knowledge(validate_run *run, ag_error *error) {
    run->knowledge = ag_knowledge_builtin();
    if (run->cards == NULL)
        return AG_OK;
    ag_status status = ag_knowledge_load(&run->loaded, run->cards, NULL, error);
    if (status != AG_OK)
        return status;
    const ag_knowledge *builtin = run->knowledge;
    run->knowledge = run->loaded;
    if (!run->own_cards && builtin != NULL &&
        strcmp(ag_knowledge_version(builtin), ag_knowledge_version(run->loaded)) != 0) {
        run->knowledge = builtin;
        run->cards = NULL;
    }
    run->options.cards = run->cards;
    return AG_OK;
}

static ag_status validate(validate_run *run, ag_error *error) {
    ag_validation *validation = NULL;
    char *text = NULL;
    ag_status status = open_knowledge(run, error);
    if (status == AG_OK)
        status = ag_validate(&validation, run->knowledge, run->folder, &run->options, error);
    if (status == AG_OK)
        status =
            ag_validation_show(validation, run->format, ag_terminal_width(stdout), &text, error);
    if (status == AG_OK)
        fputs(text, stdout);
    free(text);
    ag_validation_free(validation);
    ag_knowledge_free(run->loaded);
    return status;
}

int ag_command_validate(int argc, char **argv) {
    validate_run run = {.format = AG_SHEET_TEXT, .options = ag_validate_options_defaults()};
    char cards[1200], folder[1200];
    ag_options options;
    ag_options_start(&options, "validate", argc, argv);
    while (ag_options_next(&options)) {
        if (ag_option_is(&options, "format"))
            run.format = format_of(options.value);
        else if (ag_option_is(&options, "knowledge"))
            run.cards = options.value;
        else if (ag_option_is(&options, "stress"))
            run.options.stress = options.value;
    }
    if (options.over)
        return options.status;
    if (options.count > 1)
        return ag_usage_error(ag_command_find("validate"), "name one folder");
    run.own_cards = run.cards != NULL;
    if (run.cards == NULL)
        run.cards = ag_shipped_folder("knowledge", cards, sizeof cards);
    run.folder = options.count > 0 ? options.operands[0]
                                   : ag_shipped_folder("validation", folder, sizeof folder);
    if (run.folder == NULL)
        return ag_usage_error(ag_command_find("validate"),
                              "the shipped cases are not at hand; name a folder of cases");
    ag_error error = {0};
    if (validate(&run, &error) == AG_OK)
        return AG_EXIT_DONE;
    ag_print_error(run.folder, &error);
    return AG_EXIT_INPUT;
}
