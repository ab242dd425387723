/* Any text as a case: it is read, and can be told as facts, or refused with a place and a message.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/small_knowledge.h"
#include "antegrade/understand.h"
#include "patient.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_vocabulary *vocabulary;
    if (vocabulary == NULL && (vocabulary = ag_vocabulary_new(&SMALL)) == NULL)
        abort();
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-06-15";
    ag_patient *patient;
    ag_error error = {0};
    ag_status status =
        ag_patient_read_case(&patient, vocabulary, (const char *)data, size, &options, &error);
    if ((status == AG_OK) != (patient != NULL) || (status != AG_OK && error.message[0] == '\0') ||
        status == AG_ERROR_MEMORY)
        abort();
    char *facts = NULL;
    if (patient != NULL &&
        ag_understand_patient(&facts, vocabulary, patient, NULL, &error) != AG_OK)
        abort();
    ag_understand_free(facts);
    ag_patient_free(patient);
    return 0;
}
