/*
 * Rows come by class: counts and faults go to the summary, orders are joined with their
 * Medications, and what comes of them is merged into the rows of the patients.
 */
#include "join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deletions.h"
#include "judging.h"
#include "orders.h"
#include "row_group.h"

typedef struct joining {
    ag_merge *merge;
    ag_screen_summary *summary;
    ag_deletions *deletions;
    ag_row_group group; /* of one concept, or one row */
    ag_error *error;
} joining;

static ag_status no_memory(joining *j) {
    return ag_fail(j->error, AG_ERROR_MEMORY, "out of memory");
}

static long long count_of(const ag_fact_row *row) {
    return strtoll(row->column[AG_ROW_LOW], NULL, 10);
}

/* ---- summary rows ---- */

static bool same_concept(const ag_fact_row *a, const ag_fact_row *b) {
    return strcmp(a->column[AG_ROW_KEY], b->column[AG_ROW_KEY]) == 0 &&
           strcmp(a->column[AG_ROW_RESOURCE], b->column[AG_ROW_RESOURCE]) == 0;
}

/* The rows that are held are of one concept. */
static ag_status sum_concept(joining *j) {
    if (j->group.count == 0)
        return AG_OK;
    const ag_fact_row *first = &j->group.rows[0];
    const char *text = first->column[AG_ROW_TEXT];
    long long count = 0;
    for (int i = 0; i < j->group.count; i++) {
        const ag_fact_row *row = &j->group.rows[i];
        count += count_of(row);
        if (strcmp(row->column[AG_ROW_TEXT], text) < 0)
            text = row->column[AG_ROW_TEXT];
    }
    bool ok = ag_summary_add_unknown(j->summary, first->column[AG_ROW_KEY],
                                     first->column[AG_ROW_RESOURCE], text, count);
    ag_row_group_drop(&j->group);
    return ok ? AG_OK : no_memory(j);
}

static ag_status take_concept(joining *j, const char *line, size_t length) {
    ag_status status = ag_row_group_add(&j->group, line, length, j->error);
    if (status != AG_OK || same_concept(&j->group.rows[0], &j->group.rows[j->group.count - 1]))
        return status;
    j->group.count--;
    status = sum_concept(j);
    return status == AG_OK ? ag_row_group_add(&j->group, line, length, j->error) : status;
}

static ag_status take_deletion(joining *j, const char *line, size_t length) {
    ag_status status = ag_row_group_add(&j->group, line, length, j->error);
    bool ok = status != AG_OK || ag_deletions_add(j->deletions, j->group.rows[0].column[AG_ROW_KEY],
                                                  j->group.rows[0].column[AG_ROW_UPDATED]);
    ag_row_group_drop(&j->group);
    return ok ? status : no_memory(j);
}

static ag_status take_plain(joining *j, const char *line, size_t length) {
    ag_status status = ag_row_group_add(&j->group, line, length, j->error);
    if (status != AG_OK)
        return status;
    const ag_fact_row *row = &j->group.rows[0];
    bool ok = line[0] == AG_ROW_COUNT
                  ? ag_summary_add_count(j->summary, row->column[AG_ROW_KEY], count_of(row))
                  : ag_summary_add_fault(j->summary, row->column[AG_ROW_KEY],
                                         strtoll(row->column[AG_ROW_RESOURCE], NULL, 10),
                                         row->column[AG_ROW_TEXT]);
    ag_row_group_drop(&j->group);
    return ok ? AG_OK : no_memory(j);
}

/* ---- the streams ---- */

static ag_status take_line(joining *j, const char *line, size_t length) {
    switch (line[0]) {
    case AG_ROW_CONCEPT:
        return take_concept(j, line, length);
    case AG_ROW_DELETION:
        return take_deletion(j, line, length);
    case AG_ROW_FAULT:
    case AG_ROW_COUNT:
        return take_plain(j, line, length);
    default:
        return ag_fail(j->error, AG_ERROR_SYNTAX, "a row of facts of an unknown class: %.60s",
                       line);
    }
}

/* Whether there is another row that is summed up; those behind stay. */
static ag_status next_other(joining *j, char **line, size_t *length) {
    ag_status status = ag_merge_peek(j->merge, line, length, j->error);
    if (status != AG_OK || *line == NULL)
        return status;
    if (**line != AG_ROW_MEDICATION && **line != AG_ROW_PATIENT)
        return ag_merge_next(j->merge, line, length, j->error);
    *line = NULL;
    return AG_OK;
}

static ag_status take_others(joining *j) {
    char *line;
    size_t length;
    ag_status status;
    while ((status = next_other(j, &line, &length)) == AG_OK && line != NULL) {
        if (*line != AG_ROW_CONCEPT)
            status = sum_concept(j);
        if (status == AG_OK)
            status = take_line(j, line, length);
        if (status != AG_OK)
            return status;
    }
    return status == AG_OK ? sum_concept(j) : status;
}

ag_status ag_join(FILE *out, ag_screen_summary *summary, ag_merge *merge,
                  const ag_join_options *options, ag_error *error) {
    ag_error own;
    joining j = {.merge = merge, .summary = summary, .error = error != NULL ? error : &own};
    ag_orders *orders = NULL;
    j.deletions = ag_deletions_new();
    ag_status status = ag_row_group_open(&j.group) && j.deletions != NULL ? AG_OK : no_memory(&j);
    if (status == AG_OK)
        status = take_others(&j);
    if (status == AG_OK)
        status = ag_orders_resolve(&orders, merge, options, j.deletions, j.error);
    if (status == AG_OK)
        status = ag_judge_patients(out, summary, merge, options, j.deletions, j.error);
    ag_orders_free(orders);
    ag_deletions_free(j.deletions);
    ag_row_group_close(&j.group);
    return status;
}
