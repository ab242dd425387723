#include "csv.h"

#include <string.h>

ag_csv ag_csv_start(ag_arena *arena, const char *text, size_t length) {
    ag_csv csv = {arena, text, text + length, 1};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        csv.at += 3;
    return csv;
}

static void skip_line(ag_csv *csv) {
    while (csv->at < csv->end && *csv->at != '\n')
        csv->at++;
    if (csv->at < csv->end) {
        csv->at++;
        csv->line++;
    }
}

static bool is_blank(const ag_csv *csv) {
    const char *c = csv->at;
    while (c < csv->end && (*c == '\r' || *c == ' '))
        c++;
    return c == csv->end || *c == '\n' || *csv->at == '#';
}

/* A field in quotes, in which two quotes stand for one. */
static ag_status quoted(ag_csv *csv, char *out, size_t *length, ag_error *error) {
    int line = csv->line;
    for (csv->at++; csv->at < csv->end; csv->at++) {
        bool quote = *csv->at == '"';
        if (quote && (csv->at + 1 == csv->end || csv->at[1] != '"')) {
            csv->at++;
            return AG_OK;
        }
        csv->at += quote;
        csv->line += *csv->at == '\n';
        out[(*length)++] = *csv->at;
    }
    return ag_fail_at(error, AG_ERROR_SYNTAX, line, 1, "the quote that opens here is never closed");
}

static const char *closing_quote(const ag_csv *csv) {
    const char *c = csv->at + 1;
    while (c < csv->end && (*c != '"' || (c + 1 < csv->end && c[1] == '"')))
        c += *c == '"' ? 2 : 1;
    return c < csv->end ? c : csv->end;
}

static bool at_end(const ag_csv *csv) {
    return csv->at == csv->end || *csv->at == ',' || *csv->at == '\n' || *csv->at == '\r';
}

static ag_status field(ag_csv *csv, const char **out, ag_error *error) {
    size_t length = 0;
    const char *stop = *csv->at == '"' ? closing_quote(csv) : csv->at;
    while (*csv->at != '"' && stop < csv->end && strchr(",\r\n", *stop) == NULL)
        stop++;
    size_t room = (size_t)(stop - csv->at);
    char *text = ag_arena_alloc(csv->arena, room + 1);
    if (text == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    *out = text;
    if (csv->at < csv->end && *csv->at == '"') {
        ag_status status = quoted(csv, text, &length, error);
        if (status != AG_OK)
            return status;
        if (!at_end(csv))
            return ag_fail_at(error, AG_ERROR_SYNTAX, csv->line, 1,
                              "text stands behind a closing quote; write \"\" for a quote within");
        return AG_OK;
    }
    memcpy(text, csv->at, room);
    csv->at = stop;
    if (memchr(text, '"', room) != NULL)
        return ag_fail_at(error, AG_ERROR_SYNTAX, csv->line, 1,
                          "a quote stands within a plain field; put the whole field in quotes");
    return AG_OK;
}

ag_status ag_csv_next(ag_csv *csv, ag_csv_row *out, ag_error *error) {
    out->count = 0;
    while (csv->at < csv->end && is_blank(csv))
        skip_line(csv);
    out->line = csv->line;
    if (csv->at == csv->end)
        return AG_OK;
    for (;;) {
        if (out->count == AG_CSV_FIELDS)
            return ag_fail_at(error, AG_ERROR_SYNTAX, csv->line, 1,
                              "the row has more than %d fields", AG_CSV_FIELDS);
        ag_status status = csv->at < csv->end ? field(csv, &out->fields[out->count], error) : AG_OK;
        if (csv->at == csv->end && status == AG_OK && out->count > 0 && csv->at[-1] == ',')
            out->fields[out->count] = "";
        if (status != AG_OK)
            return status;
        out->count++;
        if (csv->at == csv->end || *csv->at != ',')
            break;
        csv->at++;
    }
    while (csv->at < csv->end && *csv->at == '\r')
        csv->at++;
    if (csv->at < csv->end && *csv->at == '\n') {
        csv->at++;
        csv->line++;
    }
    return AG_OK;
}
