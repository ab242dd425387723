/*
 * The token of a client of CDS Hooks: a JSON Web Token (RFC 7519) in Authorization, for this very
 * address, once. The header names the algorithm, but which ones are taken is ours to say; `none`
 * and algorithms with a shared secret are not among them.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "keys.h"
#include "tickets.h"

enum { MOST_TOKEN = 16384, MOST_LIFE_S = 3600 };

typedef struct token {
    const char *text; /* compact form */
    const ag_json_value *header, *claims;
} token;

static void refuse(ag_call *call, const char *why) {
    ag_call_outcome(call, 401, "login", "the token is not accepted: %s", why);
    ag_call_header(call, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
}

/* ---- reading ---- */

static int base64url_digit(char c) {
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '-'             ? 62
           : c == '_'             ? 63
                                  : -1;
}

/* The bytes of base64url without padding, with a NUL behind them; NULL when it is none. */
static char *decode(ag_arena *arena, const char *text, size_t length, size_t *bytes) {
    char *out = length % 4 == 1 ? NULL : ag_arena_alloc(arena, length / 4 * 3 + 4);
    unsigned group = 0;
    size_t made = 0;
    for (size_t i = 0; out != NULL && i < length; i++) {
        int digit = base64url_digit(text[i]);
        if (digit < 0)
            return NULL;
        group = group << 6 | (unsigned)digit;
        if (i % 4 > 0)
            out[made++] = (char)(group >> (6 - 2 * (i % 4)) & 255);
    }
    *bytes = made;
    return out;
}

static const ag_json_value *read_part(ag_call *call, const char *text, size_t length) {
    size_t bytes;
    const char *json = decode(call->arena, text, length, &bytes);
    const ag_json_value *value = json != NULL ? ag_call_parse(call, json, bytes, NULL) : NULL;
    return value != NULL && value->type == AG_JSON_OBJECT ? value : NULL;
}

/* Three parts with dots between: header, claims, signature. */
static const char *read_token(ag_call *call, token *out) {
    const char *authorization = call->request->authorization;
    if (authorization == NULL || strncasecmp(authorization, "Bearer ", 7) != 0)
        return "there is none; send it as \"Authorization: Bearer ...\"";
    const char *text = authorization + 7 + strspn(authorization + 7, " ");
    if (strlen(text) > MOST_TOKEN)
        return "it is too long";
    size_t header = strcspn(text, ".");
    if (text[header] == '\0')
        return "it is no JSON Web Token";
    const char *second = text + header + 1;
    size_t claims = strcspn(second, ".");
    if (second[claims] == '\0' || strchr(second + claims + 1, '.') != NULL)
        return "it is no JSON Web Token";
    *out = (token){.text = text,
                   .header = read_part(call, text, header),
                   .claims = read_part(call, second, claims)};
    return out->header == NULL || out->claims == NULL ? "it is no JSON Web Token" : NULL;
}

/* ---- checking ---- */

static const char *check_header(const ag_json_value *header) {
    static const char *const accepted[] = {
#define NAME(constant, name, type, curve) name,
        AG_ALGORITHM_LIST(NAME)
#undef NAME
    };
    const char *algorithm = ag_json_get_text(header, "alg"),
               *type = ag_json_get_text(header, "typ");
    bool known = false;
    for (size_t i = 0; algorithm != NULL && i < sizeof accepted / sizeof accepted[0]; i++)
        known = known || strcmp(algorithm, accepted[i]) == 0;
    if (!known)
        return "its algorithm is not accepted; use ES384 or RS384";
    if (type != NULL && strcasecmp(type, "JWT") != 0)
        return "its type is not JWT";
    if (ag_json_get(header, "crit") != NULL)
        return "it asks for extensions (crit), of which none are known";
    return ag_json_get_text(header, "kid") == NULL ? "it does not name its key (kid)" : NULL;
}

/* The set may only be where it is configured: an address in a token is anybody's. */
static const char *check_key_address(const ag_call *call, int client, const token *t) {
    const char *said = ag_json_get_text(t->header, "jku");
    const ag_hooks_client *known = &call->hooks->options.clients[client];
    return said == NULL || known->keys_url == NULL || strcmp(said, known->keys_url) == 0
               ? NULL
               : "its key set (jku) is not the configured one of its issuer";
}

static bool meant_for_us(const ag_call *call, const ag_json_value *audience) {
    const char *us =
        ag_arena_format(call->arena, "%s%s", call->hooks->options.base_url, call->request->path);
    for (const ag_json_value *item = ag_json_items(audience); item != NULL && us != NULL;
         item = item->next)
        if (ag_json_is(item, us))
            return true;
    return false;
}

static bool number_of(const ag_json_value *value, double *out) {
    return value != NULL && value->type == AG_JSON_NUMBER && ag_text_number(value->text, out);
}

static const char *check_times(const ag_call *call, const ag_json_value *claims, double *expires) {
    double skew = call->hooks->options.clock_skew_s, issued, from;
    if (!number_of(ag_json_get(claims, "exp"), expires) ||
        !number_of(ag_json_get(claims, "iat"), &issued))
        return "it does not say from when (iat) to when (exp) it holds";
    if (*expires + skew <= call->now)
        return "it has expired";
    if (issued - skew > call->now)
        return "it was issued in the future; are the clocks right?";
    if (*expires - call->now > MOST_LIFE_S + skew)
        return "it holds for more than an hour";
    if (ag_json_get(claims, "nbf") != NULL &&
        (!number_of(ag_json_get(claims, "nbf"), &from) || from - skew > call->now))
        return "it does not hold yet";
    return NULL;
}

/* A token counts once. */
static const char *check_new(const ag_call *call, const ag_json_value *claims, double expires) {
    const char *id = ag_json_get_text(claims, "jti");
    if (id == NULL || *id == '\0')
        return "it has no id (jti)";
    const char *name = ag_arena_format(call->arena, "%s\n%s", call->issuer, id);
    return name != NULL && ag_tickets_put(call->hooks->seen, name, "", call->now,
                                          expires + call->hooks->options.clock_skew_s)
               ? NULL
               : "it was used before";
}

static const char *check(ag_call *call) {
    token t;
    double expires = 0;
    const char *why = read_token(call, &t);
    if (why == NULL)
        why = check_header(t.header);
    const char *issuer = why == NULL ? ag_json_get_text(t.claims, "iss") : NULL;
    int client = issuer != NULL ? ag_keys_client(call->hooks->keys, issuer) : -1;
    if (why == NULL && client < 0)
        why = "its issuer (iss) is not known here";
    if (why == NULL)
        why = check_key_address(call, client, &t);
    if (why == NULL && !meant_for_us(call, ag_json_get(t.claims, "aud")))
        why = "it is meant for another address (aud)";
    if (why == NULL)
        why = check_times(call, t.claims, &expires);
    if (why == NULL)
        why = ag_keys_verify(call, client, ag_json_get_text(t.header, "kid"),
                             ag_json_get_text(t.header, "alg"), t.text);
    if (why == NULL)
        call->issuer = issuer;
    return why == NULL ? check_new(call, t.claims, expires) : why;
}

bool ag_token_check(ag_call *call) {
    if (call->hooks->options.client_count == 0)
        return true;
    const char *why = check(call);
    if (why != NULL)
        refuse(call, why);
    return why == NULL;
}
