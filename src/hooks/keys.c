/*
 * Key sets (RFC 7517) and signatures (RFC 7515), by cjose over OpenSSL. cjose checks neither that a
 * key is meant for the algorithm nor its curve or size: that is done here.
 */
#include "keys.h"

#include <cjose/cjose.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_RSA_BITS = 2048, MOST_KEYS = 32, REFETCH_S = 60 };

typedef struct key {
    char *kid;
    const char *algorithm; /* of our list */
    cjose_jwk_t *jwk;
} key;

/* A set is not changed once made; it is freed when nobody uses it any longer. */
typedef struct key_set {
    int users;
    int count;
    key keys[MOST_KEYS];
} key_set;

struct ag_keys {
    const ag_hooks_options *options;
    pthread_mutex_t lock;
    key_set **sets;  /* per client; NULL until there are keys */
    double *fetched; /* when, per client */
};

/* ---- sets ---- */

static void free_set(key_set *set) {
    for (int i = 0; i < set->count; i++) {
        cjose_jwk_release(set->keys[i].jwk);
        free(set->keys[i].kid);
    }
    free(set);
}

static void release(ag_keys *keys, key_set *set) {
    pthread_mutex_lock(&keys->lock);
    bool last = --set->users == 0;
    pthread_mutex_unlock(&keys->lock);
    if (last)
        free_set(set);
}

/* The algorithm that a key is for; NULL: none of ours. */
static const char *algorithm_of(const ag_json_value *jwk) {
    static const struct {
        const char *name, *type, *curve;
    } algorithms[] = {
#define ROW(constant, name, type, curve) {name, type, curve},
        AG_ALGORITHM_LIST(ROW)
#undef ROW
    };
    const char *use = ag_json_get_text(jwk, "use"), *own = ag_json_get_text(jwk, "alg");
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
        if (ag_json_is(ag_json_get(jwk, "kty"), algorithms[i].type) &&
            (algorithms[i].curve == NULL ||
             ag_json_is(ag_json_get(jwk, "crv"), algorithms[i].curve)) &&
            (own == NULL || strcmp(own, algorithms[i].name) == 0) &&
            (use == NULL || strcmp(use, "sig") == 0))
            return algorithms[i].name;
    return NULL;
}

/* Only the public members are handed on: a private key in a published set is not taken. */
static cjose_jwk_t *import(const ag_json_value *jwk, ag_arena *arena) {
    static const char *const members[] = {"kty", "crv", "x", "y", "n", "e"};
    ag_buffer text = ag_buffer_start(arena);
    ag_json json = ag_json_start(&text, 0);
    ag_json_object(&json, NULL);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (ag_json_get_text(jwk, members[i]) != NULL)
            ag_json_text(&json, members[i], ag_json_get_text(jwk, members[i]));
    ag_json_end(&json);
    cjose_err error;
    const char *written = ag_buffer_text(&text);
    cjose_jwk_t *made = written == NULL ? NULL : cjose_jwk_import(written, strlen(written), &error);
    if (made != NULL && cjose_jwk_get_kty(made, &error) == CJOSE_JWK_KTY_RSA &&
        cjose_jwk_get_keysize(made, &error) < LEAST_RSA_BITS) {
        cjose_jwk_release(made);
        return NULL;
    }
    return made;
}

static void add_key(key_set *set, const ag_json_value *jwk, ag_arena *arena) {
    const char *kid = ag_json_get_text(jwk, "kid"), *algorithm = algorithm_of(jwk);
    if (kid == NULL || algorithm == NULL || set->count == MOST_KEYS)
        return;
    key *added = &set->keys[set->count];
    *added = (key){.kid = strdup(kid), .algorithm = algorithm, .jwk = import(jwk, arena)};
    if (added->kid != NULL && added->jwk != NULL) {
        set->count++;
        return;
    }
    free(added->kid);
    cjose_jwk_release(added->jwk);
}

/* The set with the keys of `text` that can be used; NULL when it holds none. */
static key_set *read_set(const char *text, size_t length) {
    ag_arena *arena = ag_arena_new();
    ag_json_parser *parser = ag_json_parser_new();
    key_set *set = calloc(1, sizeof *set);
    const ag_json_value *root = NULL;
    bool ready = arena != NULL && parser != NULL && set != NULL &&
                 ag_json_parse(parser, arena, text, length, &root, NULL) == AG_OK;
    const ag_json_value *jwk = ready ? ag_json_items(ag_json_get(root, "keys")) : NULL;
    for (; jwk != NULL; jwk = jwk->next)
        add_key(set, jwk, arena);
    ag_json_parser_free(parser);
    ag_arena_free(arena);
    if (set != NULL && set->count == 0) {
        free(set);
        set = NULL;
    }
    if (set != NULL)
        set->users = 1;
    return set;
}

/* ---- clients ---- */

static ag_status open_client(ag_keys *keys, int i, ag_error *error) {
    const ag_hooks_client *client = &keys->options->clients[i];
    if (client->issuer == NULL || (client->keys == NULL && client->keys_url == NULL))
        return ag_fail(error, AG_ERROR_VALUE,
                       "client %d of CDS Hooks needs its issuer, and its keys or their address",
                       i + 1);
    if (client->keys_url != NULL && !ag_address_valid(client->keys_url))
        return ag_fail(error, AG_ERROR_VALUE, "the address of the keys of %.100s is none",
                       client->issuer);
    if (client->keys == NULL)
        return AG_OK;
    keys->sets[i] = read_set(client->keys, strlen(client->keys));
    return keys->sets[i] != NULL
               ? AG_OK
               : ag_fail(error, AG_ERROR_VALUE,
                         "the key set of %.100s holds no key that can be used: EC P-384 or RSA of "
                         "2048 bits at least, with a kid",
                         client->issuer);
}

ag_status ag_keys_new(ag_keys **out, const ag_hooks_options *options, ag_error *error) {
    size_t count = (size_t)options->client_count;
    ag_keys *keys = *out = calloc(1, sizeof *keys);
    if (keys == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    pthread_mutex_init(&keys->lock, NULL);
    keys->options = options;
    keys->sets = calloc(count + 1, sizeof(key_set *));
    keys->fetched = calloc(count + 1, sizeof *keys->fetched);
    if (keys->sets == NULL || keys->fetched == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_status status = AG_OK;
    for (int i = 0; i < options->client_count && status == AG_OK; i++)
        status = open_client(keys, i, error);
    return status;
}

void ag_keys_free(ag_keys *keys) {
    if (keys == NULL)
        return;
    for (int i = 0; keys->sets != NULL && i < keys->options->client_count; i++)
        if (keys->sets[i] != NULL)
            free_set(keys->sets[i]);
    pthread_mutex_destroy(&keys->lock);
    free(keys->sets);
    free(keys->fetched);
    free(keys);
}

int ag_keys_client(const ag_keys *keys, const char *issuer) {
    for (int i = 0; i < keys->options->client_count; i++)
        if (strcmp(keys->options->clients[i].issuer, issuer) == 0)
            return i;
    return -1;
}

/* ---- finding a key ---- */

static const key *find_key(const key_set *set, const char *kid) {
    for (int i = 0; set != NULL && i < set->count; i++)
        if (strcmp(set->keys[i].kid, kid) == 0)
            return &set->keys[i];
    return NULL;
}

static key_set *current(ag_keys *keys, int client) {
    pthread_mutex_lock(&keys->lock);
    key_set *set = keys->sets[client];
    if (set != NULL)
        set->users++;
    pthread_mutex_unlock(&keys->lock);
    return set;
}

/* Whether it is time to fetch a set; the next may do so only a minute later. */
static bool may_fetch(ag_keys *keys, int client, double now) {
    pthread_mutex_lock(&keys->lock);
    bool may = keys->options->clients[client].keys_url != NULL &&
               (keys->fetched[client] == 0 || now >= keys->fetched[client] + REFETCH_S);
    if (may)
        keys->fetched[client] = now;
    pthread_mutex_unlock(&keys->lock);
    return may;
}

static void refetch(ag_call *call, int client) {
    ag_keys *keys = call->hooks->keys;
    const char *why;
    size_t length;
    if (!may_fetch(keys, client, call->now))
        return;
    ag_fetch_within(call, call->hooks->options.fetch_ms);
    const char *text = ag_fetch_text(call, keys->options->clients[client].keys_url, NULL, NULL,
                                     NULL, &length, &why);
    key_set *set = text != NULL ? read_set(text, length) : NULL;
    if (set == NULL)
        return;
    pthread_mutex_lock(&keys->lock);
    key_set *old = keys->sets[client];
    keys->sets[client] = set;
    pthread_mutex_unlock(&keys->lock);
    if (old != NULL)
        release(keys, old);
}

/* ---- signatures ---- */

/* cjose takes the two halves of what it is given: that these are the two numbers of 48 bytes is
 * checked here, in digits of base64url. */
static bool signed_by(const key *by, const char *token) {
    if (strcmp(by->algorithm, "ES384") == 0 && strlen(strrchr(token, '.') + 1) != 128)
        return false;
    cjose_err error;
    cjose_jws_t *jws = cjose_jws_import(token, strlen(token), &error);
    bool fits = jws != NULL && cjose_jws_verify(jws, by->jwk, &error);
    cjose_jws_release(jws);
    return fits;
}

const char *ag_keys_verify(ag_call *call, int client, const char *kid, const char *algorithm,
                           const char *token) {
    ag_keys *keys = call->hooks->keys;
    key_set *set = current(keys, client);
    if (find_key(set, kid) == NULL) {
        if (set != NULL)
            release(keys, set);
        refetch(call, client);
        set = current(keys, client);
    }
    const key *found = find_key(set, kid);
    const char *why = found == NULL ? "its key is not among those of its issuer"
                      : strcmp(found->algorithm, algorithm) != 0
                          ? "its key is not for its algorithm"
                      : !signed_by(found, token) ? "its signature is wrong"
                                                 : NULL;
    if (set != NULL)
        release(keys, set);
    return why;
}
