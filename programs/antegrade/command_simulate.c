/* antegrade simulate: where the semen goes, given causes, treatments or parameters. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "antegrade/scenario.h"
#include "antegrade/tract_picture.h"
#include "commands.h"
#include "options.h"
#include "simulate_print.h"
#include "terminal.h"

enum { MOST_CHANGES = 32, MOST_MEN = 10000000, TRACE_ROWS = 1400 };

typedef struct change {
    int is_set; /* a parameter, not a scenario */
    ag_tract_parameter parameter;
    double value;
    ag_scenario_use use;
} change;

typedef struct simulation {
    ag_scenarios *rules;
    const char *format;
    change changes[MOST_CHANGES];
    int change_count;
    char title[400];
    size_t men;
    uint64_t seed;
    int list, parameters;
    ag_tract_options run;
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

static void add_title(simulation *s, const char *text) {
    size_t length = strlen(s->title);
    snprintf(s->title + length, sizeof s->title - length, "%s%s", length > 0 ? ", " : "after ",
             text);
}

static ag_status add_change(simulation *s, int kind, const char *text, ag_error *error) {
    if (s->change_count == MOST_CHANGES) {
        snprintf(error->message, sizeof error->message, "more than %d causes", MOST_CHANGES);
        return AG_ERROR_TOO_LARGE;
    }
    change *c = &s->changes[s->change_count];
    c->is_set = kind < 0;
    ag_status status =
        c->is_set ? ag_scenario_read_parameter(&c->parameter, &c->value, text, error)
                  : ag_scenario_read(&c->use, s->rules, (ag_scenario_kind)kind, text, error);
    if (status == AG_OK) {
        s->change_count++;
        add_title(s, text);
    }
    return status;
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
        return add_change(s, AG_SCENARIO_CAUSE, o->value, error);
    if (ag_option_is(o, "treatment"))
        return add_change(s, AG_SCENARIO_TREATMENT, o->value, error);
    if (ag_option_is(o, "function"))
        return add_change(s, AG_SCENARIO_FUNCTION, o->value, error);
    if (ag_option_is(o, "set"))
        return add_change(s, -1, o->value, error);
    if (ag_option_is(o, "format"))
        s->format = o->value;
    if (ag_option_is(o, "list"))
        s->list = 1;
    if (ag_option_is(o, "parameters"))
        s->parameters = 1;
    if (ag_option_is(o, "seed") && !whole_number(o->value, 1.8e19, &s->seed))
        return bad(error, "seed", o->value, "a whole number");
    if (ag_option_is(o, "men")) {
        if (!whole_number(o->value, MOST_MEN, &number) || number < 1)
            return bad(error, "men", o->value, "a whole number from 1 to 10000000");
        s->men = (size_t)number;
    }
    if (ag_option_is(o, "threads")) {
        if (!whole_number(o->value, 1024, &number) || number < 1)
            return bad(error, "threads", o->value, "a whole number from 1 to 1024");
        s->run.threads = (int)number;
    }
    return AG_OK;
}

/* Apply all changes; number 0 and typical for the one man. */
static ag_status change_man(const simulation *s, ag_tract_man *man, uint64_t number, int typical,
                            ag_error *error) {
    ag_status status = AG_OK;
    for (int i = 0; status == AG_OK && i < s->change_count; i++) {
        const change *c = &s->changes[i];
        if (c->is_set)
            man->value[c->parameter] = c->value;
        else
            status = ag_scenario_apply(&c->use, man, s->seed, number, typical, error);
    }
    return status;
}

static ag_exit one_man(const simulation *s) {
    static ag_tract_sample samples[TRACE_ROWS];
    ag_tract_outcome before, after;
    ag_tract_man normal, man;
    ag_error error = {0};
    size_t count = 0;
    ag_tract_default(&normal);
    man = normal;
    ag_status status = change_man(s, &man, 0, 1, &error);
    if (status == AG_OK)
        status = ag_tract_run(&before, &normal, 1, &s->run, &error);
    if (status == AG_OK)
        status = ag_tract_trace(samples, TRACE_ROWS, &count, &after, &man, 0.02, &s->run, &error);
    if (status != AG_OK)
        return refuse(&error);
    const ag_tract_picture picture = {.title = *s->title != '\0' ? s->title : "normal",
                                      .samples = samples,
                                      .count = count,
                                      .outcome = &after};
    if (strcmp(s->format, "json") == 0)
        ag_simulate_json(stdout, s->title, &before, &after);
    else if (strcmp(s->format, "csv") == 0)
        ag_simulate_csv(stdout, samples, count);
    else if (strcmp(s->format, "svg") == 0)
        ag_tract_picture_svg(stdout, &picture);
    else if (strcmp(s->format, "html") == 0)
        ag_tract_picture_html(stdout, &picture);
    else
        ag_simulate_text(stdout, s->title, &before, &after, samples, count);
    return AG_EXIT_DONE;
}

static void show_progress(void *user, size_t done, size_t count) {
    (void)count;
    ag_progress_at(user, done);
}

static ag_exit print_men(const simulation *s, const ag_tract_outcome *men) {
    if (strcmp(s->format, "json") == 0)
        ag_simulate_men_json(stdout, s->title, men, s->men);
    else if (strcmp(s->format, "csv") == 0)
        ag_simulate_men_csv(stdout, men, s->men);
    else
        ag_simulate_men_text(stdout, s->title, men, s->men);
    return AG_EXIT_DONE;
}

static ag_exit many_men(simulation *s) {
    ag_tract_man *men = malloc(s->men * sizeof *men);
    ag_tract_outcome *out = malloc(s->men * sizeof *out);
    ag_error error = {0};
    ag_progress progress;
    ag_status status = men != NULL && out != NULL ? AG_OK : AG_ERROR_MEMORY;
    if (status != AG_OK)
        snprintf(error.message, sizeof error.message, "out of memory for %zu men", s->men);
    for (size_t i = 0; status == AG_OK && i < s->men; i++) {
        ag_tract_virtual_man(&men[i], s->seed, i);
        status = change_man(s, &men[i], i, 0, &error);
    }
    if (status == AG_OK) {
        ag_progress_start(&progress, "men", s->men, false);
        s->run.progress = show_progress;
        s->run.user = &progress;
        status = ag_tract_run(out, men, s->men, &s->run, &error);
        ag_progress_end(&progress);
    }
    ag_exit code = status == AG_OK ? print_men(s, out) : refuse(&error);
    free(men);
    free(out);
    return code;
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
            for (int g = 0; g < r->given_count; g++)
                printf("%s%s %g to %g %s", g == 0 ? " (" : ", ", r->given[g].name, r->given[g].low,
                       r->given[g].high, r->given[g].unit);
            printf("%s\n", r->given_count > 0 ? ")" : "");
        }
    }
    return AG_EXIT_DONE;
}

static ag_exit answer(simulation *s) {
    ag_error error = {0};
    ag_tract_man man;
    int picture = strcmp(s->format, "svg") == 0 || strcmp(s->format, "html") == 0;
    if (s->list)
        return list_rules(s);
    if (s->parameters) {
        ag_tract_default(&man);
        if (change_man(s, &man, 0, 1, &error) != AG_OK)
            return refuse(&error);
        ag_simulate_parameters(stdout, &man);
        return AG_EXIT_DONE;
    }
    if (s->men > 0 && picture)
        return ag_usage_error(self(), "--format %s draws one man: leave out --men", s->format);
    return s->men > 0 ? many_men(s) : one_man(s);
}

int ag_command_simulate(int argc, char **argv) {
    simulation s = {.format = "text", .seed = 1};
    ag_options options;
    ag_error error = {0};
    ag_status status = ag_scenarios_open(&s.rules, NULL, &error);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (status != AG_OK)
        return refuse(&error);
    ag_tract_defaults(&s.run);
    s.run.threads = cores < 1 ? 1 : cores > 64 ? 64 : (int)cores;
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
