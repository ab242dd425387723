/**
 * @file exchange.h
 * One request and its answer, from the first line to the last byte: what libmicrohttpd calls back
 * for.
 */
#ifndef AG_EXCHANGE_H
#define AG_EXCHANGE_H

#include <microhttpd.h>

#include "answer.h"
#include "routes.h"
#include "site.h"
#include "workers.h"

/** What exchanges work with. */
typedef struct ag_exchanges {
    ag_site *site;
    ag_workers *workers;
} ag_exchanges;

/* The callbacks; `closure` is an ag_exchanges. */
void *ag_exchange_begin(void *closure, const char *target, struct MHD_Connection *connection);
enum MHD_Result ag_exchange_handle(void *closure, struct MHD_Connection *connection,
                                   const char *target, const char *method, const char *version,
                                   const char *data, size_t *size, void **context);
void ag_exchange_end(void *closure, struct MHD_Connection *connection, void **context,
                     enum MHD_RequestTerminationCode reason);

/** The task of a working thread: answer, and let the connection go on. */
void ag_exchange_work(void *exchange, ag_session *session);

#endif
