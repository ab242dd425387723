/**
 * @file digest.h
 * Numbers that are the same for the same content, on every machine, and hardly ever for others. No
 * defence against those who look for two of one number.
 */
#ifndef AG_DIGEST_H
#define AG_DIGEST_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t ag_digest_mix(uint64_t x) {
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

/** A digest, continued by a number. */
static inline uint64_t ag_digest_number(uint64_t digest, uint64_t number) {
    return ag_digest_mix((digest ^ number) * UINT64_C(0x9e3779b97f4a7c15));
}

/** A digest, continued by `length` bytes. */
uint64_t ag_digest_text(uint64_t digest, const char *text, size_t length);

#endif
