/* Cases and answers as JSON, one object each: a small reader for exactly that shape, and the
 * writers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network_format.h"
#include "network_query.h"

typedef struct reader {
    const char *text;
    size_t length;
    size_t at;
    ag_query *query;
    ag_error *error;
    char name[1024]; /* the string last read, unescaped */
    double *values;
} reader;

static ag_status fail_here(reader *r, ag_status code, const char *what) {
    return ag_fail_at(r->error, code, 1, (int)r->at + 1, "%s", what);
}

static void skip_blanks(reader *r) {
    while (r->at < r->length && (r->text[r->at] == ' ' || r->text[r->at] == '\t' ||
                                 r->text[r->at] == '\n' || r->text[r->at] == '\r'))
        r->at++;
}

static bool take(reader *r, char mark) {
    skip_blanks(r);
    if (r->at >= r->length || r->text[r->at] != mark)
        return false;
    r->at++;
    return true;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool read_hex(reader *r, unsigned *out) {
    *out = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int digit = r->at < r->length ? hex_digit(r->text[r->at]) : -1;
        if (digit < 0)
            return false;
        *out = *out * 16 + (unsigned)digit;
    }
    return true;
}

static size_t encode_utf8(unsigned code, char *out) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char FIRST[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size; i-- > 1; code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(FIRST[size] | code);
    return size;
}

/* \uXXXX, a pair of these, or one of the short escapes; 0 when it is none. */
static size_t read_escape(reader *r, char *out) {
    static const char FROM[] = "\"\\/bfnrt";
    static const char TO[] = "\"\\/\b\f\n\r\t";
    unsigned code;
    unsigned low;
    char c = r->at < r->length ? r->text[r->at++] : 0;
    const char *found = c ? strchr(FROM, c) : NULL;
    if (found) {
        *out = TO[found - FROM];
        return 1;
    }
    if (c != 'u' || !read_hex(r, &code) || code == 0 || (code >= 0xdc00 && code < 0xe000))
        return 0;
    if (code >= 0xd800 && code < 0xdc00) {
        if (r->at + 2 > r->length || r->text[r->at] != '\\' || r->text[r->at + 1] != 'u')
            return 0;
        r->at += 2;
        if (!read_hex(r, &low) || low < 0xdc00 || low >= 0xe000)
            return 0;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    return encode_utf8(code, out);
}

static ag_status read_string(reader *r) {
    size_t size = 0;
    if (!take(r, '"'))
        return fail_here(r, AG_ERROR_SYNTAX, "expected a string in double quotes");
    while (r->at < r->length && r->text[r->at] != '"') {
        char c = r->text[r->at];
        if (size + 5 > sizeof r->name || (unsigned char)c < 0x20)
            return fail_here(r, AG_ERROR_SYNTAX, "this string is too long or holds a control byte");
        r->at++;
        if (c != '\\') {
            r->name[size++] = c;
            continue;
        }
        size_t more = read_escape(r, r->name + size);
        if (more == 0)
            return fail_here(r, AG_ERROR_SYNTAX, "this is no escape of JSON");
        size += more;
    }
    r->name[size] = 0;
    return take(r, '"') ? AG_OK : fail_here(r, AG_ERROR_SYNTAX, "this string does not end");
}

/* A variable's name and the colon; a variable is named once in a case. */
static ag_status read_variable(reader *r, int *variable) {
    skip_blanks(r);
    size_t start = r->at;
    ag_status status = read_string(r);
    if (status)
        return status;
    *variable = ag_network_find_variable(r->query->program->network, r->name);
    if (*variable < 0)
        return ag_fail_at(r->error, AG_ERROR_NAME, 1, (int)start + 1,
                          "there is no variable '%.200s'", r->name);
    if (r->query->evidence[*variable].kind != AG_EVIDENCE_NONE)
        return ag_fail_at(r->error, AG_ERROR_NAME, 1, (int)start + 1,
                          "'%.200s' is given twice in this case", r->name);
    return take(r, ':') ? AG_OK : fail_here(r, AG_ERROR_SYNTAX, "expected ':'");
}

static ag_status read_state(reader *r, int variable) {
    const ag_network *network = r->query->program->network;
    skip_blanks(r);
    size_t start = r->at;
    ag_status status = read_string(r);
    if (status)
        return status;
    int state = ag_network_find_state(network, variable, r->name);
    if (state < 0)
        return ag_fail_at(r->error, AG_ERROR_NAME, 1, (int)start + 1,
                          "'%.100s' has no state '%.200s'",
                          ag_network_variable_name(network, variable), r->name);
    return ag_query_set_state(r->query, variable, state, r->error);
}

static ag_status read_number(reader *r, double *out) {
    skip_blanks(r);
    size_t start = r->at;
    while (r->at < r->length && r->text[r->at] && strchr("+-.0123456789eE", r->text[r->at]))
        r->at++;
    if (ag_lexer_number(r->text + start, r->at - start, out))
        return AG_OK;
    r->at = start;
    return fail_here(r, AG_ERROR_SYNTAX, "expected a number");
}

static ag_status read_likelihood(reader *r, int variable) {
    const ag_network *network = r->query->program->network;
    int states = ag_network_state_count(network, variable);
    skip_blanks(r);
    size_t start = r->at;
    int count = 0;
    if (!take(r, '['))
        return fail_here(r, AG_ERROR_SYNTAX, "expected '[' and a number for each state");
    if (!take(r, ']'))
        do {
            double x;
            ag_status status = read_number(r, &x);
            if (status)
                return status;
            if (count < states)
                r->values[count] = x;
            count++;
        } while (take(r, ','));
    if (count > 0 && !take(r, ']'))
        return fail_here(r, AG_ERROR_SYNTAX, "expected ',' or ']'");
    if (count != states)
        return ag_fail_at(r->error, AG_ERROR_VALUE, 1, (int)start + 1,
                          "'%.200s' has %d states; %d numbers are given",
                          ag_network_variable_name(network, variable), states, count);
    ag_error inner = {AG_OK, 0, 0, "", ""};
    ag_status status = ag_query_set_likelihood(r->query, variable, r->values, 1, &inner);
    return status ? ag_fail_at(r->error, status, 1, (int)start + 1, "%s", inner.message) : AG_OK;
}

/* {"variable": value, ...} */
static ag_status read_members(reader *r, ag_status (*read_value)(reader *, int)) {
    if (!take(r, '{'))
        return fail_here(r, AG_ERROR_SYNTAX, "expected '{'");
    if (take(r, '}'))
        return AG_OK;
    do {
        int variable;
        ag_status status = read_variable(r, &variable);
        if (!status)
            status = read_value(r, variable);
        if (status)
            return status;
    } while (take(r, ','));
    return take(r, '}') ? AG_OK : fail_here(r, AG_ERROR_SYNTAX, "expected ',' or '}'");
}

static ag_status read_field(reader *r) {
    ag_status status = read_string(r);
    if (status)
        return status;
    bool evidence = strcmp(r->name, "evidence") == 0;
    if (!evidence && strcmp(r->name, "likelihood") != 0)
        return fail_here(r, AG_ERROR_NAME, "a case holds \"evidence\" and \"likelihood\" only");
    if (!take(r, ':'))
        return fail_here(r, AG_ERROR_SYNTAX, "expected ':'");
    return read_members(r, evidence ? read_state : read_likelihood);
}

static ag_status read_case(reader *r) {
    if (!take(r, '{'))
        return fail_here(r, AG_ERROR_SYNTAX, "expected '{': a case is one JSON object");
    if (!take(r, '}')) {
        do {
            ag_status status = read_field(r);
            if (status)
                return status;
        } while (take(r, ','));
        if (!take(r, '}'))
            return fail_here(r, AG_ERROR_SYNTAX, "expected ',' or '}'");
    }
    skip_blanks(r);
    return r->at == r->length ? AG_OK : fail_here(r, AG_ERROR_SYNTAX, "something follows the case");
}

ag_status ag_query_read_case(ag_query *query, const char *json, size_t length, ag_error *error) {
    const ag_network *network = query->program->network;
    int most = 1;
    for (int v = 0; v < network->count; v++)
        most = network->variables[v].state_count > most ? network->variables[v].state_count : most;
    reader r = {.text = json, .length = length, .query = query, .error = error};
    r.values = malloc((size_t)most * sizeof *r.values);
    if (!r.values)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a case");
    ag_query_retract_all(query);
    ag_status status = read_case(&r);
    free(r.values);
    return status;
}

/* ---- Answers ---- */

static void add_string(ag_text *out, const char *value) {
    ag_text_add(out, "\"");
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            ag_text_add(out, "\\%c", *value);
        else if ((unsigned char)*value < 0x20)
            ag_text_add(out, "\\u%04x", (unsigned)*value);
        else
            ag_text_add_bytes(out, value, 1);
    }
    ag_text_add(out, "\"");
}

static ag_status hand_over(ag_text *text, char **out, ag_error *error) {
    if (text->failed) {
        free(text->data);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for an answer");
    }
    *out = text->data;
    return AG_OK;
}

ag_status ag_query_print_marginals(const ag_query *query, char **out, ag_error *error) {
    const ag_network *network = query->program->network;
    ag_text text = {NULL, 0, 0, false};
    *out = NULL;
    ag_text_add(&text, "{\"log_evidence\": ");
    ag_text_add_number(&text, query->log_evidence[0]);
    ag_text_add(&text, ", \"marginals\": {");
    for (int v = 0; v < network->count; v++) {
        const double *p = ag_query_marginal(query, v);
        ag_text_add(&text, v ? ", " : "");
        add_string(&text, network->variables[v].name);
        ag_text_add(&text, ": [");
        for (int s = 0; s < network->variables[v].state_count; s++) {
            ag_text_add(&text, s ? ", " : "");
            ag_text_add_number(&text, p[s * network->draw_count]);
        }
        ag_text_add(&text, "]");
    }
    ag_text_add(&text, "}}");
    return hand_over(&text, out, error);
}

ag_status ag_network_print_assignment(const ag_network *network, const int *states,
                                      double log_joint, char **out, ag_error *error) {
    ag_text text = {NULL, 0, 0, false};
    *out = NULL;
    ag_text_add(&text, "{\"log_joint\": ");
    ag_text_add_number(&text, log_joint);
    ag_text_add(&text, ", \"assignment\": {");
    for (int v = 0; v < network->count; v++) {
        ag_text_add(&text, v ? ", " : "");
        add_string(&text, network->variables[v].name);
        ag_text_add(&text, ": ");
        add_string(&text, network->variables[v].states[states[v]]);
    }
    ag_text_add(&text, "}}");
    return hand_over(&text, out, error);
}

ag_status ag_network_print_conflict(const ag_network *network, const ag_error *fault,
                                    const int *variables, int count, char **out, ag_error *error) {
    ag_text text = {NULL, 0, 0, false};
    *out = NULL;
    ag_text_add(&text, "{\"error\": ");
    add_string(&text, fault->code == AG_ERROR_IMPOSSIBLE ? "the evidence has probability 0"
                                                         : fault->message);
    if (fault->column > 0)
        ag_text_add(&text, ", \"column\": %d", fault->column);
    if (count > 0)
        ag_text_add(&text, ", \"conflict\": [");
    for (int i = 0; i < count; i++) {
        ag_text_add(&text, i ? ", " : "");
        add_string(&text, network->variables[variables[i]].name);
    }
    ag_text_add(&text, count > 0 ? "]}" : "}");
    return hand_over(&text, out, error);
}
