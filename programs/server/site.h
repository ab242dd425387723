/**
 * @file site.h
 * What all requests are answered with: the knowledge, the engine, the settings. Made once; read
 * only afterwards, except for what says otherwise.
 */
#ifndef AG_SITE_H
#define AG_SITE_H

#include <stdatomic.h>

#include "access.h"
#include "antegrade/hooks.h"
#include "antegrade/scenario.h"
#include "connections.h"
#include "keeping.h"
#include "metrics.h"
#include "model.h"
#include "settings.h"
#include "workers.h"

typedef struct ag_site {
    const ag_settings *settings; /**< borrowed */
    ag_model model;
    ag_scenarios *scenarios;
    const char **leaflets[AG_CARD_KINDS]; /**< by kind and card: the leaflet's id, or NULL */
    ag_hooks *hooks;                      /**< connections to record systems */
    ag_access *access;
    ag_keeping keeping;          /**< for all threads */
    ag_workers *workers;         /**< for all threads */
    ag_connections *connections; /**< for all threads */
    ag_metrics metrics;          /**< for all threads */
    atomic_bool is_closing;      /**< connections are closed after their answer */
    atomic_bool gives_up;        /**< what still waits is refused */
} ag_site;

/** Open the knowledge; access, workers and connections are the server's to set. Caller ends with
 * ag_site_close, whatever the status. */
ag_status ag_site_open(ag_site *site, const ag_settings *settings, ag_error *error);

void ag_site_close(ag_site *site);

#endif
