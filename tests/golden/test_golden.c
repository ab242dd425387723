/*
 * Reports as people see them. Each case of tests/golden/cases is reported in every way and compared
 * with tests/golden/expected; AG_RENEW_GOLDEN=1 in the environment writes these files anew, to be
 * read before they are committed. A small knowledge of their own keeps them free of changes to the
 * medicine.
 *
 * What must hold for any man is checked on the published cases of tests/cases.
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

#include "../support/forbidden.h"
#include "../support/readability.h"
#include "antegrade/plan.h"
#include "antegrade/report.h"

typedef struct world {
    const ag_knowledge *knowledge;
    ag_knowledge *loaded;
    ag_engine *engine;
    ag_session *session;
    ag_vocabulary *vocabulary;
} world;

typedef char *writer(const ag_assessment *assessment, const ag_patient *patient,
                     const ag_knowledge *knowledge, const ag_report_options *options);

static const char *const languages[] = {"en", "es"};
static const char *const readers[] = {"clinician", "patient", "laboratory"};

static void open_world(world *w, const ag_knowledge *knowledge) {
    w->knowledge = knowledge;
    assert_int_equal(ag_engine_new(&w->engine, knowledge, NULL), AG_OK);
    assert_int_equal(ag_session_new(&w->session, w->engine, NULL), AG_OK);
    w->vocabulary = ag_vocabulary_new(knowledge);
    assert_non_null(w->vocabulary);
}

static void close_world(world *w) {
    ag_vocabulary_free(w->vocabulary);
    ag_session_free(w->session);
    ag_engine_free(w->engine);
    ag_knowledge_free(w->loaded);
}

/* ---- golden files ---- */

static char *read_whole(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    size_t size = 0, room = 1 << 20;
    char *text = malloc(room);
    assert_non_null(text);
    size = fread(text, 1, room - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

static bool as_before(const char *name, const char *text) {
    char path[500];
    snprintf(path, sizeof path, "%s/tests/golden/expected/%s", AG_SOURCE_DIR, name);
    if (getenv("AG_RENEW_GOLDEN") != NULL) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
        return true;
    }
    char *before = read_whole(path);
    bool same = before != NULL && strcmp(before, text) == 0;
    if (!same) {
        size_t line = 1;
        for (size_t i = 0; before != NULL && before[i] == text[i] && text[i] != '\0'; i++)
            line += text[i] == '\n';
        print_error("%s differs from line %zu on; AG_RENEW_GOLDEN=1 writes it anew\n", name, line);
    }
    free(before);
    return same;
}

typedef struct way {
    const char *suffix;
    writer *write;
    int readers; /* the first of so many */
} way;

static const way ways[] = {{"txt", ag_report_text, 3},
                           {"html", ag_report_html, 3},
                           {"json", ag_report_json, 1},
                           {"fhir.json", ag_report_fhir, 1}};

static int compare_ways(const world *w, const char *name, const ag_assessment *assessment,
                        const ag_patient *patient) {
    int failed = 0;
    for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++)
        for (int reader = 0; reader < ways[k].readers; reader++)
            for (int l = 0; l < 2; l++) {
                ag_report_options options = ag_report_options_defaults();
                options.reader = (ag_reader)reader;
                options.language = languages[l];
                char file[200];
                snprintf(file, sizeof file, "%s.%s.%s.%s", name, readers[reader], languages[l],
                         ways[k].suffix);
                char *text = ways[k].write(assessment, patient, w->knowledge, &options);
                assert_non_null(text);
                failed += !as_before(file, text);
                ag_report_free(text);
            }
    return failed;
}

static void test_golden(void **state) {
    (void)state;
    world w = {0};
    ag_error error = {0};
    if (ag_knowledge_load(&w.loaded, AG_SOURCE_DIR "/tests/golden/knowledge", NULL, &error))
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    open_world(&w, w.loaded);
    static const char *const cases[] = {"backward", "not-emitted", "open-question",
                                        "nothing-wrong"};
    int failed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[500];
        snprintf(path, sizeof path, "%s/tests/golden/cases/%s.yaml", AG_SOURCE_DIR, cases[i]);
        ag_patient *patient;
        ag_assessment *assessment = NULL;
        if (ag_patient_read_file(&patient, w.vocabulary, path, NULL, &error) ||
            ag_assess(&assessment, w.session, patient, NULL, &error))
            fail_msg("%s: %s", path, error.message);
        failed += compare_ways(&w, cases[i], assessment, patient);
        ag_assessment_free(assessment);
        ag_patient_free(patient);
    }
    close_world(&w);
    assert_int_equal(failed, 0);
}

/* ---- what holds for any man ---- */

static bool narrow(const char *text, int width) {
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        int columns = 0;
        for (size_t i = 0; i < length; i++)
            columns += (line[i] & 0xC0) != 0x80;
        if (columns > width) {
            print_error("wider than %d: %.*s\n", width, (int)length, line);
            return false;
        }
        line += length + (line[length] == '\n');
    }
    return true;
}

/* Every element that is opened is closed, in order; nothing is asked of elsewhere. */
static bool sound_html(const char *html) {
    static const char *const single[] = {"!DOCTYPE", "meta", "path", "rect", "circle", "ellipse"};
    char open[64][16];
    int depth = 0;
    for (const char *at = strchr(html, '<'); at != NULL; at = strchr(at + 1, '<')) {
        char name[16] = "";
        bool end = at[1] == '/';
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1 + end, " >/"), at + 1 + end);
        bool alone = false;
        for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
            alone = alone || strcmp(single[i], name) == 0;
        if (alone)
            continue;
        if (!end && depth < 64)
            strcpy(open[depth++], name);
        else if (depth == 0 || strcmp(open[--depth], name) != 0)
            return false;
    }
    return depth == 0 && strstr(html, "<script") == NULL && strstr(html, "src=") == NULL &&
           strstr(html, "url(") == NULL && strstr(html, "href=\"http") == NULL;
}

/* The paragraphs without the sources: from the title to the last heading. */
static text_counts prose_counts(const char *text, bool spanish) {
    const char *end = strstr(text, spanish ? "\nDe dónde sale" : "\nWhere this comes");
    text_counts counts = {0};
    for (const char *at = text; at < end;) {
        const char *stop = strstr(at, "\n\n");
        if (stop == NULL || stop > end)
            stop = end;
        count_block(&counts, at, (size_t)(stop - at), spanish);
        at = stop + 1;
    }
    return counts;
}

static int check_reader(const world *w, const ag_assessment *assessment, const ag_patient *patient,
                        const ag_plan *plan, int reader, int l) {
    ag_report_options options = ag_report_options_defaults();
    options.plan = plan;
    options.reader = (ag_reader)reader;
    options.language = languages[l];
    char *text = ag_report_text(assessment, patient, w->knowledge, &options);
    char *html = ag_report_html(assessment, patient, w->knowledge, &options);
    assert_true(text != NULL && html != NULL);
    int failed = !narrow(text, 80) + !sound_html(html);
    if (reader == AG_FOR_PATIENT) {
        char *sources = strstr(text, l == 1 ? "De dónde sale" : "Where this comes");
        assert_non_null(sources);
        double score;
        bool easy = easy_at_twelve(prose_counts(text, l == 1), l == 1, &score);
        *sources = '\0'; /* titles of papers say what they like */
        const char *found = forbidden_in(text);
        if (found != NULL || !easy)
            print_error("%s, ease %.1f\n", found != NULL ? found : "", score);
        failed += found != NULL || !easy;
    }
    ag_report_free(text);
    ag_report_free(html);
    return failed;
}

static int check_case(const world *w, const char *path, bool with_plan) {
    struct fy_document *document = fy_document_build_from_file(NULL, path);
    struct fy_node *node = fy_node_by_path(fy_document_root(document), "/case", FY_NT, 0);
    char *text = fy_emit_node_to_string(node, FYECF_MODE_JSON);
    ag_patient *patient = NULL;
    ag_assessment *assessment = NULL;
    ag_plan *plan = NULL;
    ag_error error = {0};
    int failed = 0;
    ag_status status =
        ag_patient_read_case(&patient, w->vocabulary, text, strlen(text), NULL, &error);
    if (status == AG_OK)
        status = ag_assess(&assessment, w->session, patient, NULL, &error);
    if (status != AG_OK && status != AG_ERROR_DECLINED)
        fail_msg("%s: %s", path, error.message);
    ag_plan_options quick = ag_plan_options_defaults();
    quick.intervals = false;
    if (status == AG_OK && with_plan &&
        ag_plan_make(&plan, w->session, patient, assessment, &quick, &error) != AG_OK)
        fail_msg("%s: %s", path, error.message);
    for (int reader = 0; reader < 3 && status == AG_OK; reader++)
        for (int l = 0; l < 2; l++)
            failed += check_reader(w, assessment, patient, plan, reader, l);
    if (failed > 0)
        print_error("  in %s\n", path);
    ag_plan_free(plan);
    ag_assessment_free(assessment);
    ag_patient_free(patient);
    free(text);
    fy_document_destroy(document);
    return failed;
}

/* All published cases take minutes under the sanitizers: every ninth, or all in the long form; a
 * plan for two of them, or for all. */
static void test_any_man(void **state) {
    (void)state;
    world w = {0};
    open_world(&w, ag_knowledge_builtin());
    glob_t paths;
    assert_int_equal(glob(AG_SOURCE_DIR "/tests/cases/*.yaml", 0, NULL, &paths), 0);
    size_t step = getenv("AG_SOAK") != NULL ? 1 : 9;
    int failed = 0;
    for (size_t i = 0; i < paths.gl_pathc; i += step)
        failed += check_case(&w, paths.gl_pathv[i], step == 1 || i == 2 * step || i == 4 * step);
    globfree(&paths);
    close_world(&w);
    assert_int_equal(failed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden),
                                       cmocka_unit_test(test_any_man)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
