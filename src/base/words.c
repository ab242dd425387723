/* Words of a text: folded first, then cut at everything that is no letter or digit. */
#include "words.h"

#include <string.h>

#include "text.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool is_apostrophe(const char *text, size_t *bytes) {
    if (*text == '\'') {
        *bytes = 1;
        return true;
    }
    *bytes = 3;
    return strncmp(text, "\xE2\x80\x99", 3) == 0;
}

/* Digits with at most one decimal point or comma between them. */
static size_t number_length(const char *text) {
    size_t n = strspn(text, "0123456789");
    if ((text[n] == '.' || text[n] == ',') && is_digit(text[n + 1]))
        n += 1 + strspn(text + n + 1, "0123456789");
    return n;
}

typedef struct writer {
    ag_words *words;
    size_t used;
} writer;

static bool word_start(writer *to) {
    if (to->words->count == AG_WORDS_MAX || to->used + 2 >= AG_WORDS_TEXT) {
        to->words->cut = true;
        return false;
    }
    if (to->words->count > 0)
        to->words->text[to->used++] = ' ';
    to->words->start[to->words->count] = (short)to->used;
    return true;
}

static void word_bytes(writer *to, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (to->used + 1 >= AG_WORDS_TEXT) {
            to->words->cut = true;
            return;
        }
        to->words->text[to->used++] = bytes[i];
    }
}

static void word_end(writer *to) {
    to->words->end[to->words->count++] = (short)to->used;
}

static const char *read_number(writer *to, const char *at) {
    size_t n = number_length(at), point = strcspn(at, ",");
    word_bytes(to, at, n);
    if (point < n && to->used > n - point)
        to->words->text[to->used - (n - point)] = '.';
    return at + n;
}

static const char *read_letters(writer *to, const char *at) {
    for (size_t skip;;) {
        if (is_apostrophe(at, &skip)) {
            at += skip;
        } else if (is_letter(*at) || is_digit(*at)) {
            word_bytes(to, at++, 1);
        } else {
            return at;
        }
    }
}

void ag_words_read(ag_words *out, const char *text) {
    char folded[AG_WORDS_TEXT];
    size_t whole = ag_text_fold(text, strlen(text), folded, sizeof folded);
    out->count = 0;
    out->cut = whole >= sizeof folded;
    writer to = {.words = out};
    const char *at = folded;
    while (*at != '\0') {
        size_t skip;
        if (is_apostrophe(at, &skip) || (!is_letter(*at) && !is_digit(*at))) {
            at++;
            continue;
        }
        if (!word_start(&to))
            break;
        at = is_digit(*at) ? read_number(&to, at) : read_letters(&to, at);
        word_end(&to);
    }
    out->text[to.used] = '\0';
}

const char *ag_words_span(const ag_words *words, int first, int count, size_t *length) {
    if (count <= 0 || first < 0 || first + count > words->count) {
        *length = 0;
        return "";
    }
    *length = (size_t)(words->end[first + count - 1] - words->start[first]);
    return words->text + words->start[first];
}

bool ag_words_is(const ag_words *words, int index, const char *word) {
    size_t length;
    const char *text = ag_words_span(words, index, 1, &length);
    return length > 0 && strlen(word) == length && memcmp(text, word, length) == 0;
}

bool ag_words_in(const ag_words *words, int index, const char *list) {
    char item[32]; /* no list has longer words */
    size_t length;
    const char *text = ag_words_span(words, index, 1, &length);
    if (length == 0 || length + 3 > sizeof item)
        return false;
    item[0] = item[length + 1] = '|';
    memcpy(item + 1, text, length);
    item[length + 2] = '\0';
    return strstr(list, item) != NULL;
}

int ag_words_phrase(const ag_words *words, int index, const char *phrase) {
    if (index < 0 || index >= words->count)
        return 0;
    const char *text = words->text + words->start[index];
    if (text[0] != phrase[0])
        return 0;
    size_t length = strlen(phrase);
    if (strncmp(text, phrase, length) != 0 || (text[length] != ' ' && text[length] != '\0'))
        return 0;
    int count = 1;
    for (size_t i = 0; i < length; i++)
        count += phrase[i] == ' ';
    return count;
}

bool ag_words_number(const ag_words *words, int index, double *out) {
    size_t length;
    const char *text = ag_words_span(words, index, 1, &length);
    if (length == 0 || !is_digit(*text))
        return false;
    char digits[64];
    if (length >= sizeof digits)
        return false;
    memcpy(digits, text, length);
    digits[length] = '\0';
    return ag_text_number(digits, out);
}
