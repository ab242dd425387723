/* Reading and writing: all standard networks, round trips bit for bit, and where faults are
 * reported. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "antegrade/network.h"

/* Nodes, arcs and table entries as the repository lists them. */
static const struct known {
    const char *file;
    int nodes, arcs, entries;
} KNOWN[] = {
    {"alarm.bif", 37, 46, 752},
    {"andes.bif", 223, 338, 2314},
    {"asia.bif", 8, 8, 36},
    {"barley.bif.gz", 48, 84, 130180},
    {"cancer.bif", 5, 4, 20},
    {"child.bif", 20, 25, 344},
    {"diabetes.bif.gz", 413, 602, 461069},
    {"earthquake.bif", 5, 4, 20},
    {"hailfinder.bif", 56, 66, 3741},
    {"hepar2.bif", 70, 123, 2139},
    {"insurance.bif", 27, 52, 1419},
    {"link.bif.gz", 724, 1125, 20502},
    {"mildew.bif.gz", 35, 46, 547158},
    {"munin.bif.gz", 1041, 1397, 98423},
    {"munin1.bif.gz", 186, 273, 19226},
    {"munin2.bif.gz", 1003, 1244, 83920},
    {"munin3.bif.gz", 1041, 1306, 85615},
    {"munin4.bif.gz", 1038, 1388, 97943},
    {"pathfinder.bif.gz", 109, 195, 97851},
    {"pigs.bif.gz", 441, 592, 8427},
    {"sachs.bif", 11, 17, 267},
    {"survey.bif", 6, 6, 37},
    {"water.bif.gz", 32, 66, 13484},
    {"win95pts.bif", 76, 112, 1148},
};

static ag_network *read_known(const char *file) {
    char path[512];
    ag_error error;
    ag_network *network;
    snprintf(path, sizeof path, "%s/tests/networks/%s", AG_SOURCE_DIR, file);
    if (ag_network_read(&network, path, &error))
        fail_msg("%s:%d:%d: %s", error.where, error.line, error.column, error.message);
    return network;
}

static double *table_of(const ag_network *network, int v, size_t *count) {
    int parents;
    const int *parent = ag_network_parents(network, v, &parents);
    *count = (size_t)ag_network_state_count(network, v);
    for (int i = 0; i < parents; i++)
        *count *= (size_t)ag_network_state_count(network, parent[i]);
    double *table = malloc(*count * sizeof *table);
    assert_int_equal(ag_network_copy_table(network, v, 0, table, *count, NULL), AG_OK);
    return table;
}

static void assert_same(const ag_network *a, const ag_network *b, bool names) {
    int n = ag_network_variable_count(a);
    assert_int_equal(n, ag_network_variable_count(b));
    for (int v = 0; v < n; v++) {
        size_t count;
        size_t other;
        int parents;
        int other_parents;
        if (names)
            assert_string_equal(ag_network_variable_name(a, v), ag_network_variable_name(b, v));
        assert_int_equal(ag_network_state_count(a, v), ag_network_state_count(b, v));
        for (int s = 0; names && s < ag_network_state_count(a, v); s++)
            assert_string_equal(ag_network_state_name(a, v, s), ag_network_state_name(b, v, s));
        const int *p = ag_network_parents(a, v, &parents);
        const int *q = ag_network_parents(b, v, &other_parents);
        assert_int_equal(parents, other_parents);
        for (int i = 0; i < parents; i++)
            assert_int_equal(p[i], q[i]);
        double *x = table_of(a, v, &count);
        double *y = table_of(b, v, &other);
        assert_int_equal(count, other);
        assert_memory_equal(x, y, count * sizeof *x);
        free(x);
        free(y);
    }
}

static void all_networks_load(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        ag_network *network = read_known(KNOWN[i].file);
        int n = ag_network_variable_count(network);
        int arcs = 0;
        size_t entries = 0;
        for (int v = 0; v < n; v++) {
            int parents;
            size_t count;
            ag_network_parents(network, v, &parents);
            arcs += parents;
            double *table = table_of(network, v, &count);
            size_t states = (size_t)ag_network_state_count(network, v);
            for (size_t r = 0; r < count; r += states) {
                double sum = 0;
                for (size_t s = 0; s < states; s++)
                    sum += table[r + s];
                assert_true(fabs(sum - 1) < 1e-13);
            }
            free(table);
            entries += count;
        }
        assert_int_equal(n, KNOWN[i].nodes);
        assert_int_equal(arcs, KNOWN[i].arcs);
        assert_int_equal(entries, KNOWN[i].entries);
        ag_network_free(network);
    }
}

static void round_trip(const ag_network *network, ag_network_format format, bool names) {
    char *text;
    size_t length;
    ag_network *again;
    ag_error error;
    assert_int_equal(ag_network_print(network, format, &text, &length, &error), AG_OK);
    if (ag_network_parse(&again, format, text, length, &error))
        fail_msg("format %d, line %d: %s", format, error.line, error.message);
    assert_same(network, again, names);
    ag_network_free(again);
    free(text);
}

static void round_trips_are_bitwise(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
        ag_network *network = read_known(KNOWN[i].file);
        round_trip(network, AG_NETWORK_BIF, true);
        round_trip(network, AG_NETWORK_NET, true);
        round_trip(network, AG_NETWORK_UAI, false);
        ag_network_free(network);
    }
}

static void files_are_written_plain_and_packed(void **state) {
    (void)state;
    ag_network *network = read_known("survey.bif");
    const char *const names[] = {"test_network_formats.bif", "test_network_formats.net.gz"};
    for (int i = 0; i < 2; i++) {
        ag_network *again;
        assert_int_equal(ag_network_write(network, names[i], NULL), AG_OK);
        assert_int_equal(ag_network_read(&again, names[i], NULL), AG_OK);
        assert_same(network, again, true);
        ag_network_free(again);
        remove(names[i]);
    }
    ag_network_free(network);
}

static void faults_have_a_place(void **state) {
    (void)state;
    static const struct {
        ag_network_format format;
        const char *text;
        ag_status status;
        int line, column;
    } BAD[] = {
        {AG_NETWORK_BIF, "netwrk x {\n}\n", AG_ERROR_SYNTAX, 1, 1},
        {AG_NETWORK_BIF, "", AG_ERROR_VALUE, 0, 0},
        {AG_NETWORK_BIF, "variable \xE9 {", AG_ERROR_SYNTAX, 1, 10},
        {AG_NETWORK_BIF, "variable \"a\nb\" {", AG_ERROR_SYNTAX, 1, 11},
        {AG_NETWORK_NET, "net {}\n", AG_ERROR_VALUE, 0, 0},
        {AG_NETWORK_BIF, "variable a {\n type discrete [ -1 ] { x };\n}\n", AG_ERROR_VALUE, 2, 18},
        {AG_NETWORK_BIF, "variable a {\n type discrete [ 2 ] { x };\n}\n", AG_ERROR_VALUE, 2, 18},
        {AG_NETWORK_BIF, "variable a {\n type discrete [ 2 ] { x, x };\n}\n", AG_ERROR_NAME, 1, 10},
        {AG_NETWORK_BIF, "variable a { type discrete [ 2 ] { x, y }; }\nprobability ( b ) {",
         AG_ERROR_NAME, 2, 15},
        {AG_NETWORK_BIF,
         "variable a { type discrete [ 2 ] { x, y }; }\nprobability ( a ) {\n table 0.5;\n}\n",
         AG_ERROR_SYNTAX, 3, 11},
        {AG_NETWORK_BIF,
         "variable a { type discrete [ 2 ] { x, y }; }\nprobability ( a ) {\n table 0.5, "
         "-0.5;\n}\n",
         AG_ERROR_VALUE, 3, 13},
        {AG_NETWORK_BIF,
         "variable a { type discrete [ 2 ] { x, y }; }\nprobability ( a ) {\n table 0.5, 0.4;\n}\n",
         AG_ERROR_VALUE, 2, 1},
        {AG_NETWORK_BIF,
         "variable a { type discrete [ 2 ] { x, y }; }\n"
         "variable b { type discrete [ 2 ] { x, y }; }\n"
         "probability ( a ) { table 0.5, 0.5; }\n"
         "probability ( b | a ) {\n (x) 0.5, 0.5;\n}\n",
         AG_ERROR_VALUE, 5, 2},
        {AG_NETWORK_BIF,
         "variable a { type discrete [ 2 ] { x, y }; }\n"
         "variable b { type discrete [ 2 ] { x, y }; }\n"
         "probability ( b | a ) {\n (x) 0.5, 0.5;\n (z) 0.5, 0.5;\n}\n",
         AG_ERROR_SYNTAX, 5, 3},
        {AG_NETWORK_BIF, "variable a { type discrete [ 1 ] { x }; ", AG_ERROR_SYNTAX, 1, 41},
        {AG_NETWORK_BIF, "variable \"a", AG_ERROR_SYNTAX, 1, 12},
        {AG_NETWORK_UAI, "MARKOV\n1\n2\n1\n", AG_ERROR_UNSUPPORTED, 1, 1},
        {AG_NETWORK_UAI, "BAYES\n1\n2\n1\n1 0\n\n3\n 0.1 0.4 0.5\n", AG_ERROR_VALUE, 7, 1},
        {AG_NETWORK_UAI, "BAYES\n1\n2\n1\n1 1\n", AG_ERROR_VALUE, 5, 3},
        {AG_NETWORK_NET, "net\n{\n}\nutility u\n{\n}\n", AG_ERROR_UNSUPPORTED, 4, 1},
        {AG_NETWORK_NET,
         "node a { states = (\"x\" \"y\"); }\npotential (a) { data = (0.5 0.25 0.25); }\n",
         AG_ERROR_VALUE, 2, 34},
        {AG_NETWORK_NET, "node a { states = (\"x\" \"y\"); }\npotential (a) { data = (0.5 0.5; }\n",
         AG_ERROR_VALUE, 2, 32},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        ag_error error;
        ag_network *network;
        ag_status status =
            ag_network_parse(&network, BAD[i].format, BAD[i].text, strlen(BAD[i].text), &error);
        if (status != BAD[i].status || error.line != BAD[i].line || error.column != BAD[i].column)
            fail_msg("text %zu: status %d at %d:%d: %s", i, status, error.line, error.column,
                     error.message);
        assert_null(network);
    }
}

/* Two parents out of order, a default row, quoted names, comments. */
static void rows_are_read_by_name(void **state) {
    (void)state;
    const char *text = "network \"two parents\" { property author nobody; }\n"
                       "// a comment\n"
                       "variable \"a b\" { type discrete [ 2 ] { <1, 1.5+ }; property x = y ; }\n"
                       "variable c { type discrete [ 3 ] { p, q, r }; }\n"
                       "variable d { type discrete [ 2 ] { no, yes }; }\n"
                       "probability ( \"a b\" ) { table 0.25, 0.75; }\n"
                       "probability ( c ) { table 0.2 0.3 0.5; } /* blanks will do */\n"
                       "probability ( d | \"a b\", c ) {\n"
                       "  (1.5+, r) 0.1, 0.9;\n"
                       "  default 0.5, 0.5;\n"
                       "  (<1, q) 0.125, 0.875;\n"
                       "}\n";
    ag_network *network;
    ag_error error;
    if (ag_network_parse(&network, AG_NETWORK_BIF, text, strlen(text), &error))
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    size_t count;
    double *table = table_of(network, ag_network_find_variable(network, "d"), &count);
    const double expected[] = {0.5, 0.5, 0.125, 0.875, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.1, 0.9};
    assert_memory_equal(table, expected, sizeof expected);
    free(table);
    ag_network_free(network);
}

/* The dog problem of Charniak 1991 as JavaBayes writes it: in a table with parents the child's
 * state is the slowest to change. */
static void whole_tables_run_over_the_child_last(void **state) {
    (void)state;
    const char *text = "\xEF\xBB\xBF" /* the mark that some editors put in front */
                       "variable \"dog-out\" { type discrete[2] { \"true\" \"false\" }; }\n"
                       "variable \"bowel-problem\" { type discrete[2] { \"true\" \"false\" }; }\n"
                       "variable \"family-out\" { type discrete[2] { \"true\" \"false\" }; }\n"
                       "probability ( \"bowel-problem\" ) { table 0.01 0.99 ; }\n"
                       "probability ( \"family-out\" ) { table 0.15 0.85 ; }\n"
                       "probability ( \"dog-out\" \"bowel-problem\" \"family-out\" ) {\n"
                       "  table 0.99 0.97 0.9 0.3 0.01 0.03 0.1 0.7 ;\n}\n";
    ag_network *network;
    ag_error error;
    if (ag_network_parse(&network, AG_NETWORK_BIF, text, strlen(text), &error))
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    size_t count;
    double *table = table_of(network, 0, &count);
    const double expected[] = {0.99, 0.01, 0.97, 0.03, 0.9, 0.1, 0.3, 0.7};
    assert_int_equal(count, 8);
    assert_memory_equal(table, expected, sizeof expected);
    free(table);
    ag_network_free(network);
}

/* Without the last bytes of a gzip file, which hold nothing but its checksum and size, all of the
 * text is there; that it is all cannot be known. */
static void truncated_gzip_files_are_refused(void **state) {
    (void)state;
    const char *name = "test_network_formats_cut.bif.gz";
    char bytes[4096];
    ag_network *network = read_known("asia.bif");
    assert_int_equal(ag_network_write(network, name, NULL), AG_OK);
    ag_network_free(network);
    FILE *file = fopen(name, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_in_range(size, 20, sizeof bytes - 1);
    for (size_t cut = 1; cut <= 12; cut++) {
        ag_error error;
        file = fopen(name, "wb");
        assert_int_equal(fwrite(bytes, 1, size - cut, file), size - cut);
        fclose(file);
        assert_int_equal(ag_network_read(&network, name, &error), AG_ERROR_SYNTAX);
        assert_string_equal(error.message, "the gzip file ends too soon");
        assert_string_equal(error.where, name);
        assert_null(network);
    }
    remove(name);
}

static void truncated_texts_are_refused(void **state) {
    (void)state;
    ag_network *network = read_known("survey.bif");
    for (int format = AG_NETWORK_BIF; format <= AG_NETWORK_NET; format++) {
        char *text;
        size_t length;
        assert_int_equal(ag_network_print(network, (ag_network_format)format, &text, &length, NULL),
                         AG_OK);
        while (text[length - 1] == '\n')
            length--;
        for (size_t cut = 1; cut < length; cut++) {
            ag_network *part = NULL;
            ag_error error;
            char *copy = malloc(cut);
            memcpy(copy, text, cut);
            /* In UAI what remains may lack some digits of the last number. */
            if (ag_network_parse(&part, (ag_network_format)format, copy, cut, &error) == AG_OK)
                assert_true(format == AG_NETWORK_UAI && cut + 20 > length);
            ag_network_free(part);
            free(copy);
        }
        free(text);
    }
    ag_network_free(network);
}

/* What the two XML formats hold of a network with a table and a noisy-MAX family. In XDSL the
 * states run from the strongest to the one without effect. */
static void xml_is_written(void **state) {
    (void)state;
    ag_network *network;
    const char *const names[] = {"none", "a<b"};
    int cause;
    int effect;
    char *text;
    size_t length;
    assert_int_equal(ag_network_new(&network, 1, NULL), AG_OK);
    assert_int_equal(ag_network_add_variable(network, "cause", 2, names, &cause, NULL), AG_OK);
    assert_int_equal(ag_network_add_variable(network, "effect", 2, NULL, &effect, NULL), AG_OK);
    assert_int_equal(ag_network_set_table(network, cause, NULL, 0, (double[]){0.75, 0.25}, 1, NULL),
                     AG_OK);
    ag_network_link link = {cause, (double[]){1, 0, 0.5, 0.5}, 1};
    assert_int_equal(
        ag_network_set_noisy_max(network, effect, &link, 1, (double[]){0.875, 0.125}, 1, NULL),
        AG_OK);
    assert_int_equal(ag_network_print(network, AG_NETWORK_XDSL, &text, &length, NULL), AG_OK);
    assert_non_null(strstr(text, "<state id=\"a_b_1\" />\n      <state id=\"none\" />"));
    assert_non_null(strstr(text, "<probabilities>0.25 0.75</probabilities>"));
    assert_non_null(strstr(text, "<strengths>0 1</strengths>"));
    assert_non_null(strstr(text, "<parameters>0.5 0.5 0 1 0.125 0.875</parameters>"));
    free(text);
    assert_int_equal(ag_network_print(network, AG_NETWORK_XMLBIF, &text, &length, NULL), AG_OK);
    assert_non_null(strstr(text, "<OUTCOME>a&lt;b</OUTCOME>"));
    assert_non_null(strstr(text, "<GIVEN>cause</GIVEN>"));
    assert_non_null(strstr(text, "<TABLE>0.875 0.125 0.4375 0.5625</TABLE>"));
    free(text);
    ag_network_free(network);
}

static void uai_evidence(void **state) {
    (void)state;
    ag_network *network = read_known("asia.bif");
    ag_program *program;
    ag_query *query;
    ag_error error;
    char *text;
    const char *good = "2 3 0\n 7 1\n";
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    assert_int_equal(ag_query_read_uai_evidence(query, good, strlen(good), &error), AG_OK);
    assert_int_equal(ag_query_state(query, 3), 0);
    assert_int_equal(ag_query_state(query, 7), 1);
    assert_int_equal(ag_query_state(query, 0), -1);
    assert_int_equal(ag_query_print_uai_evidence(query, &text, NULL), AG_OK);
    assert_string_equal(text, "2 3 0 7 1\n");
    free(text);
    static const struct {
        const char *text;
        int column;
    } BAD[] = {{"1 8 0", 3}, {"1 3 2", 5}, {"2 3 0", 6}, {"1 3 0 4", 7}, {"x", 1}, {"", 1}};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_true(ag_query_read_uai_evidence(query, BAD[i].text, strlen(BAD[i].text), &error) !=
                    AG_OK);
        assert_int_equal(error.column, BAD[i].column);
    }
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

/* A case as JSON, by the rules that its writer's answer can be checked with. */
static void json_cases(void **state) {
    (void)state;
    ag_network *network = read_known("asia.bif");
    ag_program *program;
    ag_query *query;
    ag_error error;
    char *text;
    assert_int_equal(ag_program_compile(&program, network, NULL, NULL), AG_OK);
    assert_int_equal(ag_query_new(&query, program, NULL), AG_OK);
    const char *good =
        " { \"likelihood\" : {\"smoke\":[1e-1 , 1]},\"evidence\":{\"\\u0074ub\":\"yes\"} } ";
    assert_int_equal(ag_query_read_case(query, good, strlen(good), &error), AG_OK);
    assert_int_equal(ag_query_state(query, ag_network_find_variable(network, "tub")), 0);
    assert_int_equal(ag_query_run(query, NULL), AG_OK);
    assert_true(fabs(ag_query_log_evidence(query, 0) - log(0.0104 * 0.55)) < 1e-12);
    assert_int_equal(ag_query_print_marginals(query, &text, NULL), AG_OK);
    assert_non_null(strstr(text, "\"tub\": [1, 0]"));
    assert_int_equal(strncmp(text, "{\"log_evidence\": -5.16", 22), 0);
    free(text);
    static const struct {
        const char *text;
        ag_status status;
        int column;
    } BAD[] = {{"[]", AG_ERROR_SYNTAX, 1},
               {"{\"evidence\": {\"nose\": \"yes\"}}", AG_ERROR_NAME, 15},
               {"{\"evidence\": {\"tub\": \"maybe\"}}", AG_ERROR_NAME, 22},
               {"{\"evidence\": {\"tub\": \"yes\", \"tub\": \"no\"}}", AG_ERROR_NAME, 29},
               {"{\"likelihood\": {\"tub\": [1]}}", AG_ERROR_VALUE, 24},
               {"{\"likelihood\": {\"tub\": [1, -1]}}", AG_ERROR_VALUE, 24},
               {"{\"evidence\": {}} x", AG_ERROR_SYNTAX, 18},
               {"{\"findings\": {}}", AG_ERROR_NAME, 12}};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        ag_status status = ag_query_read_case(query, BAD[i].text, strlen(BAD[i].text), &error);
        if (status != BAD[i].status || error.column != BAD[i].column)
            fail_msg("case %zu: status %d at %d: %s", i, status, error.column, error.message);
    }
    ag_query_free(query);
    ag_program_free(program);
    ag_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_networks_load),
        cmocka_unit_test(round_trips_are_bitwise),
        cmocka_unit_test(files_are_written_plain_and_packed),
        cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(rows_are_read_by_name),
        cmocka_unit_test(whole_tables_run_over_the_child_last),
        cmocka_unit_test(truncated_gzip_files_are_refused),
        cmocka_unit_test(truncated_texts_are_refused),
        cmocka_unit_test(xml_is_written),
        cmocka_unit_test(uai_evidence),
        cmocka_unit_test(json_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
