/**
 * @file arena.h
 * Memory that is freed all at once: a result owns one arena, and with it every string and table in
 * it.
 */
#ifndef AG_ARENA_H
#define AG_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "fault.h"

typedef struct ag_arena ag_arena;

/** An empty arena; caller frees with ag_arena_free. NULL when out of memory. */
ag_arena *ag_arena_new(void);

/** Free the arena and all that was allocated from it. NULL is allowed. */
void ag_arena_free(ag_arena *arena);

/** Give up all that was allocated, but keep the largest block for use again. */
void ag_arena_reset(ag_arena *arena);

/** `size` zeroed bytes aligned to 64, borrowed until the arena is freed. NULL when out of memory.
 */
void *ag_arena_alloc(ag_arena *arena, size_t size);

/** `count` zeroed elements of `size` bytes; NULL when out of memory or the product overflows. */
void *ag_arena_array(ag_arena *arena, size_t count, size_t size);

/** A copy of `length` bytes of `text`, with a NUL behind it. NULL when out of memory. */
char *ag_arena_text(ag_arena *arena, const char *text, size_t length);

/** A copy of a NUL-terminated string. NULL when out of memory. */
char *ag_arena_copy(ag_arena *arena, const char *text);

/** A formatted string. NULL when out of memory. */
char *ag_arena_format(ag_arena *arena, const char *format, ...) AG_PRINTF(2, 3);

#endif
