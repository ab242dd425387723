/** @file plan_cards.h The small knowledge of the plan's tests, loaded for a group of tests. */
#ifndef TESTS_PLAN_CARDS_H
#define TESTS_PLAN_CARDS_H

#include <math.h>

#include "arena.h"
#include "knowledge.h"

static const char *const cards = AG_SOURCE_DIR "/tests/unit/plan/knowledge";
static ag_knowledge *knowledge;
static ag_arena *arena;

static int open_all(void **state) {
    (void)state;
    arena = ag_arena_new();
    return arena == NULL || ag_knowledge_load(&knowledge, cards, NULL, NULL) != AG_OK;
}

static int close_all(void **state) {
    (void)state;
    ag_arena_free(arena);
    ag_knowledge_free(knowledge);
    return 0;
}

static void near(double got, double wanted, double within) {
    if (!(fabs(got - wanted) <= within))
        fail_msg("%.6f is not %.6f", got, wanted);
}

#endif
