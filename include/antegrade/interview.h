/**
 * @file interview.h
 * An adaptive interview: asks the man what is worth knowing, the most telling question first, and
 * makes a case file of the answers.
 *
 *     ag_interview *interview;
 *     ag_interview_new(&interview, engine, "en", NULL, &error);
 *     for (const ag_question *q; (q = ag_interview_question(interview)) != NULL;)
 *         if (ag_interview_answer(interview, ask(q->text), &error) != AG_OK)
 *             puts(error.message); // and the same question again
 *     puts(ag_interview_case(interview));
 *
 * It opens with a few questions that everybody is asked. Then each question is the one whose answer
 * is expected to tell most about the mechanisms: the fall of their entropies, in bits, averaged
 * over the answers with their probabilities. When no question is expected to tell enough, it closes
 * with one for the signs that must not wait, whose list comes from the cards of red flags.
 */
#ifndef ANTEGRADE_INTERVIEW_H
#define ANTEGRADE_INTERVIEW_H

#include <stdbool.h>

#include "antegrade/assess.h"
#include "antegrade/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ag_interview ag_interview;

typedef enum ag_answer_kind {
    AG_ANSWER_YES_NO,
    AG_ANSWER_CHOICE, /**< one of `choices`, by its number from 1 or its words */
    AG_ANSWER_NUMBER,
    AG_ANSWER_TIME,   /**< such as "3 months ago" */
    AG_ANSWER_LIST,   /**< names with commas between them, or "none" */
    AG_ANSWER_SEVERAL /**< any of `choices`, by numbers or words with commas between, or "none" */
} ag_answer_kind;

/** A question in the interview's language. Borrowed until the next answer. */
typedef struct ag_question {
    const char *id;
    const char *text;
    const char *why; /**< why it is asked */
    ag_answer_kind kind;
    const char *const *choices;
    int choice_count;
    double bits; /**< expected information; NaN for the opening questions and the closing one */
} ag_question;

/**
 * Begin an interview in a language ("en" or "es"), on the day `as_of` (YYYY-MM-DD; NULL: today in
 * UTC). The engine is borrowed until the interview is freed. Caller frees with ag_interview_free.
 * AG_ERROR_VALUE: `as_of` is no day.
 */
ag_status ag_interview_new(ag_interview **out, const ag_engine *engine, const char *language,
                           const char *as_of, ag_error *error);

/** Free the interview. NULL is allowed. */
void ag_interview_free(ag_interview *interview);

/** The question to ask now; NULL when enough is known. */
const ag_question *ag_interview_question(const ag_interview *interview);

/**
 * Answer it. An empty text, or "don't know", leaves it open for good; so does "enough", after which
 * only the closing question is asked. AG_ERROR_VALUE: the answer is
 * not understood, and the message says what is expected; the question stays. AG_ERROR_DECLINED: the
 * man is outside of what the program is for. AG_ERROR_IMPOSSIBLE: it contradicts other answers.
 */
ag_status ag_interview_answer(ag_interview *interview, const char *answer, ag_error *error);

/** Take the last answer back, so that its question is asked again. False at the first question. */
bool ag_interview_back(ag_interview *interview);

/** What is known so far. Borrowed until the next answer. */
const ag_patient *ag_interview_patient(const ag_interview *interview);

/** What is likely so far, without explanations. Borrowed until the next answer. */
const ag_assessment *ag_interview_assessment(const ag_interview *interview);

/** What of what is known so far must not wait: its red flags for the same day or within days, the
 * most urgent first; their number is in `count`. Borrowed until the next answer. */
const ag_plan_flag *ag_interview_flags(const ag_interview *interview, int *count);

/** The case file of the answers (docs/case-file.md). Borrowed until the next answer. */
const char *ag_interview_case(const ag_interview *interview);

/** What is likely in a line: "Most likely so far: … (about 7 of 10)". Caller frees with
 * ag_report_free; NULL when out of memory. */
char *ag_interview_estimate(const ag_interview *interview);

#ifdef __cplusplus
}
#endif
#endif
