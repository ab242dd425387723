/**
 * @file line_reader.h
 * One line of NDJSON after the other to rows of facts. A line is skipped only where its bytes show
 * that it cannot matter; every other line is parsed. docs/screen.md says how that is decided.
 */
#ifndef AG_LINE_READER_H
#define AG_LINE_READER_H

#include <stdint.h>

#include "concepts.h"
#include "faults.h"
#include "fhir_record.h"
#include "fhir_type.h"
#include "scan_kernels.h"
#include "sorter.h"
#include "versions.h"

/** What is counted while reading: X(field, name). */
#define AG_READ_COUNT_LIST(X)                                                                      \
    X(bytes, "bytes read")                                                                         \
    X(lines, "lines")                                                                              \
    X(sound, "lines in order")                                                                     \
    X(parsed, "lines parsed")                                                                      \
    X(faults, "lines not read")                                                                    \
    X(bundles, "Bundles")                                                                          \
    X(no_patient, "resources about no patient")                                                    \
    X(unresolved, "resources whose patient is not named by id")                                    \
    X(merged, "patients whose record another one replaces")                                        \
    X(notes, "lines of a log or manifest of the export")                                           \
    X(deleted, "deletions carried out")                                                            \
    X(deletions, "deletions that were not carried out")

typedef struct ag_read_counts {
#define AG_READ_COUNT_FIELD(field, name) long long field;
    AG_READ_COUNT_LIST(AG_READ_COUNT_FIELD)
#undef AG_READ_COUNT_FIELD
} ag_read_counts;

/** Where a line stands. */
typedef struct ag_line_place {
    int file;
    long long chunk;
    long long line; /**< from 1 within the chunk */
} ag_line_place;

/** A line with more concepts is parsed to find them. */
enum { AG_LINE_CONCEPTS = 64 };

/** Types of resources are looked up by their first letters. */
enum { AG_LINE_TYPE_SLOTS = 64 };

/** One thread's state. */
typedef struct ag_line_reader {
    const ag_scan_kernels *kernels;
    const ag_vocabulary *vocabulary;
    const ag_knowledge *knowledge;
    ag_concepts *concepts;
    ag_json_parser *parser;
    ag_arena *arena;   /**< of one line */
    ag_sorter *sorter; /**< takes the rows; borrowed */
    ag_silent_run silent_run;
    bool strict; /**< parse every line */
    unsigned char first_type[AG_LINE_TYPE_SLOTS], next_type[AG_FHIR_NAMED_TYPES]; /**< 0: none */
    ag_faults faults;
    ag_read_counts counts;
    ag_error error; /**< of what stops the reading */
    /* of the line being read */
    const char *text;
    size_t length;
    ag_concept *found[AG_LINE_CONCEPTS]; /**< its concepts */
    size_t found_at[AG_LINE_CONCEPTS];   /**< where they begin in the text */
    int found_count;                     /**< of them; -1: not all are found */
    bool silent; /**< it is known to say nothing of ours, and its concepts are counted */
    ag_concept_type type;
    bool sound; /**< a resource of it was read */
    /* of the Bundle that the line is; NULL where it is none */
    ag_fhir_record *bundle;
    const char *full_url; /**< of the entry being read */
} ag_line_reader;

/** Make ready; `sorter` is borrowed. AG_ERROR_MEMORY. Ended by ag_line_reader_close. */
ag_status ag_line_reader_open(ag_line_reader *reader, const ag_vocabulary *vocabulary,
                              ag_sorter *sorter, bool strict);
void ag_line_reader_close(ag_line_reader *reader);

/**
 * Read one line of `length` bytes without its end; AG_SCAN_PADDING bytes behind it can be read.
 * `last` where no line feed follows: it is then parsed, whatever it is, as it may be cut off. What
 * is wrong with a line is a fault, not a failure: AG_ERROR_IO and AG_ERROR_MEMORY stop the reading.
 */
ag_status ag_line_read(ag_line_reader *reader, const char *text, size_t length, bool joint,
                       bool last, ag_line_place place);

/** What is held back for lines to come goes to the sorter: to be called at the end of each piece of
 * the input. AG_ERROR_IO, AG_ERROR_MEMORY. */
ag_status ag_line_reader_settle(ag_line_reader *reader);

#endif
