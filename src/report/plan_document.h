/** @file plan_document.h The plan as parts of a document, for the clinician and for the man. */
#ifndef AG_PLAN_DOCUMENT_H
#define AG_PLAN_DOCUMENT_H

#include "document.h"
#include "report_parts.h"

/** Red flags of this man, for the clinician; they stand before all else. Empty where there are
 * none. */
ag_document ag_flags_document(const ag_view *view);

/** The same for the man, added to his document. */
void ag_flags_for_patient(ag_document *document, const ag_view *view);

/** For the clinician, as a document of its own, empty where there is no plan: next tests, options
 * with odds and doses, chances of a child. Its sources are numbered behind the assessment's.
 */
ag_document ag_plan_document(const ag_view *view);

/** The same for the man: frequencies, no doses, no order, nothing that stands under a refusal. */
void ag_plan_for_patient(ag_document *document, const ag_view *view);

/** "refused: ", "not yet: ", or nothing: what stands before what is so. */
const char *ag_plan_standing_text(const ag_view *view, ag_plan_effect effect);

/**
 * What an option is called before the man; NULL where it is not told him. Whatever withdraws a
 * medicine is one thing for him, and so are all medicines that may be given: which, is the doctor's
 * to say. Borrowed from the view's arena.
 */
const char *ag_plan_plain_name(const ag_view *view, const ag_plan_option *option);

#endif
