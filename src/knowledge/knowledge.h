/**
 * @file knowledge.h
 * The checked medical knowledge in memory: plain, read-only tables that refer to each other by
 * index.
 *
 * The tables are made from the cards of `knowledge/` (format: docs/knowledge.md), either at build
 * time, as constant data compiled into the program, or at run time by the part `cards`. Nothing in
 * them is changed after loading, so they may be shared by all threads.
 */
#ifndef AG_KNOWLEDGE_H
#define AG_KNOWLEDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "antegrade/knowledge.h"
#include "arena.h"

/** Parameter draws: a probability is the mean over these, its interval their 5th to 95th centiles.
 */
enum { AG_DRAWS = 256, AG_MAX_STATES = 12, AG_MAX_PARENTS = 6 };

typedef struct ag_texts {
    const char *const *items;
    int count;
} ag_texts;

typedef struct ag_indices {
    const int *items;
    int count;
} ag_indices;

/** Names of a thing; the first of each language is the one shown. Spanish may be empty. */
typedef struct ag_names {
    ag_texts en;
    ag_texts es;
} ag_names;

/** One text in each language; NULL where absent. */
typedef struct ag_localized {
    const char *en;
    const char *es;
} ag_localized;

typedef enum ag_code_system {
    AG_CODE_SNOMED,
    AG_CODE_ICD10CM,
    AG_CODE_RXNORM,
    AG_CODE_ATC,
    AG_CODE_LOINC
} ag_code_system;

/** A code that names a card. A trailing '*' in ICD-10-CM and ATC stands for all codes that begin
 * so. */
typedef struct ag_code {
    ag_code_system system;
    const char *code;
} ag_code;

typedef struct ag_codes {
    const ag_code *items;
    int count;
} ag_codes;

/* ---- numbers ---- */

typedef enum ag_parameter_kind {
    AG_PARAMETER_EXACT,     /**< certain by definition: `value` */
    AG_PARAMETER_REST,      /**< what the other states of its row leave */
    AG_PARAMETER_BETA,      /**< Beta(a, b) */
    AG_PARAMETER_LOGNORMAL, /**< exp(Normal(a, b)): positive quantities */
    AG_PARAMETER_NORMAL     /**< Normal(a, b) */
} ag_parameter_kind;

/** One uncertain number of the model, and what it rests on. */
typedef struct ag_parameter {
    ag_parameter_kind kind;
    double value;     /**< the mean (Beta, normal) or median (log-normal) */
    double low, high; /**< 95 % interval; both equal `value` when exact */
    double a, b;      /**< parameters of the distribution that `kind` names */
    uint64_t
        stream; /**< random stream of its draws: fixed by the card's id and the place in the card */
    ag_indices evidence; /**< indices into ag_knowledge.evidence; empty for pure assumptions */
    const char *reason;  /**< why this value: an assumption's reason or the reading of the evidence;
                            may be NULL */
    bool assumption;     /**< no evidence sets it */
} ag_parameter;

/* ---- the variables of the network ---- */

typedef enum ag_variable_kind {
    AG_FUNCTION,
    AG_EJACULATE,
    AG_MECHANISM,
    AG_FINDING
} ag_variable_kind;

typedef enum ag_scope {
    AG_SCOPE_MAN,   /**< one for all times */
    AG_SCOPE_NOW,   /**< one at each date that matters */
    AG_SCOPE_SAMPLE /**< one for each sample */
} ag_scope;

/** What a parent is: a variable, or a cause (whose states are `absent` and its variants). */
typedef struct ag_ref {
    bool is_cause;
    int index; /**< into ag_knowledge.variables or .causes */
} ag_ref;

/** `parent` (position in the variable's parents) is in one of `states` (bit per state). */
typedef struct ag_condition {
    int parent;
    uint32_t states;
} ag_condition;

typedef enum ag_family {
    AG_FAMILY_NONE,
    AG_FAMILY_LOGNORMAL,
    AG_FAMILY_NORMAL,
    AG_FAMILY_LOGITNORMAL
} ag_family;

/** The distribution of a measured value: exactly 0 with probability `zero`, else of the family. */
typedef struct ag_measure {
    ag_family family;
    ag_parameter zero;
    ag_parameter median; /**< in the finding's own unit */
    ag_parameter spread; /**< standard deviation of the logarithm, the value or the logit */
} ag_measure;

/** A row applies where all its conditions hold; the first that applies is used. */
typedef struct ag_row {
    const ag_condition *when;
    int when_count;
    const ag_parameter *states; /**< one per state of the variable; NULL for quantities */
    ag_measure measure;         /**< quantities only */
} ag_row;

typedef struct ag_variable {
    const char *id;
    ag_names names;
    ag_localized summary;
    ag_codes codes;
    ag_variable_kind kind;
    ag_scope scope;
    ag_texts states; /**< ids; the first is the normal or negative one. Empty for quantities */
    ag_texts state_names_en; /**< parallel to states, or empty */
    ag_texts state_names_es;
    const ag_ref *parents;
    int parent_count;
    const ag_row *rows; /**< empty for functions, which are the maximum of their causes' links */
    int row_count;
    bool felt; /**< functions: a failure is noticed by the man */
    const char *note;
} ag_variable;

/* ---- mechanisms ---- */

typedef struct ag_confusion {
    int mechanism;           /**< index into ag_knowledge.mechanisms */
    ag_indices separated_by; /**< variables (findings) */
    bool same_plan;
    ag_localized text;
} ag_confusion;

typedef struct ag_mechanism {
    int variable;
    ag_indices functions; /**< variables whose causes are the mechanism's causes */
    const ag_confusion *confusions;
    int confusion_count;
} ag_mechanism;

/* ---- findings ---- */

typedef enum ag_finding_kind {
    AG_FINDING_SYMPTOM,
    AG_FINDING_HISTORY,
    AG_FINDING_EXAMINATION,
    AG_FINDING_SEMEN,
    AG_FINDING_URINE,
    AG_FINDING_IMAGING,
    AG_FINDING_HORMONE,
    AG_FINDING_GENETIC,
    AG_FINDING_SETTING
} ag_finding_kind;

typedef enum ag_sample_kind { AG_SAMPLE_NONE, AG_SAMPLE_SEMEN, AG_SAMPLE_URINE } ag_sample_kind;

typedef enum ag_value_kind { AG_VALUE_YES_NO, AG_VALUE_STATES, AG_VALUE_QUANTITY } ag_value_kind;

typedef struct ag_unit {
    const char *name;
    double factor; /**< to the finding's own unit */
} ag_unit;

/** A word for a range of values, such as "low". Equal ends mean exactly that value. */
typedef struct ag_word {
    const char *word;
    double low, high;
} ag_word;

typedef struct ag_finding {
    int variable;
    ag_finding_kind kind;
    ag_value_kind value;
    ag_sample_kind sample;
    const char *unit; /**< quantities: the card's own unit */
    const ag_unit *units;
    int unit_count;
    double range_low, range_high;
    const ag_word *words;
    int word_count;
    ag_indices coarser; /**< findings (indices into .findings) that this one makes redundant in its
                           sample */
    ag_indices expected_in; /**< mechanisms in which its absence from the record is worth saying */
} ag_finding;

/* ---- causes ---- */

typedef enum ag_cause_kind {
    AG_CAUSE_MEDICINE,
    AG_CAUSE_OPERATION,
    AG_CAUSE_DISEASE,
    AG_CAUSE_INJURY,
    AG_CAUSE_CONGENITAL,
    AG_CAUSE_HABIT,
    AG_CAUSE_UNKNOWN
} ag_cause_kind;

/** In an exposed man: the probability of each state of one function through this cause alone. */
typedef struct ag_action {
    int function;               /**< variable */
    const ag_parameter *states; /**< one per state of the function */
} ag_action;

/** A recorded attribute lies in [low, high), or is one of the words. */
typedef struct ag_requirement {
    const char *attribute;
    bool numeric;
    double low, high;
    ag_texts words;
} ag_requirement;

typedef struct ag_variant {
    const char *id;
    ag_names names;
    double share;
    const ag_requirement *when;
    int when_count;
    const ag_action *actions;
    int action_count;
} ag_variant;

typedef struct ag_prior {
    double from_age; /**< years */
    ag_parameter p;
} ag_prior;

/** An attribute that a card knows: a quantity with a unit, or one of a list of words. */
typedef struct ag_attribute {
    const char *name;
    const char *unit; /**< NULL for words */
    ag_texts values;
} ag_attribute;

typedef struct ag_cause {
    const char *id;
    ag_names names;
    ag_localized summary;
    ag_codes codes;
    ag_cause_kind kind;
    const char *group;
    const ag_prior *priors; /**< ascending from_age */
    int prior_count;
    ag_parameter onset_days;  /**< median time from exposure to effect */
    double onset_spread;      /**< standard deviation of its logarithm between men */
    ag_parameter offset_days; /**< median time from the end of exposure to recovery */
    double offset_spread;
    bool permanent; /**< the effect outlasts the exposure for ever */
    const ag_attribute *attributes;
    int attribute_count;
    const ag_variant
        *variants; /**< at least one; a cause without variants has one of id "present" */
    int variant_count;
    ag_indices excludes; /**< causes that cannot be present together with it */
    bool together; /**< acts on its functions together also where the record is silent on it */
    bool cleared;  /**< recognised, and known not to do it */
    ag_indices cleared_by;
    const char *cleared_because;
    const char *note;
} ag_cause;

/* ---- evidence ---- */

typedef enum ag_confidence { AG_CHECKED, AG_SECONDARY, AG_REMEMBERED } ag_confidence;

typedef struct ag_evidence {
    const char *id;
    const char *subject;
    const char *outcome;
    const char *statement;
    const char *population;
    double events, total; /**< negative when not counted */
    const char *first_author;
    const char *title;
    const char *journal;
    int year; /**< 0 when unknown */
    const char *pmid;
    const char *doi;
    ag_confidence confidence;
    const char *note;
} ag_evidence;

struct ag_knowledge {
    ag_arena
        *arena; /**< owns the tables when they were loaded at run time; NULL when compiled in */
    const char *version;
    const char *date; /**< ISO 8601 */
    const ag_variable *variables;
    int variable_count;
    const ag_mechanism *mechanisms;
    int mechanism_count;
    const ag_finding *findings;
    int finding_count;
    const ag_cause *causes;
    int cause_count;
    const ag_evidence *evidence;
    int evidence_count;
};

/** Index of the variable, cause or evidence record with this id, or -1. */
int ag_knowledge_variable(const ag_knowledge *knowledge, const char *id);
int ag_knowledge_cause(const ag_knowledge *knowledge, const char *id);
int ag_knowledge_evidence(const ag_knowledge *knowledge, const char *id);

/** The finding or mechanism whose variable this is, or NULL. */
const ag_finding *ag_knowledge_finding_of(const ag_knowledge *knowledge, int variable);
const ag_mechanism *ag_knowledge_mechanism_of(const ag_knowledge *knowledge, int variable);

/** Number of states of a parent: a variable's own, or 1 + the variants of a cause. */
int ag_knowledge_states(const ag_knowledge *knowledge, ag_ref ref);

/**
 * The random draw `draw` (0 .. AG_DRAWS - 1) of a parameter, or its central value when draw is -1.
 * AG_PARAMETER_REST gives 0: the caller knows the rest of the row.
 */
double ag_parameter_draw(const ag_parameter *parameter, int draw);

/**
 * All AG_DRAWS draws of a parameter into `out`, as ag_parameter_draw gives them one by one, but
 * much faster: the distribution is integrated once. Use this where more than a few are needed.
 */
void ag_parameter_draws(const ag_parameter *parameter, double *out);

/**
 * Draw a probability row of `count` states: parameters drawn independently, scaled down where they
 * sum to more than 1, the rest given to the state marked AG_PARAMETER_REST. Without such a state
 * they are scaled to sum to 1.
 */
void ag_row_draw(const ag_parameter *states, int count, int draw, double *out);

/** The variable of a card that is neither a cause nor evidence. */
const ag_variable *ag_card_variable(const ag_knowledge *knowledge, ag_card card);

#endif
