/* 32 bytes at a time; the rest byte by byte. */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#include "scan_kernels.h"

enum { WIDTH = 32 };

static inline uint32_t equal(__m256i bytes, __m256i to) {
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, to));
}

static inline __m256i load(const char *text) {
    return _mm256_loadu_si256((const __m256i *)text);
}

static size_t line_rest(const char *text, size_t from, size_t length, bool *joint) {
    for (size_t i = from; i < length; i++) {
        if (text[i] == '\n')
            return i;
        *joint = *joint || (i > 0 && text[i] == '{' && text[i - 1] == '}');
    }
    return length;
}

static size_t line(const char *text, size_t length, bool *joint) {
    const __m256i feed = _mm256_set1_epi8('\n'), open = _mm256_set1_epi8('{'),
                  close = _mm256_set1_epi8('}');
    uint32_t carry = 0, joints = 0;
    size_t i = 0;
    for (; length - i >= WIDTH; i += WIDTH) {
        __m256i bytes = load(text + i);
        uint32_t closes = equal(bytes, close);
        uint32_t both = equal(bytes, open) & (closes << 1 | carry);
        uint32_t feeds = equal(bytes, feed);
        carry = closes >> 31;
        if (feeds != 0) {
            size_t at = (size_t)__builtin_ctz(feeds);
            *joint = *joint || (joints | (both & ((UINT32_C(1) << at) - 1))) != 0;
            return i + at;
        }
        joints |= both;
    }
    *joint = *joint || joints != 0;
    return line_rest(text, i, length, joint);
}

static bool stands_at(const char *text, size_t left, const char *key, size_t key_length) {
    return left >= key_length && text[key_length - 1] == key[key_length - 1] &&
           memcmp(text, key, key_length) == 0;
}

/* What of both keys begins at `at`, where their first byte stands. */
static int look_at(const char *text, size_t at, size_t length, const ag_scan_keys *keys,
                   size_t *places, int room, int count, ag_scan_seen *seen) {
    seen->also |= stands_at(text + at, length - at, keys->also, keys->also_length);
    if (!stands_at(text + at, length - at, keys->key, keys->length))
        return count;
    if (count < room)
        places[count] = at;
    return count + (count <= room);
}

static int find(const char *text, size_t length, const ag_scan_keys *keys, size_t *places, int room,
                ag_scan_seen *seen) {
    const __m256i first = _mm256_set1_epi8(keys->key[0]), slash = _mm256_set1_epi8('\\'),
                  second = _mm256_set1_epi8(keys->key[1]), other = _mm256_set1_epi8(keys->also[1]);
    uint32_t slashes = 0;
    int count = 0;
    size_t i = 0;
    for (; length - i > WIDTH; i += WIDTH) {
        __m256i bytes = load(text + i), next = load(text + i + 1);
        slashes |= equal(bytes, slash);
        uint32_t likely = equal(bytes, first) & (equal(next, second) | equal(next, other));
        for (; likely != 0; likely &= likely - 1)
            count = look_at(text, i + (size_t)__builtin_ctz(likely), length, keys, places, room,
                            count, seen);
    }
    seen->backslash |= slashes != 0;
    for (; i < length; i++) {
        seen->backslash |= text[i] == '\\';
        if (text[i] == keys->key[0])
            count = look_at(text, i, length, keys, places, room, count, seen);
    }
    return count;
}

const ag_scan_kernels ag_scan_kernels_avx2 = {"avx2", line, find};
