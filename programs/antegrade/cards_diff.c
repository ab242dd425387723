/* antegrade cards diff and cards old. */
#include "cards_diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "antegrade/validate.h"
#include "cards_at.h"
#include "options.h"
#include "shipped.h"
#include "terminal.h"

static ag_exit print(const char *what, ag_status status, char *text, const ag_error *error) {
    if (status == AG_OK)
        fputs(text, stdout);
    else
        ag_print_error(what, error);
    free(text);
    return status == AG_OK ? AG_EXIT_DONE : AG_EXIT_INPUT;
}

static ag_status show(const ag_knowledge *before, const ag_knowledge *after,
                      const char *const *folders, int count, bool json, char **text,
                      ag_error *error) {
    ag_card_changes *changes = NULL;
    ag_status status = ag_card_changes_of(&changes, before, after, folders, count, error);
    if (status == AG_OK)
        status = ag_card_changes_show(changes, json ? AG_SHEET_JSON : AG_SHEET_TEXT,
                                      ag_terminal_width(stdout), text, error);
    ag_card_changes_free(changes);
    return status;
}

ag_exit ag_cards_diff(char **operands, int count, bool json) {
    ag_knowledge *before = NULL, *after = NULL;
    const char *shipped[1];
    char path[1200], *text = NULL;
    ag_error error = {0};
    if (count == 0)
        return ag_usage_error(ag_command_find("cards"),
                              "name the cards to compare, folders or revisions of git: diff A [B]");
    shipped[0] = ag_shipped_folder("validation/cases", path, sizeof path);
    ag_status status = ag_cards_at(&before, operands[0], &error);
    if (status == AG_OK && count > 1)
        status = ag_cards_at(&after, operands[1], &error);
    if (status == AG_OK) {
        const ag_knowledge *second = after != NULL ? after : ag_knowledge_builtin();
        if (count > 2)
            status = show(before, second, (const char *const *)operands + 2, count - 2, json, &text,
                          &error);
        else
            status = show(before, second, shipped, shipped[0] != NULL, json, &text, &error);
    }
    ag_knowledge_free(before);
    ag_knowledge_free(after);
    return print("antegrade cards", status, text, &error);
}

ag_exit ag_cards_old(const ag_knowledge *knowledge, char **operands, int count) {
    char *text = NULL, *end = NULL;
    ag_error error = {0};
    long years = count > 0 ? strtol(operands[0], &end, 10) : 10;
    if (count > 0 && (*end != '\0' || years < 0 || years > 200))
        return ag_usage_error(ag_command_find("cards"), "\"%s\" is no number of years",
                              operands[0]);
    ag_status status = ag_cards_old_show(knowledge, (int)years, AG_SHEET_TEXT,
                                         ag_terminal_width(stdout), &text, &error);
    return print("antegrade cards", status, text, &error);
}
