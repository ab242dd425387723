/** @file bulk_reading.h All of the input to sorted rows of facts, by several threads. */
#ifndef AG_BULK_READING_H
#define AG_BULK_READING_H

#include "line_reader.h"
#include "source.h"

enum { AG_MOST_THREADS = 256 };

/** How to read. */
typedef struct ag_bulk_options {
    int threads;
    bool strict;
    size_t memory;      /**< bytes of rows that are held, by all threads together */
    const char *folder; /**< of temporary files; NULL: TMPDIR */
    /** Called now and then by one of the threads, with bytes done and in all (0: not known). */
    void (*tick)(void *data, long long done, long long total);
    void *tick_data;
} ag_bulk_options;

/** What was read: sorters full of rows. */
typedef struct ag_bulk {
    ag_sorter *sorters[AG_MOST_THREADS];
    int count;
    ag_sorter *totals; /**< what was counted, and the faults */
} ag_bulk;

/** Read the source to its end. AG_ERROR_IO (temporary files), AG_ERROR_MEMORY. `out` is freed with
 * ag_bulk_free whatever the status. */
ag_status ag_bulk_read(ag_bulk *out, ag_source *source, const ag_vocabulary *vocabulary,
                       const ag_bulk_options *options, ag_error *error);

void ag_bulk_free(ag_bulk *reading);

/** Let a merge take part with all of it. */
ag_status ag_bulk_merge(ag_bulk *reading, ag_merge *merge, ag_error *error);

#endif
