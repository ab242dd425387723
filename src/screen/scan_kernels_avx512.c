/*
 * 64 bytes at a time; what lies behind the end is read as zeros. Comparisons stay in vectors, where
 * they cost least: a difference is 0 where bytes are equal, an or of differences where all are, and
 * a minimum where any is. One test then asks whether there is a 0 at all.
 */
#include <immintrin.h>
#include <stdint.h>

#include "scan_kernels.h"

enum { WIDTH = 64 };

/* The bytes from `at` on, of `left` that are there. */
static inline __m512i load(const char *text, size_t at, size_t left) {
    if (left >= at + WIDTH)
        return _mm512_loadu_si512(text + at);
    return left > at ? _mm512_maskz_loadu_epi8((UINT64_C(1) << (left - at)) - 1, text + at)
                     : _mm512_setzero_si512();
}

static inline __m512i differ(__m512i bytes, char from) {
    return _mm512_xor_si512(bytes, _mm512_set1_epi8(from));
}

static inline __m512i all_of(__m512i a, __m512i b, __m512i c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0xFE);
}

static inline __m512i any_of(__m512i a, __m512i b) {
    return _mm512_min_epu8(a, b);
}

static inline uint64_t where(__m512i differences) {
    return _mm512_testn_epi8_mask(differences, differences);
}

static inline __m512i joint_at(const char *text, size_t left) {
    return _mm512_or_si512(differ(load(text, 0, left), '}'), differ(load(text, 1, left), '{'));
}

static size_t line(const char *text, size_t length, bool *joint) {
    __m512i joints = _mm512_set1_epi8('x');
    size_t i = 0;
    for (; length - i > 2 * WIDTH; i += 2 * WIDTH) {
        const char *at = text + i;
        __m512i feeds =
            any_of(differ(load(at, 0, WIDTH), '\n'), differ(load(at, WIDTH, 2 * WIDTH), '\n'));
        if (where(feeds) != 0)
            break;
        joints = any_of(joints, any_of(joint_at(at, 2 * WIDTH), joint_at(at + WIDTH, 2 * WIDTH)));
    }
    *joint = *joint || where(joints) != 0;
    for (; i < length; i += WIDTH) {
        uint64_t feeds = where(differ(load(text + i, 0, length - i), '\n')),
                 both = where(joint_at(text + i, length - i));
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

static inline bool stands_at(const probe *p, const char *text, size_t left) {
    return left > p->behind &&
           _mm512_cmpneq_epi8_mask(_mm512_maskz_loadu_epi8(p->mask, text), p->bytes) == 0;
}

/* Where either key may begin: by its first, second and last byte. */
static inline uint64_t likely(const probe *key, const probe *also, const char *text, size_t left,
                              __m512i first) {
    __m512i next = load(text, 1, left);
    return where(any_of(
        all_of(first, differ(next, key->second), differ(load(text, key->behind, left), key->last)),
        all_of(first, differ(next, also->second),
               differ(load(text, also->behind, left), also->last))));
}

static int find(const char *text, size_t length, const ag_scan_keys *keys, size_t *places, int room,
                ag_scan_seen *seen) {
    const probe key = probe_of(keys->key, keys->length),
                also = probe_of(keys->also, keys->also_length);
    __m512i slashes = _mm512_set1_epi8('x');
    int count = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        size_t left = length - i;
        __m512i bytes = load(text + i, 0, left);
        slashes = any_of(slashes, differ(bytes, '\\'));
        uint64_t bits = likely(&key, &also, text + i, left, differ(bytes, keys->key[0]));
        for (; bits != 0; bits &= bits - 1) {
            size_t at = i + (size_t)__builtin_ctzll(bits);
            if (!stands_at(&key, text + at, length - at)) {
                seen->also = seen->also || stands_at(&also, text + at, length - at);
                continue;
            }
            if (count < room)
                places[count] = at;
            count += count <= room;
        }
    }
    seen->backslash |= where(slashes) != 0;
    return count;
}

const ag_scan_kernels ag_scan_kernels_avx512 = {"avx512", line, find};
