/**
 * @file man_situation.h
 * From the dated facts of a patient to the situation that a network is built from.
 *
 * Dates at which the same causes act share one epoch. Up to AG_PAST_EPOCHS other dates take part,
 * the latest first, as long as the network does not become too large: what was found before is then
 * left out, and told.
 */
#ifndef AG_MAN_SITUATION_H
#define AG_MAN_SITUATION_H

#include "patient.h"
#include "situation.h"

enum { AG_PAST_EPOCHS = 3, AG_EPOCH_TODAY = 0 };

/** A cause imagined gone today, and the variable that is asked for then. */
typedef struct ag_imagined {
    int without;
    int variable;
} ag_imagined;

/** Whether a cause has a part in the network: it acts on something, or a finding depends on it. */
bool ag_cause_takes_part(const ag_knowledge *knowledge, int cause);

typedef struct ag_man_situation {
    ag_situation situation;
    const int *fact_of;  /**< [observation]: index of the patient's finding fact */
    const int *left_out; /**< indices of finding facts that could not take part */
    int left_out_count;
    int past_epochs; /**< dates other than today that may take part */
} ag_man_situation;

/** Build it in `arena`, with at most `past_epochs` dates besides today; `imagined` may be NULL.
 * NULL when out of memory. */
ag_man_situation *ag_man_situation_of(const ag_patient *patient, const ag_imagined *imagined,
                                      int past_epochs, ag_arena *arena);

#endif
