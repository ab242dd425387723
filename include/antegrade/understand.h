/**
 * @file understand.h
 * What a man or a clinician types in a line, as entries of a case file: "62, tamsulosin 0.4 mg
 * since March, dry orgasm, wants a child".
 *
 *     char *json;
 *     if (ag_understand(&json, vocabulary, "semen volume 0.4 mL", NULL, &error) == AG_OK)
 *         puts(json);
 *     ag_understand_free(json);
 */
#ifndef ANTEGRADE_UNDERSTAND_H
#define ANTEGRADE_UNDERSTAND_H

#include "antegrade/patient.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ag_understand_options {
    size_t size;          /**< sizeof(ag_understand_options), set by the defaults */
    const char *language; /**< of the names in the answer: "en" or "es"; default "en" */
    const char *as_of;    /**< the day of the assessment, YYYY-MM-DD; default NULL: today (UTC) */
    int suggestions;      /**< at most so many, 0 to 20; default 8 */
} ag_understand_options;

ag_understand_options ag_understand_options_defaults(void);

/**
 * Read `text` by the rules of docs/case-file.md and write to `out` a JSON object of one line:
 *
 *     {"facts": [{"kind": "medicine", "id": "tamsulosin", "name": "tamsulosin",
 *                 "text": "Flomax 0.4 mg since March", "denied": false,
 *                 "since": "2026-03", "until": null, "note": null,
 *                 "entry": {"medicines": ["Flomax 0.4 mg since March 2026"]}}],
 *      "not_understood": [{"text": "xyzol", "reason": "unknown", "message": "it is not known",
 *                          "nearest": []}],
 *      "suggestions": [{"kind": "medicine", "id": "tamsulosin", "name": "tamsulosin",
 *                       "match": "Flomax"}]}
 *
 * Each `entry` is a part of a case: its lists are to be added to the case's lists, its single
 * values to take their place. Kinds: medicine, condition, operation, symptom, sign, test, age,
 * partner-age, wish, onset, setting, anatomy, none (a list stated to be empty). `since` and `until`
 * are dates as far as they are known without the rest of the case, else null; `note` is one clause
 * on words that are not used. Reasons: unknown, words (beside a name, which they may change),
 * diagnosis, value (the message says how to mend it), unclear. Suggestions are names that go on as
 * the end of the text begins, the nearest first.
 *
 * `options` may be NULL. A text longer than 2000 bytes gives AG_ERROR_TOO_LARGE, one that is not
 * UTF-8 AG_ERROR_SYNTAX, a date that is none AG_ERROR_ARGUMENT, else AG_ERROR_MEMORY. Caller frees
 * with ag_understand_free. The vocabulary may be shared by threads.
 */
ag_status ag_understand(char **out, const ag_vocabulary *vocabulary, const char *text,
                        const ag_understand_options *options, ag_error *error);

/**
 * The same of a man as a record told him: his facts, each with the entry of a case file that says
 * it, so that a record can be gone through, changed and added to. Read as one case, the entries
 * make the same man. The tests of one sample are one fact, whose entry is the sample. There are
 * further kinds: date (of the assessment, where it is not `as_of`) and tried. In `not_understood`
 * stands what the assessment does not use, with the reason "unused", or "value" where it could not
 * be read; there are no suggestions. AG_ERROR_ARGUMENT or AG_ERROR_MEMORY.
 */
ag_status ag_understand_patient(char **out, const ag_vocabulary *vocabulary,
                                const ag_patient *patient, const ag_understand_options *options,
                                ag_error *error);

/** Free an answer. NULL is allowed. */
void ag_understand_free(char *json);

#ifdef __cplusplus
}
#endif
#endif
