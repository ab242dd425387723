/**
 * @file stream.h
 * A file or standard input read from its beginning: plain, gzip or zstd. A JSON value that is
 * written over several lines comes as one line, also where several such values follow each other.
 */
#ifndef AG_STREAM_H
#define AG_STREAM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ag_stream ag_stream;

/**
 * Open `path`, or standard input where it is "-". NULL, or what is wrong (written into `message`).
 * Caller frees with ag_stream_close.
 */
const char *ag_stream_open(ag_stream **out, const char *path, char *message, size_t size);
void ag_stream_close(ag_stream *stream);

/** Read up to `room` bytes, unpacked; `*got` is 0 at the end. NULL, or what is wrong; what was got
 * before it is good. */
const char *ag_stream_read(ag_stream *stream, char *to, size_t room, size_t *got);

/** Whether a text that begins so is JSON written over several lines, as people read it: a bracket
 * alone on the first line, and what may follow it on the next. */
bool ag_stream_spans_lines(const char *start, size_t length);

/** Bytes of the file that were read so far, packed as they are. */
long long ag_stream_position(const ag_stream *stream);

#endif
