/*
 * Leaflets are readable at about twelve years of age, cite records that exist, say the same things
 * in both languages, and say nothing that a leaflet must not say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "../../support/forbidden.h"
#include "../../support/readability.h"
#include "antegrade/report.h"
#include "leaflets.h"

static int words_syllables(const char *word, bool spanish) {
    char plain[80];
    plain_letters(word, strlen(word), plain, sizeof plain);
    return spanish ? spanish_syllables(plain) : english_syllables(plain);
}

/* Counts as dictionaries hyphenate the words. */
static void test_syllables(void **state) {
    (void)state;
    static const struct {
        const char *word;
        int count;
        bool spanish;
    } known[] = {{"cat", 1, false},      {"semen", 2, false},       {"bladder", 2, false},
                 {"medicine", 3, false}, {"stopped", 1, false},     {"needed", 2, false},
                 {"little", 2, false},   {"ejaculation", 5, false}, {"period", 3, false},
                 {"tubes", 1, false},    {"glasses", 2, false},     {"urine", 2, false},
                 {"semen", 2, true},     {"vejiga", 3, true},       {"próstata", 3, true},
                 {"orina", 3, true},     {"médico", 3, true},       {"que", 1, true},
                 {"quiere", 2, true},    {"día", 2, true},          {"eyaculación", 5, true},
                 {"muy", 1, true},       {"ciudad", 2, true},       {"cirugía", 4, true},
                 {"poeta", 3, true},     {"agua", 2, true},         {"vergüenza", 3, true}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (words_syllables(known[i].word, known[i].spanish) != known[i].count)
            fail_msg("%s: %d syllables, not %d", known[i].word,
                     words_syllables(known[i].word, known[i].spanish), known[i].count);
}

/* "The cat sat on the mat." has the published grade -1.45. */
static void test_formula(void **state) {
    (void)state;
    const char *text = "The cat sat on the mat.";
    text_counts counts = {0};
    count_block(&counts, text, strlen(text), false);
    assert_int_equal(counts.words, 6);
    assert_int_equal(counts.sentences, 1);
    assert_int_equal(counts.syllables, 6);
    assert_float_equal(flesch_kincaid_grade(counts), -1.45, 1e-9);
    /* by hand: la prós-ta-ta cre-ce */
    const char *spanish = "La próstata crece.";
    counts = (text_counts){0};
    count_block(&counts, spanish, strlen(spanish), true);
    assert_int_equal(counts.syllables, 6);
    assert_float_equal(fernandez_huerta_ease(counts), 206.84 - 60 * 2 - 1.02 * 3, 1e-9);
}

static text_counts counts_of(const char *text, bool spanish) {
    text_counts counts = {0};
    const char *line = strstr(text, "\n\n"); /* behind the head */
    while (line != NULL && *line != '\0') {
        size_t length = strcspn(line, "\n");
        size_t mark = strspn(line, "#-!1. ");
        if (length > mark)
            count_block(&counts, line + mark, length - mark, spanish);
        line += length + (line[length] == '\n');
    }
    return counts;
}

static bool for_patients(const ag_leaflet_file *file, ag_arena *arena) {
    return strcmp(ag_leaflet_head(file->text[AG_ENGLISH], "reader", arena), "patient") == 0;
}

static void test_readable(void **state) {
    ag_arena *arena = *state;
    int failed = 0;
    for (const ag_leaflet_file *file = ag_leaflet_files; file->id != NULL; file++)
        for (int l = 0; l < AG_LANGUAGES && for_patients(file, arena); l++) {
            double score;
            if (!easy_at_twelve(counts_of(file->text[l], l == AG_SPANISH), l == AG_SPANISH,
                                &score)) {
                print_error("%s/%s: %.1f\n", ag_language_code((ag_language)l), file->id, score);
                failed++;
            }
        }
    assert_int_equal(failed, 0);
}

/* A knowledge without evidence: sources are left out of what is read. */
static const ag_knowledge none = {.version = "", .date = ""};

static void test_never_said(void **state) {
    ag_arena *arena = *state;
    for (const ag_leaflet_file *file = ag_leaflet_files; file->id != NULL; file++)
        for (int l = 0; l < AG_LANGUAGES && for_patients(file, arena); l++) {
            ag_document document = ag_document_start(arena, &none, (ag_language)l);
            ag_leaflet_add(&document, file->text[l], true);
            for (const ag_block *block = document.first; block != NULL; block = block->next) {
                const char *found = forbidden_in(block->text);
                if (found != NULL)
                    fail_msg("%s/%s: %s", ag_language_code((ag_language)l), file->id, found);
            }
        }
}

/* The patterns find what they are for. */
static void test_patterns(void **state) {
    (void)state;
    static const char *const bad[] = {"Stop taking the tablet.",
                                      "Take pseudoephedrine 60 mg before sex.",
                                      "120 mg of pseudoephedrine",
                                      "You are infertile.",
                                      "It is safe.",
                                      "This is not cancer.",
                                      "Use vibration at home.",
                                      "Deje de tomar la pastilla.",
                                      "Es seguro.",
                                      "No es cáncer.",
                                      "It protects from infections.",
                                      "It is your own fault.",
                                      "Cancer is found in 5 of 100.",
                                      "You should stop tamsulosin."};
    static const char *const good[] = {"Do not stop or skip a medicine on your own.",
                                       "No deje ni se salte una medicina por su cuenta.",
                                       "Fertile men have sperm in the urine.", "Is it cancer?",
                                       "each day added about 0.4 mL"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (forbidden_in(bad[i]) == NULL)
            fail_msg("not found: %s", bad[i]);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_null(forbidden_in(good[i]));
}

/* The kinds of the blocks in order, and every source. */
static void outline(const char *text, const ag_knowledge *knowledge, ag_arena *arena,
                    ag_buffer *out) {
    ag_document document = ag_document_start(arena, knowledge, AG_ENGLISH);
    ag_leaflet_add(&document, text, true);
    for (const ag_block *block = document.first; block != NULL; block = block->next)
        ag_buffer_format(out, "%d ", (int)block->kind);
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at + 1, '['))
        ag_buffer_format(out, "%.*s", (int)strcspn(at, "]"), at);
    ag_buffer_add(out, ag_leaflet_head(text, "about", arena) != NULL
                           ? ag_leaflet_head(text, "about", arena)
                           : "");
}

static void test_same_in_both(void **state) {
    ag_arena *arena = *state;
    for (const ag_leaflet_file *file = ag_leaflet_files; file->id != NULL; file++) {
        ag_buffer en = ag_buffer_start(arena), es = ag_buffer_start(arena);
        outline(file->text[AG_ENGLISH], &none, arena, &en);
        outline(file->text[AG_SPANISH], &none, arena, &es);
        assert_string_equal(ag_buffer_text(&en), ag_buffer_text(&es));
    }
}

static void test_found_by_other_names(void **state) {
    (void)state;
    static const struct {
        const char *topic, *leaflet;
    } known[] = {{"cancer", "questions"},      {"es cáncer", "questions"},
                 {"TABACO", "questions"},      {"What men ask", "questions"},
                 {"sperm banking", "a-child"}, {"banco de semen", "a-child"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        int found = ag_leaflet_find(&none, known[i].topic);
        assert_true(found >= 0);
        assert_string_equal(ag_leaflet_id(found), known[i].leaflet);
    }
    assert_int_equal(ag_leaflet_find(&none, "cance"), -1);
}

static int make_arena(void **state) {
    *state = ag_arena_new();
    return *state == NULL;
}

static int free_arena(void **state) {
    ag_arena_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syllables),
        cmocka_unit_test(test_formula),
        cmocka_unit_test(test_readable),
        cmocka_unit_test(test_never_said),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_same_in_both),
        cmocka_unit_test(test_found_by_other_names),
    };
    return cmocka_run_group_tests(tests, make_arena, free_arena);
}
