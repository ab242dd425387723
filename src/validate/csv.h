/** @file csv.h Tables of text as RFC 4180 has them: commas, quotes, lines. */
#ifndef AG_CSV_H
#define AG_CSV_H

#include <stdbool.h>

#include "arena.h"

enum { AG_CSV_FIELDS = 64 };

typedef struct ag_csv_row {
    int line; /**< in the text, from 1: where it begins */
    int count;
    const char *fields[AG_CSV_FIELDS];
} ag_csv_row;

typedef struct ag_csv {
    ag_arena *arena;
    const char *at, *end;
    int line;
} ag_csv;

/** Read `length` bytes of text, which must live as long; fields are copied into `arena`. A byte
 * order mark is skipped, and so are empty lines and lines that begin with #. */
ag_csv ag_csv_start(ag_arena *arena, const char *text, size_t length);

/** The next row into `out`; its count is 0 behind the last. AG_ERROR_SYNTAX with line and column
 * for a quote that is not closed or stands within a plain field, or too many fields. */
ag_status ag_csv_next(ag_csv *csv, ag_csv_row *out, ag_error *error);

#endif
