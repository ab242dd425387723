/**
 * @file readability.h
 * How easy a text is, by a published formula of each language.
 *
 * English: grade of Flesch and Kincaid (1975), 0.39 words/sentence + 11.8 syllables/word - 15.59:
 * the years of school that a reader needs; 7 is an age of about 12.
 * Spanish: ease of Fernández Huerta (1959), 206.84 - 60 syllables/word - 1.02 words/sentence: 70
 * and above is "fairly easy", read by twelve-year-olds.
 *
 * Syllables of Spanish follow its rules. Those of English are groups of vowels, less a silent e.
 */
#ifndef TESTS_READABILITY_H
#define TESTS_READABILITY_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

typedef struct text_counts {
    int words, sentences, syllables;
} text_counts;

static bool one_of(char c, const char *set) {
    return c != '\0' && strchr(set, c) != NULL;
}

/* Letters in lower case; of Spanish, á é ó become A E O, í ú become I U, ü becomes W, ñ n. */
static void plain_letters(const char *text, size_t length, char *out, size_t size) {
    static const char *const from[] = {"á", "é", "í", "ó", "ú", "ü", "ñ",
                                       "Á", "É", "Í", "Ó", "Ú", "Ü", "Ñ"};
    static const char to[] = "AEIOUWnAEIOUWn";
    size_t n = 0;
    for (size_t i = 0; i < length && n + 1 < size; i++) {
        if (isalnum((unsigned char)text[i]) || text[i] == '\'') {
            out[n++] = (char)tolower((unsigned char)text[i]);
            continue;
        }
        for (size_t k = 0; k < sizeof from / sizeof from[0]; k++)
            if (i + 1 < length && memcmp(text + i, from[k], 2) == 0) {
                out[n++] = to[k];
                i++;
                break;
            }
    }
    out[n] = '\0';
}

static int english_syllables(const char *word) {
    static const char vowels[] = "aeiouy";
    int count = 0;
    size_t length = strlen(word);
    for (size_t i = 0; i < length; i++) {
        bool first = one_of(word[i], vowels) && (i == 0 || !one_of(word[i - 1], vowels));
        bool apart = i > 1 && word[i - 1] == 'i' && one_of(word[i], "aou") &&
                     !one_of(word[i - 2], "tscg"); /* "period", not "nation" */
        count += first + apart;
    }
    bool silent = length > 2 && word[length - 1] == 'e' && !one_of(word[length - 2], vowels) &&
                  !(word[length - 2] == 'l' && !one_of(word[length - 3], vowels));
    bool past =
        length > 3 && strcmp(word + length - 2, "ed") == 0 && !one_of(word[length - 3], "tdaeiouy");
    bool plural = length > 3 && strcmp(word + length - 2, "es") == 0 &&
                  !one_of(word[length - 3], "sxzhcgaeiouy");
    count -= silent || past || plural;
    return count < 1 ? 1 : count;
}

static int spanish_syllables(const char *word) {
    int count = 0;
    bool strong_before = false, weak_before = false;
    for (size_t i = 0; word[i] != '\0'; i++) {
        char c = word[i];
        bool silent = c == 'u' && i > 0 && one_of(word[i - 1], "gq") && one_of(word[i + 1], "eiEI");
        if (silent)
            continue;
        bool final_y = c == 'y' && !one_of(word[i + 1], "aeiouAEIOUW");
        bool strong = one_of(c, "aeoAEOIU"), weak = one_of(c, "iuW") || final_y;
        if (strong)
            count += !weak_before || one_of(c, "IU");
        else if (weak)
            count += !strong_before && !weak_before;
        strong_before = strong && !one_of(c, "IU"); /* "oí-a" is apart from what follows */
        weak_before = weak && !strong_before;
    }
    return count < 1 ? 1 : count;
}

/* Add the words of one block, such as a paragraph or an item; its end ends a sentence. */
static void count_block(text_counts *counts, const char *text, size_t length, bool spanish) {
    bool open = false;
    for (size_t i = 0; i < length;) {
        if (text[i] == '[') { /* a source */
            while (i < length && text[i] != ']')
                i++;
            i++;
            continue;
        }
        size_t n = 0;
        while (i + n < length && !isspace((unsigned char)text[i + n]) && text[i + n] != '[')
            n++;
        char word[80];
        plain_letters(text + i, n, word, sizeof word);
        if (word[0] != '\0') {
            counts->words++;
            counts->syllables += spanish ? spanish_syllables(word) : english_syllables(word);
            open = true;
        }
        for (size_t k = i; k < i + n && open; k++)
            if (one_of(text[k], ".!?") &&
                (k + 1 == length || !isdigit((unsigned char)text[k + 1]))) {
                counts->sentences++;
                open = false;
            }
        i += n > 0 ? n : 1;
    }
    counts->sentences += open;
}

static double per(int a, int b) {
    return b > 0 ? (double)a / b : 0;
}

static double flesch_kincaid_grade(text_counts c) {
    return 0.39 * per(c.words, c.sentences) + 11.8 * per(c.syllables, c.words) - 15.59;
}

static double fernandez_huerta_ease(text_counts c) {
    return 206.84 - 60 * per(c.syllables, c.words) - 1.02 * per(c.words, c.sentences);
}

/* Whether a reader of about twelve follows the text; `score` is the formula's value. */
static bool easy_at_twelve(text_counts counts, bool spanish, double *score) {
    *score = spanish ? fernandez_huerta_ease(counts) : flesch_kincaid_grade(counts);
    return spanish ? *score >= 70 : *score <= 7;
}

#endif
