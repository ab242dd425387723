#include "leaflets.h"

#include <stdlib.h>
#include <string.h>

#include "antegrade/report.h"
#include "html_page.h"
#include "report_parts.h"

/* ---- reading ---- */

static const char *line_end(const char *line) {
    return line + strcspn(line, "\n");
}

static const char *next_line(const char *line) {
    const char *end = line_end(line);
    return *end == '\0' ? end : end + 1;
}

const char *ag_leaflet_title(const char *text, ag_arena *arena) {
    return ag_arena_text(arena, text + 2, (size_t)(line_end(text) - text) - 2);
}

const char *ag_leaflet_head(const char *text, const char *key, ag_arena *arena) {
    size_t length = strlen(key);
    for (const char *line = next_line(text); *line != '\n' && *line != '\0'; line = next_line(line))
        if (strncmp(line, key, length) == 0 && line[length] == ':') {
            const char *words = line + length + 1;
            words += strspn(words, " ");
            return ag_arena_text(arena, words, (size_t)(line_end(words) - words));
        }
    return NULL;
}

/* The kind of a line by how it begins; `text` moves behind the mark. */
static ag_block_kind kind_of(const char **text) {
    static const struct {
        const char *mark;
        ag_block_kind kind;
    } marks[] = {{"## ", AG_BLOCK_HEADING},
                 {"- ", AG_BLOCK_ITEM},
                 {"1. ", AG_BLOCK_STEP},
                 {"! ", AG_BLOCK_ALERT}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (strncmp(*text, marks[i].mark, strlen(marks[i].mark)) == 0) {
            *text += strlen(marks[i].mark);
            return marks[i].kind;
        }
    return AG_BLOCK_TEXT;
}

/* One block: a marked line and the unmarked lines that go on with it. Returns what follows. */
static const char *add_block(ag_document *document, const char *line) {
    const char *start = line;
    ag_block_kind kind = kind_of(&start);
    ag_buffer text = ag_buffer_start(document->arena);
    ag_buffer_add_bytes(&text, start, (size_t)(line_end(start) - start));
    line = next_line(line);
    for (; kind != AG_BLOCK_HEADING && *line != '\n' && *line != '\0'; line = next_line(line)) {
        const char *at = line;
        if (kind_of(&at) != AG_BLOCK_TEXT)
            break;
        ag_buffer_add_char(&text, ' ');
        ag_buffer_add_bytes(&text, line, (size_t)(line_end(line) - line));
    }
    ag_document_add(document, kind, ag_buffer_text(&text));
    return line;
}

static bool is_heading(const char *line) {
    return strncmp(line, "## ", 3) == 0;
}

static const char *body(const char *text) {
    while (*text != '\n' && *text != '\0') /* the head */
        text = next_line(text);
    return text;
}

static const char *last_section(const char *text) {
    const char *last = body(text);
    for (const char *line = last; *line != '\0'; line = next_line(line))
        if (is_heading(line))
            last = line;
    return last;
}

void ag_leaflet_add(ag_document *document, const char *text, ag_leaflet_part part) {
    if (part == AG_LEAFLET_WHOLE)
        ag_document_add(document, AG_BLOCK_TITLE, ag_leaflet_title(text, document->arena));
    const char *line = part == AG_LEAFLET_LAST_SECTION ? last_section(text) : body(text);
    int headings = 0;
    while (*line != '\0') {
        headings += is_heading(line);
        if (part == AG_LEAFLET_FIRST_SECTION && headings > 1)
            return;
        line = *line == '\n' ? line + 1 : add_block(document, line);
    }
}

bool ag_leaflet_same_end(const char *text, const char *other) {
    const char *a = last_section(text), *b = last_section(other);
    size_t length = (size_t)(line_end(a) - a);
    return length == (size_t)(line_end(b) - b) && memcmp(a, b, length) == 0;
}

/* ---- finding ---- */

static bool has_word(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; at != NULL && *at != '\0'; at += strspn(at, " ")) {
        size_t here = strcspn(at, " ");
        if (here == length && memcmp(at, word, length) == 0)
            return true;
        at += here;
    }
    return false;
}

const ag_leaflet_file *ag_leaflet_about(const char *id, ag_arena *arena) {
    for (const ag_leaflet_file *file = ag_leaflet_files; file->id != NULL; file++)
        if (has_word(ag_leaflet_head(file->text[AG_ENGLISH], "about", arena), id))
            return file;
    return NULL;
}

const ag_leaflet_file *ag_leaflet_named(const char *id) {
    for (const ag_leaflet_file *file = ag_leaflet_files; file->id != NULL; file++)
        if (strcmp(file->id, id) == 0)
            return file;
    return NULL;
}

/* Whether its title, or one of the other names in its head, is the topic. */
static bool is_called(const char *text, const char *topic, ag_arena *arena) {
    if (ag_text_same(ag_leaflet_title(text, arena), topic))
        return true;
    const char *names = ag_leaflet_head(text, "also", arena);
    while (names != NULL && *names != '\0') {
        size_t length = strcspn(names, ",");
        if (ag_text_same(ag_arena_text(arena, names, length), topic))
            return true;
        names += length;
        names += strspn(names, ", ");
    }
    return false;
}

/* By name, in any language, or by any name or code of a card that it explains. */
static const ag_leaflet_file *find(const ag_knowledge *knowledge, const char *topic,
                                   ag_arena *arena) {
    for (const ag_leaflet_file *file = ag_leaflet_files; file->id != NULL; file++) {
        bool found = ag_text_same(file->id, topic);
        for (int l = 0; l < AG_LANGUAGES && !found; l++)
            found = is_called(file->text[l], topic, arena);
        if (found)
            return file;
    }
    ag_card card;
    if (!ag_card_find(knowledge, topic, &card) || card.kind == AG_CARD_EVIDENCE)
        return NULL;
    const ag_leaflet_file *file = ag_leaflet_about(ag_card_id(knowledge, card), arena);
    if (file == NULL && card.kind == AG_CARD_CAUSE)
        file = ag_leaflet_about(knowledge->causes[card.index].group, arena);
    return file;
}

/* ---- the public side ---- */

int ag_leaflet_count(void) {
    int count = 0;
    while (ag_leaflet_files[count].id != NULL)
        count++;
    return count;
}

const char *ag_leaflet_id(int i) {
    return ag_leaflet_files[i].id;
}

char *ag_leaflet_name(int i, const char *language) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_buffer buffer = ag_buffer_start(arena);
    ag_buffer_add(&buffer,
                  ag_leaflet_title(ag_leaflet_files[i].text[ag_language_of(language)], arena));
    char *name = ag_report_take(&buffer);
    ag_arena_free(arena);
    return name;
}

int ag_leaflet_find(const ag_knowledge *knowledge, const char *topic) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return -1;
    const ag_leaflet_file *file = find(knowledge, topic, arena);
    ag_arena_free(arena);
    return file == NULL ? -1 : (int)(file - ag_leaflet_files);
}

char *ag_leaflet_write(int i, const ag_knowledge *knowledge, ag_leaflet_format format,
                       const ag_report_options *options) {
    ag_report_options chosen = options != NULL ? *options : ag_report_options_defaults();
    ag_language language = ag_language_of(chosen.language);
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    const char *text = ag_leaflet_files[i].text[language];
    ag_document document = ag_document_start(arena, knowledge, language);
    ag_leaflet_add(&document, text, AG_LEAFLET_WHOLE);
    ag_document_end(&document);
    ag_buffer buffer = ag_buffer_start(arena);
    if (format == AG_LEAFLET_HTML) {
        ag_html_begin(&buffer, ag_leaflet_title(text, arena), "plain", language);
        ag_document_html(&document, &buffer);
        ag_html_end(&buffer);
    } else {
        ag_document_text(&document, &buffer, chosen.width, chosen.color);
    }
    char *leaflet = document.failed ? NULL : ag_report_take(&buffer);
    ag_arena_free(arena);
    return leaflet;
}
