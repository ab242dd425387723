/* GET /healthz: that the server answers, which version, and whether it can keep cases. */
#include "antegrade/antegrade.h"
#include "routes.h"

void ag_route_health(ag_answer *answer, const ag_request *request, ag_site *site,
                     ag_session *session) {
    (void)request;
    (void)session;
    bool store = site->keeping.store != NULL;
    ag_answer_json(answer, 200,
                   json_pack("{s:s, s:s, s:s, s:b}", "status", "ok", "version", ag_version(),
                             "knowledge", ag_knowledge_version(site->model.knowledge), "store",
                             store));
}
