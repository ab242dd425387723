/** @file row_group.h Copies of a few rows that are looked at together. */
#ifndef AG_ROW_GROUP_H
#define AG_ROW_GROUP_H

#include "fact_row.h"

/** Rows, whose texts lie in `arena`; caller frees with ag_row_group_close. */
typedef struct ag_row_group {
    ag_arena *arena;
    ag_fact_row *rows;
    int count, room;
} ag_row_group;

/** False when out of memory. */
bool ag_row_group_open(ag_row_group *group);
void ag_row_group_close(ag_row_group *group);

/** Add a copy of the line, split. AG_ERROR_SYNTAX (it is no row), AG_ERROR_MEMORY. */
ag_status ag_row_group_add(ag_row_group *group, const char *line, size_t length, ag_error *error);

/** Give up all rows and whatever else lies in the arena. */
void ag_row_group_drop(ag_row_group *group);

#endif
