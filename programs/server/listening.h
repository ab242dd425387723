/** @file listening.h The socket to listen on. */
#ifndef AG_LISTENING_H
#define AG_LISTENING_H

#include <stdbool.h>

#include "antegrade/error.h"

typedef struct ag_listening {
    int socket;     /**< caller closes it */
    char host[128]; /**< as given, without brackets */
    unsigned port;
    bool is_open; /**< reachable from other machines */
} ag_listening;

/** Listen on "127.0.0.1:8765", "[::1]:8765" or "localhost:8765"; port 0 takes a free one.
 * AG_ERROR_VALUE or AG_ERROR_IO. */
ag_status ag_listen(ag_listening *out, const char *address, ag_error *error);

#endif
