/**
 * @file routes.h
 * The table of what the server answers: method, path, handler. A handler gets a request, fills an
 * answer, and knows nothing of sockets.
 */
#ifndef AG_ROUTES_H
#define AG_ROUTES_H

#include "answer.h"
#include "request.h"
#include "site.h"

/**
 * Answer a request. `session` is a working thread's own, for routes with AG_ROUTE_WORKS; for others
 * it is NULL, and the handler must be done within a few milliseconds, as all connections wait.
 */
typedef void ag_handler(ag_answer *answer, const ag_request *request, ag_site *site,
                        ag_session *session);

/** What a route is. */
enum {
    AG_ROUTE_WORKS = 1, /**< takes long or assesses: runs in a working thread, with a session */
    AG_ROUTE_OPEN = 2,  /**< needs no token */
};

typedef struct ag_route {
    const char *method; /**< GET serves HEAD as well */
    const char
        *path; /**< "/api/cards/{id}"; {id} is one part of the path; a last part "*" is any rest */
    ag_handler *handle;
    unsigned flags;
    const char
        *types; /**< Content-Types of the body that it takes, separated by spaces; NULL: none */
    size_t body_most; /**< bytes of the body; 0: as many as the setting allows */
} ag_route;

/** All routes; the last has the method NULL. */
extern const ag_route ag_routes[];

/**
 * The route of a request, whose `id` is set: `id` holds it, of at most `size` bytes. NULL where
 * there is none: `allowed` (may be NULL) is then what methods the path has, "" for none.
 */
const ag_route *ag_route_find(ag_request *request, char *id, size_t size, char allowed[64]);

ag_handler ag_route_health, ag_route_assess, ag_route_simulate, ag_route_interview,
    ag_route_understand, ag_route_facts, ag_route_cards, ag_route_card, ag_route_leaflet,
    ag_route_metrics, ag_route_hooks, ag_route_cases, ag_route_case, ag_route_case_new,
    ag_route_case_replace, ag_route_case_delete, ag_route_audit, ag_route_asset;

#endif
