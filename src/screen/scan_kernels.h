/**
 * @file scan_kernels.h
 * Looking for bytes in text, once for each instruction set; the scalar one defines the result.
 */
#ifndef AG_SCAN_KERNELS_H
#define AG_SCAN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/** Bytes that find() gives room for are less than this. */
enum { AG_SCAN_PLACES = 64 };

typedef struct ag_scan_kernels {
    const char *name;
    /**
     * The place of the first line feed in `length` bytes, or `length`. `joint` is set where "}{"
     * stands before it: two values on one line, or in a string.
     */
    size_t (*line)(const char *text, size_t length, bool *joint);
    /**
     * The places of `needle` (2 to 64 bytes) in `length` bytes, at most `room` of them; their
     * number, or room + 1 where there are more. `escaped` is set where a backslash stands anywhere.
     */
    int (*find)(const char *text, size_t length, const char *needle, size_t needle_length,
                size_t *places, int room, bool *escaped);
} ag_scan_kernels;

/** The kernels of index 0 (scalar), 1, 2, ...; NULL where the processor has none of that index. */
const ag_scan_kernels *ag_scan_kernels_at(int index);

/** The fastest. */
const ag_scan_kernels *ag_scan_kernels_best(void);

#endif
