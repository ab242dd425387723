/**
 * @file server.h
 * `antegrade serve`: one process that answers HTTP. One thread speaks with all connections
 * (libmicrohttpd over epoll); what takes long is done by working threads meanwhile.
 */
#ifndef AG_SERVER_H
#define AG_SERVER_H

#include "settings.h"

typedef struct ag_server ag_server;

/** Open the knowledge and listen. `settings` is borrowed until it is stopped. Caller ends with
 * ag_server_stop. AG_ERROR_VALUE: a setting cannot be; AG_ERROR_IO: a file cannot be read, or the
 * address not listened on; else as ag_knowledge_load. */
ag_status ag_server_start(ag_server **out, const ag_settings *settings, ag_error *error);

/** Where to open it in a browser: "http://127.0.0.1:8765/". Borrowed until it is stopped. */
const char *ag_server_address(const ag_server *server);

/** Accept nothing more, finish what is being answered, for `timeout` seconds at most, free all.
 * NULL is allowed. */
void ag_server_stop(ag_server *server);

#endif
