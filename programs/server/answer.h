/**
 * @file answer.h
 * What a handler fills in: a status, a type, a body, perhaps headers.
 */
#ifndef AG_ANSWER_H
#define AG_ANSWER_H

#include <jansson.h>
#include <stddef.h>

#include "antegrade/error.h"
#include "request.h"

enum { AG_ANSWER_HEADERS = 8 };

typedef struct ag_answer {
    int status;       /**< 200 until it is set */
    const char *type; /**< Content-Type, borrowed for ever */
    const char *body;
    size_t length;
    void (*release)(void *body); /**< frees the body; NULL where it lives for ever */
    ag_pair headers[AG_ANSWER_HEADERS];
    int header_count;
} ag_answer;

/** Type of JSON. */
#define AG_TYPE_JSON "application/json; charset=utf-8"

/** An answer without a body yet. */
ag_answer ag_answer_start(void);

/** Give it a body of `length` bytes, which it takes over and frees with `release` (NULL: lives for
 * ever). What it had before is freed. */
void ag_answer_body(ag_answer *answer, int status, const char *type, const char *body,
                    size_t length, void (*release)(void *));

/** The same with a NUL-terminated text; NULL becomes an answer that memory ran out. */
void ag_answer_text(ag_answer *answer, int status, const char *type, char *text,
                    void (*release)(void *));

/** The same with JSON, which it takes over; NULL becomes an answer that memory ran out. */
void ag_answer_json(ag_answer *answer, int status, json_t *json);

/** {"error": {"status", "message", "where"}}; `where` may be NULL. */
void ag_answer_error(ag_answer *answer, int status, const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** The same from a failed call, which read the body where the error names no other place. */
void ag_answer_fault(ag_answer *answer, const ag_error *error);

/** Add a header; the value is copied, the name borrowed for ever. */
void ag_answer_header(ag_answer *answer, const char *name, const char *value);

/** Free what it holds. */
void ag_answer_free(ag_answer *answer);

#endif
