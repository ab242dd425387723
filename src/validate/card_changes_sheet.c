/* What a change of the cards changes, in words. */
#include <math.h>
#include <string.h>

#include "card_changes.h"
#include "json_writer.h"
#include "sheet.h"

enum { MOST_NUMBERS = 60, MOST_LINES = 12 };

static void number_cell(ag_sheet *sheet, const ag_parameter *p) {
    if (p == NULL)
        ag_sheet_cell(sheet, "–");
    else
        ag_sheet_cell(sheet, "%.3g (%.3g–%.3g)", p->value, p->low, p->high);
}

static void numbers(ag_sheet *sheet, const ag_card_changes *changes) {
    ag_sheet_heading(sheet, "Numbers");
    ag_sheet_text(sheet, "Numbers that differ: %d.", changes->number_count);
    if (changes->number_count == 0)
        return;
    ag_sheet_table(sheet, 4);
    ag_sheet_cell(sheet, "card");
    ag_sheet_cell(sheet, "before");
    ag_sheet_cell(sheet, "after");
    ag_sheet_cell(sheet, "place");
    for (int i = 0; i < changes->number_count && i < MOST_NUMBERS; i++) {
        const ag_number_change *n = &changes->numbers[i];
        ag_sheet_cell(sheet, "%s", n->card);
        number_cell(sheet, n->before);
        number_cell(sheet, n->after);
        ag_sheet_cell(sheet, "%s", n->place);
    }
    if (changes->number_count > MOST_NUMBERS)
        ag_sheet_text(sheet, "… and %d more.", changes->number_count - MOST_NUMBERS);
}

static void lines(ag_sheet *sheet, const ag_case_change *change) {
    const char *at = change->lines;
    for (int i = 0; at != NULL && *at != '\0' && i < MOST_LINES; i++) {
        size_t length = strcspn(at, "\n");
        ag_sheet_item(sheet, "%.*s", (int)length, at);
        at += length + (at[length] == '\n');
    }
    if (change->line_count > MOST_LINES)
        ag_sheet_item(sheet, "… and %d more lines", change->line_count - MOST_LINES);
}

static void cases(ag_sheet *sheet, const ag_card_changes *changes) {
    ag_sheet_heading(sheet, "Cases");
    ag_sheet_text(
        sheet,
        "%d of %d cases move by half a point or more. Lines of the report are shown where "
        "a probability moves by one point or more.",
        changes->case_count, changes->tried);
    for (int i = 0; i < changes->case_count; i++) {
        const ag_case_change *c = &changes->cases[i];
        if (strcmp(c->leading_before, c->leading_after) != 0)
            ag_sheet_text(sheet, "%s: %s led, now %s LEADS; %s %.1f %% → %.1f %%", c->id,
                          c->leading_before, c->leading_after, c->mechanism, 100 * c->before,
                          100 * c->after);
        else
            ag_sheet_text(sheet, "%s: %s %.1f %% → %.1f %% (%+.1f)", c->id, c->mechanism,
                          100 * c->before, 100 * c->after, 100 * (c->after - c->before));
        lines(sheet, c);
    }
}

static void number_json(ag_json *json, const char *key, const ag_parameter *p) {
    if (p == NULL) {
        ag_json_null(json, key);
        return;
    }
    ag_json_object(json, key);
    ag_json_number(json, "value", p->value);
    ag_json_number(json, "low", p->low);
    ag_json_number(json, "high", p->high);
    ag_json_end(json);
}

static void all_json(ag_json *json, const ag_card_changes *changes) {
    ag_json_object(json, NULL);
    ag_json_array(json, "numbers");
    for (int i = 0; i < changes->number_count; i++) {
        ag_json_object(json, NULL);
        ag_json_text(json, "card", changes->numbers[i].card);
        ag_json_text(json, "place", changes->numbers[i].place);
        number_json(json, "before", changes->numbers[i].before);
        number_json(json, "after", changes->numbers[i].after);
        ag_json_end(json);
    }
    ag_json_end(json);
    ag_json_integer(json, "cases_tried", changes->tried);
    ag_json_array(json, "cases");
    for (int i = 0; i < changes->case_count; i++) {
        const ag_case_change *c = &changes->cases[i];
        ag_json_object(json, NULL);
        ag_json_text(json, "id", c->id);
        ag_json_text(json, "leading_before", c->leading_before);
        ag_json_text(json, "leading_after", c->leading_after);
        ag_json_text(json, "mechanism", c->mechanism);
        ag_json_decimal(json, "before", c->before, 6);
        ag_json_decimal(json, "after", c->after, 6);
        ag_json_integer(json, "report_lines", c->line_count);
        ag_json_end(json);
    }
    ag_json_end(json);
    ag_json_end(json);
}

ag_status ag_card_changes_show(const ag_card_changes *changes, ag_sheet_format format, int width,
                               char **out, ag_error *error) {
    ag_arena *arena = ag_arena_new();
    ag_status status;
    *out = NULL;
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (format == AG_SHEET_JSON) {
        ag_buffer text = ag_buffer_start(arena);
        ag_json json = ag_json_start(&text, 2);
        all_json(&json, changes);
        ag_buffer_add_char(&text, '\n');
        status = ag_text_out(&text, out, error);
    } else {
        ag_sheet sheet;
        ag_sheet_start(&sheet, arena, "What the change of the cards changes");
        ag_sheet_text(&sheet, "Before: knowledge %s of %s. After: %s of %s.",
                      changes->before->version, changes->before->date, changes->after->version,
                      changes->after->date);
        numbers(&sheet, changes);
        cases(&sheet, changes);
        status = ag_sheet_write(&sheet, format, width, out, error);
    }
    ag_arena_free(arena);
    return status;
}
