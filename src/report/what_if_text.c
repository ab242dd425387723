/* What is imagined, as text for clinicians: before, after, and what stands against it. */
#include <math.h>

#include "plan_document.h"
#include "plan_report.h"

static void add_estimate(const ag_view *view, ag_buffer *text, const char *what, ag_estimate e) {
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(view->language, e.value, percent);
    ag_report_interval(e, range);
    ag_buffer_format(text, ", %s %s %s", what, percent, range);
}

static void line(ag_page *page, ag_face face, ag_buffer *text, int column) {
    ag_page_column(page, column);
    ag_page_words(page, face, text->failed ? "" : ag_buffer_text(text), column + 2);
    ag_page_line(page);
}

static void change_line(ag_page *page, const ag_view *view, const ag_what_if_line *item,
                        int column) {
    ag_buffer text = ag_buffer_start(view->arena);
    ag_buffer_add(&text, ag_view_plan_text(view, item->name));
    add_estimate(view, &text, ag_view_say(view, "now"), item->before);
    add_estimate(view, &text, ag_view_say(view, "then"), item->after);
    line(page, AG_PLAIN, &text, column);
}

static void note_line(ag_page *page, const ag_view *view, const ag_plan_note *note, int column) {
    ag_buffer text = ag_buffer_start(view->arena);
    ag_buffer_add(&text, ag_plan_standing_text(view, note->effect));
    ag_buffer_add(&text, ag_view_plan_text(view, note->text));
    if (note->because != NULL)
        ag_buffer_format(&text, " [%s]", note->because);
    line(page, note->effect == AG_PLAN_WARNING ? AG_FAINT : AG_BOLD, &text, column);
}

void ag_what_if_text_write(ag_page *page, const ag_view *view, int label_width) {
    const ag_what_if *what_if = view->what_if;
    if (what_if == NULL)
        return;
    ag_page_write(page, AG_BOLD, ag_view_say(view, "What if"));
    ag_page_column(page, label_width);
    ag_page_words(page, AG_BOLD, ag_view_plan_text(view, ag_what_if_text(what_if)), label_width);
    ag_page_line(page);
    for (int i = 0; i < ag_what_if_line_count(what_if); i++)
        change_line(page, view, ag_what_if_line_at(what_if, i), label_width);
    for (int i = 0; i < ag_what_if_note_count(what_if); i++)
        note_line(page, view, ag_what_if_note_at(what_if, i), label_width);
    ag_page_line(page);
}
