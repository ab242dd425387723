/* GET /api/leaflet: a short explanation in plain words, or the list of them. */
#include <string.h>

#include "antegrade/report.h"
#include "choices.h"
#include "routes.h"

static void free_report(void *text) {
    ag_report_free(text);
}

static void list(ag_answer *answer, const char *language) {
    json_t *leaflets = json_array();
    for (int i = 0; i < ag_leaflet_count(); i++) {
        char *name = ag_leaflet_name(i, language);
        json_array_append_new(leaflets,
                              json_pack("{s:s, s:s*}", "id", ag_leaflet_id(i), "name", name));
        ag_report_free(name);
    }
    ag_answer_json(answer, 200, json_pack("{s:o}", "leaflets", leaflets));
}

static void as_json(ag_answer *answer, int leaflet, const ag_knowledge *knowledge,
                    const ag_report_options *options) {
    char *name = ag_leaflet_name(leaflet, options->language);
    char *text = ag_leaflet_write(leaflet, knowledge, AG_LEAFLET_TEXT, options);
    char *html = ag_leaflet_write(leaflet, knowledge, AG_LEAFLET_HTML, options);
    ag_answer_json(answer, 200,
                   json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", ag_leaflet_id(leaflet), "lang",
                             options->language, "name", name, "text", text, "html", html));
    ag_report_free(name);
    ag_report_free(text);
    ag_report_free(html);
}

void ag_route_leaflet(ag_answer *answer, const ag_request *request, ag_site *site,
                      ag_session *session) {
    static const char *const known[] = {"topic", "lang", "format", NULL};
    (void)session;
    const ag_knowledge *knowledge = site->model.knowledge;
    ag_report_options options = ag_report_options_defaults();
    const char *format, *topic = ag_request_query(request, "topic");
    const ag_choice choices[] = {{"lang", "en es", "en", &options.language},
                                 {"format", "html text json", "html", &format},
                                 {NULL, NULL, NULL, NULL}};
    if (!ag_query_known(answer, request, known) || !ag_query_choices(answer, request, choices))
        return;
    if (topic == NULL || *topic == '\0') {
        list(answer, options.language);
        return;
    }
    int leaflet = ag_leaflet_find(knowledge, topic);
    bool is_html = strcmp(format, "html") == 0;
    if (leaflet < 0)
        ag_answer_error(answer, 404, "query:topic",
                        "there is no leaflet on \"%.100s\"; without a topic they are listed",
                        topic);
    else if (strcmp(format, "json") == 0)
        as_json(answer, leaflet, knowledge, &options);
    else
        ag_answer_text(answer, 200,
                       is_html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
                       ag_leaflet_write(leaflet, knowledge,
                                        is_html ? AG_LEAFLET_HTML : AG_LEAFLET_TEXT, &options),
                       free_report);
}
