/** @file finding_bits.h What findings would tell: the ranking of next tests, finding by finding. */
#ifndef AG_FINDING_BITS_H
#define AG_FINDING_BITS_H

#include "antegrade/plan.h"

/** Expected information of each of `count` findings about the mechanisms, in bits at central values
 * of all numbers, into `out`; 0 for a finding that is known. The assessment is that of the patient.
 * Fails as ag_plan_make does. */
ag_status ag_plan_finding_bits(ag_session *session, const ag_patient *patient,
                               const ag_assessment *assessment, const int *findings, int count,
                               double *out, ag_error *error);

#endif
