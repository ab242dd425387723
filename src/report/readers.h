/** @file readers.h The documents for the man himself and for the laboratory. */
#ifndef AG_READERS_H
#define AG_READERS_H

#include "document.h"
#include "report_parts.h"

/**
 * The man's own report: plain words, frequencies instead of percents. It never tells him to start,
 * stop or skip a medicine, names no dose, and judges nothing.
 */
void ag_patient_document(ag_document *document, const ag_view *view);

/** The laboratory's: how to retrieve sperm from this man's urine, or why there is none to retrieve.
 */
void ag_laboratory_document(ag_document *document, const ag_view *view);

/** The document for a reader other than the clinician. */
void ag_reader_document(ag_document *document, const ag_view *view, ag_reader reader);

/** "about 9 of 10", "fewer than 1 of 10", "more than 9 of 10". */
const char *ag_frequency(const ag_view *view, double p);

#endif
