#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, SMALL_ALIGNMENT = 16, FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

typedef struct block {
    struct block *next;
    size_t size;
    size_t used;
} block;

struct ag_arena {
    block *blocks;
    size_t next_size;
};

ag_arena *ag_arena_new(void) {
    ag_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL)
        arena->next_size = FIRST_BLOCK;
    return arena;
}

void ag_arena_free(ag_arena *arena) {
    if (arena == NULL)
        return;
    for (block *b = arena->blocks; b != NULL;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

/* Memory is handed out zeroed, so what was used is zeroed again. */
void ag_arena_reset(ag_arena *arena) {
    block *largest = arena->blocks;
    for (block *b = arena->blocks; b != NULL; b = b->next)
        if (b->size > largest->size)
            largest = b;
    for (block *b = arena->blocks; b != NULL;) {
        block *next = b->next;
        if (b != largest)
            free(b);
        b = next;
    }
    arena->blocks = largest;
    if (largest == NULL)
        return;
    memset(largest + 1, 0, largest->used);
    largest->used = 0;
    largest->next = NULL;
}

static block *new_block(ag_arena *arena, size_t size) {
    size_t payload = size > arena->next_size ? size : arena->next_size;
    if (payload > SIZE_MAX - sizeof(block) - ALIGNMENT)
        return NULL;
    block *b = calloc(1, sizeof *b + ALIGNMENT + payload);
    if (b == NULL)
        return NULL;
    b->size = payload + ALIGNMENT;
    b->next = arena->blocks;
    arena->blocks = b;
    if (arena->next_size < LARGEST_BLOCK)
        arena->next_size *= 2;
    return b;
}

/* Large tables are aligned for vector loads; small objects need no more than the widest scalar. */
static void *take(block *b, size_t size, size_t alignment) {
    uintptr_t base = (uintptr_t)(b + 1);
    uintptr_t start = (base + b->used + alignment - 1) & ~(uintptr_t)(alignment - 1);
    size_t offset = start - base;
    if (offset > b->size || b->size - offset < size)
        return NULL;
    b->used = offset + size;
    return (void *)start;
}

void *ag_arena_alloc(ag_arena *arena, size_t size) {
    size_t alignment = size >= ALIGNMENT ? ALIGNMENT : SMALL_ALIGNMENT;
    if (size == 0)
        size = 1;
    void *memory = arena->blocks != NULL ? take(arena->blocks, size, alignment) : NULL;
    if (memory == NULL) {
        block *b = new_block(arena, size);
        memory = b != NULL ? take(b, size, alignment) : NULL;
    }
    return memory;
}

void *ag_arena_array(ag_arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return ag_arena_alloc(arena, count * size);
}

char *ag_arena_text(ag_arena *arena, const char *text, size_t length) {
    if (length == SIZE_MAX)
        return NULL;
    char *copy = ag_arena_alloc(arena, length + 1);
    if (copy != NULL)
        memcpy(copy, text, length);
    return copy;
}

char *ag_arena_copy(ag_arena *arena, const char *text) {
    return ag_arena_text(arena, text, strlen(text));
}

char *ag_arena_format(ag_arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : ag_arena_alloc(arena, (size_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
