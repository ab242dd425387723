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
enum { AG_DRAWS = 256, AG_MAX_STATES = 12, AG_MAX_PARENTS = 14, AG_TABLE_PARENTS = 6 };

typedef struct ag_texts {
    const char *const *items;
    int count;
} ag_texts;

typedef struct ag_indices {
    const int *items;
    int count;
} ag_indices;

/** Whether the text (never where it is NULL), or the index, is one of them. */
bool ag_texts_have(ag_texts texts, const char *text);
bool ag_indices_have(ag_indices indices, int index);

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

typedef struct ag_distribution {
    ag_parameter_kind kind;
    double a, b;
} ag_distribution;

/** Quantiles of distributions, made beforehand. */
typedef struct ag_quantiles {
    const ag_distribution *distributions; /**< ascending by ag_distribution_compare */
    const double (*values)[AG_DRAWS];     /**< of each, as ag_parameter_quantiles gives them */
    int count;
} ag_quantiles;

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

/** A failing state that no mechanism of missing semen names, and that is told beside these. */
typedef struct ag_beside {
    const char *state; /**< id */
    ag_localized text;
} ag_beside;

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
    /** Mechanisms: true where all of the first row holds, over too many parents for a table. */
    bool conjunction;
    bool felt;               /**< functions: a failure is noticed by the man */
    const ag_beside *beside; /**< functions */
    int beside_count;
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
    ag_names absent_names;  /**< yes-no: names that say that it is absent ("normal libido") */
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
    ag_parameter
        lifelong;   /**< share of those who have it in whom it was always there; congenital: 1 */
    bool permanent; /**< the effect outlasts the exposure for ever */
    const ag_attribute *attributes;
    int attribute_count;
    const ag_variant
        *variants; /**< at least one; a cause without variants has one of id "present" */
    int variant_count;
    ag_indices excludes; /**< causes that cannot be present together with it */
    ag_indices leaves;   /**< causes that act once it is withdrawn: what it may leave behind */
    bool together; /**< acts on its functions together also where the record is silent on it */
    bool safety;   /**< does not touch ejaculation: it matters for what is safe, or is a red flag */
    const char *treats; /**< what it is done for; others done for the same are alternatives */
    ag_localized suits; /**< whom it suits; NULL where the evidence says nothing */
    bool outside; /**< whoever has or had it is outside the intended use: he is not assessed */
    bool cleared; /**< recognised, and known not to do it */
    ag_indices cleared_by;
    const char *cleared_because;
    const char *note;
} ag_cause;

/* ---- evidence ---- */

typedef enum ag_confidence { AG_CHECKED, AG_SECONDARY, AG_REMEMBERED } ag_confidence;

/** What looking a figure up again gave. */
typedef enum ag_audit {
    AG_AUDIT_NONE,           /**< not looked up again */
    AG_AUDIT_CONFIRMED,      /**< found as it stands */
    AG_AUDIT_CORRECTED,      /**< found, and the record mended by it */
    AG_AUDIT_NOT_CONFIRMABLE /**< not found: numbers that rest on it alone are widened */
} ag_audit;

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
    const char *cohort; /**< the men counted, where several records count the same; NULL: its own */
    ag_confidence confidence;
    ag_audit audit;
    const char *note;
} ag_evidence;

/* ---- the plan ---- */

/** When a rule, a response or a red flag applies: all parts that are given hold. */
typedef struct ag_criterion {
    ag_indices causes;     /**< any of these is recorded and still acts, or … */
    ag_texts groups;       /**< … any cause of these groups */
    ag_texts unless;       /**< but none of these groups */
    const char *attribute; /**< and this attribute of that cause … */
    ag_texts values;       /**< … is one of these */
    bool unrecorded;       /**< … or is not recorded */
    ag_indices findings;   /**< any of these findings was seen … */
    ag_texts states;       /**< … in one of these states, or measured within one of these words */
    ag_indices unknown;    /**< none of these findings is known */
    ag_texts untried;      /**< nothing of these groups is recorded or was tried */
    ag_indices mechanisms; /**< any of these mechanisms is as probable as `at_least` */
    double at_least;
    ag_indices barring;      /**< none of these mechanisms is more likely than not */
    bool child;              /**< he wants a child */
    double under_age;        /**< he is younger (years); 0: any age */
    double from_age;         /**< he is this old at least */
    double partner_from_age; /**< his partner is this old at least */
    bool planned;            /**< something is planned that may end ejaculation or sperm for long */
    bool unasked;            /**< it is not recorded that he wants a child or relief */
    double simpler;          /**< something simpler gives sperm (a child wanted) or semen with this
                                probability: ending or exchanging a medicine, or what is less invasive */
    ag_texts unlisted;       /**< of any of these lists (medicines, operations, conditions) nothing
                                is recorded, nor that it is empty */
    bool explained;          /**< a recorded cause is likely: 80 % or more of what fails */
    bool unexplained;        /**< none is more likely than not */
} ag_criterion;

/** A function in one of these states is brought back. */
typedef struct ag_restored {
    int function; /**< variable */
    ag_texts states;
    const char *to; /**< as far as this state; NULL: to its normal one */
} ag_restored;

/** In men to whom `when` applies, the treatment restores functions with probability `p`, all
 * together. */
typedef struct ag_response {
    const char *id;
    const ag_criterion *when; /**< all of these; none: every man */
    int when_count;
    const ag_restored *restores;
    int restore_count;
    ag_parameter p;
} ag_response;

typedef enum ag_rule_effect {
    AG_RULE_REFUSE, /**< not to be done in this man */
    AG_RULE_FIRST,  /**< not before something is known or done */
    AG_RULE_WARN,
    AG_RULE_DUE /**< of tests: to be done, whatever it tells of the mechanism */
} ag_rule_effect;

typedef struct ag_rule {
    const char *id;
    ag_rule_effect effect;
    const ag_criterion *when; /**< any of these; none: always */
    int when_count;
    bool clinician; /**< the text is for clinicians only */
    ag_localized text;
    ag_indices evidence;
} ag_rule;

typedef struct ag_harm {
    const char *id;
    ag_localized text;
    ag_parameter p;
} ag_harm;

typedef enum ag_treatment_kind {
    AG_TREATMENT_NONE, /**< no treatment */
    AG_TREATMENT_STOP,
    AG_TREATMENT_SWITCH,
    AG_TREATMENT_MEDICINE,
    AG_TREATMENT_OPERATION,
    AG_TREATMENT_STIMULATION,
    AG_TREATMENT_RETRIEVAL,
    AG_TREATMENT_PREVENTION
} ag_treatment_kind;

typedef struct ag_treatment {
    const char *id;
    ag_names names;
    ag_localized summary;
    ag_treatment_kind kind;
    const char *group;           /**< class of medicine, as in causes; NULL for other treatments */
    const ag_criterion *offered; /**< any of these; none: never by itself */
    int offered_count;
    const ag_criterion *leads; /**< where any of these holds, it stands before all others */
    int lead_count;
    ag_texts withdraws;  /**< groups of causes, of which each recorded one is withdrawn */
    ag_texts together;   /**< of these of the groups, all that are recorded are withdrawn at once */
    ag_texts instead_of; /**< ids of causes that it never replaces (itself) */
    ag_indices adds;     /**< causes that it brings with it */
    const ag_response *responses;
    int response_count;
    ag_indices obtains;    /**< sperm are obtained where this variable … */
    ag_texts obtains_from; /**< … is in one of these states, with the probability of `yields` */
    const ag_response *yields;
    int yield_count;
    ag_parameter days; /**< until it works: median and, in `days_spread`, spread between men */
    double days_spread;
    int invasive; /**< 0 nothing, 1 tablet, 2 needle or device, 3 operation */
    int cost;     /**< 0 none, 1 low, 2 middle, 3 high */
    bool off_label;
    ag_localized by;   /**< who does it */
    ag_localized dose; /**< dose and timing: for clinicians only */
    ag_indices dose_evidence;
    const ag_harm *harms;
    int harm_count;
    const ag_rule *rules;
    int rule_count;
    const char *note;
} ag_treatment;

typedef enum ag_test_kind {
    AG_TEST_QUESTION,
    AG_TEST_EXAMINATION,
    AG_TEST_LABORATORY,
    AG_TEST_IMAGING,
    AG_TEST_GENETIC,
    AG_TEST_PROCEDURE
} ag_test_kind;

/** One thing to ask, examine or order, and the findings that it gives. */
typedef struct ag_test {
    const char *id;
    ag_names names;
    ag_localized summary;
    ag_test_kind kind;
    ag_indices findings; /**< none: proposed only where a rule says that it is due */
    bool repeatable;     /**< worth doing again: gives a new, supervised sample */
    int invasive; /**< 0 a question, 1 a touch or a cup, 2 a needle or probe, 3 an operation */
    int cost;     /**< 0 none, 1 low, 2 middle, 3 high */
    double days;  /**< until the result */
    ag_localized by;
    const ag_rule *rules;
    int rule_count;
    const char *note;
} ag_test;

/** How many motile sperm a source gives, in millions, when a variable is in one state. */
typedef struct ag_yield {
    const char *state;
    ag_parameter motile; /**< median */
    ag_parameter spread; /**< standard deviation of the logarithm */
} ag_yield;

/** One way in which records tell the motile sperm of a sample: the product of findings (in the
 * units of their cards, together millions) with the share of these that moves. */
typedef struct ag_sperm_measure {
    ag_indices product;  /**< findings */
    ag_parameter share;  /**< not given (AG_PARAMETER_NONE): all that the product counts */
    ag_parameter spread; /**< standard deviation of the logarithm between samples of one man */
} ag_sperm_measure;

typedef struct ag_sperm_source {
    const char *id;
    ag_names names;
    ag_localized summary;
    ag_indices variable;   /**< its state today, or under the best treatment, decides */
    bool treated;          /**< under the best treatment that restores forward flow */
    ag_indices treatments; /**< the treatment that obtains it */
    const ag_yield *yields;
    int yield_count;
    const ag_sperm_measure *measured; /**< how his own count is told; the first that is known */
    int measured_count;
    ag_parameter none_found; /**< the count, in millions, that a count of none stands for */
    double least;            /**< not offered where sperm are less probable than this */
    ag_localized refused;    /**< and why */
    int order;
    const ag_rule *rules;
    int rule_count;
    const char *note;
} ag_sperm_source;

/** A number that changes with age (years) or with the count of motile sperm (millions). */
typedef struct ag_step {
    double from_age;
    double from_million;
    ag_parameter p;    /**< a probability */
    ag_parameter odds; /**< or an odds ratio */
} ag_step;

/** A way to conceive: natural, insemination, IVF, ICSI. */
/** What is different about semen that comes by certain treatments. */
typedef struct ag_brought {
    ag_indices treatments;
    ag_parameter odds; /**< odds ratio against as many motile sperm without them */
} ag_brought;

typedef struct ag_method {
    const char *id;
    ag_names names;
    ag_localized summary;
    ag_localized cycle;    /**< what one attempt is called */
    ag_localized many;     /**< what several are called, in words for him; NULL: as one */
    ag_texts sources;      /**< ids of the sources that suit it */
    int cycles;            /**< attempts that are counted together */
    const ag_step *births; /**< live birth per attempt by the woman's age */
    int birth_count;
    const ag_step *losses; /**< share of clinical pregnancies lost, by her age */
    int loss_count;
    const ag_step *counts; /**< odds ratio by motile sperm */
    int count_count;
    const ag_brought *brought; /**< the first that names the treatment counts */
    int brought_count;
    ag_parameter repeat; /**< odds ratio of each further attempt after one that failed */
    int order;
    const char *note;
} ag_method;

typedef enum ag_urgency { AG_SAME_DAY, AG_URGENT, AG_SOON, AG_ROUTINE } ag_urgency;

typedef struct ag_red_flag {
    const char *id;
    ag_names names;
    ag_localized summary;
    ag_urgency urgency;
    ag_localized see;  /**< whom */
    ag_localized text; /**< what to do, in words for him */
    bool general;      /**< told to every man, whether or not his record speaks of it */
    const ag_criterion
        *asked; /**< not general: asked at the end of the interview where any holds */
    int asked_count;
    const ag_criterion *when; /**< any of these … */
    int when_count;
    const ag_criterion *unless; /**< … but none of these */
    int unless_count;
    ag_indices evidence;
    const char *note;
} ag_red_flag;

/** What is worth how much, on a scale on which semen or sperm regained is 1: assumptions. */
typedef struct ag_values {
    const char *id;
    ag_names names;
    ag_localized summary;
    double semen_child, sperm_child;   /**< for a man who wants a child */
    double semen_relief, sperm_relief; /**< for relief, or unknown */
    double needle, operation, tablet;  /**< burden by invasiveness */
    double low_cost, middle_cost, high_cost;
    double month;      /**< each month of waiting */
    double harm;       /**< one harm */
    double test_scale; /**< burden of a test as a share of that of a treatment */
    double bit;        /**< one bit of information about the mechanism, where no plan changes */
    double worth;      /**< least net value at which a test is proposed */
    const char *because;
    const char *note;
} ag_values;

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
    const ag_treatment *treatments;
    int treatment_count;
    const ag_test *tests;
    int test_count;
    const ag_sperm_source *sources;
    int source_count;
    const ag_method *methods;
    int method_count;
    const ag_red_flag *red_flags;
    int red_flag_count;
    const ag_values *values; /**< one, or none */
    int values_count;
    /** Of its uncertain numbers; NULL when loaded at run time: they are then made as they are
     * needed.
     */
    const ag_quantiles *quantiles;
};

/** Index of the variable, cause or evidence record with this id, or -1. */
int ag_knowledge_variable(const ag_knowledge *knowledge, const char *id);
int ag_knowledge_cause(const ag_knowledge *knowledge, const char *id);
int ag_knowledge_evidence(const ag_knowledge *knowledge, const char *id);

/** The finding or mechanism whose variable this is, or NULL. */
const ag_finding *ag_knowledge_finding_of(const ag_knowledge *knowledge, int variable);
const ag_mechanism *ag_knowledge_mechanism_of(const ag_knowledge *knowledge, int variable);

/** Whether two records count the same men: told by the cohort, the PMID or the DOI, or else by
 * author, year and journal. */
bool ag_evidence_same_study(const ag_evidence *a, const ag_evidence *b);

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

/** Whether every draw of a parameter is the same: one that is exact, or the rest of its row. */
bool ag_parameter_is_certain(const ag_parameter *parameter);

/**
 * The values that the draws of an uncertain parameter take, the least first: AG_DRAWS quantiles of
 * its distribution, the same for all parameters of this distribution.
 */
void ag_parameter_quantiles(const ag_parameter *parameter, double *out);

/** The order of two ag_distribution, for qsort and bsearch. */
int ag_distribution_compare(const void *a, const void *b);

/** The quantiles of a parameter's distribution in a table, which may be NULL; NULL where they are
 * not in it. */
const double *ag_quantiles_find(const ag_quantiles *quantiles, const ag_parameter *parameter);

/** The draws of a parameter that `draws` names (`count` of them; NULL: from the first on), out of
 * its quantiles. */
void ag_parameter_choose(const ag_parameter *parameter, const double *quantiles, const int *draws,
                         int count, double *out);

/** The struct of any card, such as an ag_treatment. */
const void *ag_card_item(const ag_knowledge *knowledge, ag_card card);

/** The names of a card that is no evidence. */
const ag_names *ag_card_names(const ag_knowledge *knowledge, ag_card card);

/** The codes of a card; NULL for kinds that carry none. */
const ag_codes *ag_card_codes(const ag_knowledge *knowledge, ag_card card);

/** Index of the treatment with this id, or -1. */
int ag_knowledge_treatment(const ag_knowledge *knowledge, const char *id);

/** The variable of a card that is neither a cause nor evidence. */
const ag_variable *ag_card_variable(const ag_knowledge *knowledge, ag_card card);

#endif
