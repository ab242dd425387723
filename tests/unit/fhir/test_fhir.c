/* FHIR records against a small knowledge: statuses, references, versions, persons, values. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/small_knowledge.h"
#include "patient.h"

#define VOCABULARY_OF &SMALL
#include "../../support/vocabulary.h"

#define MAN                                                                                        \
    "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p\",\"gender\":\"male\","                \
    "\"birthDate\":\"1960-05-20\"}}"
#define CODING(system, code) "{\"coding\":[{\"system\":\"" system "\",\"code\":\"" code "\"}]}"
#define RXNORM "http://www.nlm.nih.gov/research/umls/rxnorm"
#define SNOMED "http://snomed.info/sct"
#define LOINC "http://loinc.org"

static ag_status try_text(const char *text, bool male, ag_patient **out, ag_error *error) {
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-06-15";
    options.male_anatomy = male;
    return ag_patient_read_fhir(out, vocabulary, text, strlen(text), &options, error);
}

/* The man, and resources written as entries. */
static ag_patient *read_with(const char *resources) {
    static char text[8000];
    ag_patient *patient;
    ag_error error = {0};
    int n =
        snprintf(text, sizeof text,
                 "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" MAN "%s%s]}",
                 *resources != '\0' ? "," : "", resources);
    assert_true(n > 0 && (size_t)n < sizeof text);
    if (try_text(text, false, &patient, &error) != AG_OK)
        fail_msg("%d: %s\n%s", error.line, error.message, text);
    return patient;
}

/* One resource of a type about the man. */
static ag_patient *read_one(const char *type, const char *fields) {
    static char entry[4000];
    snprintf(entry, sizeof entry,
             "{\"resource\":{\"resourceType\":\"%s\",\"id\":\"x\",\"subject\":{\"reference\":"
             "\"Patient/p\"},%s}}",
             type, fields);
    return read_with(entry);
}

static void date_is(ag_days days, const char *expected) {
    char out[AG_DATE_TEXT];
    assert_string_equal(ag_days_write(days, out), expected);
}

static void only_cause(ag_patient *p, int cause, const char *start, const char *end) {
    if (p->cause_count != 1)
        fail_msg("%d causes; unused: %s", p->cause_count,
                 p->unused_count > 0 ? p->unused[0].why : "none");
    assert_int_equal(p->causes[0].cause, cause);
    assert_true(p->causes[0].present);
    date_is(p->causes[0].start, start);
    assert_int_equal(p->causes[0].ended, end != NULL);
    if (end != NULL)
        date_is(p->causes[0].end, end);
    ag_patient_free(p);
}

static void not_used(ag_patient *p, const char *why) {
    assert_int_equal(p->cause_count, 0);
    assert_int_equal(p->finding_count, 0);
    assert_int_equal(p->unused_count, 1);
    if (strstr(p->unused[0].why, why) == NULL)
        fail_msg("%s", p->unused[0].why);
    ag_patient_free(p);
}

static void the_man_himself(void **state) {
    (void)state;
    ag_patient *p = read_with("");
    assert_string_equal(p->label, "p");
    assert_float_equal(p->age_years, 64, 0);
    date_is(p->birth, "1960-05-20");
    assert_false(p->medicines_complete || p->conditions_complete || p->operations_complete);
    ag_patient_free(p);
}

static void conditions_honour_their_status(void **state) {
    (void)state;
#define DIABETES "\"code\":" CODING(SNOMED, "44054006")
#define CLINICAL(code) ",\"clinicalStatus\":" CODING("x", code)
    only_cause(read_one("Condition", DIABETES CLINICAL("active") ",\"onsetDateTime\":\"2009-04\""),
               DIABETES_2, "2009-04", NULL);
    only_cause(read_one("Condition", DIABETES ",\"onsetAge\":{\"value\":40,\"unit\":\"a\"}"),
               DIABETES_2, "2000-05-19/2001-05-20", NULL);
    only_cause(read_one("Condition", DIABETES CLINICAL("resolved") ",\"onsetDateTime\":\"2009\","
                                                                   "\"abatementDateTime\":"
                                                                   "\"2015-02-01T10:00:00Z\""),
               DIABETES_2, "2009", "2015-02-01");
    only_cause(read_one("Condition", DIABETES CLINICAL("remission") ",\"onsetDateTime\":\"2009\""),
               DIABETES_2, "2009", "2009-01-01/2024-06-15");
    only_cause(read_one("Condition", DIABETES ",\"recordedDate\":\"2010-01-02\""), DIABETES_2,
               "before 2010-01-02", NULL);
    not_used(read_one("Condition", DIABETES ",\"verificationStatus\":" CODING("x", "refuted")),
             "refuted");
    not_used(
        read_one("Condition", DIABETES ",\"verificationStatus\":" CODING("x", "entered-in-error")),
        "in error");
    not_used(read_one("Condition", DIABETES ",\"verificationStatus\":" CODING("x", "differential")),
             "not confirmed");
    not_used(
        read_one("Condition", "\"code\":" CODING("http://hl7.org/fhir/sid/icd-10-cm", "N53.14")),
        "diagnosis");
}

static void family_history_is_not_his(void **state) {
    (void)state;
    ag_patient *p = read_one("FamilyMemberHistory", "\"condition\":[{" DIABETES "}]");
    assert_int_equal(p->cause_count, 0);
    ag_patient_free(p);
}

static void names_stand_where_codes_do_not(void **state) {
    (void)state;
    only_cause(read_one("Condition", "\"code\":{\"text\":\"Type 2 DIABETES\"}"), DIABETES_2,
               "unknown", NULL);
    only_cause(read_one("Condition", "\"code\":{\"coding\":[{\"system\":\"" SNOMED
                                     "\",\"code\":\"999\",\"display\":\"Diabetes mellitus type 2 "
                                     "(disorder)\"}]}"),
               DIABETES_2, "unknown", NULL);
    only_cause(
        read_one("Condition", "\"code\":" CODING("http://hl7.org/fhir/sid/icd-10-cm", "E11.42")),
        DIABETES_2, "unknown", NULL);
    /* a code padded under the SNOMED CT address is not SNOMED CT's */
    not_used(read_one("Condition", "\"code\":" CODING(SNOMED, "44054006AAAAAAAAAAAAAAAA")),
             "not known");
    not_used(read_one("Procedure", "\"status\":\"completed\",\"code\":{\"text\":\"Vasectomy "
                                   "reversal\"}"),
             "not known");
}

static void procedures_honour_their_status(void **state) {
    (void)state;
#define TURP_CODE ",\"code\":" CODING(SNOMED, "90199006")
    only_cause(read_one("Procedure", "\"status\":\"completed\"" TURP_CODE
                                     ",\"performedPeriod\":{\"start\":\"2015-05-02T08:00:00Z\","
                                     "\"end\":\"2015-05-02T09:00:00Z\"}"),
               TURP, "2015-05-02", NULL);
    not_used(read_one("Procedure", "\"status\":\"not-done\"" TURP_CODE), "not done");
    not_used(read_one("Procedure", "\"status\":\"entered-in-error\"" TURP_CODE), "in error");
}

static void medicines_honour_their_status(void **state) {
    (void)state;
#define TAM ",\"medicationCodeableConcept\":" CODING(RXNORM, "863669")
#define REQUEST(status, more)                                                                      \
    read_one("MedicationRequest", "\"status\":\"" status "\",\"intent\":\"order\"," TAM_ more)
#define TAM_ "\"medicationCodeableConcept\":" CODING(RXNORM, "863669") ","
    only_cause(REQUEST("active", "\"authoredOn\":\"2024-03-01\""), TAMSULOSIN, "2024-03-01", NULL);
    only_cause(REQUEST("stopped", "\"authoredOn\":\"2020-03-01\""), TAMSULOSIN, "2020-03-01",
               "2020-03-01/2024-06-15");
    only_cause(REQUEST("completed",
                       "\"dosageInstruction\":[{\"timing\":{\"repeat\":{\"boundsPeriod\":{"
                       "\"start\":\"2020-01-05\",\"end\":\"2020-02-05\"}}}}]"),
               TAMSULOSIN, "2020-01-05", "2020-02-05");
    not_used(REQUEST("on-hold", "\"authoredOn\":\"2024-03-01\""), "on hold");
    not_used(REQUEST("cancelled", "\"authoredOn\":\"2024-03-01\""), "withdrawn");
    not_used(REQUEST("active", "\"doNotPerform\":true"), "not to take");
    only_cause(read_one("MedicationRequest",
                        "\"status\":\"active\",\"intent\":\"plan\",\"reportedBoolean\":true" TAM),
               TAMSULOSIN, "unknown", NULL);
    only_cause(read_one("MedicationStatement",
                        "\"status\":\"active\"" TAM ",\"effectivePeriod\":{\"start\":\"2023\"}"),
               TAMSULOSIN, "2023", NULL);
    ag_patient *p = read_one("MedicationStatement", "\"status\":\"not-taken\"" TAM);
    assert_int_equal(p->cause_count, 1);
    assert_false(p->causes[0].present);
    ag_patient_free(p);
    only_cause(read_one("MedicationDispense",
                        "\"status\":\"completed\"" TAM ",\"whenHandedOver\":\"2024-01-01\","
                        "\"daysSupply\":{\"value\":30,\"code\":\"d\"}"),
               TAMSULOSIN, "2024-01-01", "2024-01-31");
}

static void a_dose_needs_its_frequency(void **state) {
    (void)state;
#define NAMED(text)                                                                                \
    "\"status\":\"active\",\"intent\":\"order\",\"medicationCodeableConcept\":{\"text\":\"" text   \
    "\"}"
    static const struct {
        const char *fields;
        double dose; /* 0: not recorded */
    } cases[] = {
        {NAMED("24 HR tamsulosin hydrochloride 0.4 MG Oral Capsule"), 0},
        {NAMED("tamsulosin 0.4 MG Oral Capsule") ",\"dosageInstruction\":[{\"timing\":{\"repeat\":{"
                                                 "\"frequency\":2,\"period\":1,\"periodUnit\":"
                                                 "\"d\"}},\"doseAndRate\":[{\"doseQuantity\":{"
                                                 "\"value\":1}}]}]",
         0.8},
        {NAMED("tamsulosin") ",\"dosageInstruction\":[{\"timing\":{\"code\":" CODING(
             "x", "QD") "},\"doseAndRate\":[{\"doseQuantity\":{\"value\":400,\"code\":\"ug\"}}]}]",
         0.4},
        {NAMED("tamsulosin 0.4 mg") ",\"dosageInstruction\":[{\"asNeededBoolean\":true,\"timing\":{"
                                    "\"repeat\":{\"frequency\":1,\"period\":1,\"periodUnit\":\"d\"}"
                                    "},\"doseAndRate\":[{\"doseQuantity\":{\"value\":1}}]}]",
         0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *p = read_one("MedicationRequest", cases[i].fields);
        assert_int_equal(p->cause_count, 1);
        assert_int_equal(p->causes[0].attribute_count, cases[i].dose > 0);
        if (cases[i].dose > 0)
            assert_float_equal(p->causes[0].attributes[0].number, cases[i].dose, 1e-12);
        ag_patient_free(p);
    }
}

static void medications_are_found_by_reference(void **state) {
    (void)state;
    only_cause(read_one("MedicationRequest",
                        "\"status\":\"active\",\"intent\":\"order\",\"medicationReference\":{"
                        "\"reference\":\"#m\"},\"contained\":[{\"resourceType\":\"Medication\","
                        "\"id\":\"m\",\"code\":" CODING(RXNORM, "863669") "}]"),
               TAMSULOSIN, "unknown", NULL);
    static const char *const references[] = {
        "Medication/m", "urn:uuid:11", "http://h/fhir/Medication/m", "Medication/m/_history/3"};
    for (size_t i = 0; i < 4; i++) {
        char entries[1000];
        snprintf(
            entries, sizeof entries,
            "{\"fullUrl\":\"urn:uuid:11\",\"resource\":{\"resourceType\":\"Medication\",\"id\":"
            "\"m\",\"ingredient\":[{\"itemCodeableConcept\":{\"text\":\"Tamsulosin\"}}]}},"
            "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"status\":\"active\","
            "\"intent\":\"order\",\"medicationReference\":{\"reference\":\"%s\"}}}",
            references[i]);
        only_cause(read_with(entries), TAMSULOSIN, "unknown", NULL);
    }
    only_cause(read_one("MedicationRequest",
                        "\"status\":\"active\",\"intent\":\"order\",\"medicationReference\":{"
                        "\"reference\":\"Medication/none\",\"display\":\"Flomax 0.4 mg\"}"),
               TAMSULOSIN, "unknown", NULL);
}

static const ag_finding_fact *only_finding(const ag_patient *p, int finding) {
    if (p->finding_count != 1)
        fail_msg("%d findings; unused: %s", p->finding_count,
                 p->unused_count > 0 ? p->unused[0].why : "none");
    assert_int_equal(p->findings[0].finding, finding);
    return &p->findings[0];
}

#define VOLUME "\"code\":" CODING(LOINC, "3160-9") ",\"effectiveDateTime\":\"2024-05-02\","
#define ML_OF(value) "\"valueQuantity\":{\"value\":" value ",\"unit\":\"mL\"}"

static void observations_give_values(void **state) {
    (void)state;
    static const struct {
        const char *value;
        double low, high;
    } cases[] = {
        {ML_OF("0.80"), 0.8, 0.8},
        {"\"valueQuantity\":{\"value\":800,\"code\":\"uL\",\"unit\":\"microlitre\"}", 0.8, 0.8},
        {"\"valueQuantity\":{\"value\":0.8,\"code\":\"nonsense\",\"unit\":\"mL\"}", 0.8, 0.8},
        {"\"valueQuantity\":{\"comparator\":\"<\",\"value\":1.5,\"unit\":\"mL\"}", 0, 1.5},
        {"\"valueRange\":{\"low\":{\"value\":1,\"unit\":\"mL\"},\"high\":{\"value\":2}}", 1, 2},
        {"\"valueString\":\"0.8 mL\"", 0.8, 0.8},
        {"\"valueString\":\"absent\"", 0, 0},
        {"\"valueCodeableConcept\":{\"text\":\"low\"}", 0, 1.4},
        {"\"interpretation\":[" CODING("x", "L") "]", 0, 1.4}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char fields[600];
        snprintf(fields, sizeof fields, "\"status\":\"final\"," VOLUME "%s", cases[i].value);
        ag_patient *p = read_one("Observation", fields);
        const ag_finding_fact *f = only_finding(p, SEMEN_VOLUME);
        assert_float_equal(f->low, cases[i].low, 1e-12);
        assert_float_equal(f->high, cases[i].high, 1e-12);
        assert_string_equal(f->where, "Observation/x");
        date_is(f->date, "2024-05-02");
        assert_int_equal(p->samples[f->sample].kind, AG_SAMPLE_SEMEN);
        ag_patient_free(p);
    }
}

static void observations_that_cannot_be_used_say_why(void **state) {
    (void)state;
    not_used(
        read_one("Observation", "\"status\":\"final\"," VOLUME "\"valueQuantity\":{\"value\":3}"),
        "semen volume \"3\" has no unit. Give one (mL, ml");
    not_used(read_one("Observation", "\"status\":\"final\"," VOLUME ML_OF("300")), "impossible");
    not_used(
        read_one("Observation", "\"status\":\"final\",\"code\":{\"text\":\"Volume\"}," ML_OF("3")),
        "not known");
    not_used(read_one("Observation", "\"status\":\"preliminary\"," VOLUME ML_OF("3")),
             "preliminary");
    not_used(read_one("Observation", "\"status\":\"final\"," VOLUME
                                     "\"dataAbsentReason\":" CODING("x", "unknown")),
             "missing");
    not_used(read_one("Observation", "\"status\":\"final\"," VOLUME "\"note\":[]"), "no value");
    ag_patient *p =
        read_one("Observation", "\"status\":\"final\"," VOLUME "\"valueQuantity\":{\"value\":3}");
    assert_string_equal(p->unused[0].where, "Observation/x, line 1");
    ag_patient_free(p);
}

static void blood_is_denied(ag_patient *p) {
    assert_int_equal(only_finding(p, BLOOD)->state, 0);
    ag_patient_free(p);
}

/* "Semen of usual colour" is no blood in it; that it is not of usual colour says nothing. */
static void what_is_normal_is_no_complaint(void **state) {
    (void)state;
    static const char normal[] = "\"code\":{\"text\":\"Semen of usual colour\"}";
    char fields[300];
    snprintf(fields, sizeof fields, "%s,\"onsetDateTime\":\"2024-02\"", normal);
    ag_patient *p = read_one("Condition", fields);
    assert_true(ag_days_unknown(p->onset));
    blood_is_denied(p);
    snprintf(fields, sizeof fields, "\"status\":\"final\",%s,\"valueBoolean\":true", normal);
    blood_is_denied(read_one("Observation", fields));
    snprintf(fields, sizeof fields, "\"status\":\"final\",%s,\"valueBoolean\":false", normal);
    not_used(read_one("Observation", fields), "denies what is normal");
    snprintf(fields, sizeof fields, "\"status\":\"final\",%s", normal);
    not_used(read_one("Observation", fields), "no value");
    snprintf(fields, sizeof fields,
             "\"verificationStatus\":{\"coding\":[{\"code\":\"refuted\"}]},%s", normal);
    not_used(read_one("Condition", fields), "refuted");
}

static void components_and_abstinence_belong_to_a_sample(void **state) {
    (void)state;
    ag_patient *p =
        read_with("{\"resource\":{\"resourceType\":\"Observation\",\"id\":\"a\",\"status\":"
                  "\"final\",\"code\":{"
                  "\"text\":\"Semen "
                  "analysis\"},\"effectiveDateTime\":\"2024-05-02T10:00:00Z\",\"component\":[{"
                  "\"code\":" CODING(LOINC, "3160-9") "," ML_OF(
                      "0.8") "},{\"code\":{\"text\":\"Semen pH\"},"
                             "\"valueQuantity\":{\"value\":6.9}}]}},"
                             "{\"resource\":{\"resourceType\":\"Observation\",\"id\":\"b\","
                             "\"status\":\"final\",\"code\":" CODING(
                                 LOINC, "10587-4") ",\"effectiveDateTime\":\"2024-05-02T10:00:"
                                                   "00Z\",\"valueQuantity\":{"
                                                   "\"value\":72,\"code\":\"h\"}}}");
    assert_int_equal(p->finding_count, 2);
    assert_int_equal(p->sample_count, 1);
    assert_float_equal(p->samples[0].abstinence_days, 3, 1e-9);
    assert_int_equal(p->unused_count, 0);
    ag_patient_free(p);
}

static void the_latest_version_counts(void **state) {
    (void)state;
#define VERSION(updated, value)                                                                    \
    "{\"resource\":{\"resourceType\":\"Observation\",\"id\":\"v\",\"meta\":{\"lastUpdated\":"      \
    "\"" updated "\"},\"status\":\"final\"," VOLUME                                                \
    ML_OF(value) "}}"
    ag_patient *p = read_with(VERSION("2024-05-02T12:00:00+02:00", "1") "," VERSION(
        "2024-05-02T11:00:00Z", "2") "," VERSION("2024-05-02T10:30:00Z", "3"));
    assert_float_equal(only_finding(p, SEMEN_VOLUME)->low, 2, 0);
    assert_int_equal(p->contradiction_count, 0);
    ag_patient_free(p);
    p = read_with(VERSION("2024-05-02T12:00:00Z", "1") "," VERSION("2024-05-02T12:00:00Z", "1"));
    assert_int_equal(p->finding_count, 1);
    assert_int_equal(p->contradiction_count, 0);
    ag_patient_free(p);
    /* of one time and different: one of them, whichever stands first */
    p = read_with(VERSION("2024-05-02T12:00:00Z", "1") "," VERSION("2024-05-02T12:00:00Z", "2"));
    double counts = only_finding(p, SEMEN_VOLUME)->low;
    assert_int_equal(p->contradiction_count, 1);
    assert_non_null(strstr(p->contradictions[0], "Observation/v"));
    ag_patient_free(p);
    p = read_with(VERSION("2024-05-02T12:00:00Z", "2") "," VERSION("2024-05-02T12:00:00Z", "1"));
    assert_float_equal(only_finding(p, SEMEN_VOLUME)->low, counts, 0);
    assert_int_equal(p->contradiction_count, 1);
    ag_patient_free(p);
}

static void what_a_history_deletes_is_gone(void **state) {
    (void)state;
#define HISTORY(time)                                                                              \
    "{\"resource\":{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"request\":{"    \
    "\"method\":\"DELETE\",\"url\":\"Observation/v\"},\"response\":{\"lastModified\":\"" time      \
    "\"}}," VERSION("2024-05-02T12:00:00Z", "1") "]}}"
    ag_patient *p = read_with(HISTORY("2024-05-03T00:00:00Z"));
    assert_int_equal(p->finding_count, 0);
    ag_patient_free(p);
    p = read_with(HISTORY("2024-05-01T00:00:00Z")); /* and made anew */
    assert_int_equal(p->finding_count, 1);
    ag_patient_free(p);
}

static void others_are_left_out(void **state) {
    (void)state;
    not_used(read_with("{\"resource\":{\"resourceType\":\"Condition\",\"subject\":{\"reference\":"
                       "\"Patient/q\"}," DIABETES "}}"),
             "somebody else");
    only_cause(read_with("{\"resource\":{\"resourceType\":\"Condition\",\"subject\":{\"reference\":"
                         "\"http://h/fhir/Patient/p\"}," DIABETES "}}"),
               DIABETES_2, "unknown", NULL);
}

static void all_shapes_of_a_record_are_read(void **state) {
    (void)state;
#define RESOURCE_MAN                                                                               \
    "{\"gender\":\"male\",\"id\":\"p\",\"birthDate\":\"1960\",\"resourceType\":\"Patient\"}"
#define RESOURCE_DIABETES                                                                          \
    "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/p\"}," DIABETES "}"
    static const char *const shapes[] = {
        "[" RESOURCE_MAN "," RESOURCE_DIABETES "]", RESOURCE_MAN "\n" RESOURCE_DIABETES "\n",
        "\n" RESOURCE_DIABETES "\r\n\n" RESOURCE_MAN,
        "\xEF\xBB\xBF{\"entry\":[{\"resource\":" RESOURCE_DIABETES "},{\"resource\":" RESOURCE_MAN
        "},{\"request\":{\"method\":\"DELETE\"}}],\"resourceType\":\"Bundle\"}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Bundle\","
        "\"entry\":"
        "[{\"resource\":" RESOURCE_MAN "}]}},{\"resource\":" RESOURCE_DIABETES "}]}"};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        ag_patient *p;
        ag_error error = {0};
        if (try_text(shapes[i], false, &p, &error) != AG_OK)
            fail_msg("%s\n%d: %s", shapes[i], error.line, error.message);
        assert_float_equal(p->age_years, 63, 0); /* 63 or 64, as only the year is known */
        only_cause(p, DIABETES_2, "unknown", NULL);
    }
}

static void refusals_say_why(void **state) {
    (void)state;
#define PERSON(fields) "{\"resourceType\":\"Patient\",\"id\":\"p\"," fields "}"
#define SEX_AT_BIRTH(code)                                                                         \
    ",\"extension\":[{\"url\":\"http://hl7.org/fhir/us/core/StructureDefinition/"                  \
    "us-core-birthsex\",\"valueCode\":\"" code "\"}]"
    static const struct {
        const char *text;
        bool male;
        ag_status code;
        const char *says;
    } cases[] = {
        {PERSON("\"gender\":\"female\",\"birthDate\":\"1980\""), false, AG_ERROR_DECLINED,
         "female"},
        {PERSON("\"gender\":\"female\",\"birthDate\":\"1980\""), true, AG_OK, ""},
        {PERSON("\"gender\":\"female\"" SEX_AT_BIRTH("M")), false, AG_ERROR_DECLINED,
         "at birth as male. State it"},
        {PERSON("\"gender\":\"male\"" SEX_AT_BIRTH("F")), false, AG_ERROR_DECLINED,
         "at birth is recorded as female"},
        {PERSON("\"gender\":\"other\"" SEX_AT_BIRTH("M")), false, AG_OK, ""},
        {PERSON("\"birthDate\":\"1980\""), false, AG_ERROR_DECLINED, "does not give the sex"},
        {PERSON("\"gender\":\"unknown\""), false, AG_ERROR_DECLINED, "other or unknown"},
        {PERSON("\"gender\":\"unknown\""), true, AG_OK, ""},
        {PERSON("\"gender\":\"male\",\"birthDate\":\"2006-06-16\""), false, AG_ERROR_DECLINED,
         "under 18"},
        {PERSON("\"gender\":\"male\",\"birthDate\":\"2006-06-15\""), false, AG_OK, ""},
        {PERSON("\"gender\":\"male\",\"birthDate\":\"2006\""), false, AG_ERROR_DECLINED,
         "may be under 18"},
        {PERSON("\"gender\":\"male\",\"birthDate\":\"2010\""), true, AG_ERROR_DECLINED, "under 18"},
        {PERSON("\"gender\":\"male\",\"birthDate\":\"8960-05-20\""), false, AG_ERROR_VALUE,
         "birthDate"},
        {PERSON("\"gender\":\"male\",\"birthDate\":\"1760-01-01\""), false, AG_ERROR_VALUE,
         "birthDate"},
        {PERSON("\"gender\":\"male\",\"birthDate\":\"2030-01-01\""), false, AG_ERROR_VALUE,
         "birthDate"},
        {PERSON("\"gender\":\"male\",\"deceasedBoolean\":true"), false, AG_ERROR_DECLINED, "died"},
        {PERSON("\"gender\":\"male\",\"deceasedBoolean\":false"), false, AG_OK, ""},
        {PERSON("\"gender\":\"male\",\"deceasedDateTime\":\"2020-01-01\""), false,
         AG_ERROR_DECLINED, "2020-01-01"},
        {"[" RESOURCE_MAN ",{\"resourceType\":\"Patient\",\"id\":\"q\",\"gender\":\"male\"}]",
         false, AG_ERROR_UNSUPPORTED, "2 patients"},
        {"[" RESOURCE_MAN ",{\"resourceType\":\"Procedure\",\"status\":\"completed\",\"code\":"
         "{\"text\":\"Vaginoplasty (procedure)\"}}]",
         false, AG_ERROR_DECLINED, "intended use"},
        {RESOURCE_DIABETES, false, AG_ERROR_DECLINED, "no Patient"},
        {RESOURCE_DIABETES, true, AG_OK, ""},
        {"[" RESOURCE_DIABETES ",{\"resourceType\":\"Condition\",\"subject\":{\"reference\":"
         "\"Patient/q\"}}]",
         true, AG_ERROR_UNSUPPORTED, "several patients"},
        {"{}", false, AG_ERROR_UNSUPPORTED, "no resourceType"},
        {"[1]", false, AG_ERROR_UNSUPPORTED, "expected here"},
        {"[]", false, AG_ERROR_DECLINED, "no Patient"},
        {"{\"resourceType\":", false, AG_ERROR_SYNTAX, "well-formed"},
        {"[" RESOURCE_MAN ",{\"resourceType\":\"Condition\",\"clinicalStatus\":\"active\"}]", false,
         AG_ERROR_UNSUPPORTED, "STU3"},
        {"[" RESOURCE_MAN ",{\"resourceType\":\"MedicationOrder\"}]", false, AG_ERROR_UNSUPPORTED,
         "STU3"},
        {"[" RESOURCE_MAN
         ",{\"resourceType\":\"MedicationRequest\",\"medication\":{\"concept\":{}}}]",
         false, AG_ERROR_UNSUPPORTED, "R5"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ag_patient *p;
        ag_error error = {0};
        ag_status status = try_text(cases[i].text, cases[i].male, &p, &error);
        if (status != cases[i].code || strstr(error.message, cases[i].says) == NULL)
            fail_msg("%s\ngives %d: %s", cases[i].text, (int)status, error.message);
        assert_int_equal(p == NULL, status != AG_OK);
        ag_patient_free(p);
    }
}

static void unknown_entries_are_summed_up(void **state) {
    (void)state;
    char entries[6000] = "";
    size_t n = 0;
    for (int i = 0; i < 30; i++)
        n += (size_t)snprintf(
            entries + n, sizeof entries - n,
            "%s{\"resource\":{\"resourceType\":\"%s\",\"status\":\"final\",\"code\":{"
            "\"text\":\"zzzz qqqq %d\"}}}",
            i > 0 ? "," : "", i % 2 ? "Condition" : "Observation", i % 10);
    n += (size_t)snprintf(
        entries + n, sizeof entries - n,
        ",{\"resource\":{\"resourceType\":\"Condition\",\"code\":{\"text\":"
        "\"Diabetis\"}}},{\"resource\":{\"resourceType\":\"Observation\",\"code\":{"
        "\"text\":\"Semen colour\"}}}");
    ag_patient *p = read_with(entries);
    assert_int_equal(p->unused_count, 4);
    assert_string_equal(p->unused[0].text, "Diabetis");
    assert_string_equal(p->unused[0].nearest[0], "diabetes");
    assert_non_null(strstr(p->unused[1].text, "15 other conditions of 5 kinds"));
    assert_string_equal(p->unused[2].text, "Semen colour");
    assert_non_null(strstr(p->unused[3].text, "15 other observations of 5 kinds"));
    ag_patient_free(p);
}

static void a_complaint_dates_the_onset(void **state) {
    (void)state;
    ag_patient *p = read_one("Condition", "\"code\":" CODING("http://hl7.org/fhir/sid/icd-10-cm",
                                                             "N53.13") ",\"onsetDateTime\":"
                                                                       "\"2024-02\"");
    only_finding(p, DRY_ORGASM);
    date_is(p->onset, "2024-02");
    date_is(p->findings[0].date, "2024-06-15");
    ag_patient_free(p);
}

static void only_planned(ag_patient *p, int cause, const char *when) {
    if (p->planned_count != 1 || p->cause_count != 0)
        fail_msg("%d planned, %d causes; unused: %s", p->planned_count, p->cause_count,
                 p->unused_count > 0 ? p->unused[0].why : "none");
    assert_int_equal(p->planned[0].cause, cause);
    date_is(p->planned[0].start, when);
    ag_patient_free(p);
}

static void what_is_to_come_is_planned(void **state) {
    (void)state;
#define ORDERED "\"code\":{\"text\":\"TURP\"}"
    only_planned(REQUEST("draft", "\"authoredOn\":\"2024-03-01\""), TAMSULOSIN, "unknown");
    only_planned(read_one("MedicationRequest", "\"status\":\"active\",\"intent\":\"plan\"" TAM),
                 TAMSULOSIN, "unknown");
    only_planned(read_one("MedicationRequest", "\"status\":\"active\",\"intent\":\"order\","
                                               "\"authoredOn\":\"2024-07-01\"" TAM),
                 TAMSULOSIN, "2024-07-01");
    only_planned(read_one("MedicationStatement", "\"status\":\"intended\"" TAM), TAMSULOSIN,
                 "unknown");
    only_planned(read_one("Procedure", "\"status\":\"preparation\"," ORDERED), TURP, "unknown");
    only_planned(read_one("Procedure", "\"status\":\"completed\"," ORDERED
                                       ",\"performedDateTime\":\"2024-09-02\""),
                 TURP, "2024-09-02");
    only_planned(read_one("ServiceRequest", "\"status\":\"active\",\"intent\":\"order\"," ORDERED
                                            ",\"occurrenceDateTime\":\"2024-08\""),
                 TURP, "2024-08");
    not_used(read_one("ServiceRequest", "\"status\":\"active\",\"intent\":\"order\"," ORDERED
                                        ",\"occurrenceDateTime\":\"2021-08\""),
             "has passed");
    only_planned(read_one("CarePlan", "\"status\":\"active\",\"intent\":\"plan\",\"activity\":[{"
                                      "\"detail\":{\"status\":\"scheduled\"," ORDERED
                                      ",\"scheduledPeriod\":{\"start\":\"2024-10-01\"}}},{"
                                      "\"detail\":{\"status\":\"cancelled\",\"code\":{\"text\":"
                                      "\"RPLND\"}}}]"),
                 TURP, "2024-10-01");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_to_come_is_planned),
        cmocka_unit_test(the_man_himself),
        cmocka_unit_test(conditions_honour_their_status),
        cmocka_unit_test(family_history_is_not_his),
        cmocka_unit_test(names_stand_where_codes_do_not),
        cmocka_unit_test(what_is_normal_is_no_complaint),
        cmocka_unit_test(procedures_honour_their_status),
        cmocka_unit_test(medicines_honour_their_status),
        cmocka_unit_test(a_dose_needs_its_frequency),
        cmocka_unit_test(medications_are_found_by_reference),
        cmocka_unit_test(observations_give_values),
        cmocka_unit_test(observations_that_cannot_be_used_say_why),
        cmocka_unit_test(components_and_abstinence_belong_to_a_sample),
        cmocka_unit_test(the_latest_version_counts),
        cmocka_unit_test(what_a_history_deletes_is_gone),
        cmocka_unit_test(others_are_left_out),
        cmocka_unit_test(all_shapes_of_a_record_are_read),
        cmocka_unit_test(refusals_say_why),
        cmocka_unit_test(unknown_entries_are_summed_up),
        cmocka_unit_test(a_complaint_dates_the_onset)};
    return cmocka_run_group_tests(tests, make, drop);
}
