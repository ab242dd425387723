/* antegrade cards: browse and check the medical knowledge. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/knowledge.h"
#include "cards_diff.h"
#include "commands.h"
#include "options.h"

typedef struct cards_run {
    const char *kind;
    const char *folder;
    ag_card_format format;
    const ag_knowledge *knowledge;
    ag_knowledge *loaded;
} cards_run;

static const ag_command *self(void) {
    return ag_command_find("cards");
}

static ag_exit print(ag_status status, char *text, const ag_error *error) {
    if (status == AG_OK)
        fputs(text, stdout);
    else
        fprintf(stderr, "antegrade cards: %s\n", error->message);
    free(text);
    return status == AG_OK ? AG_EXIT_DONE : AG_EXIT_INPUT;
}

static ag_exit list(const cards_run *run) {
    ag_card_kind kind = AG_CARD_KINDS;
    ag_error error = {0};
    char *text;
    if (run->kind != NULL && !ag_card_kind_find(run->kind, &kind))
        return ag_usage_error(self(), "there is no kind of cards \"%s\"", run->kind);
    ag_status status = ag_card_list(run->knowledge, kind, run->format, &text, &error);
    return print(status, text, &error);
}

static ag_exit not_found(const cards_run *run, const char *name) {
    const char *near[AG_CARD_NEAREST];
    int count = ag_card_nearest(run->knowledge, name, near);
    fprintf(stderr, "antegrade cards: there is no card \"%s\"", name);
    for (int i = 0; i < count; i++)
        fprintf(stderr, "%s%s", i == 0 ? "; near it: " : ", ", near[i]);
    fputc('\n', stderr);
    return AG_EXIT_INPUT;
}

typedef ag_status shower(const ag_knowledge *knowledge, ag_card card, ag_card_format format,
                         char **out, ag_error *error);

static ag_status show_evidence(const ag_knowledge *knowledge, ag_card card, ag_card_format format,
                               char **out, ag_error *error) {
    return ag_evidence_show(knowledge, &card, format, out, error);
}

static ag_exit show(const cards_run *run, const char *name, shower *how) {
    ag_card card;
    ag_error error = {0};
    char *text;
    if (!ag_card_find(run->knowledge, name, &card))
        return not_found(run, name);
    ag_status status = how(run->knowledge, card, run->format, &text, &error);
    return print(status, text, &error);
}

static ag_exit show_all(const cards_run *run, char **names, int count, shower *how) {
    ag_exit status = AG_EXIT_DONE;
    if (count == 0)
        return ag_usage_error(self(), "name a card to show, such as: antegrade cards show turp");
    for (int i = 0; i < count; i++) {
        if (i > 0 && run->format == AG_CARD_TEXT)
            putchar('\n');
        if (show(run, names[i], how) != AG_EXIT_DONE)
            status = count == 1 ? AG_EXIT_INPUT : AG_EXIT_PARTLY;
    }
    return status;
}

static void print_counts(const ag_knowledge *knowledge) {
    printf("knowledge %s of %s:", ag_knowledge_version(knowledge), ag_knowledge_date(knowledge));
    for (int kind = 0; kind < AG_CARD_KINDS; kind++)
        printf("%s %d %s", kind == 0 ? "" : ",", ag_card_count(knowledge, (ag_card_kind)kind),
               ag_card_kind_name((ag_card_kind)kind));
    printf("; no fault\n");
}

/* The built-in knowledge was checked when it was built. */
static ag_exit check(const cards_run *run, const char *folder) {
    ag_knowledge *knowledge = NULL;
    ag_problems *problems = NULL;
    ag_error error = {0};
    char *text;
    ag_status found = AG_OK;
    if (folder != NULL)
        found = ag_knowledge_load(&knowledge, folder, &problems, &error);
    if (found != AG_OK && ag_problems_count(problems) == 0) {
        fprintf(stderr, "antegrade cards: %s: %s\n", folder, error.message);
    } else if (found != AG_OK || run->format == AG_CARD_JSON) {
        ag_status status = ag_problems_show(problems, run->format, &text, &error);
        print(status, text, &error);
    } else {
        print_counts(knowledge != NULL ? knowledge : run->knowledge);
    }
    if (found != AG_OK && run->format == AG_CARD_TEXT && ag_problems_count(problems) > 0)
        fprintf(stderr, "%d fault%s\n", ag_problems_count(problems),
                ag_problems_count(problems) == 1 ? "" : "s");
    ag_problems_free(problems);
    ag_knowledge_free(knowledge);
    return found == AG_OK ? AG_EXIT_DONE : AG_EXIT_INPUT;
}

static ag_exit evidence(const cards_run *run, char **names, int count) {
    ag_error error = {0};
    char *text;
    if (count > 0)
        return show_all(run, names, count, show_evidence);
    ag_status status = ag_evidence_show(run->knowledge, NULL, run->format, &text, &error);
    return print(status, text, &error);
}

static bool open_knowledge(cards_run *run) {
    ag_error error = {0};
    run->knowledge = ag_knowledge_builtin();
    if (run->folder == NULL)
        return run->knowledge != NULL;
    if (ag_knowledge_load(&run->loaded, run->folder, NULL, &error) != AG_OK) {
        fprintf(stderr, "%s:%d:%d: %s\n", error.where[0] != '\0' ? error.where : run->folder,
                error.line, error.column, error.message);
        return false;
    }
    run->knowledge = run->loaded;
    return true;
}

static ag_exit browse(cards_run *run, const char *verb, char **names, int count) {
    if (!open_knowledge(run))
        return AG_EXIT_INPUT;
    ag_exit status;
    if (strcmp(verb, "list") == 0)
        status = list(run);
    else if (strcmp(verb, "show") == 0)
        status = show_all(run, names, count, ag_card_show);
    else if (strcmp(verb, "evidence") == 0)
        status = evidence(run, names, count);
    else if (strcmp(verb, "old") == 0)
        status = ag_cards_old(run->knowledge, names, count);
    else
        status = ag_usage_error(self(), "\"%s\" is none of list, show, check, evidence, diff, old",
                                verb);
    ag_knowledge_free(run->loaded);
    return status;
}

int ag_command_cards(int argc, char **argv) {
    cards_run run = {.format = AG_CARD_TEXT};
    ag_options options;
    ag_options_start(&options, "cards", argc, argv);
    while (ag_options_next(&options)) {
        if (ag_option_is(&options, "kind"))
            run.kind = options.value;
        else if (ag_option_is(&options, "format"))
            run.format = strcmp(options.value, "json") == 0 ? AG_CARD_JSON : AG_CARD_TEXT;
        else if (ag_option_is(&options, "knowledge"))
            run.folder = options.value;
    }
    if (options.over)
        return options.status;
    if (options.count == 0)
        return ag_usage_error(self(), "say what to do: list, show, check, evidence, diff or old");
    const char *verb = options.operands[0];
    if (strcmp(verb, "diff") == 0)
        return ag_cards_diff(options.operands + 1, options.count - 1, run.format == AG_CARD_JSON);
    if (strcmp(verb, "check") != 0)
        return browse(&run, verb, options.operands + 1, options.count - 1);
    run.knowledge = ag_knowledge_builtin();
    return check(&run, options.count > 1 ? options.operands[1] : run.folder);
}
