/** @file build.h From the texts of cards to the checked knowledge. */
#ifndef AG_BUILD_H
#define AG_BUILD_H

#include "reader.h"

/** The cards of a folder, not yet read. `version` is version.yaml. */
typedef struct ag_card_texts {
    ag_card_source *sources; /**< sorted by kind and name */
    int count;
    ag_card_source version;
    ag_texts left_out; /**< ids of evidence records that no number may rest on */
} ag_card_texts;

/**
 * Read the files of a folder into memory of `arena`. What cannot be read is noted; false when there
 * is nothing to go on with, for want of the folder or of memory.
 */
bool ag_card_texts_read(ag_card_texts *out, ag_arena *arena, const char *path,
                        ag_problems *problems);

/**
 * Read and check cards. The tables belong to `arena`, and so must the texts' names and paths.
 * Faults go to `problems` (not sorted). NULL when out of memory.
 */
ag_knowledge *ag_knowledge_build(ag_arena *arena, ag_card_texts *texts, ag_problems *problems);

/** Faults that show only with all cards together: names and codes used twice, cycles (checks.c). */
void ag_check_together(ag_reader *reader, const ag_card_texts *texts);

#endif
