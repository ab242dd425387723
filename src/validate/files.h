/** @file files.h Files and folders, read into an arena. */
#ifndef AG_FILES_H
#define AG_FILES_H

#include "arena.h"
#include "knowledge.h"

enum { AG_FILES_BYTES = 8 << 20, AG_FILES_MOST = 10000 };

/** The whole of a plain file of at most AG_FILES_BYTES, NUL-terminated, in `arena`. */
ag_status ag_file_read(ag_arena *arena, const char *path, const char **text, size_t *length,
                       ag_error *error);

/** Paths of the files of a folder whose names end in `suffix`, sorted; none for a folder that does
 * not exist. */
ag_status ag_files_in(ag_arena *arena, const char *folder, const char *suffix, ag_texts *out,
                      ag_error *error);

/** Whether there is a folder, or a plain file, of this name. */
bool ag_is_folder(const char *path);
bool ag_is_file(const char *path);

#endif
