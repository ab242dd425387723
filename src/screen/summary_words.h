/** @file summary_words.h What the forms of the summary share. */
#ifndef AG_SUMMARY_WORDS_H
#define AG_SUMMARY_WORDS_H

#include "screen_summary.h"

enum { AG_STEPS = 4 };

extern const char *const AG_OUTCOME_WORDS[AG_OUTCOMES];
extern const char *const AG_STEP_WORDS[AG_STEPS];

/** Counts of the reading that a reader of the result must know of; ended by NULL. */
extern const char *const AG_ASIDE[];

typedef struct ag_cause_count {
    const ag_cause *cause;
    long long count;
} ag_cause_count;

/** The recorded causes of those reported, the most frequent first. NULL when out of memory. */
ag_cause_count *ag_summary_causes(const ag_screen_summary *summary, ag_arena *arena, int *count);

#endif
