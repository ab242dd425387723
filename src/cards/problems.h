/** @file problems.h The list of faults of a folder of cards. */
#ifndef AG_PROBLEMS_H
#define AG_PROBLEMS_H

#include "antegrade/knowledge.h"
#include "arena.h"

struct ag_problems {
    ag_arena *arena;
    ag_error *items;
    int count, capacity;
    bool failed; /**< a fault could not be noted: out of memory */
};

/** An empty list; caller frees with ag_problems_free. NULL when out of memory. */
ag_problems *ag_problems_new(void);

/** Append a fault. */
void ag_problems_add(ag_problems *problems, const ag_error *error);

/** Sort by file, line, column and message, and drop repetitions. */
void ag_problems_sort(ag_problems *problems);

#endif
