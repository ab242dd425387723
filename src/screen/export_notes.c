/* Resources that speak of the export, not of a man. */
#include "export_notes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "fhir_facts.h"

bool ag_export_error(const ag_json_value *resource, const char **text) {
    if (!ag_json_is(ag_json_get(resource, "resourceType"), "OperationOutcome"))
        return false;
    const ag_json_value *issue = ag_json_items(ag_json_get(resource, "issue"));
    for (; issue != NULL; issue = issue->next) {
        const ag_json_value *severity = ag_json_get(issue, "severity");
        if (!ag_json_is(severity, "error") && !ag_json_is(severity, "fatal"))
            continue;
        *text = ag_json_get_text(issue, "diagnostics");
        if (*text == NULL)
            *text = ag_fhir_concept_text(ag_json_get(issue, "details"));
        if (*text == NULL)
            *text = ag_json_get_text(issue, "code");
        if (*text == NULL)
            *text = "it does not say which";
        return true;
    }
    return false;
}

bool ag_export_deletion(const ag_json_value *entry) {
    return ag_json_get(entry, "resource") == NULL &&
           ag_json_is(ag_json_get(ag_json_get(entry, "request"), "method"), "DELETE");
}

/* A search, a version of a resource or a whole type is not one resource. */
bool ag_export_deleted(const ag_json_value *entry, char out[AG_EXPORT_NAME]) {
    const char *url = ag_json_get_text(ag_json_get(entry, "request"), "url");
    const char *id = url != NULL ? strrchr(url, '/') : NULL;
    if (id == NULL || id == url || id[1] == '\0' || strpbrk(url, "?#|") != NULL)
        return false;
    const char *type = id;
    while (type > url && isalpha((unsigned char)type[-1]))
        type--;
    bool alone = type < id && isupper((unsigned char)*type) && (type == url || type[-1] == '/');
    return alone && snprintf(out, AG_EXPORT_NAME, "%s", type) < AG_EXPORT_NAME;
}

bool ag_export_note(const ag_json_value *object) {
    bool manifest =
        ag_json_get(object, "transactionTime") != NULL && ag_json_get(object, "output") != NULL;
    bool event = ag_json_get(object, "exportId") != NULL && ag_json_get(object, "eventId") != NULL;
    return manifest || event;
}

bool ag_export_merged(const ag_json_value *patient) {
    const ag_json_value *link = ag_json_items(ag_json_get(patient, "link"));
    while (link != NULL && !ag_json_is(ag_json_get(link, "type"), "replaced-by"))
        link = link->next;
    return link != NULL;
}
