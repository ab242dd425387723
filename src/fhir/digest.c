#include "digest.h"

/* The order of bytes in memory is made the same everywhere. */
static inline uint64_t load(const char *text, size_t bytes) {
    uint64_t word = 0;
    for (size_t i = 0; i < bytes; i++)
        word |= (uint64_t)(unsigned char)text[i] << 8 * i;
    return word;
}

/* The last bytes of a text, up to eight; where there are more, some of those before them again. */
static uint64_t load_end(const char *text, size_t length) {
    if (length >= 8)
        return load(text + length - 8, 8);
    if (length >= 4)
        return load(text, 4) << 32 | load(text + length - 4, 4);
    return length == 0
               ? 0
               : load(text, 1) << 16 | load(text + length / 2, 1) << 8 | load(text + length - 1, 1);
}

uint64_t ag_digest_text(uint64_t digest, const char *text, size_t length) {
    for (size_t at = 0; at + 8 < length; at += 8) {
        digest = (digest ^ load(text + at, 8)) * UINT64_C(0x9e3779b97f4a7c15);
        digest ^= digest >> 29;
    }
    digest = (digest ^ length) * UINT64_C(0xbf58476d1ce4e5b9);
    return ag_digest_mix(digest ^ load_end(text, length));
}
