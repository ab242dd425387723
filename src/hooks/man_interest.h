/** @file man_interest.h Whether a man's record makes ejaculation worth speaking of. */
#ifndef AG_MAN_INTEREST_H
#define AG_MAN_INTEREST_H

#include "patient.h"

/** He complains of it, is being worked up for it, or for infertility: a symptom, a diagnosis, or a
 * test of semen or of urine after orgasm is recorded. */
bool ag_man_complains(const ag_patient *man);

/** Something is recorded that acts on ejaculation now, or may go on doing so. */
bool ag_man_exposed(const ag_patient *man);

/** Whether he takes this medicine already. */
bool ag_man_takes(const ag_patient *man, int cause);

/** He wishes for a child, as far as is known: by his case, or treated for infertility. */
bool ag_man_wants_child(const ag_patient *man);

/** Without a complaint: whether he is of an age, below `below_age` years, at which he may mind. Of
 * unknown age he may. */
bool ag_man_minds(const ag_patient *man, double below_age);

/** Whether a cause acts on any function. */
bool ag_cause_acts(const ag_cause *cause);

#endif
