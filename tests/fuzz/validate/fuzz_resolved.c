/* Any text as a case with its diagnosis: it is read, or refused with a message. */
#include <stdint.h>
#include <stdlib.h>

#include "resolved.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_knowledge *knowledge;
    if (knowledge == NULL &&
        ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/tests/unit/plan/knowledge", NULL, NULL))
        abort();
    ag_arena *arena = ag_arena_new();
    ag_resolved resolved;
    ag_error error = {0};
    if (arena == NULL)
        abort();
    ag_status status =
        ag_resolved_parse(&resolved, arena, knowledge, "fuzz", (const char *)data, size, &error);
    if (status == AG_ERROR_MEMORY || (status != AG_OK && error.message[0] == '\0') ||
        (status == AG_OK && (resolved.given == NULL || resolved.id == NULL)))
        abort();
    ag_arena_free(arena);
    return 0;
}
