/* Files and texts: choosing a format, reading plain or gzip, growing texts, exact numbers. */
#include "network_format.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(AG_NETWORK_ZLIB)
#include <zlib.h>
#endif

#include "text.h"

/* ---- Growing texts ---- */

static bool reserve_text(ag_text *text, size_t more) {
    if (text->failed)
        return false;
    if (text->length + more + 1 <= text->capacity)
        return true;
    size_t capacity = text->capacity ? text->capacity : 4096;
    while (capacity < text->length + more + 1)
        capacity *= 2;
    char *data = realloc(text->data, capacity);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void ag_text_add(ag_text *text, const char *format, ...) {
    for (size_t room = 256;;) {
        va_list arguments;
        if (!reserve_text(text, room))
            return;
        va_start(arguments, format);
        int size = vsnprintf(text->data + text->length, room + 1, format, arguments);
        va_end(arguments);
        if (size < 0)
            return;
        if ((size_t)size <= room) {
            text->length += (size_t)size;
            return;
        }
        room = (size_t)size;
    }
}

void ag_text_add_bytes(ag_text *text, const char *bytes, size_t size) {
    if (!reserve_text(text, size))
        return;
    memcpy(text->data + text->length, bytes, size);
    text->length += size;
    text->data[text->length] = 0;
}

void ag_text_add_number(ag_text *text, double value) {
    char digits[32];
    double back;
    for (int precision = 15; precision <= 17; precision++) {
        int size = snprintf(digits, sizeof digits, "%.*g", precision, value);
        char *point = strchr(digits, localeconv()->decimal_point[0]);
        if (point)
            *point = '.'; /* whatever the process's locale */
        if (ag_lexer_number(digits, (size_t)size, &back) && back == value)
            break;
    }
    ag_text_add_bytes(text, digits, strlen(digits));
}

void ag_text_add_xml(ag_text *text, const char *value) {
    for (; *value; value++) {
        if (*value == '&')
            ag_text_add(text, "&amp;");
        else if (*value == '<')
            ag_text_add(text, "&lt;");
        else if (*value == '>')
            ag_text_add(text, "&gt;");
        else if (*value == '"')
            ag_text_add(text, "&quot;");
        else
            ag_text_add_bytes(text, value, 1);
    }
}

/* ---- Tables being read ---- */

void ag_reading_free(ag_reading *r) {
    free(r->values);
    free(r->parents);
    r->values = NULL;
    r->parents = NULL;
}

ag_status ag_reading_reserve(ag_reading *r, size_t count, ag_error *error) {
    if (count <= r->capacity)
        return AG_OK;
    free(r->values);
    r->capacity = 0;
    r->values = malloc(count * sizeof *r->values);
    if (!r->values)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a table of %zu values", count);
    r->capacity = count;
    return AG_OK;
}

ag_status ag_reading_reserve_parent(ag_reading *r, int count, ag_error *error) {
    if (count < r->parent_capacity)
        return AG_OK;
    int capacity = 2 * count + 8;
    int *parents = realloc(r->parents, (size_t)capacity * sizeof *parents);
    if (!parents)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the parents of a variable");
    r->parents = parents;
    r->parent_capacity = capacity;
    return AG_OK;
}

ag_status ag_reading_entries(ag_reading *r, int child, int parent_count, size_t at, size_t *out,
                             ag_error *error) {
    *out = (size_t)r->network->variables[child].state_count;
    for (int i = 0; i < parent_count; i++) {
        *out *= (size_t)r->network->variables[r->parents[i]].state_count;
        /* A value takes two characters at least, unless a default stands for many rows. */
        if (*out > (size_t)1 << 31 || *out > 4096 * (r->lexer.length + 1))
            return ag_lexer_fail(&r->lexer, at, AG_ERROR_TOO_LARGE, error,
                                 "the table of '%s' is too large for this text",
                                 r->network->variables[child].name);
    }
    return AG_OK;
}

ag_status ag_reading_fail_row(const ag_reading *r, int child, int parent_count, size_t row,
                              size_t at, ag_error *error, const char *format, ...) {
    const ag_variable *variables = r->network->variables;
    char what[192];
    ag_text states = {NULL, 0, 0, false};
    size_t below = 1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    for (int i = 0; i < parent_count; i++)
        below *= (size_t)variables[r->parents[i]].state_count;
    for (int i = 0; i < parent_count; i++) {
        const ag_variable *parent = &variables[r->parents[i]];
        below /= (size_t)parent->state_count;
        ag_text_add(&states, "%s%s", i ? ", " : " (", parent->states[row / below]);
        row %= below;
    }
    ag_text_add(&states, parent_count ? ")" : "");
    ag_status status = ag_lexer_fail(&r->lexer, at, AG_ERROR_VALUE, error, "the row%s of '%s' %s",
                                     states.data ? states.data : "", variables[child].name, what);
    free(states.data);
    return status;
}

ag_status ag_reading_store(ag_reading *r, int child, int parent_count, size_t at, ag_error *error) {
    const ag_variable *v = &r->network->variables[child];
    size_t entries;
    ag_status status = ag_reading_entries(r, child, parent_count, at, &entries, error);
    if (status)
        return status;
    if (v->family != AG_FAMILY_NONE)
        return ag_lexer_fail(&r->lexer, at, AG_ERROR_NAME, error,
                             "'%s' is given two probability tables", v->name);
    for (size_t i = 0; i < entries; i += (size_t)v->state_count) {
        double sum = 0;
        for (int s = 0; s < v->state_count; s++)
            sum += r->values[i + (size_t)s];
        if (!(fabs(sum - 1) <= AG_ROW_TOLERANCE))
            return ag_reading_fail_row(r, child, parent_count, i / (size_t)v->state_count, at,
                                       error, "sums to %g, not to 1", sum);
    }
    ag_error inner = {AG_OK, 0, 0, "", ""};
    status =
        ag_network_set_table(r->network, child, r->parents, parent_count, r->values, 1, &inner);
    return status ? ag_lexer_fail(&r->lexer, at, status, error, "%s", inner.message) : AG_OK;
}

ag_status ag_reading_name(ag_reading *r, ag_arena *arena, const char **out, ag_error *error) {
    ag_lexer *l = &r->lexer;
    if (l->kind != AG_TOKEN_WORD && l->kind != AG_TOKEN_STRING)
        return ag_lexer_expected(l, error, "a name");
    /* Neither JSON nor XML could hold it. */
    for (size_t i = 0; i < l->size; i++)
        if ((unsigned char)l->text[l->at + i] < ' ')
            return ag_lexer_fail(l, l->at, AG_ERROR_SYNTAX, error,
                                 "a name holds a control character");
    if (!ag_utf8_valid(l->text + l->at, l->size, NULL))
        return ag_lexer_fail(l, l->at, AG_ERROR_SYNTAX, error, "a name is not in UTF-8");
    *out = ag_arena_text(arena, l->text + l->at, l->size);
    if (!*out)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for a name");
    ag_lexer_next(l);
    return AG_OK;
}

ag_status ag_reading_variable(ag_reading *r, int *out, ag_error *error) {
    ag_lexer *l = &r->lexer;
    if (l->kind != AG_TOKEN_WORD && l->kind != AG_TOKEN_STRING)
        return ag_lexer_expected(l, error, "the name of a variable");
    char name[512];
    *out = -1;
    if (l->size < sizeof name) {
        memcpy(name, l->text + l->at, l->size);
        name[l->size] = 0;
        *out = ag_network_find_variable(r->network, name);
    }
    if (*out < 0)
        return ag_lexer_fail(l, l->at, AG_ERROR_NAME, error,
                             "there is no variable '%.*s' before this place",
                             (int)(l->size < 60 ? l->size : 60), l->text + l->at);
    ag_lexer_next(l);
    return AG_OK;
}

ag_status ag_reading_skip(ag_reading *r, const char *what, ag_error *error) {
    ag_lexer *l = &r->lexer;
    while (!ag_lexer_is_mark(l, ';')) {
        if (l->kind == AG_TOKEN_END || ag_lexer_is_mark(l, '}')) {
            char message[64];
            snprintf(message, sizeof message, "';' after the %s", what);
            return ag_lexer_expected(l, error, message);
        }
        ag_lexer_next(l);
    }
    ag_lexer_next(l);
    return AG_OK;
}

ag_status ag_reading_add(ag_reading *r, const char *name, size_t at, int count,
                         const char *const *states, ag_error *error) {
    ag_error inner = {AG_OK, 0, 0, "", ""};
    ag_lexer_next(&r->lexer);
    ag_status status = ag_network_add_variable(r->network, name, count, states, NULL, &inner);
    return status ? ag_lexer_fail(&r->lexer, at, status, error, "%s", inner.message) : AG_OK;
}

ag_status ag_reading_family(ag_reading *r, int *child, int *parent_count, ag_error *error) {
    ag_lexer *l = &r->lexer;
    *parent_count = 0;
    ag_lexer_next(l);
    ag_status status = ag_lexer_take_mark(l, '(', error);
    if (!status)
        status = ag_reading_variable(r, child, error);
    if (!status && ag_lexer_is_mark(l, '|'))
        ag_lexer_next(l);
    while (!status && !ag_lexer_is_mark(l, ')')) {
        status = ag_reading_reserve_parent(r, *parent_count, error);
        if (!status)
            status = ag_reading_variable(r, &r->parents[(*parent_count)++], error);
        if (!status && ag_lexer_is_mark(l, ','))
            ag_lexer_next(l);
    }
    if (!status)
        ag_lexer_next(l);
    return status ? status : ag_lexer_take_mark(l, '{', error);
}

ag_status ag_reading_number(ag_reading *r, double *out, ag_error *error) {
    ag_lexer *l = &r->lexer;
    if (l->kind != AG_TOKEN_WORD || !ag_lexer_number(l->text + l->at, l->size, out))
        return ag_lexer_expected(l, error, "a number");
    if (!(*out >= 0) || *out > 1e300)
        return ag_lexer_fail(l, l->at, AG_ERROR_VALUE, error,
                             "%.*s is not a probability: it must be finite and not negative",
                             (int)(l->size < 40 ? l->size : 40), l->text + l->at);
    ag_lexer_next(l);
    return AG_OK;
}

ag_status ag_reading_count(ag_reading *r, double least, double most, int *out, const char *what,
                           ag_error *error) {
    ag_lexer *l = &r->lexer;
    double x;
    if (l->kind != AG_TOKEN_WORD || !ag_lexer_number(l->text + l->at, l->size, &x))
        return ag_lexer_expected(l, error, what);
    if (!(x >= least && x <= most) || x != (double)(int)x)
        return ag_lexer_fail(l, l->at, AG_ERROR_VALUE, error,
                             "expected %s: a whole number from %.0f to %.0f", what, least, most);
    *out = (int)x;
    ag_lexer_next(l);
    return AG_OK;
}

/* ---- Formats ---- */

static const struct {
    ag_network_format format;
    const char *suffix;
    ag_status (*read)(ag_reading *, ag_error *);
    ag_status (*write)(const ag_network *, ag_text *, ag_error *);
} FORMATS[] = {
    {AG_NETWORK_BIF, ".bif", ag_bif_read, ag_bif_write},
    {AG_NETWORK_UAI, ".uai", ag_uai_read, ag_uai_write},
    {AG_NETWORK_NET, ".net", ag_net_read, ag_net_write},
    {AG_NETWORK_XMLBIF, ".xmlbif", NULL, ag_xmlbif_write},
    {AG_NETWORK_XMLBIF, ".xml", NULL, ag_xmlbif_write},
    {AG_NETWORK_XDSL, ".xdsl", NULL, ag_xdsl_write},
};
enum { FORMAT_COUNT = sizeof FORMATS / sizeof *FORMATS };

static bool ends_with(const char *text, size_t length, const char *suffix) {
    size_t n = strlen(suffix);
    return length >= n && memcmp(text + length - n, suffix, n) == 0;
}

ag_status ag_network_format_of(ag_network_format *out, const char *path, ag_error *error) {
    size_t length = strlen(path);
    if (ends_with(path, length, ".gz"))
        length -= 3;
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (ends_with(path, length, FORMATS[i].suffix)) {
            *out = FORMATS[i].format;
            return AG_OK;
        }
    return ag_fail(error, AG_ERROR_UNSUPPORTED,
                   "'%s' does not end in .bif, .uai, .net, .xmlbif or .xdsl (or these with .gz)",
                   path);
}

ag_status ag_network_parse(ag_network **out, ag_network_format format, const char *text,
                           size_t length, ag_error *error) {
    *out = NULL;
    int i = 0;
    while (i < FORMAT_COUNT && FORMATS[i].format != format)
        i++;
    if (i == FORMAT_COUNT || !FORMATS[i].read)
        return ag_fail(error, AG_ERROR_UNSUPPORTED, "this format can be written, not read");
    /* Some editors put a byte order mark before a text in UTF-8. */
    size_t start = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    ag_reading reading = {.lexer = {.text = text + start, .length = length - start}};
    ag_status status = ag_network_new(&reading.network, 1, error);
    if (status)
        return status;
    status = FORMATS[i].read(&reading, error);
    if (!status && reading.network->count == 0)
        status = ag_fail(error, AG_ERROR_VALUE, "this text has no variable in it");
    if (!status)
        status = ag_network_check(reading.network, error);
    ag_reading_free(&reading);
    if (status)
        ag_network_free(reading.network);
    else
        *out = reading.network;
    return status;
}

ag_status ag_format_table(const ag_network *network, int variable, double **out, size_t *count,
                          ag_error *error) {
    const ag_variable *v = &network->variables[variable];
    *count = (size_t)v->state_count;
    for (int i = 0; i < v->parent_count; i++) {
        *count *= (size_t)network->variables[v->parents[i]].state_count;
        if (*count > (size_t)1 << 31)
            return ag_fail(error, AG_ERROR_TOO_LARGE, "the table of '%s' is too large to write out",
                           v->name);
    }
    *out = malloc(*count * sizeof **out);
    if (!*out)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the table of '%s'", v->name);
    ag_status status = ag_network_copy_table(network, variable, 0, *out, *count, error);
    if (status)
        free(*out);
    return status;
}

ag_status ag_network_print(const ag_network *network, ag_network_format format, char **out,
                           size_t *out_length, ag_error *error) {
    int i = 0;
    *out = NULL;
    *out_length = 0;
    while (i < FORMAT_COUNT && FORMATS[i].format != format)
        i++;
    if (i == FORMAT_COUNT)
        return ag_fail(error, AG_ERROR_UNSUPPORTED, "there is no such format");
    ag_text text = {NULL, 0, 0, false};
    ag_status status = FORMATS[i].write(network, &text, error);
    if (!status && text.failed)
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory for the text of a network");
    if (status) {
        free(text.data);
        return status;
    }
    *out = text.data;
    *out_length = text.length;
    return AG_OK;
}

/* ---- Files ---- */

/* Far above any network that could be compiled: a stop for gzip files that unpack without end. */
#define AG_FILE_MOST ((size_t)1 << 31)

#if defined(AG_NETWORK_ZLIB)
typedef gzFile source;
static source open_source(const char *path) {
    gzFile file = gzopen(path, "rb");
    if (file)
        gzbuffer(file, 1 << 17);
    return file;
}
static int read_source(source file, char *to, unsigned size) {
    return gzread(file, to, size);
}
/* Z_BUF_ERROR where gzip data stop before their end. */
static bool close_source(source file) {
    return gzclose(file) != Z_BUF_ERROR;
}
#else
typedef FILE *source;
static source open_source(const char *path) {
    return fopen(path, "rb");
}
static int read_source(source file, char *to, unsigned size) {
    size_t n = fread(to, 1, size, file);
    return ferror(file) ? -1 : (int)n;
}
static bool close_source(source file) {
    fclose(file);
    return true;
}
#endif

static const char *reason(void) {
    return errno ? strerror(errno) : "out of memory";
}

static ag_status read_whole(const char *path, ag_text *text, ag_error *error) {
    errno = 0;
    source file = open_source(path);
    if (!file)
        return ag_fail(error, AG_ERROR_IO, "the file cannot be opened: %s", reason());
    int n = 1;
    while (n > 0 && text->length <= AG_FILE_MOST && reserve_text(text, 1 << 18)) {
        n = read_source(file, text->data + text->length, 1 << 18);
        text->length += n > 0 ? (size_t)n : 0;
    }
    bool complete = close_source(file);
    if (text->failed)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory for the text of the file");
    if (text->length > AG_FILE_MOST)
        return ag_fail(error, AG_ERROR_TOO_LARGE, "the text of the file is larger than 2 GiB");
    if (n < 0)
        return ag_fail(error, AG_ERROR_IO,
                       "the file cannot be read to its end, or is a damaged gzip file");
    return complete ? AG_OK : ag_fail(error, AG_ERROR_SYNTAX, "the gzip file ends too soon");
}

ag_status ag_network_read(ag_network **out, const char *path, ag_error *error) {
    *out = NULL;
    ag_network_format format;
    ag_text text = {NULL, 0, 0, false};
    ag_status status = ag_network_format_of(&format, path, error);
    if (!status)
        status = read_whole(path, &text, error);
    if (!status)
        status = ag_network_parse(out, format, text.data, text.length, error);
    if (status)
        ag_fault_where(error, path);
    free(text.data);
    return status;
}

static bool write_whole(const char *path, const char *text, size_t length) {
    bool packed = ends_with(path, strlen(path), ".gz");
#if defined(AG_NETWORK_ZLIB)
    if (packed) {
        gzFile file = gzopen(path, "wb9");
        if (!file)
            return false;
        size_t done = 0;
        int n = 1;
        while (done < length && n > 0) {
            size_t left = length - done < 1 << 20 ? length - done : 1 << 20;
            n = gzwrite(file, text + done, (unsigned)left);
            done += n > 0 ? (size_t)n : 0;
        }
        return gzclose(file) == Z_OK && done == length;
    }
#endif
    FILE *file = packed ? NULL : fopen(path, "wb");
    if (!file)
        return false;
    bool ok = fwrite(text, 1, length, file) == length;
    return fclose(file) == 0 && ok;
}

ag_status ag_network_write(const ag_network *network, const char *path, ag_error *error) {
    ag_network_format format;
    char *text;
    size_t length;
    ag_status status = ag_network_format_of(&format, path, error);
    if (!status)
        status = ag_network_print(network, format, &text, &length, error);
    if (status)
        return status;
    errno = 0;
    if (!write_whole(path, text, length))
        status = ag_fail(error, AG_ERROR_IO, "'%s' cannot be written: %s", path, reason());
    free(text);
    return status;
}
