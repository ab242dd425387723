/* antegrade simulate: where the semen goes, given causes, treatments or parameters. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "options.h"
#include "simulate_job.h"
#include "simulate_print.h"
#include "terminal.h"

typedef struct simulation {
    ag_scenarios *rules;
    ag_simulate_job job;
    bool list, parameters;
} simulation;

static const ag_command *self(void) {
    return ag_command_find("simulate");
}

static ag_exit refuse(const ag_error *error) {
    fprintf(stderr, "antegrade simulate: ");
    if (error->where[0] != '\0')
        fprintf(stderr, error->line > 0 ? "%s:%d: " : "%s: ", error->where, error->line);
    fprintf(stderr, "%s\n", error->message);
    return AG_EXIT_INPUT;
}

static int whole_number(const char *text, double most, uint64_t *out) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    *out = value;
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && (double)value <= most;
}

static ag_status bad(ag_error *error, const char *option, const char *value, const char *allowed) {
    snprintf(error->message, sizeof error->message, "--%s is \"%s\"; it must be %s", option, value,
             allowed);
    return AG_ERROR_VALUE;
}

static ag_status read_option(simulation *s, const ag_options *o, ag_error *error) {
    uint64_t number = 0;
    if (ag_option_is(o, "cause"))
        return ag_simulate_job_add(&s->job, s->rules, AG_SCENARIO_CAUSE, o->value, error);
    if (ag_option_is(o, "treatment"))
        return ag_simulate_job_add(&s->job, s->rules, AG_SCENARIO_TREATMENT, o->value, error);
    if (ag_option_is(o, "function"))
        return ag_simulate_job_add(&s->job, s->rules, AG_SCENARIO_FUNCTION, o->value, error);
    if (ag_option_is(o, "set"))
        return ag_simulate_job_set(&s->job, o->value, error);
    if (ag_option_is(o, "format"))
        s->job.format = o->value;
    if (ag_option_is(o, "list"))
        s->list = true;
    if (ag_option_is(o, "parameters"))
        s->parameters = true;
    if (ag_option_is(o, "seed") && !whole_number(o->value, 1.8e19, &s->job.seed))
        return bad(error, "seed", o->value, "a whole number");
    if (ag_option_is(o, "men")) {
        if (!whole_number(o->value, AG_SIMULATE_MEN, &number) || number < 1)
            return bad(error, "men", o->value, "a whole number from 1 to 10000000");
        s->job.men = (size_t)number;
    }
    if (ag_option_is(o, "threads")) {
        if (!whole_number(o->value, 1024, &number) || number < 1)
            return bad(error, "threads", o->value, "a whole number from 1 to 1024");
        s->job.run.threads = (int)number;
    }
    return AG_OK;
}

static void show_progress(void *user, size_t done, size_t count) {
    ag_progress_at(user, done);
    if (done == count) /* before anything is printed */
        ag_progress_end(user);
}

static ag_exit run(simulation *s) {
    ag_error error = {0};
    ag_progress progress;
    if (s->job.men > 0) {
        ag_progress_start(&progress, "men", s->job.men, false);
        s->job.run.progress = show_progress;
        s->job.run.user = &progress;
    }
    ag_status status = ag_simulate_job_run(stdout, &s->job, &error);
    if (s->job.men > 0)
        ag_progress_end(&progress);
    return status == AG_OK ? AG_EXIT_DONE : refuse(&error);
}

/* "dose 0 to 2 mg, usual 0.4", "0 to 80 years, usual 15", "autonomic yes or no". */
static void print_given(const ag_scenario_given *g) {
    if (strcmp(g->name, g->unit) != 0)
        printf("%s ", g->name);
    if (strcmp(g->unit, "yes/no") == 0)
        printf("yes or no");
    else
        printf(strcmp(g->unit, "1") == 0 ? "%g to %g" : "%g to %g %s", g->low, g->high, g->unit);
    if (g->usual != 0)
        printf(", usual %g", g->usual);
}

static ag_exit list_rules(const simulation *s) {
    static const char *const headings[] = {"causes", "treatments", "states of functions"};
    for (int kind = AG_SCENARIO_CAUSE; kind <= AG_SCENARIO_FUNCTION; kind++) {
        printf("%s%s\n", kind == AG_SCENARIO_CAUSE ? "" : "\n", headings[kind]);
        for (size_t i = 0; i < ag_scenarios_count(s->rules); i++) {
            const ag_scenario *r = ag_scenarios_at(s->rules, i);
            char name[96];
            if ((int)r->kind != kind)
                continue;
            snprintf(name, sizeof name, "%s%s%s", r->name, *r->state != '\0' ? "=" : "", r->state);
            printf("  %-32s%s", name, r->summary);
            for (int g = 0; g < r->given_count; g++) {
                printf("%s", g == 0 ? " (" : "; ");
                print_given(&r->given[g]);
            }
            printf("%s\n", r->given_count > 0 ? ")" : "");
        }
    }
    return AG_EXIT_DONE;
}

static ag_exit answer(simulation *s) {
    ag_error error = {0};
    ag_tract_man man;
    bool is_picture = strcmp(s->job.format, "svg") == 0 || strcmp(s->job.format, "html") == 0;
    if (s->list)
        return list_rules(s);
    if (s->parameters) {
        ag_tract_default(&man);
        if (ag_simulate_job_change(&s->job, &man, 0, true, &error) != AG_OK)
            return refuse(&error);
        ag_simulate_parameters(stdout, &man);
        return AG_EXIT_DONE;
    }
    if (s->job.men > 0 && is_picture)
        return ag_usage_error(self(), "--format %s draws one man: leave out --men", s->job.format);
    return run(s);
}

int ag_command_simulate(int argc, char **argv) {
    simulation s = {.job = ag_simulate_job_defaults()};
    ag_options options;
    ag_error error = {0};
    ag_status status = ag_scenarios_open(&s.rules, NULL, &error);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (status != AG_OK)
        return refuse(&error);
    s.job.run.threads = cores < 1 ? 1 : cores > 64 ? 64 : (int)cores;
    ag_options_start(&options, "simulate", argc, argv);
    while (status == AG_OK && ag_options_next(&options))
        status = read_option(&s, &options, &error);
    ag_exit code;
    if (status != AG_OK)
        code = refuse(&error);
    else if (options.over)
        code = options.status;
    else if (options.count > 0)
        code = ag_usage_error(self(), "unexpected \"%s\"", options.operands[0]);
    else
        code = answer(&s);
    ag_scenarios_free(s.rules);
    if (code == AG_EXIT_DONE && (fflush(stdout) != 0 || ferror(stdout))) {
        fprintf(stderr, "antegrade simulate: cannot write: %s\n", strerror(errno));
        code = AG_EXIT_INPUT;
    }
    return code;
}
