/** @file man_writer.h One line for each man that is reported. */
#ifndef AG_MAN_WRITER_H
#define AG_MAN_WRITER_H

#include "verdict.h"

typedef struct ag_man_writer {
    FILE *out;
    ag_screen_format format;
} ag_man_writer;

/** Begin: for CSV the heading is written. */
void ag_man_writer_start(ag_man_writer *writer, FILE *out, ag_screen_format format);

/** Write the man of this id, with the records that count. Nothing for HTML. AG_ERROR_IO. */
ag_status ag_man_write(ag_man_writer *writer, const char *id, const ag_verdict *verdict,
                       const ag_fact_row *rows, const bool *used, int count, ag_error *error);

#endif
