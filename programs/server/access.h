/**
 * @file access.h
 * Who may ask: by which name the server is called (against DNS rebinding), from which page (against
 * forged requests), and with which token.
 */
#ifndef AG_ACCESS_H
#define AG_ACCESS_H

#include "answer.h"
#include "request.h"
#include "settings.h"

typedef struct ag_access ag_access;

/**
 * Read the tokens. `is_open` says that it listens beyond this machine: a token is then required.
 * Caller frees with ag_access_free. AG_ERROR_VALUE: no token, one shorter than 32 characters, or a
 * file that others can read; AG_ERROR_IO.
 */
ag_status ag_access_new(ag_access **out, const ag_settings *settings, const char *host,
                        bool is_open, ag_error *error);

void ag_access_free(ag_access *access);

/** Whether a request comes by a known name and, where it may change something, from a known page.
 * Where not, `answer` says so. */
bool ag_access_check(const ag_access *access, ag_answer *answer, const ag_request *request);

/**
 * Who shows the token `text`: the name that stands before it in the file ("NAME: TOKEN"), "" for a
 * token without one or where none are set; borrowed for as long as `access`. NULL: it is none of
 * them. Takes the same time for every text of the same length.
 */
const char *ag_access_who(const ag_access *access, const char *text);

/** The origin of a request, where it is another site's and allowed to ask; else NULL. */
const char *ag_access_origin(const ag_access *access, const ag_request *request);

#endif
