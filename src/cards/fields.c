#include "fields.h"

#include "field_tables.h"
#include "reader.h"
#include "show.h"

/* ---- shared ---- */

static const ag_field names_fields[] = {{.key = "en",
                                         .must = EVERY,
                                         .read = ag_read_names,
                                         .kind = AG_MEMBER_TEXTS,
                                         MEMBER(ag_names, en)},
                                        {.key = "es",
                                         .must = EVERY,
                                         .read = ag_read_names,
                                         .kind = AG_MEMBER_TEXTS,
                                         MEMBER(ag_names, es)},
                                        END};
const ag_shape ag_names_shape = SHAPE(ag_names, names_fields);

static const ag_field localized_fields[] = {
    {.key = "en", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_localized, en)},
    {.key = "es", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_localized, es)},
    END};
const ag_shape ag_localized_shape = SHAPE(ag_localized, localized_fields);

static const ag_field code_fields[] = {
    {.kind = AG_MEMBER_WORD,
     .words = WORDS("snomed", "icd10cm", "rxnorm", "atc", "loinc"),
     MEMBER(ag_code, system)},
    {.kind = AG_MEMBER_TEXT, MEMBER(ag_code, code)},
    END};
const ag_shape ag_code_shape = SHAPE(ag_code, code_fields);

static const ag_field parameter_fields[] = {
    {.kind = AG_MEMBER_WORD,
     .words = WORDS("exact", "rest", "beta", "log-normal", "normal"),
     MEMBER(ag_parameter, kind)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_parameter, value)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_parameter, low)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_parameter, high)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_parameter, a)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_parameter, b)},
    {.kind = AG_MEMBER_STREAM, MEMBER(ag_parameter, stream)},
    {.kind = AG_MEMBER_INDICES, .space = AG_SPACE_EVIDENCE, MEMBER(ag_parameter, evidence)},
    {.kind = AG_MEMBER_TEXT, MEMBER(ag_parameter, reason)},
    {.kind = AG_MEMBER_FLAG, MEMBER(ag_parameter, assumption)},
    END};
const ag_shape ag_parameter_shape = SHAPE(ag_parameter, parameter_fields);

/* ---- variables ---- */

static const ag_field ref_fields[] = {{.kind = AG_MEMBER_FLAG, MEMBER(ag_ref, is_cause)},
                                      {.kind = AG_MEMBER_INTEGER, MEMBER(ag_ref, index)},
                                      END};
static const ag_shape ref_shape = SHAPE(ag_ref, ref_fields);

static const ag_field condition_fields[] = {
    {.kind = AG_MEMBER_INTEGER, MEMBER(ag_condition, parent)},
    {.kind = AG_MEMBER_BITS, MEMBER(ag_condition, states)},
    END};
static const ag_shape condition_shape = SHAPE(ag_condition, condition_fields);

static const ag_field measure_fields[] = {
    {.key = "family",
     .kind = AG_MEMBER_WORD,
     .words = WORDS("none", "log-normal", "normal", "logit-normal"),
     MEMBER(ag_measure, family)},
    {.key = "zero", .kind = AG_MEMBER_STRUCT, .of = &ag_parameter_shape, MEMBER(ag_measure, zero)},
    {.key = "median",
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_parameter_shape,
     MEMBER(ag_measure, median)},
    {.key = "spread",
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_parameter_shape,
     MEMBER(ag_measure, spread)},
    END};
const ag_shape ag_measure_shape = SHAPE(ag_measure, measure_fields);

static const ag_field row_fields[] = {
    {.kind = AG_MEMBER_ARRAY,
     .of = &condition_shape,
     MEMBER(ag_row, when),
     COUNT(ag_row, when_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_parameter_shape,
     .counted_by = AG_COUNTED_BY_ROW,
     MEMBER(ag_row, states)},
    {.kind = AG_MEMBER_STRUCT, .of = &ag_measure_shape, MEMBER(ag_row, measure)},
    END};
const ag_shape ag_row_shape = SHAPE(ag_row, row_fields);

static const ag_field beside_fields[] = {
    {.key = "state", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_beside, state)},
    {.key = "text",
     .must = EVERY,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_localized_shape,
     MEMBER(ag_beside, text)},
    END};
static const ag_shape beside_shape = SHAPE(ag_beside, beside_fields);

static const ag_field variable_fields[] = {
    {.key = "id", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_variable, id)},
    {.key = "names",
     .must = EVERY,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_names_shape,
     MEMBER(ag_variable, names)},
    {.key = "summary",
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_localized_shape,
     MEMBER(ag_variable, summary)},
    {.key = "codes",
     .read = ag_read_codes,
     .show = ag_show_codes,
     .kind = AG_MEMBER_ARRAY,
     .of = &ag_code_shape,
     MEMBER(ag_variable, codes.items),
     COUNT(ag_variable, codes.count)},
    {.kind = AG_MEMBER_WORD,
     .words = WORDS("function", "ejaculate", "mechanism", "finding"),
     MEMBER(ag_variable, kind)},
    {.key = "scope",
     .on = ON(EJACULATE),
     .must = ON(EJACULATE),
     .kind = AG_MEMBER_WORD,
     .words = WORDS("man", "man-now", "sample"),
     MEMBER(ag_variable, scope)},
    {.key = "states",
     .on = ON(FUNCTION) | ON(EJACULATE) | ON(FINDING),
     .must = ON(FUNCTION) | ON(EJACULATE),
     .kind = AG_MEMBER_TEXTS,
     MEMBER(ag_variable, states)},
    {.key = "state_names",
     .on = ON(FUNCTION) | ON(EJACULATE) | ON(FINDING),
     .must = ON(FUNCTION) | ON(EJACULATE),
     .read = ag_read_state_names,
     .show = ag_show_state_names},
    {.kind = AG_MEMBER_TEXTS, MEMBER(ag_variable, state_names_en)},
    {.kind = AG_MEMBER_TEXTS, MEMBER(ag_variable, state_names_es)},
    {.key = "parents",
     .on = ON(EJACULATE) | ON(FINDING),
     .read = ag_read_parents,
     .show = ag_show_parents,
     .kind = AG_MEMBER_ARRAY,
     .of = &ref_shape,
     MEMBER(ag_variable, parents),
     COUNT(ag_variable, parent_count)},
    {.key = "rows",
     .on = ON(EJACULATE) | ON(FINDING),
     .must = ON(EJACULATE) | ON(FINDING),
     .read = ag_read_rows,
     .show = ag_show_rows,
     .kind = AG_MEMBER_ARRAY,
     .of = &ag_row_shape,
     MEMBER(ag_variable, rows),
     COUNT(ag_variable, row_count)},
    {.key = "any",
     .on = ON(MECHANISM),
     .must = ON(MECHANISM),
     .read = ag_read_any,
     .show = ag_show_any},
    {.key = "felt",
     .on = ON(FUNCTION),
     .must = ON(FUNCTION),
     .kind = AG_MEMBER_FLAG,
     MEMBER(ag_variable, felt)},
    {.key = "beside",
     .on = ON(FUNCTION),
     .kind = AG_MEMBER_ARRAY,
     .of = &beside_shape,
     MEMBER(ag_variable, beside),
     COUNT(ag_variable, beside_count)},
    {.kind = AG_MEMBER_FLAG, MEMBER(ag_variable, conjunction)},
    {.key = "note", .kind = AG_MEMBER_TEXT, MEMBER(ag_variable, note)},
    END};
const ag_shape ag_variable_shape = SHAPE(ag_variable, variable_fields);

/* ---- mechanisms ---- */

static const ag_field confusion_fields[] = {{.key = "mechanism",
                                             .must = EVERY,
                                             .kind = AG_MEMBER_INDEX,
                                             .space = AG_SPACE_MECHANISM,
                                             MEMBER(ag_confusion, mechanism)},
                                            {.key = "separated_by",
                                             .must = EVERY,
                                             .kind = AG_MEMBER_INDICES,
                                             .space = AG_SPACE_FINDING_VARIABLE,
                                             MEMBER(ag_confusion, separated_by)},
                                            {.key = "plan",
                                             .must = EVERY,
                                             .kind = AG_MEMBER_FLAG,
                                             .words = WORDS("differs", "same"),
                                             MEMBER(ag_confusion, same_plan)},
                                            {.key = "text",
                                             .must = EVERY,
                                             .kind = AG_MEMBER_STRUCT,
                                             .of = &ag_localized_shape,
                                             MEMBER(ag_confusion, text)},
                                            END};
static const ag_shape confusion_shape = SHAPE(ag_confusion, confusion_fields);

static const ag_field mechanism_fields[] = {
    {.kind = AG_MEMBER_INDEX, .space = AG_SPACE_VARIABLE, MEMBER(ag_mechanism, variable)},
    {.key = "functions",
     .must = EVERY,
     .kind = AG_MEMBER_INDICES,
     .space = AG_SPACE_FUNCTION,
     MEMBER(ag_mechanism, functions)},
    {.key = "confused_with",
     .kind = AG_MEMBER_ARRAY,
     .of = &confusion_shape,
     MEMBER(ag_mechanism, confusions),
     COUNT(ag_mechanism, confusion_count)},
    END};
const ag_shape ag_mechanism_shape = SHAPE(ag_mechanism, mechanism_fields);

/* ---- findings ---- */

static const ag_field unit_fields[] = {{.kind = AG_MEMBER_TEXT, MEMBER(ag_unit, name)},
                                       {.kind = AG_MEMBER_NUMBER, MEMBER(ag_unit, factor)},
                                       END};
static const ag_shape unit_shape = SHAPE(ag_unit, unit_fields);

static const ag_field word_fields[] = {{.kind = AG_MEMBER_TEXT, MEMBER(ag_word, word)},
                                       {.kind = AG_MEMBER_NUMBER, MEMBER(ag_word, low)},
                                       {.kind = AG_MEMBER_NUMBER, MEMBER(ag_word, high)},
                                       END};
static const ag_shape word_shape = SHAPE(ag_word, word_fields);

static const ag_field finding_fields[] = {
    {.kind = AG_MEMBER_INDEX, .space = AG_SPACE_VARIABLE, MEMBER(ag_finding, variable)},
    {.key = "kind",
     .must = EVERY,
     .kind = AG_MEMBER_WORD,
     .words = WORDS("symptom", "history", "examination", "semen", "urine", "imaging", "hormone",
                    "genetic", "setting"),
     MEMBER(ag_finding, kind)},
    {.key = "value",
     .must = EVERY,
     .kind = AG_MEMBER_WORD,
     .words = WORDS("yes-no", "states", "quantity"),
     MEMBER(ag_finding, value)},
    {.key = "sample",
     .kind = AG_MEMBER_WORD,
     .words = WORDS("none", "semen", "urine"),
     MEMBER(ag_finding, sample)},
    {.key = "unit", .kind = AG_MEMBER_TEXT, MEMBER(ag_finding, unit)},
    {.key = "units",
     .read = ag_read_units,
     .show = ag_show_units,
     .kind = AG_MEMBER_ARRAY,
     .of = &unit_shape,
     MEMBER(ag_finding, units),
     COUNT(ag_finding, unit_count)},
    {.key = "range", .read = ag_read_range, .show = ag_show_range},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_finding, range_low)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_finding, range_high)},
    {.key = "words",
     .read = ag_read_words,
     .show = ag_show_words,
     .kind = AG_MEMBER_ARRAY,
     .of = &word_shape,
     MEMBER(ag_finding, words),
     COUNT(ag_finding, word_count)},
    {.key = "coarser",
     .kind = AG_MEMBER_INDICES,
     .space = AG_SPACE_FINDING,
     MEMBER(ag_finding, coarser)},
    {.key = "expected_in",
     .kind = AG_MEMBER_INDICES,
     .space = AG_SPACE_MECHANISM,
     MEMBER(ag_finding, expected_in)},
    {.key = "absent_names",
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_names_shape,
     MEMBER(ag_finding, absent_names)},
    END};
const ag_shape ag_finding_shape = SHAPE(ag_finding, finding_fields);

/* ---- causes ---- */

static const ag_field action_fields[] = {{.key = "function",
                                          .must = EVERY,
                                          .kind = AG_MEMBER_INDEX,
                                          .space = AG_SPACE_FUNCTION,
                                          MEMBER(ag_action, function)},
                                         {.key = "states",
                                          .must = EVERY,
                                          .read = ag_read_action_states,
                                          .show = ag_show_action_states,
                                          .kind = AG_MEMBER_ARRAY,
                                          .of = &ag_parameter_shape,
                                          .counted_by = AG_COUNTED_BY_ACTION,
                                          MEMBER(ag_action, states)},
                                         END};
const ag_shape ag_action_shape = SHAPE(ag_action, action_fields);

static const ag_field requirement_fields[] = {
    {.kind = AG_MEMBER_TEXT, MEMBER(ag_requirement, attribute)},
    {.kind = AG_MEMBER_FLAG, MEMBER(ag_requirement, numeric)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_requirement, low)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_requirement, high)},
    {.kind = AG_MEMBER_TEXTS, MEMBER(ag_requirement, words)},
    END};
static const ag_shape requirement_shape = SHAPE(ag_requirement, requirement_fields);

static const ag_field variant_fields[] = {
    {.key = "id", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_variant, id)},
    {.key = "names",
     .must = EVERY,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_names_shape,
     MEMBER(ag_variant, names)},
    {.key = "share", .must = EVERY, .kind = AG_MEMBER_NUMBER, MEMBER(ag_variant, share)},
    {.key = "when",
     .must = EVERY,
     .read = ag_read_requirements,
     .show = ag_show_requirements,
     .kind = AG_MEMBER_ARRAY,
     .of = &requirement_shape,
     MEMBER(ag_variant, when),
     COUNT(ag_variant, when_count)},
    {.key = "acts_on",
     .must = EVERY,
     .kind = AG_MEMBER_ARRAY,
     .of = &ag_action_shape,
     MEMBER(ag_variant, actions),
     COUNT(ag_variant, action_count)},
    END};
const ag_shape ag_variant_shape = SHAPE(ag_variant, variant_fields);

static const ag_field prior_fields[] = {
    {.key = "from_age", .must = EVERY, .kind = AG_MEMBER_NUMBER, MEMBER(ag_prior, from_age)},
    {.key = "p",
     .must = EVERY,
     .read = ag_read_probability,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_parameter_shape,
     MEMBER(ag_prior, p)},
    END};
static const ag_shape prior_shape = SHAPE(ag_prior, prior_fields);

static const ag_field attribute_fields[] = {
    {.kind = AG_MEMBER_TEXT, MEMBER(ag_attribute, name)},
    {.key = "unit", .kind = AG_MEMBER_TEXT, MEMBER(ag_attribute, unit)},
    {.key = "values", .kind = AG_MEMBER_TEXTS, MEMBER(ag_attribute, values)},
    END};
static const ag_shape attribute_shape = SHAPE(ag_attribute, attribute_fields);

static const ag_field cleared_fields[] = {
    {.key = "evidence",
     .must = EVERY,
     .kind = AG_MEMBER_INDICES,
     .space = AG_SPACE_EVIDENCE,
     MEMBER(ag_cause, cleared_by)},
    {.key = "because", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_cause, cleared_because)},
    END};
static const ag_shape cleared_shape = SHAPE(ag_cause, cleared_fields);

static const ag_field cause_fields[] = {
    {.key = "id", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_cause, id)},
    {.key = "names",
     .must = EVERY,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_names_shape,
     MEMBER(ag_cause, names)},
    {.key = "summary",
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_localized_shape,
     MEMBER(ag_cause, summary)},
    {.key = "codes",
     .read = ag_read_codes,
     .show = ag_show_codes,
     .kind = AG_MEMBER_ARRAY,
     .of = &ag_code_shape,
     MEMBER(ag_cause, codes.items),
     COUNT(ag_cause, codes.count)},
    {.key = "kind",
     .must = EVERY,
     .kind = AG_MEMBER_WORD,
     .words = WORDS("medicine", "operation", "disease", "injury", "congenital", "habit", "unknown"),
     MEMBER(ag_cause, kind)},
    {.key = "group", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_cause, group)},
    {.key = "prior",
     .must = EVERY,
     .kind = AG_MEMBER_ARRAY,
     .of = &prior_shape,
     MEMBER(ag_cause, priors),
     COUNT(ag_cause, prior_count)},
    {.key = "onset",
     .read = ag_read_onset,
     .show = ag_show_onset,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_parameter_shape,
     MEMBER(ag_cause, onset_days)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_cause, onset_spread)},
    {.key = "offset",
     .read = ag_read_offset,
     .show = ag_show_offset,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_parameter_shape,
     MEMBER(ag_cause, offset_days)},
    {.kind = AG_MEMBER_NUMBER, MEMBER(ag_cause, offset_spread)},
    {.kind = AG_MEMBER_FLAG, MEMBER(ag_cause, permanent)},
    {.key = "lifelong",
     .read = ag_read_probability,
     .kind = AG_MEMBER_STRUCT,
     .of = &ag_parameter_shape,
     MEMBER(ag_cause, lifelong)},
    {.key = "attributes",
     .read = ag_read_attributes,
     .show = ag_show_attributes,
     .kind = AG_MEMBER_ARRAY,
     .of = &attribute_shape,
     MEMBER(ag_cause, attributes),
     COUNT(ag_cause, attribute_count)},
    {.key = "acts_on", .read = ag_read_acts_on},
    {.key = "variants",
     .read = ag_read_variants,
     .kind = AG_MEMBER_ARRAY,
     .of = &ag_variant_shape,
     MEMBER(ag_cause, variants),
     COUNT(ag_cause, variant_count)},
    {.key = "excludes",
     .kind = AG_MEMBER_INDICES,
     .space = AG_SPACE_CAUSE,
     MEMBER(ag_cause, excludes)},
    {.key = "leaves", .kind = AG_MEMBER_INDICES, .space = AG_SPACE_CAUSE, MEMBER(ag_cause, leaves)},
    {.key = "together", .kind = AG_MEMBER_FLAG, MEMBER(ag_cause, together)},
    {.key = "safety", .kind = AG_MEMBER_FLAG, MEMBER(ag_cause, safety)},
    {.key = "treats", .kind = AG_MEMBER_TEXT, MEMBER(ag_cause, treats)},
    {.key = "suits", .kind = AG_MEMBER_STRUCT, .of = &ag_localized_shape, MEMBER(ag_cause, suits)},
    {.key = "outside", .kind = AG_MEMBER_FLAG, MEMBER(ag_cause, outside)},
    {.key = "cleared", .read = ag_read_cleared, .kind = AG_MEMBER_PART, .of = &cleared_shape},
    {.kind = AG_MEMBER_FLAG, MEMBER(ag_cause, cleared)},
    {.key = "note", .kind = AG_MEMBER_TEXT, MEMBER(ag_cause, note)},
    END};
const ag_shape ag_cause_shape = SHAPE(ag_cause, cause_fields);

/* ---- evidence ---- */

static const ag_field source_fields[] = {
    {.key = "first_author", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, first_author)},
    {.key = "title", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, title)},
    {.key = "journal", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, journal)},
    {.key = "year", .show = ag_show_known, .kind = AG_MEMBER_INTEGER, MEMBER(ag_evidence, year)},
    {.key = "pmid", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, pmid)},
    {.key = "doi", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, doi)},
    END};
static const ag_shape source_shape = SHAPE(ag_evidence, source_fields);

static const ag_field evidence_fields[] = {
    {.key = "id", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, id)},
    {.key = "topic", .must = EVERY, .read = ag_read_only_text},
    {.key = "subject", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, subject)},
    {.key = "outcome", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, outcome)},
    {.key = "statement", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, statement)},
    {.key = "population", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, population)},
    {.key = "events", .show = ag_show_known, .kind = AG_MEMBER_NUMBER, MEMBER(ag_evidence, events)},
    {.key = "total", .show = ag_show_known, .kind = AG_MEMBER_NUMBER, MEMBER(ag_evidence, total)},
    {.key = "value", .read = ag_read_only_number},
    {.key = "unit", .read = ag_read_only_text},
    {.key = "interval", .read = ag_read_only_interval},
    {.key = "comparator", .read = ag_read_only_comparator},
    {.key = "source", .kind = AG_MEMBER_PART, .of = &source_shape},
    {.key = "cohort", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, cohort)},
    {.key = "confidence",
     .must = EVERY,
     .kind = AG_MEMBER_WORD,
     .words = WORDS("checked", "secondary", "remembered"),
     MEMBER(ag_evidence, confidence)},
    {.key = "state",
     .kind = AG_MEMBER_WORD,
     .words = WORDS("not-audited", "confirmed", "corrected", "not-confirmable"),
     MEMBER(ag_evidence, audit)},
    {.key = "note", .kind = AG_MEMBER_TEXT, MEMBER(ag_evidence, note)},
    END};
const ag_shape ag_evidence_shape = SHAPE(ag_evidence, evidence_fields);

/* ---- the whole ---- */

static const ag_field knowledge_fields[] = {
    {.key = "version", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_knowledge, version)},
    {.key = "date", .must = EVERY, .kind = AG_MEMBER_TEXT, MEMBER(ag_knowledge, date)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_variable_shape,
     MEMBER(ag_knowledge, variables),
     COUNT(ag_knowledge, variable_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_mechanism_shape,
     MEMBER(ag_knowledge, mechanisms),
     COUNT(ag_knowledge, mechanism_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_finding_shape,
     MEMBER(ag_knowledge, findings),
     COUNT(ag_knowledge, finding_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_cause_shape,
     MEMBER(ag_knowledge, causes),
     COUNT(ag_knowledge, cause_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_evidence_shape,
     MEMBER(ag_knowledge, evidence),
     COUNT(ag_knowledge, evidence_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_treatment_shape,
     MEMBER(ag_knowledge, treatments),
     COUNT(ag_knowledge, treatment_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_test_shape,
     MEMBER(ag_knowledge, tests),
     COUNT(ag_knowledge, test_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_sperm_source_shape,
     MEMBER(ag_knowledge, sources),
     COUNT(ag_knowledge, source_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_method_shape,
     MEMBER(ag_knowledge, methods),
     COUNT(ag_knowledge, method_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_red_flag_shape,
     MEMBER(ag_knowledge, red_flags),
     COUNT(ag_knowledge, red_flag_count)},
    {.kind = AG_MEMBER_ARRAY,
     .of = &ag_values_shape,
     MEMBER(ag_knowledge, values),
     COUNT(ag_knowledge, values_count)},
    END};
const ag_shape ag_knowledge_shape = SHAPE(ag_knowledge, knowledge_fields);

int ag_field_count(const ag_knowledge *knowledge, const ag_field *field, const void *owner,
                   int states) {
    switch (field->counted_by) {
    case AG_COUNTED_BY_ROW:
        return ((const ag_row *)owner)->states != NULL ? states : 0;
    case AG_COUNTED_BY_ACTION:
        return knowledge->variables[((const ag_action *)owner)->function].states.count;
    default:
        return *(const int *)((const char *)owner + field->count_offset);
    }
}
