/* Any text as a table of counts. */
#include "any_text.h"
#include "cohort.h"

static bool counts(ag_status *status, ag_arena *arena, const ag_knowledge *knowledge,
                   const char *text, size_t length, ag_error *error) {
    ag_cohort_list list;
    *status = ag_cohorts_parse(&list, arena, knowledge, "fuzz", text, length, error);
    for (int i = 0; *status == AG_OK && i < list.count; i++)
        if (list.items[i].events > list.items[i].total || list.items[i].id == NULL)
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return any_text(data, size, counts);
}
