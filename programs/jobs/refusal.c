#include "refusal.h"

#include <stdarg.h>
#include <stdio.h>

ag_status ag_refuse(ag_error *error, ag_status code, const char *format, ...) {
    va_list arguments;
    *error = (ag_error){.code = code};
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return code;
}
