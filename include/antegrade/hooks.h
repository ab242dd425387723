/**
 * @file hooks.h
 * The connections to health-record systems: CDS Hooks 2.0, HL7 Infobutton and SMART App Launch.
 *
 * A request goes in and an answer comes out; nothing here opens a socket. What must be fetched from
 * elsewhere (the rest of a record, a client's keys, a token) goes through a callback of the caller.
 * docs/cds-hooks.md, docs/infobutton.md and docs/smart.md describe what is served.
 *
 *     ag_hooks_options options = ag_hooks_options_defaults();
 *     options.base_url = "https://antegrade.example.org";
 *     ag_hooks *hooks;
 *     ag_hooks_new(&hooks, engine, vocabulary, &options, &error);
 *     ag_hooks_request request = {.method = "GET", .path = "/cds-services"};
 *     ag_hooks_answer *answer = ag_hooks_handle(hooks, session, &request);
 *     printf("%d %.*s\n", answer->status, (int)answer->length, answer->body);
 *     ag_hooks_answer_free(answer);
 */
#ifndef ANTEGRADE_HOOKS_H
#define ANTEGRADE_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "antegrade/assess.h"
#include "antegrade/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The connections, as configured. Shared by all threads. */
typedef struct ag_hooks ag_hooks;

/* ---- what the caller does for us ---- */

/** Something to fetch. All borrowed until the callback returns. */
typedef struct ag_fetch_request {
    const char *url;    /**< absolute; its server is one that was configured, or that such a
                             server named */
    const char *bearer; /**< access token to send as Bearer; NULL for none. Never to be logged
                             or kept */
    const char *basic;  /**< "user:password" to send as Basic; NULL for none. As `bearer` */
    const char *accept; /**< media type */
    const char *form;   /**< body of a POST of application/x-www-form-urlencoded; NULL: a GET */
    int timeout_ms;     /**< for all of it, at least 1 */
    size_t most;        /**< bytes of body; a longer one is a failure */
} ag_fetch_request;

/** What came back. `body` is from malloc and is freed here, whatever the status. */
typedef struct ag_fetch_answer {
    int status; /**< of HTTP */
    char *body;
    size_t length;
} ag_fetch_answer;

/**
 * Fetch one thing. Called by many threads at once. Must not follow redirects, and must use https
 * but for loopback. AG_OK whenever there is an HTTP answer; else a failure with a message that
 * holds no token.
 */
typedef ag_status ag_fetch(void *data, const ag_fetch_request *request, ag_fetch_answer *answer,
                           ag_error *error);

/** What became of a card. All borrowed until the callback returns; NULL where not given. */
typedef struct ag_hooks_feedback {
    const char *service; /**< id of the service */
    const char *issuer;  /**< the client that told it; NULL where clients are not checked */
    const char *card;    /**< uuid of the card */
    bool accepted;       /**< else overridden */
    const char *const *suggestions; /**< uuids of accepted suggestions */
    int suggestion_count;
    const char *reason_system;
    const char *reason_code;
    const char *comment; /**< the user's words: may hold anything */
    const char *time;    /**< as the client wrote it */
} ag_hooks_feedback;

/**
 * Record feedback. The same may come again and must then count once: `service`, `card`, outcome,
 * suggestions and `time` tell whether it is the same. Called by many threads at once. A failure
 * makes the client hear that it was not recorded.
 */
typedef ag_status ag_hooks_on_feedback(void *data, const ag_hooks_feedback *feedback,
                                       ag_error *error);

/* ---- configuration ---- */

/** A client of CDS Hooks that may call, and whose tokens are checked with these keys. */
typedef struct ag_hooks_client {
    const char *issuer;   /**< `iss` of its tokens */
    const char *keys;     /**< its JSON Web Key Set as text; NULL: from `keys_url` */
    const char *keys_url; /**< where its key set is fetched, and the only `jku` that its tokens may
                               name; may be NULL where `keys` is given: then any `jku` is ignored */
} ag_hooks_client;

/** A FHIR server whose launches are accepted. */
typedef struct ag_hooks_launcher {
    const char *issuer;        /**< its base address, which is also `aud` */
    const char *client_id;     /**< as registered there */
    const char *client_secret; /**< NULL for a public client */
} ag_hooks_launcher;

typedef struct ag_hooks_options {
    size_t size; /**< sizeof(ag_hooks_options), set by the defaults */
    /** The address under which clients see this server, without a slash at its end; default
     * "http://127.0.0.1:8765". */
    const char *base_url;
    const char *language; /**< of cards where a client asks for none; default "en" */
    /** Clients of CDS Hooks; none: whoever reaches the server may call. */
    const ag_hooks_client *clients;
    int client_count;
    /** Base addresses of FHIR servers from which the rest of a record may be fetched. */
    const char *const *fhir_servers;
    int fhir_server_count;
    const ag_hooks_launcher *launchers;
    int launcher_count;
    ag_fetch *fetch; /**< NULL: nothing is fetched */
    void *fetch_data;
    ag_hooks_on_feedback *feedback; /**< NULL: feedback is accepted and dropped */
    void *feedback_data;
    int fetch_ms;     /**< for all fetches of one hook, default 2000 */
    int launch_ms;    /**< for all fetches of one launch, default 20000 */
    double from;      /**< least probability at which a card speaks up; default 0.5 */
    double below_age; /**< without a complaint, only men younger than this; default 70 */
    int clock_skew_s; /**< allowed between a client's clock and ours; default 60 */
    int held_records; /**< records held for links and launches, the oldest dropped; default 256 */
    int held_s;       /**< for how long; default 900 */
} ag_hooks_options;

ag_hooks_options ag_hooks_options_defaults(void);

/**
 * Make the connections; `options` may be NULL, and is copied with all its texts. `vocabulary` and
 * `engine` are borrowed until they are freed. Caller frees with ag_hooks_free. AG_ERROR_VALUE: a
 * key set that is none, a client without issuer or keys, an address that is none.
 */
ag_status ag_hooks_new(ag_hooks **out, const ag_engine *engine, const ag_vocabulary *vocabulary,
                       const ag_hooks_options *options, ag_error *error);

/** Free them. NULL is allowed. */
void ag_hooks_free(ag_hooks *hooks);

/* ---- requests ---- */

/** A header, or a parameter of the address. */
typedef struct ag_hooks_pair {
    const char *name;
    const char *value;
} ag_hooks_pair;

/** A request as it came. Texts that it does not have are NULL. Borrowed until the call returns. */
typedef struct ag_hooks_request {
    const char *method;
    const char *path;           /**< without the query, decoded */
    const ag_hooks_pair *query; /**< parameters of the address, decoded */
    int query_count;
    const char *authorization; /**< header Authorization */
    const char *cookie;
    const char *accept;
    const char *accept_language;
    const char *content_type;
    const char *body;
    size_t length;
    double now; /**< seconds since 1970-01-01 UTC; 0: the system's clock */
} ag_hooks_request;

typedef struct ag_hooks_answer {
    int status;
    const char *type; /**< Content-Type; NULL where there is no body */
    const char *body;
    size_t length;
    const ag_hooks_pair *headers; /**< besides Content-Type and Content-Length */
    int header_count;
} ag_hooks_answer;

/**
 * Answer a request. `session` is the calling thread's, of the same engine. Every request has an
 * answer, faults too: the caller frees it with ag_hooks_answer_free. NULL only when out of memory.
 */
ag_hooks_answer *ag_hooks_handle(ag_hooks *hooks, ag_session *session,
                                 const ag_hooks_request *request);

/** Free an answer. NULL is allowed. */
void ag_hooks_answer_free(ag_hooks_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
