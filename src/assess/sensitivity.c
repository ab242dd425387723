/*
 * The network answers for AG_DRAWS sets of numbers side by side. Here each set is the central
 * values but for one number: lane 0 moves none, lanes 2 i + 1 and 2 i + 2 have number i of a batch
 * at its ends.
 */
#include "sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include "assessment.h"

#include "beta.h"
#include "fitting.h"
#include "random.h"

enum { BATCH = (AG_DRAWS - 1) / 2 };

static const double ENDS[] = {0.025, 0.975};

static double end_of(const ag_parameter *p, int end) {
    if (p->kind == AG_PARAMETER_EXACT || p->kind == AG_PARAMETER_REST)
        return ag_parameter_draw(p, -1);
    if (p->kind == AG_PARAMETER_BETA)
        return ag_beta_quantile(p->a, p->b, ENDS[end]);
    double x = p->a + p->b * ag_normal_quantile(ENDS[end]);
    return p->kind == AG_PARAMETER_LOGNORMAL ? exp(x) : x;
}

/* A cache that holds all numbers, but moves those of one batch. */
static ag_parameter_cache *held_but(const ag_parameter *const *parameters, const int *batch,
                                    int size) {
    ag_parameter_cache *cache = ag_parameter_cache_new();
    double lanes[AG_DRAWS];
    if (cache != NULL)
        ag_parameter_cache_hold(cache);
    for (int i = 0; i < size && cache != NULL; i++) {
        const ag_parameter *p = parameters[batch[i]];
        for (int d = 0; d < AG_DRAWS; d++)
            lanes[d] = ag_parameter_draw(p, -1);
        lanes[2 * i + 1] = end_of(p, 0);
        lanes[2 * i + 2] = end_of(p, 1);
        if (!ag_parameter_cache_set(cache, p, lanes)) {
            ag_parameter_cache_free(cache);
            cache = NULL;
        }
    }
    return cache;
}

/* P(mechanism) of each lane; possible lanes come packed. */
static ag_status answer(ag_posterior *posterior, const ag_knowledge *knowledge, int mechanism,
                        double *lanes, ag_error *error) {
    double packed[AG_DRAWS];
    int count, next = 0;
    ag_status status =
        ag_posterior_mechanism(posterior, knowledge, mechanism, packed, &count, error);
    for (int d = 0; d < AG_DRAWS; d++)
        lanes[d] = !isinf(posterior->log_evidence[d]) && next < count ? packed[next++] : NAN;
    return status;
}

/* What is asked, of whom. */
typedef struct question {
    const ag_knowledge *knowledge;
    const ag_situation *situation;
    int mechanism;
    const ag_parameter *const *parameters;
} question;

static ag_status run(const question *q, ag_parameter_cache *cache, double *lanes, ag_error *error) {
    ag_posterior posterior;
    ag_status status =
        ag_posterior_open(&posterior, q->knowledge, q->situation, AG_DRAWS, cache, error);
    if (status == AG_OK)
        status = answer(&posterior, q->knowledge, q->mechanism, lanes, error);
    ag_posterior_close(&posterior);
    return status;
}

static ag_status run_batch(const question *q, const int *batch, int size, ag_swing *out,
                           ag_error *error) {
    double lanes[AG_DRAWS];
    ag_parameter_cache *cache = held_but(q->parameters, batch, size);
    if (cache == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = run(q, cache, lanes, error);
    ag_parameter_cache_free(cache);
    for (int i = 0; i < size && status == AG_OK; i++)
        out[batch[i]] = (ag_swing){lanes[2 * i + 1], lanes[2 * i + 2]};
    return status;
}

/* Numbers that the network does not ask for move nothing. */
static ag_status run_all(const question *q, int count, double *central, ag_swing *out,
                         ag_error *error) {
    double lanes[AG_DRAWS];
    int batch[BATCH], size = 0;
    ag_parameter_cache *asked = held_but(q->parameters, NULL, 0);
    if (asked == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = run(q, asked, lanes, error);
    *central = status == AG_OK ? lanes[0] : NAN;
    for (int i = 0; i < count && status == AG_OK; i++) {
        out[i] = (ag_swing){*central, *central};
        if (ag_parameter_cache_has(asked, q->parameters[i]))
            batch[size++] = i;
        if (size == BATCH || (i + 1 == count && size > 0)) {
            status = run_batch(q, batch, size, out, error);
            size = 0;
        }
    }
    ag_parameter_cache_free(asked);
    return status;
}

ag_status ag_assess_swings(ag_session *session, const ag_patient *patient, int mechanism,
                           const ag_parameter *const *parameters, int count, double *central,
                           ag_swing *out, ag_error *error) {
    ag_arena *arena = ag_arena_new();
    ag_man_situation *man =
        arena != NULL ? ag_man_situation_fitting(patient, session->cache, arena) : NULL;
    ag_status status;
    *central = NAN;
    if (man != NULL) {
        question q = {session->engine->knowledge, &man->situation, mechanism, parameters};
        status = run_all(&q, count, central, out, error);
    } else {
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    ag_arena_free(arena);
    return status;
}
