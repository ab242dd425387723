/*
 * Looking texts up. A catalogue begins with seven 32-bit numbers: magic, revision, count, the
 * offsets of the table of originals and of translations (each entry: length, offset), and two that
 * are not needed here. The originals are sorted, every text ends with NUL.
 */
#include "language.h"

#include <stdint.h>
#include <string.h>

static const char *const codes[AG_LANGUAGES] = {
#define AG_LANGUAGE_CODE(constant, code) code,
    AG_LANGUAGE_LIST(AG_LANGUAGE_CODE)
#undef AG_LANGUAGE_CODE
};

ag_language ag_language_of(const char *code) {
    for (int i = 0; code != NULL && i < AG_LANGUAGES; i++)
        if (strcmp(codes[i], code) == 0)
            return (ag_language)i;
    return AG_ENGLISH;
}

const char *ag_language_code(ag_language language) {
    return codes[language];
}

static uint32_t number_at(const unsigned char *at) {
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static const char *text_at(const unsigned char *catalogue, uint32_t table, uint32_t i) {
    return (const char *)catalogue + number_at(catalogue + table + 8 * i + 4);
}

const char *ag_catalogue_find(const unsigned char *catalogue, const char *english) {
    if (catalogue == NULL)
        return NULL;
    uint32_t low = 0, high = number_at(catalogue + 8);
    uint32_t originals = number_at(catalogue + 12);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(english, text_at(catalogue, originals, middle));
        if (order == 0)
            return text_at(catalogue, number_at(catalogue + 16), middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *ag_say(ag_language language, const char *english) {
    if (english[0] == '\0') /* a catalogue keeps its own description there */
        return english;
    const char *found = ag_catalogue_find(ag_catalogues[language], english);
    return found != NULL ? found : english;
}
