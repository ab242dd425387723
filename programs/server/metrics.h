/** @file metrics.h Counts of what was answered, for GET /metrics. May be used by all threads. */
#ifndef AG_METRICS_H
#define AG_METRICS_H

#include <stdatomic.h>

enum { AG_METRICS_ROUTES = 64, AG_METRICS_CLASSES = 6, AG_METRICS_BUCKETS = 12 };

typedef struct ag_metrics {
    /** By route (the last: none fitted) and first digit of the status. */
    atomic_ulong answers[AG_METRICS_ROUTES][AG_METRICS_CLASSES];
    atomic_ulong within[AG_METRICS_BUCKETS]; /**< answers by duration; the last is any */
    atomic_ulong microseconds;               /**< sum of durations */
    atomic_ulong handler_ns;                 /**< processor time of the handlers */
    atomic_ulong body_bytes, answer_bytes;
    atomic_ulong refused_busy;
    atomic_long in_flight;  /**< requests being answered */
    atomic_long held_bytes; /**< of bodies in memory */
} ag_metrics;

/** Count an answer. `route` is its index in the table; beyond it where none fitted. */
void ag_metrics_count(ag_metrics *metrics, int route, int status, double seconds);

/** The upper ends of the buckets in seconds; the last is infinite. */
extern const double ag_metrics_bounds[AG_METRICS_BUCKETS];

#endif
