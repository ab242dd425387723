#include "metrics.h"

#include <math.h>

const double ag_metrics_bounds[AG_METRICS_BUCKETS] = {0.001, 0.005, 0.01, 0.05, 0.1, 0.25,
                                                      0.5,   1,     2.5,  5,    10,  HUGE_VAL};

void ag_metrics_count(ag_metrics *m, int route, int status, double seconds) {
    int row = route < AG_METRICS_ROUTES - 1 ? route : AG_METRICS_ROUTES - 1;
    int digit = status / 100 < AG_METRICS_CLASSES ? status / 100 : AG_METRICS_CLASSES - 1;
    int bucket = 0;
    while (seconds > ag_metrics_bounds[bucket])
        bucket++;
    atomic_fetch_add(&m->answers[row][digit], 1);
    atomic_fetch_add(&m->within[bucket], 1);
    atomic_fetch_add(&m->microseconds, (unsigned long)(seconds * 1e6));
}
