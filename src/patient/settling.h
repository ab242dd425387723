/**
 * @file settling.h
 * Within the last step of reading a patient: facts that cannot be, that say the same twice, or that
 * say opposite things. What is taken out is listed in `unused` or told as a contradiction; nothing
 * vanishes. The rules stand in docs/case-file.md.
 */
#ifndef AG_SETTLING_H
#define AG_SETTLING_H

#include "patient.h"

/** Facts of one card that were dropped for one reason. */
typedef struct ag_dropped ag_dropped;

typedef struct ag_settling {
    ag_patient *patient;
    bool *drop_cause;   /**< of each cause: it is taken out */
    bool *drop_finding; /**< of each finding */
    ag_dropped *dropped, **last_dropped;
    ag_status status; /**< AG_ERROR_MEMORY once that ran out */
} ag_settling;

/** Take out a fact; `why`, a constant, says why in English. NULL: it says nothing that is not said
 * elsewhere. */
void ag_settling_drop_cause(ag_settling *settling, int cause, const char *why);
void ag_settling_drop_finding(ag_settling *settling, int finding, const char *why);

/** Note that a plan is taken out. */
void ag_settling_drop_plan(ag_settling *settling, const ag_cause_fact *plan, const char *why);

/** List what was taken out among the unused entries of the patient. */
void ag_settling_list(ag_settling *settling);

/** Tell of a contradiction. */
void ag_settling_contradict(ag_settling *settling, const char *sentence);

/** The text of an entry, or words for one that has none. */
const char *ag_settling_text(const char *text);

/** Whether all of these days lie before his birth, and the sentence that says so of an entry. */
bool ag_settling_before_birth(const ag_settling *settling, ag_days days);
void ag_settling_note_before_birth(ag_settling *settling, const char *text, const char *where,
                                   ag_days days);

/** Whether they lie behind the day of the assessment. */
bool ag_settling_is_after(const ag_settling *settling, ag_days days);

/** Sort causes and their attributes by what they say. */
void ag_settling_sort_causes(ag_patient *patient);

/** Dates of causes that cannot be; what is to come leaves the causes for the plans. */
void ag_settling_cause_dates(ag_settling *settling);

/** Of sorted causes: episodes that continue each other become one, denials that contradict go. */
void ag_settling_causes(ag_settling *settling);

/** Of one thing planned twice the earliest is kept; a medicine that he takes is not to come. */
void ag_settling_plans(ag_settling *settling);

/** Sort findings by sample, finding, then latest first. */
void ag_settling_sort_findings(ag_patient *patient);

/** Dates of findings that cannot be. */
void ag_settling_finding_dates(ag_settling *settling);

/** Of sorted findings: repeats, those that others make redundant, and samples beyond the three
 * latest of a kind. */
void ag_settling_findings(ag_settling *settling);

#endif
