/* SMART App Launch: from the launch to the record on the page, and what must stop it. */
#include "hooks_world.h"

#include "hooks_work.h"

#define AUTHORIZE "https://login.example.org/authorize"
#define TOKEN "https://login.example.org/token"
#define SMART                                                                                      \
    "{\"authorization_endpoint\":\"" AUTHORIZE "\",\"token_endpoint\":\"" TOKEN "\","              \
    "\"code_challenge_methods_supported\":[\"S256\"]}"
#define WELL_KNOWN SERVER "/.well-known/smart-configuration"
#define GRANTED "{\"access_token\":\"secret-9\",\"token_type\":\"Bearer\",\"patient\":\"p1\"}"

static elsewhere pages[] = {
    {WELL_KNOWN, 200, SMART},
    {TOKEN, 200, GRANTED},
    {SERVER "/Patient/p1", 200, MAN},
    {SERVER "/Condition?patient=p1", 200, BUNDLE(CONDITION("N53.13"))},
    {SERVER "/MedicationRequest?patient=p1", 200, BUNDLE(TAKES("silodosin"))},
    {SERVER "/Procedure?patient=p1", 500, "oops"},
    {SERVER "/Observation?patient=p1*", 200, BUNDLE()},
    {NULL, 0, NULL},
};

static void accept_at(world *w, const char *base, const char *secret) {
    ag_hooks_launcher launcher = {SERVER "/", "antegrade-1", secret};
    ag_hooks_options options = ag_hooks_options_defaults();
    options.base_url = base;
    options.launchers = &launcher;
    options.launcher_count = 1;
    options.fetch = fetch_from_table;
    options.fetch_data = w;
    w->pages = pages;
    w->fetched = 0;
    w->urls[0] = w->form[0] = w->basic[0] = '\0';
    w->now = NOW;
    open_hooks(w, &options);
}

static void accept(world *w, const char *secret) {
    accept_at(w, "https://antegrade.example.org", secret);
}

static void launch(world *w, const char *issuer, int status) {
    ag_hooks_pair query[] = {{"iss", issuer}, {"launch", "xyz/1"}};
    ask(w, (ag_hooks_request){.method = "GET", .path = "/launch", .query = query, .query_count = 2},
        status);
}

/* A parameter of the address that the answer leads to, as it stands there. */
static const char *sent(const world *w, const char *name, char out[256]) {
    char mark[64];
    const char *location = header_of(w, "Location");
    assert_non_null(location);
    for (int i = 0; i < 2; i++) {
        snprintf(mark, sizeof mark, "%c%s=", "?&"[i], name);
        const char *found = strstr(location, mark);
        if (found == NULL)
            continue;
        found += strlen(mark);
        snprintf(out, 256, "%.*s", (int)strcspn(found, "&"), found);
        return out;
    }
    fail_msg("%s is not in %s", name, location);
    return NULL;
}

static const char *cookie(const world *w, char out[256]) {
    const char *set = header_of(w, "Set-Cookie");
    assert_non_null(set);
    snprintf(out, 256, "other=1; %.*s", (int)strcspn(set, ";"), set);
    return out;
}

static const ag_json_value *back(world *w, const char *state, const char *code, const char *cookies,
                                 int status) {
    ag_hooks_pair query[] = {{"state", state}, {"code", code}};
    return ask(w,
               (ag_hooks_request){.method = "GET",
                                  .path = "/launch/callback",
                                  .query = query,
                                  .query_count = 2,
                                  .cookie = cookies},
               status);
}

static void take(world *w, const char *cookies, char out[256], int status) {
    const char *name = strrchr(out, '/');
    char path[256];
    snprintf(path, sizeof path, "/api/launch%s", name);
    ask(w, (ag_hooks_request){.method = "GET", .path = path, .cookie = cookies}, status);
}

static void test_whole_launch(void **state) {
    world *w = *state;
    char s[256], challenge[256], value[256], cookies[256], page[256];
    accept(w, NULL);
    launch(w, SERVER, 302);
    assert_int_equal(strncmp(header_of(w, "Location"), AUTHORIZE "?", strlen(AUTHORIZE) + 1), 0);
    assert_string_equal(sent(w, "response_type", value), "code");
    assert_string_equal(sent(w, "client_id", value), "antegrade-1");
    assert_string_equal(sent(w, "launch", value), "xyz%2F1");
    assert_string_equal(sent(w, "redirect_uri", value),
                        "https%3A%2F%2Fantegrade.example.org%2Flaunch%2Fcallback");
    assert_string_equal(sent(w, "aud", value), "https%3A%2F%2Fehr.example.org%2Ffhir");
    assert_string_equal(sent(w, "code_challenge_method", value), "S256");
    assert_non_null(strstr(sent(w, "scope", value), "launch%20openid%20fhirUser"));
    sent(w, "state", s);
    sent(w, "code_challenge", challenge);
    assert_int_equal(strlen(s), 43);
    const char *set = header_of(w, "Set-Cookie");
    assert_int_equal(strncmp(set, "__Host-antegrade_launch=", 24), 0);
    assert_non_null(strstr(set, "; Path=/; "));
    assert_non_null(strstr(set, "; HttpOnly; SameSite=Lax; Secure"));
    assert_null(strstr(set, "Domain"));
    cookie(w, cookies);

    back(w, s, "the code&1", cookies, 302);
    assert_non_null(strstr(w->form, "grant_type=authorization_code&code=the%20code%261&"));
    assert_non_null(strstr(w->form, "&client_id=antegrade-1"));
    const char *verifier = strstr(w->form, "code_verifier=") + strlen("code_verifier=");
    char said[64];
    snprintf(said, sizeof said, "%.*s", (int)strcspn(verifier, "&"), verifier);
    ag_arena *arena = ag_arena_new();
    assert_string_equal(ag_sha256_text(arena, said), challenge);
    ag_arena_free(arena);
    assert_string_equal(w->bearer, "secret-9");
    snprintf(page, sizeof page, "%s", header_of(w, "Location"));
    assert_int_equal(strncmp(page, "https://antegrade.example.org/#/launch/", 39), 0);
    assert_null(strstr(page, "secret-9"));

    take(w, cookies, page, 200);
    assert_null(strstr(w->answer->body, "secret-9"));
    assert_non_null(strstr(w->answer->body, "N53.13"));
    assert_non_null(strstr(w->answer->body, "operations (the server answered with an error)"));
    take(w, cookies, page, 404);   /* once */
    back(w, s, "c", cookies, 403); /* once */
}

static void test_confidential_client(void **state) {
    world *w = *state;
    char s[256], cookies[256];
    accept(w, "pass:word");
    launch(w, SERVER "/", 302);
    sent(w, "state", s);
    back(w, s, "c", cookie(w, cookies), 302);
    assert_null(strstr(w->form, "client_id"));
    assert_null(strstr(w->form, "pass"));
    /* Basic was sent with the code only; records are fetched as bearer */
    assert_string_equal(w->bearer, "secret-9");
}

static void test_bound_to_the_browser(void **state) {
    world *w = *state;
    char s[256], cookies[256], page[256];
    static const char *const wrong[] = {NULL, "", "antegrade_launch=", "antegrade_launch=guess",
                                        "x=antegrade_launch=guess"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        accept(w, NULL);
        launch(w, SERVER, 302);
        cookie(w, cookies);
        sent(w, "state", s);
        back(w, s, "c", wrong[i], 403);
        assert_int_equal(w->fetched, 1);
        back(w, s, "c", cookies, 403); /* and it is used up */
    }
    accept(w, NULL);
    launch(w, SERVER, 302);
    cookie(w, cookies);
    sent(w, "state", s);
    back(w, s, "c", cookies, 302);
    snprintf(page, sizeof page, "%s", header_of(w, "Location"));
    take(w, "antegrade_launch=guess", page, 404);
}

static void test_old_scopes(void **state) {
    world *w = *state;
    char scope[256];
    accept(w, NULL);
    launch(w, SERVER, 302);
    assert_string_equal(sent(w, "scope", scope),
                        "launch%20openid%20fhirUser%20patient%2FPatient.rs%20patient%2FCondition.rs"
                        "%20patient%2FMedicationRequest.rs%20patient%2FProcedure.rs"
                        "%20patient%2FObservation.rs");
    pages[0].body = "{\"authorization_endpoint\":\"" AUTHORIZE "\",\"token_endpoint\":\"" TOKEN
                    "\",\"capabilities\":[\"launch-ehr\",\"permission-v1\"]}";
    launch(w, SERVER, 302);
    assert_non_null(strstr(sent(w, "scope", scope), "patient%2FProcedure.read%20"));
    pages[0].body = SMART;
}

static void test_cards_link_to_it(void **state) {
    world *w = *state;
    accept(w, NULL);
    const ag_json_value *root =
        post(w, PATIENT_VIEW,
             VIEW(PREFETCH(MAN, BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), BUNDLE())),
             200);
    assert_int_equal(count_at(root, "cards.0.links"), 2);
    assert_string_equal(text_at(root, "cards.0.links.1.type"), "smart");
    assert_string_equal(text_at(root, "cards.0.links.1.url"),
                        "https://antegrade.example.org/launch");
}

static void test_two_launches_differ(void **state) {
    world *w = *state;
    char first[3][256], second[3][256];
    accept(w, NULL);
    launch(w, SERVER, 302);
    sent(w, "state", first[0]);
    sent(w, "code_challenge", first[1]);
    cookie(w, first[2]);
    launch(w, SERVER, 302);
    sent(w, "state", second[0]);
    sent(w, "code_challenge", second[1]);
    cookie(w, second[2]);
    for (int i = 0; i < 3; i++)
        assert_string_not_equal(first[i], second[i]);
    back(w, first[0], "c", second[2], 403); /* the state of one, the session of the other */
}

static void test_stops(void **state) {
    world *w = *state;
    char s[256], cookies[256];
    accept(w, NULL);
    launch(w, "https://evil.example.org/fhir", 403);
    launch(w, "https://ehr.example.org/fhir/other", 403);
    get(w, "/launch", 400);
    get(w, "/launch/callback", 403);
    assert_int_equal(w->fetched, 0);
    launch(w, SERVER, 302);
    cookie(w, cookies);
    sent(w, "state", s);
    w->now = NOW + 601; /* too late */
    back(w, s, "c", cookies, 403);
    accept(w, NULL);
    launch(w, SERVER, 302);
    cookie(w, cookies);
    ag_hooks_pair query[] = {{"state", sent(w, "state", s)}, {"error", "access_denied"}};
    ask(w,
        (ag_hooks_request){.method = "GET",
                           .path = "/launch/callback",
                           .query = query,
                           .query_count = 2,
                           .cookie = cookies},
        403);
    assert_non_null(strstr(w->answer->body, "access_denied"));
}

static void test_faulty_ehr(void **state) {
    world *w = *state;
    static const char *const smart[] = {
        "",
        "[]",
        "{\"authorization_endpoint\":\"" AUTHORIZE "\"}",
        "{\"authorization_endpoint\":\"" AUTHORIZE "\",\"token_endpoint\":\"" TOKEN
        "\",\"code_challenge_methods_supported\":[\"plain\"]}",
        "{\"authorization_endpoint\":\"http://login.example.org/a\",\"token_endpoint\":\"" TOKEN
        "\"}",
        "{\"authorization_endpoint\":\"" AUTHORIZE "\",\"token_endpoint\":\"javascript:alert(1)\"}",
        "{\"authorization_endpoint\":\"" AUTHORIZE "\\r\\nX: y\",\"token_endpoint\":\"" TOKEN "\"}",
    };
    for (size_t i = 0; i < sizeof smart / sizeof smart[0]; i++) {
        pages[0].body = smart[i];
        accept(w, NULL);
        launch(w, SERVER, 502);
    }
    pages[0].body = SMART;
    static const char *const granted[] = {"", "{}", "{\"access_token\":\"secret-9\"}",
                                          "{\"access_token\":\"secret-9\",\"patient\":\"../p1\"}",
                                          "{\"error\":\"invalid_grant\"}"};
    char s[256], cookies[256];
    for (size_t i = 0; i < sizeof granted / sizeof granted[0]; i++) {
        pages[1].body = granted[i];
        accept(w, NULL);
        launch(w, SERVER, 302);
        sent(w, "state", s);
        back(w, s, "c", cookie(w, cookies), 502);
        assert_null(strstr(w->answer->body, "secret-9"));
    }
    pages[1].body = GRANTED;
    pages[2].status = 404; /* the Patient */
    accept(w, NULL);
    launch(w, SERVER, 302);
    sent(w, "state", s);
    back(w, s, "c", cookie(w, cookies), 502);
    pages[2].status = 200;
}

/* A browser takes a cookie with the prefix over TLS only. */
static void test_loopback_without_tls(void **state) {
    world *w = *state;
    char s[256], cookies[256];
    accept_at(w, "http://127.0.0.1:8765", NULL);
    launch(w, SERVER, 302);
    const char *set = header_of(w, "Set-Cookie");
    assert_int_equal(strncmp(set, "antegrade_launch=", 17), 0);
    assert_null(strstr(set, "Secure"));
    sent(w, "state", s);
    back(w, s, "c", cookie(w, cookies), 302);
    accept(w, NULL);
    launch(w, SERVER, 302);
    sent(w, "state", s);
    cookie(w, cookies);
    char *named = strstr(cookies, "__Host-");
    assert_non_null(named);
    memmove(named, named + strlen("__Host-"), strlen(named + strlen("__Host-")) + 1);
    back(w, s, "c", cookies, 403); /* set without TLS, by whoever */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_launch),         cmocka_unit_test(test_confidential_client),
        cmocka_unit_test(test_bound_to_the_browser), cmocka_unit_test(test_two_launches_differ),
        cmocka_unit_test(test_loopback_without_tls), cmocka_unit_test(test_cards_link_to_it),
        cmocka_unit_test(test_old_scopes),           cmocka_unit_test(test_stops),
        cmocka_unit_test(test_faulty_ehr),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
