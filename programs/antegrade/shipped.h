/** @file shipped.h Folders and programs that come with the program. */
#ifndef AG_SHIPPED_H
#define AG_SHIPPED_H

#include <stddef.h>

/**
 * The path of a folder that is shipped with the program, such as "knowledge" or "validation": under
 * share/antegrade where it was installed, or in the sources that it was built in. Returns `path`
 * (of `size` bytes), or NULL where there is none.
 */
const char *ag_shipped_folder(const char *name, char *path, size_t size);

/**
 * The path of a program that is shipped with this one: under libexec/antegrade where it was
 * installed, or beside it. Returns `path` (of `size` bytes), or NULL where there is none.
 */
const char *ag_shipped_program(const char *name, char *path, size_t size);

#endif
