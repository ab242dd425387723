#include "site.h"

#include <stdlib.h>

#include "antegrade/report.h"

/* Which leaflet explains which card: looked up once, as it takes long. */
static ag_status find_leaflets(ag_site *site, ag_error *error) {
    const ag_knowledge *knowledge = site->model.knowledge;
    for (int kind = 0; kind < AG_CARD_EVIDENCE; kind++) {
        int count = ag_card_count(knowledge, (ag_card_kind)kind);
        site->leaflets[kind] = calloc((size_t)count + 1, sizeof *site->leaflets[kind]);
        if (site->leaflets[kind] == NULL) {
            *error = (ag_error){.code = AG_ERROR_MEMORY, .message = "out of memory"};
            return AG_ERROR_MEMORY;
        }
        for (int i = 0; i < count; i++) {
            ag_card card = {(ag_card_kind)kind, i};
            int leaflet = ag_leaflet_find(knowledge, ag_card_id(knowledge, card));
            site->leaflets[kind][i] = leaflet < 0 ? NULL : ag_leaflet_id(leaflet);
        }
    }
    return AG_OK;
}

ag_status ag_site_open(ag_site *site, const ag_settings *settings, ag_error *error) {
    site->settings = settings;
    ag_status status = ag_model_open(&site->model, settings->knowledge, error);
    if (status == AG_OK)
        status = ag_scenarios_open(&site->scenarios, NULL, error);
    if (status == AG_OK)
        status = find_leaflets(site, error);
    if (status == AG_OK)
        status = ag_keeping_open(&site->keeping, settings, error);
    return status;
}

void ag_site_close(ag_site *site) {
    ag_hooks_free(site->hooks);
    for (int kind = 0; kind < AG_CARD_KINDS; kind++)
        free(site->leaflets[kind]);
    ag_keeping_close(&site->keeping);
    ag_scenarios_free(site->scenarios);
    ag_model_close(&site->model);
}
