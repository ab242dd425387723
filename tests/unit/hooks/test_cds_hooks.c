/* CDS Hooks: discovery, which men and which orders get a card, what is in it, feedback. */
#include "hooks_world.h"

#define NOTHING BUNDLE()
#define ILL(conditions, medicines) PREFETCH(MAN, BUNDLE(conditions), BUNDLE(medicines), NOTHING)
#define PROSTATE ILL(CONDITION("N40.1"), "")

static void test_discovery(void **state) {
    world *w = *state;
    const ag_json_value *root = get(w, "/cds-services", 200);
    static const char *const hooks[] = {"patient-view", "order-select", "order-sign",
                                        "medication-prescribe"};
    assert_int_equal(count_at(root, "services"), 4);
    int place = 0;
    for (const ag_json_value *s = at(root, "services")->first; s != NULL; s = s->next) {
        assert_string_equal(text_at(s, "hook"), hooks[place++]);
        assert_true(strlen(text_at(s, "description")) > 20 && text_at(s, "title")[0] != '\0');
        assert_string_equal(text_at(s, "prefetch.patient"), "Patient/{{context.patientId}}");
        for (const ag_json_value *other = s->next; other != NULL; other = other->next)
            assert_string_not_equal(text_at(s, "id"), text_at(other, "id"));
    }
    /* 3160-9 is the volume of semen (LOINC) */
    assert_non_null(
        strstr(text_at(root, "services.0.prefetch.results"), "&code=http://loinc.org|"));
    assert_non_null(
        strstr(text_at(root, "services.0.prefetch.results"), "http://loinc.org|3160-9"));
}

static void test_man_on_silodosin(void **state) {
    world *w = *state;
    const ag_json_value *root =
        post(w, PATIENT_VIEW, VIEW(ILL(CONDITION("N40.1"), TAKES("silodosin 8 mg"))), 200);
    assert_int_equal(count_at(root, "cards"), 1);
    const char *detail = text_at(root, "cards.0.detail");
    assert_non_null(strstr(text_at(root, "cards.0.summary"), "silodosin"));
    assert_non_null(strstr(text_at(root, "cards.0.summary"), "%"));
    assert_non_null(strstr(detail, "**Most likely** failure of emission"));
    assert_non_null(strstr(detail, "**Next**"));
    assert_non_null(strstr(detail, "laboratory results (not sent)")); /* no key `results` */
    assert_string_equal(text_at(root, "cards.0.links.0.type"), "absolute");
}

static void test_complaint(void **state) {
    world *w = *state;
    /* N53.13: anejaculatory orgasm */
    const ag_json_value *root =
        post(w, PATIENT_VIEW, VIEW(ILL(CONDITION("N53.13") "," CONDITION("E10.9"), "")), 200);
    assert_int_equal(count_at(root, "cards"), 1);
}

/* What must not wait stands first, and the card is no longer mere information. */
static void test_red_flag(void **state) {
    world *w = *state;
    const ag_json_value *root = post(
        w, PATIENT_VIEW,
        VIEW(ILL(CONDITION("N53.13") "," NAMED("saddle numbness"), TAKES("silodosin 8 mg"))), 200);
    assert_string_equal(text_at(root, "cards.0.indicator"), "warning");
    assert_int_equal(strncmp(text_at(root, "cards.0.detail"), "**First** ", 10), 0);
}

static void test_reference_as_patient_id(void **state) {
    world *w = *state;
    static const char body[] =
        "{\"hook\":\"patient-view\"," INSTANCE ",\"context\":{\"patientId\":\"Patient/p1\"}," ILL(
            CONDITION("N53.13"), TAKES("silodosin")) "}";
    assert_int_equal(count_at(post(w, PATIENT_VIEW, body, 200), "cards"), 1);
}

/* A byte order mark, blanks and escapes around and in what is cut out of the body. */
static void test_odd_layout(void **state) {
    world *w = *state;
    static const char body[] =
        "\xef\xbb\xbf \n{ \"prefetch\" : {\n\t\"patient\" :\n" MAN
        " , \"conditions\": " BUNDLE(CONDITION("N53.13") "," NAMED(
            "a \\\"quoted\\\\ } ] [ {")) ", \"medications\" : " BUNDLE(TAKES("silodosin")) " },"
                                                                                           "\"con"
                                                                                           "text"
                                                                                           "\":{"
                                                                                           "\"pat"
                                                                                           "ientI"
                                                                                           "d\":"
                                                                                           "\"p1"
                                                                                           "\"},"
                                                                                           "\"hoo"
                                                                                           "k\":"
                                                                                           "\"pat"
                                                                                           "ient-"
                                                                                           "view"
                                                                                           "\""
                                                                                           "," INSTANCE
                                                                                           "} \n";
    const ag_json_value *root = post(w, PATIENT_VIEW, body, 200);
    assert_int_equal(count_at(root, "cards"), 1);
    assert_non_null(strstr(text_at(root, "cards.0.summary"), "silodosin"));
}

static void test_nobody_else(void **state) {
    world *w = *state;
    static const char *const calls[] = {
        VIEW(PREFETCH(MAN, BUNDLE(CONDITION("J45.909")), BUNDLE(TAKES("lisinopril")), NOTHING)),
        VIEW(PREFETCH("{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"female\"}",
                      BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), NOTHING)),
        VIEW(PREFETCH("{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"male\","
                      "\"birthDate\":\"2015-01-01\"}",
                      BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), NOTHING)),
        VIEW(PREFETCH("{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"male\","
                      "\"birthDate\":\"1950-01-01\",\"deceasedBoolean\":true}",
                      BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), NOTHING)),
        VIEW(PREFETCH("{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"unknown\"}",
                      BUNDLE(CONDITION("N53.13")), BUNDLE(TAKES("silodosin")), NOTHING)),
        /* of an age at which it is no news, and he does not complain */
        VIEW(PREFETCH("{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"male\","
                      "\"birthDate\":\"1940-01-01\"}",
                      NOTHING, BUNDLE(TAKES("silodosin")), NOTHING)),
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        assert_int_equal(count_at(post(w, PATIENT_VIEW, calls[i], 200), "cards"), 0);
}

/* ---- orders ---- */

static void test_silodosin_ordered(void **state) {
    world *w = *state;
    const ag_json_value *root =
        post(w, ORDER_SIGN, SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")), PROSTATE), 200);
    assert_int_equal(count_at(root, "cards"), 1);
    assert_non_null(strstr(text_at(root, "cards.0.summary"), "no semen at orgasm in "));
    assert_int_equal(count_at(root, "cards.0.suggestions"), 2);
    assert_string_equal(text_at(root, "cards.0.suggestions.0.actions.0.resourceId"),
                        "MedicationRequest/o1");
    /* RxNorm: alfuzosin 10 MG extended release, tadalafil 5 MG */
    const char *codes[] = {"861132", "403957"};
    for (int i = 0; i < 2; i++) {
        char path[128];
        snprintf(
            path, sizeof path,
            "cards.0.suggestions.%d.actions.1.resource.medicationCodeableConcept.coding.0.code", i);
        assert_string_equal(text_at(root, path), codes[i]);
    }
}

static void test_alternatives_pass_his_contraindications(void **state) {
    world *w = *state;
    /* a nitrate forbids tadalafil; a long QT forbids alfuzosin */
    const ag_json_value *root = post(w, ORDER_SIGN,
                                     SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                                          ILL(CONDITION("N40.1"), TAKES("isosorbide mononitrate"))),
                                     200);
    assert_int_equal(count_at(root, "cards.0.suggestions"), 1);
    assert_non_null(strstr(text_at(root, "cards.0.suggestions.0.label"), "alfuzosin"));
    root =
        post(w, ORDER_SIGN,
             SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")), ILL(NAMED("long QT syndrome"), "")), 200);
    assert_int_equal(count_at(root, "cards.0.suggestions"), 1);
    assert_non_null(strstr(text_at(root, "cards.0.suggestions.0.label"), "tadalafil"));
}

static void test_no_alternatives_unseen(void **state) {
    world *w = *state;
    const ag_json_value *root =
        post(w, ORDER_SIGN,
             SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                  PREFETCH(MAN, "null", BUNDLE(), "{\"resourceType\":\"OperationOutcome\"}")),
             200);
    assert_int_equal(count_at(root, "cards"), 1);
    assert_null(at(root, "cards.0.suggestions"));
    const char *detail = text_at(root, "cards.0.detail");
    assert_non_null(strstr(detail, "conditions (not sent)"));
    assert_non_null(strstr(detail, "operations (the record's server gave an error)"));
}

static void test_psychotropic_is_not_switched(void **state) {
    world *w = *state;
    /* N46.9: infertility; so it matters, but the change is not one of a click */
    const ag_json_value *root =
        post(w, ORDER_SIGN,
             SIGN(BUNDLE(DRAFT("o1", "sertraline 50 mg")), ILL(CONDITION("N46.9"), "")), 200);
    assert_int_equal(count_at(root, "cards"), 1);
    assert_null(at(root, "cards.0.suggestions"));
    assert_non_null(strstr(text_at(root, "cards.0.detail"), "whoever treats the illness"));
    root = post(w, ORDER_SIGN,
                SIGN(BUNDLE(DRAFT("o1", "sertraline 50 mg")), ILL(CONDITION("F32.9"), "")), 200);
    assert_int_equal(count_at(root, "cards"), 0); /* it does not matter as far as is known */
}

static void test_orders_without_card(void **state) {
    world *w = *state;
    static const char *const drafts[] = {
        BUNDLE(DRAFT("o1", "lisinopril 10 mg")),
        BUNDLE(DRAFT("o1", "alfuzosin 10 mg")),
        BUNDLE(DRAFT("o1", "some unknown herb")),
        BUNDLE(),
        /* without medicine or intent or type of the Bundle, as a real client sends it */
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
        "\"MedicationRequest\",\"id\":\"request-123\",\"status\":\"draft\"," ABOUT_HIM
        ",\"authoredOn\":\"2026-09-21\"}}]}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
        "\"MedicationRequest\",\"id\":\"o1\",\"status\":\"draft\"," ABOUT_HIM
        ",\"medicationCodeableConcept\":{\"text\":\"silodosin\"}}}]}",
        /* somebody else's, one not to be given, STU3 */
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
        "\"MedicationRequest\",\"id\":\"o1\",\"status\":\"draft\",\"intent\":\"order\","
        "\"subject\":{\"reference\":\"Patient/p2\"},\"medicationCodeableConcept\":{\"text\":"
        "\"silodosin\"}}}]}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
        "\"MedicationRequest\",\"id\":\"o1\",\"status\":\"draft\",\"intent\":\"order\","
        "\"doNotPerform\":true,\"medicationCodeableConcept\":{\"text\":\"silodosin\"}}}]}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
        "\"MedicationRequest\",\"id\":\"o1\",\"status\":\"draft\",\"intent\":\"order\","
        "\"medicationCodeableConcept\":{\"text\":\"silodosin\"},\"dosageInstruction\":"
        "[{\"doseQuantity\":{\"value\":8,\"unit\":\"mg\"}}]}}]}",
        "{\"resourceType\":\"Bundle\",\"entry\":[{},{\"resource\":null},{\"resource\":7},3,null]}",
    };
    char body[8192];
    for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++) {
        snprintf(body, sizeof body, SIGN("%s", PROSTATE), drafts[i]);
        const ag_json_value *root = post(w, ORDER_SIGN, body, 200);
        if (count_at(root, "cards") != 0)
            fail_msg("a card for %s", drafts[i]);
    }
}

static void test_orders_for_others(void **state) {
    world *w = *state;
    static const char *const people[] = {
        "\"gender\":\"female\",\"birthDate\":\"1980-01-01\"",
        "\"gender\":\"male\",\"birthDate\":\"2012-01-01\"",
        "\"gender\":\"male\",\"birthDate\":\"1970-01-01\",\"deceasedDateTime\":\"2026-01-01\"",
        "\"birthDate\":\"1980-01-01\"",
        "\"gender\":\"male\",\"birthDate\":\"1945-01-01\"", /* and he does not complain */
    };
    char body[4096], person[256];
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        snprintf(person, sizeof person, "{\"resourceType\":\"Patient\",\"id\":\"p1\",%s}",
                 people[i]);
        snprintf(body, sizeof body,
                 SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                      PREFETCH("%s", BUNDLE(CONDITION("N40.1")), NOTHING, NOTHING)),
                 person);
        assert_int_equal(count_at(post(w, ORDER_SIGN, body, 200), "cards"), 0);
    }
}

/* What he takes and does not complain of is no news; where he complains, the order is a chance. */
static void test_what_he_takes_already(void **state) {
    world *w = *state;
    assert_int_equal(count_at(post(w, ORDER_SIGN,
                                   SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                                        ILL(CONDITION("N40.1"), TAKES("silodosin 8 mg"))),
                                   200),
                              "cards"),
                     0);
    const ag_json_value *root = post(w, ORDER_SIGN,
                                     SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")),
                                          ILL(CONDITION("N53.13"), TAKES("silodosin 8 mg"))),
                                     200);
    assert_int_equal(count_at(root, "cards.0.suggestions"), 2);
    assert_string_equal(text_at(root, "cards.0.indicator"), "warning");
}

/* Another medicine would have to stand in for both. */
static void test_combination(void **state) {
    world *w = *state;
    const ag_json_value *root =
        post(w, ORDER_SIGN, SIGN(BUNDLE(DRAFT("o1", "dutasteride and tamsulosin")), PROSTATE), 200);
    assert_int_equal(count_at(root, "cards"), 1);
    assert_null(at(root, "cards.0.suggestions"));
}

static void test_only_selections_are_judged(void **state) {
    world *w = *state;
#define TWO BUNDLE(DRAFT("o1", "silodosin 8 mg") "," DRAFT("o2", "lisinopril 10 mg"))
    assert_int_equal(
        count_at(post(w, ORDER_SELECT, SELECT("[\"MedicationRequest/o2\"]", TWO, PROSTATE), 200),
                 "cards"),
        0);
    assert_int_equal(
        count_at(post(w, ORDER_SELECT, SELECT("[\"MedicationRequest/o1\"]", TWO, PROSTATE), 200),
                 "cards"),
        1);
    assert_int_equal(count_at(post(w, ORDER_SELECT, SELECT("[]", TWO, PROSTATE), 200), "cards"), 0);
    assert_int_equal(count_at(post(w, ORDER_SIGN, SIGN(TWO, PROSTATE), 200), "cards"), 1);
}

static void test_referenced_medicine(void **state) {
    world *w = *state;
    const ag_json_value *root = post(
        w, ORDER_SIGN,
        SIGN("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
             "\"Medication\",\"id\":\"x\",\"code\":{\"coding\":[{\"system\":"
             "\"http://www.nlm.nih.gov/research/umls/rxnorm\",\"code\":\"809477\"}]}}},"
             "{\"resource\":{\"resourceType\":\"MedicationRequest\",\"status\":\"draft\","
             "\"intent\":\"order\",\"medicationReference\":{\"reference\":\"Medication/x\"}}}]}",
             PROSTATE),
        200);
    assert_int_equal(count_at(root, "cards"), 1); /* 809477: silodosin 8 MG */
    assert_null(at(root, "cards.0.suggestions")); /* a draft without id cannot be removed */
}

static void test_old_clients(void **state) {
    world *w = *state;
    static const char path[] = "/cds-services/antegrade-medication-prescribe";
#define PRESCRIBE(context, prefetch) CALL("medication-prescribe", context, prefetch)
    assert_int_equal(
        count_at(
            post(w, path,
                 PRESCRIBE(",\"medications\":" BUNDLE(DRAFT("o1", "silodosin 8 mg")), PROSTATE),
                 200),
            "cards"),
        1);
    static const char *const calls[] = {
        PRESCRIBE(",\"medications\":{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":"
                  "{\"resourceType\":\"MedicationOrder\",\"id\":\"o1\",\"status\":\"draft\","
                  "\"medicationCodeableConcept\":{\"text\":\"silodosin\"}}}]}",
                  PROSTATE),
        PRESCRIBE("", PROSTATE),
        "{\"hook\":\"medication-prescribe\"," INSTANCE ",\"patient\":\"p1\",\"context\":[{}]}",
        PRESCRIBE(
            ",\"medications\":" BUNDLE(DRAFT("o1", "silodosin 8 mg")),
            PREFETCH(MAN,
                     "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":"
                     "\"Condition\",\"clinicalStatus\":\"active\",\"code\":{\"text\":\"BPH\"}}}]}",
                     NOTHING, NOTHING)),
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        assert_int_equal(count_at(post(w, path, calls[i], 200), "cards"), 0);
}

static void test_spanish(void **state) {
    world *w = *state;
    static const char body[] = SIGN(BUNDLE(DRAFT("o1", "silodosin 8 mg")), PROSTATE);
    const ag_json_value *root = ask(w,
                                    (ag_hooks_request){.method = "POST",
                                                       .path = ORDER_SIGN,
                                                       .content_type = "application/json",
                                                       .accept_language = "fr-CH, es;q=0.9, en",
                                                       .body = body,
                                                       .length = sizeof body - 1},
                                    200);
    assert_non_null(strstr(text_at(root, "cards.0.summary"), "orgasmo sin semen"));
}

/* ---- faults ---- */

static void test_faulty_calls(void **state) {
    world *w = *state;
    static const struct {
        const char *body, *says;
    } faults[] = {
        {"", "empty"},
        {"{", "body"},
        {"[]", "object"},
        {"{\"hook\":\"order-sign\"," INSTANCE ",\"context\":{\"patientId\":\"p1\"}}", "hook"},
        {"{\"hook\":\"patient-view\",\"context\":{\"patientId\":\"p1\"}}", "hookInstance"},
        {"{\"hook\":\"patient-view\"," INSTANCE "}", "context"},
        {"{\"hook\":\"patient-view\"," INSTANCE ",\"context\":{}}", "patientId"},
        {"{\"hook\":\"patient-view\"," INSTANCE
         ",\"context\":{\"patientId\":\"p1\"},\"fhirAuthorization\":{}}",
         "fhirServer"},
        {CALL("patient-view", "",
              "\"prefetch\":{\"patient\":{\"resourceType\":\"Patient\",\"id\":\"p2\"}}"),
         "context.patientId"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const ag_json_value *root = post(w, PATIENT_VIEW, faults[i].body, 400);
        assert_non_null(strstr(text_at(root, "issue.0.diagnostics"), faults[i].says));
    }
    post(w, "/cds-services/other", "{}", 404);
    post(w, ORDER_SIGN, SIGN("null", PROSTATE), 400);
    post(w, ORDER_SELECT,
         CALL("order-select", ",\"draftOrders\":" BUNDLE(DRAFT("o1", "silodosin")), PROSTATE), 400);
    get(w, PATIENT_VIEW, 405);
    assert_string_equal(header_of(w, "Allow"), "POST");
    ask(w,
        (ag_hooks_request){.method = "POST",
                           .path = PATIENT_VIEW,
                           .content_type = "text/plain",
                           .body = "{}",
                           .length = 2},
        415);
}

/* ---- feedback ---- */

#define FEEDBACK "/cds-services/antegrade-order-sign/feedback"
#define TOLD(item) "{\"feedback\":[" item "]}"
#define ACCEPTED                                                                                   \
    "{\"card\":\"9368d37b-283f-44a0-93ea-547cebab93ed\",\"outcome\":\"accepted\","                 \
    "\"acceptedSuggestions\":[{\"id\":\"e56e1945-20b3-4393-8503-a1a20fd73152\"}],"                 \
    "\"outcomeTimestamp\":\"2026-09-21T10:00:00Z\"}"
#define OVERRIDDEN                                                                                 \
    "{\"card\":\"9368d37b-283f-44a0-93ea-547cebab93ed\",\"outcome\":\"overridden\","               \
    "\"overrideReason\":{\"reason\":{\"code\":\"told\",\"system\":\"urn:antegrade:override-"       \
    "reason\"},"                                                                                   \
    "\"userComment\":\"he knows\"},\"outcomeTimestamp\":\"2026-09-21T10:00:00Z\"}"

static void test_feedback(void **state) {
    world *w = *state;
    w->told_count = 0;
    post(w, FEEDBACK, TOLD(ACCEPTED), 200);
    assert_string_equal(w->told,
                        "antegrade-order-sign|9368d37b-283f-44a0-93ea-547cebab93ed|accepted|"
                        "1|e56e1945-20b3-4393-8503-a1a20fd73152|-|-|2026-09-21T10:00:00Z");
    post(w, FEEDBACK, TOLD(ACCEPTED "," OVERRIDDEN), 200);
    assert_int_equal(w->told_count, 3);
    assert_string_equal(w->told, "antegrade-order-sign|9368d37b-283f-44a0-93ea-547cebab93ed|"
                                 "overridden|0|-|told|he knows|2026-09-21T10:00:00Z");
    post(w, FEEDBACK, "{\"feedback\":[]}", 200);
}

static void test_faulty_feedback(void **state) {
    world *w = *state;
    static const char *const faults[] = {
        "{}",
        "{\"feedback\":{}}",
        TOLD("{}"),
        TOLD("{\"card\":\"c\",\"outcome\":\"ignored\",\"outcomeTimestamp\":\"2026\"}"),
        TOLD("{\"card\":\"c\",\"outcome\":\"accepted\",\"outcomeTimestamp\":\"2026\"}"),
        TOLD("{\"card\":\"c\",\"outcome\":\"overridden\"}"),
        TOLD("{\"card\":\"c\",\"outcome\":\"overridden\",\"overrideReason\":{},"
             "\"outcomeTimestamp\":\"2026\"}"),
        TOLD(ACCEPTED ",7"),
    };
    w->told_count = 0;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        post(w, FEEDBACK, faults[i], 400);
    assert_int_equal(w->told_count, 0); /* a fault tells nothing */
    post(w, "/cds-services/other/feedback", TOLD(ACCEPTED), 404);
    w->refuse_feedback = true;
    post(w, FEEDBACK, TOLD(ACCEPTED), 500);
    w->refuse_feedback = false;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_discovery),
        cmocka_unit_test(test_man_on_silodosin),
        cmocka_unit_test(test_complaint),
        cmocka_unit_test(test_red_flag),
        cmocka_unit_test(test_reference_as_patient_id),
        cmocka_unit_test(test_odd_layout),
        cmocka_unit_test(test_nobody_else),
        cmocka_unit_test(test_silodosin_ordered),
        cmocka_unit_test(test_alternatives_pass_his_contraindications),
        cmocka_unit_test(test_no_alternatives_unseen),
        cmocka_unit_test(test_psychotropic_is_not_switched),
        cmocka_unit_test(test_orders_without_card),
        cmocka_unit_test(test_orders_for_others),
        cmocka_unit_test(test_what_he_takes_already),
        cmocka_unit_test(test_combination),
        cmocka_unit_test(test_only_selections_are_judged),
        cmocka_unit_test(test_referenced_medicine),
        cmocka_unit_test(test_old_clients),
        cmocka_unit_test(test_spanish),
        cmocka_unit_test(test_faulty_calls),
        cmocka_unit_test(test_feedback),
        cmocka_unit_test(test_faulty_feedback),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
