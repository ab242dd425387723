/**
 * @file connections.h
 * All connections, each with the time until which it may be silent or slow; then it is closed.
 * libmicrohttpd's own timeout begins anew with each byte, so that it does not end a client that
 * sends one byte now and then.
 */
#ifndef AG_CONNECTIONS_H
#define AG_CONNECTIONS_H

#include "antegrade/error.h"

typedef struct ag_connections ag_connections;
typedef struct ag_connection ag_connection;

/** An empty list, and a thread that watches it. Caller frees with ag_connections_free. */
ag_status ag_connections_new(ag_connections **out, ag_error *error);

/** Free it; all connections must have ended. NULL is allowed. */
void ag_connections_free(ag_connections *all);

/** A connection has begun on a socket. NULL when out of memory: it is then not watched. */
ag_connection *ag_connection_begin(ag_connections *all, int socket);

/** It may take `seconds` from now; 0: for ever. NULL is allowed. */
void ag_connection_allow(ag_connection *connection, int seconds);

/** It has ended; its socket is not used after this. NULL is allowed. */
void ag_connection_end(ag_connection *connection);

/** How many there are, and how many were closed for being slow. */
long ag_connections_count(ag_connections *all);
long ag_connections_expired(ag_connections *all);

#endif
