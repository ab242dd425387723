#define _POSIX_C_SOURCE 200809L
#include "keeping.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "server_log.h"

enum { SECONDS_PER_DAY = 86400 };

/* Only one thread of those that come at the same time does it. */
static void expire(ag_keeping *keeping) {
    long long now = (long long)time(NULL), due = atomic_load(&keeping->next_expiry_s);
    ag_error error;
    if (keeping->days == 0 || now < due ||
        !atomic_compare_exchange_strong(&keeping->next_expiry_s, &due, now + SECONDS_PER_DAY))
        return;
    if (ag_store_expire(keeping->store, keeping->days, NULL, &error) != AG_OK)
        ag_log_event("retention", error.message);
}

ag_status ag_keeping_open(ag_keeping *keeping, const ag_settings *settings, ag_error *error) {
    keeping->days = settings->retention_days;
    atomic_init(&keeping->next_expiry_s, 0);
    if (settings->store == NULL)
        return AG_OK;
    ag_status status = ag_store_open(&keeping->store, settings->store, error);
    if (status == AG_OK)
        expire(keeping);
    return status;
}

void ag_keeping_close(ag_keeping *keeping) {
    ag_store_close(keeping->store);
    keeping->store = NULL;
}

ag_status ag_keeping_feedback(void *keeping, const ag_hooks_feedback *given, ag_error *error) {
    char suggestions[512] = "";
    for (int i = 0; i < given->suggestion_count; i++) {
        size_t length = strlen(suggestions);
        snprintf(suggestions + length, sizeof suggestions - length, "%s%s", i > 0 ? " " : "",
                 given->suggestions[i]);
    }
    const ag_store_feedback feedback = {.service = given->service,
                                        .card = given->card,
                                        .outcome = given->accepted ? "accepted" : "overridden",
                                        .time = given->time,
                                        .suggestion = suggestions,
                                        .reason = given->reason_code,
                                        .comment = given->comment};
    return ag_store_feedback_save(((ag_keeping *)keeping)->store, &feedback, error);
}

void ag_keeping_record(ag_keeping *keeping, const ag_store_audit *entry) {
    ag_error error;
    if (keeping->store == NULL)
        return;
    if (ag_store_audit_add(keeping->store, entry, &error) != AG_OK)
        ag_log_event("audit", error.message);
    expire(keeping);
}
