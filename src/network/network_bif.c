/* Interchange format (BIF 0.15): reading and writing. */
#include "network_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ag_status read_header(ag_reading *r, ag_error *error) {
    ag_lexer *l = &r->lexer;
    ag_lexer_next(l);
    while (l->kind != AG_TOKEN_END && !ag_lexer_is_mark(l, '{'))
        ag_lexer_next(l);
    ag_status status = ag_lexer_take_mark(l, '{', error);
    while (!status && !ag_lexer_is_mark(l, '}'))
        status = ag_reading_skip(r, "property", error);
    if (!status)
        ag_lexer_next(l);
    return status;
}

typedef struct state_names {
    const char **names;
    int count;
    int capacity;
} state_names;

static ag_status add_state(ag_reading *r, state_names *s, ag_error *error) {
    if (s->count == s->capacity) {
        int capacity = s->capacity ? 2 * s->capacity : 16;
        const char **names = realloc(s->names, (size_t)capacity * sizeof *names);
        if (!names)
            return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a network");
        s->names = names;
        s->capacity = capacity;
    }
    return ag_reading_name(r, r->network->arena, &s->names[s->count++], error);
}

/* type discrete [ N ] { a, b, ... }; */
static ag_status read_type(ag_reading *r, state_names *s, ag_error *error) {
    ag_lexer *l = &r->lexer;
    int count = 0;
    ag_lexer_next(l);
    if (!ag_lexer_is_word(l, "discrete"))
        return ag_lexer_expected(l, error, "'discrete'");
    ag_lexer_next(l);
    ag_status status = ag_lexer_take_mark(l, '[', error);
    size_t at = l->at;
    if (!status)
        status =
            ag_reading_count(r, 1, AG_NETWORK_STATES_MAX, &count, "the number of states", error);
    if (!status)
        status = ag_lexer_take_mark(l, ']', error);
    if (!status)
        status = ag_lexer_take_mark(l, '{', error);
    while (!status && !ag_lexer_is_mark(l, '}')) {
        status = add_state(r, s, error);
        if (!status && ag_lexer_is_mark(l, ','))
            ag_lexer_next(l);
    }
    if (!status && count != s->count)
        return ag_lexer_fail(l, at, AG_ERROR_VALUE, error,
                             "%d states are announced but %d are listed", count, s->count);
    if (!status)
        ag_lexer_next(l);
    return status ? status : ag_lexer_take_mark(l, ';', error);
}

static ag_status read_variable_body(ag_reading *r, state_names *s, ag_error *error) {
    ag_lexer *l = &r->lexer;
    const char *name;
    ag_lexer_next(l);
    size_t at = l->at;
    ag_status status = ag_reading_name(r, r->network->arena, &name, error);
    if (!status)
        status = ag_lexer_take_mark(l, '{', error);
    while (!status && !ag_lexer_is_mark(l, '}')) {
        if (ag_lexer_is_word(l, "type"))
            status = read_type(r, s, error);
        else if (ag_lexer_is_word(l, "property"))
            status = ag_reading_skip(r, "property", error);
        else
            status = ag_lexer_expected(l, error, "'type', 'property' or '}'");
    }
    return status ? status : ag_reading_add(r, name, at, s->count, s->names, error);
}

static ag_status read_variable(ag_reading *r, ag_error *error) {
    state_names s = {NULL, 0, 0};
    ag_status status = read_variable_body(r, &s, error);
    free(s.names);
    return status;
}

/* The state that the current token names; rows mostly come in order, so look near the last one. */
static int find_state(const ag_reading *r, int variable, int last) {
    const ag_lexer *l = &r->lexer;
    const ag_variable *v = &r->network->variables[variable];
    for (int i = 0; i < v->state_count; i++) {
        int state = last + i < v->state_count ? last + i : last + i - v->state_count;
        const char *name = v->states[state];
        if (strncmp(name, l->text + l->at, l->size) == 0 && name[l->size] == 0)
            return state;
    }
    return -1;
}

static ag_status read_row(ag_reading *r, double *row, int count, ag_error *error) {
    for (int i = 0; i < count; i++) {
        ag_status status = ag_reading_number(r, &row[i], error);
        if (status)
            return status;
        if (ag_lexer_is_mark(&r->lexer, ','))
            ag_lexer_next(&r->lexer);
    }
    if (!ag_lexer_is_mark(&r->lexer, ';'))
        return ag_lexer_expected(&r->lexer, error, "';' (the row has as many values as states)");
    ag_lexer_next(&r->lexer);
    return AG_OK;
}

/* (a, b) p, q; : the first name belongs to the first parent. */
static ag_status read_configuration(ag_reading *r, int child, int parent_count, int *last,
                                    ag_error *error) {
    ag_lexer *l = &r->lexer;
    size_t at = l->at;
    size_t row = 0;
    ag_lexer_next(l);
    for (int i = 0; i < parent_count; i++) {
        const ag_variable *parent = &r->network->variables[r->parents[i]];
        int state = l->kind == AG_TOKEN_WORD || l->kind == AG_TOKEN_STRING
                        ? find_state(r, r->parents[i], last[i])
                        : -1;
        if (state < 0) {
            char what[128];
            snprintf(what, sizeof what, "a state of '%.60s'", parent->name);
            return ag_lexer_expected(l, error, what);
        }
        last[i] = state;
        row = row * (size_t)parent->state_count + (size_t)state;
        ag_lexer_next(l);
        if (ag_lexer_is_mark(l, ','))
            ag_lexer_next(l);
    }
    ag_status status = ag_lexer_take_mark(l, ')', error);
    if (status)
        return status;
    int states = r->network->variables[child].state_count;
    double *values = r->values + row * (size_t)states;
    if (values[0] >= 0)
        return ag_lexer_fail(l, at, AG_ERROR_VALUE, error, "this row of '%s' is given twice",
                             r->network->variables[child].name);
    return read_row(r, values, states, error);
}

/* table p, q, ...; : the child's state is the slowest to change, the last parent's the fastest. */
static ag_status read_table(ag_reading *r, size_t entries, size_t states, ag_error *error) {
    size_t rows = entries / states;
    ag_lexer_next(&r->lexer);
    for (size_t i = 0; i < entries; i++) {
        ag_status status = ag_reading_number(r, &r->values[i % rows * states + i / rows], error);
        if (status)
            return status;
        if (ag_lexer_is_mark(&r->lexer, ','))
            ag_lexer_next(&r->lexer);
    }
    return ag_lexer_take_mark(&r->lexer, ';', error);
}

/* Rows not given take the default, whose place `at` is 0 when there is none. */
static ag_status fill_default(ag_reading *r, int child, int parent_count, size_t entries,
                              size_t from, size_t at, ag_error *error) {
    size_t states = (size_t)r->network->variables[child].state_count;
    for (size_t i = 0; i < entries; i += states) {
        if (r->values[i] >= 0)
            continue;
        if (from == 0)
            return ag_reading_fail_row(r, child, parent_count, i / states, at, error,
                                       "is missing and there is no default");
        memcpy(r->values + i, r->values + from, states * sizeof(double));
    }
    return AG_OK;
}

static ag_status read_rows(ag_reading *r, int child, int parent_count, size_t entries, int *last,
                           ag_error *error) {
    ag_lexer *l = &r->lexer;
    int states = r->network->variables[child].state_count;
    size_t at = l->at;
    size_t from = 0;
    ag_status status = AG_OK;
    for (size_t i = 0; i < entries; i++)
        r->values[i] = -1;
    while (!status && !ag_lexer_is_mark(l, '}')) {
        if (ag_lexer_is_mark(l, '(')) {
            status = read_configuration(r, child, parent_count, last, error);
        } else if (ag_lexer_is_word(l, "table")) {
            status = read_table(r, entries, (size_t)states, error);
        } else if (ag_lexer_is_word(l, "default")) {
            from = entries;
            ag_lexer_next(l);
            status = read_row(r, r->values + from, states, error);
        } else if (ag_lexer_is_word(l, "property")) {
            status = ag_reading_skip(r, "property", error);
        } else {
            status = ag_lexer_expected(l, error, "'(', 'table', 'default', 'property' or '}'");
        }
    }
    if (status)
        return status;
    ag_lexer_next(l);
    return fill_default(r, child, parent_count, entries, from, at, error);
}

static ag_status read_probability(ag_reading *r, ag_error *error) {
    int child;
    int parent_count;
    size_t entries;
    size_t at = r->lexer.at;
    ag_status status = ag_reading_family(r, &child, &parent_count, error);
    if (!status)
        status = ag_reading_entries(r, child, parent_count, at, &entries, error);
    if (!status)
        status = ag_reading_reserve(r, entries + (size_t)r->network->variables[child].state_count,
                                    error);
    if (status)
        return status;
    int *last = calloc((size_t)parent_count + 1, sizeof *last);
    if (!last)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a network");
    status = read_rows(r, child, parent_count, entries, last, error);
    free(last);
    return status ? status : ag_reading_store(r, child, parent_count, at, error);
}

ag_status ag_bif_read(ag_reading *r, ag_error *error) {
    ag_lexer *l = &r->lexer;
    ag_status status = AG_OK;
    l->marks = ",;{}()[]|";
    ag_lexer_next(l);
    while (!status && l->kind != AG_TOKEN_END) {
        if (ag_lexer_is_word(l, "network"))
            status = read_header(r, error);
        else if (ag_lexer_is_word(l, "variable"))
            status = read_variable(r, error);
        else if (ag_lexer_is_word(l, "probability"))
            status = read_probability(r, error);
        else
            status = ag_lexer_expected(l, error, "'network', 'variable' or 'probability'");
    }
    return status;
}

/* ---- Writing ---- */

static bool is_plain(const char *name) {
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c <= ' ' || strchr(",;{}()[]|\"", *c))
            return false;
    return name[0] != '/';
}

static void add_name(ag_text *out, const char *name) {
    ag_text_add(out, is_plain(name) ? "%s" : "\"%s\"", name);
}

static void write_variable(const ag_variable *v, ag_text *out) {
    ag_text_add(out, "variable ");
    add_name(out, v->name);
    ag_text_add(out, " {\n  type discrete [ %d ] { ", v->state_count);
    for (int i = 0; i < v->state_count; i++) {
        ag_text_add(out, "%s", i ? ", " : "");
        add_name(out, v->states[i]);
    }
    ag_text_add(out, " };\n}\n");
}

static void write_row(const ag_variable *v, const double *row, ag_text *out) {
    for (int i = 0; i < v->state_count; i++) {
        ag_text_add(out, "%s", i ? ", " : "");
        ag_text_add_number(out, row[i]);
    }
    ag_text_add(out, ";\n");
}

static void write_configuration(const ag_network *network, const ag_variable *v, size_t row,
                                size_t rows, ag_text *out) {
    ag_text_add(out, "  (");
    for (int i = 0; i < v->parent_count; i++) {
        const ag_variable *parent = &network->variables[v->parents[i]];
        rows /= (size_t)parent->state_count;
        ag_text_add(out, "%s", i ? ", " : "");
        add_name(out, parent->states[row / rows % (size_t)parent->state_count]);
    }
    ag_text_add(out, ") ");
}

static ag_status write_probability(const ag_network *network, int variable, ag_text *out,
                                   ag_error *error) {
    const ag_variable *v = &network->variables[variable];
    double *values;
    size_t count;
    ag_status status = ag_format_table(network, variable, &values, &count, error);
    if (status)
        return status;
    size_t rows = count / (size_t)v->state_count;
    ag_text_add(out, "probability ( ");
    add_name(out, v->name);
    for (int i = 0; i < v->parent_count; i++) {
        ag_text_add(out, i ? ", " : " | ");
        add_name(out, network->variables[v->parents[i]].name);
    }
    ag_text_add(out, " ) {\n");
    for (size_t r = 0; r < rows; r++) {
        if (v->parent_count)
            write_configuration(network, v, r, rows, out);
        else
            ag_text_add(out, "  table ");
        write_row(v, values + r * (size_t)v->state_count, out);
    }
    ag_text_add(out, "}\n");
    free(values);
    return AG_OK;
}

ag_status ag_bif_write(const ag_network *network, ag_text *out, ag_error *error) {
    ag_text_add(out, "network unknown {\n}\n");
    for (int i = 0; i < network->count; i++)
        write_variable(&network->variables[i], out);
    ag_status status = AG_OK;
    for (int i = 0; i < network->count && !status; i++)
        status = write_probability(network, i, out, error);
    return status;
}
