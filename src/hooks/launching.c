/*
 * SMART App Launch 2: an EHR opens /launch; the man's record is loaded here, on the server, and
 * held for the page to take once. The browser never sees a token; the token ends with the request
 * that used it.
 *
 * The address of the page is known to whoever sees it, so what is held is bound to a cookie as
 * well, which the launch set.
 */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "hook_call.h"
#include "tickets.h"

/* With the prefix a browser takes the cookie over TLS only, from this host only. Loopback has no
 * TLS. */
static const char COOKIE[] = "__Host-antegrade_launch", PLAIN_COOKIE[] = "antegrade_launch";

/* What is asked for: of each of these types reading and searching. */
static const char *const types[] = {"Patient", "Condition", "MedicationRequest", "Procedure",
                                    "Observation"};

enum { LAUNCH_S = 600 };

/* ---- what the EHR says of itself ---- */

typedef struct endpoints {
    const char *authorize, *token;
    bool old_scopes; /* "patient/Condition.read", as in SMART 1 */
} endpoints;

static bool lists(const ag_json_value *list, const char *word) {
    for (const ag_json_value *item = ag_json_items(list); item != NULL; item = item->next)
        if (ag_json_is(item, word))
            return true;
    return false;
}

static const ag_hooks_launcher *find_launcher(const ag_call *call, const char *issuer) {
    const ag_hooks_options *options = &call->hooks->options;
    const char *plain = issuer != NULL ? ag_without_slash(call->arena, issuer) : NULL;
    for (int i = 0; plain != NULL && i < options->launcher_count; i++)
        if (strcmp(options->launchers[i].issuer, plain) == 0)
            return &options->launchers[i];
    return NULL;
}

/* Whether an address that the EHR names may be used: encrypted wherever the EHR itself is. */
static bool acceptable(const ag_hooks_launcher *launcher, const char *address) {
    bool open = strncmp(launcher->issuer, "http://", 7) == 0;
    return address != NULL && ag_address_valid(address) &&
           (open || strncmp(address, "https://", 8) == 0);
}

/* NULL on success; else why the EHR cannot be used. */
static const char *discover(ag_call *call, const ag_hooks_launcher *launcher, endpoints *out) {
    size_t length;
    const char *why;
    const char *address =
        ag_arena_format(call->arena, "%s/.well-known/smart-configuration", launcher->issuer);
    const char *text =
        address != NULL ? ag_fetch_text(call, address, NULL, NULL, NULL, &length, &why) : NULL;
    const ag_json_value *root = text != NULL ? ag_call_parse(call, text, length, NULL) : NULL;
    if (root == NULL)
        return "its .well-known/smart-configuration cannot be read";
    const ag_json_value *challenges = ag_json_get(root, "code_challenge_methods_supported");
    const ag_json_value *can = ag_json_get(root, "capabilities");
    *out = (endpoints){
        .authorize = ag_json_get_text(root, "authorization_endpoint"),
        .token = ag_json_get_text(root, "token_endpoint"),
        .old_scopes = lists(can, "permission-v1") && !lists(can, "permission-v2"),
    };
    if (challenges != NULL && !lists(challenges, "S256"))
        return "it does not support PKCE with S256";
    return acceptable(launcher, out->authorize) && acceptable(launcher, out->token)
               ? NULL
               : "it names no authorization or token endpoint that can be used";
}

/* ---- cookies ---- */

static bool is_secure(const ag_call *call) {
    return strncmp(call->hooks->options.base_url, "https://", 8) == 0;
}

/* The launch's cookie among those of the request; "" when there is none. */
static const char *session_of(const ag_call *call) {
    const char *at = call->request->cookie, *cookie = is_secure(call) ? COOKIE : PLAIN_COOKIE;
    size_t name = strlen(cookie);
    while (at != NULL && *at != '\0') {
        at += strspn(at, "; ");
        size_t length = strcspn(at, ";");
        if (length > name && strncmp(at, cookie, name) == 0 && at[name] == '=')
            return ag_arena_text(call->arena, at + name + 1, length - name - 1);
        at += length;
    }
    return "";
}

static void set_session(ag_call *call, const char *session) {
    bool secure = is_secure(call);
    ag_call_header(
        call, "Set-Cookie",
        ag_arena_format(call->arena, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                        secure ? COOKIE : PLAIN_COOKIE, session,
                        LAUNCH_S + call->hooks->options.held_s, secure ? "; Secure" : ""));
}

/* ---- /launch ---- */

/* What is kept of a launch until its callback, one a line. */
typedef struct pending {
    const char *session, *issuer, *verifier, *token_address;
} pending;

static const char *callback_address(const ag_call *call) {
    return ag_arena_format(call->arena, "%s/launch/callback", call->hooks->options.base_url);
}

static void add_parameter(ag_buffer *out, const char *name, const char *value) {
    ag_buffer_add_char(out, strchr(out->data, '?') == NULL ? '?' : '&');
    ag_buffer_format(out, "%s=", name);
    ag_percent_encode(out, value, "");
}

static const char *scope_of(const ag_call *call, const endpoints *ends) {
    ag_buffer out = ag_buffer_start(call->arena);
    ag_buffer_add(&out, "launch openid fhirUser");
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        ag_buffer_format(&out, " patient/%s.%s", types[i], ends->old_scopes ? "read" : "rs");
    return ag_buffer_text(&out);
}

static const char *authorize_address(const ag_call *call, const ag_hooks_launcher *launcher,
                                     const endpoints *ends, const char *state,
                                     const char *verifier) {
    const char *redirect = callback_address(call);
    const char *challenge = ag_sha256_text(call->arena, verifier);
    const char *scope = scope_of(call, ends);
    ag_buffer out = ag_buffer_start(call->arena);
    ag_buffer_add(&out, ends->authorize);
    if (redirect == NULL || challenge == NULL || scope == NULL || out.failed)
        return NULL;
    add_parameter(&out, "response_type", "code");
    add_parameter(&out, "client_id", launcher->client_id);
    add_parameter(&out, "redirect_uri", redirect);
    add_parameter(&out, "launch", ag_call_query(call, "launch"));
    add_parameter(&out, "scope", scope);
    add_parameter(&out, "state", state);
    add_parameter(&out, "aud", launcher->issuer);
    add_parameter(&out, "code_challenge", challenge);
    add_parameter(&out, "code_challenge_method", "S256");
    return ag_buffer_text(&out);
}

void ag_serve_launch(ag_call *call) {
    const ag_hooks_launcher *launcher = find_launcher(call, ag_call_query(call, "iss"));
    char session[AG_SECRET_TEXT], state[AG_SECRET_TEXT], verifier[AG_SECRET_TEXT];
    endpoints ends;
    if (ag_call_query(call, "iss") == NULL || ag_call_query(call, "launch") == NULL) {
        ag_call_outcome(call, 400, "required",
                        "iss or launch is missing; this address is opened by a record system");
        return;
    }
    if (launcher == NULL) {
        ag_call_outcome(call, 403, "forbidden",
                        "launches from this record system (iss) are not accepted here");
        return;
    }
    ag_fetch_within(call, call->hooks->options.launch_ms);
    const char *why = discover(call, launcher, &ends);
    if (why != NULL) {
        ag_call_outcome(call, 502, "transient", "the record system cannot be used: %s", why);
        return;
    }
    ag_secret_new(session);
    ag_secret_new(state);
    ag_secret_new(verifier);
    const char *kept = ag_arena_format(call->arena, "%s\n%s\n%s\n%s", session, launcher->issuer,
                                       verifier, ends.token);
    const char *address = authorize_address(call, launcher, &ends, state, verifier);
    if (kept == NULL || address == NULL ||
        !ag_tickets_put(call->hooks->launches, state, kept, call->now, call->now + LAUNCH_S)) {
        ag_call_outcome(call, 500, "exception", "out of memory");
        return;
    }
    ag_call_redirect(call, address);
    set_session(call, ag_arena_copy(call->arena, session));
}

/* ---- /launch/callback ---- */

static const char *next_line(char **at) {
    char *line = *at, *end = line != NULL ? strchr(line, '\n') : NULL;
    if (end != NULL)
        *end = '\0';
    *at = end != NULL ? end + 1 : NULL;
    return line;
}

/* The launch that a callback's state belongs to. It is used up, whatever follows. */
static bool take_pending(ag_call *call, pending *out) {
    const char *state = ag_call_query(call, "state");
    char *kept = state != NULL ? ag_tickets_take(call->hooks->launches, state, call->now) : NULL;
    char *text = kept != NULL ? ag_arena_copy(call->arena, kept) : NULL;
    if (kept != NULL)
        OPENSSL_cleanse(kept, strlen(kept));
    free(kept);
    if (text == NULL)
        return false;
    out->session = next_line(&text);
    out->issuer = next_line(&text);
    out->verifier = next_line(&text);
    out->token_address = next_line(&text);
    return out->token_address != NULL && ag_secret_same(out->session, session_of(call));
}

static const char *token_form(const ag_call *call, const ag_hooks_launcher *launcher,
                              const pending *p) {
    const char *redirect = callback_address(call);
    ag_buffer out = ag_buffer_start(call->arena);
    ag_buffer_add(&out, "grant_type=authorization_code&code=");
    ag_percent_encode(&out, ag_call_query(call, "code"), "");
    ag_buffer_add(&out, "&redirect_uri=");
    ag_percent_encode(&out, redirect != NULL ? redirect : "", "");
    ag_buffer_format(&out, "&code_verifier=%s", p->verifier);
    if (launcher->client_secret == NULL) { /* one with a secret says who it is by Basic */
        ag_buffer_add(&out, "&client_id=");
        ag_percent_encode(&out, launcher->client_id, "");
    }
    return ag_buffer_text(&out);
}

/* "id:secret" as RFC 6749 writes it. */
static const char *basic_of(const ag_call *call, const ag_hooks_launcher *launcher) {
    if (launcher->client_secret == NULL)
        return NULL;
    ag_buffer out = ag_buffer_start(call->arena);
    ag_percent_encode(&out, launcher->client_id, "");
    ag_buffer_add_char(&out, ':');
    ag_percent_encode(&out, launcher->client_secret, "");
    return ag_buffer_text(&out);
}

/* The token's answer; NULL where there is none, and the fault has been answered. */
static const ag_json_value *exchange(ag_call *call, const ag_hooks_launcher *launcher,
                                     const pending *p) {
    size_t length;
    const char *why = NULL, *form = token_form(call, launcher, p);
    const char *text = form != NULL ? ag_fetch_text(call, p->token_address, NULL,
                                                    basic_of(call, launcher), form, &length, &why)
                                    : NULL;
    const ag_json_value *root = text != NULL ? ag_call_parse(call, text, length, NULL) : NULL;
    if (text != NULL)
        OPENSSL_cleanse((char *)(size_t)text, length);
    const char *patient = ag_json_get_text(root, "patient");
    if (ag_json_get_text(root, "access_token") == NULL)
        ag_call_outcome(call, 502, "security", "the record system gave no access: %s",
                        why != NULL ? why : "its answer holds no access_token");
    else if (patient == NULL || !ag_fhir_id_valid(patient))
        ag_call_outcome(call, 502, "security",
                        "the record system did not say which patient is open");
    else
        return root;
    return NULL;
}

static void finish(ag_call *call, const ag_hooks_launcher *launcher, const pending *p,
                   const ag_json_value *granted) {
    const char *token = ag_json_get_text(granted, "access_token");
    const char *why = NULL;
    const char *text =
        ag_record_load(call, launcher->issuer, token, ag_json_get_text(granted, "patient"), &why);
    const char *address = text != NULL ? ag_record_hold(call, text, p->session) : NULL;
    OPENSSL_cleanse((char *)(size_t)token, strlen(token));
    if (address == NULL)
        ag_call_outcome(call, 502, "incomplete", "the record could not be loaded: %s",
                        why != NULL ? why : "out of memory");
    else
        ag_call_redirect(call, address);
}

void ag_serve_launch_callback(ag_call *call) {
    pending p = {.session = NULL};
    const char *refused = ag_call_query(call, "error");
    if (!take_pending(call, &p)) {
        ag_call_outcome(call, 403, "security",
                        "this launch is not known here, has been used, or was begun in another "
                        "browser; open it again from the record");
        return;
    }
    if (refused != NULL || ag_call_query(call, "code") == NULL) {
        ag_call_outcome(call, 403, "security", "the record system did not authorize it (%.80s)",
                        refused != NULL ? refused : "no code");
        return;
    }
    const ag_hooks_launcher *launcher = find_launcher(call, p.issuer);
    ag_fetch_within(call, call->hooks->options.launch_ms);
    const ag_json_value *granted = exchange(call, launcher, &p);
    if (granted != NULL)
        finish(call, launcher, &p, granted);
}

/* ---- /api/launch/{id} ---- */

void ag_serve_launched(ag_call *call, const char *id) {
    const char *text = ag_record_take(call, id, session_of(call));
    if (text == NULL)
        ag_call_outcome(call, 404, "not-found",
                        "this record was shown already or is no longer held; open it again from "
                        "the record system");
    else
        ag_call_answer(call, 200, "application/fhir+json", text);
}
