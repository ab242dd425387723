#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- faults, memory, path ---- */

void ag_reader_problem(ag_reader *reader, const ag_node *node, ag_status code, const char *format,
                       ...) {
    ag_error error = {.code = code};
    if (node != NULL) {
        error.line = node->line;
        error.column = node->column;
    }
    snprintf(error.where, sizeof error.where, "%s", reader->source->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error.message, sizeof error.message, format, arguments);
    va_end(arguments);
    ag_problems_add(reader->problems, &error);
}

void *ag_reader_array(ag_reader *reader, int count, size_t size) {
    void *items = ag_arena_array(reader->arena, (size_t)count, size);
    if (items == NULL)
        reader->failed = true;
    return items;
}

size_t ag_reader_enter(ag_reader *reader, const char *step) {
    size_t length = reader->path_length, room = sizeof reader->path - length;
    int added = snprintf(reader->path + length, room, "/%s", step);
    if (added > 0)
        reader->path_length += (size_t)added < room ? (size_t)added : room - 1;
    return length;
}

void ag_reader_leave(ag_reader *reader, size_t length) {
    reader->path_length = length;
    reader->path[length] = '\0';
}

const char *ag_reader_nearest(ag_reader *reader, const char *text, const ag_texts *known) {
    ag_nearest nearest;
    ag_nearest_start(&nearest, text);
    for (int i = 0; i < known->count; i++)
        ag_nearest_offer(&nearest, known->items[i]);
    ag_buffer buffer = ag_buffer_start(reader->problems->arena);
    if (nearest.count > 0) {
        ag_buffer_add(&buffer, "; did you mean ");
        ag_nearest_list(&nearest, &buffer);
        ag_buffer_add(&buffer, "?");
    }
    const char *hint = ag_buffer_text(&buffer);
    return hint != NULL ? hint : "";
}

/* ---- scalars and lists ---- */

static const char *const kind_names[] = {"a text", "a list", "a map"};

bool ag_reader_is(ag_reader *reader, const ag_node *node, ag_node_kind kind, const char *what) {
    if (node->kind == kind)
        return true;
    ag_reader_problem(reader, node, AG_ERROR_VALUE, "%s is expected here, %s, but this is %s",
                      kind_names[kind], what, kind_names[node->kind]);
    return false;
}

bool ag_read_text(ag_reader *reader, const ag_node *node, const char **out) {
    if (!ag_reader_is(reader, node, AG_NODE_TEXT, "such as  key: some words"))
        return false;
    const char *text = node->text;
    size_t length = strlen(text);
    ag_text_trim(&text, &length);
    if (length == 0) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the text is empty; write it or leave the field out");
        return false;
    }
    *out = length == strlen(node->text) ? node->text : ag_arena_text(reader->arena, text, length);
    if (*out == NULL)
        reader->failed = true;
    return *out != NULL;
}

bool ag_read_number(ag_reader *reader, const ag_node *node, double *out) {
    if (node->kind == AG_NODE_TEXT && !node->quoted && ag_text_number(node->text, out))
        return true;
    ag_reader_problem(reader, node, AG_ERROR_VALUE,
                      "a plain number is expected here, such as 0.25; found %s%.40s%s",
                      node->kind == AG_NODE_TEXT ? "\"" : "",
                      node->kind == AG_NODE_TEXT ? node->text : kind_names[node->kind],
                      node->kind == AG_NODE_TEXT ? "\"" : "");
    return false;
}

static ag_texts texts_of(const char *const *words) {
    ag_texts texts = {words, 0};
    while (words[texts.count] != NULL)
        texts.count++;
    return texts;
}

/* `a, b or c`, for messages. */
static const char *listed(ag_reader *reader, const ag_texts *texts) {
    ag_buffer buffer = ag_buffer_start(reader->problems->arena);
    for (int i = 0; i < texts->count; i++) {
        ag_buffer_add(&buffer, i == 0 ? "" : i + 1 == texts->count ? " or " : ", ");
        ag_buffer_add(&buffer, texts->items[i]);
    }
    const char *text = ag_buffer_text(&buffer);
    return text != NULL ? text : "";
}

int ag_texts_find(const ag_texts *texts, const char *text) {
    for (int i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], text) == 0)
            return i;
    return -1;
}

bool ag_read_word(ag_reader *reader, const ag_node *node, const char *const *words, int *out) {
    ag_texts known = texts_of(words);
    const char *text;
    if (!ag_read_text(reader, node, &text))
        return false;
    int found = ag_texts_find(&known, text);
    if (found < 0)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "\"%.60s\" is none of the words that can stand here: %s", text,
                          listed(reader, &known));
    else
        *out = found;
    return found >= 0;
}

bool ag_read_interval(ag_reader *reader, const ag_node *node, double *low, double *high) {
    double ends[2];
    if (!ag_reader_is(reader, node, AG_NODE_LIST, "such as [0.1, 0.3]"))
        return false;
    if (node->count != 2) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "two numbers are expected, [low, high]; found %d", node->count);
        return false;
    }
    if (!ag_read_number(reader, node->first, &ends[0]) ||
        !ag_read_number(reader, node->first->next, &ends[1]))
        return false;
    if (ends[0] > ends[1]) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "[%g, %g] is not in order; write the lower number first", ends[0],
                          ends[1]);
        return false;
    }
    *low = ends[0];
    *high = ends[1];
    return true;
}

ag_texts ag_read_texts(ag_reader *reader, const ag_node *node) {
    ag_texts texts = {NULL, 0};
    const ag_node *first = node->kind == AG_NODE_LIST ? node->first : node;
    int count = node->kind == AG_NODE_LIST ? node->count : 1;
    const char **items = ag_reader_array(reader, count, sizeof *items);
    if (items == NULL)
        return texts;
    for (const ag_node *n = first; texts.count < count && n != NULL; n = n->next) {
        const char *text;
        if (!ag_read_text(reader, n, &text)) {
            count--;
            continue;
        }
        texts.items = items;
        if (ag_texts_find(&texts, text) >= 0) {
            ag_reader_problem(reader, n, AG_ERROR_NAME,
                              "\"%.60s\" stands twice in this list; keep one", text);
            count--;
        } else {
            items[texts.count++] = text;
        }
    }
    texts.items = items;
    return texts;
}

/* ---- references ---- */

/* The ids of a space, in order of their indices. */
static ag_texts ids_of(ag_reader *reader, ag_space space) {
    const ag_knowledge *k = reader->knowledge;
    int count = space == AG_SPACE_EVIDENCE    ? k->evidence_count
                : space == AG_SPACE_CAUSE     ? k->cause_count
                : space == AG_SPACE_FINDING   ? k->finding_count
                : space == AG_SPACE_MECHANISM ? k->mechanism_count
                : space == AG_SPACE_TREATMENT ? k->treatment_count
                                              : k->variable_count;
    const char **ids = ag_arena_array(reader->problems->arena, (size_t)count, sizeof *ids);
    ag_texts texts = {ids, 0};
    for (int i = 0; ids != NULL && i < count; i++) {
        const char *id = NULL;
        switch (space) {
        case AG_SPACE_EVIDENCE:
            id = k->evidence[i].id;
            break;
        case AG_SPACE_CAUSE:
            id = k->causes[i].id;
            break;
        case AG_SPACE_FINDING:
            id = k->variables[k->findings[i].variable].id;
            break;
        case AG_SPACE_TREATMENT:
            id = k->treatments[i].id;
            break;
        case AG_SPACE_MECHANISM:
            id = k->variables[k->mechanisms[i].variable].id;
            break;
        default:
            if (space == AG_SPACE_VARIABLE ||
                k->variables[i].kind == (space == AG_SPACE_FUNCTION ? AG_FUNCTION : AG_FINDING))
                id = k->variables[i].id;
        }
        if (id != NULL)
            ids[texts.count++] = id;
    }
    return texts;
}

static int find_index(const ag_knowledge *k, ag_space space, const char *id) {
    int variable;
    switch (space) {
    case AG_SPACE_EVIDENCE:
        return ag_knowledge_evidence(k, id);
    case AG_SPACE_CAUSE:
        return ag_knowledge_cause(k, id);
    case AG_SPACE_FINDING:
        for (int i = 0; i < k->finding_count; i++)
            if (strcmp(k->variables[k->findings[i].variable].id, id) == 0)
                return i;
        return -1;
    case AG_SPACE_TREATMENT:
        return ag_knowledge_treatment(k, id);
    case AG_SPACE_MECHANISM:
        for (int i = 0; i < k->mechanism_count; i++)
            if (strcmp(k->variables[k->mechanisms[i].variable].id, id) == 0)
                return i;
        return -1;
    default:
        variable = ag_knowledge_variable(k, id);
        if (variable >= 0 && space != AG_SPACE_VARIABLE &&
            k->variables[variable].kind != (space == AG_SPACE_FUNCTION ? AG_FUNCTION : AG_FINDING))
            return -1;
        return variable;
    }
}

static const char *const space_names[] = {"evidence record", "cause",   "variable",  "function",
                                          "finding",         "finding", "mechanism", "treatment"};

int ag_read_index(ag_reader *reader, const ag_node *node, ag_space space) {
    const char *id;
    if (!ag_read_text(reader, node, &id))
        return -1;
    int index = find_index(reader->knowledge, space, id);
    if (index < 0) {
        ag_texts ids = ids_of(reader, space);
        ag_reader_problem(reader, node, AG_ERROR_NAME, "there is no %s with the id \"%.80s\"%s",
                          space_names[space], id, ag_reader_nearest(reader, id, &ids));
    }
    return index;
}

ag_indices ag_read_indices(ag_reader *reader, const ag_node *node, ag_space space) {
    ag_indices indices = {NULL, 0};
    if (!ag_reader_is(reader, node, AG_NODE_LIST, "such as [id, id]"))
        return indices;
    int *items = ag_reader_array(reader, node->count, sizeof *items);
    if (items == NULL)
        return indices;
    indices.items = items;
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        int index = ag_read_index(reader, n, space);
        bool twice = false;
        for (int i = 0; i < indices.count; i++)
            twice = twice || items[i] == index;
        if (twice && index >= 0)
            ag_reader_problem(reader, n, AG_ERROR_NAME,
                              "\"%.80s\" stands twice in this list; keep one", n->text);
        else if (index >= 0)
            items[indices.count++] = index;
    }
    return indices;
}

/* ---- maps by their fields ---- */

void ag_reader_keys(ag_reader *reader, const ag_node *map, const char *const *known) {
    ag_texts texts = texts_of(known);
    for (const ag_node *n = map->first; n != NULL; n = n->next)
        if (ag_texts_find(&texts, n->key) < 0)
            ag_reader_problem(reader, n, AG_ERROR_NAME,
                              "the field \"%.60s\" is not known here; the fields are: %s", n->key,
                              listed(reader, &texts));
}

static bool stands_on(const ag_field *field, ag_card_kind kind) {
    return field->key != NULL && (field->on == 0 || (field->on >> kind & 1) != 0);
}

static bool is_end(const ag_field *field) {
    return field->key == NULL && field->member == NULL;
}

/* The step of the path for item `i` of a list: its id where it has one, so that numbers keep their
 * random streams when items are added before them. */
static const char *step_of(const ag_node *item, int i, char buffer[16]) {
    static const char *const keys[] = {"id", "function", "mechanism", "from_age"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const ag_node *id = ag_node_get(item, keys[k]);
        if (id != NULL && id->kind == AG_NODE_TEXT)
            return id->text;
    }
    snprintf(buffer, 16, "%d", i + 1);
    return buffer;
}

void ag_read_array(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    if (!ag_reader_is(reader, node, AG_NODE_LIST, "with \"- \" before each item"))
        return;
    char *items = ag_reader_array(reader, node->count, field->of->size);
    if (items == NULL)
        return;
    memcpy((char *)owner + field->offset, &items, sizeof items);
    memcpy((char *)owner + field->count_offset, &node->count, sizeof node->count);
    int i = 0;
    for (const ag_node *n = node->first; n != NULL; n = n->next, i++) {
        char buffer[16];
        size_t length = ag_reader_enter(reader, step_of(n, i, buffer));
        ag_target target = {field->of, items + (size_t)i * field->of->size};
        ag_read_map(reader, n, &target, 1);
        ag_reader_leave(reader, length);
    }
}

static void read_flag(ag_reader *reader, const ag_node *node, const ag_field *field, bool *out) {
    static const char *const answers[] = {"false", "true", "no", "yes", NULL};
    int word;
    if (ag_read_word(reader, node, field->words != NULL ? field->words : answers, &word))
        *out = word % 2 != 0;
}

static void read_integer(ag_reader *reader, const ag_node *node, int *out) {
    double number;
    if (!ag_read_number(reader, node, &number))
        return;
    if (number < -1e9 || number > 1e9 || number != (double)(int)number)
        ag_reader_problem(reader, node, AG_ERROR_VALUE, "a whole number is expected here");
    else
        *out = (int)number;
}

static void read_field(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    void *member = (char *)owner + field->offset;
    ag_target part;
    int word;
    if (field->read != NULL) {
        field->read(reader, node, field, owner);
        return;
    }
    switch (field->kind) {
    case AG_MEMBER_TEXT:
        ag_read_text(reader, node, member);
        break;
    case AG_MEMBER_NUMBER:
        ag_read_number(reader, node, member);
        break;
    case AG_MEMBER_INTEGER:
        read_integer(reader, node, member);
        break;
    case AG_MEMBER_FLAG:
        read_flag(reader, node, field, member);
        break;
    case AG_MEMBER_WORD:
        if (ag_read_word(reader, node, field->words, &word))
            memcpy(member, &word, sizeof word);
        break;
    case AG_MEMBER_TEXTS:
        *(ag_texts *)member = ag_read_texts(reader, node);
        break;
    case AG_MEMBER_INDEX:
        *(int *)member = ag_read_index(reader, node, field->space);
        break;
    case AG_MEMBER_INDICES:
        *(ag_indices *)member = ag_read_indices(reader, node, field->space);
        break;
    case AG_MEMBER_STRUCT:
    case AG_MEMBER_PART:
        part = (ag_target){field->of, field->kind == AG_MEMBER_PART ? owner : member};
        ag_read_map(reader, node, &part, 1);
        break;
    case AG_MEMBER_ARRAY:
        ag_read_array(reader, node, field, owner);
        break;
    default:
        break;
    }
}

static const ag_field *find_field(const ag_reader *reader, const ag_shape *shape, const char *key) {
    for (const ag_field *f = shape->fields; !is_end(f); f++)
        if (stands_on(f, reader->source->kind) && strcmp(f->key, key) == 0)
            return f;
    return NULL;
}

static void refuse_key(ag_reader *reader, const ag_node *node, const ag_target *targets,
                       int count) {
    const char *known[96];
    ag_texts texts = {known, 0};
    for (int t = 0; t < count; t++)
        for (const ag_field *f = targets[t].shape->fields; !is_end(f); f++)
            if (stands_on(f, reader->source->kind) && texts.count < 96)
                known[texts.count++] = f->key;
    ag_reader_problem(reader, node, AG_ERROR_NAME,
                      "the field \"%.60s\" is not known here%s; the fields are: %s", node->key,
                      ag_reader_nearest(reader, node->key, &texts), listed(reader, &texts));
}

/* Fields are read in the order of the table, as some need what was read before them. */
void ag_read_map(ag_reader *reader, const ag_node *map, const ag_target *targets, int count) {
    if (!ag_reader_is(reader, map, AG_NODE_MAP, "such as  key: value"))
        return;
    for (const ag_node *n = map->first; n != NULL; n = n->next) {
        bool known = false;
        for (int t = 0; t < count; t++)
            known = known || find_field(reader, targets[t].shape, n->key) != NULL;
        if (!known)
            refuse_key(reader, n, targets, count);
    }
    for (int t = 0; t < count; t++) {
        for (const ag_field *f = targets[t].shape->fields; !is_end(f); f++) {
            if (!stands_on(f, reader->source->kind))
                continue;
            const ag_node *node = ag_node_get(map, f->key);
            if (node != NULL) {
                size_t length = ag_reader_enter(reader, f->key);
                read_field(reader, node, f, targets[t].item);
                ag_reader_leave(reader, length);
            } else if ((f->must >> reader->source->kind & 1) != 0) {
                ag_reader_problem(reader, map, AG_ERROR_VALUE,
                                  "the field \"%s\" is missing; add it", f->key);
            }
        }
    }
}

/* ---- fields that are checked and not kept ---- */

void ag_read_only_text(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field, (void)owner;
    const char *text;
    ag_read_text(reader, node, &text);
}

void ag_read_only_number(ag_reader *reader, const ag_node *node, const ag_field *field,
                         void *owner) {
    (void)field, (void)owner;
    double number;
    ag_read_number(reader, node, &number);
}

void ag_read_only_interval(ag_reader *reader, const ag_node *node, const ag_field *field,
                           void *owner) {
    (void)field, (void)owner;
    double low, high;
    ag_read_interval(reader, node, &low, &high);
}

void ag_read_only_comparator(ag_reader *reader, const ag_node *node, const ag_field *field,
                             void *owner) {
    (void)field, (void)owner;
    static const char *const known[] = {"label", "events", "total", "value", "interval", NULL};
    if (ag_reader_is(reader, node, AG_NODE_MAP, "such as {label: placebo, events: 4, total: 457}"))
        ag_reader_keys(reader, node, known);
}
