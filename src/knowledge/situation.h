/**
 * @file situation.h
 * What the model builder needs to know of a man: his causes, the dates that matter, samples,
 * observations.
 *
 * An epoch is a date at which findings were made, or an imagined state of affairs (without one
 * medicine). Epoch 0 is the day of the assessment. A cause acts in an epoch with a probability, its
 * activity.
 */
#ifndef AG_SITUATION_H
#define AG_SITUATION_H

#include "knowledge.h"

typedef enum ag_exposure {
    AG_EXPOSURE_UNKNOWN, /**< the record is silent: prior by age */
    AG_EXPOSURE_PRESENT, /**< recorded */
    AG_EXPOSURE_ABSENT   /**< stated absent, or left out of a complete list */
} ag_exposure;

typedef struct ag_situation_cause {
    ag_exposure exposure;
    const double *variant_weights; /**< one per variant, summing to 1; NULL: the card's shares */
} ag_situation_cause;

/** An observation of a finding: a state, or for quantities a value or range in the card's unit. */
typedef struct ag_observation {
    int finding; /**< index into the knowledge's findings */
    int epoch;
    int sample; /**< index into the situation's samples, or -1 */
    int state;  /**< -1 for quantities, and for findings that are included without being observed */
    bool observed;
    double low, high;
} ag_observation;

typedef struct ag_situation_sample {
    int epoch;
    /** Likelihood of what is known of its collection and abstinence, one per state; NULL when
     * unknown. */
    const double *collection;
    const double *abstinence;
} ag_situation_sample;

/** When the complaint would have begun through one cause, against the time at which it began. */
typedef struct ag_onset_odds {
    double later, within, earlier; /**< probabilities, summing to 1 */
} ag_onset_odds;

/** What an event makes of one function. */
typedef struct ag_change {
    int function;     /**< variable */
    const int *after; /**< [state before][outcome of the event] */
} ag_change;

/**
 * Something that happens in an imagined epoch, such as the response to a treatment: one of several
 * outcomes, each of which sends the states of functions to other states. An intervention
 * do(function = state) is an event of one outcome, whose probability is not read.
 */
typedef struct ag_event {
    int outcome_count;
    const double *p; /**< [outcome][draw] */
    int draw_count;  /**< 1, or that of the network */
    const ag_change *changes;
    int change_count;
} ag_event;

/** That two variables are, today, each in one of some states (a bit each): a question about both.
 */
typedef struct ag_both {
    int variable[2];
    uint32_t states[2];
} ag_both;

typedef struct ag_situation {
    double age_years;                 /**< NaN when unknown: priors of middle age are used */
    const ag_situation_cause *causes; /**< one per cause of the knowledge */
    int epoch_count;                  /**< at least 1 */
    /** An imagined epoch, and the variable that is asked for in it; -1 when there is none. */
    int imagined_epoch;
    int imagined_variable;
    ag_indices imagined_also; /**< further variables that are asked for in it */
    /** Add the node that says whether any function differs between today and the imagined epoch. */
    bool asks_change;
    bool asks_today;     /**< the variables above are asked for today instead */
    const ag_both *both; /**< asked for besides, where no epoch is imagined */
    int both_count;
    bool only_mechanisms;   /**< of today nothing but the mechanisms and the causes is asked for */
    const ag_event *events; /**< that happen in it, in this order */
    int event_count;
    const double *const *activity; /**< [epoch][cause], 0 to 1 */
    const ag_situation_sample *samples;
    int sample_count;
    int semen_count; /**< so many of them are of semen, and come first, the latest first */
    const ag_observation *observations;
    int observation_count;
    const ag_onset_odds *onset; /**< one per cause; NULL when the time of onset is unknown */
    size_t memory_limit; /**< most bytes that its network may need; 0: as many as any query */
} ag_situation;

#endif
