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

/* A text as it is compared. */
typedef struct probe {
    __m512i bytes;
    uint64_t mask;
    size_t behind; /* its last byte */
    char second, last;
} probe;

static inline probe probe_of(const char *key, size_t length) {
    uint64_t mask = ~UINT64_C(0) >> (WIDTH - length);
    return (probe){_mm512_maskz_loadu_epi8(mask, key), mask, length - 1, key[1], key[length - 1]};
}

/* Where it may begin, of the places in `starts` where its first byte stands. */
static inline __mmask64 likely_places(const probe *p, __mmask64 starts, const char *text,
                                      size_t left) {
    if (left <= p->behind)
        return 0;
    starts = also_equal(starts, load(text + 1, left - 1), p->second);
    return also_equal(starts, load(text + p->behind, left - p->behind), p->last);
}

static inline bool stands_at(const probe *p, const char *text) {
    return _mm512_cmpneq_epi8_mask(_mm512_maskz_loadu_epi8(p->mask, text), p->bytes) == 0;
}

static int find(const char *text, size_t length, const ag_scan_keys *keys, size_t *places, int room,
                ag_scan_seen *seen) {
    const probe key = probe_of(keys->key, keys->length),
                also = probe_of(keys->also, keys->also_length);
    __mmask64 slashes = 0;
    int count = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        size_t left = length - i;
        __m512i bytes = load(text + i, left);
        slashes = _kor_mask64(slashes, equal(bytes, '\\'));
        __mmask64 starts = equal(bytes, keys->key[0]);
        __mmask64 keyed = likely_places(&key, starts, text + i, left),
                  other = likely_places(&also, starts, text + i, left);
        if (_kortestz_mask64_u8(keyed, other))
            continue;
        for (uint64_t bits = other; bits != 0 && !seen->also; bits &= bits - 1)
            seen->also = stands_at(&also, text + i + __builtin_ctzll(bits));
        for (uint64_t bits = keyed; bits != 0; bits &= bits - 1) {
            size_t at = i + (size_t)__builtin_ctzll(bits);
            if (!stands_at(&key, text + at))
                continue;
            if (count < room)
                places[count] = at;
            count += count <= room;
        }
    }
    seen->backslash |= slashes != 0;
    return count;
}

const ag_scan_kernels ag_scan_kernels_avx512 = {"avx512", line, find};
