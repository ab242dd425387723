/**
 * @file scan_kernels.h
 * Looking for bytes in text, once for each instruction set; the scalar one defines the result.
 */
#ifndef AG_SCAN_KERNELS_H
#define AG_SCAN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/** So many bytes behind a text must be readable; what they are does not matter. */
enum { AG_SCAN_PADDING = 192 };

/** What is looked for. */
typedef struct ag_scan_key {
    const char *text; /**< a key of JSON objects, 2 to 64 bytes, the first a quotation mark */
    size_t length;
    char mark; /**< of this byte is told only whether it stands anywhere */
} ag_scan_key;

typedef struct ag_scan_seen {
    bool backslash, mark;
} ag_scan_seen;

/** A line. */
typedef struct ag_scan_line {
    size_t end; /**< the place of its line feed, or of the end of the text */
    bool joint; /**< "}{" stands in it: two values on one line, or in a string */
} ag_scan_line;

typedef struct ag_scan_kernels {
    const char *name;
    /** The first lines of a text of `length` bytes, at most `room` of them; their number. */
    int (*lines)(const char *text, size_t length, ag_scan_line *out, int room);
    /**
     * The places of a key in `length` bytes where something else than a text may follow: not those
     * with a quotation mark as second byte behind. At most `room` of them; returned is their
     * number, or room + 1 where there are more. What else stands in the bytes is noted in `seen`.
     */
    int (*find)(const char *text, size_t length, const ag_scan_key *key, size_t *places, int room,
                ag_scan_seen *seen);
} ag_scan_kernels;

/** The kernels of index 0 (scalar), 1, 2, ...; NULL where the processor has none of that index. */
const ag_scan_kernels *ag_scan_kernels_at(int index);

/** The fastest. */
const ag_scan_kernels *ag_scan_kernels_best(void);

#endif
