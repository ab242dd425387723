/**
 * @file facts_file.h
 * Files of facts: sorted rows with a first row that says what they are, and a last that tells
 * whether all is there. docs/screen.md has the format.
 */
#ifndef AG_FACTS_FILE_H
#define AG_FACTS_FILE_H

#include "antegrade/screen.h"
#include "fact_row.h"
#include "sorter.h"

/** What the first row says. */
typedef struct ag_facts_about {
    char knowledge[64]; /**< version of the medical knowledge */
    int part, parts;    /**< this is shard `part` of `parts`; 0 of 0: not told */
    char *inputs;       /**< what was read; NULL when read from a file */
    long long lines;    /**< for a resumed run: lines of the file in which the piece ends */
    long long rows;     /**< set by reading */
    unsigned checksum;  /**< set by reading */
} ag_facts_about;

/** Write all rows of the merge to `path`, which appears only when it is whole and on the disk; of
 * `options` half_written is used. AG_ERROR_IO, AG_ERROR_MEMORY. */
ag_status ag_facts_write(const char *path, ag_merge *merge, const ag_facts_about *about,
                         const ag_screen_options *options, ag_error *error);

/**
 * Open a file of facts and read it through, to see that it is whole. `*out` then stands before its
 * first row of facts: caller closes it with fclose. AG_ERROR_IO, AG_ERROR_SYNTAX (cut off or
 * damaged), AG_ERROR_UNSUPPORTED (no facts, or of another version), AG_ERROR_MEMORY.
 */
ag_status ag_facts_open(FILE **out, const char *path, ag_facts_about *about, ag_error *error);

#endif
