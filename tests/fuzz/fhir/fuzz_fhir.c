/*
 * Any text as a FHIR record: it is read, or refused with a message. What simdjson takes for JSON
 * the second look must take for JSON, and the other way round.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../support/small_knowledge.h"
#include "json.h"
#include "patient.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare_looks(const char *text, size_t size) {
    static ag_json_parser *parser;
    ag_arena *arena = ag_arena_new();
    const ag_json_value *root;
    if (arena == NULL || (parser == NULL && (parser = ag_json_parser_new()) == NULL))
        abort();
    ag_status first = ag_json_parse(parser, arena, text, size, &root, NULL);
    ag_status second = ag_json_fault(text, size, NULL);
    size_t start = 0;
    while (start < size && memchr(" \t\r\n", text[start], 4) != NULL)
        start++;
    bool container = start < size && (text[start] == '{' || text[start] == '[');
    if (container && (first == AG_OK) != (second == AG_OK))
        abort();
    ag_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_vocabulary *vocabulary;
    if (vocabulary == NULL && (vocabulary = ag_vocabulary_new(&SMALL)) == NULL)
        abort();
    compare_looks((const char *)data, size);
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2024-06-15";
    ag_patient *patient;
    ag_error error = {0};
    ag_status status =
        ag_patient_read_fhir(&patient, vocabulary, (const char *)data, size, &options, &error);
    if ((status == AG_OK) != (patient != NULL) || (status != AG_OK && error.message[0] == '\0') ||
        status == AG_ERROR_MEMORY)
        abort();
    ag_patient_free(patient);
    return 0;
}
