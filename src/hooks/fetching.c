/* Fetching through the caller's callback, within a time and a size for the whole call. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hooks_work.h"

enum { MOST_BYTES = 16 << 20 };

static double steady(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void ag_fetch_within(ag_call *call, int ms) {
    call->fetch_until = steady() + 1e-3 * ms;
    call->fetched_bytes = 0;
}

/* A copy in the arena, so that all that was fetched ends with the call. */
static const char *keep(ag_call *call, ag_fetch_answer *got, size_t *length) {
    char *text = got->body != NULL ? ag_arena_text(call->arena, got->body, got->length) : NULL;
    *length = got->length;
    call->fetched_bytes += got->length;
    free(got->body);
    return text;
}

const char *ag_fetch_text(ag_call *call, const char *url, const char *bearer, const char *basic,
                          const char *form, size_t *length, const char **why) {
    const ag_hooks_options *options = &call->hooks->options;
    double left_ms = 1e3 * (call->fetch_until - steady());
    *why = NULL;
    if (options->fetch == NULL)
        *why = AG_SAID("this server fetches nothing");
    else if (left_ms < 1)
        *why = AG_SAID("there was no time left");
    else if (call->fetched_bytes >= MOST_BYTES)
        *why = AG_SAID("there was too much of it");
    if (*why != NULL)
        return NULL;
    ag_fetch_request request = {.url = url,
                                .bearer = bearer,
                                .basic = basic,
                                .accept = "application/fhir+json, application/json",
                                .form = form,
                                .timeout_ms = (int)left_ms,
                                .most = MOST_BYTES - call->fetched_bytes};
    ag_fetch_answer got = {.status = 0};
    ag_error error = {.code = AG_OK};
    ag_status status = options->fetch(options->fetch_data, &request, &got, &error);
    const char *text = status == AG_OK ? keep(call, &got, length) : NULL;
    if (status != AG_OK)
        free(got.body);
    if (status == AG_OK && got.status == 200 && text != NULL)
        return text;
    *why = status != AG_OK || got.status == 0       ? AG_SAID("the server could not be reached")
           : got.status == 401 || got.status == 403 ? AG_SAID("the server refused it")
                                                    : AG_SAID("the server answered with an error");
    return NULL;
}
