/*
 * Learning on the small knowledge of the plan's tests: a man on the pill, without the leak, whose
 * bladder neck is open or not. With two hidden states all expectations follow by hand, and EM is
 * done over here by enumeration.
 */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../support/gamma.h"
#include "../../support/plan_cards.h"
#include "files.h"
#include "learning.h"
#include "random.h"

enum { CLOUDY_OPEN, CLOUDY_CLOSED, SPERM_OPEN, SPERM_CLOSED, ROWS };
enum { NO, YES };                 /* of cloudy urine */
enum { NONE, FEW, MANY, UNSEEN }; /* of sperm in the urine */
static const double OPEN = 0.6;   /* on the pill */

static ag_learner learner_for(ag_error *error, bool causes) {
    ag_learner l = {.knowledge = knowledge,
                    .arena = arena,
                    .vocabulary = ag_vocabulary_new(knowledge),
                    .causes = causes,
                    .error = error};
    assert_non_null(l.vocabulary);
    assert_int_equal(ag_learn_rows_of(&l), AG_OK);
    return l;
}

/* The learner's row of a finding (or, with `cause`, of the pill), by its place in the card. */
static int row_of(const ag_learner *l, const char *card, int row) {
    for (int r = 0; r < l->rows.count; r++)
        if (strcmp(ag_card_id(l->knowledge, l->rows.items[r].card), card) == 0 &&
            l->rows.items[r].row == row)
            return r;
    fail_msg("no row %d of %s", row, card);
    return -1;
}

static void find_rows(const ag_learner *l, int rows[ROWS]) {
    rows[CLOUDY_OPEN] = row_of(l, "cloudy-urine", 0);
    rows[CLOUDY_CLOSED] = row_of(l, "cloudy-urine", 1);
    rows[SPERM_OPEN] = row_of(l, "urine-sperm", 0);
    rows[SPERM_CLOSED] = row_of(l, "urine-sperm", 1);
}

/* ---- folders ---- */

static const char *scratch(void) {
    static char path[64];
    strcpy(path, "/tmp/test_learning_XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static void remove_tree(const char *path) {
    char *command = ag_arena_format(arena, "rm -r '%s'", path);
    assert_int_equal(system(command), 0);
}

/* ---- cases ---- */

typedef struct man {
    int cloudy, sperm;
    int known; /* open: 1, closed: 0, not known: -1 */
} man;

static int mechanism(const char *id) {
    for (int m = 0; m < knowledge->mechanism_count; m++)
        if (strcmp(knowledge->variables[knowledge->mechanisms[m].variable].id, id) == 0)
            return m;
    return -1;
}

static const char *case_text(man m) {
    static const char *const sperm[] = {"none", "few", "many"};
    return ag_arena_format(arena,
                           "{date: 2026-01-01, age: 40, medicines: [pill], absent: [leak], "
                           "symptoms: [%scloudy urine]%s%s%s}",
                           m.cloudy == YES ? "" : "no ",
                           m.sperm == UNSEEN ? "" : ", tests: [{name: sperm in urine, value: ",
                           m.sperm == UNSEEN ? "" : sperm[m.sperm], m.sperm == UNSEEN ? "" : "}]");
}

static ag_resolved case_of(man m) {
    static int closed, open_neck, either[2];
    ag_resolved out = {.path = "made", .id = "made", .cause = -1};
    const char *text = case_text(m);
    const ag_node *node;
    closed = either[0] = mechanism("none");
    open_neck = either[1] = mechanism("retrograde-complete");
    assert_int_equal(ag_yaml_parse(arena, text, strlen(text), &node, NULL), AG_OK);
    out.given = node;
    out.mechanisms = m.known < 0    ? (ag_indices){either, 2}
                     : m.known == 1 ? (ag_indices){&open_neck, 1}
                                    : (ag_indices){&closed, 1};
    return out;
}

/* ---- one case ---- */

static void count_one(man m, bool causes, double out[ROWS][AG_MAX_STATES], double *pill) {
    ag_error error = {0};
    ag_learner l = learner_for(&error, causes);
    int rows[ROWS];
    ag_learn_values values = calloc((size_t)l.rows.count, sizeof *values);
    ag_learn_values count = calloc((size_t)l.rows.count, sizeof *count);
    ag_resolved resolved = case_of(m);
    find_rows(&l, rows);
    ag_learn_start(&l, values);
    if (ag_learn_count(&l, &resolved, (const double(*)[AG_MAX_STATES])values, count) != AG_OK)
        fail_msg("%s", error.message);
    for (int r = 0; r < ROWS; r++)
        memcpy(out[r], count[rows[r]], sizeof out[r]);
    if (pill != NULL)
        *pill = count[row_of(&l, "pill", 0)][1];
    free(values);
    free(count);
    ag_vocabulary_free(l.vocabulary);
}

/* Open and cloudy 0.6 x 0.7, closed and cloudy 0.4 x 0.1. */
static void expected_counts_of_one_man(void **state) {
    (void)state;
    double n[ROWS][AG_MAX_STATES], open = 0.42 / 0.46, pill;
    count_one((man){YES, UNSEEN, -1}, true, n, &pill);
    near(n[CLOUDY_OPEN][YES], open, 1e-3);
    near(n[CLOUDY_OPEN][NO], 0, 1e-9);
    near(n[CLOUDY_CLOSED][YES], 1 - open, 1e-3);
    near(n[SPERM_OPEN][MANY], 0, 1e-9);
    near(pill, open, 1e-9);
    /* no cloudy urine (the rest of its row), many sperm (the rest of one row, not of the other) */
    double w = 0.6 * 0.3 * 0.8, v = 0.4 * 0.9 * 0.02;
    count_one((man){NO, MANY, -1}, false, n, NULL);
    near(n[CLOUDY_OPEN][NO], w / (w + v), 1e-3);
    near(n[CLOUDY_CLOSED][NO], v / (w + v), 1e-3);
    near(n[SPERM_OPEN][MANY], w / (w + v), 1e-3);
    near(n[SPERM_CLOSED][MANY], v / (w + v), 1e-3);
    near(n[SPERM_OPEN][FEW] + n[SPERM_OPEN][NONE], 0, 1e-9);
    /* the diagnosis leaves no doubt */
    count_one((man){NO, NONE, 1}, true, n, &pill);
    near(n[CLOUDY_OPEN][NO], 1, 1e-3);
    near(n[CLOUDY_CLOSED][NO], 0, 1e-3);
    near(n[SPERM_OPEN][NONE], 1, 1e-3);
    near(pill, 1, 1e-9);
    count_one((man){NO, NONE, 0}, true, n, &pill);
    near(n[SPERM_CLOSED][NONE], 1, 1e-3);
    near(pill, 0, 1e-9);
}

/* ---- measured values ---- */

static ag_resolved case_from(const char *text, const char *known) {
    static int mechanisms[2];
    ag_resolved out = {.path = "made", .id = "made", .cause = -1};
    const ag_node *node;
    mechanisms[0] = mechanism(known != NULL ? known : "none");
    mechanisms[1] = mechanism("retrograde-complete");
    assert_int_equal(ag_yaml_parse(arena, text, strlen(text), &node, NULL), AG_OK);
    out.given = node;
    out.mechanisms = (ag_indices){mechanisms, known != NULL ? 1 : 2};
    return out;
}

static const char *share_text(const char *tests) {
    return ag_arena_format(arena,
                           "{date: 2026-01-01, age: 40, medicines: [pill], absent: [leak], "
                           "tests: [%s]}",
                           tests);
}

/* Sum of the logarithms and men of the rows of the share: neck open, and else. */
static void count_share(const char *tests, const char *known, double sum[2], double men[2]) {
    ag_error error = {0};
    ag_learner l = learner_for(&error, false);
    ag_learn_values values = calloc((size_t)l.rows.count, sizeof *values);
    ag_learn_values count = calloc((size_t)l.rows.count, sizeof *count);
    ag_resolved resolved = case_from(share_text(tests), known);
    ag_learn_start(&l, values);
    if (ag_learn_count(&l, &resolved, (const double(*)[AG_MAX_STATES])values, count) != AG_OK)
        fail_msg("%s", error.message);
    for (int row = 0; row < 2; row++) {
        int r = row_of(&l, "share", row);
        sum[row] = count[r][0];
        men[row] = count[r][1];
    }
    free(values);
    free(count);
    ag_vocabulary_free(l.vocabulary);
}

/* 4 mL: open in 0.6, not zero in 0.9, log-normal around 10 with 0.5; closed in 0.4, not zero in
 * 0.2, around 1 with 0.8. */
static void expected_men_of_a_median(void **state) {
    (void)state;
    double sum[2], men[2];
    double z = log(0.4) / 0.5, y = log(4) / 0.8;
    double open = 0.6 * 0.9 * exp(-z * z / 2) / 0.5, closed = 0.4 * 0.2 * exp(-y * y / 2) / 0.8;
    count_share("{name: share in urine, value: 4, unit: mL}", NULL, sum, men);
    near(men[0], open / (open + closed), 1e-3);
    near(men[1], closed / (open + closed), 1e-3);
    near(sum[0], men[0] * log(4), 1e-9);
    count_share("{name: share in urine, value: 10, unit: mL}", "retrograde-complete", sum, men);
    near(men[0], 1, 1e-3); /* at the median itself, where its own slope is none */
    near(men[1], 0, 1e-3);
}

/* Neither no amount, which the median does not make, nor a range. */
static void what_tells_nothing_of_a_median(void **state) {
    (void)state;
    static const char *const tests[] = {"{name: share in urine, value: 0, unit: mL}",
                                        "{name: share in urine, value: < 5 mL}",
                                        "{name: sperm in urine, value: many}"};
    for (int i = 0; i < 3; i++) {
        double sum[2], men[2];
        count_share(tests[i], "retrograde-complete", sum, men);
        near(men[0] + men[1], 0, 1e-9);
    }
}

/* Three men whose neck is open have 20 mL. The logarithm of 10 [9, 11] has the precision 1/b^2 with
 * b = ln(11/9)/3.92, each man 1/0.25. */
static void a_median_moves_by_its_precision(void **state) {
    (void)state;
    ag_error error = {0};
    ag_learner l = learner_for(&error, false);
    int r = row_of(&l, "share", 0);
    double b = log(11 / 9.0) / 3.92, before = 1 / (b * b), men = 3 / 0.25;
    double centre = (log(10) * before + log(20) * men) / (before + men);
    near(ag_learn_centre(&l.rows.items[r], 3 * log(20), 3), centre, 1e-12);
    l.rows.items[r].count[0] = 3 * log(20);
    l.rows.items[r].count[1] = l.rows.items[r].total = 3;
    ag_learned learned = ag_learn_result(&l.rows.items[r], 0);
    near(learned.value, exp(centre), 1e-9);
    near(learned.high, exp(centre + 1.96 / sqrt(before + men)), 1e-9);
    ag_vocabulary_free(l.vocabulary);
}

/* ---- how common a cause is ---- */

static void count_pill(const char *text, int group, double out[2]) {
    ag_error error = {0};
    ag_learner l = {.knowledge = knowledge,
                    .arena = arena,
                    .vocabulary = ag_vocabulary_new(knowledge),
                    .priors = true,
                    .error = &error};
    assert_int_equal(ag_learn_rows_of(&l), AG_OK);
    int r = row_of(&l, "pill", group);
    assert_int_equal(l.rows.items[r].kind, AG_LEARN_PRIOR);
    ag_learn_values values = calloc((size_t)l.rows.count, sizeof *values);
    ag_learn_values count = calloc((size_t)l.rows.count, sizeof *count);
    ag_resolved resolved = case_from(text, NULL);
    ag_learn_start(&l, values);
    if (ag_learn_count(&l, &resolved, (const double(*)[AG_MAX_STATES])values, count) != AG_OK)
        fail_msg("%s", error.message);
    memcpy(out, count[r], 2 * sizeof *out);
    free(values);
    free(count);
    ag_vocabulary_free(l.vocabulary);
}

static void priors_count_what_is_recorded_now(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double absent, present;
    } men[] = {
        {"{date: 2026-01-01, age: 40, medicines: [pill]}", 0, 1},
        {"{date: 2026-01-01, age: 40, medicines: []}", 1, 0},
        {"{date: 2026-01-01, age: 40, absent: [pill]}", 1, 0},
        {"{date: 2026-01-01, age: 40, medicines: [{name: pill, start: 2020-01-01, stop: "
         "2021-01-01}]}",
         1, 0},                                                /* he does not take it now */
        {"{date: 2026-01-01, age: 40, absent: [leak]}", 0, 0}, /* the record is silent */
        {"{date: 2026-01-01, medicines: [pill]}", 0, 0},       /* of unknown age */
    };
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++) {
        double count[2];
        count_pill(men[i].text, 0, count);
        if (count[0] != men[i].absent || count[1] != men[i].present)
            fail_msg("%s: %g absent, %g present", men[i].text, count[0], count[1]);
    }
}

/* The pill's prior from 18 on, and another from 60 on: each man counts in his own group. */
static void priors_have_age_groups(void **state) {
    (void)state;
    static const double ages[] = {40, 60, 75};
    static const int groups[] = {0, 1, 1};
    const char *folder = scratch();
    ag_knowledge *whole = knowledge;
    ag_error error = {0};
    const char *two = "s/^prior: .*/prior: [{from_age: 18, p: {value: 0.1, interval: [0.05, 0.15], "
                      "assumption: \"t\"}}, {from_age: 60, p: {value: 0.3, interval: [0.2, 0.4], "
                      "assumption: \"t\"}}]/";
    const char *command =
        ag_arena_format(arena, "cp -r '%s' '%s/cards' && sed -i '%s' '%s/cards/causes/pill.yaml'",
                        cards, folder, two, folder);
    assert_int_equal(system(command), 0);
    if (ag_knowledge_load(&knowledge, ag_arena_format(arena, "%s/cards", folder), NULL, &error))
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    for (int i = 0; i < 3; i++)
        for (int group = 0; group < 2; group++) {
            double count[2];
            count_pill(
                ag_arena_format(arena, "{date: 2026-01-01, age: %g, medicines: [pill]}", ages[i]),
                group, count);
            near(count[1], group == groups[i], 0);
            near(count[0], 0, 0);
        }
    ag_knowledge_free(knowledge);
    knowledge = whole;
    remove_tree(folder);
}

/* ---- EM by enumeration ---- */

typedef struct truth {
    double cloudy[2];   /* by closed, open */
    double sperm[2][3]; /* by closed, open */
} truth;

static double likelihood(const truth *t, man m, int open) {
    double p = open ? OPEN : 1 - OPEN;
    p *= m.cloudy == YES ? t->cloudy[open] : 1 - t->cloudy[open];
    p *= m.sperm == UNSEEN ? 1 : t->sperm[open][m.sperm];
    return m.known >= 0 && m.known != open ? 0 : p;
}

static const ag_parameter *parameter_of(const ag_learner *l, int row, int s) {
    return &l->rows.items[row].states[s];
}

static double update(const ag_parameter *p, double count, double total) {
    return (p->a + count) / (p->a + p->b + total);
}

/* The small knowledge as it stands. */
static const truth start = {{0.1, 0.7}, {{0.73, 0.25, 0.02}, {0.06, 0.14, 0.8}}};

static truth enumerate(const ag_learner *l, const int rows[ROWS], const man *men, int count) {
    truth t = start;
    for (int step = 0; step < 200; step++) {
        double cloudy[2][2] = {{0}}, sperm[2][3] = {{0}};
        for (int i = 0; i < count; i++) {
            double w[2] = {likelihood(&t, men[i], 0), likelihood(&t, men[i], 1)};
            for (int open = 0; open < 2; open++) {
                double p = w[open] / (w[0] + w[1]);
                cloudy[open][men[i].cloudy] += p;
                if (men[i].sperm != UNSEEN)
                    sperm[open][men[i].sperm] += p;
            }
        }
        for (int open = 0; open < 2; open++) {
            int c = rows[open ? CLOUDY_OPEN : CLOUDY_CLOSED];
            int s = rows[open ? SPERM_OPEN : SPERM_CLOSED];
            int rest = open ? MANY : NONE;
            double total = sperm[open][0] + sperm[open][1] + sperm[open][2], left = 1;
            t.cloudy[open] = update(parameter_of(l, c, YES), cloudy[open][YES],
                                    cloudy[open][NO] + cloudy[open][YES]);
            for (int k = 0; k < 3; k++)
                if (k != rest)
                    left -= t.sperm[open][k] = update(parameter_of(l, s, k), sperm[open][k], total);
            t.sperm[open][rest] = left;
        }
    }
    return t;
}

/* Men of a kind: seed and number fix everything. */
static man draw_man(const truth *t, uint64_t seed, int i, bool known) {
    uint64_t n = (uint64_t)i;
    int open = ag_random_uniform(seed, 1, n) < OPEN;
    double u = ag_random_uniform(seed, 3, n);
    man m = {.cloudy = ag_random_uniform(seed, 2, n) < t->cloudy[open] ? YES : NO,
             .sperm = u < t->sperm[open][0]                       ? NONE
                      : u < t->sperm[open][0] + t->sperm[open][1] ? FEW
                                                                  : MANY,
             .known = known ? open : -1};
    if (ag_random_uniform(seed, 4, n) < 0.3)
        m.sperm = UNSEEN;
    return m;
}

static void fit(ag_learner *l, const man *men, int count, ag_learn_values values) {
    ag_resolved *cases = ag_arena_array(arena, (size_t)count, sizeof *cases);
    for (int i = 0; i < count; i++)
        cases[i] = case_of(men[i]);
    ag_resolved_list list = {cases, count};
    if (ag_learn_fit(l, &list, NULL, -1, values, NULL) != AG_OK)
        fail_msg("%s", l->error->message);
}

static void em_as_enumeration_gives_it(void **state) {
    (void)state;
    enum { MEN = 60 };
    static const truth other = {{0.35, 0.5}, {{0.5, 0.4, 0.1}, {0.2, 0.3, 0.5}}};
    man men[MEN];
    ag_error error = {0};
    ag_learner l = learner_for(&error, false);
    int rows[ROWS];
    find_rows(&l, rows);
    for (int i = 0; i < MEN; i++)
        men[i] = draw_man(&other, 7, i, i % 3 == 0); /* a third with a diagnosis */
    ag_learn_values values = calloc((size_t)l.rows.count, sizeof *values);
    fit(&l, men, MEN, values);
    truth t = enumerate(&l, rows, men, MEN);
    near(values[rows[CLOUDY_OPEN]][YES], t.cloudy[1], 5e-4);
    near(values[rows[CLOUDY_CLOSED]][YES], t.cloudy[0], 5e-4);
    for (int k = 0; k < 3; k++) {
        near(values[rows[SPERM_OPEN]][k], t.sperm[1][k], 5e-4);
        near(values[rows[SPERM_CLOSED]][k], t.sperm[0][k], 5e-4);
    }
    free(values);
    ag_vocabulary_free(l.vocabulary);
}

/* ---- recovery ---- */

static double beta_draw(const ag_parameter *p, uint64_t seed, uint64_t stream) {
    double x = gamma_variate(seed, stream, 0, p->a), y = gamma_variate(seed, stream, 1, p->b);
    return x / (x + y);
}

static truth draw_truth(const ag_learner *l, const int rows[ROWS], uint64_t seed) {
    truth t;
    for (int open = 0; open < 2; open++) {
        int c = rows[open ? CLOUDY_OPEN : CLOUDY_CLOSED];
        int s = rows[open ? SPERM_OPEN : SPERM_CLOSED];
        int rest = open ? MANY : NONE;
        double left = 1;
        t.cloudy[open] = beta_draw(parameter_of(l, c, YES), seed, 100 + (uint64_t)open);
        for (int k = 0; k < 3; k++)
            if (k != rest)
                left -= t.sperm[open][k] =
                    beta_draw(parameter_of(l, s, k), seed, 200 + 10 * (uint64_t)open + (uint64_t)k);
        t.sperm[open][rest] = left;
    }
    return t;
}

static bool within(const ag_learner *l, int row, int s, double truly) {
    const ag_learn_row *r = &l->rows.items[row];
    double a = r->states[s].a + r->count[s], b = r->states[s].b + r->total - r->count[s];
    double m = a / (a + b), sd = sqrt(m * (1 - m) / (a + b + 1));
    return fabs(truly - m) <= 1.96 * sd;
}

/* Truths drawn from what the cards say, men drawn from the truths: the learned 95 % intervals hold
 * the truth in about 95 % of the numbers. */
static void truths_are_recovered(void **state) {
    (void)state;
    enum { WORLDS = 25, MEN = 80 };
    int held = 0, numbers = 0;
    ag_error error = {0};
    ag_learner l = learner_for(&error, false);
    int rows[ROWS];
    find_rows(&l, rows);
    ag_learn_values values = calloc((size_t)l.rows.count, sizeof *values);
    for (int w = 0; w < WORLDS; w++) {
        man men[MEN];
        truth t = draw_truth(&l, rows, 1000 + (uint64_t)w);
        for (int i = 0; i < MEN; i++)
            men[i] = draw_man(&t, 2000 + (uint64_t)w, i, true);
        fit(&l, men, MEN, values);
        held += within(&l, rows[CLOUDY_OPEN], YES, t.cloudy[1]);
        held += within(&l, rows[CLOUDY_CLOSED], YES, t.cloudy[0]);
        held += within(&l, rows[SPERM_OPEN], FEW, t.sperm[1][FEW]);
        held += within(&l, rows[SPERM_CLOSED], FEW, t.sperm[0][FEW]);
        numbers += 4;
    }
    /* binomial(100, 0.95): fewer than 89 or all 100 in less than 1 % each */
    if (held < 89 || held > 99)
        fail_msg("%d of %d truths lie within their intervals", held, numbers);
    free(values);
    ag_vocabulary_free(l.vocabulary);
}

/* ---- files ---- */

static void write_men(const char *folder, const truth *t, int count) {
    for (int i = 0; i < count; i++) {
        man m = draw_man(t, 99, i, true);
        FILE *file = fopen(ag_arena_format(arena, "%s/man-%03d.yaml", folder, i), "w");
        const char *text = case_text(m);
        assert_non_null(file);
        fprintf(file, "%.*s, known: {mechanisms: [%s]}}\n", (int)strlen(text) - 1, text,
                m.known == 1 ? "retrograde-complete" : "none");
        fclose(file);
    }
}

static void too_few_are_refused(void **state) {
    (void)state;
    const char *folder = scratch();
    ag_learning *learning;
    ag_error error = {0};
    write_men(folder, &start, AG_LEARN_LEAST - 1);
    assert_int_equal(ag_learn(&learning, knowledge, &folder, 1, NULL, &error), AG_ERROR_VALUE);
    assert_non_null(strstr(error.message, "at least 25 are needed"));
    assert_non_null(strstr(error.message, "± 19 points"));
    assert_null(learning);
    remove_tree(folder);
}

static bool same_file(const char *a, const char *b) {
    const char *x, *y;
    size_t m, n;
    return ag_file_read(arena, a, &x, &m, NULL) == AG_OK &&
           ag_file_read(arena, b, &y, &n, NULL) == AG_OK && m == n && memcmp(x, y, m) == 0;
}

static void check_folder(const ag_learning *learning, const char *out) {
    ag_knowledge *read;
    ag_error error = {0};
    if (ag_knowledge_load(&read, out, NULL, &error) != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    const ag_variable *cloudy = &read->variables[ag_knowledge_variable(read, "cloudy-urine")];
    const ag_cause *pill = &read->causes[ag_knowledge_cause(read, "pill")];
    for (int r = 0; r < learning->rows.count; r++) {
        const ag_learn_row *row = &learning->rows.items[r];
        const char *card = ag_card_id(knowledge, row->card);
        bool is_pill = strcmp(card, "pill") == 0;
        if (row->total < AG_LEARN_ROW_LEAST || (!is_pill && strcmp(card, "cloudy-urine") != 0))
            continue;
        const ag_parameter *was = &row->states[YES];
        const ag_parameter *p = is_pill ? &pill->variants[0].actions[0].states[YES]
                                        : &cloudy->rows[row->row].states[YES];
        near(p->a, was->a + row->count[YES], 1e-2);
        near(p->b, was->b + row->total - row->count[YES], 1e-2);
        assert_int_equal(p->evidence.count, was->evidence.count + 1);
        assert_false(p->assumption);
    }
    assert_non_null(strstr(read->version, "site clinic"));
    ag_knowledge_free(read);
}

/* The site sees other men than the cards say: learning helps, and is written. */
static void what_is_written_is_what_was_learned(void **state) {
    (void)state;
    static const truth other = {{0.6, 0.2}, {{0.2, 0.2, 0.6}, {0.6, 0.3, 0.1}}};
    const char *folder = scratch();
    const char *out = ag_arena_format(arena, "%s/new", folder);
    ag_learn_options options = ag_learn_options_defaults();
    ag_learning *learning;
    ag_error error = {0};
    char *text;
    options.site = "clinic";
    options.exposed = true;
    write_men(folder, &other, 150);
    if (ag_learn(&learning, knowledge, &folder, 1, &options, &error) != AG_OK)
        fail_msg("%s", error.message);
    assert_true(learning->log_gain.low > 0);
    if (ag_learning_write(learning, cards, out, &error) != AG_OK)
        fail_msg("%s: %s", error.where, error.message);
    check_folder(learning, out);
    assert_true(same_file(ag_arena_format(arena, "%s/evidence/none.yaml", cards),
                          ag_arena_format(arena, "%s/evidence/none.yaml", out)));
    assert_true(same_file(ag_arena_format(arena, "%s/causes/leak.yaml", cards),
                          ag_arena_format(arena, "%s/causes/leak.yaml", out)));
    assert_int_equal(ag_learning_write(learning, cards, out, &error), AG_ERROR_IO);
    assert_non_null(strstr(error.message, "there already"));
    assert_int_equal(ag_learning_show(learning, AG_SHEET_TEXT, 80, &text, NULL), AG_OK);
    assert_non_null(strstr(text, "it helped"));
    free(text);
    ag_learning_free(learning);
    remove_tree(folder);
}

/* Forty men, ten of whom take the pill; theirs is a share of 20 mL each. */
static void write_sample(const char *folder) {
    for (int i = 0; i < 40; i++) {
        FILE *file = fopen(ag_arena_format(arena, "%s/man-%03d.yaml", folder, i), "w");
        assert_non_null(file);
        fprintf(file,
                "{date: 2026-01-01, age: 40, medicines: [%s], absent: [leak], %sknown: "
                "{mechanisms: [%s]}}\n",
                i < 10 ? "pill" : "",
                i < 10 ? "tests: [{name: share in urine, value: 20, unit: mL}], " : "",
                i < 10 ? "retrograde-complete" : "none");
        fclose(file);
    }
}

/* The pill's 0.06 [0.01, 0.11] is Beta(a, b) with a + b = 0.06 0.94 3.92^2 / 0.01 - 1, and gets ten
 * and thirty men more; the leak's gets none and forty. */
static void medians_and_priors_are_written(void **state) {
    (void)state;
    const char *folder = scratch();
    const char *out = ag_arena_format(arena, "%s/new", folder);
    ag_learn_options options = ag_learn_options_defaults();
    ag_learning *learning;
    ag_knowledge *read = NULL;
    ag_error error = {0};
    options.unselected = true;
    write_sample(folder);
    if (ag_learn(&learning, knowledge, &folder, 1, &options, &error) != AG_OK ||
        ag_learning_write(learning, cards, out, &error) != AG_OK ||
        ag_knowledge_load(&read, out, NULL, &error) != AG_OK)
        fail_msg("%s:%d: %s", error.where, error.line, error.message);
    const ag_parameter *pill = &read->causes[ag_knowledge_cause(read, "pill")].priors[0].p;
    const ag_parameter *leak = &read->causes[ag_knowledge_cause(read, "leak")].priors[0].p;
    double size = 0.06 * 0.94 * 3.92 * 3.92 / 0.01 - 1;
    near(pill->a, 0.06 * size + 10, 1e-2);
    near(pill->b, 0.94 * size + 30, 1e-2);
    assert_true(leak->value < 0.3 && leak->evidence.count == 1);
    const ag_measure *share =
        &read->variables[ag_knowledge_variable(read, "share")].rows[0].measure;
    double b = log(11 / 9.0) / 3.92, precision = 1 / (b * b);
    near(share->median.a, (log(10) * precision + log(20) * 40) / (precision + 40), 1e-3);
    near(share->median.b, 1 / sqrt(precision + 40), 1e-4);
    near(share->spread.value, 0.5, 1e-9);
    ag_knowledge_free(read);
    ag_learning_free(learning);
    remove_tree(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_men_of_a_median),
        cmocka_unit_test(what_tells_nothing_of_a_median),
        cmocka_unit_test(a_median_moves_by_its_precision),
        cmocka_unit_test(priors_count_what_is_recorded_now),
        cmocka_unit_test(priors_have_age_groups),
        cmocka_unit_test(medians_and_priors_are_written),
        cmocka_unit_test(expected_counts_of_one_man),
        cmocka_unit_test(em_as_enumeration_gives_it),
        cmocka_unit_test(truths_are_recovered),
        cmocka_unit_test(too_few_are_refused),
        cmocka_unit_test(what_is_written_is_what_was_learned),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
