/** @file network_format.h What the readers and writers of the formats share. */
#ifndef AG_NETWORK_FORMAT_H
#define AG_NETWORK_FORMAT_H

#include "network_lexer.h"
#include "network_model.h"

/** A text that grows. After `failed` nothing more is written. */
typedef struct ag_text {
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
} ag_text;

void ag_text_add(ag_text *text, const char *format, ...) AG_PRINTF(2, 3);

void ag_text_add_bytes(ag_text *text, const char *bytes, size_t size);

/** The shortest of 15 to 17 digits that reads back as the same double. */
void ag_text_add_number(ag_text *text, double value);

/** With &, <, > and " escaped as in XML. */
void ag_text_add_xml(ag_text *text, const char *value);

/** Rows in a file may be off by rounding, not by more. */
#define AG_ROW_TOLERANCE 0.01

/** The table of a child while it is read: rows may come in any order. */
typedef struct ag_reading {
    ag_lexer lexer;
    ag_network *network;
    double *values;
    size_t capacity;
    int *parents;
    int parent_capacity;
} ag_reading;

void ag_reading_free(ag_reading *reading);

/** Room for `count` values in `reading->values`, or fail. */
ag_status ag_reading_reserve(ag_reading *reading, size_t count, ag_error *error);

/** Room for one more parent behind `count`, or fail. */
ag_status ag_reading_reserve_parent(ag_reading *reading, int count, ag_error *error);

/** The entries of a child's table; AG_ERROR_TOO_LARGE from 2^31 on. `at` is the place to blame. */
ag_status ag_reading_entries(ag_reading *reading, int child, int parent_count, size_t at,
                             size_t *out, ag_error *error);

/** Fail on one row of a child's table, named by the states of its parents: "the row (a, b) of 'c'
 * <what is wrong>". `at` is the place to blame. */
ag_status ag_reading_fail_row(const ag_reading *reading, int child, int parent_count, size_t row,
                              size_t at, ag_error *error, const char *format, ...) AG_PRINTF(7, 8);

/** Check the row sums and hand the table to the network. `at` is the place to blame. */
ag_status ag_reading_store(ag_reading *reading, int child, int parent_count, size_t at,
                           ag_error *error);

/** The variable that the current token names; fails where there is none. Moves on. */
ag_status ag_reading_variable(ag_reading *reading, int *out, ag_error *error);

/** The number at the current token. Moves on. */
ag_status ag_reading_number(ag_reading *reading, double *out, ag_error *error);

/** The whole number at the current token, `least` to `most`; `what` says of what, for the error.
 * Moves on. */
ag_status ag_reading_count(ag_reading *reading, double least, double most, int *out,
                           const char *what, ag_error *error);

/** The current word or string as a NUL-terminated name. Moves on. Borrowed from the arena. */
ag_status ag_reading_name(ag_reading *reading, ag_arena *arena, const char **out, ag_error *error);

/** Past what is not read, to behind its semicolon; `what` names it where the semicolon is missing.
 */
ag_status ag_reading_skip(ag_reading *reading, const char *what, ag_error *error);

/** Behind the brace that ends it, add the variable whose name stands at `at`, of `count` states. */
ag_status ag_reading_add(ag_reading *reading, const char *name, size_t at, int count,
                         const char *const *states, ag_error *error);

/** Read "( child | parents ) {", the parents apart by spaces or commas, into the variable's number
 * and `parents` of the reading. */
ag_status ag_reading_family(ag_reading *reading, int *child, int *parent_count, ag_error *error);

ag_status ag_bif_read(ag_reading *reading, ag_error *error);
ag_status ag_net_read(ag_reading *reading, ag_error *error);
ag_status ag_uai_read(ag_reading *reading, ag_error *error);

ag_status ag_bif_write(const ag_network *network, ag_text *out, ag_error *error);
ag_status ag_net_write(const ag_network *network, ag_text *out, ag_error *error);
ag_status ag_uai_write(const ag_network *network, ag_text *out, ag_error *error);
ag_status ag_xmlbif_write(const ag_network *network, ag_text *out, ag_error *error);
ag_status ag_xdsl_write(const ag_network *network, ag_text *out, ag_error *error);

/** The table of a variable as one array; caller frees with free. */
ag_status ag_format_table(const ag_network *network, int variable, double **out, size_t *count,
                          ag_error *error);

#endif
