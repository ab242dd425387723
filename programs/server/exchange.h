/**
 * @file exchange.h
 * One request and its answer, from the first line to the last byte: what libmicrohttpd calls back
 * for. In all of them `site` is the ag_site.
 */
#ifndef AG_EXCHANGE_H
#define AG_EXCHANGE_H

#include <microhttpd.h>

#include "routes.h"

/** The request line has come: makes the exchange, which is then `*context`. */
void *ag_exchange_begin(void *site, const char *target, struct MHD_Connection *connection);

/** The headers have come, a piece of the body, its end, or the answer is there. */
enum MHD_Result ag_exchange_handle(void *site, struct MHD_Connection *connection,
                                   const char *target, const char *method, const char *version,
                                   const char *data, size_t *size, void **context);

/** The answer was sent, or the connection lost. */
void ag_exchange_end(void *site, struct MHD_Connection *connection, void **context,
                     enum MHD_RequestTerminationCode reason);

/** A connection begins or ends. */
void ag_exchange_connection(void *site, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode code);

/** Addresses are decoded by ag_request_target, not by the library. */
size_t ag_exchange_leave(void *site, struct MHD_Connection *connection, char *text);

/** The task of a working thread: answer, and let the connection go on. */
void ag_exchange_work(void *exchange, ag_session *session);

#endif
