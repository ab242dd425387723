/**
 * @file simulate_job.h
 * One man or many, before and after causes, treatments and parameters: what `antegrade simulate`
 * prints and the server answers.
 */
#ifndef AG_SIMULATE_JOB_H
#define AG_SIMULATE_JOB_H

#include <stdbool.h>
#include <stdio.h>

#include "antegrade/scenario.h"

enum { AG_SIMULATE_CHANGES = 32, AG_SIMULATE_MEN = 10000000 };

/** A parameter that is set, or a scenario. */
typedef struct ag_simulate_change {
    bool is_set;
    ag_tract_parameter parameter;
    double value;
    ag_scenario_use use;
} ag_simulate_change;

typedef struct ag_simulate_job {
    const char *format; /**< "text", "json", "svg", "html" or "csv" */
    ag_simulate_change changes[AG_SIMULATE_CHANGES];
    int change_count;
    char title[400]; /**< "after TURP", in the words of the changes, with what they leave to the
                        usual: "after tamsulosin (dose 0.4 mg)"; "" for none */
    size_t men;      /**< 0: the typical man; else that many virtual men, AG_SIMULATE_MEN at most */
    uint64_t seed;
    ag_tract_options run;
} ag_simulate_job;

/** No change, one man, seed 1. */
ag_simulate_job ag_simulate_job_defaults(void);

/** Add a scenario, as ag_scenario_read understands it; `rules` is borrowed until the job is done.
 * AG_ERROR_NAME: named twice; AG_ERROR_TOO_LARGE: more than AG_SIMULATE_CHANGES; else as
 * ag_scenario_read. */
ag_status ag_simulate_job_add(ag_simulate_job *job, const ag_scenarios *rules,
                              ag_scenario_kind kind, const char *text, ag_error *error);

/** Set a parameter: "neck_strength=0.1"; fails as ag_simulate_job_add and
 * ag_scenario_read_parameter. */
ag_status ag_simulate_job_set(ag_simulate_job *job, const char *text, ag_error *error);

/** Apply the changes to a man: number `number` of a population, or the typical one. Causes come
 * first, then states of functions, then treatments, last what is set: each kind in the order in
 * which it was added. */
ag_status ag_simulate_job_change(const ag_simulate_job *job, ag_tract_man *man, uint64_t number,
                                 bool typical, ag_error *error);

/** Run it and write the result, with shorter steps where the parameters ask for them.
 * AG_ERROR_UNSUPPORTED: a picture of many men. */
ag_status ag_simulate_job_run(FILE *out, const ag_simulate_job *job, ag_error *error);

#endif
