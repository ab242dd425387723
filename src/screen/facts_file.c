#define _XOPEN_SOURCE 700 /* realpath */
#include "facts_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static const char FORMAT_NAME[] = "antegrade facts", FORMAT_VERSION[] = "4";

enum { BUFFER = 1 << 18 };

/* ---- writing ---- */

typedef struct writing {
    FILE *file;
    ag_arena *arena;
    unsigned long checksum;
    long long rows;
} writing;

static void write_line(writing *w, const char *line, size_t length) {
    fwrite(line, 1, length, w->file);
    putc('\n', w->file);
    w->checksum = crc32(w->checksum, (const unsigned char *)line, (unsigned)length);
    w->checksum = crc32(w->checksum, (const unsigned char *)"\n", 1);
}

static bool write_row(writing *w, const ag_fact_row *row) {
    ag_buffer line = ag_buffer_start(w->arena);
    ag_row_write(row, &line);
    if (!line.failed)
        write_line(w, line.data, line.length);
    return !line.failed;
}

static bool write_head(writing *w, const ag_facts_about *about) {
    char part[16], parts[16], lines[24];
    ag_buffer names = ag_buffer_start(w->arena);
    ag_row_write_names(&names);
    if (names.failed)
        return false;
    write_line(w, names.data, names.length);
    ag_fact_row row = ag_row_of("a", FORMAT_NAME);
    snprintf(part, sizeof part, "%d", about->part);
    snprintf(parts, sizeof parts, "%d", about->parts);
    snprintf(lines, sizeof lines, "%lld", about->lines);
    row.column[AG_ROW_RESOURCE] = FORMAT_VERSION;
    row.column[AG_ROW_KIND] = "facts";
    row.column[AG_ROW_CARD] = about->knowledge;
    row.column[AG_ROW_STATE] = lines;
    row.column[AG_ROW_LOW] = part;
    row.column[AG_ROW_HIGH] = parts;
    row.column[AG_ROW_TEXT] = about->inputs != NULL ? about->inputs : "";
    return write_row(w, &row);
}

static bool write_end(writing *w) {
    char rows[24], checksum[16];
    ag_fact_row row = ag_row_of("z", FORMAT_NAME);
    snprintf(rows, sizeof rows, "%lld", w->rows);
    snprintf(checksum, sizeof checksum, "%08lx", w->checksum);
    row.column[AG_ROW_DIGEST] = checksum;
    row.column[AG_ROW_KIND] = "end";
    row.column[AG_ROW_LOW] = rows;
    return write_row(w, &row);
}

static ag_status write_all(writing *w, ag_merge *merge, const ag_facts_about *about,
                           ag_error *error) {
    char *line;
    size_t length;
    ag_status status = AG_OK;
    if (!write_head(w, about))
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    while ((status = ag_merge_next(merge, &line, &length, error)) == AG_OK && line != NULL) {
        write_line(w, line, length);
        w->rows++;
    }
    if (status == AG_OK && !write_end(w))
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    return status;
}

static ag_status io_fault(const char *path, ag_error *error) {
    return ag_fail(error, AG_ERROR_IO, "%s cannot be written: %s", path, strerror(errno));
}

/* The new name is on the disk only when its folder is. */
static void sync_folder(const char *path) {
    char folder[4096];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path + 1) : 1,
             slash != NULL ? path : ".");
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle >= 0) {
        fsync(handle);
        close(handle);
    }
}

static ag_status write_to(FILE *file, const char *path, bool regular, ag_merge *merge,
                          const ag_facts_about *about, ag_error *error) {
    writing w = {.file = file, .arena = ag_arena_new()};
    ag_status status = w.arena == NULL ? ag_fail(error, AG_ERROR_MEMORY, "out of memory") : AG_OK;
    if (status == AG_OK)
        status = write_all(&w, merge, about, error);
    if (status == AG_OK &&
        (fflush(file) != 0 || ferror(file) || (regular && fsync(fileno(file)) != 0)))
        status = io_fault(path, error);
    if (fclose(file) != 0 && status == AG_OK)
        status = io_fault(path, error);
    ag_arena_free(w.arena);
    return status;
}

static void tell(const ag_screen_options *options, const char *half_written) {
    if (options->half_written != NULL)
        options->half_written(options->half_written_data, half_written);
}

static ag_status write_whole(const char *path, ag_merge *merge, const ag_facts_about *about,
                             const ag_screen_options *options, ag_error *error) {
    char working[4096];
    if (snprintf(working, sizeof working, "%s.%ld.part", path, (long)getpid()) >=
        (int)sizeof working)
        return ag_fail(error, AG_ERROR_IO, "the name %.60s... is too long", path);
    tell(options, working);
    FILE *file = fopen(working, "wb");
    ag_status status =
        file == NULL ? io_fault(path, error) : write_to(file, path, true, merge, about, error);
    if (status == AG_OK && rename(working, path) != 0)
        status = io_fault(path, error);
    if (status == AG_OK)
        sync_folder(path);
    else if (file != NULL)
        unlink(working);
    tell(options, NULL);
    return status;
}

/* A device or a pipe stays what it is, and so does a link to a file. */
ag_status ag_facts_write(const char *path, ag_merge *merge, const ag_facts_about *about,
                         const ag_screen_options *options, ag_error *error) {
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
        FILE *file = fopen(path, "wb");
        return file != NULL ? write_to(file, path, false, merge, about, error)
                            : io_fault(path, error);
    }
    char *real = realpath(path, NULL);
    ag_status status = write_whole(real != NULL ? real : path, merge, about, options, error);
    free(real);
    return status;
}

/* ---- reading ---- */

typedef struct checking {
    FILE *file;
    const char *path;
    char *line, *before; /* the line, and the one before it */
    size_t room, before_room;
    ssize_t length, before_length;
    unsigned long checksum, checksum_before;
    long long lines;
    ag_error *error;
} checking;

static bool next_line(checking *c) {
    char *line = c->before;
    size_t room = c->before_room;
    c->before = c->line;
    c->before_room = c->room;
    c->before_length = c->length;
    c->line = line;
    c->room = room;
    c->length = getline(&c->line, &c->room, c->file);
    if (c->length < 0)
        return false;
    c->checksum_before = c->checksum;
    c->checksum = crc32(c->checksum, (const unsigned char *)c->line, (unsigned)c->length);
    c->lines++;
    return true;
}

static ag_status no_facts(const checking *c) {
    return ag_fail(c->error, AG_ERROR_UNSUPPORTED,
                   "%.200s is no file of facts; make one with screen --map", c->path);
}

static bool split(char *line, ssize_t length, ag_fact_row *row) {
    return length > 0 && line[length - 1] == '\n' && ag_row_read(line, (size_t)length - 1, row);
}

static ag_status check_head(checking *c, ag_facts_about *about) {
    ag_fact_row row;
    if (!next_line(c) || !split(c->line, c->length, &row) ||
        strcmp(row.column[AG_ROW_CLASS], "class") != 0)
        return no_facts(c);
    if (!next_line(c) || !split(c->line, c->length, &row) ||
        strcmp(row.column[AG_ROW_KEY], FORMAT_NAME) != 0)
        return no_facts(c);
    if (strcmp(row.column[AG_ROW_RESOURCE], FORMAT_VERSION) != 0)
        return ag_fail(c->error, AG_ERROR_UNSUPPORTED,
                       "%.200s has facts of format %.10s, but only %s is read; map its input anew",
                       c->path, row.column[AG_ROW_RESOURCE], FORMAT_VERSION);
    snprintf(about->knowledge, sizeof about->knowledge, "%.60s", row.column[AG_ROW_CARD]);
    about->part = (int)strtol(row.column[AG_ROW_LOW], NULL, 10);
    about->parts = (int)strtol(row.column[AG_ROW_HIGH], NULL, 10);
    about->lines = strtoll(row.column[AG_ROW_STATE], NULL, 10);
    return AG_OK;
}

static ag_status damaged(const checking *c, const char *how) {
    return ag_fail(c->error, AG_ERROR_SYNTAX, "%.200s is %s; map its input anew", c->path, how);
}

/* The last row tells how many there are, and what they sum up to. */
static ag_status check_rows(checking *c, ag_facts_about *about) {
    ag_fact_row row;
    while (next_line(c))
        if (memchr(c->line, '\0', (size_t)c->length) != NULL)
            return damaged(c, "damaged");
    if (ferror(c->file))
        return ag_fail(c->error, AG_ERROR_IO, "%.200s cannot be read: %s", c->path,
                       strerror(errno));
    if (!split(c->before, c->before_length, &row) || strcmp(row.column[AG_ROW_CLASS], "z") != 0 ||
        strcmp(row.column[AG_ROW_KEY], FORMAT_NAME) != 0)
        return damaged(c, "cut off");
    about->rows = c->lines - 3;
    about->checksum = (unsigned)c->checksum_before;
    if (strtoll(row.column[AG_ROW_LOW], NULL, 10) != about->rows ||
        strtoul(row.column[AG_ROW_DIGEST], NULL, 16) != c->checksum_before)
        return damaged(c, "damaged");
    return AG_OK;
}

/* To before the first row of facts. */
static ag_status go_back(checking *c) {
    rewind(c->file);
    c->checksum = 0;
    return next_line(c) && next_line(c) ? AG_OK : damaged(c, "cut off");
}

ag_status ag_facts_open(FILE **out, const char *path, ag_facts_about *about, ag_error *error) {
    checking c = {.file = fopen(path, "rb"), .path = path, .error = error};
    *about = (ag_facts_about){.part = 0};
    *out = NULL;
    if (c.file == NULL)
        return ag_fail(error, AG_ERROR_IO, "%.200s cannot be opened: %s", path, strerror(errno));
    setvbuf(c.file, NULL, _IOFBF, BUFFER);
    ag_status status = check_head(&c, about);
    if (status == AG_OK)
        status = check_rows(&c, about);
    if (status == AG_OK)
        status = go_back(&c);
    free(c.line);
    free(c.before);
    if (status == AG_OK)
        *out = c.file;
    else
        fclose(c.file);
    return status;
}
