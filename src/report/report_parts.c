#include "report_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ag_report_options ag_report_options_defaults(void) {
    return (ag_report_options){.size = sizeof(ag_report_options), .width = 80};
}

void ag_report_free(char *report) {
    free(report);
}

static int whole_percent(double p) {
    return (int)floor(100 * p + 0.5);
}

void ag_report_percent(double p, char *out, size_t size) {
    if (p < 0.01)
        snprintf(out, size, "under 1 %%");
    else if (p > 0.99)
        snprintf(out, size, "over 99 %%");
    else
        snprintf(out, size, "%d %%", whole_percent(p));
}

void ag_report_interval(ag_estimate p, char *out, size_t size) {
    int low = whole_percent(p.low), high = whole_percent(p.high);
    snprintf(out, size, "(%d–%d)", low > 99 ? 99 : low, high > 99 ? 99 : high < 1 ? 1 : high);
}

int ag_report_source_number(const ag_assessment *assessment, const char *id) {
    for (int i = 0; i < ag_assessment_source_count(assessment); i++)
        if (strcmp(ag_assessment_source(assessment, i), id) == 0)
            return i + 1;
    return 0;
}

static void add_part(ag_buffer *buffer, const char *before, const char *part) {
    if (part != NULL && part[0] != '\0') {
        if (buffer->length > 0)
            ag_buffer_add(buffer, before);
        ag_buffer_add(buffer, part);
    }
}

const char *ag_report_citation(const ag_evidence *evidence, ag_arena *arena) {
    ag_buffer buffer = ag_buffer_start(arena);
    add_part(&buffer, "", evidence->first_author);
    add_part(&buffer, ". ", evidence->title);
    add_part(&buffer, ". ", evidence->journal);
    if (evidence->year > 0)
        ag_buffer_format(&buffer, " %d", evidence->year);
    if (evidence->doi != NULL)
        ag_buffer_format(&buffer, ". doi:%s", evidence->doi);
    else if (evidence->pmid != NULL)
        ag_buffer_format(&buffer, ". PMID %s", evidence->pmid);
    if (evidence->confidence == AG_REMEMBERED)
        ag_buffer_add(&buffer, " (not re-read)");
    const char *text = ag_buffer_text(&buffer);
    return text != NULL ? text : "";
}

char *ag_report_take(ag_buffer *buffer) {
    const char *text = ag_buffer_text(buffer);
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}
