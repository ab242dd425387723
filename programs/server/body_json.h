/**
 * @file body_json.h
 * Bodies that are a small JSON object with known keys. Each function that fails has answered with
 * what is wrong and where.
 */
#ifndef AG_BODY_JSON_H
#define AG_BODY_JSON_H

#include "answer.h"
#include "request.h"

/** The most that such a body, and a case to save, may have, in bytes. */
enum { AG_BODY_SMALL = 64 << 10, AG_BODY_CASE = 1 << 20 };

/** The object of the body, with no other keys than those of `keys` (ended by NULL). Caller frees
 * with json_decref. NULL when it is not such an object. */
json_t *ag_body_object(ag_answer *answer, const ag_request *request, const char *const *keys);

/** The text of `key`; `*out` stays as it is where the key is not given. */
bool ag_body_text(ag_answer *answer, const json_t *object, const char *key, const char **out);

/** The list of texts of `key`, borrowed from the object; NULL where the key is not given. */
bool ag_body_texts(ag_answer *answer, const json_t *object, const char *key, const json_t **out);

/** The whole number of `key` from 0 to `most`; `*out` stays as it is where the key is not given. */
bool ag_body_whole(ag_answer *answer, const json_t *object, const char *key, json_int_t most,
                   json_int_t *out);

#endif
