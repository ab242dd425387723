/*
 * Folding covers the Latin letters of Latin-1 and Latin Extended-A, the Greek capitals and the
 * micro sign. Each letter folds to no more bytes than it had, so a folded text never grows. The
 * distance is the optimal string alignment distance, computed over three rows.
 */
#include "text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a growing text ---- */

ag_buffer ag_buffer_start(ag_arena *arena) {
    return (ag_buffer){.arena = arena};
}

static bool reserve(ag_buffer *buffer, size_t more) {
    if (buffer->failed)
        return false;
    if (more >= SIZE_MAX / 4 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->length + more + 1;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity == 0 ? 64 : 2 * buffer->capacity;
    if (capacity < needed)
        capacity = needed;
    char *data = ag_arena_alloc(buffer->arena, capacity);
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    if (buffer->length > 0)
        memcpy(data, buffer->data, buffer->length);
    data[buffer->length] = '\0';
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

char *ag_buffer_room(ag_buffer *buffer, size_t most) {
    return reserve(buffer, most) ? buffer->data + buffer->length : NULL;
}

void ag_buffer_add_bytes(ag_buffer *buffer, const char *bytes, size_t length) {
    if (length == 0 || !reserve(buffer, length))
        return;
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void ag_buffer_add(ag_buffer *buffer, const char *text) {
    ag_buffer_add_bytes(buffer, text, strlen(text));
}

void ag_buffer_add_char(ag_buffer *buffer, char c) {
    ag_buffer_add_bytes(buffer, &c, 1);
}

void ag_buffer_format(ag_buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->failed = true;
    } else if (reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

char *ag_buffer_text(ag_buffer *buffer) {
    return reserve(buffer, 0) ? buffer->data : NULL;
}

/* ---- UTF-8 ---- */

uint32_t ag_utf8_next(const char *text, size_t length, size_t *size) {
    const unsigned char *p = (const unsigned char *)text;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    *size = 1;
    if (p[0] < 0x80)
        return p[0];
    size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n > length)
        return 0xFFFD;
    uint32_t code = p[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0xFFFD;
        code = code << 6 | (p[i] & 0x3Fu);
    }
    if (code < smallest[n] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0xFFFD;
    *size = n;
    return code;
}

int ag_utf8_cut(const char *text, int most) {
    int length = (int)strnlen(text, (size_t)most + 1);
    if (length <= most)
        return length;
    while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}

bool ag_utf8_valid(const char *text, size_t length, size_t *at) {
    for (size_t i = 0; i < length;) {
        size_t size;
        uint32_t code = ag_utf8_next(text + i, length - i, &size);
        if (code == 0xFFFD && size == 1) {
            if (at != NULL)
                *at = i;
            return false;
        }
        i += size;
    }
    return true;
}

/* ---- comparison ---- */

static bool is_space(uint32_t code) {
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 || code == 0x202F ||
           code == 0x3000 || code == 0xFEFF || (code >= 0x2000 && code <= 0x200B);
}

static bool is_hyphen(uint32_t code) {
    return code == '-' || code == '_' || code == 0xAD || code == 0x2212 ||
           (code >= 0x2010 && code <= 0x2015);
}

void ag_text_trim(const char **text, size_t *length) {
    while (*length > 0) {
        size_t size;
        if (!is_space(ag_utf8_next(*text, *length, &size)))
            break;
        *text += size;
        *length -= size;
    }
    while (*length > 0) {
        size_t start = *length - 1, size;
        while (start > 0 && ((*text)[start] & 0xC0) == 0x80)
            start--;
        if (!is_space(ag_utf8_next(*text + start, *length - start, &size)))
            break;
        *length = start;
    }
}

/* Base letters of U+00C0 to U+017F, one byte each; '.' keeps the code point, and digits name the
 * ligatures. */
static const char latin[] = "aaaaaa0ceeeeiiiidnooooo.ouuuuyt1"  /* C0 */
                            "aaaaaa0ceeeeiiiidnooooo.ouuuuyty"  /* E0 */
                            "aaaaaaccccccccddddeeeeeeeeeegggg"  /* 100 */
                            "gggghhhhiiiiiiiiii22jjkkklllllll"  /* 120 */
                            "lllnnnnnnnnnoooooo33rrrrrrssssss"  /* 140 */
                            "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"; /* 160 */
static const char *const ligatures[] = {"ae", "ss", "ij", "oe"};

/* The folded bytes of one code point, in `out` (at most 4); returns their number. */
static size_t fold_code(uint32_t code, const char *source, size_t size, char *out) {
    if (code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code >= 0x300 && code <= 0x36F)
        return 0; /* combining marks */
    if (code >= 0xC0 && code < 0xC0 + sizeof latin - 1 && latin[code - 0xC0] != '.') {
        char base = latin[code - 0xC0];
        if (base < '0' || base > '9') {
            out[0] = base;
            return 1;
        }
        memcpy(out, ligatures[base - '0'], 2);
        return 2;
    }
    if (code == 0x2018 || code == 0x2019 || code == 0xB4) {
        out[0] = '\'';
        return 1;
    }
    if (code == 0xB5)
        code = 0x3BC; /* micro sign: Greek mu */
    if (code >= 0x391 && code <= 0x3A9)
        code += 0x20; /* Greek capitals */
    if (code >= 0x80 && code < 0x800 && size == 2) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    memcpy(out, source, size);
    return size;
}

static void put(char *out, size_t size, size_t *length, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++, (*length)++)
        if (*length + 1 < size)
            out[*length] = bytes[i];
}

size_t ag_text_fold(const char *text, size_t length, char *out, size_t size) {
    size_t folded = 0;
    bool gap = false;
    for (size_t i = 0, step; i < length; i += step) {
        uint32_t code = ag_utf8_next(text + i, length - i, &step);
        if (is_space(code) || is_hyphen(code)) {
            gap = true;
            continue;
        }
        char bytes[4];
        size_t count = fold_code(code, text + i, step, bytes);
        if (count == 0)
            continue;
        if (gap && folded > 0)
            put(out, size, &folded, " ", 1);
        gap = false;
        put(out, size, &folded, bytes, count);
    }
    if (size > 0)
        out[folded < size ? folded : size - 1] = '\0';
    return folded;
}

char *ag_text_folded(ag_arena *arena, const char *text) {
    size_t length = strlen(text);
    char *out = ag_arena_alloc(arena, length + 1);
    if (out != NULL)
        ag_text_fold(text, length, out, length + 1);
    return out;
}

/* Walks both texts at once, a folded code point at a time, so that no memory is needed. */
typedef struct fold_walk {
    const char *text;
    size_t left;
    char bytes[5];
    size_t count, next;
    bool started;
} fold_walk;

static int walk_byte(fold_walk *walk) {
    bool gap = false;
    while (walk->next == walk->count) {
        if (walk->left == 0)
            return -1;
        size_t step;
        uint32_t code = ag_utf8_next(walk->text, walk->left, &step);
        walk->next = walk->count = 0;
        if (is_space(code) || is_hyphen(code)) {
            gap = true;
        } else {
            bool spaced = gap && walk->started;
            walk->bytes[0] = ' ';
            walk->count = fold_code(code, walk->text, step, walk->bytes + spaced);
            if (walk->count > 0) {
                walk->count += spaced;
                walk->started = true;
            }
        }
        walk->text += step;
        walk->left -= step;
    }
    return (unsigned char)walk->bytes[walk->next++];
}

int ag_text_order(const char *a, const char *b) {
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

bool ag_text_same(const char *a, const char *b) {
    fold_walk wa = {.text = a, .left = strlen(a)}, wb = {.text = b, .left = strlen(b)};
    for (;;) {
        int ca = walk_byte(&wa), cb = walk_byte(&wb);
        if (ca != cb)
            return false;
        if (ca < 0)
            return true;
    }
}

static size_t digits(const char *text) {
    return strspn(text, "0123456789");
}

/* Length of a decimal number that is all of `text`, or 0; `point` is the place of its point. */
static size_t number_length(const char *text, size_t *point) {
    size_t i = text[0] == '-' || text[0] == '+';
    size_t whole = digits(text + i), fraction = 0;
    i += whole;
    *point = i;
    if (text[i] == '.') {
        fraction = digits(text + i + 1);
        i += 1 + fraction;
    }
    if (whole + fraction == 0)
        return 0;
    if (text[i] == 'e' || text[i] == 'E') {
        i += 1 + (text[i + 1] == '-' || text[i + 1] == '+');
        size_t exponent = digits(text + i);
        if (exponent == 0)
            return 0;
        i += exponent;
    }
    return text[i] == '\0' ? i : 0;
}

bool ag_text_number(const char *text, double *out) {
    char copy[64];
    size_t point, length = number_length(text, &point);
    const char *local = localeconv()->decimal_point;
    if (length == 0 || length + strlen(local) >= sizeof copy)
        return false;
    if (text[point] == '.' && strcmp(local, ".") != 0) { /* which strtod expects */
        snprintf(copy, sizeof copy, "%.*s%s%s", (int)point, text, local, text + point + 1);
        text = copy;
    }
    double value = strtod(text, NULL);
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}

uint64_t ag_text_hash(uint64_t start, const char *text, size_t length) {
    uint64_t hash = start;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

enum { LONGEST = 255 };

static int least(int a, int b) {
    return a < b ? a : b;
}

int ag_text_distance(const char *a, const char *b, int limit) {
    size_t la = strlen(a), lb = strlen(b);
    if (la > LONGEST || lb > LONGEST || limit < 0)
        return limit + 1;
    int rows[3][LONGEST + 1];
    for (size_t j = 0; j <= lb; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= la; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        int best = row[0] = (int)i;
        for (size_t j = 1; j <= lb; j++) {
            int d = least(above[j], row[j - 1]) + 1;
            d = least(d, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = least(d, two_above[j - 2] + 1);
            row[j] = d;
            best = least(best, d);
        }
        if (best > limit)
            return limit + 1;
    }
    return least(rows[la % 3][lb], limit + 1);
}

void ag_nearest_start(ag_nearest *nearest, const char *target) {
    *nearest = (ag_nearest){.count = 0};
    size_t length = ag_text_fold(target, strlen(target), nearest->target, sizeof nearest->target);
    nearest->limit = length < 3 ? 1 : (int)(length / 3);
}

void ag_nearest_offer(ag_nearest *nearest, const char *name) {
    char folded[AG_NEAREST_LENGTH];
    if (ag_text_fold(name, strlen(name), folded, sizeof folded) >= sizeof folded)
        return;
    int distance = ag_text_distance(nearest->target, folded, nearest->limit);
    if (distance > nearest->limit)
        return;
    for (int i = 0; i < nearest->count; i++)
        if (ag_text_same(nearest->names[i], name))
            return;
    int at = nearest->count < AG_NEAREST ? nearest->count++ : AG_NEAREST;
    while (at > 0 && nearest->distances[at - 1] > distance) {
        if (at < AG_NEAREST) {
            nearest->distances[at] = nearest->distances[at - 1];
            nearest->names[at] = nearest->names[at - 1];
        }
        at--;
    }
    if (at < AG_NEAREST) {
        nearest->distances[at] = distance;
        nearest->names[at] = name;
    }
}

void ag_nearest_list(const ag_nearest *nearest, ag_buffer *buffer) {
    for (int i = 0; i < nearest->count; i++) {
        const char *before = i == 0 ? "" : i + 1 == nearest->count ? " or " : ", ";
        ag_buffer_format(buffer, "%s\"%s\"", before, nearest->names[i]);
    }
}
