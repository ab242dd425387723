/** @file any_text.h What holds of every text: it is read, or refused with a message. */
#include <stdint.h>
#include <stdlib.h>

#include "arena.h"
#include "knowledge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read the text by the cards of the plan's tests; false where what was read is not whole. */
typedef bool reading(ag_status *status, ag_arena *arena, const ag_knowledge *knowledge,
                     const char *text, size_t length, ag_error *error);

static int any_text(const uint8_t *data, size_t size, reading *read) {
    static ag_knowledge *knowledge;
    if (knowledge == NULL &&
        ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/tests/unit/plan/knowledge", NULL, NULL))
        abort();
    ag_arena *arena = ag_arena_new();
    ag_status status;
    ag_error error = {0};
    if (arena == NULL || !read(&status, arena, knowledge, (const char *)data, size, &error))
        abort();
    if (status == AG_ERROR_MEMORY || (status != AG_OK && error.message[0] == '\0'))
        abort();
    ag_arena_free(arena);
    return 0;
}
