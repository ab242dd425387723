#include "word_among.h"

#include <string.h>

bool ag_word_among(const char *words, const char *value) {
    size_t length = strlen(value);
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && strncmp(at, value, length) == 0)
            return true;
        at += word;
    }
    return false;
}
