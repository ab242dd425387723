/*
 * Each tests/cases/plan/<name>.yaml is one test: a man in, what the plan must and must not say of
 * him.
 *
 *     options: {id: standing}    free, first, refused, or absent: not offered at all
 *     before: [a, b]             option a comes before option b
 *     rules: [option/rule]       this note stands on that option
 *     semen, sperm: {id: [low, high]}   the option's odds lie within
 *     tests: {first: id, due: [ids], worth: [ids], not: [ids]}, no_further_test: true
 *     sources: {id: offered | refused}
 *     child: {method/source: [low, high]}    live birth per attempt
 *     cause: id                  the most probable cause
 *     no_child: true             no chance of a child is given
 *     flags: {id: urgency}       the record speaks of it, or absent
 *     planned: {cause: {today, semen, backward: [low, high], bank: yes | no, before: [causes]}}
 *                                what is planned, and what is done for the same with better odds
 *     what_if: {changes: text, semen: [low, high], sperm: [low, high], rules: [rule], refused:
 * true}
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

#include "antegrade/plan.h"

typedef struct plan_case {
    const char *path;
    struct fy_document *document;
    ag_patient *patient;
    ag_assessment *assessment;
    ag_plan *plan;
    int faults;
} plan_case;

static ag_engine *engine;
static ag_session *session;
static ag_vocabulary *vocabulary;

static void fault(plan_case *c, const char *what, const char *id) {
    print_message("    %s: %s\n", what, id);
    c->faults++;
}

/* ---- YAML ---- */

static struct fy_node *at(const plan_case *c, const char *path) {
    return fy_node_by_path(fy_document_root(c->document), path, FY_NT, FYNWF_DONT_FOLLOW);
}

static const char *text_of(struct fy_node *node) {
    const char *text = node != NULL ? fy_node_get_scalar0(node) : NULL;
    return text != NULL ? text : "";
}

static struct fy_node *item(struct fy_node *sequence, int i) {
    return fy_node_sequence_get_by_index(sequence, i);
}

static int length_of(struct fy_node *sequence) {
    return sequence != NULL ? fy_node_sequence_item_count(sequence) : 0;
}

static bool within(struct fy_node *range, double value) {
    return value >= strtod(text_of(item(range, 0)), NULL) &&
           value <= strtod(text_of(item(range, 1)), NULL);
}

typedef void on_pair(plan_case *c, const char *key, struct fy_node *value);

static void each_pair(plan_case *c, const char *path, on_pair *act) {
    struct fy_node *map = at(c, path);
    void *state = NULL;
    struct fy_node_pair *pair;
    while (map != NULL && (pair = fy_node_mapping_iterate(map, &state)) != NULL)
        act(c, text_of(fy_node_pair_key(pair)), fy_node_pair_value(pair));
}

/* ---- options ---- */

static const char *const standings[] = {"refused", "first", "warning", "due", "free"};

static int option_index(const plan_case *c, const char *id) {
    for (int i = 0; i < ag_plan_option_count(c->plan); i++)
        if (strcmp(ag_plan_option_at(c->plan, i)->id, id) == 0)
            return i;
    return -1;
}

static void check_option(plan_case *c, const char *id, struct fy_node *value) {
    int i = option_index(c, id);
    const char *found = i < 0 ? "absent" : standings[ag_plan_option_at(c->plan, i)->standing];
    if (strcmp(found, text_of(value)) != 0) {
        fault(c, id, found);
    }
}

static void check_odds(plan_case *c, const char *id, struct fy_node *range, bool semen) {
    int i = option_index(c, id);
    const ag_plan_option *option = i < 0 ? NULL : ag_plan_option_at(c->plan, i);
    double value = option == NULL ? -1 : semen ? option->semen.value : option->sperm.value;
    if (!within(range, value)) {
        print_message("    %s %.3f\n", id, value);
        fault(c, semen ? "semen" : "sperm", id);
    }
}

static void check_semen(plan_case *c, const char *id, struct fy_node *range) {
    check_odds(c, id, range, true);
}

static void check_sperm(plan_case *c, const char *id, struct fy_node *range) {
    check_odds(c, id, range, false);
}

static void check_before(plan_case *c) {
    struct fy_node *pair = at(c, "/expect/before");
    if (pair == NULL)
        return;
    int a = option_index(c, text_of(item(pair, 0))), b = option_index(c, text_of(item(pair, 1)));
    if (a < 0 || b < 0 || a > b)
        fault(c, "not before", text_of(item(pair, 0)));
}

static bool has_note(const ag_plan_note *notes, int count, const char *id) {
    for (int i = 0; i < count; i++)
        if (strcmp(notes[i].id, id) == 0)
            return true;
    return false;
}

static void check_rules(plan_case *c) {
    struct fy_node *rules = at(c, "/expect/rules");
    for (int i = 0; i < length_of(rules); i++) {
        char id[128];
        snprintf(id, sizeof id, "%s", text_of(item(rules, i)));
        char *slash = strchr(id, '/');
        assert_non_null(slash);
        *slash = '\0';
        int o = option_index(c, id);
        const ag_plan_option *option = o < 0 ? NULL : ag_plan_option_at(c->plan, o);
        if (option == NULL || !has_note(option->notes, option->note_count, slash + 1))
            fault(c, "no rule", text_of(item(rules, i)));
    }
}

/* ---- tests ---- */

static const ag_plan_test *test_of(const plan_case *c, const char *id) {
    for (int i = 0; i < ag_plan_test_count(c->plan); i++)
        if (strcmp(ag_plan_test_at(c->plan, i)->id, id) == 0)
            return ag_plan_test_at(c->plan, i);
    return NULL;
}

/* A new sample says nothing of what went wrong with an earlier one. */
static void check_results(plan_case *c, const ag_plan_test *test) {
    for (int r = 0; r < test->result_count; r++) {
        const char *mechanism = test->results[r].mechanism;
        if (mechanism != NULL && (strcmp(mechanism, "incomplete-collection") == 0 ||
                                  strcmp(mechanism, "short-abstinence") == 0))
            fault(c, "result of", test->id);
    }
}

static void check_tests(plan_case *c) {
    struct fy_node *first = at(c, "/expect/tests/first");
    struct fy_node *worth = at(c, "/expect/tests/worth"), *not = at(c, "/expect/tests/not");
    struct fy_node *due = at(c, "/expect/tests/due");
    if (first != NULL && (ag_plan_test_count(c->plan) == 0 ||
                          strcmp(ag_plan_test_at(c->plan, 0)->id, text_of(first)) != 0))
        fault(c, "first test", ag_plan_test_at(c->plan, 0)->id);
    for (int i = 0; i < length_of(due); i++) {
        const ag_plan_test *test = test_of(c, text_of(item(due, i)));
        if (test == NULL || !test->due || !test->worth)
            fault(c, "not due", text_of(item(due, i)));
    }
    for (int i = 0; i < length_of(worth); i++) {
        const ag_plan_test *test = test_of(c, text_of(item(worth, i)));
        if (test == NULL || !test->worth)
            fault(c, "not proposed", text_of(item(worth, i)));
    }
    for (int i = 0; i < length_of(not ); i++) {
        const ag_plan_test *test = test_of(c, text_of(item(not, i)));
        if (test != NULL && test->worth)
            fault(c, "proposed", text_of(item(not, i)));
    }
    if (at(c, "/expect/no_further_test") != NULL && !ag_plan_tests_done(c->plan))
        fault(c, "still proposed", ag_plan_test_at(c->plan, 0)->id);
    for (int i = 0; i < ag_plan_test_count(c->plan); i++)
        if (!(ag_plan_test_at(c->plan, i)->value >= 0))
            fault(c, "negative value", ag_plan_test_at(c->plan, i)->id);
    for (int i = 0; i < ag_plan_test_count(c->plan); i++)
        check_results(c, ag_plan_test_at(c->plan, i));
}

/* ---- a child, flags ---- */

static void check_source(plan_case *c, const char *id, struct fy_node *value) {
    for (int i = 0; i < ag_plan_source_count(c->plan); i++) {
        const ag_plan_source *source = ag_plan_source_at(c->plan, i);
        if (strcmp(source->id, id) != 0)
            continue;
        if (strcmp(source->offered ? "offered" : "refused", text_of(value)) != 0)
            fault(c, id, source->offered ? "offered" : "refused");
        return;
    }
    fault(c, "no source", id);
}

static void check_child(plan_case *c, const char *key, struct fy_node *range) {
    for (int i = 0; i < ag_plan_child_count(c->plan); i++) {
        const ag_plan_child *child = ag_plan_child_at(c->plan, i);
        char name[128];
        snprintf(name, sizeof name, "%s/%s", child->method, child->source);
        if (strcmp(name, key) != 0)
            continue;
        if (!within(range, child->live_birth.value)) {
            print_message("    %s %.3f\n", key, child->live_birth.value);
            fault(c, "live birth", key);
        }
        if (!(child->pregnancy.value >= child->live_birth.value &&
              child->cumulative.value >= child->live_birth.value))
            fault(c, "pregnancy or cumulative below live birth", key);
        return;
    }
    fault(c, "no way to a child", key);
}

static void check_flag(plan_case *c, const char *id, struct fy_node *value) {
    static const char *const urgencies[] = {"same-day", "urgent", "soon", "routine"};
    for (int i = 0; i < ag_plan_flag_count(c->plan); i++) {
        const ag_plan_flag *flag = ag_plan_flag_at(c->plan, i);
        if (strcmp(flag->id, id) != 0 || !flag->present)
            continue;
        if (strcmp("absent", text_of(value)) == 0)
            fault(c, "flag", id);
        if (strcmp(urgencies[flag->urgency], text_of(value)) == 0)
            return;
    }
    if (strcmp(text_of(value), "absent") != 0)
        fault(c, "no flag", id);
}

/* ---- what is planned ---- */

static struct fy_node *of_map(struct fy_node *map, const char *key) {
    return fy_node_mapping_lookup_by_string(map, key, FY_NT);
}

static const ag_plan_planned *planned_of(const plan_case *c, const char *id) {
    for (int i = 0; i < ag_plan_planned_count(c->plan); i++)
        if (strcmp(ag_plan_planned_at(c->plan, i)->cause, id) == 0)
            return ag_plan_planned_at(c->plan, i);
    return NULL;
}

static void check_chance(plan_case *c, const char *what, struct fy_node *range, double value) {
    if (range != NULL && !within(range, value)) {
        print_message("    %s %.3f\n", what, value);
        fault(c, "planned", what);
    }
}

static void check_others(plan_case *c, const ag_plan_planned *planned, struct fy_node *others) {
    for (int i = 0; i < length_of(others); i++) {
        bool found = false;
        for (int a = 0; a < planned->alternative_count; a++)
            found = found || strcmp(planned->alternatives[a].cause, text_of(item(others, i))) == 0;
        if (!found)
            fault(c, "no alternative", text_of(item(others, i)));
    }
    if (others != NULL && length_of(others) == 0 && planned->alternative_count > 0)
        fault(c, "an alternative", planned->alternatives[0].cause);
    for (int a = 0; a < planned->alternative_count; a++)
        if (!(planned->alternatives[a].after.semen.value > planned->after.semen.value))
            fault(c, "no better", planned->alternatives[a].cause);
}

static void check_planned(plan_case *c, const char *id, struct fy_node *expected) {
    const ag_plan_planned *item = planned_of(c, id);
    if (item == NULL) {
        fault(c, "not planned", id);
        return;
    }
    check_chance(c, "today", of_map(expected, "today"), item->today.semen.value);
    check_chance(c, "semen", of_map(expected, "semen"), item->after.semen.value);
    check_chance(c, "backward", of_map(expected, "backward"), item->after.backward.value);
    if (item->bank != (strcmp(text_of(of_map(expected, "bank")), "yes") == 0))
        fault(c, item->bank ? "frozen before" : "not frozen before", id);
    check_others(c, item, of_map(expected, "before"));
}

/* ---- what if ---- */

static void check_line(plan_case *c, const ag_what_if *what_if, const char *id, const char *path) {
    struct fy_node *range = at(c, path);
    for (int i = 0; i < ag_what_if_line_count(what_if) && range != NULL; i++) {
        const ag_what_if_line *line = ag_what_if_line_at(what_if, i);
        if (strcmp(line->id, id) != 0)
            continue;
        if (!within(range, line->after.value)) {
            print_message("    %s before %.3f after %.3f\n", id, line->before.value,
                          line->after.value);
            fault(c, "what if", id);
        }
        return;
    }
    if (range != NULL)
        fault(c, "no line", id);
}

static void check_what_if(plan_case *c) {
    struct fy_node *changes = at(c, "/expect/what_if/changes");
    ag_error error = {0};
    ag_what_if *what_if;
    if (changes == NULL)
        return;
    if (ag_what_if_make(&what_if, session, c->patient, c->assessment, text_of(changes), &error) !=
        AG_OK)
        fail_msg("%s: %s", c->path, error.message);
    check_line(c, what_if, "semen", "/expect/what_if/semen");
    check_line(c, what_if, "sperm", "/expect/what_if/sperm");
    struct fy_node *rules = at(c, "/expect/what_if/rules");
    bool refused = false;
    int count = ag_what_if_note_count(what_if);
    for (int i = 0; i < count; i++)
        refused = refused || ag_what_if_note_at(what_if, i)->effect == AG_PLAN_REFUSED;
    for (int i = 0; i < length_of(rules); i++)
        if (count == 0 || !has_note(ag_what_if_note_at(what_if, 0), count, text_of(item(rules, i))))
            fault(c, "what if has no note", text_of(item(rules, i)));
    if (refused != (strcmp(text_of(at(c, "/expect/what_if/refused")), "true") == 0))
        fault(c, "what if", refused ? "refused" : "not refused");
    ag_what_if_free(what_if);
}

/* ---- all ---- */

static void read_case(plan_case *c) {
    ag_error error = {0};
    c->document = fy_document_build_from_file(NULL, c->path);
    if (c->document == NULL || at(c, "/case") == NULL || at(c, "/expect") == NULL)
        fail_msg("%s is not YAML with case and expect", c->path);
    char *text = fy_emit_node_to_string(at(c, "/case"), FYECF_MODE_JSON);
    ag_status status =
        ag_patient_read_case(&c->patient, vocabulary, text, strlen(text), NULL, &error);
    free(text);
    if (status == AG_OK)
        status = ag_assess(&c->assessment, session, c->patient, NULL, &error);
    ag_plan_options options = ag_plan_options_defaults();
    options.intervals = false;
    if (status == AG_OK)
        status = ag_plan_make(&c->plan, session, c->patient, c->assessment, &options, &error);
    if (status != AG_OK)
        fail_msg("%s: %s", c->path, error.message);
    for (int i = 0; i < ag_patient_unused_count(c->patient); i++)
        fault(c, "not used", ag_patient_unused(c->patient, i).text);
}

static void check_cause(plan_case *c) {
    const char *wanted = text_of(at(c, "/expect/cause"));
    const char *found = ag_assessment_cause_count(c->assessment) > 0
                            ? ag_assessment_cause(c->assessment, 0)->id
                            : "no cause";
    if (*wanted != '\0' && strcmp(wanted, found) != 0)
        fault(c, wanted, found);
}

static void run_case(void **state) {
    plan_case c = {.path = *state};
    read_case(&c);
    each_pair(&c, "/expect/options", check_option);
    each_pair(&c, "/expect/semen", check_semen);
    each_pair(&c, "/expect/sperm", check_sperm);
    each_pair(&c, "/expect/sources", check_source);
    each_pair(&c, "/expect/child", check_child);
    each_pair(&c, "/expect/flags", check_flag);
    each_pair(&c, "/expect/planned", check_planned);
    check_cause(&c);
    check_before(&c);
    check_rules(&c);
    check_tests(&c);
    check_what_if(&c);
    if (at(&c, "/expect/no_child") != NULL && ag_plan_child_count(c.plan) > 0)
        fault(&c, "a child", ag_plan_child_at(c.plan, 0)->method);
    ag_plan_free(c.plan);
    ag_assessment_free(c.assessment);
    ag_patient_free(c.patient);
    fy_document_destroy(c.document);
    assert_int_equal(c.faults, 0);
}

int main(int argc, char **argv) {
    glob_t files;
    const char *pattern = argc > 1 ? argv[1] : AG_SOURCE_DIR "/tests/cases/plan/*.yaml";
    ag_error error = {0};
    vocabulary = ag_vocabulary_new(ag_knowledge_builtin());
    if (glob(pattern, 0, NULL, &files) != 0 || vocabulary == NULL ||
        ag_engine_new(&engine, ag_knowledge_builtin(), &error) != AG_OK ||
        ag_session_new(&session, engine, &error) != AG_OK) {
        fprintf(stderr, "no cases, or no knowledge\n");
        return 1;
    }
    struct CMUnitTest *tests = calloc(files.gl_pathc, sizeof *tests);
    for (size_t i = 0; i < files.gl_pathc; i++)
        tests[i] = (struct CMUnitTest){.name = strrchr(files.gl_pathv[i], '/') + 1,
                                       .test_func = run_case,
                                       .initial_state = files.gl_pathv[i]};
    int failed = _cmocka_run_group_tests("plans", tests, files.gl_pathc, NULL, NULL);
    free(tests);
    globfree(&files);
    ag_session_free(session);
    ag_engine_free(engine);
    ag_vocabulary_free(vocabulary);
    return failed;
}
