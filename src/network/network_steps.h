/** @file network_steps.h The steps of a run, shared by single queries and batches. */
#ifndef AG_NETWORK_STEPS_H
#define AG_NETWORK_STEPS_H

#include "network_query.h"

/** Set `query->patterns` from the evidence; `sliced` cuts hard evidence out of the tables. */
void ag_step_find_patterns(ag_query *query, bool sliced);

/** What a program is to give. */
typedef enum ag_wanted {
    AG_WANTED_BELIEFS,  /**< P(evidence) and the marginals asked for; nothing else is computed */
    AG_WANTED_EVIDENCE, /**< P(evidence) */
    AG_WANTED_ALL       /**< as the first, of all variables together */
} ag_wanted;

/** The program for `query->patterns`, compiled if it is not kept. Borrowed until the next run. */
ag_status ag_step_obtain(ag_query *query, bool lanes, ag_wanted wanted, ag_flat **out,
                         ag_error *error);

/** The program for the evidence: the fixed one, or one of its own where that is expected to pay. */
ag_status ag_step_choose(ag_query *query, ag_wanted wanted, const ag_flat **out, ag_error *error);

/** Make the block large enough. */
ag_status ag_step_reserve(ag_query *query, const ag_flat *plan, ag_error *error);

/** Find where tables are cut and load what all lanes share. */
void ag_step_begin(ag_query *query, const ag_flat *plan);

/** Set where tables are cut, without loading. */
void ag_step_find_values(ag_query *query, const ag_flat *plan);

/** Load the tables of a list, lanes from `first_draw` on. */
void ag_step_load(ag_query *query, const ag_flat *plan, const ag_op_list *list, size_t first_draw);

void ag_step_load_likelihoods(ag_query *query, const ag_flat *plan, size_t first_draw);

/** Where messages must be brought back to size one. */
typedef enum ag_depth {
    AG_DEPTH_SHALLOW,   /**< nowhere */
    AG_DEPTH_DEEP,      /**< where the program says so */
    AG_DEPTH_EVERYWHERE /**< after every operation: likelihoods span a very wide range */
} ag_depth;

ag_depth ag_step_depth(const ag_query *query, const ag_flat *plan);

/** After a way up that was brought back nowhere: is P(evidence) so large in all lanes that whatever
 * fell below the range of doubles on the way cannot count? */
bool ag_step_in_range(const ag_query *query, const ag_flat *plan);

/** Run a list of operations; exponents taken out of messages are added to `exponents` (by lane; may
 * be NULL). */
void ag_step_run(ag_query *query, const ag_flat *plan, const ag_op_list *list, ag_depth depth,
                 double *exponents);

/** The natural logarithm of P(evidence) of the first `lanes` lanes; `roots` are the plan's, or
 * those of its lists. */
void ag_step_finish(ag_query *query, const ag_flat *plan, size_t first_draw, size_t lanes,
                    const double *exponents, const size_t *roots, double *log_evidence);

#endif
