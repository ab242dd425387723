/*
 * EM: expected counts under the present values, then the mean of Beta(a + count, b + others), until
 * no value moves by more than TOLERANCE. Cross-validation: the cases are dealt into folds, each
 * scored by what the others teach.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "learning.h"
#include "random.h"

static const double TOLERANCE = 1e-4;
static const unsigned long long SEED = 2026;
enum { MOST_ITERATIONS = 30 };

static ag_status no_memory(ag_learner *l) {
    return ag_fail(l->error, AG_ERROR_MEMORY, "out of memory");
}

static double update_median(const ag_learn_row *row, const double *count, double *values) {
    double centre = ag_learn_centre(row, count[0], count[1]), moved = fabs(centre - values[0]);
    values[0] = centre;
    return moved;
}

static double update_row(const ag_learn_row *row, const double *count, double *values) {
    double total = 0, left = 1, moved = 0;
    if (row->kind == AG_LEARN_MEDIAN)
        return update_median(row, count, values);
    for (int s = 0; s < row->names->count; s++)
        total += count[s];
    for (int s = 0; s < row->names->count; s++) {
        const ag_parameter *p = ag_learn_number(row, s);
        if (p->kind == AG_PARAMETER_BETA) {
            double value = (p->a + count[s]) / (p->a + p->b + total);
            moved = fmax(moved, fabs(value - values[s]));
            values[s] = value;
        }
        left -= s != row->rest ? values[s] : 0;
    }
    values[row->rest] = left > 0 ? left : 0;
    return moved;
}

static ag_status expected_counts(ag_learner *l, const ag_resolved_list *cases, const int *fold,
                                 int left_out, const double (*values)[AG_MAX_STATES],
                                 ag_learn_values count) {
    ag_status status = AG_OK;
    memset(count, 0, (size_t)l->rows.count * sizeof *count);
    for (int i = 0; i < cases->count && status == AG_OK; i++)
        if (left_out < 0 || fold[i] != left_out)
            status = ag_learn_count(l, &cases->items[i], values, count);
    return status;
}

static void keep_counts(ag_learner *l, const double (*count)[AG_MAX_STATES]) {
    for (int r = 0; r < l->rows.count; r++) {
        ag_learn_row *row = &l->rows.items[r];
        memcpy(row->count, count[r], sizeof row->count);
        row->total = 0;
        for (int s = 0; s < row->names->count; s++)
            row->total += count[r][s];
        if (row->kind == AG_LEARN_MEDIAN)
            row->total = count[r][1];
    }
}

ag_status ag_learn_fit(ag_learner *l, const ag_resolved_list *cases, const int *fold, int left_out,
                       ag_learn_values values, int *iterations) {
    ag_learn_values count = calloc((size_t)l->rows.count + 1, sizeof *count);
    ag_status status = count != NULL ? AG_OK : no_memory(l);
    double moved = 1;
    int step = 0;
    ag_learn_start(l, values);
    for (; status == AG_OK && moved > TOLERANCE && step < MOST_ITERATIONS; step++) {
        status = expected_counts(l, cases, fold, left_out, (const double(*)[AG_MAX_STATES])values,
                                 count);
        moved = 0;
        for (int r = 0; r < l->rows.count && status == AG_OK; r++)
            moved = fmax(moved, update_row(&l->rows.items[r], count[r], values[r]));
    }
    if (status == AG_OK)
        keep_counts(l, (const double(*)[AG_MAX_STATES])count);
    if (iterations != NULL)
        *iterations = step;
    free(count);
    return status;
}

/* ---- cross-validation ---- */

/* As equal folds as can be, in an order that hangs on the number of cases alone. */
static void deal(int *fold, int count) {
    for (int i = 0; i < count; i++)
        fold[i] = i % AG_LEARN_FOLDS;
    for (int i = count - 1; i > 0; i--) {
        int j = (int)((i + 1) * ag_random_uniform(SEED, 1, (uint64_t)i)), kept = fold[i];
        fold[i] = fold[j];
        fold[j] = kept;
    }
}

static ag_status validate_fold(ag_learner *l, const ag_resolved_list *cases, const int *fold, int f,
                               ag_learn_values values, double *gains[2], ag_learning *out) {
    ag_status status = ag_learn_fit(l, cases, fold, f, values, NULL);
    for (int i = 0; i < cases->count && status == AG_OK; i++) {
        double log[2], brier[2];
        if (fold[i] != f)
            continue;
        status =
            ag_learn_score(l, &cases->items[i], (const double(*)[AG_MAX_STATES])values, log, brier);
        gains[0][i] = log[0] - log[1];
        gains[1][i] = brier[0] - brier[1];
        out->log_before += log[0] / cases->count;
        out->log_after += log[1] / cases->count;
    }
    return status;
}

static ag_status cross_validate(ag_learner *l, const ag_resolved_list *cases,
                                ag_learn_values values, ag_learning *out) {
    int *fold = ag_arena_array(l->arena, (size_t)cases->count, sizeof *fold);
    double *gains[2] = {ag_arena_array(l->arena, (size_t)cases->count, sizeof **gains),
                        ag_arena_array(l->arena, (size_t)cases->count, sizeof **gains)};
    if (fold == NULL || gains[0] == NULL || gains[1] == NULL)
        return no_memory(l);
    deal(fold, cases->count);
    ag_status status = AG_OK;
    for (int f = 0; f < AG_LEARN_FOLDS && status == AG_OK; f++)
        status = validate_fold(l, cases, fold, f, values, gains, out);
    out->log_gain = ag_score_mean(gains[0], cases->count, SEED);
    out->brier_gain = ag_score_mean(gains[1], cases->count, SEED);
    return status;
}

/* ---- all ---- */

static ag_status too_few(ag_learner *l, int count) {
    ag_scored half = ag_score_share((AG_LEARN_LEAST - 1) / 2, AG_LEARN_LEAST - 1);
    return ag_fail(l->error, AG_ERROR_VALUE,
                   "%d resolved cases are too few to learn from: at least %d are needed. With %d, "
                   "even a share of one half is known to no better than ± %.0f points (95 %%)",
                   count, AG_LEARN_LEAST, AG_LEARN_LEAST - 1, 50 * (half.high - half.low));
}

static ag_status none_often_enough(ag_learner *l) {
    return ag_fail(l->error, AG_ERROR_VALUE,
                   "no number could be learned: every row of a finding would rest on fewer than %d "
                   "men of these cases, which moves it by chance more than by what they show. More "
                   "cases, or more findings in each, are needed",
                   AG_LEARN_ROW_LEAST);
}

static ag_status learn(ag_learner *l, const ag_resolved_list *cases, ag_learning *out) {
    ag_status status = ag_learn_rows_of(l);
    ag_learn_values values = ag_arena_array(l->arena, (size_t)l->rows.count + 1, sizeof *values);
    if (status == AG_OK && values == NULL)
        status = no_memory(l);
    if (status == AG_OK)
        status = cross_validate(l, cases, values, out);
    if (status == AG_OK)
        status = ag_learn_fit(l, cases, NULL, -1, values, &out->iterations);
    out->rows = l->rows;
    for (int r = 0; r < l->rows.count; r++)
        out->written += l->rows.items[r].total >= AG_LEARN_ROW_LEAST;
    return status == AG_OK && out->written == 0 ? none_often_enough(l) : status;
}

ag_learn_options ag_learn_options_defaults(void) {
    return (ag_learn_options){.size = sizeof(ag_learn_options), .site = "own"};
}

static ag_status read_and_learn(ag_learner *l, const char *const *folders, int count,
                                ag_learning *out) {
    ag_resolved *items = ag_arena_array(l->arena, AG_FILES_MOST, sizeof *items);
    ag_resolved_list cases = {items, 0};
    ag_status status = items != NULL ? AG_OK : no_memory(l);
    for (int f = 0; f < count && status == AG_OK; f++) {
        ag_texts paths = {NULL, 0};
        status = ag_files_in(l->arena, folders[f], ".yaml", &paths, l->error);
        for (int i = 0; i < paths.count && status == AG_OK && cases.count < AG_FILES_MOST; i++)
            status = ag_resolved_read(&items[cases.count++], l->arena, l->knowledge, paths.items[i],
                                      l->error);
    }
    out->case_count = cases.count;
    if (status == AG_OK && cases.count < AG_LEARN_LEAST)
        return too_few(l, cases.count);
    return status == AG_OK ? learn(l, &cases, out) : status;
}

ag_status ag_learn(ag_learning **out, const ag_knowledge *knowledge, const char *const *folders,
                   int count, const ag_learn_options *options, ag_error *error) {
    ag_learn_options chosen = options != NULL ? *options : ag_learn_options_defaults();
    ag_learning *result = calloc(1, sizeof *result);
    *out = NULL;
    if (result == NULL || (result->arena = ag_arena_new()) == NULL) {
        free(result);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    result->knowledge = knowledge;
    result->causes = chosen.exposed;
    result->priors = chosen.unselected;
    result->site = ag_arena_copy(result->arena, chosen.site);
    ag_learner l = {.knowledge = knowledge,
                    .arena = result->arena,
                    .vocabulary = ag_vocabulary_new(knowledge),
                    .causes = chosen.exposed,
                    .priors = chosen.unselected,
                    .error = error};
    ag_status status =
        l.vocabulary != NULL ? read_and_learn(&l, folders, count, result) : no_memory(&l);
    ag_vocabulary_free(l.vocabulary);
    if (status == AG_OK)
        *out = result;
    else
        ag_learning_free(result);
    return status;
}

void ag_learning_free(ag_learning *learning) {
    if (learning == NULL)
        return;
    ag_arena_free(learning->arena);
    free(learning);
}
