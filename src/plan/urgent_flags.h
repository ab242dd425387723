/** @file urgent_flags.h The red flags that must not wait, without the rest of a plan. */
#ifndef AG_URGENT_FLAGS_H
#define AG_URGENT_FLAGS_H

#include "antegrade/plan.h"
#include "arena.h"
#include "knowledge.h"

/** The red flags that the record raises for the same day or within days, the most urgent first,
 * into `arena`. What asks for the options of a plan, or for what it says of operations to come, is
 * not among them. The assessment is that of the patient. AG_ERROR_MEMORY. */
ag_status ag_plan_urgent_flags(const ag_session *session, const ag_patient *patient,
                               const ag_assessment *assessment, ag_arena *arena,
                               const ag_plan_flag **out, int *count, ag_error *error);

/** Whether the signs of `card` are asked for at the end of an interview with this man: of every
 * man, or of men like him. */
bool ag_plan_asks_for(const ag_session *session, const ag_patient *patient,
                      const ag_assessment *assessment, const ag_red_flag *card);

#endif
