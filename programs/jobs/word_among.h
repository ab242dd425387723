/** @file word_among.h Choices of an option or a query parameter: words separated by spaces. */
#ifndef AG_WORD_AMONG_H
#define AG_WORD_AMONG_H

#include <stdbool.h>

/** Whether `value` is one of the words. */
bool ag_word_among(const char *words, const char *value);

#endif
