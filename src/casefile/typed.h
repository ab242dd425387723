/**
 * @file typed.h
 * What the files that understand a typed line share.
 */
#ifndef AG_TYPED_H
#define AG_TYPED_H

#include "dates.h"
#include "vocabulary.h"

enum { AG_TYPED_TEXT = 400, AG_TYPED_ID = 100, AG_TYPED_WHY = 560 };

/** One thing that a typed line says. */
typedef struct ag_typed_fact {
    const char *kind; /**< as antegrade/understand.h lists them */
    const char *key;  /**< of the case */
    bool is_list;     /**< of that key: the value is one of several */
    bool is_number;   /**< the value is written as a number */
    bool is_empty;    /**< a list stated to be empty: no value */
    bool denied;
    bool is_cause;             /**< later words may belong to it ("RPLND, bilateral") */
    bool is_several;           /**< says, or may say, more than the one thing that it names */
    ag_term term;              /**< kind 0 where the fact names no card */
    char text[AG_TYPED_TEXT];  /**< as typed */
    char value[AG_TYPED_TEXT]; /**< as the case has it */
    char since[AG_DATE_TEXT], until[AG_DATE_TEXT]; /**< "" when not known */
    char note[AG_TYPED_WHY];
} ag_typed_fact;

/**
 * Read what a text says of the man himself: his age, his partner's, the wish for a child, where he
 * is seen, since when, that he takes nothing. False when it says none of these.
 */
bool ag_typed_person(const ag_vocabulary *vocabulary, const char *text, ag_typed_fact *out);

/** Whether a text tells an age that is not assessed: under 18, or no man's. */
bool ag_typed_age_outside(const char *text);

/** Whether a text is a time and nothing else, such as "since 2020". */
bool ag_typed_time(const char *text);

/** Copy `text` and put the year behind each month that is named without one after "since", "until"
 * and the like: the latest such month up to `as_of`. */
void ag_typed_with_years(const char *text, int as_of, char out[AG_TYPED_TEXT]);

#endif
