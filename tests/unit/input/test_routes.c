/*
 * The same man by every route: for all cards of the knowledge in the program, each name, code and
 * unit, in YAML, JSON and FHIR, plain and gzip, must give the same facts.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>
#include <cmocka.h>

#include "antegrade/knowledge.h"
#include "input.h"
#include "json.h"
#include "patient.h"
#include "vocabulary.h"

static const ag_knowledge *knowledge;
static ag_vocabulary *vocabulary;

static int make(void **state) {
    (void)state;
    knowledge = ag_knowledge_builtin();
    vocabulary = ag_vocabulary_new(knowledge);
    return vocabulary == NULL;
}

static int drop(void **state) {
    (void)state;
    ag_vocabulary_free(vocabulary);
    return 0;
}

static ag_patient *read_text(const char *text) {
    ag_patient *patient;
    ag_error error = {0};
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-06-15";
    if (ag_patient_read(&patient, vocabulary, text, strlen(text), &options, &error) != AG_OK)
        fail_msg("%d:%d: %s\n%s", error.line, error.column, error.message, text);
    return patient;
}

static bool has_cause(const ag_patient *patient, int cause) {
    for (int i = 0; i < patient->cause_count; i++)
        if (patient->causes[i].cause == cause)
            return true;
    return false;
}

/* Text as the inside of a JSON string, which is a YAML one too. */
static const char *quoted(const char *text) {
    static char out[1024];
    size_t n = 0;
    out[n++] = '"';
    for (; *text != '\0' && n + 4 < sizeof out; text++) {
        if (*text == '"' || *text == '\\')
            out[n++] = '\\';
        out[n++] = *text;
    }
    out[n++] = '"';
    out[n] = '\0';
    return out;
}

/* A name alone, where it belongs to one card only. */
static bool is_own_name(const char *name, int cause) {
    ag_term term;
    return ag_vocabulary_find(vocabulary, AG_TERM_CAUSE, name, &term) && term.index == cause;
}

/* The name of a cause that puts a man outside the intended use. */
static void declines(const char *text) {
    ag_patient *patient;
    if (ag_patient_read(&patient, vocabulary, text, strlen(text), NULL, NULL) != AG_ERROR_DECLINED)
        fail_msg("%s is not declined", text);
}

static void names_of_causes_are_found(const ag_texts *names, int cause) {
    for (int n = 0; n < names->count; n++) {
        char text[1200];
        if (!is_own_name(names->items[n], cause))
            fail_msg("\"%s\" is not read as %s", names->items[n], knowledge->causes[cause].id);
        snprintf(text, sizeof text, "conditions: [%s]\n", quoted(names->items[n]));
        if (knowledge->causes[cause].outside) {
            declines(text);
            continue;
        }
        ag_patient *line = read_text(text);
        snprintf(text, sizeof text, "conditions: [{name: %s}]\n", quoted(names->items[n]));
        ag_patient *map = read_text(text);
        if (!has_cause(line, cause) || !has_cause(map, cause) || line->unused_count > 0 ||
            map->unused_count > 0)
            fail_msg("\"%s\" does not give %s", names->items[n], knowledge->causes[cause].id);
        ag_patient_free(line);
        ag_patient_free(map);
    }
}

static void every_name_of_a_cause_is_read(void **state) {
    (void)state;
    for (int cause = 0; cause < knowledge->cause_count; cause++) {
        names_of_causes_are_found(&knowledge->causes[cause].names.en, cause);
        names_of_causes_are_found(&knowledge->causes[cause].names.es, cause);
    }
}

static const char *system_of(ag_code_system system) {
    static const char *const uris[] = {[AG_CODE_SNOMED] = "http://snomed.info/sct",
                                       [AG_CODE_ICD10CM] = "http://hl7.org/fhir/sid/icd-10-cm",
                                       [AG_CODE_RXNORM] =
                                           "http://www.nlm.nih.gov/research/umls/rxnorm",
                                       [AG_CODE_ATC] = "http://www.whocc.no/atc",
                                       [AG_CODE_LOINC] = "http://loinc.org"};
    return uris[system];
}

static const char FHIR_MAN[] = "{\"resourceType\":\"Patient\",\"id\":\"p\",\"gender\":\"male\","
                               "\"birthDate\":\"1970-01-01\"}";

static void every_code_of_a_cause_is_read(void **state) {
    (void)state;
    for (int cause = 0; cause < knowledge->cause_count; cause++) {
        const ag_cause *card = &knowledge->causes[cause];
        for (int c = 0; c < card->codes.count; c++) {
            char text[1000], code[64];
            snprintf(code, sizeof code, "%s", card->codes.items[c].code);
            char *star = strchr(code, '*');
            if (star != NULL)
                *star = '\0';
            bool medicine = card->kind == AG_CAUSE_MEDICINE;
            snprintf(text, sizeof text,
                     "[%s,{\"resourceType\":\"%s\",\"status\":\"active\",\"intent\":\"order\","
                     "\"%s\":{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\"}]}}]",
                     FHIR_MAN, medicine ? "MedicationRequest" : "Condition",
                     medicine ? "medicationCodeableConcept" : "code",
                     system_of(card->codes.items[c].system), code);
            ag_patient *patient = read_text(text);
            if (!has_cause(patient, cause))
                fail_msg("%s does not give %s", code, card->id);
            ag_patient_free(patient);
        }
    }
}

static const ag_finding_fact *fact_of(const ag_patient *patient, int finding) {
    for (int i = 0; i < patient->finding_count; i++)
        if (patient->findings[i].finding == finding)
            return &patient->findings[i];
    return NULL;
}

static void same_finding(const char *text, int finding, double low, double high) {
    ag_patient *patient = read_text(text);
    const ag_finding_fact *fact = fact_of(patient, finding);
    double slack = 1e-9 * fabs(low) + 1e-9;
    if (fact == NULL || fabs(fact->low - low) > slack || fabs(fact->high - high) > slack)
        fail_msg("%s\ngives %g to %g, not %g to %g", text, fact != NULL ? fact->low : NAN,
                 fact != NULL ? fact->high : NAN, low, high);
    ag_patient_free(patient);
}

/* A value within the range, in each unit of the card, by three routes. */
static void every_unit_of_a_finding_converts(void **state) {
    (void)state;
    for (int f = 0; f < knowledge->finding_count; f++) {
        const ag_finding *card = &knowledge->findings[f];
        const ag_variable *variable = &knowledge->variables[card->variable];
        const char *name = variable->names.en.items[0];
        if (card->value != AG_VALUE_QUANTITY)
            continue;
        double value = card->range_low + 0.01 * (card->range_high - card->range_low);
        for (int u = 0; u < card->unit_count; u++) {
            char text[1000], unit[128];
            double given = value / card->units[u].factor;
            snprintf(unit, sizeof unit, "%s", quoted(card->units[u].name));
            snprintf(text, sizeof text, "tests: [{name: %s, value: %.17g, unit: %s}]\n",
                     quoted(name), given, unit);
            same_finding(text, f, value, value);
            snprintf(text, sizeof text,
                     "{\"tests\": [{\"name\": %s, \"value\": %.17g, \"unit\": %s}]}", quoted(name),
                     given, unit);
            same_finding(text, f, value, value);
            snprintf(text, sizeof text,
                     "[%s,{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\""
                     ":%s},\"valueQuantity\":{\"value\":%.17g,\"unit\":%s}}]",
                     FHIR_MAN, quoted(name), given, unit);
            same_finding(text, f, value, value);
        }
    }
}

static void every_name_of_a_finding_is_read(void **state) {
    (void)state;
    for (int f = 0; f < knowledge->finding_count; f++) {
        const ag_finding *card = &knowledge->findings[f];
        const ag_variable *variable = &knowledge->variables[card->variable];
        const ag_texts *lists[] = {&variable->names.en, &variable->names.es};
        for (int l = 0; l < 2; l++)
            for (int n = 0; card->value == AG_VALUE_YES_NO && n < lists[l]->count; n++) {
                char text[1200];
                snprintf(text, sizeof text, "symptoms: [%s]\n", quoted(lists[l]->items[n]));
                ag_patient *patient = read_text(text);
                const ag_finding_fact *fact = fact_of(patient, f);
                if (fact == NULL || fact->state != 1)
                    fail_msg("\"%s\" does not give %s", lists[l]->items[n], variable->id);
                ag_patient_free(patient);
                snprintf(text, sizeof text, "absent: [%s]\n", quoted(lists[l]->items[n]));
                patient = read_text(text);
                fact = fact_of(patient, f);
                if (fact == NULL || fact->state != 0)
                    fail_msg("absent \"%s\" does not deny %s", lists[l]->items[n], variable->id);
                ag_patient_free(patient);
            }
    }
}

static void states_and_words_are_read(void **state) {
    (void)state;
    for (int f = 0; f < knowledge->finding_count; f++) {
        const ag_finding *card = &knowledge->findings[f];
        const ag_variable *variable = &knowledge->variables[card->variable];
        char text[1000], name[300];
        snprintf(name, sizeof name, "%s", quoted(variable->names.en.items[0]));
        for (int s = 0; card->value == AG_VALUE_STATES && s < variable->states.count; s++) {
            snprintf(text, sizeof text, "tests: [{name: %s, value: \"%s\"}]\n", name,
                     variable->states.items[s]);
            ag_patient *patient = read_text(text);
            const ag_finding_fact *fact = fact_of(patient, f);
            if (fact == NULL || fact->state != s)
                fail_msg("%s is not state %d", text, s);
            ag_patient_free(patient);
        }
        for (int w = 0; card->value == AG_VALUE_QUANTITY && w < card->word_count; w++) {
            snprintf(text, sizeof text, "tests: [{name: %s, value: %s}]\n", name,
                     quoted(card->words[w].word));
            same_finding(text, f, card->words[w].low, card->words[w].high);
        }
    }
}

/* One man, typed and recorded. */
static void a_case_and_a_record_agree(void **state) {
    (void)state;
    ag_patient *typed = read_text(
        "age: 54\n"
        "medicines: [tamsulosin 0.4 mg daily since 2024-03-01]\n"
        "conditions: [{name: type 2 diabetes, since: 2010-05-05}]\n"
        "operations: [vasectomy 2015-02-03]\n"
        "samples: [{date: 2024-05-02, abstinence_days: 3, tests: [semen volume 0.8 mL]}]\n");
    ag_patient *recorded = read_text(
        "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"birthDate\":\"1970-01-01\"}\n"
        "{\"resourceType\":\"MedicationRequest\",\"status\":\"active\",\"intent\":\"order\","
        "\"authoredOn\":\"2024-03-01\",\"medicationCodeableConcept\":{\"text\":\"Flomax 0.4 MG "
        "Oral Capsule\"},\"dosageInstruction\":[{\"timing\":{\"repeat\":{\"frequency\":1,"
        "\"period\":1,\"periodUnit\":\"d\"}},\"doseAndRate\":[{\"doseQuantity\":{\"value\":1}}]}]}"
        "\n"
        "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"system\":"
        "\"http://snomed.info/sct\",\"code\":\"44054006\"}]},\"onsetDateTime\":\"2010-05-05\"}\n"
        "{\"resourceType\":\"Procedure\",\"status\":\"completed\",\"code\":{\"text\":\"Vasectomy\"}"
        ","
        "\"performedDateTime\":\"2015-02-03\"}\n"
        "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
        "\"http://loinc.org\",\"code\":\"3160-9\"}]},\"effectiveDateTime\":\"2024-05-02\","
        "\"valueQuantity\":{\"value\":0.8,\"unit\":\"mL\"}}\n"
        "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
        "\"http://loinc.org\",\"code\":\"10587-4\"}]},\"effectiveDateTime\":\"2024-05-02\","
        "\"valueQuantity\":{\"value\":3,\"unit\":\"d\"}}\n");
    assert_float_equal(typed->age_years, recorded->age_years, 0);
    assert_int_equal(typed->cause_count, 3);
    assert_int_equal(recorded->cause_count, 3);
    for (int i = 0; i < 3; i++) {
        const ag_cause_fact *a = &typed->causes[i], *b = &recorded->causes[i];
        assert_int_equal(a->cause, b->cause);
        assert_int_equal(a->present, b->present);
        assert_int_equal(a->ended, b->ended);
        assert_int_equal(a->start.first, b->start.first);
        assert_int_equal(a->start.last, b->start.last);
        assert_int_equal(a->attribute_count, b->attribute_count);
        for (int k = 0; k < a->attribute_count; k++) {
            assert_string_equal(a->attributes[k].name, b->attributes[k].name);
            assert_float_equal(a->attributes[k].number, b->attributes[k].number, 1e-12);
        }
    }
    assert_int_equal(typed->finding_count, 2); /* the volume, and that a sample was given */
    assert_int_equal(recorded->finding_count, 2);
    assert_string_equal(typed->findings[0].text, recorded->findings[0].text);
    assert_int_equal(typed->samples[0].date.first, recorded->samples[0].date.first);
    assert_float_equal(typed->samples[0].abstinence_days, recorded->samples[0].abstinence_days, 0);
    ag_patient_free(typed);
    ag_patient_free(recorded);
}

static void gzip_is_read_like_plain_text(void **state) {
    (void)state;
    char path[] = "/tmp/antegrade-test-XXXXXX";
    const char text[] = "age: 54\nmedicines: [tamsulosin]\n";
    int file = mkstemp(path);
    assert_true(file >= 0);
    gzFile packed = gzdopen(file, "wb");
    assert_non_null(packed);
    assert_int_equal(gzwrite(packed, text, sizeof text - 1), sizeof text - 1);
    assert_int_equal(gzclose(packed), Z_OK);
    ag_patient *patient;
    assert_int_equal(ag_patient_read_file(&patient, vocabulary, path, NULL, NULL), AG_OK);
    assert_int_equal(patient->cause_count, 1);
    ag_patient_free(patient);
    assert_int_equal(truncate(path, 30), 0);
    ag_error error = {0};
    assert_int_equal(ag_patient_read_file(&patient, vocabulary, path, NULL, &error),
                     AG_ERROR_SYNTAX);
    assert_string_equal(error.where, path);
    remove(path);
    assert_int_equal(ag_patient_read_file(&patient, vocabulary, path, NULL, &error), AG_ERROR_IO);
    assert_non_null(strstr(error.message, "No such file"));
    assert_int_equal(ag_patient_read_file(&patient, vocabulary, "/", NULL, &error), AG_ERROR_IO);
}

static void formats_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool fhir;
    } cases[] = {{"age: 3", false},
                 {"{\"age\": 3}", false},
                 {" \n{\"id\": 1, \"resourceType\": \"Patient\"}", true},
                 {"\xEF\xBB\xBF[{\"resourceType\"", true},
                 {"resourceType: Patient", false},
                 {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(ag_input_is_fhir(cases[i].text, strlen(cases[i].text)), cases[i].fhir);
}

static void the_records_of_the_examples_are_read(void **state) {
    (void)state;
    static const struct {
        const char *file, *cause, *finding;
    } records[] = {{"after-turp.yaml", "turp", "urine-sperm"},
                   {"diabetic-man.json.gz", "diabetes-type-2", NULL},
                   {"diabetic-man-low-volume.json.gz", "diabetes-type-2", "semen-volume"},
                   {"tamsulosin-man.json.gz", "tamsulosin", NULL}};
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        char path[1000];
        ag_patient *patient;
        ag_error error = {0};
        snprintf(path, sizeof path, "%s/examples/records/%s", AG_SOURCE_DIR, records[i].file);
        if (ag_patient_read_file(&patient, vocabulary, path, NULL, &error) != AG_OK)
            fail_msg("%s:%d: %s", error.where, error.line, error.message);
        assert_true(has_cause(patient, ag_knowledge_cause(knowledge, records[i].cause)));
        if (records[i].finding != NULL) {
            int variable = ag_knowledge_variable(knowledge, records[i].finding);
            const ag_finding *card = ag_knowledge_finding_of(knowledge, variable);
            assert_non_null(fact_of(patient, (int)(card - knowledge->findings)));
        }
        assert_int_equal(patient->contradiction_count, 0);
        ag_patient_free(patient);
    }
}

/* Every key that the JSON Schema names is known, and the schema is itself JSON. */
static void the_schema_and_the_reader_agree(void **state) {
    (void)state;
    char *text;
    size_t length;
    const ag_json_value *schema;
    ag_arena *arena = ag_arena_new();
    ag_json_parser *parser = ag_json_parser_new();
    assert_int_equal(
        ag_input_read(AG_SOURCE_DIR "/share/case-file.schema.json", &text, &length, NULL), AG_OK);
    assert_int_equal(ag_json_parse(parser, arena, text, length, &schema, NULL), AG_OK);
    const ag_json_value *properties = ag_json_get(schema, "properties");
    assert_non_null(properties);
    int count = 0;
    for (const ag_json_value *key = properties->first; key != NULL; key = key->next) {
        count++;
        char line[100];
        snprintf(line, sizeof line, "%s:\n", key->key);
        ag_patient_free(read_text(line));
    }
    assert_int_equal(count, 19);
    ag_json_parser_free(parser);
    ag_arena_free(arena);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_name_of_a_cause_is_read),
                                       cmocka_unit_test(every_code_of_a_cause_is_read),
                                       cmocka_unit_test(every_unit_of_a_finding_converts),
                                       cmocka_unit_test(every_name_of_a_finding_is_read),
                                       cmocka_unit_test(states_and_words_are_read),
                                       cmocka_unit_test(a_case_and_a_record_agree),
                                       cmocka_unit_test(gzip_is_read_like_plain_text),
                                       cmocka_unit_test(formats_are_told_apart),
                                       cmocka_unit_test(the_records_of_the_examples_are_read),
                                       cmocka_unit_test(the_schema_and_the_reader_agree)};
    return cmocka_run_group_tests(tests, make, drop);
}
