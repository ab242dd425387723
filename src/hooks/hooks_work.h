/**
 * @file hooks_work.h
 * What the connections share: the configuration, one call and its answer.
 */
#ifndef AG_HOOKS_WORK_H
#define AG_HOOKS_WORK_H

#include "antegrade/hooks.h"
#include "json.h"
#include "json_writer.h"
#include "knowledge.h"
#include "localized.h"
#include "text.h"

typedef struct ag_keys ag_keys;       /* keys.h */
typedef struct ag_tickets ag_tickets; /* tickets.h */

struct ag_hooks {
    ag_arena *arena; /**< owns the copies of the options */
    const ag_engine *engine;
    const ag_knowledge *knowledge;
    const ag_vocabulary *vocabulary;
    ag_hooks_options options;
    const char *observations; /**< "http://loinc.org|3160-9,…": the results that the cards know */
    ag_keys *keys;
    ag_tickets *seen;     /**< tokens, until they expire */
    ag_tickets *launches; /**< launches that wait for their authorization */
    ag_tickets *held;     /**< records that wait for the page */
};

enum { AG_CALL_HEADERS = 8 };

/** An answer with what it owns. */
typedef struct ag_whole_answer {
    ag_hooks_answer shown; /**< first: what the caller is given */
    ag_arena *arena;
    ag_hooks_pair headers[AG_CALL_HEADERS];
} ag_whole_answer;

/** One request on its way to an answer. */
typedef struct ag_call {
    ag_hooks *hooks;
    ag_session *session;
    const ag_hooks_request *request;
    ag_whole_answer *answer;
    ag_arena *arena;        /**< the answer's */
    ag_json_parser *parser; /**< NULL until something is parsed */
    ag_language language;
    double now;         /**< seconds since 1970 */
    const char *issuer; /**< of a token that was checked; else NULL */
    double fetch_until; /**< steady clock, in seconds: nothing is fetched any longer */
    size_t fetched_bytes;
} ag_call;

/* ---- answers (hooks_answer.c) ---- */

/** Set status, type and body; the body is borrowed from the call's arena, or lives for ever. NULL:
 * out of memory. */
void ag_call_answer(ag_call *call, int status, const char *type, const char *body);

/** Answer with JSON that was written into `buffer`. */
void ag_call_json(ag_call *call, int status, ag_buffer *buffer);

/** Answer with an OperationOutcome; `code` is of the value set issue-type. */
void ag_call_outcome(ag_call *call, int status, const char *code, const char *format, ...)
    AG_PRINTF(4, 5);

/** An empty answer that leads to `address`. */
void ag_call_redirect(ag_call *call, const char *address);

/** Add a header; both texts are borrowed as the body is. */
void ag_call_header(ag_call *call, const char *name, const char *value);

/** Whether the request has this method. */
bool ag_call_is(const ag_call *call, const char *method);

/** Parse JSON into the call's arena; NULL when it is none (`error` says why). */
const ag_json_value *ag_call_parse(ag_call *call, const char *text, size_t length, ag_error *error);

/** Parse the body as one JSON object. Answers with what is wrong and gives NULL when it is none. */
const ag_json_value *ag_call_body(ag_call *call);

/** A parameter of the address; NULL when it is not given. */
const char *ag_call_query(const ag_call *call, const char *name);

/** `english` in the language of the call. */
const char *ag_call_say(const ag_call *call, const char *english) AG_FORMAT_ARGUMENT(2);

/* ---- addresses and identifiers (addresses.c) ---- */

/** Append `text` percent-encoded, but for letters, digits and "-._~" and those of `keep`. */
void ag_percent_encode(ag_buffer *out, const char *text, const char *keep);

/** `base` without slashes at its end. */
const char *ag_without_slash(ag_arena *arena, const char *base);

/** Whether an address has the form http(s)://host…, without user, blanks or control characters. */
bool ag_address_valid(const char *address);

/** Whether `address` is `base` or lies below it. */
bool ag_address_below(const char *address, const char *base);

/** Whether it is an id of FHIR: 1 to 64 letters, digits, '-' and '.'. */
bool ag_fhir_id_valid(const char *id);

enum { AG_UUID_TEXT = 37, AG_SECRET_TEXT = 44 };

/** A random UUID (version 4). */
void ag_uuid_new(char out[AG_UUID_TEXT]);

/** 256 random bits in base64url, without padding. */
void ag_secret_new(char out[AG_SECRET_TEXT]);

/** Whether two texts are equal, in a time that depends on their lengths only. */
bool ag_secret_same(const char *a, const char *b);

/** `length` bytes in base64url without padding. */
const char *ag_base64url(ag_arena *arena, const unsigned char *bytes, size_t length);

/** SHA-256 of a text in base64url. */
const char *ag_sha256_text(ag_arena *arena, const char *text);

/* ---- fetching (fetching.c) ---- */

/** Let everything that this call fetches take at most `ms` from now. */
void ag_fetch_within(ag_call *call, int ms);

/**
 * Fetch an address as text in the call's arena, NUL-terminated, within what is left of time and
 * bytes. `bearer`, `basic` and `form` may be NULL. NULL when there is no answer or its status is
 * not 200; then `why` says so in one clause.
 */
const char *ag_fetch_text(ag_call *call, const char *url, const char *bearer, const char *basic,
                          const char *form, size_t *length, const char **why);

/* ---- what is served ---- */

void ag_serve_discovery(ag_call *call);
void ag_serve_hook(ag_call *call, const char *id);
void ag_serve_feedback(ag_call *call, const char *id);
void ag_serve_infobutton(ag_call *call);
void ag_serve_launch(ag_call *call);
void ag_serve_launch_callback(ag_call *call);
void ag_serve_launched(ag_call *call, const char *id);

/** Whether the caller may: where clients are configured, by its token. Else answers 401. */
bool ag_token_check(ag_call *call);

#endif
