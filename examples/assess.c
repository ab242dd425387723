/*
 * Assess one man, from a case as a clinician types it, with the knowledge in the library.
 *
 *     cc assess.c $(pkg-config --cflags --libs antegrade) -o assess
 */
#include <antegrade/antegrade.h>

#include <stdio.h>
#include <string.h>

static const char text[] = "age: 62\n"
                           "medicines: [{name: tamsulosin, dose: 0.4 mg, start: 10 weeks ago}]\n"
                           "symptoms: [dry orgasm]\n"
                           "since: 9 weeks ago\n";

static void print(const ag_assessment *assessment) {
    for (int i = 0; i < ag_assessment_leading_count(assessment); i++) {
        const ag_mechanism_result *m = ag_assessment_leading(assessment, i);
        printf("%-40s %3.0f %% (%.0f to %.0f)\n", m->name, 100 * m->probability.value,
               100 * m->probability.low, 100 * m->probability.high);
    }
}

int main(void) {
    const ag_knowledge *knowledge = ag_knowledge_builtin();
    ag_vocabulary *vocabulary = ag_vocabulary_new(knowledge);
    ag_engine *engine = NULL;   /* one for all threads */
    ag_session *session = NULL; /* one for each thread */
    ag_patient *patient = NULL;
    ag_assessment *assessment = NULL;
    ag_error error = {0};

    int failed = vocabulary == NULL || ag_engine_new(&engine, knowledge, &error) ||
                 ag_session_new(&session, engine, &error) ||
                 ag_patient_read_case(&patient, vocabulary, text, strlen(text), NULL, &error) ||
                 ag_assess(&assessment, session, patient, NULL, &error);
    if (failed)
        fprintf(stderr, "line %d: %s\n", error.line, error.message);
    else
        print(assessment);

    ag_assessment_free(assessment);
    ag_patient_free(patient);
    ag_session_free(session);
    ag_engine_free(engine);
    ag_vocabulary_free(vocabulary);
    return failed;
}
