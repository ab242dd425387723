/**
 * @file words.h
 * A text cut into folded words, so that names, doses and times can be looked for in it.
 *
 * Case, accents, hyphens and punctuation are dropped; apostrophes vanish within a word; a number is
 * a word of its own with a decimal point, also where it stood before letters or had a decimal
 * comma: "Tamsulosina 0,4mg/día" is "tamsulosina", "0.4", "mg", "dia".
 */
#ifndef AG_WORDS_H
#define AG_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { AG_WORDS_MAX = 64, AG_WORDS_TEXT = 640 };

/** Words with one space between them in `text`, so that neighbours are one piece of it. */
typedef struct ag_words {
    char text[AG_WORDS_TEXT];
    int count;
    bool cut; /**< the text had more words than fit: the rest is not here */
    short start[AG_WORDS_MAX];
    short end[AG_WORDS_MAX];
} ag_words;

/** Cut `text` into words. */
void ag_words_read(ag_words *out, const char *text);

/** The text of `count` words from `first`, not NUL-terminated; `length` is set. */
const char *ag_words_span(const ag_words *words, int first, int count, size_t *length);

/** Whether word `index` exists and is `word`. */
bool ag_words_is(const ag_words *words, int index, const char *word);

/** Whether word `index` exists and is one of a list like "|since|from|". */
bool ag_words_in(const ag_words *words, int index, const char *list);

/** How many words of the phrase `phrase` (folded, one space between) stand at `index`: all or 0. */
int ag_words_phrase(const ag_words *words, int index, const char *phrase);

/** The value of a word that is a number in digits; false when it is none. */
bool ag_words_number(const ag_words *words, int index, double *out);

#endif
