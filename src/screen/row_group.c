#include "row_group.h"

#include <stdlib.h>

enum { ROWS_FIRST = 1024 };

bool ag_row_group_open(ag_row_group *group) {
    *group = (ag_row_group){.arena = ag_arena_new()};
    return group->arena != NULL;
}

void ag_row_group_close(ag_row_group *group) {
    ag_arena_free(group->arena);
    free(group->rows);
}

static bool grow(ag_row_group *group) {
    int room = group->room == 0 ? ROWS_FIRST : 2 * group->room;
    ag_fact_row *rows = realloc(group->rows, (size_t)room * sizeof *rows);
    if (rows == NULL)
        return false;
    group->rows = rows;
    group->room = room;
    return true;
}

ag_status ag_row_group_add(ag_row_group *group, const char *line, size_t length, ag_error *error) {
    bool room = group->count < group->room || grow(group);
    char *copy = room ? ag_arena_text(group->arena, line, length) : NULL;
    if (copy == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (!ag_row_read(copy, length, &group->rows[group->count]))
        return ag_fail(error, AG_ERROR_SYNTAX, AG_ROW_MALFORMED, AG_ROW_COLUMNS, line);
    group->count++;
    return AG_OK;
}

void ag_row_group_drop(ag_row_group *group) {
    group->count = 0;
    ag_arena_reset(group->arena);
}
