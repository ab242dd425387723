/**
 * @file report.h
 * An assessment as text for a terminal, or as JSON.
 */
#ifndef ANTEGRADE_REPORT_H
#define ANTEGRADE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/assess.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the JSON report; docs/report.schema.json describes it. */
#define AG_REPORT_VERSION "1.0"

typedef struct ag_report_options {
    size_t size;          /**< sizeof(ag_report_options), set by the defaults */
    int width;            /**< text: columns to write in, at least 40; default 80 */
    bool color;           /**< text: with terminal escapes for bold and faint; default false */
    bool why;             /**< text: all mechanisms, causes, weights and sources; default false */
    bool one_line;        /**< JSON: without line breaks, ended by one; default false */
    const char *language; /**< of text: "en" or "es"; default "en" */
} ag_report_options;

ag_report_options ag_report_options_defaults(void);

/** The report as plain UTF-8 text; `options` may be NULL. Caller frees with ag_report_free; NULL
 * when out of memory. */
char *ag_report_text(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

/** The report as JSON; `options` may be NULL. Caller frees with ag_report_free; NULL when out of
 * memory. */
char *ag_report_json(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

/** Free a report. NULL is allowed. */
void ag_report_free(char *report);

#ifdef __cplusplus
}
#endif
#endif
