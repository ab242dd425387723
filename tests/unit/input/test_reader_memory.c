/* Reading when memory runs out, at one place after another: a status, never a crash, and never half
 * a patient. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/failing_memory.h"
#include "../../support/small_knowledge.h"
#include "arena.h"
#include "patient.h"

WRAP(ag_arena_alloc, (ag_arena * arena, size_t size), (arena, size))
WRAP(ag_arena_array, (ag_arena * arena, size_t count, size_t size), (arena, count, size))
WRAP(ag_arena_text, (ag_arena * arena, const char *text, size_t length), (arena, text, length))
WRAP(ag_arena_copy, (ag_arena * arena, const char *text), (arena, text))
WRAP(malloc, (size_t size), (size))
WRAP(realloc, (void *memory, size_t size), (memory, size))

static void read_without_memory(const char *path, int facts) {
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-06-15";
    ag_vocabulary *vocabulary = ag_vocabulary_new(&SMALL);
    ag_status status = AG_ERROR_MEMORY;
    long failures = 0;
    for (long limit = 1; status != AG_OK; limit++) {
        ag_patient *patient;
        ag_error error = {0};
        allowed = limit;
        status = ag_patient_read_file(&patient, vocabulary, path, &options, &error);
        allowed = -1;
        if (status == AG_OK) {
            assert_int_equal(patient->cause_count + patient->finding_count, facts);
            ag_patient_free(patient);
            break;
        }
        failures++;
        assert_null(patient);
        if (status != AG_ERROR_MEMORY && status != AG_ERROR_IO)
            fail_msg("limit %ld: %d: %s", limit, (int)status, error.message);
        assert_true(error.message[0] != '\0' && limit < 100000);
    }
    assert_true(failures > 50);
    ag_vocabulary_free(vocabulary);
}

/* 8 causes (tamsulosin twice) and 10 findings; the low volume yields to the dry orgasm. */
static void a_case(void **state) {
    (void)state;
    read_without_memory(AG_SOURCE_DIR "/tests/fuzz/casefile/case/whole.yaml", 18);
}

static void a_record(void **state) {
    (void)state;
    read_without_memory(AG_SOURCE_DIR "/tests/fuzz/fhir/fhir/bundle.json", 8);
}

static void a_vocabulary(void **state) {
    (void)state;
    ag_vocabulary *vocabulary = NULL;
    for (long limit = 1; vocabulary == NULL; limit++) {
        allowed = limit;
        vocabulary = ag_vocabulary_new(&SMALL);
        allowed = -1;
        assert_true(limit < 10000);
    }
    ag_vocabulary_free(vocabulary);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_case), cmocka_unit_test(a_record),
                                       cmocka_unit_test(a_vocabulary)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
