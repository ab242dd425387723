/** @file number_text.h Numbers as text that reads back the same. */
#ifndef AG_NUMBER_TEXT_H
#define AG_NUMBER_TEXT_H

#ifdef __cplusplus
extern "C" {
#endif

/** Room for a number and the NUL behind it. */
enum { AG_NUMBER_TEXT = 32 };

/** As printf's "%.17g" in the C locale; returns `out`. */
const char *ag_number_write(double number, char out[AG_NUMBER_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
