/*
 * antegrade ask: the interview in a terminal, or in a pipe. One question at a time; "?" says why it
 * is asked, "<" goes back, an empty line is "don't know", "q" goes to the last one, and ends there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "antegrade/interview.h"
#include "assess_job.h"
#include "commands.h"
#include "options.h"
#include "terminal.h"

typedef struct ask_run {
    const char *save;
    const char *date;
    const char *folder;
    const char *color;
    ag_report_options report;
    ag_model model;
    ag_interview *interview;
    int asked;
    int unused; /* entries already told */
    int flags;  /* red flags already told */
} ask_run;

static bool is_spanish(const ask_run *run) {
    return strcmp(run->report.language, "es") == 0;
}

static void print_help(const ask_run *run) {
    bool spanish = is_spanish(run);
    ag_terminal_words(
        spanish ? "Esto ayuda a preparar una visita y no es un diagnóstico. Conteste a cada "
                  "pregunta. Intro: no lo sé · ?: por qué se pregunta · <: volver · q: terminar"
                : "This helps to prepare a visit and is not a diagnosis. Answer each question. "
                  "Enter: don't know · ?: why it is asked · <: back · q: end",
        0, run->report.width);
    putchar('\n');
}

static void print_question(ask_run *run, const ag_question *q) {
    bool spanish = is_spanish(run);
    const char *how = "";
    if (q->kind == AG_ANSWER_YES_NO)
        how = spanish ? " (sí/no)" : " (yes/no)";
    else if (q->kind == AG_ANSWER_SEVERAL)
        how = spanish ? " Números o nombres, con comas; «ninguna» si no hay."
                      : " Numbers or names, with commas between them; \"none\" if none.";
    char text[500];
    snprintf(text, sizeof text, "%s%s", q->text, how);
    ag_terminal_words(text, printf("%d. ", ++run->asked), run->report.width);
    for (int i = 0; i < q->choice_count; i++)
        ag_terminal_words(q->choices[i], printf("   %d ", i + 1), run->report.width);
}

/* What was not understood of the last answer. */
static void print_unused(ask_run *run) {
    const ag_patient *patient = ag_interview_patient(run->interview);
    bool spanish = is_spanish(run);
    for (int i = run->unused; i < ag_patient_unused_count(patient); i++) {
        ag_unused_entry entry = ag_patient_unused(patient, i);
        printf(spanish ? "  No se ha entendido: %s" : "  Not understood: %s", entry.text);
        if (entry.nearest[0] != NULL)
            printf(spanish ? " (¿quiso decir %s?)" : " (did you mean %s?)", entry.nearest[0]);
        putchar('\n');
    }
    run->unused = ag_patient_unused_count(patient);
}

/* What must not wait, as soon as it is known. */
static void print_flags(ask_run *run) {
    int count;
    const ag_plan_flag *flags = ag_interview_flags(run->interview, &count);
    for (int i = 0; i < count && count > run->flags; i++)
        ag_terminal_words(is_spanish(run) ? flags[i].text.es : flags[i].text.en, printf("  ! "),
                          run->report.width);
    run->flags = count;
}

/* The estimate is shown once he has said what he notices. */
static void print_estimate(ask_run *run) {
    print_unused(run);
    print_flags(run);
    if (run->asked < 2) {
        putchar('\n');
        return;
    }
    char *line = ag_interview_estimate(run->interview);
    if (line != NULL)
        ag_terminal_words(line, printf("  "), run->report.width);
    putchar('\n');
    ag_report_free(line);
}

/* One line of input without its end and the blanks before it; false at the end of the input. */
static bool read_line(char *line, size_t size) {
    printf("> ");
    fflush(stdout);
    if (fgets(line, (int)size, stdin) == NULL)
        return false;
    size_t length = strcspn(line, "\r\n");
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    line[length] = '\0';
    if (!isatty(STDIN_FILENO)) /* no terminal has shown it */
        puts(line);
    return true;
}

/* Ask until nothing more is worth asking, the man ends it, or the input does. */
static ag_status interview(ask_run *run, ag_error *error) {
    char line[1000];
    const ag_question *shown = NULL, *q;
    while ((q = ag_interview_question(run->interview)) != NULL) {
        if (q != shown)
            print_question(run, q);
        shown = q;
        if (!read_line(line, sizeof line))
            break;
        if (strcmp(line, "q") == 0) {
            if (run->asked == 1 || q->kind == AG_ANSWER_SEVERAL)
                break;
            snprintf(line, sizeof line, "enough");
        }
        if (strcmp(line, "?") == 0) {
            ag_terminal_words(q->why, printf("  "), run->report.width);
            continue;
        }
        if (strcmp(line, "<") == 0) {
            run->asked -= ag_interview_back(run->interview) ? 2 : 1;
            run->unused = ag_patient_unused_count(ag_interview_patient(run->interview));
            (void)ag_interview_flags(run->interview, &run->flags);
            shown = NULL;
            continue;
        }
        ag_status status = ag_interview_answer(run->interview, line, error);
        if (status == AG_ERROR_DECLINED || status == AG_ERROR_MEMORY)
            return status;
        if (status != AG_OK) {
            ag_terminal_words(error->message, printf("  "), run->report.width);
            continue;
        }
        shown = NULL;
        print_estimate(run);
    }
    putchar('\n');
    return AG_OK;
}

static ag_status save(const ask_run *run, ag_error *error) {
    FILE *file = run->save == NULL ? NULL : fopen(run->save, "wb");
    if (run->save != NULL &&
        (file == NULL || fputs(ag_interview_case(run->interview), file) < 0 || fclose(file) != 0)) {
        error->code = AG_ERROR_IO;
        snprintf(error->message, sizeof error->message, "%.200s cannot be written", run->save);
        return AG_ERROR_IO;
    }
    return AG_OK;
}

/* What `antegrade assess` would say of the case, with the plan. */
static ag_status report(const ask_run *run, ag_error *error) {
    ag_session *session = NULL;
    char *text = NULL;
    ag_assess_job job = {.format = "text", .plan = true, .report = run->report};
    ag_status status = ag_session_new(&session, run->model.engine, error);
    if (status == AG_OK)
        status = ag_assess_job_run(&text, &job, &run->model, session,
                                   ag_interview_patient(run->interview), error);
    if (status == AG_OK)
        fputs(text, stdout);
    ag_report_free(text);
    ag_session_free(session);
    return status;
}

static ag_status ask(ask_run *run, ag_error *error) {
    ag_status status = ag_model_open(&run->model, run->folder, error);
    if (status == AG_OK)
        status = ag_interview_new(&run->interview, run->model.engine, run->report.language,
                                  run->date, error);
    if (status != AG_OK)
        return status;
    print_help(run);
    status = interview(run, error);
    if (status == AG_OK)
        status = save(run, error);
    return status == AG_OK ? report(run, error) : status;
}

static void read_option(ask_run *run, const ag_options *options) {
    if (ag_option_is(options, "save"))
        run->save = options->value;
    else if (ag_option_is(options, "lang"))
        run->report.language = options->value;
    else if (ag_option_is(options, "for"))
        run->report.reader =
            strcmp(options->value, "clinician") == 0 ? AG_FOR_CLINICIAN : AG_FOR_PATIENT;
    else if (ag_option_is(options, "date"))
        run->date = options->value;
    else if (ag_option_is(options, "knowledge"))
        run->folder = options->value;
    else if (ag_option_is(options, "color"))
        run->color = options->value;
}

int ag_command_ask(int argc, char **argv) {
    ask_run run = {.report = ag_report_options_defaults()};
    run.report.reader = AG_FOR_PATIENT;
    ag_options options;
    ag_options_start(&options, "ask", argc, argv);
    while (ag_options_next(&options))
        read_option(&run, &options);
    if (options.over)
        return options.status;
    if (options.count > 0)
        return ag_usage_error(ag_command_find("ask"), "it takes no operand; answers are typed");
    run.report.width = ag_terminal_width(stdout);
    run.report.color = ag_terminal_color(stdout, run.color);
    ag_error error = {0};
    ag_status status = ask(&run, &error);
    if (status != AG_OK)
        fprintf(stderr, "antegrade ask: %s\n", error.message);
    ag_interview_free(run.interview);
    ag_model_close(&run.model);
    return status == AG_OK ? AG_EXIT_DONE : AG_EXIT_INPUT;
}
