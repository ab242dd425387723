/* External merge sort: a run is a piece that is sorted, in memory or in a file. */
#include "sorter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pages.h"

/* More runs than these are merged to one first: each needs an open file. */
enum { MOST_RUNS = 128, LINES_FIRST = 1024, FILE_BUFFER = 1 << 18, BLOCK = 1 << 21, MANY = 64 };

/* Room for the text of lines. */
typedef struct block {
    struct block *next;
    size_t used, room;
    char text[];
} block;

struct ag_sorter {
    block *blocks; /* the one that is filled, and those before it */
    block *spare;
    size_t used;    /* bytes of text, each line with a NUL */
    ag_line *lines; /* and behind their room, as much to sort in */
    size_t count, line_room;
    size_t sorted; /* all of them, where it is the count */
    size_t memory;
    char *folder;
    FILE *runs[MOST_RUNS];
    int run_count;
};

static ag_status no_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

static ag_status io_fault(ag_error *error, const char *what) {
    return ag_fail(error, AG_ERROR_IO, "a temporary file cannot be %s: %s", what, strerror(errno));
}

ag_sorter *ag_sorter_new(size_t memory, const char *folder) {
    ag_sorter *sorter = calloc(1, sizeof *sorter);
    if (sorter == NULL)
        return NULL;
    const char *own = getenv("TMPDIR");
    folder = folder != NULL ? folder : own != NULL && *own != '\0' ? own : "/tmp";
    sorter->memory = memory;
    sorter->folder = strdup(folder);
    if (sorter->folder == NULL) {
        free(sorter);
        return NULL;
    }
    return sorter;
}

static void free_blocks(block *b) {
    for (block *next; b != NULL; b = next) {
        next = b->next;
        free(b);
    }
}

void ag_sorter_free(ag_sorter *sorter) {
    if (sorter == NULL)
        return;
    for (int i = 0; i < sorter->run_count; i++)
        fclose(sorter->runs[i]);
    free_blocks(sorter->blocks);
    free_blocks(sorter->spare);
    free(sorter->lines);
    free(sorter->folder);
    free(sorter);
}

/* ---- sorting in memory ---- */

/* Eight bytes from `at` on, the first most significant; zeros behind the end. */
static uint64_t prefix_of(const ag_line *l, size_t at) {
    unsigned char b[8] = {0};
    if (l->length >= at + 8)
        memcpy(b, l->text + at, 8);
    else if (l->length > at)
        memcpy(b, l->text + at, l->length - at);
    return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
           (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
           (uint64_t)b[6] << 8 | (uint64_t)b[7];
}

/* Take the prefixes from `at` on; false where they are all the same. */
static bool take_prefixes(ag_line *lines, size_t count, size_t at) {
    uint64_t differ = 0;
    for (size_t i = 0; i < count; i++) {
        lines[i].prefix = prefix_of(&lines[i], at);
        differ |= lines[i].prefix ^ lines[0].prefix;
    }
    return differ != 0;
}

static void sort_few(ag_line *lines, size_t count) {
    for (size_t i = 1; i < count; i++) {
        ag_line moved = lines[i];
        size_t to = i;
        for (; to > 0 && lines[to - 1].prefix > moved.prefix; to--)
            lines[to] = lines[to - 1];
        lines[to] = moved;
    }
}

/* By one byte of the prefix; false where it is the same in all, and nothing was done. */
static bool sort_by_byte(const ag_line *from, ag_line *to, size_t count, int shift) {
    size_t start[256] = {0}, at = 0;
    for (size_t i = 0; i < count; i++)
        start[from[i].prefix >> shift & 0xFF]++;
    if (start[from[0].prefix >> shift & 0xFF] == count)
        return false;
    for (int byte = 0; byte < 256; byte++) {
        size_t number = start[byte];
        start[byte] = at;
        at += number;
    }
    for (size_t i = 0; i < count; i++)
        to[start[from[i].prefix >> shift & 0xFF]++] = from[i];
    return true;
}

/* By prefix: few by insertion, many byte by byte from the last (radix sort). */
static void sort_by_prefix(ag_line *lines, ag_line *other, size_t count) {
    ag_line *from = lines, *to = other;
    if (count < MANY) {
        sort_few(lines, count);
        return;
    }
    for (int shift = 0; shift < 64; shift += 8)
        if (sort_by_byte(from, to, count, shift)) {
            ag_line *sorted = to;
            to = from;
            from = sorted;
        }
    if (from != lines)
        memcpy(lines, from, count * sizeof *lines);
}

/* Lines that are the same up to `at`, with room for as many in `other`: by the next eight bytes in
 * which they differ, and where these are equal, by those behind. A line holds no NUL, so that a
 * prefix with one ends it. */
static void sort_from(ag_line *lines, ag_line *other, size_t count, size_t at) {
    while (!take_prefixes(lines, count, at)) {
        if ((lines[0].prefix & 0xFF) == 0)
            return;
        at += 8;
    }
    sort_by_prefix(lines, other, count);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && lines[to].prefix == lines[from].prefix; to++) {
        }
        if (to - from > 1 && (lines[from].prefix & 0xFF) != 0)
            sort_from(lines + from, other, to - from, at + 8);
    }
}

void ag_sorter_sort(ag_sorter *s) {
    if (s->count > s->sorted)
        sort_from(s->lines, s->lines + s->line_room, s->count, 0);
    s->sorted = s->count;
}

/* ---- runs in files ---- */

static FILE *temporary_file(const char *folder) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/antegrade-XXXXXX", folder) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    int handle = mkstemp(path);
    if (handle < 0)
        return NULL;
    unlink(path);
    FILE *file = fdopen(handle, "w+b");
    if (file == NULL)
        close(handle);
    else
        setvbuf(file, NULL, _IOFBF, FILE_BUFFER);
    return file;
}

static ag_status merge_runs(ag_sorter *s, ag_error *error);

static ag_status spill(ag_sorter *s, ag_error *error) {
    ag_status status = s->run_count == MOST_RUNS ? merge_runs(s, error) : AG_OK;
    if (status != AG_OK)
        return status;
    ag_sorter_sort(s);
    FILE *file = temporary_file(s->folder);
    if (file == NULL)
        return io_fault(error, "made");
    s->runs[s->run_count++] = file;
    for (size_t i = 0; i < s->count; i++) {
        fwrite(s->lines[i].text, 1, s->lines[i].length, file);
        putc('\n', file);
    }
    if (fflush(file) != 0 || ferror(file))
        return io_fault(error, "written");
    s->count = s->sorted = s->used = 0;
    for (block *b; (b = s->blocks) != NULL;) {
        s->blocks = b->next;
        b->next = s->spare;
        s->spare = b;
    }
    return AG_OK;
}

static block *new_block(size_t need) {
    size_t size = (sizeof(block) + need + BLOCK - 1) / BLOCK * BLOCK;
    block *b = ag_pages_alloc(size);
    if (b == NULL)
        return NULL;
    *b = (block){.room = size - sizeof *b};
    return b;
}

/* Room for a line, in the block that is being filled or in a further one. */
static char *take_room(ag_sorter *s, size_t need) {
    if (s->blocks == NULL || s->blocks->room - s->blocks->used < need) {
        block *b = s->spare != NULL && s->spare->room >= need ? s->spare : NULL;
        if (b != NULL)
            s->spare = b->next;
        else if ((b = new_block(need)) == NULL)
            return NULL;
        b->used = 0;
        b->next = s->blocks;
        s->blocks = b;
    }
    char *text = s->blocks->text + s->blocks->used;
    s->blocks->used += need;
    s->used += need;
    return text;
}

static bool grow_lines(ag_sorter *s) {
    size_t room = s->line_room == 0 ? LINES_FIRST : 2 * s->line_room;
    ag_line *lines = ag_pages_alloc(2 * room * sizeof *lines);
    if (lines == NULL)
        return false;
    if (s->count > 0)
        memcpy(lines, s->lines, s->count * sizeof *lines);
    free(s->lines);
    s->lines = lines;
    s->line_room = room;
    return true;
}

ag_status ag_sorter_add(ag_sorter *s, const char *text, size_t length, ag_error *error) {
    size_t held = s->used + 2 * s->count * sizeof *s->lines;
    if (s->count > 0 && held + length > s->memory) {
        ag_status status = spill(s, error);
        if (status != AG_OK)
            return status;
    }
    char *copy = take_room(s, length + 1);
    if (copy == NULL || (s->count == s->line_room && !grow_lines(s)))
        return no_memory(error);
    memcpy(copy, text, length);
    copy[length] = '\0';
    s->lines[s->count++] = (ag_line){.text = copy, .length = length};
    return AG_OK;
}

ag_status ag_merge_add_sorter(ag_merge *merge, ag_sorter *s, ag_error *error) {
    ag_sorter_sort(s);
    ag_status status = AG_OK;
    for (int i = 0; i < s->run_count && status == AG_OK; i++) {
        rewind(s->runs[i]);
        status = ag_merge_add_file(merge, s->runs[i], NULL, INT64_MAX, error);
    }
    return status == AG_OK ? ag_merge_add_lines(merge, s->lines, s->count, error) : status;
}

/* All runs of a sorter become one. */
static ag_status merge_runs(ag_sorter *s, ag_error *error) {
    FILE *file = temporary_file(s->folder);
    ag_merge *merge = ag_merge_new();
    ag_status status = file == NULL    ? io_fault(error, "made")
                       : merge == NULL ? no_memory(error)
                                       : AG_OK;
    for (int i = 0; i < s->run_count && status == AG_OK; i++) {
        rewind(s->runs[i]);
        status = ag_merge_add_file(merge, s->runs[i], NULL, INT64_MAX, error);
    }
    char *text = NULL;
    size_t length;
    while (status == AG_OK && (status = ag_merge_next(merge, &text, &length, error)) == AG_OK &&
           text != NULL) {
        fwrite(text, 1, length, file);
        putc('\n', file);
    }
    ag_merge_free(merge);
    if (status == AG_OK && (fflush(file) != 0 || ferror(file)))
        status = io_fault(error, "written");
    if (status != AG_OK) {
        if (file != NULL)
            fclose(file);
        return status;
    }
    for (int i = 0; i < s->run_count; i++)
        fclose(s->runs[i]);
    s->runs[0] = file;
    s->run_count = 1;
    return AG_OK;
}
