/* antegrade assess: read each record, assess the man, print the report. */
#include <stdio.h>
#include <string.h>

#include "assess_job.h"
#include "commands.h"
#include "options.h"
#include "terminal.h"

typedef struct assess_run {
    bool several;   /* files */
    int done;       /* of them */
    int unreadable; /* of those done: an entry could not be read */
    const char *color;
    const char *folder;
    ag_patient_options patient;
    ag_assess_job job;
    bool quiet;
    ag_model model;
    ag_session *session;
} assess_run;

/* What stands before a man's report: several are parted by headings, or are one array of JSON. */
static void print_between(const assess_run *run, const char *file, int done) {
    if (!run->several)
        return;
    if (strcmp(run->job.format, "text") == 0)
        printf("%s== %s ==\n\n", done > 0 ? "\n" : "", file);
    else if (strcmp(run->job.format, "json") == 0)
        fputs(done > 0 ? "," : "[", stdout);
}

static ag_status assess_file(assess_run *run, const char *file, ag_error *error) {
    ag_patient *patient = NULL;
    char *text = NULL;
    ag_status status =
        ag_patient_read_file(&patient, run->model.vocabulary, file, &run->patient, error);
    if (status == AG_OK)
        status = ag_assess_job_run(&text, &run->job, &run->model, run->session, patient, error);
    if (status == AG_OK) {
        print_between(run, file, run->done++);
        fputs(text, stdout);
        run->unreadable += ag_patient_unreadable(patient);
    }
    ag_report_free(text);
    ag_patient_free(patient);
    return status;
}

static ag_exit assess_files(assess_run *run, char **files, int count) {
    bool misused = false;
    ag_progress progress;
    run->several = count > 1;
    ag_progress_start(&progress, "assess", (size_t)count, run->quiet || count < 2);
    for (int i = 0; i < count; i++) {
        ag_error error = {0};
        if (assess_file(run, files[i], &error) != AG_OK) {
            fflush(stdout);
            ag_print_error(files[i], &error);
            misused = misused || error.code == AG_ERROR_ARGUMENT;
        }
        ag_progress_at(&progress, (size_t)i + 1);
    }
    ag_progress_end(&progress);
    if (run->several && strcmp(run->job.format, "json") == 0)
        puts(run->done > 0 ? "]" : "[]");
    if (run->done == 0)
        return misused ? AG_EXIT_USAGE : AG_EXIT_INPUT;
    return run->done < count || run->unreadable > 0 ? AG_EXIT_PARTLY : AG_EXIT_DONE;
}

static ag_status open_run(assess_run *run, ag_error *error) {
    ag_status status = ag_model_open(&run->model, run->folder, error);
    if (status == AG_OK)
        status = ag_session_new(&run->session, run->model.engine, error);
    return status;
}

static void close_run(assess_run *run) {
    ag_session_free(run->session);
    ag_model_close(&run->model);
}

static void read_option(assess_run *run, const ag_options *options) {
    if (ag_option_is(options, "format"))
        run->job.format = options->value;
    else if (ag_option_is(options, "what-if"))
        run->job.what_if = options->value;
    else if (ag_option_is(options, "why"))
        run->job.report.why = true;
    else if (ag_option_is(options, "for"))
        run->job.report.reader = ag_assess_job_reader(options->value);
    else if (ag_option_is(options, "lang"))
        run->job.report.language = run->patient.language = options->value;
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
    else if (ag_option_is(options, "strict"))
        run->patient.lenient = false;
    else if (ag_option_is(options, "quiet"))
        run->quiet = true;
}

int ag_command_assess(int argc, char **argv) {
    assess_run run = {.patient = ag_patient_options_defaults(),
                      .job = {.format = "text", .report = ag_report_options_defaults()}};
    run.patient.lenient = true;
    ag_options options;
    ag_options_start(&options, "assess", argc, argv);
    while (ag_options_next(&options))
        read_option(&run, &options);
    if (options.over)
        return options.status;
    if (options.count == 0)
        return ag_usage_error(ag_command_find("assess"), "name a FILE, or - for standard input");
    bool people = strcmp(run.job.format, "text") == 0 || strcmp(run.job.format, "html") == 0;
    if (run.job.report.reader != AG_FOR_CLINICIAN && !people)
        return ag_usage_error(ag_command_find("assess"), "--for needs --format text or html");
    bool single = strcmp(run.job.format, "html") == 0 || strcmp(run.job.format, "fhir") == 0;
    if (single && options.count > 1)
        return ag_usage_error(ag_command_find("assess"), "--format %s takes one FILE at a time",
                              run.job.format);
    run.job.report.width = ag_terminal_width(stdout);
    run.job.report.color = ag_terminal_color(stdout, run.color);
    run.job.report.one_line = strcmp(run.job.format, "ndjson") == 0;
    run.job.plan = !run.job.report.one_line; /* many records, line by line, do without a plan */
    ag_error error = {0};
    ag_exit status = AG_EXIT_INPUT;
    if (open_run(&run, &error) == AG_OK)
        status = assess_files(&run, options.operands, options.count);
    else
        ag_print_error(run.folder != NULL ? run.folder : "antegrade", &error);
    close_run(&run);
    return status;
}
