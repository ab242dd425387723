/* How much of a man's past can be computed with. */
#include "fitting.h"

#include <string.h>

#include "imagined.h"
#include "posterior.h"

/* Of one draw, so that the 256 of today and the 32 of an imagined day take some 100 MiB and a
 * second or so. */
static const size_t TODAY_LIMIT = (size_t)512 << 10;
static const size_t IMAGINED_LIMIT = (size_t)1 << 20;

static bool today_fits(const ag_knowledge *knowledge, const ag_situation *base,
                       ag_parameter_cache *cache) {
    ag_posterior today = {0};
    ag_situation situation = *base;
    situation.memory_limit = TODAY_LIMIT;
    ag_status status = ag_posterior_prepare(&today, knowledge, &situation, 1, cache, NULL);
    if (status == AG_OK)
        status = ag_query_fit(today.query, NULL);
    ag_posterior_close(&today);
    return status != AG_ERROR_TOO_LARGE;
}

/* The largest of all imagined days: none of the recorded causes acts, and all that a plan wants to
 * know of it is asked. */
static bool imagined_fits(const ag_knowledge *knowledge, const ag_situation *base,
                          ag_parameter_cache *cache, ag_arena *arena) {
    int epochs = base->epoch_count;
    const double **activity = ag_arena_array(arena, (size_t)epochs + 1, sizeof *activity);
    double *none = ag_arena_array(arena, (size_t)knowledge->cause_count, sizeof *none);
    int asked[] = {ag_knowledge_variable(knowledge, "forward-volume"),
                   ag_knowledge_variable(knowledge, "forward-sperm")};
    if (activity == NULL || none == NULL || asked[0] < 0 || asked[1] < 0)
        return true;
    memcpy(activity, base->activity, (size_t)epochs * sizeof *activity);
    for (int c = 0; c < knowledge->cause_count; c++)
        none[c] = base->causes[c].exposure == AG_EXPOSURE_PRESENT ? 0 : 1;
    activity[epochs] = none;
    ag_situation situation = *base;
    situation.activity = activity;
    situation.epoch_count = epochs + 1;
    situation.imagined_epoch = epochs;
    situation.imagined_variable = asked[0];
    situation.imagined_also = (ag_indices){&asked[1], 1};
    situation.memory_limit = IMAGINED_LIMIT;
    ag_posterior world = {0};
    ag_status status = ag_imagined_open(&world, knowledge, &situation, true, 1, cache, NULL);
    int nodes[2];
    for (int i = 0; i < 2 && status == AG_OK; i++)
        nodes[i] = ag_imagined_node(&world, &situation, true, asked[i]);
    if (status == AG_OK)
        status = ag_query_ask(world.query, nodes, 2, NULL);
    if (status == AG_OK)
        status = ag_query_fit(world.query, NULL);
    ag_posterior_close(&world);
    return status != AG_ERROR_TOO_LARGE;
}

ag_man_situation *ag_man_situation_fitting(const ag_patient *patient, ag_parameter_cache *cache,
                                           ag_arena *arena) {
    const ag_knowledge *knowledge = patient->knowledge;
    for (int past = AG_PAST_EPOCHS;; past--) {
        ag_man_situation *man = ag_man_situation_of(patient, NULL, past, arena);
        if (man == NULL || man->situation.epoch_count == 1)
            return man;
        past = man->past_epochs = man->situation.epoch_count - 1;
        if (today_fits(knowledge, &man->situation, cache) &&
            imagined_fits(knowledge, &man->situation, cache, arena))
            return man;
    }
}
