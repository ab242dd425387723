/**
 * @file site.h
 * What all requests are answered with: the knowledge, the engine, the settings. Made once; read
 * only afterwards, except for what says otherwise.
 */
#ifndef AG_SITE_H
#define AG_SITE_H

#include "antegrade/scenario.h"
#include "model.h"

typedef struct ag_site {
    ag_model model;
    ag_scenarios *scenarios;
    const char **leaflets[AG_CARD_KINDS]; /**< by kind and card: the leaflet's id, or NULL */
} ag_site;

/** Open it; caller ends with ag_site_close, whatever the status. */
ag_status ag_site_open(ag_site *site, const char *knowledge, ag_error *error);

void ag_site_close(ag_site *site);

#endif
