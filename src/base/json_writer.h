/**
 * @file json_writer.h
 * Writing JSON into a text buffer: valid by construction, numbers independent of the locale.
 *
 *     ag_json json = ag_json_start(&buffer, 2);
 *     ag_json_object(&json, NULL);
 *     ag_json_text(&json, "id", "turp");
 *     ag_json_array(&json, "interval");
 *     ag_json_number(&json, NULL, 0.1);
 *     ag_json_end(&json);
 *     ag_json_end(&json);
 *
 * In objects each value has a key; in arrays and at the top the key is NULL. Text that is not UTF-8
 * is written with U+FFFD in the place of each bad byte.
 */
#ifndef AG_JSON_WRITER_H
#define AG_JSON_WRITER_H

#include <stdbool.h>

#include "text.h"

enum { AG_JSON_LEVELS = 32 };

typedef struct ag_json {
    ag_buffer *out;
    int indent; /* spaces a level; 0 writes one line */
    int depth;
    bool is_array[AG_JSON_LEVELS];
    bool has_items[AG_JSON_LEVELS];
} ag_json;

/** A writer that appends to `out`; `indent` spaces a level, or 0 for one line. */
ag_json ag_json_start(ag_buffer *out, int indent);

/** Open an object or array; each is closed by ag_json_end. Nesting of AG_JSON_LEVELS at the most.
 */
void ag_json_object(ag_json *json, const char *key);
void ag_json_array(ag_json *json, const char *key);
void ag_json_end(ag_json *json);

/** A text; NULL is written as null. */
void ag_json_text(ag_json *json, const char *key, const char *text);

/** A number in the shortest form of at most 17 digits that reads back the same; null when not
 * finite. */
void ag_json_number(ag_json *json, const char *key, double number);

/** A number with `decimals` digits behind the point; null when not finite. */
void ag_json_decimal(ag_json *json, const char *key, double number, int decimals);

void ag_json_integer(ag_json *json, const char *key, long long number);
void ag_json_bool(ag_json *json, const char *key, bool value);
void ag_json_null(ag_json *json, const char *key);

#endif
