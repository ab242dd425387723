#include "resolved.h"

#include <string.h>

#include "files.h"
#include "text.h"

static const char *const own_keys[] = {"known", "held_back", "source", "leave_out", NULL};

static ag_status no_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

static ag_status fail_node(ag_error *error, const ag_node *node, const char *message) {
    return ag_fail_at(error, AG_ERROR_VALUE, node->line, node->column, "%s", message);
}

static bool is_key(const char *key, const char *const *keys) {
    for (; *keys != NULL; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

/* ---- nodes ---- */

static ag_node *copy_into(ag_arena *arena, ag_node *parent, ag_node ***end, const ag_node *child) {
    ag_node *copy = ag_arena_alloc(arena, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *child;
    copy->next = NULL;
    **end = copy;
    *end = &copy->next;
    parent->count++;
    return copy;
}

static ag_node *empty_like(ag_arena *arena, const ag_node *node) {
    ag_node *copy = ag_arena_alloc(arena, sizeof *copy);
    if (copy == NULL)
        return NULL;
    *copy = *node;
    copy->first = NULL;
    copy->count = 0;
    return copy;
}

const ag_node *ag_node_without(ag_arena *arena, const ag_node *map, const char *const *keys) {
    ag_node *out = empty_like(arena, map), **end = out != NULL ? &out->first : NULL;
    for (const ag_node *n = map->first; out != NULL && n != NULL; n = n->next)
        if (!is_key(n->key, keys) && copy_into(arena, out, &end, n) == NULL)
            return NULL;
    return out;
}

static const ag_node *lists_joined(ag_arena *arena, const ag_node *a, const ag_node *b) {
    ag_node *out = empty_like(arena, a), **end = out != NULL ? &out->first : NULL;
    for (const ag_node *n = a->first; out != NULL && n != NULL; n = n->next)
        if (copy_into(arena, out, &end, n) == NULL)
            return NULL;
    for (const ag_node *n = b->first; out != NULL && n != NULL; n = n->next)
        if (copy_into(arena, out, &end, n) == NULL)
            return NULL;
    return out;
}

static const ag_node *value_joined(ag_arena *arena, const ag_node *a, const ag_node *b) {
    if (b == NULL)
        return a;
    return a->kind == AG_NODE_LIST && b->kind == AG_NODE_LIST ? lists_joined(arena, a, b) : b;
}

const ag_node *ag_nodes_joined(ag_arena *arena, const ag_node *a, const ag_node *b) {
    ag_node *out = empty_like(arena, a), **end = out != NULL ? &out->first : NULL;
    for (const ag_node *n = a->first; out != NULL && n != NULL; n = n->next) {
        const ag_node *value = value_joined(arena, n, ag_node_get(b, n->key));
        if (value == NULL || copy_into(arena, out, &end, value) == NULL)
            return NULL;
    }
    for (const ag_node *n = b->first; out != NULL && n != NULL; n = n->next)
        if (ag_node_get(a, n->key) == NULL && copy_into(arena, out, &end, n) == NULL)
            return NULL;
    return out;
}

ag_status ag_node_texts(ag_arena *arena, const ag_node *node, ag_texts *out, ag_error *error) {
    *out = (ag_texts){NULL, 0};
    if (node == NULL)
        return AG_OK;
    const char **items = ag_arena_array(arena, (size_t)node->count + 1, sizeof *items);
    if (items == NULL)
        return no_memory(error);
    out->items = items;
    if (node->kind == AG_NODE_TEXT) {
        items[out->count++] = node->text;
        return AG_OK;
    }
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        if (node->kind != AG_NODE_LIST || n->kind != AG_NODE_TEXT)
            return fail_node(error, n, "write a list of ids, such as [retrograde-complete]");
        items[out->count++] = n->text;
    }
    return AG_OK;
}

/* ---- ids ---- */

static const char *mechanism_id(const ag_knowledge *knowledge, int m) {
    return knowledge->variables[knowledge->mechanisms[m].variable].id;
}

static ag_status unknown_mechanism(ag_arena *arena, const ag_knowledge *knowledge,
                                   const ag_node *node, const char *id, ag_error *error) {
    ag_nearest nearest;
    ag_buffer text = ag_buffer_start(arena);
    ag_nearest_start(&nearest, id);
    for (int m = 0; m < knowledge->mechanism_count; m++)
        ag_nearest_offer(&nearest, mechanism_id(knowledge, m));
    ag_buffer_format(&text, "there is no mechanism \"%.60s\"", id);
    if (nearest.count > 0) {
        ag_buffer_add(&text, "; did you mean ");
        ag_nearest_list(&nearest, &text);
        ag_buffer_add(&text, "?");
    } else {
        ag_buffer_add(&text, "; antegrade cards list --kind mechanisms lists them");
    }
    const char *message = ag_buffer_text(&text);
    return ag_fail_at(error, AG_ERROR_NAME, node->line, node->column, "%s",
                      message != NULL ? message : "there is no such mechanism");
}

ag_status ag_node_mechanisms(ag_arena *arena, const ag_knowledge *knowledge, const ag_node *node,
                             ag_indices *out, ag_error *error) {
    ag_texts ids;
    ag_status status = ag_node_texts(arena, node, &ids, error);
    int *items = ag_arena_array(arena, (size_t)ids.count + 1, sizeof *items);
    *out = (ag_indices){items, 0};
    if (status == AG_OK && items == NULL)
        return no_memory(error);
    for (int i = 0; i < ids.count && status == AG_OK; i++) {
        int m = 0;
        while (m < knowledge->mechanism_count && strcmp(mechanism_id(knowledge, m), ids.items[i]))
            m++;
        if (m == knowledge->mechanism_count)
            return unknown_mechanism(arena, knowledge, node, ids.items[i], error);
        items[out->count++] = m;
    }
    return status;
}

static ag_status read_cause(ag_resolved *out, const ag_knowledge *knowledge, const ag_node *node,
                            ag_error *error) {
    out->cause = -1;
    if (node == NULL)
        return AG_OK;
    if (node->kind != AG_NODE_TEXT)
        return fail_node(error, node, "write the id of one cause");
    out->cause = ag_knowledge_cause(knowledge, node->text);
    return out->cause >= 0 ? AG_OK
                           : ag_fail_at(error, AG_ERROR_NAME, node->line, node->column,
                                        "there is no cause \"%.60s\"; antegrade cards list --kind "
                                        "causes lists them",
                                        node->text);
}

/* ---- the source ---- */

ag_status ag_publication_read(ag_publication *out, const ag_node *node, ag_error *error) {
    *out = (ag_publication){0};
    if (node == NULL)
        return AG_OK;
    if (node->kind != AG_NODE_MAP)
        return fail_node(error, node, "a source is a map: first_author, title, journal, year, …");
    const struct {
        const char *key;
        const char **text;
    } fields[] = {{"first_author", &out->first_author},
                  {"title", &out->title},
                  {"about", &out->about},
                  {"journal", &out->journal},
                  {"year", &out->year},
                  {"pmid", &out->pmid},
                  {"doi", &out->doi},
                  {"read", &out->read}};
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        size_t i = 0;
        while (i < sizeof fields / sizeof fields[0] && strcmp(n->key, fields[i].key) != 0)
            i++;
        if (i == sizeof fields / sizeof fields[0] || n->kind != AG_NODE_TEXT)
            return fail_node(error, n,
                             "a source has first_author, title, about, journal, year, pmid, doi, "
                             "read");
        *fields[i].text = n->text;
    }
    return AG_OK;
}

const char *ag_publication_text(const ag_publication *source, ag_arena *arena) {
    ag_buffer text = ag_buffer_start(arena);
    const char *const parts[] = {source->first_author, source->journal, source->year};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i] != NULL)
            ag_buffer_format(&text, "%s%s", text.length == 0 ? "" : i == 2 ? " " : ", ", parts[i]);
    const char *words = source->title != NULL ? source->title : source->about;
    if (source->first_author == NULL && words != NULL)
        ag_buffer_format(&text, "%s%s", text.length > 0 ? ": " : "", words);
    if (source->doi != NULL)
        ag_buffer_format(&text, ", doi %s", source->doi);
    else if (source->pmid != NULL)
        ag_buffer_format(&text, ", PMID %s", source->pmid);
    return ag_buffer_text(&text);
}

/* ---- a file ---- */

static ag_status read_known(ag_resolved *out, ag_arena *arena, const ag_knowledge *knowledge,
                            const ag_node *root, ag_error *error) {
    static const char *const keys[] = {"mechanisms", "also", "cause", "by", "how", NULL};
    static const char *const settled[] = {"test", "operation", "treatment", "clinical", NULL};
    const ag_node *known = ag_node_get(root, "known");
    if (known == NULL || known->kind != AG_NODE_MAP || ag_node_get(known, "mechanisms") == NULL)
        return fail_node(error, known != NULL ? known : root,
                         "the diagnosis is missing: add known: {mechanisms: [id], how: \"…\"}");
    for (const ag_node *n = known->first; n != NULL; n = n->next)
        if (!is_key(n->key, keys))
            return fail_node(error, n, "known has mechanisms, also, cause, by and how");
    ag_status status = ag_node_mechanisms(arena, knowledge, ag_node_get(known, "mechanisms"),
                                          &out->mechanisms, error);
    if (status == AG_OK && out->mechanisms.count == 0)
        return fail_node(error, known, "name at least one mechanism");
    if (status == AG_OK)
        status =
            ag_node_mechanisms(arena, knowledge, ag_node_get(known, "also"), &out->also, error);
    if (status == AG_OK)
        status = read_cause(out, knowledge, ag_node_get(known, "cause"), error);
    const ag_node *by = ag_node_get(known, "by"), *how = ag_node_get(known, "how");
    if (status == AG_OK && by != NULL && (by->kind != AG_NODE_TEXT || !is_key(by->text, settled)))
        return fail_node(error, by, "by is one of test, operation, treatment, clinical");
    if (status == AG_OK && how != NULL && how->kind != AG_NODE_TEXT)
        return fail_node(error, how, "how is a sentence");
    out->by = by != NULL ? by->text : NULL;
    out->how = how != NULL ? how->text : NULL;
    return status;
}

static const char *name_of(ag_arena *arena, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return ag_arena_text(arena, name, dot != NULL ? (size_t)(dot - name) : strlen(name));
}

/* A vignette: `case`, and in `expect` what is right, or the two that cannot be told apart. */
static ag_status read_vignette(ag_resolved *out, ag_arena *arena, const ag_knowledge *knowledge,
                               const ag_node *root, ag_error *error) {
    const ag_node *expect = ag_node_get(root, "expect");
    const ag_node *right = ag_node_get(expect, "leading");
    out->given = ag_node_get(root, "case");
    if (right == NULL)
        right = ag_node_get(expect, "unresolved");
    return ag_node_mechanisms(arena, knowledge, right, &out->mechanisms, error);
}

static ag_status read_root(ag_resolved *out, ag_arena *arena, const ag_knowledge *knowledge,
                           const ag_node *root, ag_error *error) {
    if (root == NULL || root->kind != AG_NODE_MAP)
        return ag_fail_at(error, AG_ERROR_VALUE, 1, 1,
                          "this is no case: a case is a map of keys such as \"age: 54\"");
    if (ag_node_get(root, "case") != NULL)
        return read_vignette(out, arena, knowledge, root, error);
    out->held_back = ag_node_get(root, "held_back");
    if (out->held_back != NULL && out->held_back->kind != AG_NODE_MAP)
        return fail_node(error, out->held_back, "held_back is a map, as a case is");
    ag_status status = read_known(out, arena, knowledge, root, error);
    if (status == AG_OK)
        status = ag_node_texts(arena, ag_node_get(root, "leave_out"), &out->leave_out, error);
    if (status == AG_OK)
        status = ag_publication_read(&out->source, ag_node_get(root, "source"), error);
    out->given = ag_node_without(arena, root, own_keys);
    return status == AG_OK && out->given == NULL ? no_memory(error) : status;
}

ag_status ag_resolved_parse(ag_resolved *out, ag_arena *arena, const ag_knowledge *knowledge,
                            const char *path, const char *text, size_t length, ag_error *error) {
    const ag_node *root = NULL;
    *out = (ag_resolved){.path = path, .id = name_of(arena, path), .cause = -1};
    ag_status status = ag_yaml_parse(arena, text, length, &root, error);
    if (status == AG_OK)
        status = read_root(out, arena, knowledge, root, error);
    if (status != AG_OK)
        ag_fault_where(error, path);
    return status;
}

ag_status ag_resolved_read(ag_resolved *out, ag_arena *arena, const ag_knowledge *knowledge,
                           const char *path, ag_error *error) {
    const char *text;
    size_t length;
    ag_status status = ag_file_read(arena, path, &text, &length, error);
    return status == AG_OK ? ag_resolved_parse(out, arena, knowledge, path, text, length, error)
                           : status;
}

ag_status ag_resolved_read_all(ag_resolved_list *out, ag_arena *arena,
                               const ag_knowledge *knowledge, const ag_texts *paths,
                               ag_error *error) {
    ag_resolved *items = ag_arena_array(arena, (size_t)paths->count + 1, sizeof *items);
    *out = (ag_resolved_list){items, 0};
    ag_status status = items != NULL ? AG_OK : no_memory(error);
    for (int i = 0; i < paths->count && status == AG_OK; i++)
        status = ag_resolved_read(&items[out->count++], arena, knowledge, paths->items[i], error);
    return status;
}
