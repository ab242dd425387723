/**
 * @file signs.h
 * The signs that must not wait, which the closing question asks for: the cards of red flags that
 * are told to every man, or asked of men like him, and that rest on a finding or a cause.
 */
#ifndef AG_SIGNS_H
#define AG_SIGNS_H

#include "answers.h"
#include "antegrade/assess.h"
#include "vocabulary.h"

/** A sign, and what it is recorded as. Strings are borrowed from the knowledge. */
typedef struct ag_sign {
    const char *name; /**< as its card calls it, in the interview's language */
    const ag_names *names;
    ag_term term;
    ag_said entry;
    bool deniable; /**< its name is the entry's too: to deny the one is to deny the other, as it is
                      not with "fever with pain" and fever */
} ag_sign;

/** The signs of which the record says nothing yet, the most urgent first, into `arena`; their
 * number in `count`. The assessment is that of the patient. NULL when out of memory. */
const ag_sign *ag_signs_open(const ag_vocabulary *vocabulary, const ag_session *session,
                             const ag_patient *patient, const ag_assessment *assessment,
                             ag_language language, ag_arena *arena, int *count);

/** Their names, into `arena`; NULL when out of memory. */
const char *const *ag_signs_names(const ag_sign *signs, int count, ag_arena *arena);

/**
 * The entries of an answer: numbers from 1, or names of any kind, with commas between them, or a
 * word for none, which denies what is deniable. Into `answer`, which has its text, in `arena`.
 * AG_ERROR_VALUE, said in `language`: a part of it is none of the signs.
 */
ag_status ag_signs_answer(const ag_sign *signs, int count, const ag_vocabulary *vocabulary,
                          ag_language language, ag_arena *arena, ag_answer *answer,
                          ag_error *error);

#endif
