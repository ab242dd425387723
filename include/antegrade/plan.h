/**
 * @file plan.h
 * From the assessment to a decision: what to ask or test next, what helps, the chances of a child,
 * and when to see whom how soon.
 *
 *     ag_plan *plan;
 *     ag_plan_make(&plan, session, patient, assessment, NULL, &error);
 *     for (int i = 0; i < ag_plan_option_count(plan); i++)
 *         printf("%s\n", ag_plan_option_at(plan, i)->name.en);
 *
 * All of it is computed in the network and from the evidence of the assessment. Probabilities are
 * means over the draws of the model's uncertain numbers, with their 5th to 95th centiles. Strings
 * are borrowed from the knowledge, the patient or the plan. docs/plan.md gives the method.
 *
 * What is marked for clinicians must not be shown to the man himself: doses, and notes with
 * `clinician` set. No item is an order.
 */
#ifndef ANTEGRADE_PLAN_H
#define ANTEGRADE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/assess.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ag_plan ag_plan;

/** One text in both languages; `en` and `es` are NULL where there is none. */
typedef struct ag_plan_text {
    const char *en;
    const char *es;
} ag_plan_text;

typedef enum ag_plan_effect {
    AG_PLAN_REFUSED, /**< not to be done in this man */
    AG_PLAN_FIRST,   /**< not before something is known or done */
    AG_PLAN_WARNING,
    AG_PLAN_DUE, /**< of a test: to be done, whatever it tells of the mechanism */
    AG_PLAN_FREE /**< standing of an item that nothing stands against; never of a note */
} ag_plan_effect;

/** Why something is refused, what comes first, or what to mind. */
typedef struct ag_plan_note {
    const char *id;
    ag_plan_effect effect;
    ag_plan_text text;
    bool clinician;      /**< for clinicians only */
    const char *because; /**< what the record says, such as "tamsulosin 0.4 mg"; may be NULL */
    const char *const *sources; /**< ids of evidence records */
    int source_count;
} ag_plan_note;

/* ---- next tests ---- */

/** One class of results of a test. */
typedef struct ag_plan_result {
    ag_plan_text text;     /**< such as "under 1.4 mL" */
    double probability;    /**< of this result */
    const char *mechanism; /**< id of the mechanism that then leads (other than none) */
    ag_plan_text mechanism_name;
    double mechanism_probability; /**< its probability then */
    const char *option; /**< id of the option that is then best; NULL: as without the test */
} ag_plan_result;

typedef enum ag_plan_test_kind {
    AG_PLAN_QUESTION,
    AG_PLAN_EXAMINATION,
    AG_PLAN_LABORATORY,
    AG_PLAN_IMAGING,
    AG_PLAN_GENETIC,
    AG_PLAN_PROCEDURE
} ag_plan_test_kind;

/** Something to ask, examine or order. Its value is that of its most telling finding. */
typedef struct ag_plan_test {
    const char *id;
    ag_plan_text name;
    ag_plan_test_kind kind;
    const char *finding; /**< id of that finding; NULL: it is only due */
    ag_plan_text finding_name;
    bool repeat;     /**< it has been done, and is worth repeating under supervision */
    double bits;     /**< expected information about the mechanisms, summed over them */
    double value;    /**< expected gain of the decision, on the scale of card `values`; >= 0 */
    double burden;   /**< on the same scale */
    double net;      /**< value + worth of the bits - burden; tests are sorted by it */
    bool due;        /**< a note says that it is due; such tests come first */
    bool worth;      /**< to be proposed: due, or net is enough, nothing forbids it, something is
                        open */
    int invasive;    /**< 0 a question to 3 an operation */
    int cost;        /**< 0 none to 3 high */
    double days;     /**< until the result */
    ag_plan_text by; /**< who does it */
    ag_plan_effect standing;
    const ag_plan_result *results;
    int result_count;
    const ag_plan_note *notes;
    int note_count;
} ag_plan_test;

/* ---- options ---- */

typedef enum ag_plan_option_kind {
    AG_PLAN_NO_TREATMENT,
    AG_PLAN_STOP,
    AG_PLAN_SWITCH,
    AG_PLAN_MEDICINE,
    AG_PLAN_OPERATION,
    AG_PLAN_STIMULATION,
    AG_PLAN_RETRIEVAL,
    AG_PLAN_PREVENTION
} ag_plan_option_kind;

typedef struct ag_plan_harm {
    ag_plan_text text;
    ag_estimate probability;
} ag_plan_harm;

/** One thing that can be done, for this man. */
typedef struct ag_plan_option {
    const char *id; /**< of the treatment's card */
    ag_plan_text name;
    ag_plan_option_kind kind;
    const char *cause;       /**< id of the cause that is withdrawn; NULL for none */
    const char *cause_text;  /**< as recorded, such as "tamsulosin 0.4 mg" */
    const char *const *also; /**< ids of causes that are withdrawn with it */
    int also_count;
    bool restores;     /**< semen and usual_volume are meant: it is about ejaculation itself */
    ag_estimate semen; /**< visible semen forward */
    ag_estimate usual_volume; /**< a usual volume forward */
    ag_estimate sperm;        /**< sperm forward, or sperm obtained */
    const ag_plan_harm *harms;
    int harm_count;
    double days, days_low, days_high; /**< until it works: median and 95 % of men; NaN: unknown */
    int invasive;
    int cost;
    bool off_label;
    ag_plan_text by;
    ag_plan_text dose; /**< for clinicians only */
    bool leads;        /**< stands before all others: harmless and not asked for, or urgent */
    double utility;    /**< on the scale of card `values`; options are sorted by standing and it */
    ag_plan_effect standing;
    const ag_plan_note *notes;
    int note_count;
    const char *const *sources;
    int source_count;
} ag_plan_option;

/* ---- what is planned ---- */

/** What becomes of ejaculation: probabilities. */
typedef struct ag_plan_outlook {
    ag_estimate semen;        /**< visible semen forward */
    ag_estimate usual_volume; /**< a usual volume forward */
    ag_estimate backward;     /**< it goes mostly into the bladder */
    ag_estimate sperm;        /**< sperm forward */
} ag_plan_outlook;

/** Something done for the same, after which more men keep their semen. */
typedef struct ag_plan_alternative {
    const char *cause;   /**< id of its card */
    const char *variant; /**< id of the way in which it is done; NULL: as usual */
    ag_plan_text name;
    ag_plan_text suits; /**< whom it suits; NULL where the evidence does not say */
    ag_plan_outlook after;
    const char *const *sources;
    int source_count;
} ag_plan_alternative;

/** An operation or medicine that is planned and has not begun. It has no part in the assessment of
 * today; `after` is this man once it acts in full, all else as today. */
typedef struct ag_plan_planned {
    const char *cause; /**< id */
    ag_plan_text name;
    const char *text; /**< as recorded, such as "planned TURP" */
    const char *when; /**< "2027-01", or NULL */
    bool medicine;    /**< else an operation */
    ag_plan_outlook today;
    ag_plan_outlook after;
    bool bank;                               /**< freezing sperm before it is worth offering */
    const ag_plan_alternative *alternatives; /**< best first */
    int alternative_count;
    const char *const *sources;
    int source_count;
} ag_plan_planned;

/* ---- a child ---- */

/** Where sperm can come from, and how many. */
typedef struct ag_plan_source {
    const char *id;
    ag_plan_text name;
    const char *treatment; /**< id of the option that it needs; NULL for none */
    ag_plan_text treatment_name;
    bool offered;
    ag_plan_text why_not; /**< where it is not offered */
    ag_estimate any;      /**< that there are sperm at all */
    double motile;        /**< motile sperm in millions, where there are any: median … */
    double motile_low;    /**< … and the 5th and */
    double motile_high;   /**< 95th centile between men and occasions */
    const ag_plan_note *notes;
    int note_count;
} ag_plan_source;

/** One way to a child: a method with a source of sperm. */
typedef struct ag_plan_child {
    const char *method;
    ag_plan_text method_name;
    const char *source;
    ag_plan_text source_name;
    ag_plan_text cycle;     /**< what one attempt is called */
    ag_plan_text many;      /**< what several are called, in words for him */
    ag_estimate live_birth; /**< per started attempt */
    ag_estimate pregnancy;  /**< clinical pregnancy per started attempt */
    ag_estimate cumulative; /**< live birth over `cycles` attempts */
    int cycles;
} ag_plan_child;

/* ---- when to see whom ---- */

typedef enum ag_plan_urgency {
    AG_PLAN_SAME_DAY,
    AG_PLAN_URGENT,
    AG_PLAN_SOON,
    AG_PLAN_ROUTINE
} ag_plan_urgency;

typedef struct ag_plan_flag {
    const char *id;
    ag_plan_text name;
    ag_plan_urgency urgency;
    ag_plan_text see;  /**< whom */
    ag_plan_text text; /**< what to do, in words for him */
    bool present;      /**< the record speaks of it; else told to every man */
    const char *because;
    const char *const *sources;
    int source_count;
} ag_plan_flag;

/* ---- making a plan ---- */

typedef struct ag_plan_options {
    size_t size;     /**< sizeof(ag_plan_options), set by the defaults */
    bool tests;      /**< default true, as the next two */
    bool treatments; /**< options */
    bool child;      /**< where he wants a child, or may */
    bool intervals;  /**< false: central values only, low = high = value; much faster */
} ag_plan_options;

ag_plan_options ag_plan_options_defaults(void);

/**
 * The plan for a patient and his assessment (made by the same session). `options` may be NULL. It
 * borrows from the patient and the knowledge. Caller frees with ag_plan_free.
 * AG_ERROR_UNSUPPORTED: the knowledge has no card of values. Otherwise as ag_assess.
 */
ag_status ag_plan_make(ag_plan **out, ag_session *session, const ag_patient *patient,
                       const ag_assessment *assessment, const ag_plan_options *options,
                       ag_error *error);

/** Free a plan. NULL is allowed. */
void ag_plan_free(ag_plan *plan);

/* Items, best or most urgent first; `i` from 0 to the count less 1. Borrowed until the plan is
 * freed. */
int ag_plan_test_count(const ag_plan *plan);
const ag_plan_test *ag_plan_test_at(const ag_plan *plan, int i);
int ag_plan_option_count(const ag_plan *plan);
const ag_plan_option *ag_plan_option_at(const ag_plan *plan, int i);
int ag_plan_planned_count(const ag_plan *plan);
const ag_plan_planned *ag_plan_planned_at(const ag_plan *plan, int i);
int ag_plan_source_count(const ag_plan *plan);
const ag_plan_source *ag_plan_source_at(const ag_plan *plan, int i);
int ag_plan_child_count(const ag_plan *plan);
const ag_plan_child *ag_plan_child_at(const ag_plan *plan, int i);
int ag_plan_flag_count(const ag_plan *plan);
const ag_plan_flag *ag_plan_flag_at(const ag_plan *plan, int i);

/** No further test is worth its burden. */
bool ag_plan_tests_done(const ag_plan *plan);

/** The record speaks of something for the same day: until it has been looked at, no test is
 * proposed but what is due. */
bool ag_plan_is_emergency(const ag_plan *plan);

/** Why the chances of a child are not computed yet (no wish known, the partner's CFTR test, her age
 * unknown): notes, borrowed. */
int ag_plan_child_note_count(const ag_plan *plan);
const ag_plan_note *ag_plan_child_note_at(const ag_plan *plan, int i);

/* ---- what if ---- */

typedef struct ag_what_if ag_what_if;

/** One number before and after the changes. */
typedef struct ag_what_if_line {
    const char *id;
    ag_plan_text name;
    ag_estimate before;
    ag_estimate after;
} ag_what_if_line;

/**
 * What becomes of this man with changes such as "stop tamsulosin", "add pseudoephedrine", "switch
 * tamsulosin to alfuzosin" or "duct resection", several separated by commas, "and" or "+": the
 * record stays as it is, and the changes have had their time to work. Names may be English or
 * Spanish. Refusals are judged after what is stopped is gone; they are noted, and the numbers given
 * all the same. Caller frees with ag_what_if_free. AG_ERROR_NAME: not understood; the message says
 * what comes near. AG_ERROR_VALUE: stopping what is not recorded.
 */
ag_status ag_what_if_make(ag_what_if **out, ag_session *session, const ag_patient *patient,
                          const ag_assessment *assessment, const char *changes, ag_error *error);

/** Free the result. NULL is allowed. */
void ag_what_if_free(ag_what_if *what_if);

/** The changes as understood, such as "stop tamsulosin, add pseudoephedrine". */
ag_plan_text ag_what_if_text(const ag_what_if *what_if);
int ag_what_if_line_count(const ag_what_if *what_if);
const ag_what_if_line *ag_what_if_line_at(const ag_what_if *what_if, int i);
int ag_what_if_note_count(const ag_what_if *what_if);
const ag_plan_note *ag_what_if_note_at(const ag_what_if *what_if, int i);

#ifdef __cplusplus
}
#endif
#endif
