/* Walking a JSON tree. */
#include "json.h"

#include <string.h>

#include "text.h"

const ag_json_value *ag_json_get(const ag_json_value *object, const char *key) {
    if (object == NULL || object->type != AG_JSON_OBJECT)
        return NULL;
    for (const ag_json_value *member = object->first; member != NULL; member = member->next)
        if (strcmp(member->key, key) == 0)
            return member->type == AG_JSON_NULL ? NULL : member;
    return NULL;
}

const ag_json_value *ag_json_items(const ag_json_value *value) {
    return value != NULL && value->type == AG_JSON_ARRAY ? value->first : value;
}

const char *ag_json_string(const ag_json_value *value) {
    return value != NULL && value->type == AG_JSON_STRING ? value->text : NULL;
}

const char *ag_json_get_text(const ag_json_value *object, const char *key) {
    return ag_json_string(ag_json_get(object, key));
}

bool ag_json_is(const ag_json_value *value, const char *text) {
    return value != NULL && value->type == AG_JSON_STRING && strcmp(value->text, text) == 0;
}

static bool same_members(const ag_json_value *a, const ag_json_value *b) {
    for (const ag_json_value *m = a->first; m != NULL; m = m->next) {
        const ag_json_value *twin = b->first;
        while (twin != NULL && strcmp(twin->key, m->key) != 0)
            twin = twin->next;
        if (twin == NULL || !ag_json_same(m, twin))
            return false;
    }
    return true;
}

bool ag_json_same(const ag_json_value *a, const ag_json_value *b) {
    if (a->type != b->type || a->count != b->count)
        return false;
    if (a->type == AG_JSON_OBJECT)
        return same_members(a, b);
    const ag_json_value *x = a->first, *y = b->first;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        if (!ag_json_same(x, y))
            return false;
    return a->text == NULL || strcmp(a->text, b->text) == 0;
}

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

/* Members of an object are summed, so that their order does not matter. */
uint64_t ag_json_digest(const ag_json_value *value) {
    uint64_t digest = AG_HASH_START + (uint64_t)value->type;
    if (value->text != NULL)
        digest = ag_text_hash(digest, value->text, strlen(value->text));
    for (const ag_json_value *m = value->first; m != NULL; m = m->next) {
        uint64_t member = ag_json_digest(m);
        if (m->key != NULL)
            digest += mix(ag_text_hash(member, m->key, strlen(m->key)));
        else
            digest = mix(digest + member);
    }
    return digest;
}
