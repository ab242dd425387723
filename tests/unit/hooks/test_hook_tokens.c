/* Tokens of clients. They are signed here with OpenSSL; another program signs those of tests/hooks.
 */
#include "hooks_world.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "hooks_work.h"

#define ISSUER "https://ehr.example.org"
#define KEYS_URL "https://ehr.example.org/keys"
#define US "http://127.0.0.1:8765"

static EVP_PKEY *ec_key, *ec256_key, *rsa_key, *other_key;
static char key_set[8192]; /* ec-1, rsa-1 */

/* ---- making keys and tokens ---- */

static const char *encoded(ag_arena *arena, const void *bytes, size_t length) {
    return ag_base64url(arena, bytes, length);
}

static const char *number(ag_arena *arena, EVP_PKEY *key, const char *name, int width) {
    BIGNUM *n = NULL;
    unsigned char bytes[1024];
    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &n), 1);
    int length = width > 0 ? width : BN_num_bytes(n);
    BN_bn2binpad(n, bytes, length);
    BN_free(n);
    return encoded(arena, bytes, (size_t)length);
}

static const char *ec_jwk(ag_arena *arena, EVP_PKEY *key, const char *kid) {
    return ag_arena_format(arena,
                           "{\"kty\":\"EC\",\"crv\":\"P-384\",\"use\":\"sig\",\"kid\":\"%s\","
                           "\"x\":\"%s\",\"y\":\"%s\"}",
                           kid, number(arena, key, "qx", 48), number(arena, key, "qy", 48));
}

static const char *rsa_jwk(ag_arena *arena, EVP_PKEY *key, const char *kid) {
    return ag_arena_format(arena, "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}", kid,
                           number(arena, key, "n", 0), number(arena, key, "e", 0));
}

/* ES384 is r and s side by side (RFC 7518, 3.4), not the DER that OpenSSL makes. */
static size_t raw_signature(const unsigned char *der, size_t length, unsigned char *raw) {
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)length);
    assert_non_null(signature);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, 48);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + 48, 48);
    ECDSA_SIG_free(signature);
    return 96;
}

static const char *sign(ag_arena *arena, EVP_PKEY *key, const char *text) {
    unsigned char der[1024], raw[1024];
    size_t length = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha384(), NULL, key), 1);
    assert_int_equal(
        EVP_DigestSign(context, der, &length, (const unsigned char *)text, strlen(text)), 1);
    EVP_MD_CTX_free(context);
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC)
        return encoded(arena, der, length);
    length = raw_signature(der, length, raw);
    return encoded(arena, raw, length);
}

/* "Bearer header.claims.signature" */
static const char *bearer(ag_arena *arena, EVP_PKEY *key, const char *header, const char *claims) {
    const char *signed_text =
        ag_arena_format(arena, "%s.%s", encoded(arena, header, strlen(header)),
                        encoded(arena, claims, strlen(claims)));
    return ag_arena_format(arena, "Bearer %s.%s", signed_text,
                           key != NULL ? sign(arena, key, signed_text) : "");
}

/* ---- claims ---- */

typedef struct claims {
    const char *iss, *aud;
    double exp, iat;
    const char *jti;
} claims;

static int counter;

static claims good_claims(void) {
    static char id[64];
    snprintf(id, sizeof id, "id-%d", ++counter);
    return (claims){ISSUER, "\"" US "/cds-services\"", NOW + 300, NOW, id};
}

static const char *write_claims(ag_arena *arena, claims c) {
    return ag_arena_format(arena,
                           "{\"iss\":\"%s\",\"aud\":%s,\"exp\":%.0f,\"iat\":%.0f,\"jti\":\"%s\"}",
                           c.iss, c.aud, c.exp, c.iat, c.jti);
}

#define ES(kid) "{\"alg\":\"ES384\",\"typ\":\"JWT\",\"kid\":\"" kid "\"}"

static void discover(world *w, const char *authorization, int status) {
    ask(w,
        (ag_hooks_request){
            .method = "GET", .path = "/cds-services", .authorization = authorization},
        status);
}

static void discover_with(world *w, const char *header, EVP_PKEY *key, claims c, int status) {
    ag_arena *arena = ag_arena_new();
    discover(w, bearer(arena, key, header, write_claims(arena, c)), status);
    ag_arena_free(arena);
}

static void use_keys(world *w, const char *keys, const char *url) {
    ag_hooks_client client = {ISSUER, keys, url};
    ag_hooks_options options = ag_hooks_options_defaults();
    options.clients = &client;
    options.client_count = 1;
    options.fetch = fetch_from_table;
    options.fetch_data = w;
    w->fetched = 0;
    w->now = NOW;
    open_hooks(w, &options);
}

/* ---- tests ---- */

static void test_good_tokens(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    discover_with(w, ES("ec-1"), ec_key, good_claims(), 200);
    discover_with(w, "{\"alg\":\"RS384\",\"kid\":\"rsa-1\"}", rsa_key, good_claims(), 200);
    claims several = good_claims();
    several.aud = "[\"https://other\",\"" US "/cds-services\"]";
    discover_with(w, ES("ec-1"), ec_key, several, 200);
    claims skewed = good_claims();
    skewed.exp = NOW - 30;
    discover_with(w, ES("ec-1"), ec_key, skewed, 200);
    skewed = good_claims();
    skewed.iat = NOW + 30;
    discover_with(w, ES("ec-1"), ec_key, skewed, 200);
}

static void test_none_and_shared_secrets(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"kid\":\"ec-1\"}",
        "{\"alg\":\"NONE\",\"kid\":\"ec-1\"}",
        "{\"alg\":\"HS256\",\"kid\":\"ec-1\"}",
        "{\"alg\":\"HS384\",\"kid\":\"rsa-1\"}",
        "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}",
        "{\"alg\":\"ES256\",\"kid\":\"ec-1\"}",
        "{\"alg\":\"es384\",\"kid\":\"ec-1\"}",
        "{\"kid\":\"ec-1\"}",
        "{\"alg\":7,\"kid\":\"ec-1\"}",
        "{\"alg\":\"ES384\"}",
        "{\"alg\":\"ES384\",\"kid\":\"ec-1\",\"crit\":[\"b64\"]}",
        "{\"alg\":\"ES384\",\"kid\":\"ec-1\",\"typ\":\"at+jwt\"}",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        discover_with(w, headers[i], ec_key, good_claims(), 401);
        discover_with(w, headers[i], NULL, good_claims(), 401);
    }
    assert_non_null(header_of(w, "WWW-Authenticate"));
}

/* The published key as the secret of an HMAC: the confusion of algorithms. */
static void test_public_key_as_secret(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    ag_arena *arena = ag_arena_new();
    const char *header = "{\"alg\":\"HS384\",\"kid\":\"rsa-1\"}";
    const char *said = write_claims(arena, good_claims());
    const char *text = ag_arena_format(arena, "%s.%s", encoded(arena, header, strlen(header)),
                                       encoded(arena, said, strlen(said)));
    unsigned char mac[64];
    unsigned length;
    HMAC(EVP_sha384(), key_set, (int)strlen(key_set), (const unsigned char *)text, strlen(text),
         mac, &length);
    discover(w, ag_arena_format(arena, "Bearer %s.%s", text, encoded(arena, mac, length)), 401);
    ag_arena_free(arena);
}

static void test_wrong_keys(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    discover_with(w, ES("ec-1"), other_key, good_claims(), 401); /* not this key */
    discover_with(w, ES("ec-2"), ec_key, good_claims(), 401);    /* unknown */
    discover_with(w, ES("rsa-1"), ec_key, good_claims(), 401);   /* of another type */
    discover_with(w, ES("ec-1"), rsa_key, good_claims(), 401);
    discover_with(w, "{\"alg\":\"RS384\",\"kid\":\"ec-1\"}", rsa_key, good_claims(), 401);
    discover_with(w, ES("ec-1"), ec256_key, good_claims(), 401);
}

/* A signature as OpenSSL makes it (DER), and of a length that it cannot have. */
static void test_wrong_signature_forms(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    ag_arena *arena = ag_arena_new();
    const char *claimed = write_claims(arena, good_claims());
    const char *text =
        ag_arena_format(arena, "%s.%s", encoded(arena, ES("ec-1"), strlen(ES("ec-1"))),
                        encoded(arena, claimed, strlen(claimed)));
    unsigned char der[1024], raw[97] = {0};
    size_t length = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, NULL, EVP_sha384(), NULL, ec_key);
    EVP_DigestSign(context, der, &length, (const unsigned char *)text, strlen(text));
    EVP_MD_CTX_free(context);
    raw_signature(der, length, raw);
    const struct {
        const void *bytes;
        size_t length;
        int status;
    } forms[] = {{der, length, 401}, {raw, 95, 401}, {raw, 97, 401},
                 {raw, 48, 401},     {raw, 0, 401},  {raw, 96, 200}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        discover(w,
                 ag_arena_format(arena, "Bearer %s.%s", text,
                                 encoded(arena, forms[i].bytes, forms[i].length)),
                 forms[i].status);
    ag_arena_free(arena);
}

static void test_wrong_claims(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    claims wrong[8];
    for (int i = 0; i < 8; i++)
        wrong[i] = good_claims();
    wrong[0].iss = "https://evil.example.org";
    wrong[1].aud = "\"" US "/cds-services/\"";
    wrong[2].aud = "\"" US "/cds-services/antegrade-patient-view\"";
    wrong[3].aud = "[]";
    wrong[4].exp = NOW - 61;
    wrong[5].iat = NOW + 61;
    wrong[6].exp = NOW + 90000;
    wrong[7].jti = "";
    for (int i = 0; i < 8; i++)
        discover_with(w, ES("ec-1"), ec_key, wrong[i], 401);
    ag_arena *arena = ag_arena_new();
    static const char *const broken[] = {
        "{}",
        "[]",
        "",
        "{\"iss\":\"" ISSUER "\"}",
        "{\"iss\":\"" ISSUER "\",\"aud\":\"" US "/cds-services\",\"jti\":\"x\"}",
        "{\"iss\":\"" ISSUER "\",\"aud\":\"" US "/cds-services\",\"exp\":\"9999999999\",\"iat\":1,"
        "\"jti\":\"x\"}"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        discover(w, bearer(arena, ec_key, ES("ec-1"), broken[i]), 401);
    ag_arena_free(arena);
}

static void test_no_token(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    static const char *const shown[] = {
        NULL,           "",           "Bearer",     "Bearer ",         "Bearer a", "Bearer a.b",
        "Bearer a.b.c", "Bearer ...", "Basic YTpi", "Bearer a.b.c.d.e"};
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        discover(w, shown[i], 401);
    post(w, PATIENT_VIEW, "{}", 401);
    post(w, PATIENT_VIEW "/feedback", "{}", 401);
    get(w, "/infobutton", 400); /* is not a client's business */
}

static void test_changed_token(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    ag_arena *arena = ag_arena_new();
    const char *good = bearer(arena, ec_key, ES("ec-1"), write_claims(arena, good_claims()));
    size_t length = strlen(good);
    for (size_t i = 7; i < length; i += 11) {
        char *changed = ag_arena_copy(arena, good);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        if (i + 1 < length) /* the last digit of a part has bits that mean nothing */
            discover(w, changed, 401);
    }
    discover(w, good, 200);
    ag_arena_free(arena);
}

static void test_replay(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    ag_arena *arena = ag_arena_new();
    claims once = good_claims();
    const char *token = bearer(arena, ec_key, ES("ec-1"), write_claims(arena, once));
    discover(w, token, 200);
    discover(w, token, 401);
    w->now = NOW + 200;
    discover(w, token, 401);
    w->now = NOW + 10000; /* over, and its id may serve again */
    discover(w, token, 401);
    once.iat = w->now;
    once.exp = w->now + 300;
    discover(w, bearer(arena, ec_key, ES("ec-1"), write_claims(arena, once)), 200);
    w->now = NOW;
    ag_arena_free(arena);
}

static void test_fetched_keys(void **state) {
    world *w = *state;
    ag_arena *arena = ag_arena_new();
    elsewhere pages[] = {{KEYS_URL, 200, key_set}, {NULL, 0, NULL}};
    w->pages = pages;
    use_keys(w, NULL, KEYS_URL);
    discover_with(w, ES("ec-1"), ec_key, good_claims(), 200);
    discover_with(w, ES("ec-1"), ec_key, good_claims(), 200);
    assert_int_equal(w->fetched, 1);
    /* a new key is fetched, but not more than once a minute */
    discover_with(w, ES("new"), other_key, good_claims(), 401);
    assert_int_equal(w->fetched, 1);
    pages[0].body = ag_arena_format(arena, "{\"keys\":[%s]}", ec_jwk(arena, other_key, "new"));
    w->now = NOW + 61;
    discover_with(w, ES("new"), other_key, good_claims(), 200);
    assert_int_equal(w->fetched, 2);
    discover_with(w, ES("ec-1"), ec_key, good_claims(), 401); /* withdrawn */
    /* a set that cannot be read leaves the old one */
    pages[0].body = "no keys";
    w->now = NOW + 130;
    discover_with(w, ES("ec-1"), ec_key, good_claims(), 401);
    discover_with(w, ES("new"), other_key, good_claims(), 200);
    assert_int_equal(w->fetched, 3);
    w->now = NOW;
    ag_arena_free(arena);
}

static void test_key_address_of_the_token(void **state) {
    world *w = *state;
    elsewhere pages[] = {{KEYS_URL, 200, key_set}, {NULL, 0, NULL}};
    w->pages = pages;
    use_keys(w, NULL, KEYS_URL);
    discover_with(w,
                  "{\"alg\":\"ES384\",\"kid\":\"ec-1\",\"jku\":\"https://evil.example.org/keys\"}",
                  ec_key, good_claims(), 401);
    assert_int_equal(w->fetched, 0);
    discover_with(w, "{\"alg\":\"ES384\",\"kid\":\"ec-1\",\"jku\":\"" KEYS_URL "\"}", ec_key,
                  good_claims(), 200);
    use_keys(w, key_set, NULL); /* with keys of our own, no address matters */
    discover_with(w,
                  "{\"alg\":\"ES384\",\"kid\":\"ec-1\",\"jku\":\"https://sandbox.example/keys\"}",
                  ec_key, good_claims(), 200);
    assert_int_equal(w->fetched, 0);
}

static void test_audience_is_the_endpoint(void **state) {
    world *w = *state;
    use_keys(w, key_set, NULL);
    ag_arena *arena = ag_arena_new();
    static const char told[] = "{\"feedback\":[]}";
    claims c = good_claims();
    c.aud = "\"" US PATIENT_VIEW "/feedback\"";
    ask(w,
        (ag_hooks_request){.method = "POST",
                           .path = PATIENT_VIEW "/feedback",
                           .content_type = "application/json",
                           .authorization =
                               bearer(arena, ec_key, ES("ec-1"), write_claims(arena, c)),
                           .body = told,
                           .length = sizeof told - 1},
        200);
    ag_arena_free(arena);
}

static void test_faulty_configuration(void **state) {
    world *w = *state;
    static const ag_hooks_client clients[] = {
        {NULL, "{}", NULL},
        {ISSUER, NULL, NULL},
        {ISSUER, "{}", NULL},
        {ISSUER, "no JSON", NULL},
        {ISSUER, "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"}]}", NULL},
        {ISSUER,
         "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"a\",\"x\":\"AAAA\",\"y\":\"AAAA\"}"
         "]}",
         NULL},
        {ISSUER, NULL, "ftp://keys"},
    };
    for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
        ag_hooks_options options = ag_hooks_options_defaults();
        ag_hooks *hooks;
        ag_error error = {0};
        options.clients = &clients[i];
        options.client_count = 1;
        assert_int_equal(ag_hooks_new(&hooks, w->engine, w->vocabulary, &options, &error),
                         AG_ERROR_VALUE);
        assert_null(hooks);
        assert_true(error.message[0] != '\0');
    }
}

static int open_keys(void **state) {
    ag_arena *arena = ag_arena_new();
    ec_key = EVP_EC_gen("P-384");
    other_key = EVP_EC_gen("P-384");
    ec256_key = EVP_EC_gen("P-256");
    rsa_key = EVP_RSA_gen(2048);
    EVP_PKEY *small = EVP_RSA_gen(1024);
    snprintf(key_set, sizeof key_set, "{\"keys\":[%s,%s,%s]}", ec_jwk(arena, ec_key, "ec-1"),
             rsa_jwk(arena, rsa_key, "rsa-1"), rsa_jwk(arena, small, "small"));
    EVP_PKEY_free(small);
    ag_arena_free(arena);
    return open_world(state);
}

static int close_keys(void **state) {
    EVP_PKEY_free(ec_key);
    EVP_PKEY_free(ec256_key);
    EVP_PKEY_free(rsa_key);
    EVP_PKEY_free(other_key);
    return close_world(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_tokens),
        cmocka_unit_test(test_none_and_shared_secrets),
        cmocka_unit_test(test_public_key_as_secret),
        cmocka_unit_test(test_wrong_keys),
        cmocka_unit_test(test_wrong_signature_forms),
        cmocka_unit_test(test_wrong_claims),
        cmocka_unit_test(test_no_token),
        cmocka_unit_test(test_changed_token),
        cmocka_unit_test(test_replay),
        cmocka_unit_test(test_fetched_keys),
        cmocka_unit_test(test_key_address_of_the_token),
        cmocka_unit_test(test_audience_is_the_endpoint),
        cmocka_unit_test(test_faulty_configuration),
    };
    return cmocka_run_group_tests(tests, open_keys, close_keys);
}
