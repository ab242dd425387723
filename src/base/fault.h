/** @file fault.h Filling an ag_error: the only way a part reports a failure. */
#ifndef AG_FAULT_H
#define AG_FAULT_H

#include "antegrade/error.h"

#if defined(__GNUC__)
#define AG_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define AG_PRINTF(text, first)
#endif

/** Write code and message into `error` (may be NULL), clear its position, and return `code`. */
ag_status ag_fail(ag_error *error, ag_status code, const char *format, ...) AG_PRINTF(3, 4);

/** As ag_fail, with a line and column (from 1; 0 when not known). */
ag_status ag_fail_at(ag_error *error, ag_status code, int line, int column, const char *format, ...)
    AG_PRINTF(5, 6);

/** Say where the fault lies (a file name, a JSON pointer), unless a deeper place is already there.
 */
void ag_fault_where(ag_error *error, const char *where);

#endif
