/* A card as an outline for people, and as JSON. */
#include <stdlib.h>
#include <string.h>

#include "json_writer.h"
#include "show.h"

enum { OUTLINE_WIDTH = 100, STEP = 2, WIDEST_ID = 40 };

/* ---- outline ---- */

/* Columns of UTF-8 text: code points, as none of ours is wide. */
static int columns(const char *text, size_t length) {
    int count = 0;
    for (size_t i = 0; i < length; i++)
        count += (text[i] & 0xC0) != 0x80;
    return count;
}

/* Words of `text`, from column `at` on, broken at `width` and continued at column `indent`. */
static void wrap(ag_buffer *out, const char *text, int at, int indent, int width) {
    bool first = true;
    while (*text != '\0') {
        text += strspn(text, " \n\t");
        size_t length = strcspn(text, " \n\t");
        if (length == 0)
            break;
        int needed = columns(text, length);
        if (!first && at + 1 + needed > width) {
            ag_buffer_format(out, "\n%*s", indent, "");
            at = indent;
        } else if (!first) {
            ag_buffer_add_char(out, ' ');
            at++;
        }
        ag_buffer_add_bytes(out, text, length);
        at += needed;
        text += length;
        first = false;
    }
    ag_buffer_add_char(out, '\n');
}

static bool is_flat(const ag_node *list) {
    for (const ag_node *n = list->first; n != NULL; n = n->next)
        if (n->kind != AG_NODE_TEXT)
            return false;
    return true;
}

/* The text of a line that goes into `out`, which fails with it. */
static const char *finished(ag_buffer *out, ag_buffer *line) {
    const char *text = ag_buffer_text(line);
    out->failed = out->failed || text == NULL;
    return text != NULL ? text : "";
}

static const char *joined(ag_buffer *out, const ag_node *list) {
    ag_buffer line = ag_buffer_start(out->arena);
    for (const ag_node *n = list->first; n != NULL; n = n->next)
        ag_buffer_format(&line, "%s%s", n == list->first ? "" : ", ", n->text);
    return finished(out, &line);
}

/* A condition on one line: "route: backward; emitted: low, usual". */
static const char *joined_map(ag_buffer *out, const ag_node *map) {
    ag_buffer line = ag_buffer_start(out->arena);
    for (const ag_node *n = map->first; n != NULL; n = n->next)
        ag_buffer_format(&line, "%s%s: %s", n == map->first ? "" : "; ", n->key,
                         n->kind == AG_NODE_TEXT ? n->text : joined(out, n));
    if (map->count == 0)
        ag_buffer_add(&line, "in all other cases");
    return finished(out, &line);
}

static void outline(ag_buffer *out, const ag_node *map, int indent, int width, bool item);

static void outline_items(ag_buffer *out, const ag_node *list, int indent, int width) {
    for (const ag_node *n = list->first; n != NULL; n = n->next)
        outline(out, n, indent, width, true);
}

static void outline_field(ag_buffer *out, const ag_node *n, int indent, int width) {
    int at = indent + columns(n->key, strlen(n->key)) + 1;
    bool condition = n->kind == AG_NODE_MAP && strcmp(n->key, "when") == 0;
    bool flat = n->kind == AG_NODE_LIST && is_flat(n);
    ag_buffer_format(out, "%s:", n->key);
    if (n->kind == AG_NODE_TEXT || flat || condition) {
        ag_buffer_add_char(out, ' ');
        wrap(out,
             condition ? joined_map(out, n)
             : flat    ? joined(out, n)
                       : n->text,
             at + 1, indent + STEP, width);
        return;
    }
    ag_buffer_add_char(out, '\n');
    if (n->kind == AG_NODE_MAP)
        outline(out, n, indent + STEP, width, false);
    else
        outline_items(out, n, indent + STEP, width);
}

/* The fields of a map, one below the other; the first of an item of a list stands behind a dash. */
static void outline(ag_buffer *out, const ag_node *map, int indent, int width, bool item) {
    int inner = indent + (item ? STEP : 0);
    for (const ag_node *n = map->first; n != NULL; n = n->next) {
        if (item && n == map->first)
            ag_buffer_format(out, "%*s- ", indent, "");
        else
            ag_buffer_format(out, "%*s", inner, "");
        outline_field(out, n, inner, width);
    }
}

void ag_show_outline(ag_buffer *out, const ag_node *map, int width) {
    outline(out, map, 0, width, false);
}

/* ---- JSON ---- */

void ag_show_json(ag_json *json, const ag_node *node) {
    double number;
    switch (node->kind) {
    case AG_NODE_MAP:
    case AG_NODE_LIST:
        if (node->kind == AG_NODE_MAP)
            ag_json_object(json, node->key);
        else
            ag_json_array(json, node->key);
        for (const ag_node *n = node->first; n != NULL; n = n->next)
            ag_show_json(json, n);
        ag_json_end(json);
        break;
    default:
        if (!node->quoted && ag_text_number(node->text, &number))
            ag_json_number(json, node->key, number);
        else if (!node->quoted)
            ag_json_bool(json, node->key, strcmp(node->text, "true") == 0);
        else
            ag_json_text(json, node->key, node->text);
    }
}

/* ---- both ---- */

/* The cards whose numbers rest on a record. */
static ag_node *users_of(ag_show *show, int record) {
    ag_node *list = ag_arena_alloc(show->arena, sizeof *list);
    if (list == NULL)
        return NULL;
    list->kind = AG_NODE_LIST;
    ag_node **end = &list->first;
    for (int kind = 0; kind < AG_CARD_EVIDENCE; kind++) {
        for (int i = 0; i < ag_card_count(show->knowledge, (ag_card_kind)kind); i++) {
            ag_card card = {(ag_card_kind)kind, i};
            show->cited[record] = false;
            if (ag_show_card(show, card) == NULL || !show->cited[record])
                continue;
            ag_node *id = ag_arena_alloc(show->arena, sizeof *id);
            if (id == NULL)
                return NULL;
            *id = (ag_node){.text = ag_card_id(show->knowledge, card), .quoted = true};
            *end = id;
            end = &id->next;
            list->count++;
        }
    }
    return list;
}

static void write_record(ag_buffer *out, ag_show *show, ag_card card) {
    ag_node *users = users_of(show, card.index), *map = ag_show_card(show, card);
    ag_node *numbers = ag_show_numbers_on(show, card.index);
    if (map == NULL || users == NULL || numbers == NULL) {
        show->failed = true;
        return;
    }
    users->key = "used_by";
    users->next = numbers;
    numbers->key = "numbers";
    ag_node **end = &map->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = users;
    if (show->for_people) {
        ag_show_outline(out, map, OUTLINE_WIDTH);
        return;
    }
    ag_json json = ag_json_start(out, 2);
    ag_show_json(&json, map);
    ag_buffer_add_char(out, '\n');
}

static void write_card(ag_buffer *out, ag_show *show, ag_card card) {
    ag_node *map = ag_show_card(show, card), *sources = ag_show_sources(show);
    if (map == NULL || sources == NULL)
        return;
    if (show->for_people) {
        ag_show_outline(out, map, OUTLINE_WIDTH);
        ag_buffer_add(out, sources->count > 0 ? "\nsources:\n" : "");
        outline_items(out, sources, STEP, OUTLINE_WIDTH);
        return;
    }
    ag_json json = ag_json_start(out, 2);
    ag_json_object(&json, NULL);
    for (const ag_node *n = map->first; n != NULL; n = n->next)
        ag_show_json(&json, n);
    sources->key = "sources";
    ag_show_json(&json, sources);
    ag_json_end(&json);
    ag_buffer_add_char(out, '\n');
}

ag_status ag_show_hand_over(ag_buffer *buffer, ag_arena *arena, char **out, ag_error *error) {
    const char *text = buffer != NULL ? ag_buffer_text(buffer) : NULL;
    *out = text != NULL ? strdup(text) : NULL;
    ag_arena_free(arena);
    return *out != NULL ? AG_OK : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

ag_status ag_card_show(const ag_knowledge *knowledge, ag_card card, ag_card_format format,
                       char **out, ag_error *error) {
    *out = NULL;
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer buffer = ag_buffer_start(arena);
    ag_show show = {.arena = arena, .knowledge = knowledge, .for_people = format == AG_CARD_TEXT};
    show.cited = ag_arena_array(arena, (size_t)knowledge->evidence_count, sizeof *show.cited);
    show.failed = show.cited == NULL;
    if (!show.failed && card.kind == AG_CARD_EVIDENCE)
        write_record(&buffer, &show, card);
    else if (!show.failed)
        write_card(&buffer, &show, card);
    return ag_show_hand_over(show.failed ? NULL : &buffer, arena, out, error);
}

/* ---- lists ---- */

static void list_text(ag_buffer *out, const ag_knowledge *knowledge, ag_card_kind kind) {
    int count = ag_card_count(knowledge, kind), widest = 0;
    ag_buffer_format(out, "%s%s (%d)\n", out->length > 0 ? "\n" : "", ag_card_kind_name(kind),
                     count);
    for (int i = 0; i < count; i++) {
        int width = (int)strlen(ag_card_id(knowledge, (ag_card){kind, i}));
        widest = width > widest && width <= WIDEST_ID ? width : widest;
    }
    for (int i = 0; i < count; i++) {
        ag_card card = {kind, i};
        ag_buffer_format(out, "  %-*s  %s\n", widest, ag_card_id(knowledge, card),
                         ag_card_name(knowledge, card, "en"));
    }
}

static void list_json(ag_json *json, const ag_knowledge *knowledge, ag_card_kind kind) {
    for (int i = 0; i < ag_card_count(knowledge, kind); i++) {
        ag_card card = {kind, i};
        ag_json_object(json, NULL);
        ag_json_text(json, "card", ag_card_kind_name(kind));
        ag_json_text(json, "id", ag_card_id(knowledge, card));
        ag_json_text(json, "en", ag_card_name(knowledge, card, "en"));
        ag_json_text(json, "es", ag_card_name(knowledge, card, "es"));
        ag_json_end(json);
    }
}

ag_status ag_card_list(const ag_knowledge *knowledge, ag_card_kind kind, ag_card_format format,
                       char **out, ag_error *error) {
    *out = NULL;
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, 2);
    int first = kind == AG_CARD_KINDS ? 0 : (int)kind;
    int last = kind == AG_CARD_KINDS ? AG_CARD_EVIDENCE - 1 : (int)kind;
    if (format == AG_CARD_JSON)
        ag_json_array(&json, NULL);
    for (int k = first; k <= last; k++) {
        if (format == AG_CARD_JSON)
            list_json(&json, knowledge, (ag_card_kind)k);
        else
            list_text(&buffer, knowledge, (ag_card_kind)k);
    }
    if (format == AG_CARD_JSON) {
        ag_json_end(&json);
        ag_buffer_add_char(&buffer, '\n');
    }
    return ag_show_hand_over(&buffer, arena, out, error);
}

static void problem_text(ag_buffer *out, const ag_error *problem) {
    ag_buffer_add(out, problem->where);
    if (problem->line > 0)
        ag_buffer_format(out, ":%d:%d", problem->line, problem->column);
    ag_buffer_format(out, ": %s\n", problem->message);
}

static void problem_json(ag_json *json, const ag_error *problem) {
    ag_json_object(json, NULL);
    ag_json_text(json, "file", problem->where);
    ag_json_integer(json, "line", problem->line);
    ag_json_integer(json, "column", problem->column);
    ag_json_text(json, "message", problem->message);
    ag_json_end(json);
}

ag_status ag_problems_show(const ag_problems *problems, ag_card_format format, char **out,
                           ag_error *error) {
    *out = NULL;
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer buffer = ag_buffer_start(arena);
    ag_json json = ag_json_start(&buffer, 2);
    if (format == AG_CARD_JSON)
        ag_json_array(&json, NULL);
    for (int i = 0; i < ag_problems_count(problems); i++) {
        if (format == AG_CARD_JSON)
            problem_json(&json, ag_problems_item(problems, i));
        else
            problem_text(&buffer, ag_problems_item(problems, i));
    }
    if (format == AG_CARD_JSON) {
        ag_json_end(&json);
        ag_buffer_add_char(&buffer, '\n');
    }
    return ag_show_hand_over(&buffer, arena, out, error);
}
