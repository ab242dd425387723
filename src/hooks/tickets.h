/**
 * @file tickets.h
 * Things that are known by a name for a while: tokens that were seen, launches under way, records
 * that wait to be shown. All threads may use them.
 */
#ifndef AG_TICKETS_H
#define AG_TICKETS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ag_tickets ag_tickets;

/** Room for `most` tickets with `most_bytes` of values. When full, those that end first make room
 * where `forget` is set; else no further one is taken. NULL when out of memory. */
ag_tickets *ag_tickets_new(int most, size_t most_bytes, bool forget);

/** Free all. NULL is allowed. */
void ag_tickets_free(ag_tickets *tickets);

/**
 * Keep a copy of `value` under `name` until the time `until`, in seconds, of which `now` is the
 * present. False when the name is taken, when there is no room, or when memory runs out.
 */
bool ag_tickets_put(ag_tickets *tickets, const char *name, const char *value, double now,
                    double until);

/** Take what is kept under `name`: it is gone then. Caller frees with free(). NULL when there is
 * nothing, or no longer. */
char *ag_tickets_take(ag_tickets *tickets, const char *name, double now);

#endif
