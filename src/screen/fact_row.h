/**
 * @file fact_row.h
 * The rows of a facts file: one line of CSV (RFC 4180) each, of AG_ROW_COLUMNS columns. Facts are
 * sorted, kept, exchanged and joined as such lines, so that the order of the bytes is the only
 * order. The columns: docs/screen.md.
 */
#ifndef AG_FACT_ROW_H
#define AG_FACT_ROW_H

#include <string.h>

#include "dates.h"
#include "fhir_facts.h"
#include "fhir_person.h"
#include "text.h"

/** X(constant, name) */
#define AG_ROW_COLUMN_LIST(X)                                                                      \
    X(AG_ROW_CLASS, "class")                                                                       \
    X(AG_ROW_KEY, "key")                                                                           \
    X(AG_ROW_RESOURCE, "resource")                                                                 \
    X(AG_ROW_UPDATED, "updated")                                                                   \
    X(AG_ROW_DIGEST, "digest")                                                                     \
    X(AG_ROW_KIND, "kind")                                                                         \
    X(AG_ROW_CARD, "card")                                                                         \
    X(AG_ROW_PRESENT, "present")                                                                   \
    X(AG_ROW_ENDED, "ended")                                                                       \
    X(AG_ROW_START_FIRST, "start_first")                                                           \
    X(AG_ROW_START_LAST, "start_last")                                                             \
    X(AG_ROW_END_FIRST, "end_first")                                                               \
    X(AG_ROW_END_LAST, "end_last")                                                                 \
    X(AG_ROW_AGES, "ages")                                                                         \
    X(AG_ROW_STATE, "state")                                                                       \
    X(AG_ROW_LOW, "low")                                                                           \
    X(AG_ROW_HIGH, "high")                                                                         \
    X(AG_ROW_SPECIMEN, "specimen")                                                                 \
    X(AG_ROW_ATTRIBUTES, "attributes")                                                             \
    X(AG_ROW_TEXT, "text")                                                                         \
    X(AG_ROW_NOTE, "note")

typedef enum ag_row_column {
#define AG_ROW_COLUMN_ENUM(constant, name) constant,
    AG_ROW_COLUMN_LIST(AG_ROW_COLUMN_ENUM)
#undef AG_ROW_COLUMN_ENUM
        AG_ROW_COLUMNS
} ag_row_column;

/** The classes of rows, by the first byte of the line; they sort in this order. */
enum {
    AG_ROW_CONCEPT = 'c',    /**< a concept that is not known, with its count */
    AG_ROW_DELETION = 'd',   /**< a resource that was deleted; the key is its type and id */
    AG_ROW_FAULT = 'e',      /**< a line that was not read, and why */
    AG_ROW_COUNT = 'f',      /**< a count of the reading */
    AG_ROW_MEDICATION = 'm', /**< a Medication, or an order that refers to one; the key is its id */
    AG_ROW_PATIENT = 'p'     /**< of a patient; the key is his id */
};

/** The columns of one row; "" where there is nothing. */
typedef struct ag_fact_row {
    const char *column[AG_ROW_COLUMNS];
} ag_fact_row;

/** Whether the row is of that kind. */
static inline bool ag_row_is(const ag_fact_row *row, const char *kind) {
    const char *own = row->column[AG_ROW_KIND];
    return *own == *kind && strcmp(own, kind) == 0;
}

/** A row of nothing but class and key. */
ag_fact_row ag_row_of(const char *row_class, const char *key);

/** Append the row as a line without its end; control characters become spaces. */
void ag_row_write(const ag_fact_row *row, ag_buffer *out);

/** The names of the columns, as a line without its end. */
void ag_row_write_names(ag_buffer *out);

/**
 * Split a line in place (`line[length]` is overwritten with a NUL); its columns stand one behind
 * the other. False where it has not AG_ROW_COLUMNS columns.
 */
bool ag_row_read(char *line, size_t length, ag_fact_row *out);

/** What to say of a line that is none: with AG_ROW_COLUMNS and the line. */
#define AG_ROW_MALFORMED "a row of facts has not %d columns: %.60s"

/** The key of a line, as it stands there (quoted where it must be), and its length. */
const char *ag_row_key(const char *line, size_t *length);

/** How many bytes all lines of its class and key begin with, up to the comma behind it. */
size_t ag_row_beginning(const char *line);

/** The version of a resource: when it was updated, and a number of what it says. */
typedef struct ag_row_version {
    const char *updated; /**< meta.lastUpdated, or NULL */
    uint64_t digest;
} ag_row_version;

/** The kind of rows that tell of versions that say nothing (versions.h). */
#define AG_ROW_SILENT "silent"

/** What a row has under `resource`: "Type/id", or the type alone where the id is NULL; in `out`. */
enum { AG_ROW_RESOURCE_TEXT = 400 };
const char *ag_row_resource(const char *type, const char *id, char out[AG_ROW_RESOURCE_TEXT]);

/** Append the line of a fact of patient `key`. */
void ag_row_write_fact(const ag_fhir_fact *fact, const char *key, ag_row_version version,
                       const ag_knowledge *knowledge, ag_buffer *out);

/** Append the line of a Patient resource. */
void ag_row_write_person(const ag_fhir_person *person, const char *id, ag_row_version version,
                         ag_buffer *out);

/**
 * The fact of a row, with strings borrowed from it. AG_ERROR_SYNTAX where the row is none, or names
 * a card that the knowledge has not.
 */
ag_status ag_row_read_fact(const ag_fact_row *row, const ag_knowledge *knowledge, ag_arena *arena,
                           ag_fhir_fact *out, ag_error *error);

/** The person of a row, with strings borrowed from it. */
ag_fhir_person ag_row_read_person(const ag_fact_row *row);

#endif
