/* To have 512 small pages mapped and zeroed one by one costs more than to fill them. */
#define _DEFAULT_SOURCE /* madvise */
#include "pages.h"

#include <stdint.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

static const size_t HUGE_PAGE = (size_t)1 << 21, VECTOR = 64;

void *ag_pages_alloc(size_t size) {
    size_t unit = size < HUGE_PAGE / 2 ? VECTOR : HUGE_PAGE;
    if (size > SIZE_MAX - unit)
        return NULL;
    size_t whole = (size + unit - 1) / unit * unit;
    void *memory = aligned_alloc(unit, whole);
#if defined(__linux__)
    if (memory != NULL && unit == HUGE_PAGE)
        madvise(memory, whole, MADV_HUGEPAGE);
#endif
    return memory;
}
