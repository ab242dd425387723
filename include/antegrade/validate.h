/**
 * @file validate.h
 * Whether the model is right: scores on cases whose diagnosis is known and on published counts,
 * which assumptions matter, what a change of the cards changes, and learning from a site's own
 * resolved cases. The formats of cases and tables stand in validation/README.md.
 *
 *     ag_validation *validation;
 *     if (ag_validate(&validation, ag_knowledge_builtin(), "validation", NULL, &error) == AG_OK) {
 *         char *text;
 *         ag_validation_show(validation, AG_SHEET_TEXT, 80, &text, &error);
 *         puts(text);
 *         free(text);
 *     }
 *     ag_validation_free(validation);
 */
#ifndef ANTEGRADE_VALIDATE_H
#define ANTEGRADE_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/error.h"
#include "antegrade/knowledge.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How results are written. */
typedef enum ag_sheet_format {
    AG_SHEET_TEXT,
    AG_SHEET_JSON,
    AG_SHEET_HTML,
    AG_SHEET_MARKDOWN,
    AG_SHEET_SVG /**< of a validation: the reliability diagram */
} ag_sheet_format;

/* ---- scores ---- */

typedef struct ag_validation ag_validation;

typedef struct ag_validate_options {
    size_t size; /**< sizeof(ag_validate_options), set by the defaults */
    /** The folder of the knowledge's cards, from which a study is left out while it is predicted.
     * NULL: none is, and what rests on a study of its own is marked so. */
    const char *cards;
    /** A folder of cases (also vignettes, with `case` and `expect`) on which each assumption is
     * moved within its interval. NULL: none is. */
    const char *stress;
} ag_validate_options;

ag_validate_options ag_validate_options_defaults(void);

/**
 * Score `knowledge` (borrowed until the validation is freed) on a folder: cases in `cases`/ or the
 * folder itself (*.yaml), counts in *.csv, and a flow chart to compare with in flow-chart.yaml,
 * which may be missing. `options` may be NULL. Caller frees with ag_validation_free. Errors name
 * file and line; AG_ERROR_IO where there is nothing to score.
 */
ag_status ag_validate(ag_validation **out, const ag_knowledge *knowledge, const char *folder,
                      const ag_validate_options *options, ag_error *error);

/** Free a validation. NULL is allowed. */
void ag_validation_free(ag_validation *validation);

/**
 * The validation as text of `width` columns, JSON, an HTML page, Markdown, or its diagram alone
 * (SVG). `*out` is NUL-terminated UTF-8: caller frees with free().
 */
ag_status ag_validation_show(const ag_validation *validation, ag_sheet_format format, int width,
                             char **out, ag_error *error);

/* ---- changes of the cards ---- */

typedef struct ag_card_changes ag_card_changes;

/**
 * What differs between two knowledges (borrowed until the result is freed), and what that moves in
 * the cases (*.yaml, also vignettes) of `count` folders. Caller frees with ag_card_changes_free.
 */
ag_status ag_card_changes_of(ag_card_changes **out, const ag_knowledge *before,
                             const ag_knowledge *after, const char *const *folders, int count,
                             ag_error *error);

/** Free the result. NULL is allowed. */
void ag_card_changes_free(ag_card_changes *changes);

/** The changes as text of `width` columns, JSON, HTML or Markdown. `*out`: caller frees with
 * free(). */
ag_status ag_card_changes_show(const ag_card_changes *changes, ag_sheet_format format, int width,
                               char **out, ag_error *error);

/** The cards whose newest evidence is more than `years` years older than the knowledge, as text,
 * HTML or Markdown. `*out`: caller frees with free(). */
ag_status ag_cards_old_show(const ag_knowledge *knowledge, int years, ag_sheet_format format,
                            int width, char **out, ag_error *error);

/* ---- learning ---- */

typedef struct ag_learning ag_learning;

typedef struct ag_learn_options {
    size_t size;      /**< sizeof(ag_learn_options), set by the defaults */
    const char *site; /**< lower-case letters, digits and hyphens: names the records; "own" */
    /** The cases are all men who were exposed to their causes, whether or not they complained; only
     * then are effects of causes learned too. Default false. */
    bool exposed;
    /** The cases are a sample of all men of their ages, whether or not they complained; only then
     * is learned how common causes are. Default false. */
    bool unselected;
} ag_learn_options;

ag_learn_options ag_learn_options_defaults(void);

/**
 * Update the numbers of `knowledge` (borrowed until the learning is freed) by the resolved cases
 * (*.yaml) of `count` folders, and see by cross-validation whether that helps. `options` may be
 * NULL. Caller frees with ag_learning_free. AG_ERROR_VALUE where there are too few: the message
 * says how many are needed, and why.
 */
ag_status ag_learn(ag_learning **out, const ag_knowledge *knowledge, const char *const *folders,
                   int count, const ag_learn_options *options, ag_error *error);

/** Free what was learned. NULL is allowed. */
void ag_learning_free(ag_learning *learning);

/** What was learned, and whether it helped, as text of `width` columns, JSON, HTML or Markdown.
 * `*out`: caller frees with free(). */
ag_status ag_learning_show(const ag_learning *learning, ag_sheet_format format, int width,
                           char **out, ag_error *error);

/**
 * Write the cards of `cards` (those of the learning's knowledge) with the new numbers into the new
 * folder `out`. Evidence is never changed: the site's counts are records of its own, in
 * evidence/site-<site>.yaml, and each changed number names them beside what it rested on.
 * AG_ERROR_IO where `out` exists already or cannot be written.
 */
ag_status ag_learning_write(const ag_learning *learning, const char *cards, const char *out,
                            ag_error *error);

#ifdef __cplusplus
}
#endif
#endif
