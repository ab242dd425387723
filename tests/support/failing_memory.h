/**
 * @file failing_memory.h
 * Memory that runs out: WRAP(name, parameters, arguments) stands in for an allocating function,
 * which the linker hands over (--wrap=name, see the rules.cmake of the test).
 */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

static long allowed = -1; /* allocations before all fail; negative: none fails */

static bool may_allocate(void) {
    if (allowed > 0)
        allowed--;
    return allowed != 0;
}

#define WRAP(name, parameters, arguments)                                                          \
    void *__real_##name parameters;                                                                \
    void *__wrap_##name parameters;                                                                \
    void *__wrap_##name parameters {                                                               \
        return may_allocate() ? __real_##name arguments : NULL;                                    \
    }

#endif
