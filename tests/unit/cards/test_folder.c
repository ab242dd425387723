/* Folders of cards on disk: the project's own, a contributor's, and broken ones. */
#define _XOPEN_SOURCE 700 /* nftw */

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "knowledge.h"

/* ---- a copy of a folder, to change ---- */

static char copy_root[64];
static size_t source_length;

static void copy_file(const char *from, const char *to) {
    char bytes[4096];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static int copy_entry(const char *path, const struct stat *info, int type, struct FTW *at) {
    (void)info, (void)at;
    char target[512];
    snprintf(target, sizeof target, "%s%s", copy_root, path + source_length);
    if (type == FTW_D)
        return mkdir(target, 0700) != 0 && errno != EEXIST;
    copy_file(path, target);
    return 0;
}

static int delete_entry(const char *path, const struct stat *info, int type, struct FTW *at) {
    (void)info, (void)type, (void)at;
    return remove(path);
}

static void copy_folder(const char *source) {
    snprintf(copy_root, sizeof copy_root, "/tmp/antegrade-cards-XXXXXX");
    assert_non_null(mkdtemp(copy_root));
    source_length = strlen(source);
    assert_int_equal(nftw(source, copy_entry, 8, FTW_PHYS), 0);
}

static void delete_copy(void) {
    assert_int_equal(nftw(copy_root, delete_entry, 8, FTW_PHYS | FTW_DEPTH), 0);
}

static const char *in_copy(const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", copy_root, name);
    return path;
}

static void write_text(const char *name, const char *text) {
    FILE *file = fopen(in_copy(name), "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* The status of loading the copy; the first fault must be in `file` and say `fragment`. */
static void expect_fault(const char *file, const char *fragment) {
    ag_knowledge *knowledge;
    ag_error error;
    assert_int_not_equal(ag_knowledge_load(&knowledge, copy_root, NULL, &error), AG_OK);
    assert_null(knowledge);
    assert_string_equal(error.where, in_copy(file));
    assert_non_null(strstr(error.message, fragment));
}

/* ---- tests ---- */

static void own_cards_load(void **state) {
    (void)state;
    ag_knowledge *knowledge;
    ag_problems *problems;
    ag_error error;
    ag_status status = ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/knowledge", &problems, &error);
    for (int i = 0; i < ag_problems_count(problems); i++) {
        const ag_error *p = ag_problems_item(problems, i);
        print_error("%s:%d:%d: %s\n", p->where, p->line, p->column, p->message);
    }
    ag_problems_free(problems);
    assert_int_equal(status, AG_OK);
    assert_true(ag_card_count(knowledge, AG_CARD_FUNCTION) >= 12);
    ag_knowledge_free(knowledge);
}

static const char new_medicine[] =
    "id: inventazosin\n"
    "kind: medicine\n"
    "group: alpha-blocker\n"
    "names: {en: [inventazosin, Novoflow], es: [inventazosina]}\n"
    "prior:\n"
    "  - {from_age: 18, p: {value: 0.001, interval: [0.0003, 0.003], assumption: \"seldom "
    "used\"}}\n"
    "onset: {days: 3, interval: [1, 14], assumption: \"as others of its class\"}\n"
    "offset: {days: 7, interval: [2, 30], assumption: \"as others of its class\"}\n"
    "acts_on:\n"
    "  - function: emission\n"
    "    states: {none: {value: 0.5, interval: [0.2, 0.8], assumption: \"not studied\"}}\n";

/* A contributor adds a medicine with one card and no C. */
static void one_card_adds_a_medicine(void **state) {
    (void)state;
    ag_knowledge *knowledge;
    ag_error error;
    ag_card card;
    copy_folder(AG_SOURCE_DIR "/knowledge");
    write_text("causes/inventazosin.yaml", new_medicine);
    assert_int_equal(ag_knowledge_load(&knowledge, copy_root, NULL, &error), AG_OK);
    assert_true(ag_card_find(knowledge, "NOVOFLOW", &card));
    assert_int_equal(card.kind, AG_CARD_CAUSE);
    assert_string_equal(ag_card_id(knowledge, card), "inventazosin");
    assert_string_equal(ag_card_name(knowledge, card, "es"), "inventazosina");
    const ag_cause *cause = &knowledge->causes[card.index];
    const ag_action *action = &cause->variants[0].actions[0];
    int emission = ag_knowledge_variable(knowledge, "emission");
    assert_int_equal(action->function, emission);
    assert_int_equal(action->states[0].kind, AG_PARAMETER_REST);
    assert_true(action->states[2].value == 0.5);
    ag_knowledge_free(knowledge);
    delete_copy();
}

static void broken_folders_are_refused(void **state) {
    (void)state;
    ag_knowledge *knowledge;
    ag_error error;
    assert_int_equal(ag_knowledge_load(&knowledge, "/nonexistent", NULL, &error), AG_ERROR_IO);
    assert_string_equal(error.where, "/nonexistent");
    assert_int_equal(ag_knowledge_load(&knowledge, "/dev/null", NULL, &error), AG_ERROR_IO);
    assert_non_null(strstr(error.message, "not a folder"));

    copy_folder(AG_SOURCE_DIR "/tests/unit/cards/data");
    write_text("causes/notes.txt", "x");
    expect_fault("causes/notes.txt", "named *.yaml");
    assert_int_equal(remove(in_copy("causes/notes.txt")), 0);

    assert_int_equal(mkdir(in_copy("causes/more.yaml"), 0700), 0);
    expect_fault("causes/more.yaml", "not a plain file");
    assert_int_equal(rmdir(in_copy("causes/more.yaml")), 0);

    assert_int_equal(symlink("nowhere", in_copy("causes/link.yaml")), 0);
    expect_fault("causes/link.yaml", "No such file");
    assert_int_equal(remove(in_copy("causes/link.yaml")), 0);

    write_text("causes/empty.yaml", "# nothing\n");
    expect_fault("causes/empty.yaml", "empty");
    assert_int_equal(remove(in_copy("causes/empty.yaml")), 0);

    assert_int_equal(mkdir(in_copy("cause"), 0700), 0);
    expect_fault("cause", "\"causes\"");
    assert_int_equal(rmdir(in_copy("cause")), 0);

    assert_int_equal(remove(in_copy("version.yaml")), 0);
    expect_fault("version.yaml", "No such file");
    delete_copy();
}

static void cards_are_found(void **state) {
    (void)state;
    static const struct {
        const char *text, *id;
        ag_card_kind kind;
    } known[] = {
        {"turp", "turp", AG_CARD_CAUSE},
        {"Prostate  Resection", "turp", AG_CARD_CAUSE},
        {"RTU DE PRÓSTATA", "turp", AG_CARD_CAUSE},
        {"snomed:90199006", "turp", AG_CARD_CAUSE},
        {"loinc:2986-8", "urine-sperm", AG_CARD_FINDING},
        {"orina turbia", "cloudy-urine", AG_CARD_FINDING},
        {"camino", "route", AG_CARD_EJACULATE},
        {"bladder neck", "bladder-neck", AG_CARD_FUNCTION},
        {"failed emission", "dry", AG_CARD_MECHANISM},
        {"counted-small", "counted-small", AG_CARD_EVIDENCE},
    };
    ag_knowledge *knowledge;
    ag_error error;
    ag_card card;
    assert_int_equal(
        ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/tests/unit/cards/data", NULL, &error), AG_OK);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_true(ag_card_find(knowledge, known[i].text, &card));
        assert_int_equal(card.kind, known[i].kind);
        assert_string_equal(ag_card_id(knowledge, card), known[i].id);
    }
    assert_false(ag_card_find(knowledge, "silodosn", &card));
    const char *near[AG_CARD_NEAREST];
    assert_true(ag_card_nearest(knowledge, "silodosn", near) >= 1);
    assert_string_equal(near[0], "silodosin");
    ag_card_kind kind;
    assert_true(ag_card_kind_find("Cause", &kind));
    assert_int_equal(kind, AG_CARD_CAUSE);
    assert_false(ag_card_kind_find("thing", &kind));
    ag_knowledge_free(knowledge);
}

static void cards_are_shown(void **state) {
    (void)state;
    ag_knowledge *knowledge;
    ag_error error;
    ag_card card;
    char *text;
    assert_int_equal(
        ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/tests/unit/cards/data", NULL, &error), AG_OK);
    assert_true(ag_card_find(knowledge, "rtu de prostata", &card));
    assert_int_equal(ag_card_show(knowledge, card, AG_CARD_TEXT, &text, &error), AG_OK);
    assert_non_null(strstr(text, "id: turp\n"));
    assert_non_null(strstr(text, "onset: 1 [0.25, 4]; assumed: for the test\n"));
    assert_non_null(strstr(text, "offset: never\n"));
    assert_non_null(strstr(text, "open: 0.401 [0.308, 0.498] (counted-large)\n"));
    assert_non_null(strstr(text, "statement: Forty of a hundred.\n"));
    assert_null(strstr(text, "counted-small"));
    free(text);
    assert_int_equal(ag_card_show(knowledge, card, AG_CARD_JSON, &text, &error), AG_OK);
    assert_non_null(strstr(text, "\"distribution\": \"beta\""));
    assert_non_null(strstr(text, "\"sources\": ["));
    free(text);
    assert_true(ag_card_find(knowledge, "counted-small", &card));
    assert_int_equal(ag_card_show(knowledge, card, AG_CARD_TEXT, &text, &error), AG_OK);
    assert_non_null(strstr(text, "used_by: collection, cloudy-urine, silodosin\n"));
    free(text);
    assert_int_equal(ag_card_list(knowledge, AG_CARD_KINDS, AG_CARD_TEXT, &text, &error), AG_OK);
    assert_non_null(strstr(text, "causes (3)\n"));
    assert_non_null(strstr(text, "  silodosin        silodosin\n"));
    free(text);
    ag_knowledge_free(knowledge);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_cards_load),
        cmocka_unit_test(one_card_adds_a_medicine),
        cmocka_unit_test(broken_folders_are_refused),
        cmocka_unit_test(cards_are_found),
        cmocka_unit_test(cards_are_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
