/* Walking a JSON tree. */
#include "json.h"

#include <string.h>

#include "digest.h"

const ag_json_value *ag_json_items(const ag_json_value *value) {
    return value != NULL && value->type == AG_JSON_ARRAY ? value->first : value;
}

bool ag_json_is(const ag_json_value *value, const char *text) {
    return value != NULL && value->type == AG_JSON_STRING && strcmp(value->text, text) == 0;
}

static const char *behind_string(const char *at) {
    for (at++; *at != '"'; at++)
        at += *at == '\\';
    return at + 1;
}

size_t ag_json_span(const char *text) {
    const char *at = text;
    int open = 0;
    do {
        if (*at == '"') {
            at = behind_string(at);
            continue;
        }
        open += *at == '{' || *at == '[';
        open -= *at == '}' || *at == ']';
        at++;
    } while (open > 0);
    return (size_t)(at - text);
}

/* Members of an object are summed, so that their order does not matter. */
uint64_t ag_json_digest(const ag_json_value *value) {
    uint64_t digest = ag_digest_mix((uint64_t)value->type + 1);
    if (value->text != NULL)
        digest = ag_digest_text(digest, value->text, value->text_length);
    for (const ag_json_value *m = value->first; m != NULL; m = m->next) {
        uint64_t member = ag_json_digest(m);
        if (m->key != NULL)
            digest += ag_digest_text(member, m->key, m->key_length);
        else
            digest = ag_digest_mix(digest + member);
    }
    return digest;
}
