/* The lexer. Marks and blanks end a word; everything else may stand in a name. */
#include "network_lexer.h"

#include <locale.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static bool starts(const ag_lexer *l, size_t at, char a, char b) {
    return at + 1 < l->length && l->text[at] == a && l->text[at + 1] == b;
}

static size_t skip_line(const ag_lexer *l, size_t at) {
    while (at < l->length && l->text[at] != '\n')
        at++;
    return at;
}

static size_t skip_blanks(const ag_lexer *l, size_t at) {
    for (;;) {
        while (at < l->length && is_blank(l->text[at]))
            at++;
        if (at >= l->length)
            return at;
        if (starts(l, at, '/', '/') || (l->comment && l->text[at] == l->comment)) {
            at = skip_line(l, at);
        } else if (starts(l, at, '/', '*')) {
            at += 2;
            while (at < l->length && !starts(l, at, '*', '/'))
                at++;
            at = at < l->length ? at + 2 : at;
        } else {
            return at;
        }
    }
}

static void read_string(ag_lexer *l) {
    size_t end = l->at + 1;
    while (end < l->length && l->text[end] != '"')
        end += l->text[end] == '\\' && end + 1 < l->length ? 2 : 1;
    if (end >= l->length) {
        l->kind = AG_TOKEN_WORD;
        l->size = l->length - l->at;
        l->next = l->length;
        return;
    }
    l->kind = AG_TOKEN_STRING;
    l->at++;
    l->size = end - l->at;
    l->next = end + 1;
}

static bool is_mark(const ag_lexer *l, char c) {
    for (const char *m = l->marks; *m; m++)
        if (*m == c)
            return true;
    return false;
}

void ag_lexer_next(ag_lexer *l) {
    l->at = skip_blanks(l, l->next);
    l->size = 0;
    l->next = l->at;
    if (l->at >= l->length) {
        l->kind = AG_TOKEN_END;
        return;
    }
    char c = l->text[l->at];
    if (c == '"') {
        read_string(l);
        return;
    }
    if (is_mark(l, c)) {
        l->kind = AG_TOKEN_MARK;
        l->size = 1;
        l->next = l->at + 1;
        return;
    }
    size_t end = l->at + 1;
    while (end < l->length && !is_blank(l->text[end]) && !is_mark(l, l->text[end]) &&
           l->text[end] != '"' && !(l->comment && l->text[end] == l->comment))
        end++;
    l->kind = AG_TOKEN_WORD;
    l->size = end - l->at;
    l->next = end;
}

bool ag_lexer_is_mark(const ag_lexer *l, char mark) {
    return l->kind == AG_TOKEN_MARK && l->text[l->at] == mark;
}

bool ag_lexer_is_word(const ag_lexer *l, const char *word) {
    return l->kind == AG_TOKEN_WORD && strlen(word) == l->size &&
           memcmp(word, l->text + l->at, l->size) == 0;
}

static void locate(const ag_lexer *l, size_t at, int *line, int *column) {
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at && i < l->length; i++) {
        ++*column;
        if (l->text[i] == '\n') {
            ++*line;
            *column = 1;
        }
    }
}

ag_status ag_lexer_fail(const ag_lexer *l, size_t at, ag_status code, ag_error *error,
                        const char *format, ...) {
    char message[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    int line;
    int column;
    locate(l, at, &line, &column);
    return ag_fail_at(error, code, line, column, "%s", message);
}

ag_status ag_lexer_expected(const ag_lexer *l, ag_error *error, const char *what) {
    if (l->kind == AG_TOKEN_END)
        return ag_lexer_fail(l, l->at, AG_ERROR_SYNTAX, error, "expected %s but the text ends here",
                             what);
    return ag_lexer_fail(l, l->at, AG_ERROR_SYNTAX, error, "expected %s but found '%.*s'", what,
                         (int)(l->size < 40 ? l->size : 40), l->text + l->at);
}

ag_status ag_lexer_take_mark(ag_lexer *l, char mark, ag_error *error) {
    char what[4] = {'\'', mark, '\'', 0};
    if (!ag_lexer_is_mark(l, mark))
        return ag_lexer_expected(l, error, what);
    ag_lexer_next(l);
    return AG_OK;
}

/* ---- Numbers ---- */

static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Anything the fast path does not take; NUL-terminated copy for strtod. */
static bool read_slowly(const char *text, size_t size, double *out) {
    char copy[512];
    char *end;
    if (size >= sizeof copy)
        return false;
    memcpy(copy, text, size);
    copy[size] = 0;
    char *point = strchr(copy, '.');
    if (point)
        *point = localeconv()->decimal_point[0]; /* as strtod wants it */
    *out = strtod(copy, &end);
    return end == copy + size;
}

/* Up to 2^53 times a power of ten up to 22 is exact in one rounding (Clinger 1990). */
bool ag_lexer_number(const char *text, size_t size, double *out) {
    size_t i = 0;
    bool negative = size > 0 && text[0] == '-';
    i += negative || (size > 0 && text[0] == '+');
    uint64_t digits = 0;
    int count = 0;
    int exponent = 0;
    int seen = 0;
    for (; i < size && is_digit(text[i]); i++, seen++) {
        digits = digits * 10 + (uint64_t)(text[i] - '0');
        count += digits > 0;
    }
    if (i < size && text[i] == '.')
        for (i++; i < size && is_digit(text[i]); i++, seen++) {
            digits = digits * 10 + (uint64_t)(text[i] - '0');
            count += digits > 0;
            exponent--;
        }
    if (seen == 0 || count > 18)
        return seen > 0 && read_slowly(text, size, out);
    if (i < size && (text[i] == 'e' || text[i] == 'E')) {
        i++;
        bool down = i < size && text[i] == '-';
        i += i < size && (text[i] == '-' || text[i] == '+');
        int power = 0;
        size_t first = i;
        for (; i < size && is_digit(text[i]) && power < 10000; i++)
            power = power * 10 + (text[i] - '0');
        if (i == first)
            return false;
        exponent += down ? -power : power;
    }
    if (i != size)
        return false;
    if (digits > (uint64_t)1 << 53 || exponent < -22 || exponent > 22)
        return read_slowly(text, size, out);
    double x = (double)digits;
    x = exponent < 0 ? x / POWERS[-exponent] : x * POWERS[exponent];
    *out = negative ? -x : x;
    return true;
}
