/** @file assessed.h Assessments, shared by all men of one situation. */
#ifndef AG_ASSESSED_H
#define AG_ASSESSED_H

#include "antegrade/assess.h"
#include "patient.h"

/** A mechanism or cause with its probability. */
typedef struct ag_assessed_item {
    const char *id;
    const char *name;
    const char *mechanism; /**< of a cause: what it most likely brings about; may be NULL */
    ag_estimate probability;
} ag_assessed_item;

/** What an assessment says of probabilities. Borrowed until ag_assessments_forget. */
typedef struct ag_assessed {
    ag_status status;                   /**< AG_OK or AG_ERROR_IMPOSSIBLE */
    const ag_assessed_item *mechanisms; /**< the most probable first */
    int mechanism_count;
    const ag_assessed_item *causes;
    int cause_count;
} ag_assessed;

typedef struct ag_assessments ag_assessments;

/** `engine` is borrowed. Caller frees with ag_assessments_free. NULL when out of memory. */
ag_assessments *ag_assessments_new(const ag_engine *engine);
void ag_assessments_free(ag_assessments *assessments);

/** Whether they take so much memory that they should be forgotten. */
bool ag_assessments_crowded(ag_assessments *assessments);

/** Forget all. Nothing of it may be in use. */
void ag_assessments_forget(ag_assessments *assessments);

/** How many assessments were made. */
long long ag_assessments_made(const ag_assessments *assessments);

/** The assessment of a man, made in this thread's session where no man of his situation was met
 * before. NULL where another thread is at it, and not to be waited for. AG_ERROR_MEMORY. */
ag_status ag_assessments_find(ag_assessments *assessments, ag_session *session,
                              const ag_patient *patient, bool wait, const ag_assessed **out,
                              ag_error *error);

#endif
