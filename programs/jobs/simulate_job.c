#include "simulate_job.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/tract_picture.h"
#include "simulate_print.h"

enum { TRACE_ROWS = 1400 };

static ag_status refuse(ag_error *error, ag_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static ag_status refuse(ag_error *error, ag_status code, const char *format, ...) {
    va_list arguments;
    *error = (ag_error){.code = code};
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return code;
}

ag_simulate_job ag_simulate_job_defaults(void) {
    ag_simulate_job job = {.format = "text", .seed = 1};
    ag_tract_defaults(&job.run);
    return job;
}

/* NULL when there is no room. */
static ag_simulate_change *next_change(ag_simulate_job *job, ag_error *error) {
    if (job->change_count < AG_SIMULATE_CHANGES)
        return &job->changes[job->change_count];
    refuse(error, AG_ERROR_TOO_LARGE, "more than %d causes", AG_SIMULATE_CHANGES);
    return NULL;
}

static void keep(ag_simulate_job *job, const char *text) {
    size_t length = strlen(job->title);
    job->change_count++;
    snprintf(job->title + length, sizeof job->title - length, "%s%s", length > 0 ? ", " : "after ",
             text);
}

ag_status ag_simulate_job_add(ag_simulate_job *job, const ag_scenarios *rules,
                              ag_scenario_kind kind, const char *text, ag_error *error) {
    ag_simulate_change *change = next_change(job, error);
    if (change == NULL)
        return AG_ERROR_TOO_LARGE;
    change->is_set = false;
    ag_status status = ag_scenario_read(&change->use, rules, kind, text, error);
    if (status == AG_OK)
        keep(job, text);
    return status;
}

ag_status ag_simulate_job_set(ag_simulate_job *job, const char *text, ag_error *error) {
    ag_simulate_change *change = next_change(job, error);
    if (change == NULL)
        return AG_ERROR_TOO_LARGE;
    change->is_set = true;
    ag_status status = ag_scenario_read_parameter(&change->parameter, &change->value, text, error);
    if (status == AG_OK)
        keep(job, text);
    return status;
}

ag_status ag_simulate_job_change(const ag_simulate_job *job, ag_tract_man *man, uint64_t number,
                                 bool typical, ag_error *error) {
    ag_status status = AG_OK;
    for (int i = 0; status == AG_OK && i < job->change_count; i++) {
        const ag_simulate_change *c = &job->changes[i];
        if (c->is_set)
            man->value[c->parameter] = c->value;
        else
            status = ag_scenario_apply(&c->use, man, job->seed, number, typical, error);
    }
    return status;
}

typedef struct course {
    ag_tract_outcome before, after;
    ag_tract_sample samples[TRACE_ROWS];
    size_t count;
} course;

static void write_man(FILE *out, const ag_simulate_job *job, const course *c) {
    const ag_tract_picture picture = {.title = *job->title != '\0' ? job->title : "normal",
                                      .samples = c->samples,
                                      .count = c->count,
                                      .outcome = &c->after};
    if (strcmp(job->format, "json") == 0)
        ag_simulate_json(out, job->title, &c->before, &c->after);
    else if (strcmp(job->format, "csv") == 0)
        ag_simulate_csv(out, c->samples, c->count);
    else if (strcmp(job->format, "svg") == 0)
        ag_tract_picture_svg(out, &picture);
    else if (strcmp(job->format, "html") == 0)
        ag_tract_picture_html(out, &picture);
    else
        ag_simulate_text(out, job->title, &c->before, &c->after, c->samples, c->count);
}

static ag_status one_man(FILE *out, const ag_simulate_job *job, ag_error *error) {
    course *c = malloc(sizeof *c);
    if (c == NULL)
        return refuse(error, AG_ERROR_MEMORY, "out of memory");
    ag_tract_man normal, man;
    ag_tract_default(&normal);
    man = normal;
    ag_status status = ag_simulate_job_change(job, &man, 0, true, error);
    if (status == AG_OK)
        status = ag_tract_run(&c->before, &normal, 1, &job->run, error);
    if (status == AG_OK)
        status = ag_tract_trace(c->samples, TRACE_ROWS, &c->count, &c->after, &man, 0.02, &job->run,
                                error);
    if (status == AG_OK)
        write_man(out, job, c);
    free(c);
    return status;
}

static void write_men(FILE *out, const ag_simulate_job *job, const ag_tract_outcome *men) {
    if (strcmp(job->format, "json") == 0)
        ag_simulate_men_json(out, job->title, men, job->men);
    else if (strcmp(job->format, "csv") == 0)
        ag_simulate_men_csv(out, men, job->men);
    else
        ag_simulate_men_text(out, job->title, men, job->men);
}

static ag_status many_men(FILE *out, const ag_simulate_job *job, ag_error *error) {
    ag_tract_man *men = malloc(job->men * sizeof *men);
    ag_tract_outcome *outcomes = malloc(job->men * sizeof *outcomes);
    ag_status status = AG_OK;
    if (men == NULL || outcomes == NULL)
        status = refuse(error, AG_ERROR_MEMORY, "out of memory for %zu men", job->men);
    for (size_t i = 0; status == AG_OK && i < job->men; i++) {
        ag_tract_virtual_man(&men[i], job->seed, i);
        status = ag_simulate_job_change(job, &men[i], i, false, error);
    }
    if (status == AG_OK)
        status = ag_tract_run(outcomes, men, job->men, &job->run, error);
    if (status == AG_OK)
        write_men(out, job, outcomes);
    free(men);
    free(outcomes);
    return status;
}

ag_status ag_simulate_job_run(FILE *out, const ag_simulate_job *job, ag_error *error) {
    bool is_picture = strcmp(job->format, "svg") == 0 || strcmp(job->format, "html") == 0;
    if (job->men == 0)
        return one_man(out, job, error);
    if (is_picture)
        return refuse(error, AG_ERROR_UNSUPPORTED, "format %s draws one man: leave out men",
                      job->format);
    return many_men(out, job, error);
}
