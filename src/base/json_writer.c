#include "json_writer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ag_json ag_json_start(ag_buffer *out, int indent) {
    return (ag_json){.out = out, .indent = indent};
}

static void new_line(ag_json *json) {
    if (json->indent == 0)
        return;
    ag_buffer_add_char(json->out, '\n');
    for (int i = 0; i < json->indent * json->depth; i++)
        ag_buffer_add_char(json->out, ' ');
}

static void quoted(ag_json *json, const char *text) {
    ag_buffer *out = json->out;
    size_t length = strlen(text);
    ag_buffer_add_char(out, '"');
    for (size_t i = 0, size = 0; i < length; i += size) {
        uint32_t point = ag_utf8_next(text + i, length - i, &size);
        if (point == '"' || point == '\\')
            ag_buffer_format(out, "\\%c", (int)point);
        else if (point == '\n')
            ag_buffer_add(out, "\\n");
        else if (point < 0x20 || point == 0x7f)
            ag_buffer_format(out, "\\u%04x", (unsigned)point);
        else if (point == 0xfffd)
            ag_buffer_add(out, "\xef\xbf\xbd");
        else
            ag_buffer_add_bytes(out, text + i, size);
    }
    ag_buffer_add_char(out, '"');
}

static void begin_value(ag_json *json, const char *key) {
    if (json->depth > 0) {
        int level = json->depth - 1;
        if (json->has_items[level])
            ag_buffer_add_char(json->out, ',');
        json->has_items[level] = true;
        new_line(json);
        assert(json->is_array[level] == (key == NULL));
    }
    if (key != NULL) {
        quoted(json, key);
        ag_buffer_add(json->out, json->indent > 0 ? ": " : ":");
    }
}

static void open_level(ag_json *json, const char *key, bool is_array) {
    assert(json->depth < AG_JSON_LEVELS);
    begin_value(json, key);
    ag_buffer_add_char(json->out, is_array ? '[' : '{');
    json->is_array[json->depth] = is_array;
    json->has_items[json->depth++] = false;
}

void ag_json_object(ag_json *json, const char *key) {
    open_level(json, key, false);
}

void ag_json_array(ag_json *json, const char *key) {
    open_level(json, key, true);
}

void ag_json_end(ag_json *json) {
    assert(json->depth > 0);
    int level = --json->depth;
    if (json->has_items[level])
        new_line(json);
    ag_buffer_add_char(json->out, json->is_array[level] ? ']' : '}');
}

void ag_json_text(ag_json *json, const char *key, const char *text) {
    if (text == NULL) {
        ag_json_null(json, key);
        return;
    }
    begin_value(json, key);
    quoted(json, text);
}

/* printf writes the locale's decimal mark; JSON wants a point. */
static void add_number(ag_json *json, char *digits) {
    char *comma = strchr(digits, ',');
    if (comma != NULL)
        *comma = '.';
    ag_buffer_add(json->out, digits);
}

void ag_json_number(ag_json *json, const char *key, double number) {
    if (!isfinite(number)) {
        ag_json_null(json, key);
        return;
    }
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    begin_value(json, key);
    add_number(json, digits);
}

void ag_json_decimal(ag_json *json, const char *key, double number, int decimals) {
    if (!isfinite(number)) {
        ag_json_null(json, key);
        return;
    }
    char digits[400];
    snprintf(digits, sizeof digits, "%.*f", decimals, number);
    begin_value(json, key);
    add_number(json, digits);
}

void ag_json_integer(ag_json *json, const char *key, long long number) {
    begin_value(json, key);
    ag_buffer_format(json->out, "%lld", number);
}

void ag_json_bool(ag_json *json, const char *key, bool value) {
    begin_value(json, key);
    ag_buffer_add(json->out, value ? "true" : "false");
}

void ag_json_null(ag_json *json, const char *key) {
    begin_value(json, key);
    ag_buffer_add(json->out, "null");
}
