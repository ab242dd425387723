#include "exchange.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_MOST = 8 << 20 };

typedef struct exchange {
    ag_exchanges *all;
    struct MHD_Connection *connection;
    ag_request request;
    const ag_route *route;
    ag_answer answer;
    char target[AG_REQUEST_TARGET];
    char id[256];
    char *body;
    size_t room; /* for the body */
    bool has_begun, is_answered;
} exchange;

void *ag_exchange_begin(void *closure, const char *target, struct MHD_Connection *connection) {
    exchange *e = calloc(1, sizeof *e);
    if (e == NULL)
        return NULL;
    e->all = closure;
    e->connection = connection;
    e->answer = ag_answer_start();
    size_t length = strlen(target);
    if (length < sizeof e->target)
        memcpy(e->target, target, length + 1);
    return e;
}

static void settle(exchange *e, int status, const char *where, const char *message) {
    ag_answer_error(&e->answer, status, where, "%s", message);
    e->is_answered = true;
}

static enum MHD_Result add_header(void *closure, enum MHD_ValueKind kind, const char *name,
                                  const char *value) {
    (void)kind;
    exchange *e = closure;
    ag_request *request = &e->request;
    if (request->header_count == AG_REQUEST_HEADERS) {
        settle(e, 431, "headers", "the request has too many headers");
        return MHD_NO;
    }
    request->headers[request->header_count++] = (ag_pair){name, value == NULL ? "" : value};
    return MHD_YES;
}

/* All that can be decided before the body has come. */
static void begin(exchange *e, const char *method) {
    e->request.method = method;
    MHD_get_connection_values(e->connection, MHD_HEADER_KIND, add_header, e);
    if (e->is_answered)
        return;
    if (e->target[0] == '\0') {
        settle(e, 414, "address", "the address is too long");
        return;
    }
    ag_error error;
    char allowed[64];
    if (ag_request_target(&e->request, e->target, &error) != AG_OK) {
        settle(e, 404, "address", error.message);
        return;
    }
    e->route = ag_route_find(&e->request, e->id, sizeof e->id, allowed);
    if (e->route == NULL && allowed[0] == '\0') {
        settle(e, 404, "address", "there is nothing at this address");
    } else if (e->route == NULL) {
        settle(e, 405, "method", "this address does not take this method; see the header Allow");
        ag_answer_header(&e->answer, "Allow", allowed);
    } else if (e->route->types != NULL && !ag_request_is_type(&e->request, e->route->types)) {
        ag_answer_error(&e->answer, 415, "Content-Type", "the body must be one of: %s",
                        e->route->types);
        e->is_answered = true;
    }
}

/* Keep a piece of the body, unless the answer is settled already. */
static void add_body(exchange *e, const char *data, size_t size) {
    if (e->is_answered)
        return;
    size_t length = e->request.length;
    if (size > BODY_MOST - length) {
        settle(e, 413, "body", "the body is too large");
        return;
    }
    if (length + size + 1 > e->room) {
        size_t room = 2 * (length + size) + 1;
        char *body = realloc(e->body, room);
        if (body == NULL) {
            settle(e, 503, "body", "out of memory");
            return;
        }
        e->body = body;
        e->room = room;
    }
    memcpy(e->body + length, data, size);
    e->body[length + size] = '\0';
    e->request.body = e->body;
    e->request.length = length + size;
}

static enum MHD_Result reply(exchange *e) {
    ag_answer *a = &e->answer;
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(a->length, (void *)a->body, a->release);
    if (response == NULL)
        return MHD_NO;
    a->release = NULL; /* the response has it now */
    MHD_add_response_header(response, "Content-Type", a->type);
    for (int i = 0; i < a->header_count; i++)
        MHD_add_response_header(response, a->headers[i].name, a->headers[i].value);
    enum MHD_Result result = MHD_queue_response(e->connection, (unsigned)a->status, response);
    MHD_destroy_response(response);
    return result;
}

void ag_exchange_work(void *task, ag_session *session) {
    exchange *e = task;
    e->route->handle(&e->answer, &e->request, e->all->site, session);
    e->is_answered = true;
    MHD_resume_connection(e->connection);
}

static enum MHD_Result answer(exchange *e) {
    if (e->is_answered)
        return reply(e);
    if ((e->route->flags & AG_ROUTE_WORKS) == 0) {
        e->route->handle(&e->answer, &e->request, e->all->site, NULL);
        return reply(e);
    }
    MHD_suspend_connection(e->connection);
    if (ag_workers_give(e->all->workers, e))
        return MHD_YES;
    MHD_resume_connection(e->connection);
    settle(e, 503, NULL, "the server is busy; try again in a moment");
    ag_answer_header(&e->answer, "Retry-After", "2");
    return MHD_YES;
}

enum MHD_Result ag_exchange_handle(void *closure, struct MHD_Connection *connection,
                                   const char *target, const char *method, const char *version,
                                   const char *data, size_t *size, void **context) {
    (void)closure;
    (void)connection;
    (void)target;
    (void)version;
    exchange *e = *context;
    if (e == NULL)
        return MHD_NO;
    if (!e->has_begun) {
        e->has_begun = true;
        begin(e, method);
        return MHD_YES;
    }
    if (*size > 0) {
        add_body(e, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return answer(e);
}

void ag_exchange_end(void *closure, struct MHD_Connection *connection, void **context,
                     enum MHD_RequestTerminationCode reason) {
    (void)closure;
    (void)connection;
    (void)reason;
    exchange *e = *context;
    if (e == NULL)
        return;
    ag_answer_free(&e->answer);
    free(e->body);
    free(e);
    *context = NULL;
}
