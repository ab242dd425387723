/**
 * @file report_parts.h
 * What the reports have in common: one man's results in one language, and the choice of what is
 * shown.
 */
#ifndef AG_REPORT_PARTS_H
#define AG_REPORT_PARTS_H

#include "antegrade/report.h"
#include "arena.h"
#include "knowledge.h"
#include "localized.h"
#include "patient.h"
#include "references.h"
#include "text.h"

/** The one sentence that every report holds. */
#define AG_REPORT_NOTICE                                                                           \
    AG_SAID("Decision support, not a diagnosis: for review by a clinician who knows the man.")

/** What a report is made from. All borrowed. */
typedef struct ag_view {
    const ag_assessment *assessment;
    const ag_patient *patient;
    const ag_knowledge *knowledge;
    const ag_plan *plan; /**< may be NULL */
    ag_arena *arena;
    ag_references *references; /**< the assessment's sources first, then those of the plan */
    int reference_count;       /**< of the assessment */
    ag_language language;
    bool why;                  /**< nothing is left out */
    const ag_what_if *what_if; /**< may be NULL */
} ag_view;

/** A view of these results as the options ask for. */
ag_view ag_view_of(const ag_assessment *assessment, const ag_patient *patient,
                   const ag_knowledge *knowledge, const ag_report_options *options,
                   ag_arena *arena);

/** `english` in the report's language. */
const char *ag_view_say(const ag_view *view, const char *english) AG_FORMAT_ARGUMENT(2);

/* ---- numbers ---- */

enum { AG_PERCENT_TEXT = 24, AG_INTERVAL_TEXT = 24 };

/** "81 %", "under 1 %", "over 99 %". */
void ag_report_percent(ag_language language, double p, char out[AG_PERCENT_TEXT]);

/** "(68–90)", whole percents. */
void ag_report_interval(ag_estimate p, char out[AG_INTERVAL_TEXT]);

/* ---- names ---- */

/** A text of the plan in the report's language; "" where there is none. */
const char *ag_view_plan_text(const ag_view *view, ag_plan_text text);

/** A copy of `text` that begins with a capital. */
const char *ag_view_capital(const ag_view *view, const char *text);

/** The name of a mechanism, finding or cause in the report's language; the id when there is none.
 */
const char *ag_view_name(const ag_view *view, const char *id);

/** The plain sentence on a mechanism, finding or cause; NULL when there is none. */
const char *ag_view_summary(const ag_view *view, const char *id);

/** A finding that was used with its value, in the report's language. */
const char *ag_view_finding(const ag_view *view, const ag_finding_result *finding);

/** Any finding of his with its value, in the report's language. */
const char *ag_view_fact(const ag_view *view, const ag_finding_fact *fact);

/** Who he is: age and what is recorded of his causes. */
const char *ag_view_headline(const ag_view *view);

/** Whether it is the first entry of the record that names this present cause. */
bool ag_view_first_of_cause(const ag_patient *patient, int i);

/** The text of an unresolved pair: both, their joint probability, what tells, and the plan. */
const char *ag_view_unresolved(const ag_view *view, const ag_unresolved_result *pair);

/** "text: why; did you mean …". */
const char *ag_view_unused(const ag_view *view, const ag_unused *unused);

/** The entries that were not used: of the reading, then of the assessment. */
int ag_view_unused_count(const ag_view *view);
const ag_unused *ag_view_unused_at(const ag_view *view, int i);

/* ---- what is shown ---- */

/** Below this a mechanism or cause is summed up as "anything else". */
#define AG_SHOWN_LEAST 0.03

/** How many of the mechanisms, which are sorted, are shown; `rest` is the most probable other. */
int ag_view_mechanisms(const ag_view *view, double *rest);

/** How many of the causes, which are sorted, are shown. */
int ag_view_causes(const ag_view *view);

/** What fails beside the mechanisms, and "because of sertraline: 90 % (80–95)"; NULL where no cause
 * stands out. Borrowed until the view's arena is freed. */
const char *ag_view_beside(const ag_view *view, const ag_beside_result *beside);
const char *ag_view_beside_cause(const ag_view *view, const ag_beside_result *beside);

/** Findings that speak for (`sign` 1) or against (-1) the leading mechanism, the heaviest first,
 * into `out` (room for all findings). Returns how many are shown. */
int ag_view_findings(const ag_view *view, int sign, const ag_finding_result **out);

/** A finding below this probability, given all others, is said to surprise. */
#define AG_SURPRISING 0.02

/** "cloudy urine: expected in 1 % of men in whom all else is so"; NULL where it does not surprise.
 */
const char *ag_view_surprise(const ag_view *view, const ag_finding_result *finding);

/** What to say where the record holds nothing that bears on the question; NULL where it does. */
const char *ag_view_background(const ag_view *view);

/** Whether an entry says what the answer leaves out though he may have meant it to count: it cannot
 * be read, or was typed and is not known. Such entries stand above the answer. */
bool ag_view_missed(const ag_view *view, const ag_unused *unused);

/** The heading of these findings; it names the mechanism where that is not the most probable. */
const char *ag_view_findings_title(const ag_view *view, int sign);

/** How often the odds are doubled or halved by this weight, from 1 to 6. */
int ag_view_marks(double weight);

/* ---- sources ---- */

/** The publication of an evidence record: "Hellstrom WJ. J Urol 2006;…. PMID …" in `arena`. */
const char *ag_report_publication(const ag_evidence *evidence, ag_arena *arena);

/** The same, with a mark where the figure was not confirmed or not read again. */
const char *ag_report_citation(const ag_evidence *evidence, ag_arena *arena);

/** Move the text of a buffer to the heap for the caller; NULL when memory ran out. */
char *ag_report_take(ag_buffer *buffer);

#endif
