/** @file choices.h Query parameters that are one of a few words. */
#ifndef AG_CHOICES_H
#define AG_CHOICES_H

#include "answer.h"
#include "request.h"

typedef struct ag_choice {
    const char *name;      /**< of the parameter; NULL ends a list */
    const char *words;     /**< what it may be, separated by spaces */
    const char *otherwise; /**< where it is not given */
    const char **out;      /**< receives its value */
} ag_choice;

/** Read the parameters. False, and the answer is an error, where one is none of its words. */
bool ag_query_choices(ag_answer *answer, const ag_request *request, const ag_choice *choices);

/** False, and the answer is an error, where a parameter is not among `names` (ended by NULL) or is
 * given twice. */
bool ag_query_known(ag_answer *answer, const ag_request *request, const char *const *names);

#endif
