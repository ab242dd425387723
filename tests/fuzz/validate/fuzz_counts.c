/* Any text as a table of counts: it is read, or refused with a message. */
#include <stdint.h>
#include <stdlib.h>

#include "cohort.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static ag_knowledge *knowledge;
    if (knowledge == NULL &&
        ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/tests/unit/plan/knowledge", NULL, NULL))
        abort();
    ag_arena *arena = ag_arena_new();
    ag_cohort_list list;
    ag_error error = {0};
    if (arena == NULL)
        abort();
    ag_status status =
        ag_cohorts_parse(&list, arena, knowledge, "fuzz", (const char *)data, size, &error);
    if (status == AG_ERROR_MEMORY || (status != AG_OK && error.message[0] == '\0'))
        abort();
    for (int i = 0; i < list.count && status == AG_OK; i++)
        if (list.items[i].events > list.items[i].total || list.items[i].id == NULL)
            abort();
    ag_arena_free(arena);
    return 0;
}
