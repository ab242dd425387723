/* Any text as a case with its diagnosis. */
#include "any_text.h"
#include "resolved.h"

static bool resolved(ag_status *status, ag_arena *arena, const ag_knowledge *knowledge,
                     const char *text, size_t length, ag_error *error) {
    ag_resolved out;
    *status = ag_resolved_parse(&out, arena, knowledge, "fuzz", text, length, error);
    return *status != AG_OK || (out.given != NULL && out.id != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return any_text(data, size, resolved);
}
