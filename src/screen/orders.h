/** @file orders.h Orders that refer to a Medication on another line, joined with it by threads. */
#ifndef AG_ORDERS_H
#define AG_ORDERS_H

#include "deletions.h"
#include "join.h"

/** What came of the orders: rows of patients. */
typedef struct ag_orders ag_orders;

/**
 * Take the rows of class AG_ROW_MEDICATION, which must be the next of the merge, and let the rows
 * that come of them take part in it. Caller frees `*out` with ag_orders_free, whatever the status,
 * but after the merge; NULL where there are none. AG_ERROR_IO, AG_ERROR_SYNTAX (rows that cannot
 * be), AG_ERROR_MEMORY.
 */
ag_status ag_orders_resolve(ag_orders **out, ag_merge *merge, const ag_join_options *options,
                            const ag_deletions *deletions, ag_error *error);
void ag_orders_free(ag_orders *orders);

#endif
