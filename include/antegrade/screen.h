/**
 * @file screen.h
 * Screening of bulk records: which men of a hospital are likely to have, or are about to be given,
 * an ejaculatory problem.
 *
 *     ag_screen_options options = ag_screen_options_defaults();
 *     const char *const paths[] = {"export/"};
 *     ag_screen_summary *summary;
 *     if (ag_screen(stdout, &summary, engine, paths, 1, &options, &error) == AG_OK)
 *         puts(ag_screen_summary_text(summary));
 *     ag_screen_summary_free(summary);
 *
 * Input is FHIR R4 line by line (NDJSON), as a Bulk Data export gives it: resources of one patient
 * may lie in many files, in any order. Memory is a fixed amount; what does not fit is sorted on
 * disk. The result depends on the facts alone, not on threads, order or cut of the files. A man's
 * probabilities are those of ag_assess. docs/screen.md.
 */
#ifndef ANTEGRADE_SCREEN_H
#define ANTEGRADE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "antegrade/assess.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ag_screen_format {
    AG_SCREEN_NDJSON, /**< one JSON object a man */
    AG_SCREEN_CSV,    /**< a heading, then one row a man */
    AG_SCREEN_HTML    /**< a page: the summary with plots, and the men of the highest risk */
} ag_screen_format;

/** Suggested steps, as bits. */
enum {
    AG_SCREEN_BANK = 1,        /**< offer to freeze sperm before a planned operation */
    AG_SCREEN_ALTERNATIVE = 2, /**< he takes a medicine to which there is a better alternative */
    AG_SCREEN_LOW_VOLUME = 4,  /**< a low semen volume that nothing recorded explains */
    AG_SCREEN_ASK = 8          /**< none of these: ask him whether semen has become less */
};

typedef struct ag_screen_options {
    size_t size;         /**< sizeof(ag_screen_options), set by the defaults */
    const char *as_of;   /**< the day of the assessment, YYYY-MM-DD; NULL: today (UTC) */
    const char *setting; /**< where the men are seen, as in ag_patient_options; may be NULL */
    int threads;         /**< 1 to 256; default 1 */
    bool strict;         /**< check every byte of the input to be JSON and UTF-8 */
    ag_screen_format format;
    double risk_least;       /**< report men of at least this risk (0 to 1) */
    const char *cause;       /**< report only men with this cause, by any of its names, or with one
                                of this group ("alpha-blocker"); or NULL */
    double age_from, age_to; /**< report only men of these ages in years; 0 to 200 */
    const char *since;       /**< report only men with something new since this day, or to come */
    int part, parts;         /**< of a reduce: only patients of this part, 1 to `parts` */
    size_t memory;           /**< bytes held before sorting goes to disk; default 256 MiB */
    const char *folder;      /**< of temporary files; NULL: TMPDIR, else /tmp */
    const char *resume;      /**< folder that keeps finished pieces of the work; NULL: none */
    size_t piece;            /**< bytes that a thread reads at a time; 0: the usual number */
    /** Called now and then with bytes done and in all (0: not known). May be NULL. */
    void (*tick)(void *data, long long done, long long total);
    void *tick_data;
    /** Called with the name of a file of facts, borrowed, that is half written, and with NULL when
     * it is whole or gone: what a program that is ended before should remove. May be NULL. */
    void (*half_written)(void *data, const char *name);
    void *half_written_data;
} ag_screen_options;

/** No selection, one thread, NDJSON. */
ag_screen_options ag_screen_options_defaults(void);

/** What was read, found and not understood. */
typedef struct ag_screen_summary ag_screen_summary;

/**
 * Read the files, folders and streams ("-") of `paths`, plain, gzip or zstd, and write one line a
 * man with a hit to `out`, sorted by patient id. Caller frees `*summary` (which may be NULL) with
 * ag_screen_summary_free. Lines that cannot be read are told in the summary and stop nothing.
 * AG_ERROR_IO (a path that is not there or holds no data, nothing could be read, a full disk),
 * AG_ERROR_ARGUMENT (an option), AG_ERROR_MEMORY.
 */
ag_status ag_screen(FILE *out, ag_screen_summary **summary, const ag_engine *engine,
                    const char *const *paths, int count, const ag_screen_options *options,
                    ag_error *error);

/**
 * The first half of ag_screen: write the facts of `paths` as sorted rows to the file `facts`, which
 * appears only when it is whole. The format: docs/screen.md.
 */
ag_status ag_screen_map(const char *facts, const ag_engine *engine, const char *const *paths,
                        int count, const ag_screen_options *options, ag_error *error);

/**
 * The second half: from files of facts, in any order, to the result that ag_screen would give on
 * all their input. AG_ERROR_SYNTAX where a file is cut off, damaged or given twice,
 * AG_ERROR_UNSUPPORTED where one is of another version or of other medical knowledge.
 */
ag_status ag_screen_reduce(FILE *out, ag_screen_summary **summary, const ag_engine *engine,
                           const char *const *facts, int count, const ag_screen_options *options,
                           ag_error *error);

void ag_screen_summary_free(ag_screen_summary *summary);

/** Men reported. */
long long ag_screen_summary_hits(const ag_screen_summary *summary);

/** Lines and files that could not be read. */
long long ag_screen_summary_faults(const ag_screen_summary *summary);

/** The summary as text for people, as one JSON object, or as a page with plots; borrowed until it
 * is freed. NULL when out of memory. */
const char *ag_screen_summary_text(ag_screen_summary *summary);
const char *ag_screen_summary_json(ag_screen_summary *summary);
const char *ag_screen_summary_html(ag_screen_summary *summary);

#ifdef __cplusplus
}
#endif
#endif
