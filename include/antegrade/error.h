/**
 * @file error.h
 * Status codes and error details, shared by every part of Antegrade.
 *
 * A function that can fail returns an ag_status: 0 (AG_OK) is success. Most such functions also
 * take an optional `ag_error *` (may be NULL), which receives the code, a sentence that says how to
 * mend the fault, and where it lies. No state is global: an ag_error belongs to its caller and owns
 * nothing.
 */
#ifndef ANTEGRADE_ERROR_H
#define ANTEGRADE_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/** Every status: X(code, value, sentence). */
#define AG_STATUS_LIST(X)                                                                          \
    X(AG_OK, 0, "done")                                                                            \
    X(AG_ERROR_MEMORY, 1, "out of memory")                                                         \
    X(AG_ERROR_IO, 2, "the file cannot be read or written")                                        \
    X(AG_ERROR_SYNTAX, 3, "the text is not well formed")                                           \
    X(AG_ERROR_VALUE, 4, "a value is missing or of the wrong kind")                                \
    X(AG_ERROR_NAME, 5, "a name is unknown or used twice")                                         \
    X(AG_ERROR_UNSUPPORTED, 6, "the format or version is not supported")                           \
    X(AG_ERROR_DECLINED, 7, "the person is outside the intended use")                              \
    X(AG_ERROR_IMPOSSIBLE, 8, "the findings contradict each other under the model")                \
    X(AG_ERROR_TOO_LARGE, 9, "the problem does not fit in the memory allowed")                     \
    X(AG_ERROR_ARGUMENT, 10, "the call breaks the function's contract")                            \
    X(AG_ERROR_RANGE, 11, "a value or a date is beyond what is possible")

/** Status of a call. AG_OK is 0; every other value is a failure. */
typedef enum ag_status {
#define AG_STATUS_ENUM(code, value, sentence) code = value,
    AG_STATUS_LIST(AG_STATUS_ENUM)
#undef AG_STATUS_ENUM
} ag_status;

/** What went wrong, and where. Lines and columns count from 1; 0 means not known. */
typedef struct ag_error {
    ag_status code;
    int line;
    int column;
    char where[256];   /**< file, JSON pointer or patient, as fits the input; "" when not known */
    char message[512]; /**< one sentence: what is wrong and how to mend it */
} ag_error;

/** The status's own sentence, borrowed for ever. */
const char *ag_status_text(ag_status status);

#ifdef __cplusplus
}
#endif
#endif
