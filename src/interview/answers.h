/** @file answers.h Answers written as a case file. */
#ifndef AG_ANSWERS_H
#define AG_ANSWERS_H

#include "questions.h"

/** An entry of the case that an answer makes. */
typedef struct ag_said {
    const char *name;  /**< the id of a finding or cause */
    const char *state; /**< of a finding with states: its id; else NULL */
    bool present;
} ag_said;

/** One answered question. */
typedef struct ag_answer {
    const ag_question *question;
    const char *text;    /**< as given; NULL: he does not know */
    bool enough;         /**< nor does he want to be asked on */
    int choice;          /**< yes-no: 1 or 0; choice: its index; else -1 */
    const char *state;   /**< findings with states: the id of the chosen one; else NULL */
    const ag_said *said; /**< several: an entry for each of the choices that makes one */
    int said_count;
} ag_answer;

/** Whether the text says that there is none. */
bool ag_answer_is_none(const char *text);

/** The next part of a list with commas or semicolons between, blanks at its ends left out, of
 * `length` bytes; `text` moves behind it. NULL at the end. */
const char *ag_answer_part(const char **text, size_t *length);

/** The case file of the answers, in `arena`; NULL when out of memory. Where the knowledge has
 * settings, a man who tells a complaint is one who comes with it, not one of all men. */
const char *ag_answers_case(const ag_answer *answers, int count, const char *date, bool has_setting,
                            ag_arena *arena);

#endif
