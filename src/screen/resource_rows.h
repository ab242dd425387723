/**
 * @file resource_rows.h
 * The rows that come of one resource of the line being read. They go to the reader's sorter;
 * AG_ERROR_IO and AG_ERROR_MEMORY are told in its `error`.
 */
#ifndef AG_RESOURCE_ROWS_H
#define AG_RESOURCE_ROWS_H

#include "line_reader.h"

/** Of a Patient. */
ag_status ag_rows_of_person(ag_line_reader *reader, const ag_json_value *patient);

/** Of a Medication: it waits for the join with its orders. */
ag_status ag_rows_of_medication(ag_line_reader *reader, const ag_json_value *medication);

/** Of a resource that may hold facts, its medication found by `resolve` (NULL: references to other
 * lines are left to the join). */
ag_status ag_rows_of_resource(ag_line_reader *reader, const ag_json_value *resource,
                              ag_fhir_resolve *resolve, void *resolve_data);

#endif
