#include "questions.h"

#include <math.h>
#include <string.h>

const ag_opening ag_openings[AG_OPENINGS] = {
    {"age", AG_ANSWER_NUMBER},      {"complaint", AG_ANSWER_CHOICE}, {"medicines", AG_ANSWER_LIST},
    {"operations", AG_ANSWER_LIST}, {"conditions", AG_ANSWER_LIST},  {"since", AG_ANSWER_TIME},
    {"wants", AG_ANSWER_CHOICE},    {"volume", AG_ANSWER_NUMBER}};

static ag_answer_kind kind_of(const char *id) {
    for (int i = 0; i < AG_OPENINGS; i++)
        if (strcmp(ag_openings[i].id, id) == 0)
            return ag_openings[i].kind;
    return strcmp(id, AG_CLOSING) == 0 ? AG_ANSWER_SEVERAL : AG_ANSWER_YES_NO;
}

static const char *next_line(const char *line) {
    line += strcspn(line, "\n");
    return *line == '\n' ? line + 1 : line;
}

static const char *rest_of_line(ag_arena *arena, const char *line, size_t skip) {
    return ag_arena_text(arena, line + skip, strcspn(line, "\n") - skip);
}

static bool in_section(const char *line) {
    return *line != '\0' && strncmp(line, "## ", 3) != 0;
}

static const char **room_for_choices(const char *line, ag_arena *arena) {
    size_t count = 0;
    for (; in_section(line); line = next_line(line))
        count += strncmp(line, "- ", 2) == 0;
    return ag_arena_array(arena, count + 1, sizeof(const char *));
}

/* One section; `line` stands behind its heading. Returns where the next one begins; NULL when out
 * of memory. */
static const char *read_section(ag_question *q, const char *line, ag_arena *arena) {
    const char **choices = room_for_choices(line, arena);
    if (choices == NULL)
        return NULL;
    q->choices = choices;
    for (; in_section(line); line = next_line(line)) {
        if (*line == '\n')
            continue;
        if (strncmp(line, "? ", 2) == 0)
            q->why = rest_of_line(arena, line, 2);
        else if (strncmp(line, "- ", 2) == 0)
            choices[q->choice_count++] = rest_of_line(arena, line, 2);
        else
            q->text = rest_of_line(arena, line, 0);
    }
    return line;
}

ag_question *ag_questions_read(ag_language language, ag_arena *arena, int *count) {
    const char *text = ag_interview_files[0].text[language];
    int room = 0;
    for (const char *at = text; (at = strstr(at, "\n## ")) != NULL; at++)
        room++;
    ag_question *questions = ag_arena_array(arena, (size_t)room, sizeof *questions);
    *count = 0;
    const char *line = questions == NULL ? NULL : strstr(text, "\n## ");
    line = line == NULL ? "" : line + 1;
    while (*line != '\0') {
        ag_question *q = &questions[(*count)++];
        q->id = rest_of_line(arena, line, 3);
        if (q->id == NULL)
            return NULL;
        q->kind = kind_of(q->id);
        q->bits = NAN;
        line = read_section(q, next_line(line), arena);
        if (line == NULL)
            return NULL;
    }
    return questions;
}
