/** @file sensitivity.h How far an answer moves when one number of the model moves. */
#ifndef AG_SENSITIVITY_H
#define AG_SENSITIVITY_H

#include "antegrade/assess.h"
#include "knowledge.h"

/** The probability of a mechanism with one number at the ends of its 95 % interval, and all other
 * numbers at their central values. NaN where the findings are impossible so. */
typedef struct ag_swing {
    double low, high;
} ag_swing;

/**
 * Move each of `count` parameters, one at a time, and answer for the mechanism of this index in the
 * knowledge: `out` [count], and in `central` the probability with no number moved (NaN where the
 * mechanism does not apply to the man). Fails as ag_assess does.
 */
ag_status ag_assess_swings(ag_session *session, const ag_patient *patient, int mechanism,
                           const ag_parameter *const *parameters, int count, double *central,
                           ag_swing *out, ag_error *error);

#endif
