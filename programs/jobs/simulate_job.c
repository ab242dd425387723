#include "simulate_job.h"

#include <math.h>
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

/* What the next change is written to; NULL when there is no room. */
static ag_simulate_change *next_change(ag_simulate_job *job, ag_error *error) {
    if (job->change_count < AG_SIMULATE_CHANGES)
        return &job->changes[job->change_count];
    refuse(error, AG_ERROR_TOO_LARGE, "more than %d causes, treatments, functions and parameters",
           AG_SIMULATE_CHANGES);
    return NULL;
}

static const char *name_of(const ag_simulate_change *c) {
    return c->is_set ? ag_tract_parameter_of(c->parameter)->name : c->use.scenario->name;
}

/* The same cause twice would count twice, and of two values for one thing one would be lost. */
static ag_status check_new(const ag_simulate_job *job, const ag_simulate_change *change,
                           ag_error *error) {
    for (const ag_simulate_change *c = job->changes; c < change; c++)
        if (c->is_set == change->is_set && strcmp(name_of(c), name_of(change)) == 0)
            return refuse(error, AG_ERROR_NAME, "%s is given twice", name_of(change));
    return AG_OK;
}

static void add_words(ag_simulate_job *job, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_words(ag_simulate_job *job, const char *format, ...) {
    size_t length = strlen(job->title);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(job->title + length, sizeof job->title - length, format, arguments);
    va_end(arguments);
}

/* What was not stated and counts all the same: " (dose 0.4 mg)". */
static void add_usual(ag_simulate_job *job, const ag_scenario_use *use) {
    int count = 0;
    for (int i = 0; i < use->scenario->given_count; i++) {
        const ag_scenario_given *g = &use->scenario->given[i];
        if ((use->stated >> i & 1u) != 0 || use->given[i] == 0)
            continue;
        add_words(job, "%s", count++ == 0 ? " (" : ", ");
        if (strcmp(g->name, g->unit) != 0)
            add_words(job, "%s ", g->name);
        add_words(job, strcmp(g->unit, "1") == 0 ? "%g" : "%g %s", use->given[i], g->unit);
    }
    add_words(job, "%s", count > 0 ? ")" : "");
}

static ag_status keep(ag_simulate_job *job, ag_simulate_change *change, const char *text,
                      ag_error *error) {
    ag_status status = check_new(job, change, error);
    if (status != AG_OK)
        return status;
    add_words(job, "%s%s", job->change_count++ > 0 ? ", " : "after ", text);
    if (!change->is_set)
        add_usual(job, &change->use);
    return AG_OK;
}

ag_status ag_simulate_job_add(ag_simulate_job *job, const ag_scenarios *rules,
                              ag_scenario_kind kind, const char *text, ag_error *error) {
    ag_simulate_change *change = next_change(job, error);
    if (change == NULL)
        return AG_ERROR_TOO_LARGE;
    change->is_set = false;
    ag_status status = ag_scenario_read(&change->use, rules, kind, text, error);
    return status == AG_OK ? keep(job, change, text, error) : status;
}

ag_status ag_simulate_job_set(ag_simulate_job *job, const char *text, ag_error *error) {
    ag_simulate_change *change = next_change(job, error);
    if (change == NULL)
        return AG_ERROR_TOO_LARGE;
    change->is_set = true;
    ag_status status = ag_scenario_read_parameter(&change->parameter, &change->value, text, error);
    return status == AG_OK ? keep(job, change, text, error) : status;
}

/* A treatment treats what the causes left, and what is set stays set. */
static int turn_of(const ag_simulate_change *c) {
    static const int turns[] = {
        [AG_SCENARIO_CAUSE] = 0, [AG_SCENARIO_FUNCTION] = 1, [AG_SCENARIO_TREATMENT] = 2};
    return c->is_set ? 3 : turns[c->use.scenario->kind];
}

ag_status ag_simulate_job_change(const ag_simulate_job *job, ag_tract_man *man, uint64_t number,
                                 bool typical, ag_error *error) {
    ag_status status = AG_OK;
    for (int turn = 0; turn <= 3; turn++)
        for (int i = 0; status == AG_OK && i < job->change_count; i++) {
            const ag_simulate_change *c = &job->changes[i];
            if (turn_of(c) != turn)
                continue;
            if (c->is_set)
                man->value[c->parameter] = c->value;
            else
                status = ag_scenario_apply(&c->use, man, job->seed, number, typical, error);
        }
    return status;
}

/* The job's step, or the largest whole part of it that these men allow: samples stay where they
 * are. */
static ag_tract_options run_for(const ag_simulate_job *job, const ag_tract_man *men, size_t count) {
    ag_tract_options run = job->run;
    double parts = 1;
    for (size_t i = 0; i < count; i++)
        parts = fmax(parts, ceil(job->run.step_s / ag_tract_largest_step(&men[i])));
    run.step_s /= parts;
    return run;
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
        status = ag_tract_check(&man, error);
    if (status == AG_OK)
        status = ag_tract_run(&c->before, &normal, 1, &job->run, error);
    if (status == AG_OK) {
        const ag_tract_options run = run_for(job, &man, 1);
        status =
            ag_tract_trace(c->samples, TRACE_ROWS, &c->count, &c->after, &man, 0.02, &run, error);
    }
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
    if (status == AG_OK) {
        const ag_tract_options run = run_for(job, men, job->men);
        status = ag_tract_run(outcomes, men, job->men, &run, error);
    }
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
