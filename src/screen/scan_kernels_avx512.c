/* 64 bytes at a time; what lies behind the end is masked out. */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#include "scan_kernels.h"

enum { WIDTH = 64 };

static inline __m512i load(const char *text, size_t left) {
    if (left >= WIDTH)
        return _mm512_loadu_si512(text);
    return _mm512_maskz_loadu_epi8((UINT64_C(1) << left) - 1, text);
}

static size_t line(const char *text, size_t length, bool *joint) {
    const __m512i feed = _mm512_set1_epi8('\n'), open = _mm512_set1_epi8('{'),
                  close = _mm512_set1_epi8('}');
    uint64_t carry = 0, joints = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        __m512i bytes = load(text + i, length - i);
        uint64_t closes = _mm512_cmpeq_epi8_mask(bytes, close);
        uint64_t both = _mm512_cmpeq_epi8_mask(bytes, open) & (closes << 1 | carry);
        uint64_t feeds = _mm512_cmpeq_epi8_mask(bytes, feed);
        carry = closes >> 63;
        if (feeds != 0) {
            size_t at = (size_t)__builtin_ctzll(feeds);
            *joint = *joint || (joints | (both & ((UINT64_C(1) << at) - 1))) != 0;
            return i + at;
        }
        joints |= both;
    }
    *joint = *joint || joints != 0;
    return length;
}

static int find(const char *text, size_t length, const char *needle, size_t needle_length,
                size_t *places, int room, bool *escaped) {
    const __m512i first = _mm512_set1_epi8(needle[0]), second = _mm512_set1_epi8(needle[1]),
                  slash = _mm512_set1_epi8('\\');
    uint64_t slashes = 0;
    int count = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        size_t left = length - i;
        __m512i bytes = load(text + i, left);
        slashes |= _mm512_cmpeq_epi8_mask(bytes, slash);
        uint64_t starts = _mm512_cmpeq_epi8_mask(bytes, first);
        uint64_t likely = starts & _mm512_cmpeq_epi8_mask(load(text + i + 1, left - 1), second);
        for (; likely != 0; likely &= likely - 1) {
            size_t at = i + (size_t)__builtin_ctzll(likely);
            if (length - at < needle_length || memcmp(text + at, needle, needle_length) != 0)
                continue;
            if (count < room)
                places[count] = at;
            count += count <= room;
        }
    }
    *escaped = *escaped || slashes != 0;
    return count;
}

const ag_scan_kernels ag_scan_kernels_avx512 = {"avx512", line, find};
