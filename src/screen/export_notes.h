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

/** Whether an entry of a Bundle asks for a deletion, as those of the list `deleted` of an export
 * do. */
bool ag_export_deletion(const ag_json_value *entry);

/** The resource that it asks to delete, as "Condition/17", in `out`. False where it does not name
 * one by type and id. */
enum { AG_EXPORT_NAME = 256 };
bool ag_export_deleted(const ag_json_value *entry, char out[AG_EXPORT_NAME]);

/** Whether an object that is no resource is what clients keep beside an export: its manifest, or an
 * event of their log. */
bool ag_export_note(const ag_json_value *object);

/** Whether a Patient says that another one replaces it (link of type replaced-by). */
bool ag_export_merged(const ag_json_value *patient);

#endif
