/**
 * @file fitting.h
 * How much of a man's past can be computed with.
 *
 * A sample or finding of a day on which other causes acted than today has functions of its own, and
 * each such day multiplies the network. The most days that fit are taken, the latest first.
 */
#ifndef AG_FITTING_H
#define AG_FITTING_H

#include "antegrade/error.h"
#include "man_situation.h"
#include "parameter_cache.h"

/** The situation of a man with as much of his past as fits, in `arena`; NULL when out of memory. */
ag_man_situation *ag_man_situation_fitting(const ag_patient *patient, ag_parameter_cache *cache,
                                           ag_arena *arena);

#endif
