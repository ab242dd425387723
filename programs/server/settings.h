/**
 * @file settings.h
 * How the server runs: set by flags, or by the same names in a configuration file (YAML).
 */
#ifndef AG_SETTINGS_H
#define AG_SETTINGS_H

#include <stdbool.h>

#include "antegrade/error.h"

/** All texts are owned. */
typedef struct ag_settings {
    char *listen;          /**< ADDRESS:PORT; port 0 takes a free one */
    char *knowledge;       /**< folder of cards; NULL: built in */
    char *token_file;      /**< tokens that callers must show, one a line; NULL: none */
    char *tls_certificate; /**< PEM files; NULL: no TLS */
    char *tls_key;
    char *hosts;        /**< further names by which it may be asked, separated by spaces; or NULL */
    char *origins;      /**< further origins whose pages may ask it; or NULL */
    char *public_url;   /**< under which record systems see it; NULL: as it listens */
    char *cds_clients;  /**< clients of CDS Hooks and their keys; or NULL */
    char *fhir_servers; /**< from which more of a record may be fetched; or NULL */
    char *smart_servers;    /**< whose SMART launches are accepted; or NULL */
    char *store;            /**< file, or postgresql:// address, in which it keeps; NULL: nothing */
    char *log;              /**< requests to log: "all", "errors" or "none" */
    int threads;            /**< that assess */
    int body_mib;           /**< largest body, MiB */
    int connections;        /**< open at the same time */
    int client_connections; /**< of them from one address */
    int retention_days;     /**< for which cases and feedback are kept; 0: for ever */
    int timeout_s;          /**< to send a request's headers, or to be idle */
} ag_settings;

/** The usual settings, one thread a core. Caller ends with ag_settings_free. */
ag_status ag_settings_defaults(ag_settings *settings, ag_error *error);

/** Set what has the long name of a flag ("listen"). AG_ERROR_NAME: there is no such setting;
 * AG_ERROR_VALUE: it cannot be that. */
ag_status ag_settings_set(ag_settings *settings, const char *name, const char *value,
                          ag_error *error);

/** Set all that the file says. Errors name file, line and column; AG_ERROR_SYNTAX, AG_ERROR_IO, or
 * as ag_settings_set. */
ag_status ag_settings_read(ag_settings *settings, const char *path, ag_error *error);

void ag_settings_free(ag_settings *settings);

#endif
