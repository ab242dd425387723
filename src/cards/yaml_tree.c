#include "yaml_tree.h"

#include <libfyaml.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

typedef struct builder {
    ag_arena *arena;
    ag_error *error;
    ag_node *open[AG_YAML_DEPTH];  /* the lists and maps that are being read */
    ag_node **tail[AG_YAML_DEPTH]; /* where their next child is hung */
    int depth;
    const char *key; /* of the value that comes next, within a map */
    int key_line, key_column;
    ag_node *root;
} builder;

const ag_node *ag_node_get(const ag_node *map, const char *key) {
    if (map == NULL || map->kind != AG_NODE_MAP)
        return NULL;
    for (const ag_node *n = map->first; n != NULL; n = n->next)
        if (strcmp(n->key, key) == 0)
            return n;
    return NULL;
}

static ag_status refuse(builder *b, const struct fy_mark *mark, const char *message) {
    int line = mark != NULL ? mark->line + 1 : 0, column = mark != NULL ? mark->column + 1 : 0;
    return ag_fail_at(b->error, AG_ERROR_SYNTAX, line, column, "%s", message);
}

static char *token_text(builder *b, struct fy_token *token, size_t *length) {
    const char *text = token != NULL ? fy_token_get_text(token, length) : NULL;
    if (text == NULL)
        *length = 0;
    return ag_arena_text(b->arena, text != NULL ? text : "", *length);
}

static bool in_map(const builder *b) {
    return b->depth > 0 && b->open[b->depth - 1]->kind == AG_NODE_MAP;
}

/* A scalar in a map that has no pending key is the next key. */
static ag_status take_key(builder *b, struct fy_event *event, const struct fy_mark *mark) {
    const ag_node *map = b->open[b->depth - 1];
    size_t length;
    if (event->type != FYET_SCALAR)
        return refuse(b, mark, "a key must be a plain text, not a list or a map");
    char *key = token_text(b, event->scalar.value, &length);
    if (key == NULL)
        return ag_fail(b->error, AG_ERROR_MEMORY, "out of memory");
    if (length == 0 || strlen(key) != length)
        return refuse(b, mark, "a key is empty or holds a NUL character; give it a name");
    const ag_node *twin = ag_node_get(map, key);
    if (twin != NULL)
        return ag_fail_at(b->error, AG_ERROR_SYNTAX, mark != NULL ? mark->line + 1 : 0,
                          mark != NULL ? mark->column + 1 : 0,
                          "the key \"%s\" stands twice in one map (first on line %d); keep one",
                          key, twin->line);
    if (map->count >= AG_YAML_KEYS)
        return ag_fail(b->error, AG_ERROR_TOO_LARGE, "more than %d keys in one map", AG_YAML_KEYS);
    b->key = key;
    b->key_line = mark != NULL ? mark->line + 1 : 0;
    b->key_column = mark != NULL ? mark->column + 1 : 0;
    return AG_OK;
}

static ag_status fill_scalar(builder *b, ag_node *node, struct fy_event *event,
                             const struct fy_mark *mark) {
    size_t length;
    node->text = token_text(b, event->scalar.value, &length);
    if (node->text == NULL)
        return ag_fail(b->error, AG_ERROR_MEMORY, "out of memory");
    if (strlen(node->text) != length)
        return refuse(b, mark, "a text holds a NUL character; remove it");
    node->quoted =
        event->scalar.value != NULL && fy_token_scalar_style(event->scalar.value) != FYSS_PLAIN;
    return AG_OK;
}

static ag_status take_value(builder *b, struct fy_event *event, const struct fy_mark *mark) {
    ag_node *node = ag_arena_alloc(b->arena, sizeof *node);
    if (node == NULL)
        return ag_fail(b->error, AG_ERROR_MEMORY, "out of memory");
    node->line = mark != NULL ? mark->line + 1 : b->key_line;
    node->column = mark != NULL ? mark->column + 1 : b->key_column;
    if (in_map(b)) {
        node->key = b->key;
        node->line = b->key_line;
        node->column = b->key_column;
        b->key = NULL;
    }
    if (b->depth == 0) {
        b->root = node;
    } else {
        *b->tail[b->depth - 1] = node;
        b->tail[b->depth - 1] = &node->next;
        b->open[b->depth - 1]->count++;
    }
    if (event->type == FYET_SCALAR)
        return fill_scalar(b, node, event, mark);
    node->kind = event->type == FYET_SEQUENCE_START ? AG_NODE_LIST : AG_NODE_MAP;
    if (b->depth == AG_YAML_DEPTH)
        return ag_fail_at(b->error, AG_ERROR_TOO_LARGE, node->line, node->column,
                          "lists and maps are nested more than %d deep", AG_YAML_DEPTH);
    b->open[b->depth] = node;
    b->tail[b->depth++] = &node->first;
    return AG_OK;
}

static bool is_decorated(const struct fy_event *event) {
    switch (event->type) {
    case FYET_SCALAR:
        return event->scalar.anchor != NULL || event->scalar.tag != NULL;
    case FYET_SEQUENCE_START:
        return event->sequence_start.anchor != NULL || event->sequence_start.tag != NULL;
    case FYET_MAPPING_START:
        return event->mapping_start.anchor != NULL || event->mapping_start.tag != NULL;
    default:
        return event->type == FYET_ALIAS;
    }
}

static ag_status take_event(builder *b, struct fy_event *event) {
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (is_decorated(event))
        return refuse(b, mark,
                      "anchors (&), aliases (*) and tags (!) are not used on cards; write the "
                      "text out, in quotes if it begins with such a character");
    switch (event->type) {
    case FYET_SCALAR:
    case FYET_SEQUENCE_START:
    case FYET_MAPPING_START:
        return in_map(b) && b->key == NULL ? take_key(b, event, mark) : take_value(b, event, mark);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        b->depth--;
        return AG_OK;
    case FYET_DOCUMENT_START:
        return b->root == NULL ? AG_OK
                               : refuse(b, mark, "a second document begins; use one file for each");
    default:
        return AG_OK;
    }
}

/* The parser's own message, which libfyaml collects with its position. */
static ag_status report_syntax(builder *b, struct fy_diag *diag) {
    void *iterator = NULL;
    const struct fy_diag_error *found = fy_diag_errors_iterate(diag, &iterator);
    if (found == NULL)
        return ag_fail(b->error, AG_ERROR_SYNTAX, "the text is not well-formed YAML");
    return ag_fail_at(b->error, AG_ERROR_SYNTAX, found->line, found->column,
                      "the text is not well-formed YAML: %s", found->msg);
}

static ag_status run_parser(builder *b, struct fy_parser *parser, struct fy_diag *diag) {
    ag_status status = AG_OK;
    struct fy_event *event;
    bool ended = false;
    while (status == AG_OK && (event = fy_parser_parse(parser)) != NULL) {
        ended = event->type == FYET_STREAM_END;
        status = take_event(b, event);
        fy_parser_event_free(parser, event);
    }
    if (status == AG_OK && !ended)
        status = report_syntax(b, diag);
    return status;
}

static void ignore_output(struct fy_diag *diag, void *user, const char *bytes, size_t length) {
    (void)diag, (void)user, (void)bytes, (void)length;
}

static ag_status check_bytes(const char *text, size_t length, ag_error *error) {
    size_t at = 0;
    if (length > AG_YAML_BYTES)
        return ag_fail(error, AG_ERROR_TOO_LARGE, "the file is larger than %d MiB",
                       AG_YAML_BYTES >> 20);
    const char *nul = memchr(text, '\0', length);
    bool valid = ag_utf8_valid(text, length, &at);
    if (valid && nul == NULL)
        return AG_OK;
    if (valid || (nul != NULL && (size_t)(nul - text) < at))
        at = (size_t)(nul - text);
    int line = 1, column = 1;
    for (size_t i = 0; i < at; i++) {
        column = text[i] == '\n' ? 1 : column + 1;
        line += text[i] == '\n';
    }
    return ag_fail_at(error, AG_ERROR_SYNTAX, line, column,
                      "the byte 0x%02x is not text; save the file as UTF-8",
                      (unsigned char)text[at]);
}

ag_status ag_yaml_parse(ag_arena *arena, const char *text, size_t length, const ag_node **out,
                        ag_error *error) {
    *out = NULL;
    ag_status status = check_bytes(text, length, error);
    if (status != AG_OK || length == 0)
        return status;
    builder b = {.arena = arena, .error = error};
    struct fy_diag_cfg diag_options;
    fy_diag_cfg_default(&diag_options);
    diag_options.fp = NULL;
    diag_options.output_fn = ignore_output;
    struct fy_diag *diag = fy_diag_create(&diag_options);
    if (diag == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg options = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&options);
    if (parser == NULL || fy_parser_set_string(parser, text, length) != 0)
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    else
        status = run_parser(&b, parser, diag);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    if (status == AG_OK)
        *out = b.root;
    return status;
}
