/**
 * @file json.h
 * JSON as a tree in an arena: strings unescaped, numbers kept as written, every value with its
 * place in the text.
 *
 * simdjson reads; where it fails, a second and slower look finds the place and the reason.
 */
#ifndef AG_JSON_H
#define AG_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "arena.h"
#include "fault.h"

typedef enum ag_json_type {
    AG_JSON_NULL,
    AG_JSON_FALSE,
    AG_JSON_TRUE,
    AG_JSON_NUMBER,
    AG_JSON_STRING,
    AG_JSON_ARRAY,
    AG_JSON_OBJECT
} ag_json_type;

/** One value; the members of arrays and objects are chained by `next`, in the order of the text. */
typedef struct ag_json_value {
    ag_json_type type;
    uint32_t offset;      /**< of the value in the text, in bytes */
    const char *key;      /**< within an object: its key; else NULL */
    const char *text;     /**< strings: unescaped; numbers: as written; else NULL */
    uint32_t key_length;  /**< bytes */
    uint32_t text_length; /**< bytes */
    struct ag_json_value *first;
    struct ag_json_value *next;
} ag_json_value;

/** Deeper nesting is refused. */
enum { AG_JSON_DEEPEST = 96 };

/** A parser's memory, for use again and again by one thread. */
typedef struct ag_json_parser ag_json_parser;

/** A new parser; caller frees with ag_json_parser_free. NULL when out of memory. */
ag_json_parser *ag_json_parser_new(void);
void ag_json_parser_free(ag_json_parser *parser);

/**
 * Parse the one value that `length` bytes hold (a byte order mark before it is skipped). The tree
 * lies in `arena`; nothing refers to `text` or to the parser afterwards. AG_ERROR_SYNTAX with line
 * and column, AG_ERROR_TOO_LARGE (nesting), AG_ERROR_MEMORY (and where it is 4 GiB or longer).
 */
ag_status ag_json_parse(ag_json_parser *parser, ag_arena *arena, const char *text, size_t length,
                        const ag_json_value **out, ag_error *error);

/** A text that is wanted: the member `key` of the outermost object, or, where `outer` is not "", of
 * the object that is its member `outer`. */
typedef struct ag_json_wanted {
    const char *outer, *key;
    const char *text; /**< as found */
} ag_json_wanted;

/** At most so many at once. */
enum { AG_JSON_WANTED = 8 };

/**
 * Find the texts of members near the top of the object that `length` bytes hold; of doubled keys
 * the first counts. They lie in `arena`. No tree is built, and what stands behind the last of them
 * is not looked at. False where one is not found, is no text or has backslashes, or where what was
 * looked at is no JSON.
 */
bool ag_json_find_texts(ag_json_parser *parser, ag_arena *arena, const char *text, size_t length,
                        ag_json_wanted *wanted, int count);

/** Find what is wrong with a text that is not JSON: fills `error` and returns AG_ERROR_SYNTAX or
 * AG_ERROR_TOO_LARGE; AG_OK when nothing is wrong. */
ag_status ag_json_fault(const char *text, size_t length, ag_error *error);

/** The bytes of the object or array that begins at `text`, which was parsed before. */
size_t ag_json_span(const char *text);

/* ---- walking; each accepts NULL and wrong types, and then gives NULL ---- */

/** The member of an object with this key of `length` bytes. */
static inline const ag_json_value *ag_json_member(const ag_json_value *object, const char *key,
                                                  size_t length) {
    if (object == NULL || object->type != AG_JSON_OBJECT)
        return NULL;
    for (const ag_json_value *member = object->first; member != NULL; member = member->next)
        if (member->key_length == length && memcmp(member->key, key, length) == 0)
            return member->type == AG_JSON_NULL ? NULL : member;
    return NULL;
}

/** The member of an object with this key. */
static inline const ag_json_value *ag_json_get(const ag_json_value *object, const char *key) {
    return ag_json_member(object, key, strlen(key));
}

/** The first member of an array, or the value itself where it is no array. */
const ag_json_value *ag_json_items(const ag_json_value *value);

/** The text of a string. */
static inline const char *ag_json_string(const ag_json_value *value) {
    return value != NULL && value->type == AG_JSON_STRING ? value->text : NULL;
}

/** The text of a string member. */
static inline const char *ag_json_get_text(const ag_json_value *object, const char *key) {
    return ag_json_string(ag_json_get(object, key));
}

/** Whether the member is `true`. */
static inline bool ag_json_is_true(const ag_json_value *object, const char *key) {
    const ag_json_value *value = ag_json_get(object, key);
    return value != NULL && value->type == AG_JSON_TRUE;
}

/** Whether the value is a string and equal to `text`. */
bool ag_json_is(const ag_json_value *value, const char *text);

/** A number that is the same for values that say the same, and hardly ever for others: the order
 * within objects does not matter, the spelling of numbers does. */
uint64_t ag_json_digest(const ag_json_value *value);

#ifdef __cplusplus
}
#endif
#endif
