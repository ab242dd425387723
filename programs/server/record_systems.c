/*
 * Settings to connections. A list is separated by spaces; what belongs to an address in it stands
 * behind a '=':
 *   cds-clients    ISSUER=FILE or ISSUER=URL of its keys, or both: ISSUER=FILE=URL
 *   smart-servers  ISSUER=CLIENT, or ISSUER=CLIENT=FILE with its secret
 */
#include "record_systems.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outgoing.h"
#include "refusal.h"

enum { MOST = 64, MOST_FILE = 1 << 20 };

/* What the options are made of; all is copied by ag_hooks_new. */
typedef struct making {
    char *texts[4]; /* copies of the settings, cut up */
    char *files[2 * MOST];
    int text_count, file_count;
    const char *servers[MOST];
    ag_hooks_client clients[MOST];
    ag_hooks_launcher launchers[MOST];
    ag_hooks_options options;
    ag_error *error;
} making;

static ag_status fault(making *m, const char *setting, const char *item, const char *form) {
    return ag_refuse(m->error, AG_ERROR_VALUE, "%s: \"%.100s\" is not of the form %s", setting,
                     item, form);
}

/* A file's text, which lives as long as `m`; NULL with the error set. */
static const char *read_file(making *m, const char *path) {
    FILE *file = fopen(path, "r");
    char *text = file != NULL ? calloc(1, MOST_FILE) : NULL;
    size_t length = text != NULL ? fread(text, 1, MOST_FILE - 1, file) : 0;
    if (length == 0)
        ag_refuse(m->error, AG_ERROR_IO, "cannot read %.200s: %s", path,
                  file == NULL ? strerror(errno) : "it is empty");
    if (file != NULL)
        fclose(file);
    if (length == 0) {
        free(text);
        return NULL;
    }
    m->files[m->file_count++] = text;
    return text;
}

static bool is_address(const char *text) {
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

/* Cut "a=b=c" into parts; how many there are, at most three. */
static int cut(char *item, char *parts[3]) {
    int count = 0;
    for (char *part = item; part != NULL && count < 3; count++) {
        char *end = count < 2 ? strchr(part, '=') : NULL;
        parts[count] = part;
        if (end != NULL)
            *end = '\0';
        part = end != NULL ? end + 1 : NULL;
    }
    return count;
}

static ag_status add_client(making *m, char *item) {
    static const char form[] = "ISSUER=FILE, ISSUER=URL or ISSUER=FILE=URL";
    char *parts[3];
    int count = cut(item, parts);
    ag_hooks_client *client = &m->clients[m->options.client_count++];
    *client = (ag_hooks_client){.issuer = parts[0]};
    for (int i = 1; i < count; i++) {
        if (is_address(parts[i]))
            client->keys_url = parts[i];
        else if ((client->keys = read_file(m, parts[i])) == NULL)
            return m->error->code;
    }
    return count > 1 ? AG_OK : fault(m, "cds-clients", item, form);
}

static ag_status add_launcher(making *m, char *item) {
    char *parts[3];
    int count = cut(item, parts);
    if (count < 2)
        return fault(m, "smart-servers", item, "ISSUER=CLIENT or ISSUER=CLIENT=FILE");
    ag_hooks_launcher *launcher = &m->launchers[m->options.launcher_count++];
    *launcher = (ag_hooks_launcher){.issuer = parts[0], .client_id = parts[1]};
    if (count < 3)
        return AG_OK;
    char *secret = (char *)(size_t)read_file(m, parts[2]);
    if (secret == NULL)
        return m->error->code;
    secret[strcspn(secret, "\r\n")] = '\0';
    launcher->client_secret = secret;
    return AG_OK;
}

static ag_status add_server(making *m, char *item) {
    m->servers[m->options.fhir_server_count++] = item;
    return AG_OK;
}

static ag_status each(making *m, const char *list, ag_status (*add)(making *m, char *item)) {
    int count = 0;
    ag_status status = AG_OK;
    char *text = list != NULL ? strdup(list) : NULL, *rest = NULL;
    if (list != NULL && text == NULL)
        return ag_refuse(m->error, AG_ERROR_MEMORY, "out of memory");
    m->texts[m->text_count++] = text;
    for (char *item = text != NULL ? strtok_r(text, " ", &rest) : NULL;
         item != NULL && status == AG_OK; item = strtok_r(NULL, " ", &rest))
        status = count++ < MOST ? add(m, item)
                                : ag_refuse(m->error, AG_ERROR_VALUE,
                                            "a list of record systems is longer than %d", MOST);
    return status;
}

static ag_status make(making *m, ag_site *site, const char *address) {
    const ag_settings *s = site->settings;
    m->options = ag_hooks_options_defaults();
    m->options.base_url = s->public_url != NULL ? s->public_url : address;
    ag_status status = each(m, s->cds_clients, add_client);
    if (status == AG_OK)
        status = each(m, s->fhir_servers, add_server);
    if (status == AG_OK)
        status = each(m, s->smart_servers, add_launcher);
    m->options.clients = m->clients;
    m->options.fhir_servers = m->servers;
    m->options.launchers = m->launchers;
    m->options.fetch = ag_outgoing_fetch;
    m->options.feedback = site->keeping.store != NULL ? ag_keeping_feedback : NULL;
    m->options.feedback_data = &site->keeping;
    return status == AG_OK ? ag_hooks_new(&site->hooks, site->model.engine, site->model.vocabulary,
                                          &m->options, m->error)
                           : status;
}

ag_status ag_record_systems_open(ag_site *site, const char *address, ag_error *error) {
    making *m = calloc(1, sizeof *m);
    if (m == NULL)
        return ag_refuse(error, AG_ERROR_MEMORY, "out of memory");
    m->error = error;
    ag_status status = make(m, site, address);
    for (int i = 0; i < m->text_count; i++)
        free(m->texts[i]);
    for (int i = 0; i < m->file_count; i++) {
        memset(m->files[i], 0, strlen(m->files[i])); /* some are secrets */
        free(m->files[i]);
    }
    free(m);
    return status;
}
