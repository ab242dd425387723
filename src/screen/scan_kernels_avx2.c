/* 32 bytes at a time, and more than there are at the end, of which nothing is taken. */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#include "scan_kernels.h"

enum { WIDTH = 32 };

static inline __m256i load(const char *text) {
    return _mm256_loadu_si256((const __m256i *)text);
}

static inline uint32_t equal(__m256i bytes, char to) {
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(to)));
}

/* Of the bytes from here on, those that are there. */
static inline uint32_t there(size_t left) {
    return left >= WIDTH ? UINT32_MAX : (UINT32_C(1) << left) - 1;
}

static int lines(const char *text, size_t length, ag_scan_line *out, int room) {
    uint32_t carry = 0;
    bool joint = false;
    int count = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        __m256i bytes = load(text + i);
        uint32_t closes = equal(bytes, '}'), both = equal(bytes, '{') & (closes << 1 | carry);
        uint32_t feeds = equal(bytes, '\n') & there(length - i);
        both &= there(length - i);
        for (; feeds != 0; feeds &= feeds - 1) {
            uint32_t before = (feeds & -feeds) - 1;
            out[count++] =
                (ag_scan_line){i + (size_t)__builtin_ctz(feeds), joint || (both & before) != 0};
            if (count == room)
                return count;
            both &= ~before;
            joint = false;
        }
        joint = joint || both != 0;
        carry = closes >> 31;
    }
    if (length > 0 && text[length - 1] != '\n')
        out[count++] = (ag_scan_line){length, joint};
    return count;
}

static int find(const char *text, size_t length, const ag_scan_key *key, size_t *places, int room,
                ag_scan_seen *seen) {
    size_t last = key->length - 1;
    uint32_t slashes = 0, marks = 0;
    int count = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        __m256i bytes = load(text + i);
        uint32_t here = there(length - i);
        slashes |= equal(bytes, '\\') & here;
        marks |= equal(bytes, key->mark) & here;
        uint32_t likely = equal(bytes, '"') & equal(load(text + i + 1), key->text[1]) &
                          equal(load(text + i + last), key->text[last]) & here;
        for (; likely != 0; likely &= likely - 1) {
            size_t at = i + (size_t)__builtin_ctz(likely), behind = at + key->length;
            if (behind > length || memcmp(text + at, key->text, key->length) != 0 ||
                (behind + 1 < length && text[behind + 1] == '"'))
                continue;
            if (count < room)
                places[count] = at;
            count += count <= room;
        }
    }
    seen->backslash |= slashes != 0;
    seen->mark |= marks != 0;
    return count;
}

const ag_scan_kernels ag_scan_kernels_avx2 = {"avx2", lines, find};
