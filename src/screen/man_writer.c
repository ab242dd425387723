/* What is shared by men of the same facts comes as text; ids and records are each man's own. */
#include "man_writer.h"

#include <string.h>

#include "verdict_text.h"

void ag_man_write_heading(FILE *out, ag_screen_format format) {
    if (format == AG_SCREEN_CSV)
        fprintf(out, "patient,%s,records\n", AG_VERDICT_COLUMNS);
}

/* Each byte of `escaped` has `escape` before it. Control characters are none, as rows have none. */
static void add_escaped(ag_buffer *out, const char *text, const char *escaped, char escape) {
    for (;;) {
        size_t plain = strcspn(text, escaped);
        ag_buffer_add_bytes(out, text, plain);
        text += plain;
        if (*text == '\0')
            return;
        ag_buffer_add_char(out, escape);
        ag_buffer_add_char(out, *text++);
    }
}

static void add_json(ag_buffer *out, const char *before, const char *text) {
    ag_buffer_add(out, before);
    add_escaped(out, text, "\"\\", '\\');
    ag_buffer_add_char(out, '"');
}

static bool is_record(const ag_fact_row *row) {
    return !ag_row_is(row, "person") && !ag_row_is(row, "unused");
}

static void write_json(ag_buffer *out, const ag_verdict *verdict, const ag_fact_row *rows,
                       const bool *used, int count) {
    bool first = true;
    add_json(out, "{\"patient\":\"", rows[0].column[AG_ROW_KEY]);
    ag_buffer_add_char(out, ',');
    ag_buffer_add(out, verdict->json);
    ag_buffer_add(out, ",\"records\":[");
    for (int i = 0; i < count; i++) {
        if (!used[i] || !is_record(&rows[i]))
            continue;
        add_json(out, first ? "{\"record\":\"" : ",{\"record\":\"",
                 rows[i].column[AG_ROW_RESOURCE]);
        add_json(out, ",\"card\":\"", rows[i].column[AG_ROW_CARD]);
        ag_buffer_add_char(out, '}');
        first = false;
    }
    ag_buffer_add(out, "]}\n");
}

static void write_csv(ag_buffer *out, const ag_verdict *verdict, const ag_fact_row *rows,
                      const bool *used, int count) {
    const char *before = "";
    ag_buffer_add_char(out, '"');
    add_escaped(out, rows[0].column[AG_ROW_KEY], "\"", '"');
    ag_buffer_add(out, "\",");
    ag_buffer_add(out, verdict->csv);
    ag_buffer_add(out, ",\"");
    for (int i = 0; i < count; i++) {
        if (!used[i] || !is_record(&rows[i]))
            continue;
        ag_buffer_add(out, before);
        add_escaped(out, rows[i].column[AG_ROW_RESOURCE], "\"", '"');
        before = "; ";
    }
    ag_buffer_add(out, "\"\n");
}

void ag_man_write(ag_buffer *out, ag_screen_format format, const ag_verdict *verdict,
                  const ag_fact_row *rows, const bool *used, int count) {
    if (format == AG_SCREEN_NDJSON)
        write_json(out, verdict, rows, used, count);
    else if (format == AG_SCREEN_CSV)
        write_csv(out, verdict, rows, used, count);
}
