/* 64 bytes at a time; what lies behind the end is masked out. Masks stay in mask registers until
 * there is something to be looked at. */
#include <immintrin.h>
#include <stdint.h>

#include "scan_kernels.h"

enum { WIDTH = 64 };

static inline __m512i load(const char *text, size_t left) {
    if (left >= WIDTH)
        return _mm512_loadu_si512(text);
    return _mm512_maskz_loadu_epi8((UINT64_C(1) << left) - 1, text);
}

static inline __mmask64 equal(__m512i bytes, char to) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(to));
}

static inline __mmask64 also_equal(__mmask64 where, __m512i bytes, char to) {
    return _mm512_mask_cmpeq_epi8_mask(where, bytes, _mm512_set1_epi8(to));
}

static inline __mmask64 joints_of(const char *text, size_t left) {
    return also_equal(equal(load(text, left), '}'), load(text + 1, left - 1), '{');
}

static size_t line(const char *text, size_t length, bool *joint) {
    __mmask64 joints = 0;
    size_t i = 0;
    for (; length - i > 2 * WIDTH; i += 2 * WIDTH) {
        __mmask64 first = equal(load(text + i, WIDTH), '\n'),
                  second = equal(load(text + i + WIDTH, WIDTH), '\n');
        if (!_kortestz_mask64_u8(first, second))
            break;
        joints = _kor_mask64(joints, joints_of(text + i, WIDTH + 1));
        joints = _kor_mask64(joints, joints_of(text + i + WIDTH, WIDTH + 1));
    }
    *joint = *joint || joints != 0;
    for (; i < length; i += WIDTH) {
        uint64_t feeds = equal(load(text + i, length - i), '\n'),
                 both = joints_of(text + i, length - i);
        *joint = *joint || (feeds != 0 ? both & ((feeds & -feeds) - 1) : both) != 0;
        if (feeds != 0)
            return i + (size_t)__builtin_ctzll(feeds);
    }
    return length;
}

static int find(const char *text, size_t length, const char *needle, size_t needle_length,
                size_t *places, int room, bool *escaped) {
    const size_t behind = needle_length - 1;
    const uint64_t needle_mask = ~UINT64_C(0) >> (WIDTH - needle_length);
    const __m512i whole = _mm512_maskz_loadu_epi8(needle_mask, needle);
    __mmask64 slashes = 0;
    int count = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        size_t left = length - i;
        __m512i bytes = load(text + i, left);
        slashes = _kor_mask64(slashes, equal(bytes, '\\'));
        if (left <= behind)
            continue;
        __mmask64 likely = equal(bytes, needle[0]);
        likely = also_equal(likely, load(text + i + 1, left - 1), needle[1]);
        likely = also_equal(likely, load(text + i + behind, left - behind), needle[behind]);
        if (_kortestz_mask64_u8(likely, likely))
            continue;
        for (uint64_t bits = likely; bits != 0; bits &= bits - 1) {
            size_t at = i + (size_t)__builtin_ctzll(bits);
            __m512i found = _mm512_maskz_loadu_epi8(needle_mask, text + at);
            if (_mm512_cmpneq_epi8_mask(found, whole) != 0)
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
