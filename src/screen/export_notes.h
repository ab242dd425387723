/**
 * @file export_notes.h
 * What an export says of itself: what could not be exported, was deleted since, or was merged.
 */
#ifndef AG_EXPORT_NOTES_H
#define AG_EXPORT_NOTES_H

#include <stdbool.h>

#include "json.h"

/** Whether a resource is an OperationOutcome that tells of an error (severity fatal or error); then
 * `text` is what it says, borrowed. */
bool ag_export_error(const ag_json_value *resource, const char **text);

/** How many resources a Bundle tells to be deleted, as the list `deleted` of an export does. 0 of a
 * history, whose deletions are heeded. */
long long ag_export_deletions(const ag_json_value *bundle);

/** Whether an object that is no resource is what clients keep beside an export: its manifest, or an
 * event of their log. */
bool ag_export_note(const ag_json_value *object);

/** Whether a Patient says that another one replaces it (link of type replaced-by). */
bool ag_export_merged(const ag_json_value *patient);

#endif
