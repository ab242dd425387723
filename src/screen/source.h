/**
 * @file source.h
 * The input: files, folders of them, and standard input; plain, gzip or zstd. Threads take pieces
 * of whole lines from it.
 */
#ifndef AG_SOURCE_H
#define AG_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

typedef struct ag_source ag_source;

/** The usual bytes of a piece. */
enum { AG_SOURCE_PIECE = 1 << 18 };

/**
 * Open `paths`: files, folders (all files in them named *.ndjson, *.jsonl or *.json, also with .gz
 * or .zst behind, at any depth), or "-" for standard input. What was named twice is read once.
 * `piece` is the size of pieces in bytes (0: AG_SOURCE_PIECE). Caller frees with ag_source_close.
 * AG_ERROR_IO (there is no such file), AG_ERROR_MEMORY. A file that turns out to be unreadable
 * later is a fault of that file.
 */
ag_status ag_source_open(ag_source **out, const char *const *paths, int count, size_t piece,
                         ag_error *error);
void ag_source_close(ag_source *source);

/** The files, sorted by name. */
int ag_source_file_count(const ag_source *source);
const char *ag_source_file(const ag_source *source, int file);

/** Size and time of last change of a file, to know it again; -1 for standard input. */
long long ag_source_size(const ag_source *source, int file);
long long ag_source_time(const ag_source *source, int file);

/** Whether it is standard input, a pipe or a device, which gives other bytes each time. */
bool ag_source_is_stream(const ag_source *source, int file);

/** Files of folders that were left out by their names. */
int ag_source_left_out(const ag_source *source);

/** Bytes to read in all (compressed where they are so), 0 where not known, and those read. */
long long ag_source_total(const ag_source *source);
long long ag_source_done(const ag_source *source);

/** The number of a line, from 1, once all that stands before it was read. */
long long ag_source_line(const ag_source *source, int file, long long chunk, long long line);

/** A place between pieces of the input: a file, and a chunk of it. */
typedef struct ag_source_mark {
    int file;
    long long chunk;
} ag_source_mark;

/** Where about `bytes` of input after `from` end. The end of all has file == file count. */
ag_source_mark ag_source_after(const ag_source *source, ag_source_mark from, long long bytes);

/** Read only from one mark to the other, from now on. What stands before must have been read, or
 * passed. No thread may be reading. */
void ag_source_window(ag_source *source, ag_source_mark from, ag_source_mark to);

/** Files that begin in the window. */
int ag_source_begun(const ag_source *source);

/** Whether the window begins where the input does. */
bool ag_source_begins(const ag_source *source);

/** Lines of the window that belong to the file in which it ends. */
long long ag_source_last_lines(const ag_source *source);

/** Pass over a window without reading it; `last_lines` is what ag_source_last_lines told when it
 * was read. */
void ag_source_pass(ag_source *source, ag_source_mark from, ag_source_mark to,
                    long long last_lines);

/** One thread's reading. */
typedef struct ag_source_reader ag_source_reader;

/** Caller frees with ag_source_reader_free. NULL when out of memory. */
ag_source_reader *ag_source_reader_new(ag_source *source);
void ag_source_reader_free(ag_source_reader *reader);

/** A piece of a file: whole lines, with AG_SCAN_PADDING bytes behind them that can be read. */
typedef struct ag_piece {
    const char *text; /**< NULL at the end of all, and where `fault` says why there is none */
    size_t length;
    bool cut; /**< the file ends within the last line: no line feed follows */
    int file;
    long long chunk;
    const char *fault; /**< what is wrong with the file from here on; NULL: nothing */
} ag_piece;

/**
 * The next piece for this thread, borrowed until the next call.
 * False at the end.
 */
bool ag_source_next(ag_source_reader *reader, ag_piece *out);

/** Say how many lines a piece held. False when out of memory. */
bool ag_source_count_lines(ag_source_reader *reader, const ag_piece *piece, long long lines);

#endif
