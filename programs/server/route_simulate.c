/* POST /api/simulate: where the semen goes, given causes; as `antegrade simulate` prints it. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "body_json.h"
#include "choices.h"
#include "routes.h"
#include "simulate_job.h"

/* More virtual men than this would hold a working thread too long. */
enum { MOST_MEN = 100000 };

static bool add_all(ag_answer *answer, ag_simulate_job *job, const ag_scenarios *rules,
                    const json_t *body, const char *key, ag_scenario_kind kind) {
    const json_t *names;
    if (!ag_body_texts(answer, body, key, &names))
        return false;
    for (size_t i = 0; i < json_array_size(names); i++) {
        ag_error error = {0};
        const char *name = json_string_value(json_array_get(names, i));
        if (ag_simulate_job_add(job, rules, kind, name, &error) == AG_OK)
            continue;
        error.line = 0;
        snprintf(error.where, sizeof error.where, "body:/%s/%zu", key, i);
        ag_answer_fault(answer, &error);
        return false;
    }
    return true;
}

static bool set_all(ag_answer *answer, ag_simulate_job *job, const json_t *body) {
    json_t *set = json_object_get(body, "set"), *value;
    const char *key;
    if (set != NULL && !json_is_object(set)) {
        ag_answer_error(answer, 422, "body:/set", "set must be an object of parameters");
        return false;
    }
    json_object_foreach(set, key, value) {
        ag_error error = {.code = AG_ERROR_VALUE, .message = "a parameter must be a number"};
        char text[120];
        snprintf(text, sizeof text, "%.80s=%.17g", key, json_number_value(value));
        if (json_is_number(value) && ag_simulate_job_set(job, text, &error) == AG_OK)
            continue;
        snprintf(error.where, sizeof error.where, "body:/set/%.100s", key);
        ag_answer_fault(answer, &error);
        return false;
    }
    return true;
}

static bool read_job(ag_answer *answer, ag_simulate_job *job, const ag_scenarios *rules,
                     const json_t *body) {
    json_int_t men = 0, seed = 1;
    if (!add_all(answer, job, rules, body, "causes", AG_SCENARIO_CAUSE) ||
        !add_all(answer, job, rules, body, "treatments", AG_SCENARIO_TREATMENT) ||
        !add_all(answer, job, rules, body, "functions", AG_SCENARIO_FUNCTION) ||
        !set_all(answer, job, body) || !ag_body_whole(answer, body, "men", MOST_MEN, &men) ||
        !ag_body_whole(answer, body, "seed", INT64_MAX, &seed))
        return false;
    job->men = (size_t)men;
    job->seed = (uint64_t)seed;
    return true;
}

static const char *type_of(const char *format) {
    return strcmp(format, "html") == 0  ? "text/html; charset=utf-8"
           : strcmp(format, "svg") == 0 ? "image/svg+xml"
           : strcmp(format, "csv") == 0 ? "text/csv; charset=utf-8"
                                        : AG_TYPE_JSON;
}

static void run(ag_answer *answer, const ag_simulate_job *job) {
    char *text = NULL;
    size_t length;
    ag_error error = {0};
    FILE *out = open_memstream(&text, &length);
    ag_status status = out == NULL ? AG_ERROR_MEMORY : ag_simulate_job_run(out, job, &error);
    if (out == NULL || fclose(out) != 0) {
        status = AG_ERROR_MEMORY;
        error = (ag_error){.code = status, .message = "out of memory"};
    }
    if (status == AG_OK) {
        ag_answer_text(answer, 200, type_of(job->format), text, free);
        return;
    }
    ag_answer_fault(answer, &error);
    free(text);
}

void ag_route_simulate(ag_answer *answer, const ag_request *request, ag_site *site,
                       ag_session *session) {
    static const char *const known[] = {"format", NULL};
    static const char *const keys[] = {"causes", "treatments", "functions", "set",
                                       "men",    "seed",       NULL};
    (void)session;
    ag_simulate_job job = ag_simulate_job_defaults();
    const ag_choice choices[] = {{"format", "json svg html csv", "json", &job.format},
                                 {NULL, NULL, NULL, NULL}};
    if (!ag_query_known(answer, request, known) || !ag_query_choices(answer, request, choices))
        return;
    json_t *body = ag_body_object(answer, request, keys);
    if (body != NULL && read_job(answer, &job, site->scenarios, body))
        run(answer, &job);
    json_decref(body);
}
