/**
 * @file values.h
 * Values of findings and attributes of causes, read as the cards define them. Nothing is guessed:
 * a quantity needs its unit, a word must be one that the card knows.
 */
#ifndef AG_VALUES_H
#define AG_VALUES_H

#include "patient.h"

/** A finding's value: its state, or (state -1) a range in its own unit. */
typedef struct ag_finding_value {
    int state;
    double low;
    double high;
} ag_finding_value;

/**
 * Read `value` ("yes", "many", "low", "0.8 mL", "< 1.5", "0.5-1") of a finding, in `unit` where the
 * value does not carry it (NULL: none given). AG_ERROR_VALUE with what would be right, said in
 * `language`; AG_ERROR_RANGE where it is impossible.
 */
ag_status ag_finding_value_read(const ag_knowledge *knowledge, int finding, const char *value,
                                const char *unit, ag_language language, ag_finding_value *out,
                                ag_error *error);

/** Write a value as ag_finding_value_read takes it: "yes", a state's id, "0.8 mL", "< 1.4 mL". */
void ag_finding_value_write(const ag_knowledge *knowledge, int finding, ag_finding_value value,
                            char *out, size_t size);

/** The kind of a fact that names such a cause (medicine, operation, condition), and the key of the
 * list of a case that it belongs in. */
const char *ag_fact_kind_of_cause(ag_cause_kind kind, const char **key);

/** The same of a finding (symptom, sign, test, setting). */
const char *ag_fact_kind_of_finding(ag_finding_kind kind, const char **key);

/** The value that "no" or "absent" means for a finding; false when it means none. */
bool ag_finding_value_absent(const ag_knowledge *knowledge, int finding, ag_finding_value *out);

/**
 * Read a decimal number with a point or a comma; `text` moves behind it. False for anything else,
 * and for "1,500", which may mean 1500 or 1.5.
 */
bool ag_number_read(const char **text, double *out);

/** Whether the text means yes (+1) or no (-1) in general; 0 when neither. */
int ag_yes_or_no(const char *text);

/**
 * Read an attribute of a cause. `name` is one of the card's attributes (hyphen, underscore and case
 * do not matter; "dose" stands for the attribute whose name begins so) or `years`. The strings in
 * `out` are borrowed from the knowledge. AG_ERROR_NAME or AG_ERROR_VALUE, with what would be right,
 * said in `language`.
 */
ag_status ag_attribute_read(const ag_cause *cause, const char *name, const char *value,
                            ag_language language, ag_recorded_attribute *out, ag_error *error);

/** The attribute of that name, as for ag_attribute_read; NULL when the card has none. */
const ag_attribute *ag_attribute_find(const ag_cause *cause, const char *name);

/** An order of lists of attributes, for a sort: 0 where both say the same. */
int ag_attributes_order(const ag_recorded_attribute *a, int a_count, const ag_recorded_attribute *b,
                        int b_count);

/** A UCUM unit as people print it: "10*6/mL" is "million/mL", "[IU]/L" is "IU/L". */
void ag_unit_text(const char *unit, char *out, size_t size);

/** How a reader should see a quantity: "0.8 mL", "12 million/mL", "40 %", "1 to 1.5 mL" with `to`
 * ("to", "a") between the limits, or the card's word for the range. */
void ag_quantity_text(const ag_finding *card, ag_finding_value value, const char *to, char *out,
                      size_t size);

/** How a reader should see a finding: "semen volume 0.8 mL", "dry orgasm", "no dry orgasm". */
void ag_finding_text(const ag_knowledge *knowledge, int finding, ag_finding_value value, char *out,
                     size_t size);

#endif
