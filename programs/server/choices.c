#include "choices.h"

#include <stdio.h>
#include <string.h>

#include "word_among.h"

bool ag_query_choices(ag_answer *answer, const ag_request *request, const ag_choice *choices) {
    for (const ag_choice *choice = choices; choice->name != NULL; choice++) {
        const char *value = ag_request_query(request, choice->name);
        *choice->out = value == NULL ? choice->otherwise : value;
        if (value == NULL || ag_word_among(choice->words, value))
            continue;
        char where[64];
        snprintf(where, sizeof where, "query:%s", choice->name);
        ag_answer_error(answer, 400, where, "%s cannot be \"%.60s\"; it is one of: %s",
                        choice->name, value, choice->words);
        return false;
    }
    return true;
}

static bool is_named(const char *const *names, const char *name) {
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

bool ag_query_known(ag_answer *answer, const ag_request *request, const char *const *names) {
    for (int i = 0; i < request->query_count; i++) {
        const char *name = request->query[i].name;
        if (!is_named(names, name)) {
            ag_answer_error(answer, 400, "query", "there is no parameter \"%.60s\" here", name);
            return false;
        }
        if (ag_request_query(request, name) != request->query[i].value) {
            ag_answer_error(answer, 400, "query", "%s is given twice", name);
            return false;
        }
    }
    return true;
}
