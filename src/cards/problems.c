#include "problems.h"

#include <stdlib.h>
#include <string.h>

ag_problems *ag_problems_new(void) {
    ag_arena *arena = ag_arena_new();
    ag_problems *problems = arena != NULL ? ag_arena_alloc(arena, sizeof *problems) : NULL;
    if (problems == NULL) {
        ag_arena_free(arena);
        return NULL;
    }
    problems->arena = arena;
    return problems;
}

void ag_problems_free(ag_problems *problems) {
    if (problems != NULL)
        ag_arena_free(problems->arena);
}

int ag_problems_count(const ag_problems *problems) {
    return problems != NULL ? problems->count : 0;
}

const ag_error *ag_problems_item(const ag_problems *problems, int index) {
    return &problems->items[index];
}

static bool grow(ag_problems *problems) {
    int capacity = problems->capacity == 0 ? 16 : 2 * problems->capacity;
    ag_error *items = ag_arena_array(problems->arena, (size_t)capacity, sizeof *items);
    if (items == NULL)
        return false;
    if (problems->count > 0)
        memcpy(items, problems->items, (size_t)problems->count * sizeof *items);
    problems->items = items;
    problems->capacity = capacity;
    return true;
}

void ag_problems_add(ag_problems *problems, const ag_error *error) {
    if (problems->count == problems->capacity && !grow(problems)) {
        problems->failed = true;
        return;
    }
    problems->items[problems->count++] = *error;
}

static int compare(const void *a, const void *b) {
    const ag_error *x = a, *y = b;
    int order = strcmp(x->where, y->where);
    if (order == 0)
        order = (x->line > y->line) - (x->line < y->line);
    if (order == 0)
        order = (x->column > y->column) - (x->column < y->column);
    return order != 0 ? order : strcmp(x->message, y->message);
}

void ag_problems_sort(ag_problems *problems) {
    if (problems->count == 0)
        return;
    qsort(problems->items, (size_t)problems->count, sizeof *problems->items, compare);
    int kept = 1;
    for (int i = 1; i < problems->count; i++)
        if (compare(&problems->items[kept - 1], &problems->items[i]) != 0)
            problems->items[kept++] = problems->items[i];
    problems->count = kept;
}
