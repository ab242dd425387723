/**
 * @file case_reader.h
 * What the files of the case reader share: the man in the making, and the times that can only be
 * resolved when all is read. The format stands in docs/case-file.md.
 */
#ifndef AG_CASE_READER_H
#define AG_CASE_READER_H

#include "patient.h"
#include "phrase.h"
#include "values.h"
#include "vocabulary.h"
#include "yaml_tree.h"

/** A time, and what it belongs to once it is resolved. */
typedef struct ag_case_time {
    bool given;
    bool resolved;
    bool in_passing; /**< stands in the line of a finding: left out where it cannot be resolved */
    ag_when when;
    ag_days days;
    const ag_node *node; /**< for messages */
} ag_case_time;

/** A cause as read, with its times still as written. */
typedef struct ag_case_cause {
    ag_cause_fact fact;
    ag_case_time start;
    ag_case_time end;
    const ag_node *node;
    struct ag_case_cause *next;
} ag_case_cause;

/** A finding likewise. */
typedef struct ag_case_finding {
    ag_finding_fact fact;
    ag_case_time date;  /**< when it was observed; of a sample's finding, unused */
    ag_case_time since; /**< when a symptom began */
    struct ag_case_finding *next;
} ag_case_finding;

/** A sample: one for semen, one for urine, made when a finding needs it. */
typedef struct ag_case_sample {
    ag_case_time date;
    double abstinence_days;
    ag_collection collection;
    int index[3]; /**< into the patient's samples by ag_sample_kind; -1 when not made */
    struct ag_case_sample *next;
} ag_case_sample;

typedef struct ag_case {
    const ag_vocabulary *vocabulary;
    const ag_knowledge *knowledge;
    ag_patient *patient;
    ag_arena *arena;
    ag_error *error;
    ag_case_cause *causes, **causes_end;
    ag_case_finding *findings, **findings_end;
    ag_case_sample *samples, **samples_end;
    ag_case_time onset;
    bool lenient;   /**< an entry that cannot be read is set aside */
    bool all_known; /**< every entry of the list that is being read was recognised */
} ag_case;

/** What a list holds, and so what its names are looked for first. */
typedef enum ag_case_section {
    AG_SECTION_MEDICINES,
    AG_SECTION_CONDITIONS,
    AG_SECTION_OPERATIONS,
    AG_SECTION_SYMPTOMS,
    AG_SECTION_EXAM,
    AG_SECTION_TESTS,
    AG_SECTION_ABSENT
} ag_case_section;

/* ---- helpers ---- */

/** Fail at a node, with a formatted message, which is said in the language of the case. */
ag_status ag_case_fail(ag_case *c, const ag_node *node, ag_status code, const char *english, ...)
    AG_PRINTF(4, 5);

/** Put the position of a node into the error of a call that failed; `status` is returned. */
ag_status ag_case_at(ag_case *c, const ag_node *node, ag_status status);

/** Whether a node says nothing: empty, null, unknown. */
bool ag_case_is_unknown(const ag_node *node);

/** A node's text; fails for lists and maps. */
ag_status ag_case_text(ag_case *c, const ag_node *node, const char **out);

/** A key (folded comparison) is one of a list like "|since|from|". */
bool ag_case_key_in(const char *key, const char *list);

/** List an entry as not used, with the nearest known names of `kinds` (0: none). */
ag_status ag_case_unused(ag_case *c, const ag_node *node, ag_unused_reason reason, const char *text,
                         const char *why, unsigned kinds);

/** "line 4", in the arena. */
const char *ag_case_where(ag_case *c, const ag_node *node);

/* ---- entries (case_entries.c) ---- */

/** Read the value of a section's key: a list of entries, a map of name to value, or one entry.
 * `c->all_known` then tells whether every one was recognised. */
ag_status ag_case_entries(ag_case *c, const ag_node *node, ag_case_section section,
                          ag_case_sample *sample);

/** A reader of one entry. It adds to the case only what it has read whole. */
typedef ag_status ag_case_read_entry(ag_case *c, const ag_node *node, ag_case_section section,
                                     ag_case_sample *sample);

/** Read an entry. Where the case is lenient, one that cannot be read is listed as not used. */
ag_status ag_case_entry(ag_case *c, const ag_node *node, ag_case_section section,
                        ag_case_sample *sample, ag_case_read_entry *read);

/* ---- causes (case_causes.c) ---- */

/** Read one entry that names causes; `*understood` is false when it names none. */
ag_status ag_case_cause_line(ag_case *c, const ag_node *node, const char *text, bool absent,
                             bool *understood);
ag_status ag_case_cause_map(ag_case *c, const ag_node *map, const char *name, bool absent,
                            bool *understood);

/* ---- findings (case_findings.c) ---- */

/** Read one entry that is a finding; `*understood` is false when it is none. */
ag_status ag_case_finding_line(ag_case *c, const ag_node *node, const char *text, bool absent,
                               ag_case_sample *sample, bool *understood);
ag_status ag_case_finding_map(ag_case *c, const ag_node *map, const char *name, bool absent,
                              ag_case_sample *sample, bool *understood);

/** Read a finding and its value given apart, such as "semen volume" and "0.8 mL". */
ag_status ag_case_finding_pair(ag_case *c, const ag_node *node, const char *name, const char *value,
                               ag_case_sample *sample, bool *understood);

/** Read the list of samples. */
ag_status ag_case_samples(ag_case *c, const ag_node *node);

/* ---- times (case_times.c) ---- */

/** Read a time from a text, to be resolved later. */
ag_status ag_case_time_read(ag_case *c, const ag_node *node, const char *text, ag_case_time *out);

/** Fail where a text names a day that does not exist, such as 2024-02-31. */
ag_status ag_case_days_exist(ag_case *c, const ag_node *node, const char *text);

/** Resolve all times and put causes, findings and samples into the patient. */
ag_status ag_case_settle(ag_case *c);

#endif
