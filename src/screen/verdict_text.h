/** @file verdict_text.h What is said of a man: numbers, causes, plans and the step that suggests
 * itself. */
#ifndef AG_VERDICT_TEXT_H
#define AG_VERDICT_TEXT_H

#include "assessed.h"
#include "verdict.h"

/** Whether a cause acts on ejaculation, and is not known not to do so in practice. */
bool ag_cause_concerns(const ag_cause *cause);

/** The columns that a verdict's `csv` has, as in the heading. */
extern const char AG_VERDICT_COLUMNS[];

/** Fill in a verdict; its texts lie in `arena`. AG_ERROR_MEMORY. */
ag_status ag_verdict_write(ag_verdict *verdict, const ag_patient *patient,
                           const ag_assessed *assessed, ag_arena *arena, ag_error *error);

#endif
