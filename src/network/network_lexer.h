/** @file network_lexer.h Words, strings and punctuation of the text formats, with their positions.
 */
#ifndef AG_NETWORK_LEXER_H
#define AG_NETWORK_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

typedef enum ag_token_kind {
    AG_TOKEN_END,
    AG_TOKEN_WORD,
    AG_TOKEN_STRING,
    AG_TOKEN_MARK
} ag_token_kind;

typedef struct ag_lexer {
    const char *text; /**< borrowed; need not end in NUL */
    size_t length;
    size_t next;       /**< where the next token is looked for */
    const char *marks; /**< characters that are tokens by themselves */
    char comment; /**< a character that starts a comment to the end of the line, or 0; slash-slash
                     and slash-star comments are always known */
    ag_token_kind kind; /**< of the current token */
    size_t at;
    size_t size; /**< a string's size is without its quotes, and `at` behind the first one */
} ag_lexer;

/** Move to the next token. A string that does not end is a word up to the end of the text. */
void ag_lexer_next(ag_lexer *lexer);

/** The current token is this mark. */
bool ag_lexer_is_mark(const ag_lexer *lexer, char mark);

/** The current token is this word. */
bool ag_lexer_is_word(const ag_lexer *lexer, const char *word);

/** Fail at the current token: "expected <what> but found <token>". */
ag_status ag_lexer_expected(const ag_lexer *lexer, ag_error *error, const char *what);

/** Fail at offset `at` of the text with a message. */
ag_status ag_lexer_fail(const ag_lexer *lexer, size_t at, ag_status code, ag_error *error,
                        const char *format, ...) AG_PRINTF(5, 6);

/** Read past this mark, or fail. */
ag_status ag_lexer_take_mark(ag_lexer *lexer, char mark, ag_error *error);

/** Read the number that `text` starts with, exactly rounded. True when all of it is a number. */
bool ag_lexer_number(const char *text, size_t size, double *out);

#endif
