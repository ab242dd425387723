/**
 * @file keeping.h
 * What the server keeps where a store is set: the store itself, the audit, the retention. All
 * functions may be called by several threads.
 */
#ifndef AG_KEEPING_H
#define AG_KEEPING_H

#include <stdatomic.h>

#include "antegrade/hooks.h"
#include "antegrade/store.h"
#include "settings.h"

typedef struct ag_keeping {
    ag_store *store; /**< NULL where nothing is kept */
    int days;        /**< how long; 0: for ever */
    atomic_llong next_expiry_s;
} ag_keeping;

/** Open the store of the settings, if there is one, and delete what is too old. Caller ends with
 * ag_keeping_close. As ag_store_open. */
ag_status ag_keeping_open(ag_keeping *keeping, const ag_settings *settings, ag_error *error);

void ag_keeping_close(ag_keeping *keeping);

/** Keep feedback on a card, for ag_hooks_options; `keeping` is an ag_keeping with a store. */
ag_hooks_on_feedback ag_keeping_feedback;

/** Write down who asked what; once a day, delete what is too old. What cannot be written is told to
 * the log. */
void ag_keeping_record(ag_keeping *keeping, const ag_store_audit *entry);

#endif
