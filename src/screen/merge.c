/* The runs that have a line left are in a heap, the one with the least line first. */
#include "merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "fact_row.h"

enum { RUNS_FIRST = 16, LINES_FIRST = 1024 };

/* Lines stand in memory as they were read: of one some lines ahead, what is usually all is fetched
 * into the cache. */
enum { AHEAD = 8, FETCHED = 192, CACHE_LINE = 64 };

typedef struct run {
    char *text; /* the current line */
    size_t length;
    const ag_line *lines; /* in memory: it and those behind */
    size_t count;
    FILE *file; /* or NULL */
    const char *name;
    long long left; /* lines of the file that take part */
    size_t room;
    char *last; /* the line before, to see that a file is sorted */
    size_t last_length, last_room;
} run;

struct ag_merge {
    run *runs;
    int count, room;
    int *heap; /* places of runs */
    int heap_count;
    bool given;      /* the line of the first run, which moves on only when the next is asked for */
    ag_arena *arena; /* of a part: lines of files */
    ag_line *copies;
    size_t copy_count, copy_room;
};

static ag_status no_memory(ag_error *error) {
    return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

ag_merge *ag_merge_new(void) {
    return calloc(1, sizeof(ag_merge));
}

/* Give up all runs. */
static void clear(ag_merge *m) {
    for (int i = 0; i < m->count; i++)
        if (m->runs[i].file != NULL) {
            free(m->runs[i].text);
            free(m->runs[i].last);
        }
    if (m->arena != NULL)
        ag_arena_reset(m->arena);
    m->count = m->heap_count = 0;
    m->copy_count = 0;
    m->given = false;
}

void ag_merge_free(ag_merge *merge) {
    if (merge == NULL)
        return;
    clear(merge);
    ag_arena_free(merge->arena);
    free(merge->copies);
    free(merge->runs);
    free(merge->heap);
    free(merge);
}

/* ---- one run ---- */

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length) {
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static void fetch(const ag_line *line) {
    for (size_t at = 0; at < line->length && at < FETCHED; at += CACHE_LINE)
        AG_PREFETCH(line->text + at);
}

/* Whether there is a line of those in memory. */
static bool show(run *r) {
    if (r->count == 0)
        return false;
    r->text = r->lines->text;
    r->length = r->lines->length;
    if (r->count > AHEAD)
        fetch(&r->lines[AHEAD]);
    return true;
}

static void keep_last(run *r) {
    char *text = r->last;
    size_t room = r->last_room;
    r->last = r->text;
    r->last_length = r->length;
    r->last_room = r->room;
    r->text = text;
    r->room = room;
}

static ag_status read_line(run *r, bool *more, ag_error *error) {
    if (r->left-- == 0)
        return AG_OK;
    keep_last(r);
    errno = 0;
    ssize_t got = getline(&r->text, &r->room, r->file);
    if (got < 0)
        return ferror(r->file)
                   ? ag_fail(error, AG_ERROR_IO, "%s cannot be read: %s",
                             r->name != NULL ? r->name : "a temporary file", strerror(errno))
               : errno == ENOMEM ? no_memory(error)
                                 : AG_OK;
    r->length = (size_t)got - (r->text[got - 1] == '\n');
    r->text[r->length] = '\0';
    if (r->last != NULL && compare_bytes(r->last, r->last_length, r->text, r->length) > 0)
        return ag_fail(error, AG_ERROR_SYNTAX, "%s is not sorted",
                       r->name != NULL ? r->name : "a temporary file");
    *more = true;
    return AG_OK;
}

/* Whether the run has a further line. */
static ag_status advance(run *r, bool *more, ag_error *error) {
    *more = false;
    if (r->file != NULL)
        return read_line(r, more, error);
    r->lines++;
    r->count--;
    *more = show(r);
    return AG_OK;
}

/* ---- the heap ---- */

static bool before(const ag_merge *m, int a, int b) {
    const run *x = &m->runs[m->heap[a]], *y = &m->runs[m->heap[b]];
    int order = compare_bytes(x->text, x->length, y->text, y->length);
    return order != 0 ? order < 0 : m->heap[a] < m->heap[b];
}

static void swap(ag_merge *m, int a, int b) {
    int kept = m->heap[a];
    m->heap[a] = m->heap[b];
    m->heap[b] = kept;
}

static void sink(ag_merge *m) {
    for (int at = 0, child; (child = 2 * at + 1) < m->heap_count; at = child) {
        if (child + 1 < m->heap_count && before(m, child + 1, child))
            child++;
        if (!before(m, child, at))
            return;
        swap(m, at, child);
    }
}

static void enter(ag_merge *m, int place) {
    m->heap[m->heap_count++] = place;
    for (int at = m->heap_count - 1; at > 0 && before(m, at, (at - 1) / 2); at = (at - 1) / 2)
        swap(m, at, (at - 1) / 2);
}

/* The line that was given is over. */
static ag_status settle(ag_merge *m, ag_error *error) {
    bool more;
    if (!m->given)
        return AG_OK;
    m->given = false;
    ag_status status = advance(&m->runs[m->heap[0]], &more, error);
    if (status != AG_OK)
        return status;
    if (!more)
        m->heap[0] = m->heap[--m->heap_count];
    sink(m);
    return AG_OK;
}

/* ---- taking part ---- */

static bool grow(ag_merge *m) {
    int room = m->room == 0 ? RUNS_FIRST : 2 * m->room;
    run *runs = realloc(m->runs, (size_t)room * sizeof *runs);
    if (runs != NULL)
        m->runs = runs;
    int *heap = runs != NULL ? realloc(m->heap, (size_t)room * sizeof *heap) : NULL;
    if (heap == NULL)
        return false;
    m->heap = heap;
    m->room = room;
    return true;
}

static ag_status add_run(ag_merge *m, run added, ag_error *error) {
    bool more = false;
    ag_status status = settle(m, error);
    if (status == AG_OK && m->count == m->room && !grow(m))
        return no_memory(error);
    if (status != AG_OK)
        return status;
    run *r = &m->runs[m->count++];
    *r = added;
    if (r->file != NULL)
        status = read_line(r, &more, error);
    else
        more = show(r);
    if (more)
        enter(m, m->count - 1);
    return status;
}

ag_status ag_merge_add_lines(ag_merge *merge, const ag_line *lines, size_t count, ag_error *error) {
    return add_run(merge, (run){.lines = lines, .count = count}, error);
}

ag_status ag_merge_add_file(ag_merge *merge, FILE *file, const char *name, long long most,
                            ag_error *error) {
    return add_run(merge, (run){.file = file, .name = name, .left = most}, error);
}

/* ---- line by line ---- */

ag_status ag_merge_peek(ag_merge *merge, char **line, size_t *length, ag_error *error) {
    ag_status status = settle(merge, error);
    bool any = status == AG_OK && merge->heap_count > 0;
    const run *first = any ? &merge->runs[merge->heap[0]] : NULL;
    *line = any ? first->text : NULL;
    *length = any ? first->length : 0;
    return status;
}

ag_status ag_merge_next(ag_merge *merge, char **line, size_t *length, ag_error *error) {
    ag_status status = ag_merge_peek(merge, line, length, error);
    merge->given = *line != NULL;
    return status;
}

/* ---- parts ---- */

/* Whether the line begins so, or comes before those that do. */
static bool is_up_to(const ag_line *line, const char *beginning, size_t length) {
    return memcmp(line->text, beginning, line->length < length ? line->length : length) <= 0;
}

/* How many lines begin so or come before; of the first `most`, all others that do begin so. */
static size_t count_up_to(const run *r, size_t most, const char *beginning, size_t length) {
    size_t low = 0, high = most < r->count ? most : r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_up_to(&r->lines[middle], beginning, length))
            low = middle + 1;
        else
            high = middle;
    }
    while (low >= most && low < r->count && is_up_to(&r->lines[low], beginning, length))
        low++;
    return low;
}

/* The least of the lines to which the runs' equal shares go, so that from none more is taken than
 * its share; NULL where no run has as much of the class. */
static const char *find_end(const ag_merge *m, size_t share, char row_class) {
    const ag_line *least = NULL;
    for (int i = 0; i < m->heap_count; i++) {
        const run *r = &m->runs[m->heap[i]];
        const ag_line *last = r->count > share ? &r->lines[share - 1] : NULL;
        if (last != NULL && (least == NULL || compare_bytes(last->text, last->length, least->text,
                                                            least->length) < 0))
            least = last;
    }
    return least != NULL && *least->text == row_class ? least->text : NULL;
}

/* All runs are in memory: of each the lines up to the same key, or of one class. */
static ag_status cut_runs(ag_merge *m, size_t most, ag_merge *part, ag_error *error) {
    int runs = m->heap_count;
    size_t share = most / (size_t)runs + 1;
    char row_class = *m->runs[m->heap[0]].text;
    const char *last = find_end(m, share, row_class), *end = last != NULL ? last : &row_class;
    size_t length = last != NULL ? ag_row_beginning(last) : 1;
    ag_status status = AG_OK;
    m->heap_count = 0;
    for (int i = 0; i < runs && status == AG_OK; i++) {
        int place = m->heap[i];
        run *r = &m->runs[place];
        size_t count = count_up_to(r, share, end, length);
        status = ag_merge_add_lines(part, r->lines, count, error);
        r->lines += count;
        r->count -= count;
        if (show(r))
            enter(m, place);
    }
    return status;
}

static bool keep_copy(ag_merge *part, const char *line, size_t length) {
    if (part->arena == NULL && (part->arena = ag_arena_new()) == NULL)
        return false;
    if (part->copy_count == part->copy_room) {
        size_t room = part->copy_room == 0 ? LINES_FIRST : 2 * part->copy_room;
        ag_line *copies = realloc(part->copies, room * sizeof *copies);
        if (copies == NULL)
            return false;
        part->copies = copies;
        part->copy_room = room;
    }
    char *copy = ag_arena_text(part->arena, line, length);
    if (copy != NULL)
        part->copies[part->copy_count++] = (ag_line){.text = copy, .length = length};
    return copy != NULL;
}

/* Lines of files do not stay. */
static ag_status copy_lines(ag_merge *m, size_t most, ag_merge *part, ag_error *error) {
    char *line, *end = NULL;
    size_t length, beginning = 0;
    ag_status status;
    while ((status = ag_merge_peek(m, &line, &length, error)) == AG_OK && line != NULL) {
        if ((end != NULL && strncmp(line, end, beginning) != 0) ||
            (part->copy_count > 0 && *line != *part->copies[0].text))
            break;
        if (!keep_copy(part, line, length))
            return no_memory(error);
        m->given = true;
        if (end == NULL && part->copy_count >= most) {
            end = part->copies[part->copy_count - 1].text;
            beginning = ag_row_beginning(end);
        }
    }
    return status == AG_OK ? ag_merge_add_lines(part, part->copies, part->copy_count, error)
                           : status;
}

ag_status ag_merge_cut(ag_merge *merge, size_t most, ag_merge *part, ag_error *error) {
    bool files = false;
    clear(part);
    ag_status status = settle(merge, error);
    for (int i = 0; i < merge->heap_count; i++)
        files = files || merge->runs[merge->heap[i]].file != NULL;
    if (status != AG_OK || merge->heap_count == 0)
        return status;
    return files ? copy_lines(merge, most, part, error) : cut_runs(merge, most, part, error);
}
