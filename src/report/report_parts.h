/** @file report_parts.h What the text and the JSON report have in common. */
#ifndef AG_REPORT_PARTS_H
#define AG_REPORT_PARTS_H

#include "antegrade/report.h"
#include "arena.h"
#include "knowledge.h"
#include "patient.h"
#include "text.h"

/** The one sentence that every report holds. */
#define AG_REPORT_NOTICE                                                                           \
    "Decision support, not a diagnosis: for review by a clinician who knows the man."

/** "81 %", "under 1 %", "over 99 %". */
void ag_report_percent(double p, char *out, size_t size);

/** "(68–90)", whole percents. */
void ag_report_interval(ag_estimate p, char *out, size_t size);

/** The place of an evidence id among the assessment's sources, from 1; 0 when it is not one. */
int ag_report_source_number(const ag_assessment *assessment, const char *id);

/** The evidence record as a citation: "Hellstrom WJ. J Urol 2006;…. PMID …" in `arena`. */
const char *ag_report_citation(const ag_evidence *evidence, ag_arena *arena);

/** Move the text of a buffer to the heap for the caller; NULL when memory ran out. */
char *ag_report_take(ag_buffer *buffer);

#endif
