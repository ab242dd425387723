/**
 * @file report.h
 * An assessment as text for a terminal, as a page of HTML or as JSON, for the reader and in the
 * language asked for; and the leaflets.
 */
#ifndef ANTEGRADE_REPORT_H
#define ANTEGRADE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/assess.h"
#include "antegrade/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the JSON report; docs/report.schema.json describes it. */
#define AG_REPORT_VERSION "1.0"

/** Who reads it. */
typedef enum ag_reader {
    AG_FOR_CLINICIAN, /**< all results, with intervals and sources */
    AG_FOR_PATIENT,   /**< plain words, frequencies, and the questions that men ask */
    AG_FOR_LABORATORY /**< retrieval of sperm from urine: whether, and how */
} ag_reader;

typedef struct ag_report_options {
    size_t size;          /**< sizeof(ag_report_options), set by the defaults */
    int width;            /**< text: columns to write in, at least 40; default 80 */
    bool color;           /**< text: with terminal escapes for bold and faint; default false */
    bool why;             /**< text: all mechanisms, causes, weights and sources; default false */
    bool one_line;        /**< JSON: without line breaks, ended by one; default false */
    ag_reader reader;     /**< text and HTML; default AG_FOR_CLINICIAN */
    const ag_plan *plan;  /**< of this assessment, borrowed; default NULL: nothing is said of it */
    const char *language; /**< of text: "en" or "es"; default "en" */
    const ag_what_if *what_if; /**< for clinicians, and JSON: what is imagined; default NULL */
} ag_report_options;

ag_report_options ag_report_options_defaults(void);

/** The report as plain UTF-8 text; `options` may be NULL. Caller frees with ag_report_free; NULL
 * when out of memory. */
char *ag_report_text(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

/** The report as one HTML page that needs nothing beside it; `options` may be NULL. Caller frees
 * with ag_report_free; NULL when out of memory. */
char *ag_report_html(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

/** The report as JSON; `options` may be NULL. Caller frees with ag_report_free; NULL when out of
 * memory. */
char *ag_report_json(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

/**
 * The report as a collection Bundle of HL7 FHIR R4: what is likely as RiskAssessment (whose
 * probabilityDecimal is a percentage), what would tell more as ServiceRequest with the intent
 * "proposal". `options` may be NULL. Caller frees with ag_report_free; NULL when out of memory.
 */
char *ag_report_fhir(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

/* ---- leaflets: short explanations in plain words, which stand alone ---- */

typedef enum ag_leaflet_format { AG_LEAFLET_TEXT, AG_LEAFLET_HTML } ag_leaflet_format;

/** How many there are; each is known by its index, below this. */
int ag_leaflet_count(void);

/** Its short name, such as "retrograde-ejaculation". Borrowed for ever. */
const char *ag_leaflet_id(int leaflet);

/** Its title in a language. Caller frees with ag_report_free; NULL when out of memory. */
char *ag_leaflet_name(int leaflet, const char *language);

/**
 * The leaflet on a topic: its short name, its title, or any name or code of a mechanism, cause or
 * finding that it explains, such as "Flomax". -1 when there is none.
 */
int ag_leaflet_find(const ag_knowledge *knowledge, const char *topic);

/** The leaflet, in the width, colour and language of `options` (may be NULL). Caller frees with
 * ag_report_free; NULL when out of memory. */
char *ag_leaflet_write(int leaflet, const ag_knowledge *knowledge, ag_leaflet_format format,
                       const ag_report_options *options);

/** Free a report. NULL is allowed. */
void ag_report_free(char *report);

#ifdef __cplusplus
}
#endif
#endif
