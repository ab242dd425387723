/* Input: zlib reads plain and gzip files alike, and knows which is which. */
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "antegrade/patient.h"

enum { FIRST_ROOM = 1 << 16 };

static ag_status read_all(gzFile file, const char *path, char **out, size_t *length,
                          ag_error *error) {
    size_t room = FIRST_ROOM, used = 0;
    char *text = malloc(room);
    while (text != NULL) {
        int got = gzread(file, text + used, (unsigned)(room - used - 1));
        if (got < 0)
            break;
        used += (size_t)got;
        if (got == 0) {
            text[used] = '\0';
            *out = text;
            *length = used;
            return AG_OK;
        }
        if (used > AG_INPUT_MOST) {
            free(text);
            return ag_fail(error, AG_ERROR_TOO_LARGE, "the text is larger than 1 GiB");
        }
        if (room - used < FIRST_ROOM / 2) {
            char *grown = realloc(text, room *= 2);
            if (grown == NULL)
                free(text);
            text = grown;
        }
    }
    if (text == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    free(text);
    int code;
    const char *message = gzerror(file, &code);
    if (code == Z_ERRNO)
        return ag_fail(error, AG_ERROR_IO, "%s cannot be read: %s", path, strerror(errno));
    return ag_fail(error, AG_ERROR_SYNTAX, "%s is a damaged gzip file (%s)", path, message);
}

ag_status ag_input_read(const char *path, char **out, size_t *length, ag_error *error) {
    *out = NULL;
    *length = 0;
    bool standard = strcmp(path, "-") == 0;
    int copy = standard ? dup(STDIN_FILENO) : -1;
    gzFile file = standard ? (copy >= 0 ? gzdopen(copy, "rb") : NULL) : gzopen(path, "rb");
    if (file == NULL) {
        if (copy >= 0)
            close(copy);
        return ag_fail(error, AG_ERROR_IO, "the file cannot be opened: %s",
                       errno != 0 ? strerror(errno) : "out of memory");
    }
    gzbuffer(file, FIRST_ROOM);
    ag_status status = read_all(file, path, out, length, error);
    int closed = gzclose(file);
    if (status == AG_OK && closed == Z_BUF_ERROR) {
        free(*out);
        *out = NULL;
        return ag_fail(error, AG_ERROR_SYNTAX, "%s is a gzip file that ends too soon", path);
    }
    return status;
}

bool ag_input_is_fhir(const char *text, size_t length) {
    static const char key[] = "\"resourceType\"";
    size_t i = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n'))
        i++;
    if (i == length || (text[i] != '{' && text[i] != '['))
        return false;
    for (size_t n = sizeof key - 1; i + n <= length; i++) {
        const char *quote = memchr(text + i, '"', length - i - n + 1);
        if (quote == NULL)
            return false;
        i = (size_t)(quote - text);
        if (memcmp(quote, key, n) == 0)
            return true;
    }
    return false;
}

ag_status ag_patient_read(ag_patient **out, const ag_vocabulary *vocabulary, const char *text,
                          size_t length, const ag_patient_options *options, ag_error *error) {
    if (ag_input_is_fhir(text, length))
        return ag_patient_read_fhir(out, vocabulary, text, length, options, error);
    return ag_patient_read_case(out, vocabulary, text, length, options, error);
}

ag_status ag_patient_read_file(ag_patient **out, const ag_vocabulary *vocabulary, const char *path,
                               const ag_patient_options *options, ag_error *error) {
    char *text;
    size_t length;
    *out = NULL;
    ag_status status = ag_input_read(path, &text, &length, error);
    if (status == AG_OK)
        status = ag_patient_read(out, vocabulary, text, length, options, error);
    free(text);
    if (status != AG_OK)
        ag_fault_where(error, path);
    return status;
}
