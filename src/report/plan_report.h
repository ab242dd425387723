/** @file plan_report.h The parts of the reports that stand in files of their own. */
#ifndef AG_PLAN_REPORT_H
#define AG_PLAN_REPORT_H

#include "antegrade/plan.h"
#include "json_writer.h"
#include "report_parts.h"
#include "text_page.h"

/** What is imagined, for clinicians; labels take `label_width` columns. Nothing where the view has
 * none. */
void ag_what_if_text_write(ag_page *page, const ag_view *view, int label_width);

/** Ids of the evidence records that the plan and what is imagined name, each once, in `view`'s
 * arena; their number in `count`. */
const char **ag_plan_source_ids(const ag_view *view, int *count);

/** The member "facts" of the report's object: what was understood of the record. */
void ag_facts_json_write(ag_json *json, const ag_view *view);

/** The plan, as members of the report's object. */
void ag_plan_json_write(ag_json *json, const ag_view *view);

#endif
