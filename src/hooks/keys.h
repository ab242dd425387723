/**
 * @file keys.h
 * The keys of the clients that may call: read from the configuration, or fetched and fetched again.
 */
#ifndef AG_KEYS_H
#define AG_KEYS_H

#include "hooks_work.h"

/** The signature algorithms that are accepted: X(constant, name, type of key, curve or NULL). */
#define AG_ALGORITHM_LIST(X)                                                                       \
    X(AG_ES384, "ES384", "EC", "P-384")                                                            \
    X(AG_RS384, "RS384", "RSA", NULL)

/** Read the key sets of the options, which are borrowed until the keys are freed. */
ag_status ag_keys_new(ag_keys **out, const ag_hooks_options *options, ag_error *error);

/** Free them. NULL is allowed. */
void ag_keys_free(ag_keys *keys);

/** A client's place among the options; -1 when the issuer is none of them. */
int ag_keys_client(const ag_keys *keys, const char *issuer);

/**
 * Whether `token`, a compact JSON Web Signature, is signed by the client's key `kid` with
 * `algorithm` (a name of the list). An unknown key makes the client's set be fetched again, at most
 * once a minute. NULL when it is; else why it is not, in one clause.
 */
const char *ag_keys_verify(ag_call *call, int client, const char *kid, const char *algorithm,
                           const char *token);

#endif
