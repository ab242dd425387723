/* What of a record is seen: prefetched, in pages, fetched with the client's token, or not at all.
 */
#include "hooks_world.h"

#define ASKS                                                                                       \
    "\"fhirServer\":\"" SERVER "/\",\"fhirAuthorization\":{\"access_token\":\"secret-7\","         \
    "\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"patient/*.rs\","                     \
    "\"subject\":\"cds\",\"patient\":\"p1\"}"
#define PAGE(next, ...)                                                                            \
    "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":\"self\","        \
    "\"url\":"                                                                                     \
    "\"" SERVER "/x\"},{\"relation\":\"next\",\"url\":\"" next "\"}],\"entry\":[" __VA_ARGS__ "]}"

static const elsewhere WHOLE[] = {
    {SERVER "/Patient/p1", 200, MAN},
    {SERVER "/Condition?patient=p1", 200, PAGE(SERVER "?_getpages=7&page=2", CONDITION("J45.909"))},
    {SERVER "?_getpages=7&page=2", 200, BUNDLE(CONDITION("N40.1"))},
    {SERVER "/MedicationRequest?patient=p1", 200, BUNDLE(TAKES("silodosin 8 mg"))},
    {SERVER "/Procedure?patient=p1", 200, BUNDLE()},
    {SERVER "/Observation?patient=p1&code=*", 200, BUNDLE()},
    {NULL, 0, NULL},
};

static void allow(world *w, const elsewhere *pages) {
    static const char *const servers[] = {"https://other.example.org/r4", SERVER};
    ag_hooks_options options = ag_hooks_options_defaults();
    options.fhir_servers = servers;
    options.fhir_server_count = 2;
    options.fetch = fetch_from_table;
    options.fetch_data = w;
    w->pages = pages;
    w->fetched = 0;
    w->urls[0] = w->bearer[0] = '\0';
    open_hooks(w, &options);
}

static void test_all_prefetched_fetches_nothing(void **state) {
    world *w = *state;
    allow(w, WHOLE);
    const ag_json_value *root = post(
        w, PATIENT_VIEW,
        CALL("patient-view", "",
             ASKS ",\"prefetch\":{\"patient\":" MAN
                  ",\"conditions\":" BUNDLE() ",\"medications\":" BUNDLE(TAKES(
                      "silodosin 8 mg")) ",\"procedures\":" BUNDLE() ",\"results\":" BUNDLE() "}"),
        200);
    assert_int_equal(w->fetched, 0);
    assert_int_equal(count_at(root, "cards"), 1);
    assert_null(strstr(text_at(root, "cards.0.detail"), "Not seen"));
}

static void test_nothing_prefetched_is_fetched(void **state) {
    world *w = *state;
    allow(w, WHOLE);
    static const char *const bodies[] = {
        CALL("patient-view", "", ASKS),
        CALL("patient-view", "", ASKS ",\"prefetch\":null"),
        CALL("patient-view", "",
             ASKS ",\"prefetch\":{\"patient\":null,\"conditions\":{\"resourceType\":"
                  "\"OperationOutcome\"},\"medications\":7,\"procedures\":[],\"results\":null}"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        w->fetched = 0;
        const ag_json_value *root = post(w, PATIENT_VIEW, bodies[i], 200);
        assert_int_equal(w->fetched, 6); /* five parts, one of them in two pages */
        assert_string_equal(w->bearer, "secret-7");
        assert_int_equal(count_at(root, "cards"), 1);
        assert_null(strstr(text_at(root, "cards.0.detail"), "Not seen"));
        assert_null(strstr(w->answer->body, "secret-7"));
    }
    assert_non_null(strstr(w->urls, "loinc.org%7C3160-9")); /* '|' is no character of an address */
}

static void test_rest_of_pages(void **state) {
    world *w = *state;
    static const char *const nexts[] = {SERVER "/MedicationRequest?page=2",
                                        "MedicationRequest?page=2"};
    static const elsewhere pages[] = {
        {SERVER "/MedicationRequest?page=2", 200, BUNDLE(TAKES("silodosin 8 mg"))},
        {NULL, 0, NULL}};
    for (int i = 0; i < 2; i++) {
        char body[4096], page[1024];
        allow(w, pages);
        snprintf(page, sizeof page, PAGE("%s", ""), nexts[i]);
        snprintf(body, sizeof body,
                 CALL("order-sign", ",\"draftOrders\":" BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                      ASKS "," PREFETCH(MAN, BUNDLE(CONDITION("N53.13")), "%s", BUNDLE())),
                 page);
        post(w, ORDER_SIGN, body, 200);
        assert_int_equal(w->fetched, 1);
    }
}

/* Without a way to the rest, the card says so, and offers nothing that would need it. */
static void test_first_page_only(void **state) {
    world *w = *state;
    allow(w, NULL);
    const ag_json_value *root =
        post(w, ORDER_SIGN,
             SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                  PREFETCH(MAN, PAGE(SERVER "/Condition?page=2", CONDITION("N40.1")), BUNDLE(),
                           BUNDLE())),
             200);
    assert_int_equal(w->fetched, 0);
    assert_null(at(root, "cards.0.suggestions"));
    assert_non_null(
        strstr(text_at(root, "cards.0.detail"), "all conditions (only the first page was sent)"));
}

static void test_no_patient_no_answer(void **state) {
    world *w = *state;
    static const elsewhere refuses[] = {{SERVER "/*", 403, "{}"}, {NULL, 0, NULL}};
    allow(w, refuses);
    post(w, PATIENT_VIEW, CALL("patient-view", "", ASKS), 412);
    assert_int_equal(w->fetched, 1);
    assert_non_null(strstr(w->answer->body, "refused"));
    allow(w, NULL);
    post(w, PATIENT_VIEW, CALL("patient-view", "", ASKS), 412);
    assert_non_null(strstr(w->answer->body, "could not be reached"));
    post(w, PATIENT_VIEW, VIEW("\"prefetch\":{}"), 412);
    ag_hooks_options none = ag_hooks_options_defaults();
    open_hooks(w, &none); /* no callback, no list */
    post(w, PATIENT_VIEW, CALL("patient-view", "", ASKS), 412);
}

/* Where it may not be asked: another server, a token for another patient or of another kind, an id
 * that is none, a next page elsewhere. */
static void test_never_asked(void **state) {
    world *w = *state;
    static const char *const bodies[] = {
        CALL("patient-view", "",
             "\"fhirServer\":\"https://evil.example.org/fhir\",\"fhirAuthorization\":"
             "{\"access_token\":\"secret-7\",\"token_type\":\"Bearer\"}"),
        CALL("patient-view", "", "\"fhirServer\":\"https://ehr.example.org/fhir.evil.org\""),
        CALL("patient-view", "",
             "\"fhirServer\":\"" SERVER "\",\"fhirAuthorization\":{\"access_token\":\"secret-7\","
             "\"token_type\":\"Bearer\",\"patient\":\"p2\"}"),
        CALL("patient-view", "",
             "\"fhirServer\":\"" SERVER "\",\"fhirAuthorization\":{\"access_token\":\"secret-7\","
             "\"token_type\":\"MAC\"}"),
        "{\"hook\":\"patient-view\"," INSTANCE
        ",\"context\":{\"patientId\":\"../../admin\"},\"fhirServer\":\"" SERVER "\"}",
        "{\"hook\":\"patient-view\"," INSTANCE
        ",\"context\":{\"patientId\":\"1?x=y&\"},\"fhirServer\":\"" SERVER "\"}",
    };
    allow(w, WHOLE);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        post(w, PATIENT_VIEW, bodies[i], 412);
    assert_int_equal(w->fetched, 0);
    static const char *const nexts[] = {
        "https://evil.example.org/fhir/Condition?page=2", "https://ehr.example.org/fhir/../admin",
        "https://ehr.example.org/fhir%2f..%2fadmin",      "https://ehr.example.org/fhirs",
        "https://ehr.example.org@evil.org/fhir/x",        "file:///etc/passwd",
    };
    for (size_t i = 0; i < sizeof nexts / sizeof nexts[0]; i++) {
        char body[4096], page[1024];
        snprintf(page, sizeof page, PAGE("%s", ""), nexts[i]);
        snprintf(body, sizeof body,
                 CALL("order-sign", ",\"draftOrders\":" BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                      ASKS "," PREFETCH(MAN, "%s", BUNDLE(), BUNDLE())),
                 page);
        const ag_json_value *root = post(w, ORDER_SIGN, body, 200);
        assert_int_equal(w->fetched, 0);
        assert_non_null(strstr(text_at(root, "cards.0.detail"), "its next page lies elsewhere"));
    }
}

/* A server whose pages never end. */
static void test_endless_pages(void **state) {
    world *w = *state;
    static const elsewhere endless[] = {
        {SERVER "/Patient/p1", 200, MAN},
        {SERVER "/Condition*", 200, PAGE(SERVER "/Condition?page=n", CONDITION("N53.13"))},
        {NULL, 0, NULL}};
    allow(w, endless);
    const ag_json_value *root = post(w, PATIENT_VIEW, CALL("patient-view", "", ASKS), 200);
    assert_true(w->fetched < 60);
    assert_non_null(
        strstr(text_at(root, "cards.0.detail"), "all conditions (there was too much of it)"));
}

static void test_other_version(void **state) {
    world *w = *state;
    allow(w, NULL);
    post(w, PATIENT_VIEW,
         VIEW(PREFETCH(MAN,
                       BUNDLE(ENTRY("{\"resourceType\":\"Condition\",\"clinicalStatus\":"
                                    "\"active\",\"code\":{\"text\":\"BPH\"}}")),
                       BUNDLE(), BUNDLE())),
         412);
    assert_non_null(strstr(w->answer->body, "R4"));
}

/* The page takes what a card's link holds, once. */
static void test_link_of_a_card(void **state) {
    world *w = *state;
    allow(w, NULL);
    const ag_json_value *root =
        post(w, PATIENT_VIEW,
             VIEW(PREFETCH(MAN, BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), BUNDLE())),
             200);
    const char *url = text_at(root, "cards.0.links.0.url");
    const char *before = "http://127.0.0.1:8765/#/launch/";
    assert_int_equal(strncmp(url, before, strlen(before)), 0);
    char path[256];
    snprintf(path, sizeof path, "/api/launch/%s", url + strlen(before));
    root = get(w, path, 200);
    assert_string_equal(text_at(root, "entry.0.resource.gender"), "male");
    assert_int_equal(count_at(root, "entry"), 5);
    assert_non_null(strstr(text_at(root, "entry.4.resource.issue.0.diagnostics"),
                           "Not seen: laboratory results (not sent)."));
    get(w, path, 404);
    get(w, "/api/launch/guess", 404);
    w->now += 1000; /* nor is one held for longer than said */
    root = post(w, PATIENT_VIEW,
                VIEW(PREFETCH(MAN, BUNDLE(CONDITION("N53.13")), BUNDLE(), BUNDLE())), 200);
    snprintf(path, sizeof path, "/api/launch/%s",
             text_at(root, "cards.0.links.0.url") + strlen(before));
    w->now += 901;
    get(w, path, 404);
    w->now = NOW;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_prefetched_fetches_nothing),
        cmocka_unit_test(test_nothing_prefetched_is_fetched),
        cmocka_unit_test(test_rest_of_pages),
        cmocka_unit_test(test_first_page_only),
        cmocka_unit_test(test_no_patient_no_answer),
        cmocka_unit_test(test_never_asked),
        cmocka_unit_test(test_endless_pages),
        cmocka_unit_test(test_other_version),
        cmocka_unit_test(test_link_of_a_card),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
