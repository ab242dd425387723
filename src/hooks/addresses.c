/* Addresses, identifiers and secrets. Randomness, hashes and comparison are OpenSSL's. */
#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooks_work.h"

static bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void ag_percent_encode(ag_buffer *out, const char *text, const char *keep) {
    for (; *text != '\0'; text++)
        if (is_plain(*text) || strchr("-._~", *text) != NULL || strchr(keep, *text) != NULL)
            ag_buffer_add_char(out, *text);
        else
            ag_buffer_format(out, "%%%02X", (unsigned char)*text);
}

const char *ag_without_slash(ag_arena *arena, const char *base) {
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/')
        length--;
    return ag_arena_text(arena, base, length);
}

static size_t scheme_length(const char *address) {
    return strncmp(address, "https://", 8) == 0 ? 8 : strncmp(address, "http://", 7) == 0 ? 7 : 0;
}

bool ag_address_valid(const char *address) {
    size_t scheme = scheme_length(address);
    const char *host = address + scheme;
    size_t length = strcspn(host, "/?#");
    if (scheme == 0 || length == 0 || memchr(host, '@', length) != NULL)
        return false;
    for (const char *c = address; *c != '\0'; c++)
        if (*c <= ' ' || *c == 0x7f || strchr("\"<>\\^`{}", *c) != NULL)
            return false;
    return true;
}

/* "base/../elsewhere" is not below base, though it begins so. */
bool ag_address_below(const char *address, const char *base) {
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/')
        length--;
    if (!ag_address_valid(address) || strncmp(address, base, length) != 0)
        return false;
    const char *rest = address + length;
    size_t path = strcspn(rest, "?#");
    for (const char *dots = rest; (dots = strstr(dots, "..")) != NULL; dots++)
        if ((size_t)(dots - rest) < path)
            return false;
    for (const char *percent = rest; (percent = strchr(percent, '%')) != NULL; percent++)
        if ((size_t)(percent - rest) < path)
            return false;
    return *rest == '\0' || *rest == '/' || *rest == '?';
}

bool ag_fhir_id_valid(const char *id) {
    size_t length = strlen(id);
    for (size_t i = 0; i < length; i++)
        if (!is_plain(id[i]) && id[i] != '-' && id[i] != '.')
            return false;
    return length >= 1 && length <= 64 && strcmp(id, ".") != 0 && strcmp(id, "..") != 0;
}

/* ---- secrets ---- */

/* Without randomness nothing here is safe: better no program than a guessable one. */
static void fill_random(unsigned char *bytes, int count) {
    if (RAND_bytes(bytes, count) != 1)
        abort();
}

void ag_uuid_new(char out[AG_UUID_TEXT]) {
    unsigned char b[16];
    fill_random(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(out, AG_UUID_TEXT,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
             b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
}

static void write_base64url(const unsigned char *bytes, size_t length, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < length; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16;
        size_t left = length - i;
        group |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        if (left > 1)
            *out++ = digits[group >> 6 & 63];
        if (left > 2)
            *out++ = digits[group & 63];
    }
    *out = '\0';
}

void ag_secret_new(char out[AG_SECRET_TEXT]) {
    unsigned char bytes[32];
    fill_random(bytes, sizeof bytes);
    write_base64url(bytes, sizeof bytes, out);
}

bool ag_secret_same(const char *a, const char *b) {
    size_t length = strlen(a);
    return length == strlen(b) && CRYPTO_memcmp(a, b, length) == 0;
}

const char *ag_base64url(ag_arena *arena, const unsigned char *bytes, size_t length) {
    char *out = ag_arena_alloc(arena, 4 * (length / 3 + 1) + 1);
    if (out != NULL)
        write_base64url(bytes, length, out);
    return out;
}

const char *ag_sha256_text(ag_arena *arena, const char *text) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)text, strlen(text), digest);
    return ag_base64url(arena, digest, sizeof digest);
}
