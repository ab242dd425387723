#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

static void describe(ag_error *error, ag_status code, int line, int column, const char *format,
                     va_list arguments) {
    error->code = code;
    error->line = line;
    error->column = column;
    error->where[0] = '\0';
    vsnprintf(error->message, sizeof error->message, format, arguments);
    /* What a file says is quoted; a terminal must not take it for commands. */
    for (char *c = error->message; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = *c == '\n' || *c == '\t' ? *c : '?';
}

ag_status ag_fail(ag_error *error, ag_status code, const char *format, ...) {
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        describe(error, code, 0, 0, format, arguments);
        va_end(arguments);
    }
    return code;
}

ag_status ag_fail_at(ag_error *error, ag_status code, int line, int column, const char *format,
                     ...) {
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        describe(error, code, line, column, format, arguments);
        va_end(arguments);
    }
    return code;
}

void ag_fault_where(ag_error *error, const char *where) {
    if (error != NULL && error->where[0] == '\0')
        snprintf(error->where, sizeof error->where, "%s", where);
}

const char *ag_status_text(ag_status status) {
    switch (status) {
#define AG_STATUS_CASE(code, value, sentence)                                                      \
    case code:                                                                                     \
        return sentence;
        AG_STATUS_LIST(AG_STATUS_CASE)
#undef AG_STATUS_CASE
    }
    return "unknown status";
}
