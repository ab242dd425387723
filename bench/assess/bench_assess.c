/*
 * One assessment and its steps, in milliseconds of processor time (fastest of a few rounds), and as
 * multiples of the plain posterior: one run of the same network with central values. The start of
 * the program is set against /bin/true.
 */
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "assessment.h"

enum { ROUNDS = 7 };

extern char **environ;

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void line(const char *what, double time, double plain) {
    printf("%-44s %9.3f ms %9.1f x plain posterior\n", what, 1e3 * time, time / plain);
}

/* ---- the program's start ---- */

static double children(void) {
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

static double run_program(char *const *arguments) {
    enum { STARTS = 20 };
    double before = children();
    for (int i = 0; i < STARTS; i++) {
        pid_t child;
        posix_spawn_file_actions_t quiet;
        posix_spawn_file_actions_init(&quiet);
        posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
        if (posix_spawn(&child, arguments[0], &quiet, NULL, arguments, environ) != 0)
            return NAN;
        int status;
        waitpid(child, &status, 0);
        posix_spawn_file_actions_destroy(&quiet);
    }
    return (children() - before) / STARTS;
}

static void bench_start(void) {
    char *const version[] = {AG_PROGRAM, "--version", NULL};
    char *const nothing[] = {"/bin/true", NULL};
    double program = run_program(version), idle = run_program(nothing);
    printf("%-44s %9.3f ms %9.1f x /bin/true\n", "start of the program", 1e3 * program,
           program / idle);
}

/* ---- the steps of one assessment ---- */

typedef struct times {
    double build, compile, first, again, plain, whole, unexplained, brief;
} times;

static void keep_least(double *least, double value) {
    if (value < *least)
        *least = value;
}

static void bench_steps(const ag_session *session, const ag_situation *situation, int draws,
                        times *least, double *run) {
    const ag_knowledge *knowledge = session->engine->knowledge;
    ag_clinical_network *clinical;
    ag_program *program;
    ag_query *query;
    double t0 = seconds();
    ag_clinical_network_build(&clinical, knowledge, situation, draws, session->cache, NULL);
    double t1 = seconds();
    ag_program_compile(&program, ag_clinical_network_model(clinical), NULL, NULL);
    double t2 = seconds();
    ag_query_new(&query, program, NULL);
    ag_clinical_network_observe(clinical, query, NULL);
    ag_query_run(query, NULL);
    double t3 = seconds();
    ag_query_run(query, NULL);
    keep_least(run, seconds() - t3);
    keep_least(&least->build, t1 - t0);
    keep_least(&least->compile, t2 - t1);
    keep_least(&least->first, t3 - t2);
    ag_query_free(query);
    ag_program_free(program);
    ag_clinical_network_free(clinical);
}

static double bench_whole(ag_session *session, const ag_patient *patient, bool explain,
                          bool brief) {
    ag_assess_options options = ag_assess_options_defaults();
    options.explain = explain;
    options.brief = brief;
    ag_assessment *assessment;
    double start = seconds();
    if (ag_assess(&assessment, session, patient, &options, NULL) != AG_OK)
        return NAN;
    ag_assessment_free(assessment);
    return seconds() - start;
}

static int bench_patient(const char *path) {
    const ag_knowledge *knowledge = ag_knowledge_builtin();
    double t0 = seconds();
    ag_vocabulary *vocabulary = ag_vocabulary_new(knowledge);
    double t1 = seconds();
    ag_patient *patient;
    ag_error error;
    if (ag_patient_read_file(&patient, vocabulary, path, NULL, &error) != AG_OK) {
        fprintf(stderr, "%s: %s\n", path, error.message);
        return 1;
    }
    double t2 = seconds();
    ag_engine *engine;
    ag_session *session;
    ag_engine_new(&engine, knowledge, NULL);
    ag_session_new(&session, engine, NULL);
    ag_arena *arena = ag_arena_new();
    ag_man_situation *man = ag_man_situation_of(patient, NULL, AG_PAST_EPOCHS, arena);
    times all = {1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9, 1e9}, central = all;
    double drawn = 1e9;
    double cold = bench_whole(session, patient, true, false);
    for (int round = 0; round < ROUNDS; round++) {
        bench_steps(session, &man->situation, 1, &central, &central.plain);
        bench_steps(session, &man->situation, AG_DRAWS, &all, &drawn);
        keep_least(&all.whole, bench_whole(session, patient, true, false));
        keep_least(&all.unexplained, bench_whole(session, patient, false, false));
        keep_least(&all.brief, bench_whole(session, patient, false, true));
    }
    double plain = central.plain;
    printf("%s\n", path);
    line("plain posterior (central values)", plain, plain);
    line("names and codes made ready (once)", t1 - t0, plain);
    line("record read", t2 - t1, plain);
    line("network built, 256 draws", all.build, plain);
    line("network compiled", all.compile, plain);
    line("posterior of 256 draws, with its plan", all.first, plain);
    line("posterior of 256 draws, again", drawn, plain);
    line("assessment, mechanisms and causes only", all.brief, plain);
    line("assessment, without reasons", all.unexplained, plain);
    line("assessment, with reasons", all.whole, plain);
    line("assessment, the first of a session", cold, plain);
    ag_arena_free(arena);
    ag_session_free(session);
    ag_engine_free(engine);
    ag_patient_free(patient);
    ag_vocabulary_free(vocabulary);
    return 0;
}

int main(void) {
    bench_start();
    return bench_patient(AG_SOURCE_DIR "/examples/records/tamsulosin-man.json.gz") +
           bench_patient(AG_SOURCE_DIR "/examples/records/after-turp.yaml");
}
