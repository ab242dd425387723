/**
 * @file learning.h
 * Updating the counts behind the cards from a site's own resolved cases.
 *
 * What can be learned is a row of probabilities: of a finding, given the state that its row names;
 * where the cases are all men who were exposed, of a cause's effect on a function; and where they
 * are an unselected sample of men, of a cause's presence in an age group. Each probability is
 * Beta(a, b); the cases add to a the expected number of times that the state was there, and to b
 * that another state of the row was (EM: Dempster, Laird and Rubin 1977; for networks Lauritzen
 * 1995, doi 10.1016/0167-9473(93)E0056-A). The expectation is exact: the derivative of log P(case)
 * by the logarithm of a probability is the expected count.
 *
 * The median of a measured quantity, given the state that its row names, is learned too: its
 * logarithm (or, for the normal family, the value itself) has the distribution N(a, b^2), each case
 * adds its value with the probability that the row was its own, and the spread between men stands.
 */
#ifndef AG_LEARNING_H
#define AG_LEARNING_H

#include "belief.h"
#include "resolved.h"
#include "scoring.h"
#include "sheet.h"

enum {
    AG_LEARN_LEAST = 25,    /**< cases */
    AG_LEARN_ROW_LEAST = 5, /**< expected men of a row before it is written */
    AG_LEARN_FOLDS = 5
};

typedef enum ag_learn_kind {
    AG_LEARN_FINDING, /**< the states of a finding */
    AG_LEARN_MEDIAN,  /**< of a measured quantity */
    AG_LEARN_EFFECT,  /**< of a cause on a function */
    AG_LEARN_PRIOR    /**< of a cause from an age on */
} ag_learn_kind;

/** One row of numbers. */
typedef struct ag_learn_row {
    ag_learn_kind kind;
    ag_card card;
    int finding;                /**< index into the findings, or -1, and then … */
    int cause, variant, action; /**< … an action of a cause, or a prior */
    int row;                    /**< of the finding, or of the priors */
    const ag_texts *names;      /**< of the states; "absent", "present"; "median" */
    const ag_parameter *states; /**< see ag_learn_number */
    const ag_measure *measure;  /**< medians */
    int rest;                   /**< the state that takes what the others leave; -1: none */
    /** Expected men in each state; of a median the sum of the (transformed) values, then the men.
     */
    double count[AG_MAX_STATES];
    double total; /**< expected men of the row */
} ag_learn_row;

typedef struct ag_learn_rows {
    ag_learn_row *items;
    int count;
} ag_learn_rows;

/** The probabilities of all rows, [row][AG_MAX_STATES]; of a median its transformed value. */
typedef double (*ag_learn_values)[AG_MAX_STATES];

typedef struct ag_learner {
    const ag_knowledge *knowledge;
    ag_arena *arena;
    ag_vocabulary *vocabulary;
    ag_learn_rows rows;
    bool causes; /**< learn effects of causes too */
    bool priors; /**< and how common they are */
    ag_error *error;
} ag_learner;

struct ag_learning {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    const char *site;
    int case_count;
    ag_learn_rows rows;
    int written;        /**< rows with AG_LEARN_ROW_LEAST men */
    int iterations;     /**< of EM over all cases */
    ag_scored log_gain; /**< log score of the old numbers less that of the learned, per case */
    ag_scored brier_gain;
    double log_before, log_after;
    bool causes, priors;
};

/** The number of a state of a row. */
const ag_parameter *ag_learn_number(const ag_learn_row *row, int state);

/** Whether it is written anew: its row rests on enough men, and it has a distribution. */
bool ag_learn_is_written(const ag_learn_row *row, int state);

/** A distribution that was learned: Beta(a, b), or of a median N(a, b^2) of its transformed value.
 */
typedef struct ag_learned {
    double a, b;
    double value, low, high; /**< mean or median, and 95 % interval, in the card's unit */
} ag_learned;
ag_learned ag_learn_result(const ag_learn_row *row, int state);

/** The mean of a median's transformed value, after men whose transformed values sum to `sum`. */
double ag_learn_centre(const ag_learn_row *row, double sum, double men);

/** The transformed value of a median (its logarithm, or itself), and back. */
double ag_learn_transformed(const ag_learn_row *row, double value);
double ag_learn_restored(const ag_learn_row *row, double transformed);

/** All rows that could be learned; in the arena. */
ag_status ag_learn_rows_of(ag_learner *learner);

/** The central values of the rows, as the cards have them. */
void ag_learn_start(const ag_learner *learner, ag_learn_values values);

/**
 * Add the expected counts of one case (with its diagnosis and what settled it) under `values` to
 * `count` and `total` of the rows.
 */
ag_status ag_learn_count(ag_learner *learner, const ag_resolved *resolved,
                         const double (*values)[AG_MAX_STATES], ag_learn_values count);

/**
 * EM over the cases whose `fold` is not `left_out` (-1: over all). `values` is set, and the counts
 * of the last step stay in the rows. `iterations` (may be NULL): how many it took.
 */
ag_status ag_learn_fit(ag_learner *learner, const ag_resolved_list *cases, const int *fold,
                       int left_out, ag_learn_values values, int *iterations);

/** A believer whose numbers have their central values; its cache is the caller's to free. */
ag_status ag_learn_believer(ag_learner *learner, ag_believer *out);

/** Log and Brier score of one case, without what was held back, by the cards ([0]) and by `values`
 * ([1]), at central values. */
ag_status ag_learn_score(ag_learner *learner, const ag_resolved *resolved,
                         const double (*values)[AG_MAX_STATES], double log[2], double brier[2]);

#endif
