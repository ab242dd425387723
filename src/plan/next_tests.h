/** @file next_tests.h What the steps that rank tests work on: which findings could be had
 * (next_tests_asked.c), what they tell (next_tests_information.c), what they are worth for the
 * decision (next_tests_worth.c), and the plan's items (next_tests_items.c). */
#ifndef AG_NEXT_TESTS_H
#define AG_NEXT_TESTS_H

#include "plan_work.h"

enum { AG_MOST_CLASSES = 8, AG_MOST_MECHANISMS = 48 };

/** Results that are less probable do not count. */
static const double AG_LEAST_CHANCE = 1e-9;

/* One finding that could be had, and its results: each an unobserved observation of the network
 * (quantities: one per class), or a state of a single one. */
typedef struct ag_asked {
    int test;
    int finding;
    bool repeat;
    int class_count;
    int observation[AG_MOST_CLASSES];
    int state[AG_MOST_CLASSES]; /* of the observation's node */
    double low[AG_MOST_CLASSES], high[AG_MOST_CLASSES];
    double p[AG_MOST_CLASSES];
    double given_mechanism[AG_MOST_CLASSES][AG_MOST_MECHANISMS]; /* P(s | m) */
    double bits, value;
    int best[AG_MOST_CLASSES]; /* candidate that is best given the result */
} ag_asked;

/* What a branch of a treatment is worth after each result: [class of all asked]. */
typedef struct ag_branch_worth {
    ag_imagination imagined;
    ag_branch branch;
    double *utility;
    struct ag_branch_worth *next;
} ag_branch_worth;

typedef struct ag_testing {
    ag_planning *p;
    ag_arena *arena;
    ag_situation situation; /* with the unobserved findings */
    ag_observation *observations;
    ag_asked *asked;
    int asked_count;
    double *mechanism; /* P(m), 0 where it does not apply */
    double *utility;   /* [class of all asked][candidate], sums over outcomes */
    int class_total;
    const int *tests; /* of the group */
    int test_count;
    const int *findings; /* the one finding that is asked of each test; NULL: all of them. `tests`
                            is then NULL where no test is meant */
    double log_evidence;
    ag_branch_worth *worths;
    ag_posterior today;
} ag_testing;

/** The network of a group of tests, not yet run. To be ended with ag_testing_close whatever the
 * status. */
ag_status ag_testing_open(ag_planning *p, const int *tests, const int *findings, int count,
                          ag_testing *t);
void ag_testing_close(ag_testing *t);

/** A finding with few parents, none of them a cause, hardly enlarges the network. */
bool ag_testing_is_light(const ag_knowledge *knowledge, int finding);

/** Choose the findings of the group's tests and add them to the situation, not observed. False: out
 * of memory. */
bool ag_testing_ask(ag_testing *t);

/** P(result of class c | what is entered), after a run. */
double ag_testing_chance(const ag_posterior *posterior, const ag_asked *a, int c);

/** Enter what says nothing at a node that will be entered later. */
ag_status ag_testing_leave_open(ag_planning *p, ag_posterior *posterior, int node);
ag_status ag_testing_run_with(ag_planning *p, ag_posterior *posterior, int node,
                              const double *likelihood);

/** P(result) and P(mechanism) as things stand. */
ag_status ag_testing_run_today(ag_testing *t);

/** The same, P(result | mechanism), and the bits of each finding. */
ag_status ag_testing_run_mechanisms(ag_testing *t);

/** What the best options are worth after each result; needs ag_testing_run_today. */
ag_status ag_testing_run_candidates(ag_testing *t);
void ag_testing_set_values(ag_testing *t);

/** The best candidate before any result; `first` is the finding's first class. */
int ag_testing_best_now(const ag_testing *t, const ag_asked *a, int first);

/** Where class c stands among the item's results: a finding before its absence. */
int ag_testing_place(const ag_knowledge *knowledge, const ag_asked *a, int c);

/** An item of the plan for each test of the group: its most telling finding. */
ag_status ag_testing_add_items(ag_testing *t);

/** An item for each test without findings that is due. */
ag_status ag_testing_add_due(ag_planning *p);
void ag_testing_set_net(const ag_planning *p, ag_plan_test *item);

#endif
