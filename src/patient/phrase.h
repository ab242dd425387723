/**
 * @file phrase.h
 * Causes as people and records write them in one line: "tamsulosin 0.4 mg daily since 2024-03",
 * "no diabetes", "24 HR tamsulosin hydrochloride 0.4 MG Oral Capsule", "RPLND, bilateral, 2015".
 */
#ifndef AG_PHRASE_H
#define AG_PHRASE_H

#include "dates.h"
#include "patient.h"
#include "vocabulary.h"

enum { AG_PHRASE_CAUSES = 4, AG_PHRASE_ATTRIBUTES = 8, AG_PHRASE_REST = 256 };

/** A line taken apart. */
typedef struct ag_phrase {
    bool negated; /**< "no diabetes", "sin diabetes" */
    bool planned; /**< "planned TURP", "RTUP prevista": it is to come */
    bool ended;   /**< "stopped tamsulosin", "former smoker": when is not said */
    bool turned;  /**< a word makes something else of it: "allergic to tamsulosin" */
    int causes[AG_PHRASE_CAUSES]; /**< the causes it names */
    int cause_count;
    ag_recorded_attribute attributes[AG_PHRASE_ATTRIBUTES]; /**< of the first cause, from words */
    int attribute_count;
    double strength_mg; /**< the amount named, in mg; 0 when none */
    double per_day;     /**< how often a day; 0 when not said */
    bool has_start, has_end;
    ag_when start, end;        /**< "since ...", "until ..."; a bare time is a start */
    char rest[AG_PHRASE_REST]; /**< words that are not understood, one space between */
} ag_phrase;

/** Take a line apart. False when it names no cause; then `rest` is the line without doses, times
 * and words that mean nothing here. */
bool ag_phrase_read(const ag_vocabulary *vocabulary, const char *text, ag_phrase *out);

/** How many words at `first` deny what follows ("no", "without", "sin", "denies any"), or 0. */
int ag_negation(const ag_words *words, int first);

/**
 * Read a dose such as "0.4 mg", "400 µg twice a day" or "2 x 0.4 mg". `per_day` is 0 when not said,
 * NAN when taken on demand. False when the text is no dose.
 */
bool ag_dose_read(const char *text, double *strength_mg, double *per_day);

#endif
