/**
 * @file text_page.h
 * A page of text: columns counted in characters, wrapping, and the few terminal escapes in use.
 */
#ifndef AG_TEXT_PAGE_H
#define AG_TEXT_PAGE_H

#include <stdbool.h>

#include "text.h"

typedef enum ag_face { AG_PLAIN, AG_BOLD, AG_FAINT } ag_face;

typedef struct ag_page {
    ag_buffer *out;
    int width;
    bool color;
    int column; /* of the next character, from 0 */
} ag_page;

/** Characters of a UTF-8 text (each taken as one column wide). */
int ag_page_columns(const char *text);

/** Write a text in a face, without wrapping. */
void ag_page_write(ag_page *page, ag_face face, const char *text);

/** Move to a column, writing at least one space. */
void ag_page_column(ag_page *page, int column);

/** End the line. */
void ag_page_line(ag_page *page);

/** Write words, wrapped; further lines begin at `indent`. */
void ag_page_words(ag_page *page, ag_face face, const char *text, int indent);

#endif
