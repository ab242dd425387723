/**
 * @file text.h
 * Text: a growing buffer over an arena, UTF-8, comparison without case and accents, and nearest
 * names.
 *
 * Folding makes two spellings of one name equal: upper case, accents, and the difference between
 * space, hyphen and underscore are dropped, ends are trimmed and runs of space become one.
 * "Próstata", "prostata" and " PROSTATA " fold to "prostata"; "bladder-neck" folds to "bladder
 * neck".
 */
#ifndef AG_TEXT_H
#define AG_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* ---- a growing text ---- */

/**
 * Text that grows in an arena, always NUL-terminated. Made by ag_buffer_start. When memory runs
 * out, `failed` is set and further additions do nothing, so that a caller checks once, at the end.
 */
typedef struct ag_buffer {
    ag_arena *arena;
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
} ag_buffer;

/** An empty buffer whose memory comes from `arena`. */
ag_buffer ag_buffer_start(ag_arena *arena);

/** Append a NUL-terminated text, `length` bytes, one byte, or a formatted text. */
void ag_buffer_add(ag_buffer *buffer, const char *text);
void ag_buffer_add_bytes(ag_buffer *buffer, const char *bytes, size_t length);
void ag_buffer_add_char(ag_buffer *buffer, char c);

/** Room for `most` bytes at its end; whoever writes them adds their number to `length`, and a NUL
 * behind them. NULL when out of memory. */
char *ag_buffer_room(ag_buffer *buffer, size_t most);

void ag_buffer_format(ag_buffer *buffer, const char *format, ...) AG_PRINTF(2, 3);

/** The text, borrowed until the arena is freed; NULL when memory ran out. */
char *ag_buffer_text(ag_buffer *buffer);

/* ---- UTF-8 ---- */

/**
 * The code point at `text` (of `length` > 0 bytes) and, in `size`, its bytes. Ill-formed bytes give
 * U+FFFD and size 1.
 */
uint32_t ag_utf8_next(const char *text, size_t length, size_t *size);

/** How many of the first `most` bytes of a text are whole characters: where to cut it. */
int ag_utf8_cut(const char *text, int most);

/** Whether all `length` bytes are well-formed UTF-8. When not, `at` (may be NULL) is the first bad
 * byte. */
bool ag_utf8_valid(const char *text, size_t length, size_t *at);

/* ---- comparison ---- */

/** Drop white space at both ends: moves `text` and shortens `length`. */
void ag_text_trim(const char **text, size_t *length);

/**
 * The folded form of `length` bytes, NUL-terminated and cut to `size` bytes. Returns its whole
 * length, which never exceeds `length`, so that a buffer of length + 1 always suffices. `out` may
 * be NULL when `size` is 0.
 */
size_t ag_text_fold(const char *text, size_t length, char *out, size_t size);

/** The folded form in an arena; NULL when out of memory. */
char *ag_text_folded(ag_arena *arena, const char *text);

/** As strcmp, for a sort: NULL comes before every text. */
int ag_text_order(const char *a, const char *b);

/** Whether two texts are equal when folded. */
bool ag_text_same(const char *a, const char *b);

/**
 * The number that all of `text` spells in decimal, such as "3", "-0.5" or "1.2e-3", whatever the
 * locale. False for any other text, "nan" and "inf", and numbers beyond the range of double.
 */
bool ag_text_number(const char *text, double *out);

/** 64-bit FNV-1a hash of `length` bytes; start with AG_HASH_START and feed the result on to hash in
 * pieces. */
#define AG_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t ag_text_hash(uint64_t start, const char *text, size_t length);

/**
 * Edit distance (insertion, deletion, change, and swap of neighbours, each one byte) of two texts,
 * or limit + 1 when it is greater than `limit` or a text is longer than 255 bytes. Fold both first
 * where case does not matter.
 */
int ag_text_distance(const char *a, const char *b, int limit);

/** The names nearest to a misspelt one. Fill it with ag_nearest_start, offer every candidate, then
 * list. */
enum { AG_NEAREST = 3, AG_NEAREST_LENGTH = 256 };
typedef struct ag_nearest {
    char target[AG_NEAREST_LENGTH]; /**< folded */
    int limit;                      /**< distances beyond this are not near */
    int count;
    int distances[AG_NEAREST];
    const char *names[AG_NEAREST]; /**< nearest first, as offered: borrowed from the caller */
} ag_nearest;

/** Begin a search for names near `target`: up to a third of its letters may differ. */
void ag_nearest_start(ag_nearest *nearest, const char *target);

/** Offer a candidate; it is kept if it is among the nearest, once in whatever spelling. */
void ag_nearest_offer(ag_nearest *nearest, const char *name);

/** Append `"a", "b" or "c"` to `buffer`; nothing when no name was near. */
void ag_nearest_list(const ag_nearest *nearest, ag_buffer *buffer);

#endif
