/* An irreducible set of findings that cannot be true together. */
#include <stdlib.h>
#include <string.h>

#include "network_query.h"

ag_status ag_query_conflict(ag_query *query, int *variables, int capacity, int *out_count,
                            ag_error *error) {
    *out_count = 0;
    int n = query->program->network->count;
    ag_status status = ag_query_run_evidence(query, error);
    if (status != AG_ERROR_IMPOSSIBLE)
        return status ? status
                      : ag_fail(error, AG_ERROR_ARGUMENT, "the evidence does not conflict");
    ag_evidence *all = malloc((size_t)n * sizeof *all);
    if (!all)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a conflict");
    memcpy(all, query->evidence, (size_t)n * sizeof *all);
    /* Leave out one finding after another; what makes the evidence possible goes back in. */
    for (int v = 0; v < n; v++) {
        if (all[v].kind != AG_EVIDENCE_STATE && all[v].kind != AG_EVIDENCE_LIKELIHOOD)
            continue;
        query->evidence[v].kind = AG_EVIDENCE_NONE;
        status = ag_query_run_evidence(query, error);
        if (status == AG_ERROR_IMPOSSIBLE)
            continue;
        if (status)
            break;
        query->evidence[v] = all[v];
        if (*out_count < capacity)
            variables[*out_count] = v;
        ++*out_count;
    }
    memcpy(query->evidence, all, (size_t)n * sizeof *all);
    free(all);
    if (status && status != AG_ERROR_IMPOSSIBLE)
        return status;
    if (*out_count > capacity)
        return ag_fail(error, AG_ERROR_ARGUMENT, "%d findings conflict; there is room for %d",
                       *out_count, capacity);
    return AG_OK;
}
