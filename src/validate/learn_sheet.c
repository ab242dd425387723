/* What was learned, and whether it helped, in words. */
#include <math.h>

#include "json_writer.h"
#include "learning.h"

static const char *row_text(const ag_learning *l, const ag_learn_row *row, ag_arena *arena) {
    if (row->kind == AG_LEARN_PRIOR)
        return ag_arena_format(arena, "%s, from the age of %g", ag_card_id(l->knowledge, row->card),
                               l->knowledge->causes[row->cause].priors[row->row].from_age);
    if (row->finding >= 0)
        return ag_arena_format(arena, "%s, row %d", ag_card_id(l->knowledge, row->card),
                               row->row + 1);
    const ag_variant *v = &l->knowledge->causes[row->cause].variants[row->variant];
    return ag_arena_format(arena, "%s, %s: %s", ag_card_id(l->knowledge, row->card), v->id,
                           l->knowledge->variables[v->actions[row->action].function].id);
}

static const char *verdict(ag_scored gain) {
    if (gain.low > 0)
        return "it helped";
    return gain.high < 0 ? "IT HARMED: do not use it" : "these cases do not show that it helps";
}

static void helped(ag_sheet *sheet, const ag_learning *l) {
    ag_sheet_heading(sheet, "Did it help?");
    ag_sheet_text(sheet,
                  "Cross-validation in %d parts: each part of the cases was judged by the numbers "
                  "learned from the others. Log score per case %.3f before, %.3f after (less is "
                  "better); gain %.3f (%.3f to %.3f): %s. Gain of the Brier score %.4f (%.4f to "
                  "%.4f).",
                  AG_LEARN_FOLDS, l->log_before, l->log_after, l->log_gain.value, l->log_gain.low,
                  l->log_gain.high, verdict(l->log_gain), l->brier_gain.value, l->brier_gain.low,
                  l->brier_gain.high);
}

static void numbers(ag_sheet *sheet, const ag_learning *l) {
    ag_sheet_heading(sheet, "Numbers");
    ag_sheet_text(sheet,
                  "%d rows rest on %d men or more of these cases and are changed; the others stay "
                  "as they are.",
                  l->written, AG_LEARN_ROW_LEAST);
    ag_sheet_table(sheet, 5);
    ag_sheet_cell(sheet, "number");
    ag_sheet_cell(sheet, "state");
    ag_sheet_cell(sheet, "before");
    ag_sheet_cell(sheet, "cases");
    ag_sheet_cell(sheet, "after");
    for (int r = 0; r < l->rows.count; r++)
        for (int s = 0; s < l->rows.items[r].names->count; s++) {
            const ag_learn_row *row = &l->rows.items[r];
            if (!ag_learn_is_written(row, s))
                continue;
            ag_sheet_cell(sheet, "%s", row_text(l, row, sheet->arena));
            ag_sheet_cell(sheet, "%s", row->names->items[s]);
            ag_sheet_cell(sheet, "%.3g", ag_learn_number(row, s)->value);
            if (row->kind == AG_LEARN_MEDIAN)
                ag_sheet_cell(sheet, "%.1f", row->total);
            else
                ag_sheet_cell(sheet, "%.1f of %.1f", row->count[s], row->total);
            ag_sheet_cell(sheet, "%.3g", ag_learn_result(row, s).value);
        }
}

static void learning_json(ag_json *json, const ag_learning *l, ag_arena *arena) {
    ag_json_object(json, NULL);
    ag_json_integer(json, "cases", l->case_count);
    ag_json_integer(json, "iterations", l->iterations);
    ag_json_decimal(json, "log_score_before", l->log_before, 6);
    ag_json_decimal(json, "log_score_after", l->log_after, 6);
    ag_json_decimal(json, "gain", l->log_gain.value, 6);
    ag_json_decimal(json, "gain_low", l->log_gain.low, 6);
    ag_json_decimal(json, "gain_high", l->log_gain.high, 6);
    ag_json_array(json, "numbers");
    for (int r = 0; r < l->rows.count; r++)
        for (int s = 0; s < l->rows.items[r].names->count; s++) {
            const ag_learn_row *row = &l->rows.items[r];
            if (!ag_learn_is_written(row, s))
                continue;
            ag_json_object(json, NULL);
            ag_json_text(json, "row", row_text(l, row, arena));
            ag_json_text(json, "state", row->names->items[s]);
            ag_json_decimal(json, "before", ag_learn_number(row, s)->value, 6);
            if (row->kind != AG_LEARN_MEDIAN)
                ag_json_decimal(json, "events", row->count[s], 4);
            ag_json_decimal(json, "total", row->total, 4);
            ag_json_decimal(json, "after", ag_learn_result(row, s).value, 6);
            ag_json_end(json);
        }
    ag_json_end(json);
    ag_json_end(json);
}

ag_status ag_learning_show(const ag_learning *l, ag_sheet_format format, int width, char **out,
                           ag_error *error) {
    ag_arena *arena = ag_arena_new();
    ag_status status;
    *out = NULL;
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (format == AG_SHEET_JSON) {
        ag_buffer text = ag_buffer_start(arena);
        ag_json json = ag_json_start(&text, 2);
        learning_json(&json, l, arena);
        ag_buffer_add_char(&text, '\n');
        status = ag_text_out(&text, out, error);
    } else {
        ag_sheet sheet;
        ag_sheet_start(&sheet, arena, "Learned from resolved cases");
        ag_sheet_text(&sheet,
                      "%d cases; %d steps of EM. Effects of causes %s. How common they are "
                      "%s.",
                      l->case_count, l->iterations,
                      l->causes ? "were learned too: the cases are said to be all men who were "
                                  "exposed"
                                : "were left alone, as men without a complaint are not among the "
                                  "cases",
                      l->priors ? "was learned too: the cases are said to be a sample of all men"
                                : "was left alone, as the cases are patients");
        helped(&sheet, l);
        numbers(&sheet, l);
        status = ag_sheet_write(&sheet, format, width, out, error);
    }
    ag_arena_free(arena);
    return status;
}
