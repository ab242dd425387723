/*
 * The second look at a text that simdjson refused: one strict pass (RFC 8259) that stops at the
 * first byte that cannot be right and says why.
 */
#include <string.h>

#include "json.h"
#include "text.h"

typedef struct look {
    const char *text;
    size_t length;
    size_t at;
    const char *wrong;
    bool too_deep;
    char open[AG_JSON_DEEPEST + 1];
    int depth;
} look;

static bool wrong(look *l, const char *what) {
    if (l->wrong == NULL)
        l->wrong = what;
    return false;
}

static char peek(const look *l) {
    return l->at < l->length ? l->text[l->at] : '\0';
}

static void skip_space(look *l) {
    while (l->at < l->length && memchr(" \t\r\n", l->text[l->at], 4) != NULL)
        l->at++;
}

static bool hex4(const look *l, size_t at) {
    for (size_t i = at; i < at + 4; i++)
        if (i >= l->length || memchr("0123456789abcdefABCDEF", l->text[i], 22) == NULL)
            return false;
    return true;
}

static bool look_at_escape(look *l) {
    char c = l->at + 1 < l->length ? l->text[l->at + 1] : '\0';
    if (c == 'u') {
        if (!hex4(l, l->at + 2))
            return wrong(l, "\\u needs four hexadecimal digits");
        l->at += 6;
        return true;
    }
    if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL)
        return wrong(l, "a backslash must be written \\\\ or begin an escape such as \\n");
    l->at += 2;
    return true;
}

static bool look_at_string(look *l) {
    for (l->at++; l->at < l->length;) {
        unsigned char c = (unsigned char)l->text[l->at];
        if (c == '"') {
            l->at++;
            return true;
        }
        if (c < 0x20)
            return wrong(l, "a string is not closed on its line (control characters must be "
                            "escaped)");
        if (c == '\\') {
            if (!look_at_escape(l))
                return false;
        } else {
            l->at++;
        }
    }
    return wrong(l, "a string is not closed: the text ends within it");
}

static size_t digits(look *l) {
    size_t from = l->at;
    while (l->at < l->length && l->text[l->at] >= '0' && l->text[l->at] <= '9')
        l->at++;
    return l->at - from;
}

static bool look_at_number(look *l) {
    size_t start = l->at;
    l->at += peek(l) == '-';
    size_t first = l->at, count = digits(l);
    if (count == 0 || (count > 1 && l->text[first] == '0')) {
        l->at = start;
        return wrong(l, "a number is not written as JSON wants it (no leading zeros or signs)");
    }
    if (peek(l) == '.') {
        l->at++;
        if (digits(l) == 0)
            return wrong(l, "digits must follow the decimal point");
    }
    if (peek(l) == 'e' || peek(l) == 'E') {
        l->at++;
        l->at += peek(l) == '+' || peek(l) == '-';
        if (digits(l) == 0)
            return wrong(l, "digits must follow the exponent");
    }
    return true;
}

static bool look_at_word(look *l) {
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if (l->length - l->at >= n && memcmp(l->text + l->at, words[i], n) == 0) {
            l->at += n;
            return true;
        }
    }
    return wrong(l, "a value is expected here: a string in quotes, a number, true, false, null, "
                    "{ or [");
}

static bool open_more(look *l) {
    if (l->depth == AG_JSON_DEEPEST) {
        l->too_deep = true;
        return wrong(l, "lists and objects are nested too deeply");
    }
    l->open[l->depth++] = l->text[l->at++];
    return true;
}

/* A key and its colon. */
static bool look_at_key(look *l) {
    skip_space(l);
    if (peek(l) != '"')
        return wrong(l, "a key in quotes is expected here");
    if (!look_at_string(l))
        return false;
    skip_space(l);
    if (peek(l) != ':')
        return wrong(l, "a colon is expected after the key");
    l->at++;
    return true;
}

/* After a value: closing brackets, or a comma and what must follow it. */
static bool look_behind_value(look *l) {
    for (;;) {
        skip_space(l);
        if (l->depth == 0)
            return l->at == l->length || wrong(l, "nothing may follow the end of the JSON value");
        char open = l->open[l->depth - 1], c = peek(l);
        if (c == ',') {
            l->at++;
            return open == '[' || look_at_key(l);
        }
        if (c != (open == '[' ? ']' : '}'))
            return wrong(l, l->at == l->length ? "the text ends too soon: brackets are still open"
                            : open == '['      ? "a comma or ] is expected here"
                                               : "a comma or } is expected here");
        l->at++;
        l->depth--;
    }
}

/* One value, up to the next that must follow. */
static bool look_at_value(look *l) {
    skip_space(l);
    char c = peek(l);
    if (c == '{' || c == '[') {
        if (!open_more(l))
            return false;
        skip_space(l);
        if (peek(l) == (c == '[' ? ']' : '}')) {
            l->at++;
            l->depth--;
            return look_behind_value(l);
        }
        return c == '[' || look_at_key(l);
    }
    bool fine = c == '"'                             ? look_at_string(l)
                : c == '-' || (c >= '0' && c <= '9') ? look_at_number(l)
                                                     : look_at_word(l);
    return fine && look_behind_value(l);
}

static void line_and_column(const char *text, size_t at, int *line, int *column) {
    *line = *column = 1;
    for (size_t i = 0; i < at; i++) {
        *column = text[i] == '\n' ? 1 : *column + 1;
        *line += text[i] == '\n';
    }
}

ag_status ag_json_fault(const char *text, size_t length, ag_error *error) {
    look l = {.text = text, .length = length};
    size_t bad;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        l.at = 3;
    if (!ag_utf8_valid(text, length, &bad)) {
        l.wrong = "a byte is not UTF-8; save the file as UTF-8";
        l.at = bad;
    } else {
        do {
            if (!look_at_value(&l))
                break;
        } while (l.depth > 0);
    }
    if (l.wrong == NULL)
        return AG_OK;
    int line, column;
    line_and_column(text, l.at, &line, &column);
    return ag_fail_at(error, l.too_deep ? AG_ERROR_TOO_LARGE : AG_ERROR_SYNTAX, line, column,
                      "the text is not well-formed JSON: %s", l.wrong);
}
