#define _POSIX_C_SOURCE 200809L
#include "settings.h"

#include <errno.h>
#include <libfyaml.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "refusal.h"

typedef enum kind { TEXT, NUMBER } kind;

typedef struct row {
    const char *name;
    kind kind;
    size_t offset;
    int low, high; /* of numbers */
} row;

#define ROW_TEXT(name, member)                                                                     \
    { name, TEXT, offsetof(ag_settings, member), 0, 0 }
#define ROW_NUMBER(name, member, low, high)                                                        \
    { name, NUMBER, offsetof(ag_settings, member), low, high }

static const row rows[] = {
    ROW_TEXT("listen", listen),
    ROW_TEXT("knowledge", knowledge),
    ROW_TEXT("token-file", token_file),
    ROW_TEXT("tls-certificate", tls_certificate),
    ROW_TEXT("tls-key", tls_key),
    ROW_TEXT("hosts", hosts),
    ROW_TEXT("origins", origins),
    ROW_TEXT("public-url", public_url),
    ROW_TEXT("cds-clients", cds_clients),
    ROW_TEXT("fhir-servers", fhir_servers),
    ROW_TEXT("smart-servers", smart_servers),
    ROW_TEXT("store", store),
    ROW_TEXT("log", log),
    ROW_NUMBER("threads", threads, 1, 256),
    ROW_NUMBER("max-body", body_mib, 1, 1024),
    ROW_NUMBER("max-connections", connections, 1, 100000),
    ROW_NUMBER("max-per-client", client_connections, 1, 100000),
    ROW_NUMBER("retention", retention_days, 0, 36500),
    ROW_NUMBER("timeout", timeout_s, 1, 3600),
};
enum { ROWS = sizeof rows / sizeof *rows };

static const row *row_of(const char *name) {
    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static ag_status set_text(ag_settings *settings, const row *r, const char *value, ag_error *error) {
    char **member = (char **)(void *)((char *)settings + r->offset);
    char *copy = strdup(value);
    if (copy == NULL)
        return ag_refuse(error, AG_ERROR_MEMORY, "out of memory");
    free(*member);
    *member = copy;
    return AG_OK;
}

static ag_status set_number(ag_settings *settings, const row *r, const char *value,
                            ag_error *error) {
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (end == value || *end != '\0' || errno != 0 || number < r->low || number > r->high)
        return ag_refuse(error, AG_ERROR_VALUE,
                         "%s is \"%.60s\"; it must be a whole number from %d to %d", r->name, value,
                         r->low, r->high);
    *(int *)(void *)((char *)settings + r->offset) = (int)number;
    return AG_OK;
}

ag_status ag_settings_set(ag_settings *settings, const char *name, const char *value,
                          ag_error *error) {
    const row *r = row_of(name);
    if (r == NULL)
        return ag_refuse(error, AG_ERROR_NAME,
                         "there is no setting \"%.60s\"; `antegrade help serve` lists them", name);
    bool is_log = strcmp(name, "log") == 0;
    if (is_log && strcmp(value, "all") != 0 && strcmp(value, "errors") != 0 &&
        strcmp(value, "none") != 0)
        return ag_refuse(error, AG_ERROR_VALUE, "log is \"%.60s\"; it must be all, errors or none",
                         value);
    return r->kind == TEXT ? set_text(settings, r, value, error)
                           : set_number(settings, r, value, error);
}

ag_status ag_settings_defaults(ag_settings *settings, ag_error *error) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *settings = (ag_settings){.threads = cores < 1     ? 1
                                         : cores > 256 ? 256
                                                       : (int)cores,
                              .body_mib = 8,
                              .connections = 1000,
                              .client_connections = 100,
                              .timeout_s = 30};
    ag_status status = ag_settings_set(settings, "listen", "127.0.0.1:8765", error);
    return status == AG_OK ? ag_settings_set(settings, "log", "errors", error) : status;
}

void ag_settings_free(ag_settings *settings) {
    for (int i = 0; i < ROWS; i++)
        if (rows[i].kind == TEXT)
            free(*(char **)(void *)((char *)settings + rows[i].offset));
    *settings = (ag_settings){.listen = NULL};
}

/* ---- the configuration file ---- */

enum { LONGEST_NAME = 64, LONGEST_VALUE = 4096 };

/* Where the reading of the file stands: a map of names to texts or lists of texts. */
typedef struct reader {
    ag_settings *settings;
    struct fy_parser *parser;
    ag_error *error;
    bool seen[ROWS];
    bool in_map, in_list;
    char name[LONGEST_NAME]; /* of the setting whose value comes next; "" where a name comes next */
    char value[LONGEST_VALUE];
} reader;

static ag_status fault(reader *r, const char *message) {
    return ag_refuse(r->error, AG_ERROR_SYNTAX, "%s", message);
}

static ag_status take_name(reader *r, const char *text, size_t length) {
    if (length == 0 || length >= sizeof r->name)
        return fault(r, "the name of a setting is empty or too long");
    memcpy(r->name, text, length);
    r->name[length] = '\0';
    r->value[0] = '\0';
    const row *found = row_of(r->name);
    if (found != NULL && r->seen[found - rows])
        return ag_refuse(r->error, AG_ERROR_SYNTAX, "%s is set twice; keep one", r->name);
    if (found != NULL)
        r->seen[found - rows] = true;
    return AG_OK;
}

static ag_status set(reader *r) {
    ag_status status = ag_settings_set(r->settings, r->name, r->value, r->error);
    r->name[0] = '\0';
    return status;
}

/* A value, or one more of a list of values, which are separated by spaces. */
static ag_status take_value(reader *r, const char *text, size_t length) {
    size_t used = strlen(r->value);
    if (used + length + 2 > sizeof r->value || memchr(text, '\0', length) != NULL)
        return fault(r, "the value of a setting is too long or holds a NUL character");
    if (used > 0)
        r->value[used++] = ' ';
    memcpy(r->value + used, text, length);
    r->value[used + length] = '\0';
    return r->in_list ? AG_OK : set(r);
}

static ag_status take_scalar(reader *r, struct fy_event *event) {
    size_t length = 0;
    const char *text =
        event->scalar.value == NULL ? "" : fy_token_get_text(event->scalar.value, &length);
    return r->name[0] == '\0' ? take_name(r, text, length) : take_value(r, text, length);
}

static ag_status take(reader *r, struct fy_event *event) {
    if (!r->in_map && (event->type == FYET_SCALAR || event->type == FYET_SEQUENCE_START))
        return fault(r, "the file must be a map of settings, such as \"listen: 127.0.0.1:8765\"");
    switch (event->type) {
    case FYET_SCALAR:
        return take_scalar(r, event);
    case FYET_MAPPING_START:
        if (r->in_map)
            return fault(r, "a setting is a text or a list of texts, not a map");
        r->in_map = true;
        return AG_OK;
    case FYET_SEQUENCE_START:
        if (r->in_list || r->name[0] == '\0')
            return fault(r, "a setting is a text or a list of texts");
        r->in_list = true;
        return AG_OK;
    case FYET_SEQUENCE_END:
        r->in_list = false;
        return set(r);
    case FYET_ALIAS:
        return fault(r, "aliases are not understood here");
    default:
        return AG_OK;
    }
}

/* What the parser has to say about a text that is not YAML. */
static ag_status syntax_fault(reader *r) {
    void *at = NULL;
    struct fy_diag *diag = fy_parser_get_diag(r->parser);
    const struct fy_diag_error *first = diag == NULL ? NULL : fy_diag_errors_iterate(diag, &at);
    ag_refuse(r->error, AG_ERROR_SYNTAX, "the file is not YAML: %s",
              first != NULL && first->msg != NULL ? first->msg : "it cannot be read");
    if (first != NULL) {
        r->error->line = first->line + 1;
        r->error->column = first->column + 1;
    }
    fy_diag_unref(diag);
    return AG_ERROR_SYNTAX;
}

static ag_status read_events(reader *r) {
    ag_status status = AG_OK;
    for (struct fy_event *event; status == AG_OK;) {
        event = fy_parser_parse(r->parser);
        if (event == NULL)
            return fy_parser_get_stream_error(r->parser) ? syntax_fault(r) : AG_OK;
        const struct fy_mark *mark = fy_event_start_mark(event);
        int line = mark == NULL ? 0 : mark->line + 1, column = mark == NULL ? 0 : mark->column + 1;
        status = take(r, event);
        fy_parser_event_free(r->parser, event);
        if (status != AG_OK) {
            r->error->line = line;
            r->error->column = column;
        }
    }
    return status;
}

ag_status ag_settings_read(ag_settings *settings, const char *path, ag_error *error) {
    const struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG};
    reader r = {.settings = settings, .error = error};
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return ag_refuse(error, AG_ERROR_IO, "cannot read %.300s: %s", path, strerror(errno));
    r.parser = fy_parser_create(&cfg);
    ag_status status = r.parser == NULL || fy_parser_set_input_fp(r.parser, path, file) != 0
                           ? ag_refuse(error, AG_ERROR_MEMORY, "out of memory")
                           : read_events(&r);
    if (r.parser != NULL)
        fy_parser_destroy(r.parser);
    fclose(file);
    if (status != AG_OK)
        snprintf(error->where, sizeof error->where, "%s", path);
    return status;
}
