/**
 * @file input.h
 * Files and standard input, plain or gzip, as one text in memory.
 */
#ifndef AG_INPUT_H
#define AG_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

/** The most that is read, after unpacking. */
#define AG_INPUT_MOST ((size_t)1 << 30)

/**
 * Read all of `path`, or of standard input where it is "-", unpacked where it is gzip. `*out` has
 * `*length` bytes and a NUL behind them: caller frees with free(). AG_ERROR_IO, AG_ERROR_SYNTAX (a
 * damaged gzip file), AG_ERROR_TOO_LARGE or AG_ERROR_MEMORY.
 */
ag_status ag_input_read(const char *path, char **out, size_t *length, ag_error *error);

/** Whether a text is FHIR rather than a case: JSON that speaks of a resourceType, or lines of it.
 */
bool ag_input_is_fhir(const char *text, size_t length);

#endif
