#include "site.h"

ag_status ag_site_open(ag_site *site, const char *knowledge, ag_error *error) {
    *site = (ag_site){.model = {0}};
    return ag_model_open(&site->model, knowledge, error);
}

void ag_site_close(ag_site *site) {
    ag_model_close(&site->model);
}
