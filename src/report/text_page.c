#include "text_page.h"

#include <string.h>

static int columns(const char *text, size_t length) {
    int count = 0;
    for (size_t i = 0, size = 0; i < length; i += size, count++)
        ag_utf8_next(text + i, length - i, &size);
    return count;
}

int ag_page_columns(const char *text) {
    return columns(text, strlen(text));
}

static void write_bytes(ag_page *page, ag_face face, const char *text, size_t length) {
    bool escape = page->color && face != AG_PLAIN && length > 0;
    if (escape)
        ag_buffer_add(page->out, face == AG_BOLD ? "\033[1m" : "\033[2m");
    ag_buffer_add_bytes(page->out, text, length);
    if (escape)
        ag_buffer_add(page->out, "\033[0m");
    page->column += columns(text, length);
}

void ag_page_write(ag_page *page, ag_face face, const char *text) {
    write_bytes(page, face, text, strlen(text));
}

void ag_page_column(ag_page *page, int column) {
    do {
        ag_buffer_add_char(page->out, ' ');
        page->column++;
    } while (page->column < column);
}

void ag_page_line(ag_page *page) {
    ag_buffer_add_char(page->out, '\n');
    page->column = 0;
}

void ag_page_words(ag_page *page, ag_face face, const char *text, int indent) {
    bool first = true;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        int wide = columns(text, length);
        if (!first && page->column + 1 + wide > page->width) {
            ag_page_line(page);
            if (indent > 0)
                ag_page_column(page, indent);
        } else if (!first) {
            ag_page_write(page, AG_PLAIN, " ");
        }
        write_bytes(page, face, text, length);
        first = false;
        text += length;
        text += strspn(text, " ");
    }
}
