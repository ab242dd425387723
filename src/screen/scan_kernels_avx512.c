/* 64 bytes at a time, and more than there are at the end, of which nothing is taken. */
#include <immintrin.h>
#include <stdint.h>

#include "scan_kernels.h"

enum { WIDTH = 64 };

static inline __m512i load(const char *text) {
    return _mm512_loadu_si512(text);
}

static inline uint64_t equal(__m512i bytes, char to) {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(to));
}

/* 0 where a byte is the one looked for: what has a 0 anywhere is found by one test. */
static inline __m512i differ(__m512i bytes, char from) {
    return _mm512_xor_si512(bytes, _mm512_set1_epi8(from));
}

static inline uint64_t zeros(__m512i bytes) {
    return _mm512_testn_epi8_mask(bytes, bytes);
}

/* Of the bytes from here on, those that are there. */
static inline uint64_t there(size_t left) {
    return left >= WIDTH ? UINT64_MAX : (UINT64_C(1) << left) - 1;
}

/* 0 where "}{" begins. */
static inline __m512i joint_at(const char *text) {
    return _mm512_or_si512(differ(load(text), '}'), differ(load(text + 1), '{'));
}

/* What is known of the line that is being looked at, and the lines before it. */
typedef struct seen_lines {
    ag_scan_line *out;
    int count, room;
    __m512i joints; /* a 0 where "}{" began */
} seen_lines;

/* The lines that end in the first `width` bytes of a block, of which `left` are there. */
static inline void end_lines(seen_lines *s, const char *block, size_t place, size_t width,
                             size_t left) {
    uint64_t feeds = equal(load(block), '\n') & there(width) & there(left);
    uint64_t both = zeros(joint_at(block)) & there(width) & there(left - 1);
    bool joint = zeros(s->joints) != 0;
    for (; feeds != 0 && s->count < s->room; feeds &= feeds - 1) {
        uint64_t before = (feeds & -feeds) - 1;
        s->out[s->count++] =
            (ag_scan_line){place + (size_t)__builtin_ctzll(feeds), joint || (both & before) != 0};
        both &= ~before;
        joint = false;
    }
    s->joints = _mm512_set1_epi8(joint || both != 0 ? 0 : 'x');
}

/* The first block ends at a multiple of 64: loads that cross one cost double. */
static int lines(const char *text, size_t length, ag_scan_line *out, int room) {
    if (length == 0)
        return 0;
    seen_lines s = {out, 0, room, _mm512_set1_epi8('x')};
    size_t i = WIDTH - (uintptr_t)text % WIDTH;
    end_lines(&s, text, 0, i, length);
    for (; i < length && s.count < room; i += WIDTH) {
        const char *at = text + i;
        if (length - i > WIDTH && equal(load(at), '\n') == 0)
            s.joints = _mm512_min_epu8(s.joints, joint_at(at));
        else
            end_lines(&s, at, i, WIDTH, length - i);
    }
    if (text[length - 1] != '\n' && s.count < room)
        out[s.count++] = (ag_scan_line){length, zeros(s.joints) != 0};
    return s.count;
}

static inline bool stands_at(const ag_scan_key *key, const char *text) {
    uint64_t used = UINT64_MAX >> (WIDTH - key->length);
    return _mm512_mask_cmpneq_epi8_mask(used, load(text),
                                        _mm512_maskz_loadu_epi8(used, key->text)) == 0;
}

static int find(const char *text, size_t length, const ag_scan_key *key, size_t *places, int room,
                ag_scan_seen *seen) {
    size_t end = key->length - 1;
    const __m512i second = _mm512_set1_epi8(key->text[1]), last = _mm512_set1_epi8(key->text[end]),
                  mark = _mm512_set1_epi8(key->mark), slash = _mm512_set1_epi8('\\');
    __m512i marks = _mm512_set1_epi8('x'), slashes = marks; /* a 0 where one stood */
    int count = 0;
    for (size_t i = 0; i < length; i += WIDTH) {
        size_t left = length - i;
        __m512i bytes =
            left < WIDTH ? _mm512_maskz_loadu_epi8(there(left), text + i) : load(text + i);
        slashes = _mm512_min_epu8(slashes, _mm512_xor_si512(bytes, slash));
        marks = _mm512_min_epu8(marks, _mm512_xor_si512(bytes, mark));
        uint64_t likely = equal(bytes, '"');
        likely = _mm512_mask_cmpeq_epi8_mask(likely, load(text + i + 1), second);
        likely = _mm512_mask_cmpeq_epi8_mask(likely, load(text + i + end), last);
        if (likely == 0)
            continue;
        for (; likely != 0; likely &= likely - 1) {
            size_t at = i + (size_t)__builtin_ctzll(likely);
            bool value = at + end + 2 < length && text[at + end + 2] == '"';
            if (value || at + key->length > length || !stands_at(key, text + at))
                continue;
            if (count < room)
                places[count] = at;
            count += count <= room;
        }
    }
    seen->backslash |= zeros(slashes) != 0;
    seen->mark |= zeros(marks) != 0;
    return count;
}

const ag_scan_kernels ag_scan_kernels_avx512 = {"avx512", lines, find};
