/* Many men, judged by any number of threads and in any amount of memory: each is reported once, in
 * the order of the ids, and always in the same words. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "antegrade/knowledge.h"
#include "antegrade/screen.h"

enum { MEN = 3000, MEDICATIONS = 40 };

#define CODED(system, code) "{\"coding\":[{\"system\":\"" system "\",\"code\":\"" code "\"}]}"
#define SNOMED "http://snomed.info/sct"
#define RXNORM "http://www.nlm.nih.gov/research/umls/rxnorm"

/* What is recorded of every fifth man, but of the first of each five; the id, the man, and a
 * Medication. */
static const char *const RECORDS[] = {
    "{\"resourceType\":\"Observation\",\"id\":\"r%d\",\"subject\":{\"reference\":\"Patient/"
    "%04d\"}}",
    "{\"resourceType\":\"Condition\",\"id\":\"r%d\",\"subject\":{\"reference\":\"Patient/%04d\"},"
    "\"code\":" CODED(SNOMED, "44054006") "}",
    "{\"resourceType\":\"Procedure\",\"id\":\"r%d\",\"status\":\"completed\",\"subject\":"
    "{\"reference\":\"Patient/%04d\"},\"code\":" CODED(SNOMED, "90199006") "}",
    "{\"resourceType\":\"MedicationRequest\",\"id\":\"r%d\",\"status\":\"active\",\"intent\":"
    "\"order\",\"subject\":{\"reference\":\"Patient/%04d\"},\"medicationReference\":{\"reference\":"
    "\"Medication/t%d\"}}",
    "{\"resourceType\":\"MedicationRequest\",\"id\":\"r%d\",\"status\":\"active\",\"intent\":"
    "\"order\",\"subject\":{\"reference\":\"Patient/%04d\"},\"medicationCodeableConcept\":" CODED(
        RXNORM, "863669") "}"};

/* Not in the order of the men, and the records of a man apart. */
static void write_input(const char *path) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < MEN; i++) {
        int man = (i * 7) % MEN, other = (i * 11) % MEN;
        fprintf(file,
                "{\"resourceType\":\"Patient\",\"id\":\"%04d\",\"gender\":\"male\","
                "\"birthDate\":\"19%d-01-01\"}\n",
                man, 40 + man % 7);
        fprintf(file, RECORDS[other % 5], other, other, other % MEDICATIONS);
        fputc('\n', file);
    }
    for (int i = 0; i < MEDICATIONS; i++)
        fprintf(file,
                "{\"resourceType\":\"Medication\",\"id\":\"t%d\",\"code\":" CODED(RXNORM,
                                                                                  "863669") "}\n",
                i);
    fclose(file);
}

static char *screened(const ag_engine *engine, const char *input, int threads, size_t memory) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    ag_screen_options options = ag_screen_options_defaults();
    ag_screen_summary *summary;
    options.threads = threads;
    options.memory = memory;
    options.piece = 1 << 14;
    options.as_of = "2024-01-01";
    assert_int_equal(ag_screen(out, &summary, engine, &input, 1, &options, NULL), AG_OK);
    assert_int_equal(ag_screen_summary_hits(summary), MEN / 5 * 4);
    ag_screen_summary_free(summary);
    fclose(out);
    return text;
}

/* One line each, which begins with his id. */
static void check_men(const char *text) {
    for (int man = 0; man < MEN; man++) {
        char start[32];
        if (man % 5 == 0)
            continue;
        int length = snprintf(start, sizeof start, "{\"patient\":\"%04d\",", man);
        assert_memory_equal(text, start, (size_t)length);
        text = strchr(text, '\n') + 1;
    }
    assert_int_equal(*text, '\0');
}

static void always_the_same(void **state) {
    (void)state;
    char folder[] = "/tmp/antegrade-XXXXXX", input[64];
    ag_engine *engine;
    assert_non_null(mkdtemp(folder));
    snprintf(input, sizeof input, "%s/men.ndjson", folder);
    write_input(input);
    assert_int_equal(ag_engine_new(&engine, ag_knowledge_builtin(), NULL), AG_OK);
    char *expected = screened(engine, input, 1, 1 << 24);
    check_men(expected);
    static const int THREADS[] = {2, 7};
    for (int i = 0; i < 4; i++) {
        char *text = screened(engine, input, THREADS[i % 2], i < 2 ? 1 << 24 : 1 << 17);
        assert_string_equal(text, expected);
        free(text);
    }
    free(expected);
    ag_engine_free(engine);
    remove(input);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(always_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
