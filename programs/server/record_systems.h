/** @file record_systems.h The connections to record systems, as the settings say. */
#ifndef AG_RECORD_SYSTEMS_H
#define AG_RECORD_SYSTEMS_H

#include "antegrade/hooks.h"
#include "site.h"

/**
 * Make site->hooks of the settings `public-url` (default `address`, where the server listens),
 * `cds-clients`, `fhir-servers` and `smart-servers`. AG_ERROR_VALUE, AG_ERROR_IO or as
 * ag_hooks_new; the server is then not to start.
 */
ag_status ag_record_systems_open(ag_site *site, const char *address, ag_error *error);

#endif
