/* Any text as changes to imagine: it is understood, or refused with a message that names a way on.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct world {
    ag_knowledge *knowledge;
    ag_engine *engine;
    ag_session *session;
    ag_patient *patient;
    ag_assessment *assessment;
} world;

static const char *const man = "age: 40\nmedicines: [pill]\n";

static bool open_world(world *w) {
    ag_vocabulary *vocabulary = NULL;
    bool open =
        ag_knowledge_load(&w->knowledge, AG_SOURCE_DIR "/tests/unit/plan/knowledge", NULL, NULL) ==
            AG_OK &&
        (vocabulary = ag_vocabulary_new(w->knowledge)) != NULL &&
        ag_engine_new(&w->engine, w->knowledge, NULL) == AG_OK &&
        ag_session_new(&w->session, w->engine, NULL) == AG_OK &&
        ag_patient_read_case(&w->patient, vocabulary, man, strlen(man), NULL, NULL) == AG_OK &&
        ag_assess(&w->assessment, w->session, w->patient, NULL, NULL) == AG_OK;
    ag_vocabulary_free(vocabulary);
    return open;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static world w;
    if (w.assessment == NULL && !open_world(&w))
        abort();
    char *text = malloc(size + 1);
    if (text == NULL)
        abort();
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    ag_what_if *what_if;
    ag_error error = {0};
    ag_status status = ag_what_if_make(&what_if, w.session, w.patient, w.assessment, text, &error);
    if ((status == AG_OK) != (what_if != NULL) || (status != AG_OK && error.message[0] == '\0') ||
        status == AG_ERROR_MEMORY)
        abort();
    if (status == AG_OK &&
        (ag_what_if_line_count(what_if) == 0 || ag_what_if_text(what_if).en == NULL))
        abort();
    ag_what_if_free(what_if);
    free(text);
    return 0;
}
