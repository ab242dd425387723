/** @file screen_summary.h What is summed up over all patients. */
#ifndef AG_SCREEN_SUMMARY_H
#define AG_SCREEN_SUMMARY_H

#include "antegrade/screen.h"
#include "fact_row.h"
#include "verdict.h"

enum {
    AG_SUMMARY_UNKNOWN = 50,
    AG_SUMMARY_FAULTS = 1000,
    AG_SUMMARY_REASONS = 200,
    AG_SUMMARY_BINS = 20,
    AG_SUMMARY_MEN = 100
};

/** A concept that is not known. */
typedef struct ag_unknown_concept {
    char *type, *code, *text;
    long long count;
} ag_unknown_concept;

typedef struct ag_read_fault {
    char *file, *message;
    long long line; /**< 0: the file as a whole */
} ag_read_fault;

typedef struct ag_named_count {
    char *name;
    long long count;
} ag_named_count;

/** A man of high risk, for the page. */
typedef struct ag_summary_man {
    char *id, *leading, *causes, *steps; /**< names, as people read them */
    double age_years;
    ag_estimate risk;
} ag_summary_man;

struct ag_screen_summary {
    ag_arena *arena; /**< of texts made on demand */
    const ag_knowledge *knowledge;
    int as_of;
    long long patients, outcomes[AG_OUTCOMES];
    long long reported, assessments;
    long long histogram[AG_SUMMARY_BINS]; /**< of risk, of those reported */
    long long steps[4];
    long long *by_cause; /**< of those reported; one per cause */
    ag_named_count leading[32];
    int leading_count;
    ag_unknown_concept unknown[AG_SUMMARY_UNKNOWN + 1]; /**< most frequent first */
    int unknown_count;
    long long unknown_kinds, unknown_all;
    ag_read_fault faults[AG_SUMMARY_FAULTS]; /**< by file and line */
    int fault_count;
    ag_named_count unused[AG_SUMMARY_REASONS]; /**< of entries of men; most frequent first */
    int unused_count;
    long long unused_all;
    ag_named_count counts[16];
    int count_count;
    ag_summary_man men[AG_SUMMARY_MEN + 1]; /**< highest risk first */
    int man_count;
};

/** Caller frees with ag_screen_summary_free. NULL when out of memory. */
ag_screen_summary *ag_summary_new(const ag_knowledge *knowledge, int as_of);

/* Each false when out of memory. */
bool ag_summary_add_count(ag_screen_summary *summary, const char *name, long long count);
bool ag_summary_add_unknown(ag_screen_summary *summary, const char *type, const char *code,
                            const char *text, long long count);
bool ag_summary_add_fault(ag_screen_summary *summary, const char *file, long long line,
                          const char *message);

/** Count an entry of a man that is known, but not used, by the reason, from which the value that
 * it quotes is left out. */
bool ag_summary_add_unused(ag_screen_summary *summary, const char *why);

/** Count one patient; `reported` where he is selected. */
bool ag_summary_add_man(ag_screen_summary *summary, const char *id, const ag_verdict *verdict,
                        bool reported);

/** The count of that name, such as "bytes read"; 0 where there is none. */
long long ag_summary_count(const ag_screen_summary *summary, const char *name);

#endif
