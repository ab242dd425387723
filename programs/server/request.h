/**
 * @file request.h
 * A request as handlers see it, with nothing of sockets. All text is UTF-8 and borrowed until the
 * request has been answered.
 */
#ifndef AG_REQUEST_H
#define AG_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/error.h"

/** A header or a query parameter. */
typedef struct ag_pair {
    const char *name;
    const char *value;
} ag_pair;

enum { AG_REQUEST_QUERY = 32, AG_REQUEST_HEADERS = 64, AG_REQUEST_TARGET = 4096 };

typedef struct ag_request {
    const char *method;
    const char *path; /**< without the query, percent-decoded */
    const char *id;   /**< what {id} stands for in the path of the route; NULL where it has none */
    ag_pair query[AG_REQUEST_QUERY]; /**< in the order of the address, decoded */
    int query_count;
    ag_pair headers[AG_REQUEST_HEADERS];
    int header_count;
    const char *who;  /**< name of the token that was shown; "" where none is asked for */
    const char *body; /**< `length` bytes and a NUL behind them */
    size_t length;
} ag_request;

/**
 * Take the target of a request line ("/api/cards?q=dry%20climax") apart into path and query.
 * `target` is changed and borrowed. AG_ERROR_SYNTAX for what is no plain path: one that does not
 * begin with "/", with empty, "." or ".." parts, a backslash, control characters, bytes that are
 * not UTF-8, or an escape that is none or hides one of these; AG_ERROR_TOO_LARGE for too many
 * parameters.
 */
ag_status ag_request_target(ag_request *request, char *target, ag_error *error);

/** The value of a query parameter, or NULL where it is not given. */
const char *ag_request_query(const ag_request *request, const char *name);

/** The value of the first header of that name, in any case, or NULL. */
const char *ag_request_header(const ag_request *request, const char *name);

/** How many headers have that name, in any case. */
int ag_request_header_count(const ag_request *request, const char *name);

/** Whether the request's Content-Type, without its parameters, is among `types`, separated by
 * spaces. */
bool ag_request_is_type(const ag_request *request, const char *types);

/** Whether `length` bytes are well-formed UTF-8 without NUL; where not, `at` is the first bad byte.
 */
bool ag_utf8_plain(const char *text, size_t length, size_t *at);

#endif
