/**
 * @file sheet.h
 * A sheet of headings, paragraphs, lists, tables and pictures, written as text, Markdown or HTML.
 */
#ifndef AG_SHEET_H
#define AG_SHEET_H

#include "antegrade/validate.h"
#include "text.h"

typedef struct ag_sheet_block ag_sheet_block;

typedef struct ag_sheet {
    ag_arena *arena;
    const char *title;
    ag_sheet_block *first, **end;
    bool failed; /**< memory ran out */
} ag_sheet;

/** An empty sheet; everything is kept in `arena`. */
void ag_sheet_start(ag_sheet *sheet, ag_arena *arena, const char *title);

void ag_sheet_heading(ag_sheet *sheet, const char *text);
void ag_sheet_text(ag_sheet *sheet, const char *format, ...) AG_PRINTF(2, 3);
void ag_sheet_item(ag_sheet *sheet, const char *format, ...) AG_PRINTF(2, 3);

/** A table of `columns` columns; then each cell of it, from the head on, row by row. */
void ag_sheet_table(ag_sheet *sheet, int columns);
void ag_sheet_cell(ag_sheet *sheet, const char *format, ...) AG_PRINTF(2, 3);

/** A picture: its SVG is part of HTML; Markdown links to `file`; text has `words` in its place. */
void ag_sheet_picture(ag_sheet *sheet, const char *svg, const char *file, const char *words);

/** The sheet in one of the formats; `width` columns of text. `*out`: caller frees with free(). */
ag_status ag_sheet_write(const ag_sheet *sheet, ag_sheet_format format, int width, char **out,
                         ag_error *error);

/** "12 % (8–20)" of shares from 0 to 1, in `arena`. */
const char *ag_percent_text(ag_arena *arena, double value, double low, double high);

/** A copy of a buffer's text that the caller frees with free(). */
ag_status ag_text_out(ag_buffer *buffer, char **out, ag_error *error);

#endif
