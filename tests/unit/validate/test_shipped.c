/*
 * The cases and counts that come with the program: all are read by the cards as they stand, every
 * word of them is used, and each says where it comes from and how it was established.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "case_node.h"
#include "cohort.h"
#include "files.h"
#include "flow_chart.h"

static const char *const folder = AG_SOURCE_DIR "/validation";
static ag_knowledge *knowledge;
static ag_vocabulary *vocabulary;
static ag_arena *arena;

static int open_all(void **state) {
    (void)state;
    arena = ag_arena_new();
    if (arena == NULL || ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/knowledge", NULL, NULL))
        return 1;
    vocabulary = ag_vocabulary_new(knowledge);
    return vocabulary == NULL;
}

static int close_all(void **state) {
    (void)state;
    ag_vocabulary_free(vocabulary);
    ag_knowledge_free(knowledge);
    ag_arena_free(arena);
    return 0;
}

static void all_used(const char *what, const ag_node *given) {
    ag_patient *patient;
    ag_error error = {0};
    assert_non_null(given);
    if (ag_patient_read_node(&patient, vocabulary, given, NULL, &error) != AG_OK)
        fail_msg("%s:%d: %s", what, error.line, error.message);
    if (ag_patient_unused_count(patient) > 0)
        fail_msg("%s: \"%s\" is not used: %s", what, ag_patient_unused(patient, 0).text,
                 ag_patient_unused(patient, 0).why);
    if (ag_patient_contradiction_count(patient) > 0)
        fail_msg("%s: %s", what, ag_patient_contradiction(patient, 0));
    ag_patient_free(patient);
}

static bool is_sourced(const ag_publication *source) {
    return (source->title != NULL || source->about != NULL || source->first_author != NULL) &&
           source->read != NULL;
}

static void cases(void **state) {
    (void)state;
    ag_texts paths;
    ag_resolved_list list;
    ag_error error = {0};
    const char *inner = ag_arena_format(arena, "%s/cases", folder);
    assert_int_equal(ag_files_in(arena, inner, ".yaml", &paths, &error), AG_OK);
    if (ag_resolved_read_all(&list, arena, knowledge, &paths, &error) != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    assert_true(list.count >= 30);
    for (int i = 0; i < list.count; i++) {
        const ag_resolved *r = &list.items[i];
        if (!is_sourced(&r->source) || r->how == NULL || r->by == NULL)
            fail_msg("%s does not say whence and how", r->id);
        all_used(r->id,
                 r->held_back != NULL ? ag_nodes_joined(arena, r->given, r->held_back) : r->given);
    }
}

static void counts(void **state) {
    (void)state;
    const char *path = ag_arena_format(arena, "%s/counts.csv", folder);
    ag_texts paths = {&path, 1};
    ag_cohort_list list;
    ag_error error = {0};
    if (ag_cohorts_read(&list, arena, knowledge, &paths, &error) != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    assert_true(list.count >= 15);
    for (int i = 0; i < list.count; i++) {
        const ag_cohort *c = &list.items[i];
        if (!is_sourced(&c->source))
            fail_msg("%s does not say whence", c->id);
        all_used(c->id, c->event != NULL ? ag_nodes_joined(arena, c->population, c->event)
                                         : c->population);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(c->id, list.items[j].id);
        for (int e = 0; e < c->leave_out.count; e++)
            if (ag_knowledge_evidence(knowledge, c->leave_out.items[e]) < 0)
                fail_msg("%s leaves out %s, which is no record", c->id, c->leave_out.items[e]);
    }
}

/* The simulator's tables cannot be made anew without a study, so none here may have set its states.
 */
static void not_of_the_simulator(const char *what, const ag_publication *source,
                                 const char *functions) {
    const ag_evidence own = {.first_author = source->first_author,
                             .journal = source->journal,
                             .year = source->year != NULL ? atoi(source->year) : 0,
                             .pmid = source->pmid,
                             .doi = source->doi};
    for (int e = 0; e < knowledge->evidence_count; e++)
        if (ag_evidence_same_study(&own, &knowledge->evidence[e]) &&
            strstr(functions, knowledge->evidence[e].id) != NULL)
            fail_msg("%s is of %s, by which the simulator's states were set", what,
                     knowledge->evidence[e].id);
}

static void the_simulator_knows_none(void **state) {
    (void)state;
    const char *functions, *path = ag_arena_format(arena, "%s/counts.csv", folder);
    size_t length;
    ag_texts tables = {&path, 1}, paths;
    ag_cohort_list rows;
    ag_resolved_list list;
    assert_int_equal(ag_file_read(arena, AG_SOURCE_DIR "/knowledge/tract/functions.yaml",
                                  &functions, &length, NULL),
                     AG_OK);
    assert_non_null(strstr(functions, "evidence: ["));
    assert_int_equal(ag_cohorts_read(&rows, arena, knowledge, &tables, NULL), AG_OK);
    for (int i = 0; i < rows.count; i++)
        not_of_the_simulator(rows.items[i].id, &rows.items[i].source, functions);
    const char *inner = ag_arena_format(arena, "%s/cases", folder);
    assert_int_equal(ag_files_in(arena, inner, ".yaml", &paths, NULL), AG_OK);
    assert_int_equal(ag_resolved_read_all(&list, arena, knowledge, &paths, NULL), AG_OK);
    for (int i = 0; i < list.count; i++)
        not_of_the_simulator(list.items[i].id, &list.items[i].source, functions);
}

static void chart(void **state) {
    (void)state;
    ag_flow_chart read;
    ag_error error = {0};
    const char *path = ag_arena_format(arena, "%s/flow-chart.yaml", folder);
    if (ag_flow_chart_read(&read, arena, knowledge, path, &error) != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    assert_true(read.step_count > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(cases), cmocka_unit_test(counts),
                                       cmocka_unit_test(the_simulator_knows_none),
                                       cmocka_unit_test(chart)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
