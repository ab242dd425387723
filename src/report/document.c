#include "document.h"

#include <stdio.h>
#include <string.h>

#include "html_page.h"
#include "report_parts.h"
#include "text_page.h"

ag_document ag_document_start(ag_arena *arena, const ag_knowledge *knowledge,
                              ag_language language) {
    ag_references *references = ag_references_new(arena, knowledge);
    return (ag_document){.arena = arena,
                         .knowledge = knowledge,
                         .language = language,
                         .references = references,
                         .failed = references == NULL};
}

/* ---- sources ---- */

/* Write the numbers of the ids in `length` bytes, which stood between brackets. */
static void add_numbers(ag_document *document, ag_buffer *out, const char *ids, size_t length) {
    enum { IDS = 40 };
    char copy[300];
    const char *list[IDS];
    int numbers[IDS], count = 0;
    snprintf(copy, sizeof copy, "%.*s", (int)length, ids);
    char *rest = copy;
    for (char *id = strtok_r(copy, ", ", &rest); id != NULL && count < IDS;
         id = strtok_r(NULL, ", ", &rest))
        list[count++] = id;
    count = ag_references_numbers(document->references, list, count, numbers, IDS);
    for (int i = 0; i < count; i++)
        ag_buffer_format(out, "%s%d", i == 0 ? "[" : ",", numbers[i]);
    if (count > 0)
        ag_buffer_add_char(out, ']');
    else if (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
}

static const char *with_numbers(ag_document *document, const char *text) {
    ag_buffer out = ag_buffer_start(document->arena);
    for (;;) {
        size_t plain = strcspn(text, "[");
        ag_buffer_add_bytes(&out, text, plain);
        const char *end = strchr(text + plain, ']');
        if (end == NULL)
            break;
        add_numbers(document, &out, text + plain + 1, (size_t)(end - text) - plain - 1);
        text = end + 1;
    }
    return ag_buffer_text(&out);
}

/* ---- building ---- */

static void append(ag_document *document, ag_block_kind kind, const char *text) {
    ag_block *block = ag_arena_alloc(document->arena, sizeof *block);
    if (block == NULL || text == NULL) {
        document->failed = true;
        return;
    }
    *block = (ag_block){.kind = kind, .text = text};
    const char *line_end = strchr(text, '\n');
    if (line_end != NULL && (kind == AG_BLOCK_ITEM || kind == AG_BLOCK_STEP)) {
        block->text = ag_arena_format(document->arena, "%.*s", (int)(line_end - text), text);
        block->detail = line_end[1] != '\0' ? line_end + 1 : NULL;
        document->failed = document->failed || block->text == NULL;
    }
    if (document->last != NULL)
        document->last->next = block;
    else
        document->first = block;
    document->last = block;
}

void ag_document_add(ag_document *document, ag_block_kind kind, const char *text) {
    if (text == NULL || text[0] == '\0')
        return;
    append(document, kind, kind == AG_BLOCK_PICTURE ? text : with_numbers(document, text));
}

void ag_document_format(ag_document *document, ag_block_kind kind, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char text[1500];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ag_document_add(document, kind, text);
}

static void append_sources(ag_document *document) {
    for (int n = document->listed + 1; n <= ag_references_count(document->references); n++)
        append(document, AG_BLOCK_FAINT,
               ag_arena_format(document->arena, "[%d] %s", n,
                               ag_references_text(document->references, n, document->language)));
}

void ag_document_sources(ag_document *document, const char *heading) {
    if (ag_references_count(document->references) > document->listed)
        append(document, AG_BLOCK_HEADING, heading);
    append_sources(document);
}

ag_document ag_document_of_sources(const ag_document *named) {
    ag_document sources = *named;
    sources.first = sources.last = NULL;
    append_sources(&sources);
    return sources;
}

void ag_document_end(ag_document *document) {
    ag_document_sources(document, ag_say(document->language, "Where this comes from"));
    append(document, AG_BLOCK_FAINT,
           ag_arena_format(document->arena, ag_say(document->language, "knowledge %s of %s"),
                           document->knowledge->version, document->knowledge->date));
}

/* ---- text ---- */

static ag_face face_of(ag_block_kind kind) {
    switch (kind) {
    case AG_BLOCK_TITLE:
    case AG_BLOCK_HEADING:
    case AG_BLOCK_STRONG:
    case AG_BLOCK_ALERT:
        return AG_BOLD;
    case AG_BLOCK_FAINT:
        return AG_FAINT;
    default:
        return AG_PLAIN;
    }
}

static bool is_list(ag_block_kind kind) {
    return kind == AG_BLOCK_ITEM || kind == AG_BLOCK_STEP || kind == AG_BLOCK_FAINT;
}

/* No empty line between the items of a list, nor between a heading and what follows. */
static bool joined(const ag_block *before, const ag_block *block) {
    return before->kind == AG_BLOCK_HEADING ||
           (is_list(block->kind) && before->kind == block->kind);
}

void ag_document_text(const ag_document *document, ag_buffer *out, int width, bool color) {
    ag_page page = {.out = out, .width = width, .color = color};
    const ag_block *before = NULL;
    int step = 0;
    for (const ag_block *block = document->first; block != NULL; block = block->next) {
        if (block->kind == AG_BLOCK_PICTURE)
            continue;
        if (before != NULL && !joined(before, block))
            ag_page_line(&page);
        step = block->kind == AG_BLOCK_STEP ? step + 1 : 0;
        char mark[16] = "";
        if (block->kind == AG_BLOCK_ITEM)
            snprintf(mark, sizeof mark, "  - ");
        else if (block->kind == AG_BLOCK_STEP)
            snprintf(mark, sizeof mark, "%3d ", step);
        else if (block->kind == AG_BLOCK_ALERT)
            snprintf(mark, sizeof mark, "! ");
        ag_page_write(&page, AG_PLAIN, mark);
        int indent = (int)strlen(mark);
        ag_page_words(&page, face_of(block->kind), block->text, indent);
        ag_page_line(&page);
        if (block->detail != NULL) {
            ag_page_column(&page, indent + 2);
            ag_page_words(&page, AG_FAINT, block->detail, indent + 2);
            ag_page_line(&page);
        }
        before = block;
    }
}

/* ---- HTML ---- */

typedef struct tags {
    const char *list; /* the element around a run of such blocks, or NULL */
    const char *open;
    const char *close;
} tags;

static tags tags_of(ag_block_kind kind) {
    switch (kind) {
    case AG_BLOCK_TITLE:
        return (tags){NULL, "<h1>", "</h1>\n"};
    case AG_BLOCK_HEADING:
        return (tags){NULL, "<h2>", "</h2>\n"};
    case AG_BLOCK_STRONG:
        return (tags){NULL, "<p class=\"strong\">", "</p>\n"};
    case AG_BLOCK_ITEM:
        return (tags){"ul", "<li>", "</li>\n"};
    case AG_BLOCK_STEP:
        return (tags){"ol", "<li>", "</li>\n"};
    case AG_BLOCK_ALERT:
        return (tags){NULL, "<p class=\"alert\">", "</p>\n"};
    case AG_BLOCK_FAINT:
        return (tags){NULL, "<p class=\"faint\">", "</p>\n"};
    case AG_BLOCK_PICTURE:
        return (tags){NULL, "<figure>", "</figure>\n"};
    default:
        return (tags){NULL, "<p>", "</p>\n"};
    }
}

void ag_document_html(const ag_document *document, ag_buffer *out) {
    const char *list = NULL;
    for (const ag_block *block = document->first; block != NULL; block = block->next) {
        tags t = tags_of(block->kind);
        if (list != NULL && (t.list == NULL || strcmp(t.list, list) != 0))
            ag_buffer_format(out, "</%s>\n", list);
        if (t.list != NULL && (list == NULL || strcmp(t.list, list) != 0))
            ag_buffer_format(out, "<%s>\n", t.list);
        list = t.list;
        ag_buffer_add(out, t.open);
        if (block->kind == AG_BLOCK_PICTURE)
            ag_buffer_add(out, block->text);
        else
            ag_html_text(out, block->text);
        if (block->detail != NULL) {
            ag_buffer_add(out, "<span class=\"detail\">");
            ag_html_text(out, block->detail);
            ag_buffer_add(out, "</span>");
        }
        ag_buffer_add(out, t.close);
    }
    if (list != NULL)
        ag_buffer_format(out, "</%s>\n", list);
}
