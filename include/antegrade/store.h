/**
 * @file store.h
 * What a site keeps: saved cases, feedback on cards, and who asked what when.
 *
 *     ag_store *store;
 *     ag_store_open(&store, "antegrade.db", &error);
 *     char id[AG_STORE_ID];
 *     ag_store_case_save(store, NULL, &(ag_store_case){.owner = "clinic", .body = text}, id,
 * &error); ag_store_close(store);
 *
 * The store is one SQLite file (write-ahead log, synchronous: what was acknowledged survives a
 * crash) or a PostgreSQL database, which several servers may share. All functions may be called
 * from several threads. Times are milliseconds since 1970-01-01 UTC. Texts are UTF-8.
 *
 * AG_ERROR_IO means that the store cannot be reached, read or written (a full disk: it can still be
 * read); nothing was then changed.
 */
#ifndef ANTEGRADE_STORE_H
#define ANTEGRADE_STORE_H

#include <stdbool.h>

#include "antegrade/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ag_store ag_store;

/** The version of the tables that this program writes. */
#define AG_STORE_VERSION 3

/** Room for an id with its NUL: a random (version 4) UUID. */
enum { AG_STORE_ID = 37 };

/**
 * Open a store, made where there is none, and bring its tables up to date: `where` is the path of a
 * file, or a connection string "postgresql://…". Caller closes with ag_store_close.
 * AG_ERROR_UNSUPPORTED: it was written by a newer program; AG_ERROR_IO.
 */
ag_status ag_store_open(ag_store **out, const char *where, ag_error *error);

/** Close. NULL is allowed. */
void ag_store_close(ag_store *store);

/** Whether it is a PostgreSQL database. */
bool ag_store_is_shared(const ag_store *store);

/* ---- cases ---- */

typedef struct ag_store_case {
    const char *id;
    const char *owner; /**< who saved it; sees and changes only his own. "" where nobody is named */
    const char *label; /**< what he calls it; may be "" */
    const char *body;  /**< the case file, as it was given */
    long long saved_ms;
    long long changed_ms;
} ag_store_case;

/**
 * Save `item` (owner, label, body): anew where `id` is NULL, else in the place of that case, which
 * must be the owner's. Its id is copied to `out` (may be NULL). AG_ERROR_NAME: the owner has no
 * such case.
 */
ag_status ag_store_case_save(ag_store *store, const char *id, const ag_store_case *item,
                             char out[AG_STORE_ID], ag_error *error);

/** Called for each case; its texts are borrowed until it returns. False ends the visit. */
typedef bool ag_store_on_case(void *closure, const ag_store_case *item);

/** Visit one case of an owner. AG_ERROR_NAME: he has no such case. */
ag_status ag_store_case_read(ag_store *store, const char *id, const char *owner,
                             ag_store_on_case *visit, void *closure, ag_error *error);

/** Visit all cases of an owner (NULL: of everybody), the latest changed first. */
ag_status ag_store_case_each(ag_store *store, const char *owner, ag_store_on_case *visit,
                             void *closure, ag_error *error);

/**
 * Delete a case of an owner. In a file its bytes are overwritten; of a PostgreSQL database the
 * site's own logs and backups may hold it still. AG_ERROR_NAME: he has no such case.
 */
ag_status ag_store_case_delete(ag_store *store, const char *id, const char *owner, ag_error *error);

/* ---- feedback on cards ---- */

typedef struct ag_store_feedback {
    const char *service;    /**< id of the CDS service */
    const char *card;       /**< uuid of the card */
    const char *outcome;    /**< "accepted" or "overridden" */
    const char *time;       /**< when, as the client says */
    const char *suggestion; /**< accepted ones, separated by spaces; may be "" */
    const char *reason;     /**< code of the override reason; may be "" */
    const char *comment;    /**< the user's own words; may be "" */
    long long received_ms;
} ag_store_feedback;

/** Keep feedback; the same card, outcome and time again changes nothing. */
ag_status ag_store_feedback_save(ag_store *store, const ag_store_feedback *feedback,
                                 ag_error *error);

typedef bool ag_store_on_feedback(void *closure, const ag_store_feedback *feedback);

/** Visit all feedback, the oldest first. */
ag_status ag_store_feedback_each(ag_store *store, ag_store_on_feedback *visit, void *closure,
                                 ag_error *error);

/* ---- audit: who asked what when; only added to ---- */

typedef struct ag_store_audit {
    long long number; /**< from 1, in the order of arrival; set by the store */
    long long at_ms;  /**< set by the store */
    const char *who;
    const char *action; /**< such as "POST /api/cases" */
    const char *object; /**< id of a case, or "" ; never what the case says */
    int status;         /**< of the answer */
} ag_store_audit;

ag_status ag_store_audit_add(ag_store *store, const ag_store_audit *entry, ag_error *error);

typedef bool ag_store_on_audit(void *closure, const ag_store_audit *entry);

/** Visit the entries behind number `after` (0: all), in order. */
ag_status ag_store_audit_each(ag_store *store, long long after, ag_store_on_audit *visit,
                              void *closure, ag_error *error);

/* ---- keeping ---- */

/** Delete cases not changed, and feedback received, more than `days` ago; `removed` (may be NULL)
 * receives how many. */
ag_status ag_store_expire(ag_store *store, int days, long long *removed, ag_error *error);

/** Copy the store to a new file while it is in use. AG_ERROR_UNSUPPORTED: a PostgreSQL database,
 * which pg_dump copies. AG_ERROR_VALUE: the file is there already. */
ag_status ag_store_backup(ag_store *store, const char *path, ag_error *error);

/** Give all that is kept to `write`, one JSON object a line: {"case": …}, {"feedback": …},
 * {"audit": …}. The line is borrowed until it returns; false ends it. */
ag_status ag_store_export(ag_store *store, bool (*write)(void *closure, const char *line),
                          void *closure, ag_error *error);

#ifdef __cplusplus
}
#endif
#endif
