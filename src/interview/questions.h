/**
 * @file questions.h
 * The words of the interview, from knowledge/interview/<language>/interview.md: for each question a
 * section "## id" with the question, a line "? why", and its choices as "- words".
 */
#ifndef AG_QUESTIONS_H
#define AG_QUESTIONS_H

#include "antegrade/interview.h"
#include "leaflets.h"

/** Made by the build. */
extern const ag_leaflet_file ag_interview_files[];

/** A question that everybody is asked. All others ask for the finding of their id. */
typedef struct ag_opening {
    const char *id;
    ag_answer_kind kind;
} ag_opening;

enum { AG_OPENINGS = 8 };

/** In the order in which they are asked. */
extern const ag_opening ag_openings[AG_OPENINGS];

/** The id of the question that everybody is asked last, where there are signs to ask for. */
#define AG_CLOSING "red-flags"

/** All questions in a language, in the order of the file, into `arena`; their count in `count`.
 * NULL when out of memory. Findings have the kind AG_ANSWER_YES_NO until more is known of them. */
ag_question *ag_questions_read(ag_language language, ag_arena *arena, int *count);

#endif
