/** @file card_changes.h What differs between two knowledges, and what that moves. */
#ifndef AG_CARD_CHANGES_H
#define AG_CARD_CHANGES_H

#include "antegrade/validate.h"
#include "arena.h"
#include "knowledge.h"

typedef struct ag_number_change {
    const char *card;                   /**< id */
    const char *place;                  /**< on the card */
    const ag_parameter *before, *after; /**< NULL: it came, or went */
} ag_number_change;

typedef struct ag_case_change {
    const char *id;
    const char *leading_before, *leading_after;
    const char *mechanism; /**< that moved most */
    double before, after;
    const char *lines; /**< of the report: "gone: …" and "new: …"; NULL where not compared */
    int line_count;
} ag_case_change;

struct ag_card_changes {
    ag_arena *arena;
    const ag_knowledge *before, *after;
    const ag_number_change *numbers;
    int number_count;
    ag_case_change *cases; /**< that moved, the farthest first */
    int case_count;
    int tried;
};

#endif
