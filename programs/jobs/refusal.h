/** @file refusal.h Filling an ag_error. */
#ifndef AG_REFUSAL_H
#define AG_REFUSAL_H

#include "antegrade/error.h"

/** Write code and message into `error`, clear the rest of it, and return `code`. */
ag_status ag_refuse(ag_error *error, ag_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
