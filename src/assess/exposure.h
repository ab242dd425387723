/**
 * @file exposure.h
 * Time: how far a cause acts on a given day, and how well the onset of the complaint fits it.
 *
 * The effect of a cause begins a lag after the exposure, and ends a lag after its end; both lags
 * are log-normal between men. A start that is known within limits is uniform between them.
 */
#ifndef AG_EXPOSURE_H
#define AG_EXPOSURE_H

#include "patient.h"
#include "situation.h"

/** The probability that the recorded exposure acts on day `day`; 1 where its time is unknown and
 * not ended. */
double ag_exposure_activity(const ag_cause *cause, const ag_cause_fact *fact, int day);

/**
 * How the onset that would follow from the cause compares with the one that the man names. `fact`
 * is NULL when the record does not name the cause: it then began at birth (congenital), or at any
 * time of adult life.
 */
ag_onset_odds ag_exposure_onset(const ag_cause *cause, const ag_cause_fact *fact,
                                const ag_patient *patient);

/** True when the patient's onset is known well enough to weigh. */
bool ag_exposure_onset_known(const ag_patient *patient);

#endif
