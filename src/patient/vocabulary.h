/**
 * @file vocabulary.h
 * The names and codes by which the cards are known, and how a name is found in what people and
 * records write.
 *
 * Names are compared as words (see words.h): case, accents, hyphens and punctuation do not matter.
 * A vocabulary is built once and then only read; threads may share it.
 */
#ifndef AG_VOCABULARY_H
#define AG_VOCABULARY_H

#include "antegrade/patient.h"
#include "knowledge.h"
#include "words.h"

typedef enum ag_term_kind {
    AG_TERM_CAUSE = 1,     /**< index into the knowledge's causes */
    AG_TERM_FINDING = 2,   /**< index into the knowledge's findings */
    AG_TERM_MECHANISM = 4, /**< index into the knowledge's mechanisms */
    AG_TERM_ABSENCE = 8    /**< the same as of a finding, which the name says to be absent: only
                              where it is asked for, as it is not among AG_TERM_ANY */
} ag_term_kind;

enum { AG_TERM_ANY = 7 };

typedef struct ag_term {
    ag_term_kind kind;
    int index;
} ag_term;

/** A term whose name stands at words `first` to `first + count - 1`. */
typedef struct ag_mention {
    ag_term term;
    int first;
    int count;
} ag_mention;

/** The knowledge it was made of. */
const ag_knowledge *ag_vocabulary_knowledge(const ag_vocabulary *vocabulary);

/**
 * The term of one of `kinds` (AG_TERM_ bits) whose name, id, synonym or code ("icd10cm:E11.9",
 * "E11.9") is the whole `text`. Where a name belongs to several, a cause goes before a finding and
 * that before a mechanism.
 */
bool ag_vocabulary_find(const ag_vocabulary *vocabulary, unsigned kinds, const char *text,
                        ag_term *out);

/** As ag_vocabulary_find, for `count` words from `first`. */
bool ag_vocabulary_find_words(const ag_vocabulary *vocabulary, unsigned kinds,
                              const ag_words *words, int first, int count, ag_term *out);

/**
 * The term that carries a code. Dots in ICD-10-CM codes do not matter; a card's code that ends in
 * '*' stands for all that begin so, and the longest such goes first.
 */
bool ag_vocabulary_find_code(const ag_vocabulary *vocabulary, ag_code_system system,
                             const char *code, ag_term *out);

/**
 * The names contained in `words`, from left to right, the longest at each place, not overlapping.
 * At most `capacity` are written; their number is returned.
 */
int ag_vocabulary_search(const ag_vocabulary *vocabulary, unsigned kinds, const ag_words *words,
                         ag_mention *out, int capacity);

/**
 * Up to three names near `text`, NULL behind the last: names contained in it, then names of
 * similar spelling. They are borrowed from the knowledge.
 */
void ag_vocabulary_nearest(const ag_vocabulary *vocabulary, unsigned kinds, const char *text,
                           const char *out[3]);

/** The name shown for a term, in English; borrowed from the knowledge. */
const char *ag_vocabulary_name(const ag_vocabulary *vocabulary, ag_term term);

/** The name shown in Spanish where `spanish` and the card has one, else in English; borrowed. */
const char *ag_vocabulary_name_in(const ag_vocabulary *vocabulary, ag_term term, bool spanish);

/** The id of a term's card; borrowed from the knowledge. */
const char *ag_vocabulary_id(const ag_vocabulary *vocabulary, ag_term term);

/** A term, and the name of it that goes on as a text begins; borrowed from the knowledge. */
typedef struct ag_suggestion {
    ag_term term;
    const char *name;
} ag_suggestion;

/**
 * The terms of `kinds` with a name in which the words of `text` begin words that follow each other,
 * such as "cloudy ur"; each term once, first those whose name begins so, then the shorter names;
 * the names of the other language last, and only those that begin so. Of a longer text the last
 * words that begin a name count. None for a text of less than two letters. At most `capacity` are
 * written; their number is returned.
 */
int ag_vocabulary_suggest(const ag_vocabulary *vocabulary, unsigned kinds, const char *text,
                          bool spanish, ag_suggestion *out, int capacity);

#endif
