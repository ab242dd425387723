/** @file drafted.h The medicines of drafted orders. */
#ifndef AG_DRAFTED_H
#define AG_DRAFTED_H

#include "hook_call.h"

enum { AG_DRAFTED = 8 };

/** One drafted medicine that acts on ejaculation. */
typedef struct ag_drafted {
    int cause;
    const char *text;      /**< as drafted */
    const char *reference; /**< "MedicationRequest/id"; NULL where the draft has no id */
} ag_drafted;

/**
 * The drafted medicines that act on ejaculation, each once, at most AG_DRAFTED: of order-select
 * only the selected ones. Drafts without a medicine or an intent, of somebody else, or not of R4,
 * are passed over. -1 where the context is faulty and there is an answer already.
 */
int ag_drafted_medicines(ag_hook *hook, ag_drafted out[AG_DRAFTED]);

#endif
