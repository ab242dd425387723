/** @file pages.h Large pieces of memory, in huge pages where there are such. */
#ifndef AG_PAGES_H
#define AG_PAGES_H

#include <stddef.h>

/**
 * At least `size` bytes of any value, aligned for vector loads; caller frees with free(). NULL when
 * out of memory.
 */
void *ag_pages_alloc(size_t size);

#endif
