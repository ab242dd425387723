/* The reference, and the choice of what the processor has. */
#include <string.h>

#include "scan_kernels.h"

#if defined(AG_SCAN_X86)
extern const ag_scan_kernels ag_scan_kernels_avx2;
extern const ag_scan_kernels ag_scan_kernels_avx512;
#endif

static ag_scan_line line(const char *text, size_t length, size_t from) {
    ag_scan_line found = {from, false};
    for (; found.end < length && text[found.end] != '\n'; found.end++)
        found.joint |= found.end > from && text[found.end] == '{' && text[found.end - 1] == '}';
    return found;
}

static int lines(const char *text, size_t length, ag_scan_line *out, int room) {
    int count = 0;
    for (size_t from = 0; from < length && count < room; count++) {
        out[count] = line(text, length, from);
        from = out[count].end + 1;
    }
    return count;
}

static int find(const char *text, size_t length, const ag_scan_key *key, size_t *places, int room,
                ag_scan_seen *seen) {
    int count = 0;
    for (size_t i = 0; i < length; i++) {
        size_t behind = i + key->length;
        seen->backslash |= text[i] == '\\';
        seen->mark |= text[i] == key->mark;
        if (behind > length || memcmp(text + i, key->text, key->length) != 0 ||
            (behind + 1 < length && text[behind + 1] == '"'))
            continue;
        if (count < room)
            places[count] = i;
        count += count <= room;
    }
    return count;
}

static const ag_scan_kernels base = {"scalar", lines, find};

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
