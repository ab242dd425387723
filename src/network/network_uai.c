/* UAI model format: BAYES, the number of variables, their states, the factors' scopes, their
 * tables. */
#include "network_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ag_status read_variables(ag_reading *r, int *count, ag_error *error) {
    ag_status status = ag_reading_count(r, 0, 1e6, count, "the number of variables", error);
    for (int v = 0; v < *count && !status; v++) {
        char name[24];
        int states = 0;
        size_t at = r->lexer.at;
        status = ag_reading_count(r, 1, AG_NETWORK_STATES_MAX, &states, "the states of a variable",
                                  error);
        if (status)
            return status;
        snprintf(name, sizeof name, "v%d", v);
        status = ag_network_add_variable(r->network, name, states, NULL, NULL, error);
        if (status)
            return ag_lexer_fail(&r->lexer, at, status, error, "variable %d cannot be added", v);
    }
    return status;
}

/* The scope of each table: `first[i]` to `first[i + 1]` in `members`; the last member is the child.
 */
typedef struct scopes {
    size_t *at;
    int *first;
    int *members;
    int capacity;
} scopes;

static ag_status read_scope(ag_reading *r, int i, int count, scopes *s, ag_error *error) {
    int size = 0;
    s->at[i] = r->lexer.at;
    ag_status status = ag_reading_count(r, 1, count, &size, "the size of a scope", error);
    if (status)
        return status;
    int end = s->first[i] + size;
    if (end > s->capacity) {
        s->capacity = 2 * end;
        int *members = realloc(s->members, (size_t)s->capacity * sizeof *members);
        if (!members)
            return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a network");
        s->members = members;
    }
    for (int j = s->first[i]; j < end && !status; j++)
        status = ag_reading_count(r, 0, count - 1, &s->members[j], "a variable", error);
    s->first[i + 1] = end;
    return status;
}

static ag_status read_factor(ag_reading *r, int i, const scopes *s, ag_error *error) {
    int parent_count = s->first[i + 1] - s->first[i] - 1;
    int child = s->members[s->first[i] + parent_count];
    int announced = 0;
    size_t entries = 0;
    ag_status status = AG_OK;
    for (int j = 0; j < parent_count && !status; j++) {
        status = ag_reading_reserve_parent(r, j, error);
        if (!status)
            r->parents[j] = s->members[s->first[i] + j];
    }
    if (!status)
        status = ag_reading_entries(r, child, parent_count, s->at[i], &entries, error);
    size_t at = r->lexer.at;
    if (!status)
        status = ag_reading_count(r, 1, 2147483647.0, &announced, "the size of a table", error);
    if (!status && (size_t)announced != entries)
        return ag_lexer_fail(&r->lexer, at, AG_ERROR_VALUE, error,
                             "table %d is announced with %d values; its scope needs %zu", i,
                             announced, entries);
    if (!status)
        status = ag_reading_reserve(r, entries, error);
    for (size_t j = 0; !status && j < entries; j++)
        status = ag_reading_number(r, &r->values[j], error);
    return status ? status : ag_reading_store(r, child, parent_count, s->at[i], error);
}

static ag_status read_factors(ag_reading *r, int count, scopes *s, ag_error *error) {
    int factors = 0;
    size_t at = r->lexer.at;
    ag_status status = ag_reading_count(r, 0, 1e6, &factors, "the number of tables", error);
    if (!status && factors != count)
        return ag_lexer_fail(&r->lexer, at, AG_ERROR_VALUE, error,
                             "a Bayesian network has one table per variable: %d, not %d", count,
                             factors);
    s->at = calloc((size_t)count + 1, sizeof *s->at);
    s->first = calloc((size_t)count + 1, sizeof *s->first);
    if (!s->at || !s->first)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a network");
    for (int i = 0; i < count && !status; i++)
        status = read_scope(r, i, count, s, error);
    for (int i = 0; i < count && !status; i++)
        status = read_factor(r, i, s, error);
    return status;
}

ag_status ag_uai_read(ag_reading *r, ag_error *error) {
    ag_lexer *l = &r->lexer;
    int count = 0;
    l->marks = "";
    ag_lexer_next(l);
    if (ag_lexer_is_word(l, "MARKOV"))
        return ag_lexer_fail(l, l->at, AG_ERROR_UNSUPPORTED, error,
                             "this is a Markov network; Bayesian networks (BAYES) only");
    if (!ag_lexer_is_word(l, "BAYES"))
        return ag_lexer_expected(l, error, "'BAYES'");
    ag_lexer_next(l);
    ag_status status = read_variables(r, &count, error);
    scopes s = {NULL, NULL, NULL, 0};
    if (!status)
        status = read_factors(r, count, &s, error);
    free(s.at);
    free(s.first);
    free(s.members);
    if (!status && l->kind != AG_TOKEN_END)
        return ag_lexer_expected(l, error, "the end of the text");
    return status;
}

ag_status ag_uai_write(const ag_network *network, ag_text *out, ag_error *error) {
    ag_text_add(out, "BAYES\n%d\n", network->count);
    for (int i = 0; i < network->count; i++)
        ag_text_add(out, i ? " %d" : "%d", network->variables[i].state_count);
    ag_text_add(out, "\n%d\n", network->count);
    for (int i = 0; i < network->count; i++) {
        const ag_variable *v = &network->variables[i];
        ag_text_add(out, "%d", v->parent_count + 1);
        for (int j = 0; j < v->parent_count; j++)
            ag_text_add(out, " %d", v->parents[j]);
        ag_text_add(out, " %d\n", i);
    }
    for (int i = 0; i < network->count; i++) {
        double *values;
        size_t count;
        ag_status status = ag_format_table(network, i, &values, &count, error);
        if (status)
            return status;
        ag_text_add(out, "\n%zu", count);
        size_t states = (size_t)network->variables[i].state_count;
        for (size_t j = 0; j < count; j++) {
            ag_text_add(out, j % states ? " " : "\n ");
            ag_text_add_number(out, values[j]);
        }
        ag_text_add(out, "\n");
        free(values);
    }
    return AG_OK;
}

/* ---- Evidence: "count variable state ..." ---- */

ag_status ag_query_read_uai_evidence(ag_query *query, const char *text, size_t length,
                                     ag_error *error) {
    ag_lexer lexer = {.text = text, .length = length, .marks = ""};
    const ag_network *network = ag_program_network(ag_query_program(query));
    ag_reading r = {.lexer = lexer, .network = (ag_network *)network};
    int count = 0;
    ag_lexer_next(&r.lexer);
    ag_query_retract_all(query);
    ag_status status =
        ag_reading_count(&r, 0, network->count, &count, "the number of findings", error);
    for (int i = 0; i < count && !status; i++) {
        int variable = 0;
        int state = 0;
        status = ag_reading_count(&r, 0, network->count - 1, &variable, "a variable", error);
        if (!status)
            status = ag_reading_count(&r, 0, network->variables[variable].state_count - 1, &state,
                                      "a state of the variable", error);
        if (!status)
            status = ag_query_set_state(query, variable, state, error);
    }
    if (!status && r.lexer.kind != AG_TOKEN_END)
        return ag_lexer_expected(&r.lexer, error, "the end of the text");
    return status;
}

ag_status ag_query_print_uai_evidence(const ag_query *query, char **out, ag_error *error) {
    const ag_network *network = ag_program_network(ag_query_program(query));
    ag_text text = {NULL, 0, 0, false};
    int count = 0;
    for (int v = 0; v < network->count; v++)
        count += ag_query_state(query, v) >= 0;
    ag_text_add(&text, "%d", count);
    for (int v = 0; v < network->count; v++)
        if (ag_query_state(query, v) >= 0)
            ag_text_add(&text, " %d %d", v, ag_query_state(query, v));
    ag_text_add(&text, "\n");
    if (text.failed) {
        free(text.data);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the evidence");
    }
    *out = text.data;
    return AG_OK;
}
