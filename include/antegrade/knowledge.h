/**
 * @file knowledge.h
 * The medical knowledge: causes, functions, findings, mechanisms and the published figures behind
 * their numbers.
 *
 * The knowledge is compiled into the library (ag_knowledge_builtin), or loaded from a folder of
 * cards (ag_knowledge_load; the format is described in docs/knowledge.md). It is never changed
 * after loading, so any number of threads may share it.
 *
 *     ag_error error;
 *     ag_knowledge *own = NULL;
 *     if (ag_knowledge_load(&own, "my-cards", NULL, &error) != AG_OK)
 *         fprintf(stderr, "%s:%d:%d: %s\n", error.where, error.line, error.column, error.message);
 *     ag_card card;
 *     if (ag_card_find(own, "Flomax", &card))
 *         puts(ag_card_name(own, card, "es"));
 *     ag_knowledge_free(own);
 */
#ifndef ANTEGRADE_KNOWLEDGE_H
#define ANTEGRADE_KNOWLEDGE_H

#include <stdbool.h>

#include "antegrade/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The checked knowledge. */
typedef struct ag_knowledge ag_knowledge;

/** What is wrong with a folder of cards: a list of errors, sorted by file, line and column. */
typedef struct ag_problems ag_problems;

/** The knowledge compiled into the library, borrowed for ever; NULL in builds without it. */
const ag_knowledge *ag_knowledge_builtin(void);

/**
 * Load and check the cards of `folder`. On success `*out` is the knowledge: caller frees with
 * ag_knowledge_free. On failure `*out` is NULL and `error` (may be NULL) is the first fault.
 *
 * `problems` (may be NULL) receives all faults, none on success: caller frees with
 * ag_problems_free, whatever the status. Fails with AG_ERROR_IO, AG_ERROR_MEMORY, or the status of
 * the first fault of the cards.
 */
ag_status ag_knowledge_load(ag_knowledge **out, const char *folder, ag_problems **problems,
                            ag_error *error);

/**
 * The same without `count` evidence records: to ask what would have been predicted without a study.
 * Their counts are left out of every number that is pooled from counts. A number that a person read
 * from one of them, or that has no count left, gets the distribution of the numbers of its kind
 * that rest on none of them (docs/knowledge.md, "Without a study").
 */
ag_status ag_knowledge_load_without(ag_knowledge **out, const char *folder,
                                    const char *const *evidence, int count, ag_error *error);

/** Free loaded knowledge. NULL is allowed, and so is the built-in knowledge, which stays. */
void ag_knowledge_free(const ag_knowledge *knowledge);

/** The number of faults; 0 for NULL. */
int ag_problems_count(const ag_problems *problems);

/** Fault number `index` (from 0): file in `where`, line and column from 1. Borrowed until the list
 * is freed. */
const ag_error *ag_problems_item(const ag_problems *problems, int index);

/** How ag_card_show, ag_card_list and ag_problems_show write. */
typedef enum ag_card_format { AG_CARD_TEXT, AG_CARD_JSON } ag_card_format;

/**
 * The faults as text, one "file:line:column: message" a line, or as a JSON array of objects {file,
 * line, column, message}. `*out` is NUL-terminated UTF-8: caller frees with free(). Fails with
 * AG_ERROR_MEMORY.
 */
ag_status ag_problems_show(const ag_problems *problems, ag_card_format format, char **out,
                           ag_error *error);

/** Free the list. NULL is allowed. */
void ag_problems_free(ag_problems *problems);

/** The version of the knowledge, such as "2026.11", and its date, ISO 8601. Borrowed until the
 * knowledge is freed. */
const char *ag_knowledge_version(const ag_knowledge *knowledge);
const char *ag_knowledge_date(const ag_knowledge *knowledge);

/* ---- cards ---- */

/** The kinds of cards: X(constant, folder of the cards, singular). */
#define AG_CARD_KIND_LIST(X)                                                                       \
    X(AG_CARD_FUNCTION, "functions", "function")                                                   \
    X(AG_CARD_EJACULATE, "ejaculate", "ejaculate")                                                 \
    X(AG_CARD_MECHANISM, "mechanisms", "mechanism")                                                \
    X(AG_CARD_FINDING, "findings", "finding")                                                      \
    X(AG_CARD_CAUSE, "causes", "cause")                                                            \
    X(AG_CARD_TREATMENT, "treatments", "treatment")                                                \
    X(AG_CARD_TEST, "tests", "test")                                                               \
    X(AG_CARD_SOURCE, "sperm-sources", "sperm-source")                                             \
    X(AG_CARD_METHOD, "conception", "method")                                                      \
    X(AG_CARD_RED_FLAG, "red-flags", "red-flag")                                                   \
    X(AG_CARD_VALUES, "values", "value")                                                           \
    X(AG_CARD_EVIDENCE, "evidence", "evidence")

typedef enum ag_card_kind {
#define AG_CARD_KIND_ENUM(constant, folder, singular) constant,
    AG_CARD_KIND_LIST(AG_CARD_KIND_ENUM)
#undef AG_CARD_KIND_ENUM
        AG_CARD_KINDS /**< how many kinds there are */
} ag_card_kind;

/** One card (or, for AG_CARD_EVIDENCE, one published figure) of a knowledge. */
typedef struct ag_card {
    ag_card_kind kind;
    int index; /**< from 0 to ag_card_count - 1, in the order of the ids */
} ag_card;

/** "functions", "causes" and so on: the name of the kind's folder. Borrowed for ever. */
const char *ag_card_kind_name(ag_card_kind kind);

/** The kind that `name` ("cause" or "causes", in any case) names; false when there is none. */
bool ag_card_kind_find(const char *name, ag_card_kind *out);

/** How many cards of a kind there are. */
int ag_card_count(const ag_knowledge *knowledge, ag_card_kind kind);

/** The card's id, borrowed until the knowledge is freed. */
const char *ag_card_id(const ag_knowledge *knowledge, ag_card card);

/**
 * The name to show in a language ("en" or "es"; English where a card has no other; for evidence,
 * its subject). Borrowed until the knowledge is freed.
 */
const char *ag_card_name(const ag_knowledge *knowledge, ag_card card, const char *language);

/**
 * The card that `text` names: by id, by any of its names in any case and with or without accents,
 * or by a code written as "snomed:…", "icd10cm:…", "rxnorm:…", "atc:…" or "loinc:…". Where names
 * are shared, causes and findings come before other kinds. False when there is none.
 */
bool ag_card_find(const ag_knowledge *knowledge, const char *text, ag_card *out);

/** At most this many names come from ag_card_nearest. */
enum { AG_CARD_NEAREST = 3 };

/** The known names nearest to a text that ag_card_find does not find, nearest first, and their
 * number. */
int ag_card_nearest(const ag_knowledge *knowledge, const char *text,
                    const char *names[AG_CARD_NEAREST]);

/** A card that was searched for, and the name or code by which it was found. */
typedef struct ag_card_match {
    ag_card card;
    const char *name; /**< borrowed until the knowledge is freed */
} ag_card_match;

/**
 * The causes, findings, mechanisms, functions, treatments, tests and other cards that people can
 * ask about, by any of their names, ids and codes, best first: those called just so, then those
 * whose name begins so, has all the words of `text` as beginnings of words, or contains it; where
 * there is none of these, those of similar spelling. Case, accents and hyphens do not matter. An
 * empty text finds all, by kind. At most `capacity` are written; their number is returned.
 */
int ag_card_search(const ag_knowledge *knowledge, const char *text, ag_card_match *out,
                   int capacity);

/**
 * All that a card says, with the sources of its numbers, as text of at most 100 columns or as one
 * JSON object.
 * `*out` is NUL-terminated UTF-8: caller frees with free(). Fails with AG_ERROR_MEMORY.
 */
ag_status ag_card_show(const ag_knowledge *knowledge, ag_card card, ag_card_format format,
                       char **out, ag_error *error);

/**
 * The cards of one kind, or with `kind` AG_CARD_KINDS all but the evidence: as text, a heading for
 * each kind and a line "id  name" for each card, or as a JSON array of objects {card, id, en, es}.
 * `*out` as with ag_card_show.
 */
ag_status ag_card_list(const ag_knowledge *knowledge, ag_card_kind kind, ag_card_format format,
                       char **out, ag_error *error);

/**
 * What rests on what. With `card` NULL: every record of evidence, what looking it up again gave,
 * and how many numbers rest on it; then how many numbers rest on what. With a record: as
 * ag_card_show. With another card: its numbers, the weakest support first, and among equals the
 * widest interval, each with its records. As text, or as a JSON array of objects. `*out` as with
 * ag_card_show.
 */
ag_status ag_evidence_show(const ag_knowledge *knowledge, const ag_card *card,
                           ag_card_format format, char **out, ag_error *error);

#ifdef __cplusplus
}
#endif
#endif
