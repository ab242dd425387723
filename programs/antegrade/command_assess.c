/* antegrade assess: read each record, assess the man, print the report. */
#include <stdio.h>
#include <string.h>

#include "antegrade/assess.h"
#include "antegrade/plan.h"
#include "antegrade/report.h"
#include "commands.h"
#include "options.h"
#include "terminal.h"

typedef struct assess_run {
    const char *format;
    const char *color;
    const char *folder;
    ag_patient_options patient;
    ag_report_options report;
    const char *what_if;
    bool quiet;
    const ag_knowledge *knowledge;
    ag_knowledge *loaded;
    ag_vocabulary *vocabulary;
    ag_engine *engine;
    ag_session *session;
} assess_run;

static void print_error(const char *file, const ag_error *error) {
    const char *where = error->where[0] != '\0' ? error->where : file;
    if (error->line > 0)
        fprintf(stderr, "%s:%d: %s\n", where, error->line, error->message);
    else
        fprintf(stderr, "%s: %s\n", where, error->message);
}

typedef char *writer(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

static writer *writer_of(const char *format) {
    if (strcmp(format, "text") == 0)
        return ag_report_text;
    if (strcmp(format, "html") == 0)
        return ag_report_html;
    return strcmp(format, "fhir") == 0 ? ag_report_fhir : ag_report_json;
}

static ag_reader reader_of(const char *name) {
    return strcmp(name, "patient") == 0      ? AG_FOR_PATIENT
           : strcmp(name, "laboratory") == 0 ? AG_FOR_LABORATORY
                                             : AG_FOR_CLINICIAN;
}

/* Many records, line by line, do without a plan. */
static bool has_plan(const assess_run *run) {
    return strcmp(run->format, "ndjson") != 0;
}

typedef struct man {
    ag_patient *patient;
    ag_assessment *assessment;
    ag_plan *plan;
    ag_what_if *what_if;
} man;

static void free_man(man *m) {
    ag_what_if_free(m->what_if);
    ag_plan_free(m->plan);
    ag_assessment_free(m->assessment);
    ag_patient_free(m->patient);
}

static ag_status assess_man(assess_run *run, const char *file, man *m, ag_error *error) {
    ag_status status =
        ag_patient_read_file(&m->patient, run->vocabulary, file, &run->patient, error);
    if (status == AG_OK)
        status = ag_assess(&m->assessment, run->session, m->patient, NULL, error);
    if (status == AG_OK && has_plan(run)) {
        status = ag_plan_make(&m->plan, run->session, m->patient, m->assessment, NULL, error);
        if (status == AG_ERROR_UNSUPPORTED) /* knowledge without cards of a plan */
            status = AG_OK;
    }
    if (status == AG_OK && run->what_if != NULL)
        status = ag_what_if_make(&m->what_if, run->session, m->patient, m->assessment, run->what_if,
                                 error);
    return status;
}

static ag_status assess_patient(assess_run *run, const char *file, ag_error *error) {
    man m = {NULL, NULL, NULL, NULL};
    char *text = NULL;
    ag_status status = assess_man(run, file, &m, error);
    if (status == AG_OK) {
        run->report.plan = m.plan;
        run->report.what_if = m.what_if;
        text = writer_of(run->format)(m.assessment, m.patient, run->knowledge, &run->report);
        if (text == NULL) {
            error->code = status = AG_ERROR_MEMORY;
            snprintf(error->message, sizeof error->message, "out of memory");
        }
    }
    if (status == AG_OK)
        fputs(text, stdout);
    ag_report_free(text);
    free_man(&m);
    return status;
}

static ag_exit assess_files(assess_run *run, char **files, int count) {
    int done = 0;
    ag_progress progress;
    ag_progress_start(&progress, "assess", (size_t)count, run->quiet || count < 2);
    for (int i = 0; i < count; i++) {
        ag_error error = {0};
        if (count > 1 && strcmp(run->format, "text") == 0)
            printf("%s== %s ==\n\n", i > 0 ? "\n" : "", files[i]);
        if (assess_patient(run, files[i], &error) == AG_OK)
            done++;
        else {
            fflush(stdout);
            print_error(files[i], &error);
        }
        ag_progress_at(&progress, (size_t)i + 1);
    }
    ag_progress_end(&progress);
    return done == count ? AG_EXIT_DONE : done > 0 ? AG_EXIT_PARTLY : AG_EXIT_INPUT;
}

static ag_status open_run(assess_run *run, ag_error *error) {
    run->knowledge = ag_knowledge_builtin();
    if (run->folder != NULL) {
        ag_status status = ag_knowledge_load(&run->loaded, run->folder, NULL, error);
        if (status != AG_OK)
            return status;
        run->knowledge = run->loaded;
    }
    ag_status status = ag_engine_new(&run->engine, run->knowledge, error);
    if (status == AG_OK)
        status = ag_session_new(&run->session, run->engine, error);
    if (status == AG_OK)
        run->vocabulary = ag_vocabulary_new(run->knowledge);
    return status;
}

static void close_run(assess_run *run) {
    ag_vocabulary_free(run->vocabulary);
    ag_session_free(run->session);
    ag_engine_free(run->engine);
    ag_knowledge_free(run->loaded);
}

static void read_option(assess_run *run, const ag_options *options) {
    if (ag_option_is(options, "format"))
        run->format = options->value;
    else if (ag_option_is(options, "what-if"))
        run->what_if = options->value;
    else if (ag_option_is(options, "why"))
        run->report.why = true;
    else if (ag_option_is(options, "for"))
        run->report.reader = reader_of(options->value);
    else if (ag_option_is(options, "lang"))
        run->report.language = options->value;
    else if (ag_option_is(options, "anatomy"))
        run->patient.male_anatomy = strcmp(options->value, "male") == 0;
    else if (ag_option_is(options, "setting"))
        run->patient.setting = options->value;
    else if (ag_option_is(options, "date"))
        run->patient.as_of = options->value;
    else if (ag_option_is(options, "knowledge"))
        run->folder = options->value;
    else if (ag_option_is(options, "color"))
        run->color = options->value;
    else if (ag_option_is(options, "quiet"))
        run->quiet = true;
}

int ag_command_assess(int argc, char **argv) {
    assess_run run = {.format = "text",
                      .patient = ag_patient_options_defaults(),
                      .report = ag_report_options_defaults()};
    ag_options options;
    ag_options_start(&options, "assess", argc, argv);
    while (ag_options_next(&options))
        read_option(&run, &options);
    if (options.over)
        return options.status;
    if (options.count == 0)
        return ag_usage_error(ag_command_find("assess"), "name a FILE, or - for standard input");
    bool people = strcmp(run.format, "text") == 0 || strcmp(run.format, "html") == 0;
    if (run.report.reader != AG_FOR_CLINICIAN && !people)
        return ag_usage_error(ag_command_find("assess"), "--for needs --format text or html");
    if (strcmp(run.format, "html") == 0 && options.count > 1)
        return ag_usage_error(ag_command_find("assess"), "--format html takes one FILE at a time");
    run.report.width = ag_terminal_width(stdout);
    run.report.color = ag_terminal_color(stdout, run.color);
    run.report.one_line = strcmp(run.format, "ndjson") == 0;
    ag_error error = {0};
    ag_exit status = AG_EXIT_INPUT;
    if (open_run(&run, &error) == AG_OK)
        status = assess_files(&run, options.operands, options.count);
    else
        print_error(run.folder != NULL ? run.folder : "antegrade", &error);
    close_run(&run);
    return status;
}
