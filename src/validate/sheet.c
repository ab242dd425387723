#include "sheet.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html_page.h"

enum { MOST_COLUMNS = 12 };
typedef enum block_kind { HEADING, PARAGRAPH, ITEM, TABLE, CELL, PICTURE } block_kind;

struct ag_sheet_block {
    block_kind kind;
    const char *text;
    const char *file;
    const char *words;
    int columns; /* of a table */
    ag_sheet_block *next;
};

void ag_sheet_start(ag_sheet *sheet, ag_arena *arena, const char *title) {
    *sheet = (ag_sheet){.arena = arena, .title = title};
    sheet->end = &sheet->first;
}

static ag_sheet_block *add(ag_sheet *sheet, block_kind kind, const char *text) {
    ag_sheet_block *block = ag_arena_alloc(sheet->arena, sizeof *block);
    sheet->failed = sheet->failed || block == NULL || text == NULL;
    if (sheet->failed)
        return NULL;
    *block = (ag_sheet_block){.kind = kind, .text = text};
    *sheet->end = block;
    sheet->end = &block->next;
    return block;
}

static void add_format(ag_sheet *sheet, block_kind kind, const char *format, va_list arguments) {
    char text[4000];
    vsnprintf(text, sizeof text, format, arguments);
    add(sheet, kind, ag_arena_copy(sheet->arena, text));
}

void ag_sheet_heading(ag_sheet *sheet, const char *text) {
    add(sheet, HEADING, text);
}

#define FORMATTED(name, kind)                                                                      \
    void name(ag_sheet *sheet, const char *format, ...) {                                          \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        add_format(sheet, kind, format, arguments);                                                \
        va_end(arguments);                                                                         \
    }
FORMATTED(ag_sheet_text, PARAGRAPH)
FORMATTED(ag_sheet_item, ITEM)
FORMATTED(ag_sheet_cell, CELL)

void ag_sheet_table(ag_sheet *sheet, int columns) {
    ag_sheet_block *block = add(sheet, TABLE, "");
    if (block != NULL)
        block->columns = columns < MOST_COLUMNS ? columns : MOST_COLUMNS;
}

void ag_sheet_picture(ag_sheet *sheet, const char *svg, const char *file, const char *words) {
    ag_sheet_block *block = add(sheet, PICTURE, svg);
    if (block != NULL) {
        block->file = file;
        block->words = words;
    }
}

/* ---- text ---- */

static int shown_length(const char *text, size_t length) {
    int shown = 0;
    for (size_t i = 0; i < length; i++)
        shown += (text[i] & 0xC0) != 0x80;
    return shown;
}

static void pad(ag_buffer *out, int columns) {
    for (int i = 0; i < columns; i++)
        ag_buffer_add_char(out, ' ');
}

/* Words of `text` in lines of `width`, the further ones indented. */
static void wrapped(ag_buffer *out, const char *text, int indent, int width) {
    int column = indent;
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, " \n");
        int shown = shown_length(at, length);
        if (column > indent && column + 1 + shown > width) {
            ag_buffer_add_char(out, '\n');
            pad(out, indent);
            column = indent;
        }
        if (column > indent) {
            ag_buffer_add_char(out, ' ');
            column++;
        }
        ag_buffer_add_bytes(out, at, length);
        column += shown;
        at += length;
        at += strspn(at, " \n");
    }
    ag_buffer_add_char(out, '\n');
}

static void column_widths(const ag_sheet_block *table, int widths[MOST_COLUMNS]) {
    int i = 0;
    memset(widths, 0, MOST_COLUMNS * sizeof *widths);
    for (const ag_sheet_block *cell = table->next; cell != NULL && cell->kind == CELL;
         cell = cell->next, i++) {
        int shown = shown_length(cell->text, strlen(cell->text));
        int *width = &widths[i % table->columns];
        *width = shown > *width ? shown : *width;
    }
}

/* The last column wraps; the others are as wide as their widest cell. */
static void text_table(ag_buffer *out, const ag_sheet_block *table, int width) {
    int widths[MOST_COLUMNS], i = 0, at = 0;
    column_widths(table, widths);
    for (const ag_sheet_block *cell = table->next; cell != NULL && cell->kind == CELL;
         cell = cell->next, i++) {
        int column = i % table->columns;
        bool last = column == table->columns - 1;
        at = column == 0 ? 0 : at;
        if (last) {
            wrapped(out, cell->text, at, width > at + 24 ? width : at + 24);
            continue;
        }
        ag_buffer_add(out, cell->text);
        pad(out, widths[column] + 2 - shown_length(cell->text, strlen(cell->text)));
        at += widths[column] + 2;
    }
}

static void text_block(ag_buffer *out, const ag_sheet_block *block, int width) {
    switch (block->kind) {
    case HEADING:
        ag_buffer_format(out, "\n%s\n", block->text);
        break;
    case PARAGRAPH:
        wrapped(out, block->text, 0, width);
        break;
    case ITEM:
        ag_buffer_add(out, "- ");
        wrapped(out, block->text, 2, width);
        break;
    case TABLE:
        text_table(out, block, width);
        break;
    case PICTURE:
        wrapped(out, block->words, 0, width);
        break;
    case CELL:
        break;
    }
}

static void write_text(ag_buffer *out, const ag_sheet *sheet, int width) {
    ag_buffer_format(out, "%s\n", sheet->title);
    for (const ag_sheet_block *block = sheet->first; block != NULL; block = block->next)
        text_block(out, block, width);
}

/* ---- Markdown ---- */

static void markdown_table(ag_buffer *out, const ag_sheet_block *table) {
    int i = 0;
    ag_buffer_add_char(out, '\n');
    for (const ag_sheet_block *cell = table->next; cell != NULL && cell->kind == CELL;
         cell = cell->next, i++) {
        ag_buffer_format(out, "%s %s", i % table->columns == 0 ? "|" : " |", cell->text);
        if (i % table->columns < table->columns - 1)
            continue;
        ag_buffer_add(out, " |\n");
        for (int c = 0; i == table->columns - 1 && c < table->columns; c++)
            ag_buffer_add(out, c == 0 ? "|---" : c == table->columns - 1 ? "|---|\n" : "|---");
    }
}

static void write_markdown(ag_buffer *out, const ag_sheet *sheet) {
    ag_buffer_format(out, "# %s\n", sheet->title);
    bool in_list = false;
    for (const ag_sheet_block *block = sheet->first; block != NULL; block = block->next) {
        if (block->kind == ITEM && !in_list)
            ag_buffer_add_char(out, '\n');
        in_list = block->kind == ITEM;
        if (block->kind == HEADING)
            ag_buffer_format(out, "\n## %s\n", block->text);
        else if (block->kind == PARAGRAPH)
            ag_buffer_format(out, "\n%s\n", block->text);
        else if (block->kind == ITEM)
            ag_buffer_format(out, "- %s\n", block->text);
        else if (block->kind == TABLE)
            markdown_table(out, block);
        else if (block->kind == PICTURE)
            ag_buffer_format(out, "\n![%s](%s)\n", block->words, block->file);
    }
}

/* ---- HTML ---- */

static void element(ag_buffer *out, const char *name, const char *text) {
    ag_buffer_format(out, "<%s>", name);
    ag_html_text(out, text);
    ag_buffer_format(out, "</%s>\n", name);
}

static void html_table(ag_buffer *out, const ag_sheet_block *table) {
    int i = 0;
    ag_buffer_add(out, "<table>\n");
    for (const ag_sheet_block *cell = table->next; cell != NULL && cell->kind == CELL;
         cell = cell->next, i++) {
        if (i % table->columns == 0)
            ag_buffer_add(out, "<tr>");
        element(out, i < table->columns ? "th" : "td", cell->text);
        if (i % table->columns == table->columns - 1)
            ag_buffer_add(out, "</tr>\n");
    }
    ag_buffer_add(out, "</table>\n");
}

static void html_block(ag_buffer *out, const ag_sheet_block *block) {
    if (block->kind == HEADING)
        element(out, "h2", block->text);
    else if (block->kind == PARAGRAPH)
        element(out, "p", block->text);
    else if (block->kind == ITEM)
        element(out, "li", block->text);
    else if (block->kind == TABLE)
        html_table(out, block);
    else if (block->kind == PICTURE)
        ag_buffer_format(out, "<figure>%s</figure>\n", block->text);
}

static void write_html(ag_buffer *out, const ag_sheet *sheet) {
    ag_buffer_add(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width\"><title>");
    ag_html_text(out, sheet->title);
    ag_buffer_add(out, "</title>\n<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;"
                       "margin:2rem auto;padding:0 1rem;color:#1d2733;background:#fff}"
                       "table{border-collapse:collapse;margin:1rem 0}th,td{text-align:left;"
                       "vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid "
                       "#d5dce3}figure{margin:1rem 0}</style></head><body><main>\n");
    element(out, "h1", sheet->title);
    bool in_list = false;
    for (const ag_sheet_block *block = sheet->first; block != NULL; block = block->next) {
        if ((block->kind == ITEM) != in_list)
            ag_buffer_add(out, in_list ? "</ul>\n" : "<ul>\n");
        in_list = block->kind == ITEM;
        html_block(out, block);
    }
    ag_buffer_add(out, in_list ? "</ul>\n</main></body></html>\n" : "</main></body></html>\n");
}

/* ---- all ---- */

ag_status ag_text_out(ag_buffer *buffer, char **out, ag_error *error) {
    const char *text = ag_buffer_text(buffer);
    *out = text != NULL ? malloc(buffer->length + 1) : NULL;
    if (*out == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    memcpy(*out, text, buffer->length + 1);
    return AG_OK;
}

ag_status ag_sheet_write(const ag_sheet *sheet, ag_sheet_format format, int width, char **out,
                         ag_error *error) {
    *out = NULL;
    if (sheet->failed)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer text = ag_buffer_start(sheet->arena);
    if (format == AG_SHEET_HTML)
        write_html(&text, sheet);
    else if (format == AG_SHEET_MARKDOWN)
        write_markdown(&text, sheet);
    else
        write_text(&text, sheet, width > 0 ? width : 100);
    return ag_text_out(&text, out, error);
}

const char *ag_percent_text(ag_arena *arena, double value, double low, double high) {
    if (isnan(value))
        return "–";
    return ag_arena_format(arena, "%.0f %% (%.0f–%.0f)", 100 * value, 100 * low, 100 * high);
}
