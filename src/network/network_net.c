/* HUGIN NET: reading and writing the discrete chance nodes of a Bayesian network. */
#include "network_format.h"

#include <stdlib.h>
#include <string.h>

static ag_status read_net(ag_reading *r, ag_error *error) {
    ag_lexer *l = &r->lexer;
    ag_lexer_next(l);
    ag_status status = ag_lexer_take_mark(l, '{', error);
    while (!status && !ag_lexer_is_mark(l, '}'))
        status = ag_reading_skip(r, "field", error);
    if (!status)
        ag_lexer_next(l);
    return status;
}

/* states = ("a" "b"); */
static ag_status read_states(ag_reading *r, const char **names, int *count, ag_error *error) {
    ag_lexer *l = &r->lexer;
    ag_lexer_next(l);
    ag_status status = ag_lexer_take_mark(l, '=', error);
    if (!status)
        status = ag_lexer_take_mark(l, '(', error);
    for (*count = 0; !status && !ag_lexer_is_mark(l, ')');) {
        if (*count == AG_NETWORK_STATES_MAX)
            return ag_lexer_fail(l, l->at, AG_ERROR_VALUE, error, "more than %d states", *count);
        status = ag_reading_name(r, r->network->arena, &names[*count], error);
        ++*count;
    }
    if (!status)
        ag_lexer_next(l);
    return status ? status : ag_lexer_take_mark(l, ';', error);
}

static ag_status read_node(ag_reading *r, const char **names, ag_error *error) {
    ag_lexer *l = &r->lexer;
    const char *name;
    int count = 0;
    ag_lexer_next(l);
    if (ag_lexer_is_word(l, "node"))
        ag_lexer_next(l);
    size_t at = l->at;
    ag_status status = ag_reading_name(r, r->network->arena, &name, error);
    if (!status)
        status = ag_lexer_take_mark(l, '{', error);
    while (!status && !ag_lexer_is_mark(l, '}'))
        status = ag_lexer_is_word(l, "states") ? read_states(r, names, &count, error)
                                               : ag_reading_skip(r, "field", error);
    return status ? status : ag_reading_add(r, name, at, count, names, error);
}

/* data = ((a b) (c d)); : the parentheses only group. */
static ag_status read_data(ag_reading *r, size_t entries, ag_error *error) {
    ag_lexer *l = &r->lexer;
    ag_lexer_next(l);
    ag_status status = ag_lexer_take_mark(l, '=', error);
    int depth = 0;
    size_t n = 0;
    while (!status && !ag_lexer_is_mark(l, ';')) {
        if (ag_lexer_is_mark(l, '(')) {
            depth++;
            ag_lexer_next(l);
        } else if (ag_lexer_is_mark(l, ')') && depth > 0) {
            depth--;
            ag_lexer_next(l);
        } else if (n == entries) {
            return ag_lexer_fail(l, l->at, AG_ERROR_VALUE, error,
                                 "more than the %zu values of this table", entries);
        } else {
            status = ag_reading_number(r, &r->values[n++], error);
        }
    }
    if (!status && (depth != 0 || n != entries))
        return ag_lexer_fail(l, l->at, AG_ERROR_VALUE, error, "%s",
                             depth ? "a ')' is missing" : "the table has too few values");
    if (!status)
        ag_lexer_next(l);
    return status;
}

static ag_status read_potential(ag_reading *r, ag_error *error) {
    ag_lexer *l = &r->lexer;
    int child;
    int parent_count;
    size_t entries;
    bool given = false;
    size_t at = l->at;
    ag_status status = ag_reading_family(r, &child, &parent_count, error);
    if (!status)
        status = ag_reading_entries(r, child, parent_count, at, &entries, error);
    if (!status)
        status = ag_reading_reserve(r, entries, error);
    while (!status && !ag_lexer_is_mark(l, '}')) {
        if (ag_lexer_is_word(l, "data")) {
            status = read_data(r, entries, error);
            given = true;
        } else {
            status = ag_reading_skip(r, "field", error);
        }
    }
    if (status)
        return status;
    ag_lexer_next(l);
    double even = 1.0 / r->network->variables[child].state_count;
    for (size_t i = 0; !given && i < entries; i++) /* the format's rule for absent data */
        r->values[i] = even;
    return ag_reading_store(r, child, parent_count, at, error);
}

ag_status ag_net_read(ag_reading *r, ag_error *error) {
    ag_lexer *l = &r->lexer;
    const char **names = malloc(AG_NETWORK_STATES_MAX * sizeof *names);
    if (!names)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a network");
    ag_status status = AG_OK;
    l->marks = ";{}()|=";
    l->comment = '%';
    ag_lexer_next(l);
    while (!status && l->kind != AG_TOKEN_END) {
        if (ag_lexer_is_word(l, "net"))
            status = read_net(r, error);
        else if (ag_lexer_is_word(l, "node") || ag_lexer_is_word(l, "discrete"))
            status = read_node(r, names, error);
        else if (ag_lexer_is_word(l, "potential"))
            status = read_potential(r, error);
        else if (ag_lexer_is_word(l, "decision") || ag_lexer_is_word(l, "utility") ||
                 ag_lexer_is_word(l, "continuous") || ag_lexer_is_word(l, "class"))
            status = ag_lexer_fail(l, l->at, AG_ERROR_UNSUPPORTED, error,
                                   "'%.*s' nodes are not supported: discrete chance nodes only",
                                   (int)l->size, l->text + l->at);
        else
            status = ag_lexer_expected(l, error, "'net', 'node' or 'potential'");
    }
    free(names);
    return status;
}

/* ---- Writing ---- */

/* A node's name; one that is no plain identifier is quoted, so that it reads back unchanged. */
static void add_identifier(ag_text *out, const ag_network *network, int variable) {
    const char *name = network->variables[variable].name;
    bool plain =
        (name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z') || name[0] == '_';
    for (const char *c = name; *c; c++)
        plain = plain && ((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                          (*c >= '0' && *c <= '9') || *c == '_');
    ag_text_add(out, plain ? "%s" : "\"%s\"", name);
}

static ag_status write_potential(const ag_network *network, int variable, ag_text *out,
                                 ag_error *error) {
    const ag_variable *v = &network->variables[variable];
    double *values;
    size_t count;
    ag_status status = ag_format_table(network, variable, &values, &count, error);
    if (status)
        return status;
    ag_text_add(out, "potential (");
    add_identifier(out, network, variable);
    for (int i = 0; i < v->parent_count; i++) {
        ag_text_add(out, i ? " " : " | ");
        add_identifier(out, network, v->parents[i]);
    }
    ag_text_add(out, ")\n{\n    data = (");
    for (size_t i = 0; i < count; i++) {
        size_t within = i % (size_t)v->state_count;
        ag_text_add(out, within ? " " : "\n        (");
        ag_text_add_number(out, values[i]);
        if (within + 1 == (size_t)v->state_count)
            ag_text_add(out, ")");
    }
    ag_text_add(out, ");\n}\n");
    free(values);
    return AG_OK;
}

ag_status ag_net_write(const ag_network *network, ag_text *out, ag_error *error) {
    ag_text_add(out, "net\n{\n}\n");
    for (int i = 0; i < network->count; i++) {
        const ag_variable *v = &network->variables[i];
        ag_text_add(out, "node ");
        add_identifier(out, network, i);
        ag_text_add(out, "\n{\n    states = (");
        for (int s = 0; s < v->state_count; s++)
            ag_text_add(out, s ? " \"%s\"" : "\"%s\"", v->states[s]);
        ag_text_add(out, ");\n}\n");
    }
    ag_status status = AG_OK;
    for (int i = 0; i < network->count && !status; i++)
        status = write_potential(network, i, out, error);
    return status;
}
