/** @file assessment.h The result of an assessment, and the steps that fill it. */
#ifndef AG_ASSESSMENT_H
#define AG_ASSESSMENT_H

#include "posterior.h"

struct ag_engine {
    const ag_knowledge *knowledge;
};

struct ag_session {
    const ag_engine *engine;
    ag_parameter_cache *cache;
};

/** Give back scratch memory beyond what most men need. */
void ag_session_trim(ag_session *session);

struct ag_assessment {
    ag_arena *arena;
    ag_mechanism_result *mechanisms;
    int mechanism_count;
    ag_cause_result *causes;
    int cause_count;
    ag_beside_result *beside;
    int beside_count;
    ag_finding_result *findings;
    int finding_count;
    ag_unresolved_result *unresolved;
    int unresolved_count;
    ag_expected_result *expected;
    int expected_count;
    int leading[AG_LEADING_MECHANISMS]; /* indices into mechanisms */
    int leading_count;
    const char **sources;
    int source_count;
    double log_evidence;
    ag_estimate routes[AG_SEMEN_ROUTES];
    const ag_patient *patient; /* borrowed */
    ag_man_situation *man;
    ag_posterior today; /* all draws; settled once the assessment is made */
};

/** What the steps work on. */
typedef struct ag_assessing {
    ag_session *session;
    const ag_knowledge *knowledge;
    const ag_patient *patient;
    ag_assessment *result;
    ag_man_situation *man;
    int *summed; /* [cause result]: links that its probability was summed over */
    bool brief;
    ag_error *error;
} ag_assessing;

/** Add to the situation what the routes need to know, before the network is built. */
ag_status ag_assess_ask_routes(ag_assessing *a);

/* Each step fills its part of the result, in this order. */
ag_status ag_assess_mechanisms(ag_assessing *a);
ag_status ag_assess_causes(ag_assessing *a);
ag_status ag_assess_beside(ag_assessing *a);
void ag_assess_routes(ag_assessing *a);
ag_status ag_assess_ranking(ag_assessing *a); /* conjunctions; then the order */
ag_status ag_assess_findings(ag_assessing *a, bool weigh);
ag_status ag_assess_counterfactuals(ag_assessing *a);
ag_status ag_assess_unresolved(ag_assessing *a);
ag_status ag_assess_expected(ag_assessing *a);
ag_status ag_assess_sources(ag_assessing *a);

/** The node of a mechanism today, or -1 when it does not apply (no sample). */
int ag_assess_mechanism_node(const ag_assessing *a, const ag_posterior *posterior, int mechanism);

/** Index of the mechanism with this id, or -1. */
int ag_assess_mechanism_index(const ag_knowledge *knowledge, const char *id);

/** Report that memory ran out. */
ag_status ag_assess_no_memory(ag_assessing *a);

/** Ids of evidence gathered without duplicates. */
typedef struct ag_source_list {
    const char *items[64];
    int count;
} ag_source_list;

void ag_source_list_add(ag_source_list *list, const ag_knowledge *knowledge,
                        const ag_parameter *parameter);

/** A copy of the list in the result's arena; NULL when out of memory. */
const char *const *ag_source_list_keep(const ag_source_list *list, ag_arena *arena);

#endif
