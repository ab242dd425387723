/* Any text as a typed line: it is understood in whole, in part or not at all, or refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/small_knowledge.h"
#include "antegrade/understand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_vocabulary *vocabulary;
    if (vocabulary == NULL && (vocabulary = ag_vocabulary_new(&SMALL)) == NULL)
        abort();
    ag_understand_options options = ag_understand_options_defaults();
    options.as_of = "2024-06-15";
    options.language = size % 2 == 0 ? "en" : "es";
    char *text = malloc(size + 1), *json;
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    ag_error error = {0};
    ag_status status = ag_understand(&json, vocabulary, text, &options, &error);
    if ((status == AG_OK) != (json != NULL) || (status != AG_OK && error.message[0] == '\0') ||
        status == AG_ERROR_MEMORY)
        abort();
    ag_understand_free(json);
    free(text);
    return 0;
}
