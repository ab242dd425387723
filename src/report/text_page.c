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

static void face_on(ag_page *page, ag_face face) {
    if (page->color && face != AG_PLAIN)
        ag_buffer_add(page->out, face == AG_BOLD ? "\033[1m" : "\033[2m");
}

static void face_off(ag_page *page, ag_face face) {
    if (page->color && face != AG_PLAIN)
        ag_buffer_add(page->out, "\033[0m");
}

static void write_bytes(ag_page *page, const char *text, size_t length) {
    ag_buffer_add_bytes(page->out, text, length);
    page->column += columns(text, length);
}

void ag_page_write(ag_page *page, ag_face face, const char *text) {
    if (*text == '\0')
        return;
    face_on(page, face);
    write_bytes(page, text, strlen(text));
    face_off(page, face);
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

/* A number and its per cent sign are one word. */
static size_t word_length(const char *text) {
    size_t length = strcspn(text, " ");
    while (text[length] == ' ' && text[length + 1] == '%')
        length += 1 + strcspn(text + length + 1, " ");
    return length;
}

void ag_page_words(ag_page *page, ag_face face, const char *text, int indent) {
    if (*text == '\0')
        return;
    face_on(page, face);
    for (bool first = true; *text != '\0'; first = false) {
        size_t length = word_length(text);
        if (!first && page->column + 1 + columns(text, length) > page->width) {
            face_off(page, face);
            ag_page_line(page);
            if (indent > 0)
                ag_page_column(page, indent);
            face_on(page, face);
        } else if (!first) {
            write_bytes(page, " ", 1);
        }
        write_bytes(page, text, length);
        text += length;
        text += strspn(text, " ");
    }
    face_off(page, face);
}
