/**
 * @file scenario.h
 * What a cause, a treatment or a state of a function does to the tract: rules read from
 * knowledge/tract, applied to men of tract.h. The tract itself never hears of causes.
 *
 *     ag_scenarios *all;
 *     ag_scenario_use use;
 *     if (ag_scenarios_open(&all, NULL, &error) == AG_OK &&
 *         ag_scenario_read(&use, all, AG_SCENARIO_CAUSE, "tamsulosin=0.4mg", &error) == AG_OK)
 *         ag_scenario_apply(&use, &man, 1, 0, 1, &error);
 */
#ifndef ANTEGRADE_SCENARIO_H
#define ANTEGRADE_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "antegrade/error.h"
#include "antegrade/tract.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ag_scenario_kind {
    AG_SCENARIO_CAUSE,
    AG_SCENARIO_TREATMENT,
    AG_SCENARIO_FUNCTION /**< a state of a function, named "emission=none" */
} ag_scenario_kind;

#define AG_SCENARIO_GIVEN 6

/** Something that may be stated about a cause: a dose, years. */
typedef struct ag_scenario_given {
    const char *name;
    const char *unit; /**< "1" a number, "yes/no" an answer */
    double usual, low, high;
} ag_scenario_given;

/** name = expression; the name is a tract parameter or, for later lines, a new word. */
typedef struct ag_scenario_rule {
    const char *name;
    const char *expression;
} ag_scenario_rule;

/** One cause, treatment or state of a function. */
typedef struct ag_scenario {
    ag_scenario_kind kind;
    const char *name;
    const char *state; /**< of a function; else "" */
    const char *summary;
    const char *reason;   /**< why these rules: what is assumed, and what it was set by */
    const char *evidence; /**< ids separated by blanks; "" when all is assumed */
    int given_count;
    ag_scenario_given given[AG_SCENARIO_GIVEN];
    int rule_count;
    const ag_scenario_rule *rules;
} ag_scenario;

typedef struct ag_scenarios ag_scenarios;

/** A scenario with what was stated about it. Borrows from the ag_scenarios it was read with. */
typedef struct ag_scenario_use {
    const ag_scenario *scenario;
    double given[AG_SCENARIO_GIVEN];
    unsigned stated; /**< bit i: given[i] was stated; the others are usual */
} ag_scenario_use;

/**
 * Read the rules: of `directory` (causes.yaml and functions.yaml in it), or those built in when
 * NULL. Every expression is tried once. Caller frees with ag_scenarios_free.
 */
ag_status ag_scenarios_open(ag_scenarios **out, const char *directory, ag_error *error);

/** NULL is allowed. */
void ag_scenarios_free(ag_scenarios *scenarios);

size_t ag_scenarios_count(const ag_scenarios *scenarios);

/** Number `i` in the order of the files; borrowed until the rules are freed. */
const ag_scenario *ag_scenarios_at(const ag_scenarios *scenarios, size_t i);

/**
 * Understand "NAME", "NAME=0.4mg", "NAME=20 years,autonomic=yes", or for a function
 * "emission=none". A value must have its unit. Errors: AG_ERROR_NAME (unknown; the nearest names,
 * or a function's states, are offered), AG_ERROR_VALUE.
 */
ag_status ag_scenario_read(ag_scenario_use *out, const ag_scenarios *scenarios,
                           ag_scenario_kind kind, const char *text, ag_error *error);

/**
 * Understand "PARAMETER=VALUE", such as "neck_strength=0.1" or "prostate_ml=2 mL"; the unit may be
 * left out. Errors: AG_ERROR_NAME (unknown; the nearest is offered), AG_ERROR_VALUE (not a number,
 * another unit, or outside the allowed range, which is told).
 */
ag_status ag_scenario_read_parameter(ag_tract_parameter *parameter, double *value, const char *text,
                                     ag_error *error);

/**
 * Change `man` as the scenario says. Random terms are a pure function of (seed, number, scenario,
 * word); with `typical` not 0 each takes its median instead. Values are cut to what the tract
 * allows.
 */
ag_status ag_scenario_apply(const ag_scenario_use *use, ag_tract_man *man, uint64_t seed,
                            uint64_t number, int typical, ag_error *error);

#ifdef __cplusplus
}
#endif
#endif
