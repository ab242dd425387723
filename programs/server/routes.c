#include "routes.h"

#include "body_json.h"

#include <stdio.h>
#include <string.h>

#define RECORD_TYPES                                                                               \
    "application/json application/fhir+json application/fhir+ndjson application/x-ndjson "         \
    "application/yaml application/x-yaml text/yaml"

#define JSON_TYPE "application/json"
#define FHIR_TYPES "application/json application/fhir+json"

const ag_route ag_routes[] = {
    {"GET", "/healthz", ag_route_health, AG_ROUTE_OPEN, NULL, 0},
    {"GET", "/metrics", ag_route_metrics, 0, NULL, 0},
    {"POST", "/api/assess", ag_route_assess, AG_ROUTE_WORKS, RECORD_TYPES, 0},
    {"POST", "/api/simulate", ag_route_simulate, AG_ROUTE_WORKS, JSON_TYPE, AG_BODY_SMALL},
    {"POST", "/api/interview", ag_route_interview, AG_ROUTE_WORKS, JSON_TYPE, AG_BODY_SMALL},
    {"POST", "/api/understand", ag_route_understand, 0, JSON_TYPE, AG_BODY_SMALL},
    {"POST", "/api/facts", ag_route_facts, AG_ROUTE_WORKS, RECORD_TYPES, 0},
    {"GET", "/api/cards", ag_route_cards, 0, NULL, 0},
    {"GET", "/api/cards/{id}", ag_route_card, 0, NULL, 0},
    {"GET", "/api/leaflet", ag_route_leaflet, 0, NULL, 0},
    {"GET", "/cds-services", ag_route_hooks, AG_ROUTE_WORKS | AG_ROUTE_OPEN, NULL, 0},
    {"POST", "/cds-services/{id}", ag_route_hooks, AG_ROUTE_WORKS | AG_ROUTE_OPEN, FHIR_TYPES, 0},
    {"POST", "/cds-services/{id}/feedback", ag_route_hooks, AG_ROUTE_WORKS | AG_ROUTE_OPEN,
     FHIR_TYPES, AG_BODY_SMALL},
    {"GET", "/infobutton", ag_route_hooks, AG_ROUTE_WORKS | AG_ROUTE_OPEN, NULL, 0},
    {"GET", "/launch", ag_route_hooks, AG_ROUTE_WORKS | AG_ROUTE_OPEN, NULL, 0},
    {"GET", "/launch/callback", ag_route_hooks, AG_ROUTE_WORKS | AG_ROUTE_OPEN, NULL, 0},
    {"GET", "/api/launch/{id}", ag_route_hooks, AG_ROUTE_WORKS | AG_ROUTE_OPEN, NULL, 0},
    {"GET", "/api/cases", ag_route_cases, AG_ROUTE_WORKS, NULL, 0},
    {"POST", "/api/cases", ag_route_case_new, AG_ROUTE_WORKS, JSON_TYPE, AG_BODY_CASE},
    {"GET", "/api/cases/{id}", ag_route_case, AG_ROUTE_WORKS, NULL, 0},
    {"PUT", "/api/cases/{id}", ag_route_case_replace, AG_ROUTE_WORKS, JSON_TYPE, AG_BODY_CASE},
    {"DELETE", "/api/cases/{id}", ag_route_case_delete, AG_ROUTE_WORKS, NULL, 0},
    {"GET", "/api/audit", ag_route_audit, AG_ROUTE_WORKS, NULL, 0},
    {"GET", "/api/openapi.json", ag_route_asset, 0, NULL, 0},
    {"GET", "/api/report.schema.json", ag_route_asset, 0, NULL, 0},
    {"GET", "/api/case-file.schema.json", ag_route_asset, 0, NULL, 0},
    {"GET", "/*", ag_route_asset, 0, NULL, 0},
    {NULL, NULL, NULL, 0, NULL, 0},
};

/* Whether a path is as the pattern says; {id} is copied. */
static bool fits(const char *pattern, const char *path, char *id, size_t size) {
    for (;;) {
        if (strcmp(pattern, "*") == 0)
            return true;
        if (strncmp(pattern, "{id}", 4) == 0) {
            size_t length = strcspn(path, "/");
            if (length == 0 || length >= size)
                return false;
            memcpy(id, path, length);
            id[length] = '\0';
            pattern += 4;
            path += length;
        }
        if (*pattern != *path)
            return false;
        if (*path == '\0')
            return true;
        pattern++;
        path++;
    }
}

static bool serves(const ag_route *route, const char *method) {
    return strcmp(route->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

const ag_route *ag_route_find(ag_request *request, char *id, size_t size, char allowed[64]) {
    bool is_known = false;
    size_t length = 0;
    allowed[0] = '\0';
    request->id = NULL;
    for (const ag_route *route = ag_routes; route->method != NULL; route++) {
        id[0] = '\0';
        bool is_rest = strcmp(route->path, "/*") == 0;
        if (!fits(route->path, request->path, id, size) || (is_rest && is_known))
            continue;
        if (serves(route, request->method)) {
            request->id = id[0] == '\0' ? NULL : id;
            return route;
        }
        is_known = true;
        if (length < 48)
            length += (size_t)snprintf(allowed + length, 64 - length, "%s%s",
                                       length == 0 ? "" : ", ", route->method);
    }
    return NULL;
}
