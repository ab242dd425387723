/**
 * @file parameter_cache.h
 * The draws of parameters, made once per thread: a draw depends on the parameter alone. The scratch
 * memory of the thread's networks comes with it.
 */
#ifndef AG_PARAMETER_CACHE_H
#define AG_PARAMETER_CACHE_H

#include "antegrade/network.h"
#include "knowledge.h"

typedef struct ag_parameter_cache ag_parameter_cache;

/** An empty cache; caller frees with ag_parameter_cache_free. NULL when out of memory. */
ag_parameter_cache *ag_parameter_cache_new(void);
void ag_parameter_cache_free(ag_parameter_cache *cache);

/** Read from a table what quantiles it has, rather than making them. The table, which may be NULL,
 * is borrowed until the cache is freed. */
void ag_parameter_cache_read(ag_parameter_cache *cache, const ag_quantiles *quantiles);

/** The scratch memory of this cache, or of the one that its draws are taken from; borrowed until
 * that is freed. NULL when out of memory. */
ag_workspace *ag_parameter_cache_workspace(ag_parameter_cache *cache);

/** The first `count` of the draws that `order` names, taken from `source`, which is not itself a
 * chosen one: asked for `count` draws, it gives those. `order` is copied; `source` must live as
 * long. NULL when out of memory. */
ag_parameter_cache *ag_parameter_cache_new_chosen(ag_parameter_cache *source, const int *order,
                                                  int count);

/**
 * The AG_DRAWS draws of a parameter (of a chosen cache, those chosen), or with `draw_count` 1 its
 * central value; borrowed until the cache is freed. NULL when out of memory.
 */
const double *ag_parameter_cache_draws(ag_parameter_cache *cache, const ag_parameter *parameter,
                                       int draw_count);

/**
 * What is made of draws alone, kept along with them until they change (ag_parameter_cache_set,
 * ag_parameter_cache_hold) or the cache is freed. It is found by two addresses that are its own,
 * and by the number of draws. NULL where there is none.
 */
void *ag_parameter_cache_kept(const ag_parameter_cache *cache, const void *key, const void *also,
                              int draw_count);

/** Keep a thing, which the cache takes over and ends with `end`. False when out of memory; the
 * thing is then ended. */
bool ag_parameter_cache_keep(ag_parameter_cache *cache, const void *key, const void *also,
                             int draw_count, void *thing, void (*end)(void *thing));

/** From now on parameters give their central value as each of their draws. */
void ag_parameter_cache_hold(ag_parameter_cache *cache);

/** Whether the parameter was asked for, or set. */
bool ag_parameter_cache_has(const ag_parameter_cache *cache, const ag_parameter *parameter);

/** Have a parameter give these AG_DRAWS values instead of its own draws. False when out of memory.
 */
bool ag_parameter_cache_set(ag_parameter_cache *cache, const ag_parameter *parameter,
                            const double *values);

/**
 * Draw a probability row of `count` states into `out` ([state][draw]): parameters drawn
 * independently, scaled down where they sum to more than 1, the rest given to the state marked
 * AG_PARAMETER_REST. False when out of memory.
 */
bool ag_parameter_cache_row(ag_parameter_cache *cache, const ag_parameter *states, int count,
                            int draw_count, double *out);

#endif
