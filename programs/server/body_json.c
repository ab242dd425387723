#include "body_json.h"

#include <stdio.h>
#include <string.h>

static bool is_key(const char *const *keys, const char *key) {
    while (*keys != NULL && strcmp(*keys, key) != 0)
        keys++;
    return *keys != NULL;
}

static bool has_known_keys(ag_answer *answer, json_t *object, const char *const *keys) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        if (!is_key(keys, key)) {
            ag_answer_error(answer, 422, "body", "there is no key \"%.60s\" here", key);
            return false;
        }
    }
    return true;
}

json_t *ag_body_object(ag_answer *answer, const ag_request *request, const char *const *keys) {
    json_error_t error;
    json_t *object = json_loadb(request->body, request->length, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL) {
        char where[40];
        snprintf(where, sizeof where, "body:%d:%d", error.line, error.column);
        ag_answer_error(answer, 400, where, "the body is not JSON: %s", error.text);
        return NULL;
    }
    if (!json_is_object(object))
        ag_answer_error(answer, 422, "body", "the body must be a JSON object");
    else if (has_known_keys(answer, object, keys))
        return object;
    json_decref(object);
    return NULL;
}

static bool wrong(ag_answer *answer, const char *key, const char *expected) {
    char where[80];
    snprintf(where, sizeof where, "body:/%s", key);
    ag_answer_error(answer, 422, where, "%s must be %s", key, expected);
    return false;
}

bool ag_body_text(ag_answer *answer, const json_t *object, const char *key, const char **out) {
    const json_t *value = json_object_get(object, key);
    if (value == NULL)
        return true;
    if (!json_is_string(value))
        return wrong(answer, key, "a text");
    *out = json_string_value(value);
    return true;
}

bool ag_body_texts(ag_answer *answer, const json_t *object, const char *key, const json_t **out) {
    const json_t *list = *out = json_object_get(object, key);
    if (list == NULL)
        return true;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_string(json_array_get(list, i)))
            return wrong(answer, key, "a list of texts");
    return json_is_array(list) || wrong(answer, key, "a list of texts");
}

bool ag_body_whole(ag_answer *answer, const json_t *object, const char *key, json_int_t most,
                   json_int_t *out) {
    const json_t *value = json_object_get(object, key);
    if (value == NULL)
        return true;
    *out = json_integer_value(value);
    if (json_is_integer(value) && *out >= 0 && *out <= most)
        return true;
    char expected[80];
    snprintf(expected, sizeof expected, "a whole number from 0 to %" JSON_INTEGER_FORMAT, most);
    return wrong(answer, key, expected);
}
