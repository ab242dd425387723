/* The reference, and the choice of what the processor has. */
#include <string.h>

#include "scan_kernels.h"

#if defined(AG_SCAN_X86)
extern const ag_scan_kernels ag_scan_kernels_avx2;
extern const ag_scan_kernels ag_scan_kernels_avx512;
#endif

static size_t line(const char *text, size_t length, bool *joint) {
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n')
            return i;
        *joint = *joint || (i > 0 && text[i] == '{' && text[i - 1] == '}');
    }
    return length;
}

static bool stands_at(const char *text, size_t length, const char *key, size_t key_length) {
    return length >= key_length && memcmp(text, key, key_length) == 0;
}

static int find(const char *text, size_t length, const ag_scan_keys *keys, size_t *places, int room,
                ag_scan_seen *seen) {
    int count = 0;
    for (size_t i = 0; i < length; i++) {
        seen->backslash |= text[i] == '\\';
        seen->also |= stands_at(text + i, length - i, keys->also, keys->also_length);
        if (!stands_at(text + i, length - i, keys->key, keys->length))
            continue;
        if (count < room)
            places[count] = i;
        count += count <= room;
    }
    return count;
}

static const ag_scan_kernels base = {"scalar", line, find};

const ag_scan_kernels *ag_scan_kernels_at(int index) {
    if (index == 0)
        return &base;
#if defined(AG_SCAN_X86)
    if (index == 1 && __builtin_cpu_supports("avx2"))
        return &ag_scan_kernels_avx2;
    if (index == 2 && __builtin_cpu_supports("avx512bw"))
        return &ag_scan_kernels_avx512;
#endif
    return NULL;
}

const ag_scan_kernels *ag_scan_kernels_best(void) {
    int best = 0;
    while (ag_scan_kernels_at(best + 1) != NULL)
        best++;
    return ag_scan_kernels_at(best);
}
