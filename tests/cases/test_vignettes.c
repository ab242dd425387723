/*
 * Each tests/cases/<name>.yaml is one test: a published case in, the published diagnosis out.
 *
 *     leading: [ids]       one of these is the most probable mechanism; [none]: normal ejaculation
 * is more probable than any of them unresolved: [a, b]   the two are reported as not to be told
 * apart cause: id            the most probable cause declined: true       the man is not assessed
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/assess.h"

typedef struct vignette {
    const char *path;
    struct fy_document *document;
    ag_patient *patient;
    ag_assessment *assessment;
} vignette;

static const ag_knowledge *knowledge;
static ag_engine *engine;
static ag_session *session;
static ag_vocabulary *vocabulary;

static bool lists(struct fy_node *sequence, const char *id) {
    for (int i = 0; i < fy_node_sequence_item_count(sequence); i++) {
        size_t length;
        const char *text = fy_node_get_scalar(fy_node_sequence_get_by_index(sequence, i), &length);
        if (text != NULL && strlen(id) == length && memcmp(text, id, length) == 0)
            return true;
    }
    return false;
}

static void print_ranking(const vignette *v) {
    for (int i = 0; i < 4; i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(v->assessment, i);
        print_message("    %-28s %.3f (%.3f to %.3f)\n", m->id, m->probability.value,
                      m->probability.low, m->probability.high);
    }
    for (int i = 0; i < 3 && i < ag_assessment_cause_count(v->assessment); i++) {
        const ag_cause_result *c = ag_assessment_cause(v->assessment, i);
        print_message("    because of %-24s %.3f\n", c->id, c->probability.value);
    }
    for (int i = 0; i < ag_patient_unused_count(v->patient); i++)
        print_message("    not used: %s (%s)\n", ag_patient_unused(v->patient, i).text,
                      ag_patient_unused(v->patient, i).why);
}

static bool unresolved_between(const vignette *v, struct fy_node *pair) {
    for (int i = 0; i < ag_assessment_unresolved_count(v->assessment); i++) {
        const ag_unresolved_result *u = ag_assessment_unresolved(v->assessment, i);
        if (lists(pair, u->mechanism[0]) && lists(pair, u->mechanism[1]))
            return true;
    }
    return false;
}

static struct fy_node *expectation(const vignette *v, const char *key) {
    char path[64];
    snprintf(path, sizeof path, "/expect/%s", key);
    return fy_node_by_path(fy_document_root(v->document), path, FY_NT, FYNWF_DONT_FOLLOW);
}

/* A vignette that expects nothing, or something that is not looked at, would always pass. */
static void check_keys(const vignette *v) {
    static const char *const known[] = {"leading", "unresolved", "cause"};
    struct fy_node *expect =
        fy_node_by_path(fy_document_root(v->document), "/expect", FY_NT, FYNWF_DONT_FOLLOW);
    int found = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        found += expectation(v, known[i]) != NULL;
    if (expect == NULL || found == 0 || fy_node_mapping_item_count(expect) != found)
        fail_msg("%s: expect takes leading, unresolved and cause, at least one", v->path);
}

static bool as_expected(const vignette *v) {
    bool ok = true;
    check_keys(v);
    struct fy_node *leading = expectation(v, "leading");
    struct fy_node *pair = expectation(v, "unresolved");
    struct fy_node *cause = expectation(v, "cause");
    if (leading != NULL)
        ok = lists(leading, lists(leading, "none") ? ag_assessment_mechanism(v->assessment, 0)->id
                                                   : ag_assessment_leading(v->assessment, 0)->id);
    if (pair != NULL)
        ok = ok && unresolved_between(v, pair);
    if (cause != NULL) {
        const char *id = fy_node_get_scalar0(cause);
        ok = ok && ag_assessment_cause_count(v->assessment) > 0 &&
             strcmp(ag_assessment_cause(v->assessment, 0)->id, id) == 0;
    }
    return ok;
}

static void read_vignette(vignette *v) {
    v->document = fy_document_build_from_file(NULL, v->path);
    if (v->document == NULL)
        fail_msg("%s is not well-formed YAML", v->path);
    struct fy_node *node =
        fy_node_by_path(fy_document_root(v->document), "/case", FY_NT, FYNWF_DONT_FOLLOW);
    if (node == NULL)
        fail_msg("%s holds no case", v->path);
    char *text = fy_emit_node_to_string(node, FYECF_MODE_JSON);
    ag_error error = {0};
    ag_status status =
        ag_patient_read_case(&v->patient, vocabulary, text, strlen(text), NULL, &error);
    free(text);
    if (status != AG_OK)
        fail_msg("%s: %s", v->path, error.message);
}

static void run_vignette(void **state) {
    vignette v = {.path = *state};
    ag_error error = {0};
    read_vignette(&v);
    if (ag_assess(&v.assessment, session, v.patient, NULL, &error) != AG_OK)
        fail_msg("%s: %s", v.path, error.message);
    bool ok = as_expected(&v);
    if (!ok)
        print_ranking(&v);
    ag_assessment_free(v.assessment);
    ag_patient_free(v.patient);
    fy_document_destroy(v.document);
    assert_true(ok);
}

static int open_all(void) {
    ag_error error = {0};
    knowledge = ag_knowledge_builtin();
    vocabulary = ag_vocabulary_new(knowledge);
    return ag_engine_new(&engine, knowledge, &error) == AG_OK &&
           ag_session_new(&session, engine, &error) == AG_OK && vocabulary != NULL;
}

static void close_all(void) {
    ag_session_free(session);
    ag_engine_free(engine);
    ag_vocabulary_free(vocabulary);
}

int main(int argc, char **argv) {
    glob_t files;
    const char *pattern = argc > 1 ? argv[1] : AG_SOURCE_DIR "/tests/cases/*.yaml";
    if (glob(pattern, 0, NULL, &files) != 0 || !open_all()) {
        fprintf(stderr, "no vignettes, or no knowledge\n");
        return 1;
    }
    struct CMUnitTest *tests = calloc(files.gl_pathc, sizeof *tests);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        const char *slash = strrchr(files.gl_pathv[i], '/');
        tests[i] = (struct CMUnitTest){
            .name = slash + 1, .test_func = run_vignette, .initial_state = files.gl_pathv[i]};
    }
    int failed = _cmocka_run_group_tests("vignettes", tests, files.gl_pathc, NULL, NULL);
    free(tests);
    globfree(&files);
    close_all();
    return failed;
}
