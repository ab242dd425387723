/**
 * @file scan_kernels.h
 * Looking for bytes in text, once for each instruction set; the scalar one defines the result.
 */
#ifndef AG_SCAN_KERNELS_H
#define AG_SCAN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/** Two texts of 2 to 64 bytes that begin with the same byte. */
typedef struct ag_scan_keys {
    const char *key; /**< all its places are wanted */
    size_t length;
    const char *also; /**< only whether it stands anywhere */
    size_t also_length;
} ag_scan_keys;

typedef struct ag_scan_seen {
    bool backslash, also;
} ag_scan_seen;

typedef struct ag_scan_kernels {
    const char *name;
    /**
     * The place of the first line feed in `length` bytes, or `length`. `joint` is set where "}{"
     * stands before it: two values on one line, or in a string.
     */
    size_t (*line)(const char *text, size_t length, bool *joint);
    /**
     * The places of `keys->key` in `length` bytes, at most `room` of them; their number, or room +
     * 1 where there are more. What else stands there is noted in `seen`.
     */
    int (*find)(const char *text, size_t length, const ag_scan_keys *keys, size_t *places, int room,
                ag_scan_seen *seen);
} ag_scan_kernels;

/** The kernels of index 0 (scalar), 1, 2, ...; NULL where the processor has none of that index. */
const ag_scan_kernels *ag_scan_kernels_at(int index);

/** The fastest. */
const ag_scan_kernels *ag_scan_kernels_best(void);

#endif
