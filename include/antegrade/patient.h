/**
 * @file patient.h
 * A man as the program knows him, read from a case file or a FHIR R4 record.
 *
 *     ag_vocabulary *vocabulary = ag_vocabulary_new(knowledge);
 *     ag_patient *patient;
 *     ag_error error;
 *     if (ag_patient_read_file(&patient, vocabulary, "case.yaml", NULL, &error) != AG_OK)
 *         fprintf(stderr, "%s:%d: %s\n", error.where, error.line, error.message);
 *
 * What a record does not say is unknown, not absent. What is recorded and not understood is listed
 * by ag_patient_unused, never dropped silently.
 */
#ifndef ANTEGRADE_PATIENT_H
#define ANTEGRADE_PATIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ag_knowledge ag_knowledge;

/** One man: facts, samples, dates. Not changed after reading; may be shared by threads that only
 * read. */
typedef struct ag_patient ag_patient;

/** The names and codes of a knowledge, made ready to be found in records. Read only once made; may
 * be shared by threads. */
typedef struct ag_vocabulary ag_vocabulary;

/**
 * The vocabulary of `knowledge`, which is borrowed until the vocabulary is freed. Caller frees with
 * ag_vocabulary_free. NULL when out of memory.
 */
ag_vocabulary *ag_vocabulary_new(const ag_knowledge *knowledge);

/** Free a vocabulary; patients read with it stay valid. NULL is allowed. */
void ag_vocabulary_free(ag_vocabulary *vocabulary);

/** What the caller knows beyond the record. */
typedef struct ag_patient_options {
    size_t size; /**< sizeof(ag_patient_options), set by the defaults */
    /** The day of the assessment, YYYY-MM-DD. NULL: the case file's `date`, else today (UTC). */
    const char *as_of;
    /** He has male anatomy, whatever sex the record gives (a trans woman, or sex not recorded). */
    bool male_anatomy;
    /** Where he is seen, in the words of the card `setting`; NULL: what the record says. */
    const char *setting;
    /** Of what is said of his record (unused entries, contradictions, errors): "en" or "es"; NULL:
     * English. */
    const char *language;
    /** An entry of a case file's lists that cannot be read is listed by ag_patient_unused, with
     * what would mend it, and the rest is read. Else it is an error. */
    bool lenient;
} ag_patient_options;

/** No date, no override, no setting, English, not lenient. */
ag_patient_options ag_patient_options_defaults(void);

/*
 * The readers. Each writes a new patient to `out`, whom the caller frees with ag_patient_free; he
 * borrows from the vocabulary's knowledge, not from the text. `options` may be NULL. On failure
 * `out` is NULL and `error` says what is wrong, where, and how to mend it:
 *   AG_ERROR_SYNTAX       not well-formed YAML or JSON
 *   AG_ERROR_VALUE        a missing or unreadable value, or one without its unit
 *   AG_ERROR_RANGE        an impossible value, or a day that does not exist
 *   AG_ERROR_NAME         an unknown key
 *   AG_ERROR_UNSUPPORTED  FHIR of another version, several patients, or no record at all
 *   AG_ERROR_DECLINED     a person outside the intended use: the message says why
 *   AG_ERROR_TOO_LARGE    more than 1 GiB of text
 *   AG_ERROR_IO, AG_ERROR_MEMORY
 */

/** Read a case file (YAML or JSON; docs/case-file.md) from `length` bytes at `text`. */
ag_status ag_patient_read_case(ag_patient **out, const ag_vocabulary *vocabulary, const char *text,
                               size_t length, const ag_patient_options *options, ag_error *error);

/**
 * Read a FHIR R4 record from `length` bytes at `text`: a Bundle of any type, an array of resources,
 * a single resource, or resources line by line (NDJSON), of one patient. Rules: docs/fhir.md.
 */
ag_status ag_patient_read_fhir(ag_patient **out, const ag_vocabulary *vocabulary, const char *text,
                               size_t length, const ag_patient_options *options, ag_error *error);

/** Read either of them, whichever the text is. */
ag_status ag_patient_read(ag_patient **out, const ag_vocabulary *vocabulary, const char *text,
                          size_t length, const ag_patient_options *options, ag_error *error);

/** Read either from a file, or from standard input where `path` is "-"; plain or gzip. */
ag_status ag_patient_read_file(ag_patient **out, const ag_vocabulary *vocabulary, const char *path,
                               const ag_patient_options *options, ag_error *error);

/** Free a patient and all that was borrowed from him. NULL is allowed. */
void ag_patient_free(ag_patient *patient);

/** How the record calls him: the case's `id`, or the FHIR patient's id; "" when it does not. */
const char *ag_patient_label(const ag_patient *patient);

/** His age on the day of the assessment in years; NaN when unknown. */
double ag_patient_age(const ag_patient *patient);

/** Why an entry is not used. */
typedef enum ag_unused_reason {
    AG_UNUSED_SETTLED,   /**< by a rule: another entry takes its place, it is over, it is too old */
    AG_UNUSED_UNKNOWN,   /**< its name is not known */
    AG_UNUSED_WORDS,     /**< words beside its name, which may change its meaning */
    AG_UNUSED_DIAGNOSIS, /**< the assessment judges anew */
    AG_UNUSED_VALUE      /**< it cannot be read: `why` says how to mend it */
} ag_unused_reason;

/** "unused", "unknown", "words", "diagnosis", "value"; borrowed for ever. */
const char *ag_unused_reason_name(ag_unused_reason reason);

/** An entry of the record that the assessment does not use. All borrowed until he is freed. */
typedef struct ag_unused_entry {
    ag_unused_reason reason;
    const char *text;       /**< as the record has it */
    const char *where;      /**< place in the record */
    const char *why;        /**< one clause */
    const char *nearest[3]; /**< known names that come near; NULL behind the last */
} ag_unused_entry;

int ag_patient_unused_count(const ag_patient *patient);
ag_unused_entry ag_patient_unused(const ag_patient *patient, int i);

/** Whether an entry of his record could not be read (AG_UNUSED_VALUE). */
bool ag_patient_unreadable(const ag_patient *patient);

/** What contradicts itself in the record: one sentence each, borrowed until he is freed. */
int ag_patient_contradiction_count(const ag_patient *patient);
const char *ag_patient_contradiction(const ag_patient *patient, int i);

#ifdef __cplusplus
}
#endif
#endif
