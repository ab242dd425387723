/* CDS Hooks, Infobutton and SMART launches: a request of the server to one of the connections, and
 * the answer back. */
#include <stdlib.h>
#include <string.h>

#include "antegrade/hooks.h"
#include "routes.h"

/* Clients of CDS Hooks show tokens of their own where such are known; else those of the server
 * count, for all but discovery. */
static bool may_ask(const ag_request *request, ag_site *site) {
    if (site->settings->cds_clients != NULL || strcmp(request->path, "/cds-services") == 0 ||
        strncmp(request->path, "/cds-services/", 14) != 0)
        return true;
    return request->who != NULL;
}

static void hand_on(ag_answer *answer, const ag_hooks_answer *from) {
    char *body = malloc(from->length + 1);
    if (body != NULL)
        memcpy(body, from->body, from->length);
    if (body == NULL) {
        ag_answer_error(answer, 503, NULL, "out of memory");
        return;
    }
    ag_answer_body(answer, from->status, from->type != NULL ? from->type : "text/plain", body,
                   from->length, free);
    for (int i = 0; i < from->header_count; i++)
        ag_answer_header(answer, from->headers[i].name, from->headers[i].value);
}

void ag_route_hooks(ag_answer *answer, const ag_request *request, ag_site *site,
                    ag_session *session) {
    ag_hooks_pair query[AG_REQUEST_QUERY];
    for (int i = 0; i < request->query_count; i++)
        query[i] = (ag_hooks_pair){request->query[i].name, request->query[i].value};
    ag_hooks_request asked = {
        .method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method,
        .path = request->path,
        .query = query,
        .query_count = request->query_count,
        .authorization = ag_request_header(request, "Authorization"),
        .cookie = ag_request_header(request, "Cookie"),
        .accept = ag_request_header(request, "Accept"),
        .accept_language = ag_request_header(request, "Accept-Language"),
        .content_type = ag_request_header(request, "Content-Type"),
        .body = request->body,
        .length = request->length,
    };
    if (!may_ask(request, site)) {
        ag_answer_error(answer, 401, "Authorization", "show the token of this server");
        ag_answer_header(answer, "WWW-Authenticate", "Bearer realm=\"antegrade\"");
        return;
    }
    ag_hooks_answer *made = ag_hooks_handle(site->hooks, session, &asked);
    if (made != NULL)
        hand_on(answer, made);
    else
        ag_answer_error(answer, 503, NULL, "out of memory");
    ag_hooks_answer_free(made);
}
