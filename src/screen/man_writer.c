/* What is shared by men of the same facts comes as text; ids and records are each man's own. */
#include "man_writer.h"

#include <errno.h>
#include <string.h>

#include "verdict_text.h"

void ag_man_writer_start(ag_man_writer *writer, FILE *out, ag_screen_format format) {
    *writer = (ag_man_writer){.out = out, .format = format};
    if (format == AG_SCREEN_CSV)
        fprintf(out, "patient,%s,records\n", AG_VERDICT_COLUMNS);
}

/* JSON text: control characters are none, as rows have none. */
static void write_text(FILE *out, const char *text, char escape) {
    putc('"', out);
    for (;;) {
        size_t plain = strcspn(text, escape == '\\' ? "\"\\" : "\"");
        fwrite(text, 1, plain, out);
        text += plain;
        if (*text == '\0')
            break;
        putc(escape, out);
        putc(*text++, out);
    }
    putc('"', out);
}

static bool is_record(const ag_fact_row *row) {
    const char *kind = row->column[AG_ROW_KIND];
    return strcmp(kind, "person") != 0 && strcmp(kind, "unused") != 0;
}

static void write_json(FILE *out, const char *id, const ag_verdict *verdict,
                       const ag_fact_row *rows, const bool *used, int count) {
    fputs("{\"patient\":", out);
    write_text(out, id, '\\');
    fprintf(out, ",%s,\"records\":[", verdict->json);
    bool first = true;
    for (int i = 0; i < count; i++) {
        if (!used[i] || !is_record(&rows[i]))
            continue;
        fputs(first ? "{\"record\":" : ",{\"record\":", out);
        write_text(out, rows[i].column[AG_ROW_RESOURCE], '\\');
        fputs(",\"card\":", out);
        write_text(out, rows[i].column[AG_ROW_CARD], '\\');
        putc('}', out);
        first = false;
    }
    fputs("]}\n", out);
}

static void write_csv(FILE *out, const char *id, const ag_verdict *verdict, const ag_fact_row *rows,
                      const bool *used, int count) {
    write_text(out, id, '"');
    fprintf(out, ",%s,\"", verdict->csv);
    bool first = true;
    for (int i = 0; i < count; i++) {
        if (!used[i] || !is_record(&rows[i]))
            continue;
        fputs(first ? "" : "; ", out);
        for (const char *c = rows[i].column[AG_ROW_RESOURCE]; *c != '\0'; c++)
            fputs(*c == '"' ? "\"\"" : (const char[]){*c, '\0'}, out);
        first = false;
    }
    fputs("\"\n", out);
}

ag_status ag_man_write(ag_man_writer *writer, const char *id, const ag_verdict *verdict,
                       const ag_fact_row *rows, const bool *used, int count, ag_error *error) {
    if (writer->format == AG_SCREEN_NDJSON)
        write_json(writer->out, id, verdict, rows, used, count);
    else if (writer->format == AG_SCREEN_CSV)
        write_csv(writer->out, id, verdict, rows, used, count);
    return ferror(writer->out)
               ? ag_fail(error, AG_ERROR_IO, "the result cannot be written: %s", strerror(errno))
               : AG_OK;
}
