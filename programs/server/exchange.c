#define _POSIX_C_SOURCE 200809L
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server_log.h"

/* Bodies that are refused are still read, so that the client sees why, up to so many of the largest
 * allowed. */
enum { DISCARDED_BODIES = 4 };
/* All bodies in memory together, in the largest allowed; and at least so much. */
enum { HELD_BODIES = 16, HELD_LEAST = 64 << 20 };

typedef struct exchange {
    ag_site *site;
    struct MHD_Connection *connection;
    ag_connection *watched;
    ag_request request;
    const ag_route *route;
    ag_answer answer;
    struct timespec began;
    char target[AG_REQUEST_TARGET];
    char id[256];
    char *body;
    size_t room;      /* for the body */
    size_t discarded; /* of a body that is refused */
    bool has_begun, is_answered, is_checked;
} exchange;

size_t ag_exchange_leave(void *site, struct MHD_Connection *connection, char *text) {
    (void)site;
    (void)connection;
    return strlen(text);
}

void ag_exchange_connection(void *closure, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode code) {
    ag_site *site = closure;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        ag_connection_end(*context);
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = info == NULL ? NULL : ag_connection_begin(site->connections, info->connect_fd);
    ag_connection_allow(*context, site->settings->timeout_s);
}

void *ag_exchange_begin(void *site, const char *target, struct MHD_Connection *connection) {
    exchange *e = calloc(1, sizeof *e);
    if (e == NULL)
        return NULL;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    e->site = site;
    e->connection = connection;
    e->watched = info == NULL ? NULL : info->socket_context;
    e->answer = ag_answer_start();
    e->request.body = "";
    size_t length = strlen(target);
    if (length < sizeof e->target)
        memcpy(e->target, target, length + 1);
    return e;
}

static void settle(exchange *e, int status, const char *where, const char *message) {
    ag_answer_error(&e->answer, status, where, "%s", message);
    e->is_answered = true;
}

/* ---- the headers ---- */

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

static const char *who_asks(const exchange *e) {
    const char *shown = ag_request_header(&e->request, "Authorization");
    if (shown != NULL && strncmp(shown, "Bearer ", 7) == 0)
        return ag_access_who(e->site->access, shown + 7);
    if (shown == NULL || strncmp(shown, "Basic ", 6) != 0)
        return ag_access_who(e->site->access, NULL);
    char *password = NULL; /* people in a browser give the token as a password */
    char *user = MHD_basic_auth_get_username_password(e->connection, &password);
    const char *who = ag_access_who(e->site->access, password);
    MHD_free(user);
    MHD_free(password);
    return who;
}

/* A browser asks whether a page of another origin may send a request. */
static void answer_preflight(exchange *e) {
    const char *method = ag_request_header(&e->request, "Access-Control-Request-Method");
    char allowed[64];
    ag_request asked = e->request;
    asked.method = method;
    if (ag_route_find(&asked, e->id, sizeof e->id, allowed) == NULL ||
        ag_access_origin(e->site->access, &e->request) == NULL) {
        settle(e, 403, "Origin", "pages of that origin may not ask this");
        return;
    }
    ag_answer_body(&e->answer, 204, AG_TYPE_JSON, "", 0, NULL);
    ag_answer_header(&e->answer, "Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    ag_answer_header(&e->answer, "Access-Control-Allow-Headers", "Authorization, Content-Type");
    ag_answer_header(&e->answer, "Access-Control-Max-Age", "600");
    e->is_answered = true;
}

static size_t body_most(const exchange *e) {
    if (e->route != NULL && e->route->body_most > 0)
        return e->route->body_most;
    return (size_t)e->site->settings->body_mib << 20;
}

static void check_body_headers(exchange *e) {
    const ag_request *r = &e->request;
    const char *length = ag_request_header(r, "Content-Length");
    const char *coding = ag_request_header(r, "Content-Encoding");
    bool is_chunked = ag_request_header(r, "Transfer-Encoding") != NULL;
    unsigned long long declared = length == NULL ? 0 : strtoull(length, NULL, 10);
    if ((length != NULL && is_chunked) || ag_request_header_count(r, "Content-Length") > 1 ||
        ag_request_header_count(r, "Content-Type") > 1) {
        settle(e, 400, "headers", "the headers disagree on the body");
    } else if (e->route->types == NULL) {
        if (declared > 0 || is_chunked)
            settle(e, 400, "body", "this address takes no body");
    } else if (!ag_request_is_type(r, e->route->types)) {
        ag_answer_error(&e->answer, 415, "Content-Type", "the body must be one of: %s",
                        e->route->types);
        e->is_answered = true;
    } else if (coding != NULL && strcmp(coding, "identity") != 0) {
        settle(e, 415, "Content-Encoding", "send the body as it is, not compressed");
    } else if (declared > body_most(e)) {
        settle(e, 413, "body", "the body is larger than is allowed");
    }
}

static void find_route(exchange *e) {
    ag_error error;
    char allowed[64] = "";
    if (e->target[0] == '\0') {
        settle(e, 414, "address", "the address is too long");
        return;
    }
    if (ag_request_target(&e->request, e->target, &error) != AG_OK) {
        settle(e, 404, "address", error.message);
        return;
    }
    if (strcmp(e->request.method, "OPTIONS") == 0 &&
        ag_request_header(&e->request, "Access-Control-Request-Method") != NULL) {
        answer_preflight(e);
        return;
    }
    e->route = ag_route_find(&e->request, e->id, sizeof e->id, allowed);
    bool is_open = e->route != NULL && (e->route->flags & AG_ROUTE_OPEN) != 0;
    e->request.who = who_asks(e);
    if (!is_open && e->request.who == NULL) {
        settle(e, 401, "Authorization", "show the token of this server");
        ag_answer_header(&e->answer, "WWW-Authenticate", "Bearer realm=\"antegrade\"");
        ag_answer_header(&e->answer, "WWW-Authenticate",
                         "Basic realm=\"antegrade: any name, the token as password\"");
    } else if (e->route == NULL && allowed[0] == '\0') {
        settle(e, 404, "address", "there is nothing at this address");
    } else if (e->route == NULL) {
        settle(e, 405, "method", "this address does not take this method; see the header Allow");
        ag_answer_header(&e->answer, "Allow", allowed);
    }
}

/* All that can be decided before the body has come. */
static void begin(exchange *e, const char *method) {
    e->has_begun = true;
    e->request.method = method;
    clock_gettime(CLOCK_MONOTONIC, &e->began);
    atomic_fetch_add(&e->site->metrics.in_flight, 1);
    ag_connection_allow(e->watched, 2 * e->site->settings->timeout_s);
    MHD_get_connection_values(e->connection, MHD_HEADER_KIND, add_header, e);
    if (!e->is_answered)
        e->is_answered = !ag_access_check(e->site->access, &e->answer, &e->request);
    if (!e->is_answered)
        find_route(e);
    if (!e->is_answered)
        check_body_headers(e);
}

/* ---- the body ---- */

static bool make_room(exchange *e, size_t needed) {
    if (needed <= e->room)
        return true;
    atomic_long *held = &e->site->metrics.held_bytes;
    size_t most = body_most(e) + 1, room = 2 * needed < most ? 2 * needed : most;
    long more = (long)(room - e->room),
         limit = HELD_BODIES * e->site->settings->body_mib * (1L << 20);
    if (atomic_fetch_add(held, more) + more > (limit > HELD_LEAST ? limit : HELD_LEAST)) {
        atomic_fetch_sub(held, more);
        return false;
    }
    char *body = realloc(e->body, room);
    if (body == NULL) {
        atomic_fetch_sub(held, more);
        return false;
    }
    e->body = body;
    e->room = room;
    return true;
}

/* Keep a piece of the body. False when it is not worth to read on. */
static bool add_body(exchange *e, const char *data, size_t size) {
    size_t length = e->request.length;
    if (!e->is_answered && size > body_most(e) - length)
        settle(e, 413, "body", "the body is larger than is allowed");
    if (!e->is_answered && !make_room(e, length + size + 1))
        settle(e, 503, NULL, "the server is busy; try again in a moment");
    if (e->is_answered) {
        e->discarded += size;
        return e->discarded <= DISCARDED_BODIES * ((size_t)e->site->settings->body_mib << 20);
    }
    memcpy(e->body + length, data, size);
    e->body[length + size] = '\0';
    e->request.body = e->body;
    e->request.length = length + size;
    return true;
}

static void check_body(exchange *e) {
    size_t at;
    e->is_checked = true;
    if (e->is_answered || ag_utf8_plain(e->request.body, e->request.length, &at))
        return;
    ag_answer_error(&e->answer, 400, "body", "byte %zu of the body is not UTF-8 text", at + 1);
    e->is_answered = true;
}

/* ---- the answer ---- */

static bool has_header(const ag_answer *answer, const char *name) {
    for (int i = 0; i < answer->header_count; i++)
        if (strcmp(answer->headers[i].name, name) == 0)
            return true;
    return false;
}

static bool begins(const char *text, const char *with) {
    return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

/* An answer to a program is no page, whatever is made to lead a browser to it: it would be a file
 * of a fixed name. NULL for what people open. */
static const char *name_of_file(const exchange *e) {
    static const ag_pair names[] = {
        {"text/html", "attachment; filename=\"api.html\""},
        {"text/plain", "attachment; filename=\"api.txt\""},
        {"image/svg+xml", "attachment; filename=\"api.svg\""},
        {"text/csv", "attachment; filename=\"api.csv\""},
    };
    if (!begins(e->request.path, "/api/") && !begins(e->request.path, "/cds-services"))
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (begins(e->answer.type, names[i].name))
            return names[i].value;
    return "attachment; filename=\"api.json\"";
}

/* What browsers are told with every answer. An answer's own header goes first. */
static void add_safety(const exchange *e, struct MHD_Response *response) {
    static const ag_pair always[] = {
        {"Cache-Control", "no-store"},
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; "
         "base-uri 'none'; form-action 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    };
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (!has_header(&e->answer, always[i].name))
            MHD_add_response_header(response, always[i].name, always[i].value);
    const char *file = name_of_file(e);
    if (file != NULL)
        MHD_add_response_header(response, "Content-Disposition", file);
    if (e->site->settings->tls_certificate != NULL)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
    const char *origin = ag_access_origin(e->site->access, &e->request);
    if (origin != NULL) {
        MHD_add_response_header(response, "Access-Control-Allow-Origin", origin);
        MHD_add_response_header(response, "Vary", "Origin");
    }
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
    add_safety(e, response);
    if (atomic_load(&e->site->is_closing))
        MHD_add_response_header(response, "Connection", "close");
    ag_connection_allow(e->watched, 4 * e->site->settings->timeout_s);
    enum MHD_Result result = MHD_queue_response(e->connection, (unsigned)a->status, response);
    MHD_destroy_response(response);
    return result;
}

/* All that works on a man's data is done by the working threads. */
static void audit(const exchange *e) {
    char action[128];
    snprintf(action, sizeof action, "%s %s", e->request.method, e->route->path);
    ag_keeping_record(&e->site->keeping, &(ag_store_audit){.who = e->request.who,
                                                           .action = action,
                                                           .object = e->request.id,
                                                           .status = e->answer.status});
}

/* Let the handler answer, and count its processor time. */
static void handle(exchange *e, ag_session *session) {
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    e->route->handle(&e->answer, &e->request, e->site, session);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    e->is_answered = true;
    atomic_fetch_add(&e->site->metrics.handler_ns,
                     (unsigned long)((after.tv_sec - before.tv_sec) * 1000000000L +
                                     (after.tv_nsec - before.tv_nsec)));
}

void ag_exchange_work(void *task, ag_session *session) {
    exchange *e = task;
    if (atomic_load(&e->site->gives_up))
        settle(e, 503, NULL, "the server is being stopped");
    else
        handle(e, session);
    audit(e);
    MHD_resume_connection(e->connection);
}

static enum MHD_Result answer(exchange *e) {
    if (!e->is_checked)
        check_body(e);
    if (e->is_answered)
        return reply(e);
    ag_connection_allow(e->watched, 0); /* it is our turn */
    if ((e->route->flags & AG_ROUTE_WORKS) == 0) {
        handle(e, NULL);
        return reply(e);
    }
    MHD_suspend_connection(e->connection);
    if (ag_workers_give(e->site->workers, e))
        return MHD_YES;
    atomic_fetch_add(&e->site->metrics.refused_busy, 1);
    settle(e, 503, NULL, "the server is busy; try again in a moment");
    ag_answer_header(&e->answer, "Retry-After", "2");
    MHD_resume_connection(e->connection);
    return MHD_YES;
}

/* Whether to answer before the body: the client waits for leave to send it, or it is too long to
 * be read for nothing. */
static bool is_better_now(const exchange *e) {
    const char *length = ag_request_header(&e->request, "Content-Length");
    unsigned long long declared = length == NULL ? 0 : strtoull(length, NULL, 10);
    return e->is_answered &&
           (ag_request_header(&e->request, "Expect") != NULL ||
            declared > (unsigned long long)e->site->settings->body_mib * DISCARDED_BODIES << 20);
}

enum MHD_Result ag_exchange_handle(void *site, struct MHD_Connection *connection,
                                   const char *target, const char *method, const char *version,
                                   const char *data, size_t *size, void **context) {
    (void)site;
    (void)connection;
    (void)target;
    (void)version;
    exchange *e = *context;
    if (e == NULL)
        return MHD_NO;
    if (!e->has_begun) {
        begin(e, method);
        return is_better_now(e) ? reply(e) : MHD_YES;
    }
    if (*size == 0)
        return answer(e);
    bool goes_on = add_body(e, data, *size);
    *size = 0;
    return goes_on ? MHD_YES : MHD_NO;
}

/* ---- afterwards ---- */

static int route_index(const exchange *e) {
    return e->route == NULL ? AG_METRICS_ROUTES : (int)(e->route - ag_routes);
}

static void record(const exchange *e, enum MHD_RequestTerminationCode reason) {
    struct timespec now;
    ag_metrics *m = &e->site->metrics;
    const char *what = e->site->settings->log;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds =
        (double)(now.tv_sec - e->began.tv_sec) + 1e-9 * (double)(now.tv_nsec - e->began.tv_nsec);
    /* 499: the client went away, as proxies log it */
    int status = reason == MHD_REQUEST_TERMINATED_COMPLETED_OK ? e->answer.status : 499;
    ag_metrics_count(m, route_index(e), status, seconds);
    atomic_fetch_add(&m->body_bytes, e->request.length + e->discarded);
    atomic_fetch_add(&m->answer_bytes, e->answer.length);
    if (strcmp(what, "all") == 0 || (strcmp(what, "errors") == 0 && status >= 500))
        ag_log_answered(&(ag_log_request){.method = e->request.method,
                                          .route = e->route == NULL ? "" : e->route->path,
                                          .status = status,
                                          .seconds = seconds,
                                          .body_bytes = (long)(e->request.length + e->discarded),
                                          .answer_bytes = (long)e->answer.length});
}

void ag_exchange_end(void *site, struct MHD_Connection *connection, void **context,
                     enum MHD_RequestTerminationCode reason) {
    (void)site;
    (void)connection;
    exchange *e = *context;
    if (e == NULL)
        return;
    if (e->has_begun) {
        record(e, reason);
        atomic_fetch_sub(&e->site->metrics.held_bytes, (long)e->room);
        atomic_fetch_sub(&e->site->metrics.in_flight, 1);
    }
    ag_connection_allow(e->watched, 2 * e->site->settings->timeout_s);
    ag_answer_free(&e->answer);
    free(e->body);
    free(e);
    *context = NULL;
}
