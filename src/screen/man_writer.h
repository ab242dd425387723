/** @file man_writer.h One line for each man that is reported. */
#ifndef AG_MAN_WRITER_H
#define AG_MAN_WRITER_H

#include "verdict.h"

/** What stands before the first man. */
void ag_man_write_heading(FILE *out, ag_screen_format format);

/** Append the man of these rows, with the records that count. Nothing for HTML. */
void ag_man_write(ag_buffer *out, ag_screen_format format, const ag_verdict *verdict,
                  const ag_fact_row *rows, const bool *used, int count);

#endif
