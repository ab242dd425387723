/*
 * A full assessment with options, next tests and chances of a child, as a multiple of one plain
 * posterior (all draws, network built and compiled), side by side in one run, in processor time.
 * Fastest of five.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "plan_work.h"

typedef struct man {
    const char *name, *text;
} man;

static const man men[] = {
    {"tamsulosin, wants a child", "age: 62\nwants: child\npartner_age: 36\ndate: 2026-11-22\n"
                                  "medicines: [{name: tamsulosin 0.4 mg daily, start: "
                                  "2026-09-10}]\nsymptoms: [dry orgasm]\nsince: 2026-09-18\n"},
    {"diabetes, sperm in urine", "age: 34\nwants: child\npartner_age: 33\nmedicines: []\n"
                                 "conditions: [{name: type 1 diabetes, start: 1998-01-01}]\n"
                                 "symptoms: [no semen, cloudy urine]\n"
                                 "tests: [{name: urine-sperm, value: many}]\n"},
    {"little known", "age: 40\nsymptoms: [less semen]\n"},
    {"TURP, wants a child", "age: 52\nwants: child\npartner_age: 36\ndate: 2024-06-15\n"
                            "medicines: []\noperations: [{name: TURP, start: 2023-11-01}]\n"
                            "conditions: [{name: benign prostatic hyperplasia}]\n"
                            "symptoms: [dry orgasm, cloudy urine after orgasm]\n"
                            "since: 2023-11-01\n"
                            "tests: [{name: urine-sperm, value: many}]\n"},
};

enum { RUNS = 5 };

/* Of the processor: other work on the machine does not count. */
static double now_s(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static double posterior_s(ag_session *session, const ag_patient *patient) {
    double start = now_s();
    ag_arena *arena = ag_arena_new();
    ag_man_situation *situation = ag_man_situation_of(patient, NULL, AG_PAST_EPOCHS, arena);
    ag_posterior posterior;
    ag_posterior_open(&posterior, session->engine->knowledge, &situation->situation, AG_DRAWS,
                      session->cache, NULL);
    ag_posterior_close(&posterior);
    ag_arena_free(arena);
    return now_s() - start;
}

static double assess_s(ag_session *session, const ag_patient *patient) {
    double start = now_s();
    ag_assessment *assessment;
    ag_assess(&assessment, session, patient, NULL, NULL);
    ag_assessment_free(assessment);
    return now_s() - start;
}

static double plan_s(ag_session *session, const ag_patient *patient) {
    double start = now_s();
    ag_assessment *assessment;
    ag_plan *plan;
    ag_assess(&assessment, session, patient, NULL, NULL);
    ag_plan_make(&plan, session, patient, assessment, NULL, NULL);
    ag_plan_free(plan);
    ag_assessment_free(assessment);
    return now_s() - start;
}

typedef double timed(ag_session *session, const ag_patient *patient);

static double fastest(timed *run, ag_session *session, const ag_patient *patient) {
    double best = run(session, patient);
    for (int i = 1; i < RUNS; i++) {
        double s = run(session, patient);
        best = s < best ? s : best;
    }
    return best;
}

int main(void) {
    ag_engine *engine;
    ag_session *session;
    ag_vocabulary *vocabulary = ag_vocabulary_new(ag_knowledge_builtin());
    if (vocabulary == NULL || ag_engine_new(&engine, ag_knowledge_builtin(), NULL) != AG_OK ||
        ag_session_new(&session, engine, NULL) != AG_OK)
        return 1;
    printf("%-28s %12s %12s %12s %8s\n", "man", "posterior ms", "assess ms", "with plan ms",
           "multiple");
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++) {
        ag_patient *patient;
        if (ag_patient_read_case(&patient, vocabulary, men[i].text, strlen(men[i].text), NULL,
                                 NULL) != AG_OK)
            return 1;
        double posterior = fastest(posterior_s, session, patient);
        double assess = fastest(assess_s, session, patient);
        double plan = fastest(plan_s, session, patient);
        printf("%-28s %12.1f %12.1f %12.1f %8.1f\n", men[i].name, 1e3 * posterior, 1e3 * assess,
               1e3 * plan, plan / posterior);
        ag_patient_free(patient);
    }
    ag_session_free(session);
    ag_engine_free(engine);
    ag_vocabulary_free(vocabulary);
    return 0;
}
