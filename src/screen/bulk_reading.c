/* Threads take pieces from the source; each has its own memory, sorter and counts. */
#include "bulk_reading.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fact_row.h"

typedef struct worker {
    ag_source *source;
    const ag_bulk_options *options;
    ag_line_reader reader;
    ag_status status;
    atomic_bool *stop;
    pthread_t thread;
    bool first; /* tells of progress */
} worker;

/* A byte order mark, which the parser skips. */
static bool has_mark(const char *text, size_t length) {
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
}

/* So many lines are found at once; they stay near until they are read. */
enum { LINES = 16 };

static ag_status read_lines(worker *w, ag_source_reader *from, const ag_piece *piece) {
    ag_scan_line lines[LINES];
    ag_line_place place = {piece->file, piece->chunk, 0};
    ag_status status = AG_OK;
    for (size_t begin = 0; begin < piece->length && status == AG_OK;) {
        const char *text = piece->text + begin;
        size_t left = piece->length - begin, at = 0;
        int count = w->reader.kernels->lines(text, left, lines, LINES);
        for (int i = 0; i < count && status == AG_OK; i++) {
            place.line++;
            status = ag_line_read(&w->reader, text + at, lines[i].end - at,
                                  lines[i].joint || (place.line == 1 && has_mark(text, left)),
                                  piece->cut && lines[i].end == left, place);
            at = lines[i].end + 1;
        }
        begin += at;
    }
    if (status == AG_OK)
        status = ag_line_reader_settle(&w->reader);
    w->reader.counts.bytes += (long long)piece->length;
    if (!ag_source_count_lines(from, piece, place.line) && status == AG_OK)
        status = ag_fail(&w->reader.error, AG_ERROR_MEMORY, "out of memory");
    return status;
}

static ag_status file_fault(worker *w, const ag_piece *piece) {
    ag_line_fault fault = {.file = piece->file, .chunk = piece->chunk, .line = 0};
    snprintf(fault.message, sizeof fault.message, "%.250s", piece->fault);
    w->reader.counts.faults++;
    return ag_faults_add(&w->reader.faults, &fault);
}

static void *work(void *data) {
    worker *w = data;
    ag_piece piece;
    ag_source_reader *from = ag_source_reader_new(w->source);
    if (from == NULL)
        w->status = ag_fail(&w->reader.error, AG_ERROR_MEMORY, "out of memory");
    while (w->status == AG_OK && !atomic_load(w->stop) && ag_source_next(from, &piece)) {
        if (piece.text != NULL)
            w->status = read_lines(w, from, &piece);
        if (piece.fault != NULL && w->status == AG_OK)
            w->status = file_fault(w, &piece);
        if (w->first && w->options->tick != NULL)
            w->options->tick(w->options->tick_data, ag_source_done(w->source),
                             ag_source_total(w->source));
    }
    if (w->status == AG_OK)
        w->status =
            ag_concepts_settle(w->reader.concepts, true, w->reader.sorter, &w->reader.error);
    ag_sorter_sort(w->reader.sorter);
    if (w->status != AG_OK)
        atomic_store(w->stop, true);
    ag_source_reader_free(from);
    return NULL;
}

/* ---- what was counted, as rows ---- */

static ag_status add_row(ag_sorter *sorter, const ag_fact_row *row, ag_error *error) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer line = ag_buffer_start(arena);
    ag_row_write(row, &line);
    ag_status status = line.failed ? ag_fail(error, AG_ERROR_MEMORY, "out of memory")
                                   : ag_sorter_add(sorter, line.data, line.length, error);
    ag_arena_free(arena);
    return status;
}

static ag_status add_fault_row(const ag_line_fault *fault, const ag_source *source,
                               ag_sorter *sorter, ag_error *error) {
    char line[32];
    long long number =
        fault->line > 0 ? ag_source_line(source, fault->file, fault->chunk, fault->line) : 0;
    snprintf(line, sizeof line, "%012lld", number);
    ag_fact_row row = ag_row_of("e", ag_source_file(source, fault->file));
    row.column[AG_ROW_RESOURCE] = line;
    row.column[AG_ROW_KIND] = "fault";
    row.column[AG_ROW_TEXT] = fault->message;
    return add_row(sorter, &row, error);
}

static ag_status add_count(const char *name, long long count, ag_sorter *sorter, ag_error *error) {
    char text[32];
    snprintf(text, sizeof text, "%lld", count);
    ag_fact_row row = ag_row_of("f", name);
    row.column[AG_ROW_KIND] = "count";
    row.column[AG_ROW_LOW] = text;
    return count > 0 ? add_row(sorter, &row, error) : AG_OK;
}

static ag_status add_counts(const ag_read_counts *c, ag_sorter *sorter, ag_error *error) {
    ag_status status = AG_OK;
#define ADD_COUNT(field, name)                                                                     \
    if (status == AG_OK)                                                                           \
        status = add_count(name, c->field, sorter, error);
    AG_READ_COUNT_LIST(ADD_COUNT)
#undef ADD_COUNT
    return status;
}

/* The first faults of all threads together. */
static ag_status tell_faults(worker *workers, int count, const ag_source *source, ag_sorter *sorter,
                             ag_error *error) {
    ag_faults all = {.list = NULL};
    ag_status status = AG_OK;
    for (int w = 0; w < count; w++)
        for (int i = 0; i < workers[w].reader.faults.count && status == AG_OK; i++)
            status = ag_faults_add(&all, &workers[w].reader.faults.list[i]);
    for (int i = 0; i < all.count && status == AG_OK; i++)
        status = add_fault_row(&all.list[i], source, sorter, error);
    ag_faults_free(&all);
    return status;
}

static ag_status tell_counts(worker *workers, int count, const ag_source *source, ag_sorter *sorter,
                             ag_error *error) {
    ag_status status = AG_OK;
    for (int w = 0; w < count && status == AG_OK; w++)
        status = add_counts(&workers[w].reader.counts, sorter, error);
    if (status == AG_OK)
        status = add_count("files", ag_source_begun(source), sorter, error);
    if (status == AG_OK && ag_source_begins(source))
        status =
            add_count("files of other names left out", ag_source_left_out(source), sorter, error);
    return status;
}

/* ---- the threads ---- */

static ag_status run(worker *workers, int count) {
    int started = 1;
    for (; started < count; started++)
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0)
            break; /* fewer will do it */
    work(&workers[0]);
    for (int i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    ag_status status = AG_OK;
    for (int i = 0; i < count; i++)
        if (status == AG_OK && workers[i].status != AG_OK)
            status = workers[i].status;
    return status;
}

static ag_status open_workers(ag_bulk *out, worker *workers, ag_source *source,
                              const ag_vocabulary *vocabulary, const ag_bulk_options *options,
                              atomic_bool *stop) {
    out->totals = ag_sorter_new(options->memory, options->folder);
    ag_status status = out->totals != NULL ? AG_OK : AG_ERROR_MEMORY;
    for (int i = 0; i < out->count && status == AG_OK; i++) {
        workers[i] = (worker){.source = source, .options = options, .stop = stop, .first = i == 0};
        out->sorters[i] = ag_sorter_new(options->memory / (size_t)out->count, options->folder);
        status = out->sorters[i] != NULL ? ag_line_reader_open(&workers[i].reader, vocabulary,
                                                               out->sorters[i], options->strict)
                                         : AG_ERROR_MEMORY;
    }
    return status;
}

ag_status ag_bulk_read(ag_bulk *out, ag_source *source, const ag_vocabulary *vocabulary,
                       const ag_bulk_options *options, ag_error *error) {
    *out = (ag_bulk){.count = options->threads};
    atomic_bool stop = false;
    worker *workers = calloc((size_t)out->count, sizeof *workers);
    ag_status status = workers != NULL
                           ? open_workers(out, workers, source, vocabulary, options, &stop)
                           : AG_ERROR_MEMORY;
    if (status != AG_OK)
        ag_fail(error, status, "out of memory");
    else
        status = run(workers, out->count);
    for (int i = 0; workers != NULL && i < out->count && status != AG_OK; i++)
        if (workers[i].status == status && error != NULL)
            *error = workers[i].reader.error;
    if (status == AG_OK)
        status = tell_faults(workers, out->count, source, out->totals, error);
    if (status == AG_OK)
        status = tell_counts(workers, out->count, source, out->totals, error);
    for (int i = 0; workers != NULL && i < out->count; i++)
        ag_line_reader_close(&workers[i].reader);
    free(workers);
    return status;
}

void ag_bulk_free(ag_bulk *reading) {
    for (int i = 0; i < reading->count; i++)
        ag_sorter_free(reading->sorters[i]);
    ag_sorter_free(reading->totals);
    reading->totals = NULL;
    reading->count = 0;
}

ag_status ag_bulk_merge(ag_bulk *reading, ag_merge *merge, ag_error *error) {
    ag_status status = AG_OK;
    for (int i = 0; i < reading->count && status == AG_OK; i++)
        status = ag_merge_add_sorter(merge, reading->sorters[i], error);
    return status == AG_OK ? ag_merge_add_sorter(merge, reading->totals, error) : status;
}
