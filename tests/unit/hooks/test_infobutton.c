/* HL7 Infobutton: which leaflet, for whom, in which form. */
#include "hooks_world.h"

#define ICD "2.16.840.1.113883.6.90"
#define SNOMED "2.16.840.1.113883.6.96"
#define RXNORM "2.16.840.1.113883.6.88"

static const ag_json_value *button(world *w, const char *code, const char *system, const char *name,
                                   const char *type, const char *more, const char *value,
                                   int status) {
    ag_hooks_pair query[8];
    int count = 0;
    if (code != NULL)
        query[count++] = (ag_hooks_pair){"mainSearchCriteria.v.c", code};
    if (system != NULL)
        query[count++] = (ag_hooks_pair){"mainSearchCriteria.v.cs", system};
    if (name != NULL)
        query[count++] = (ag_hooks_pair){"mainSearchCriteria.v.dn", name};
    if (type != NULL)
        query[count++] = (ag_hooks_pair){"knowledgeResponseType", type};
    if (more != NULL)
        query[count++] = (ag_hooks_pair){more, value};
    return ask(w,
               (ag_hooks_request){
                   .method = "GET", .path = "/infobutton", .query = query, .query_count = count},
               status);
}

static const ag_json_value *as_json(world *w, const char *code, const char *system,
                                    const char *name, const char *more, const char *value) {
    return button(w, code, system, name, "application/json", more, value, 200);
}

/* The last part of the address of the only entry. */
static const char *leaflet_of(const ag_json_value *root) {
    assert_int_equal(count_at(root, "feed.entry"), 1);
    return strrchr(text_at(root, "feed.entry.0.link.0.href"), '/') + 1;
}

static void test_codes(void **state) {
    world *w = *state;
    static const struct {
        const char *code, *system, *name, *leaflet;
    } asked[] = {
        {"N53.14", ICD, NULL, "retrograde-ejaculation"},
        {"N5314", ICD, NULL, "retrograde-ejaculation"},
        {"N46.9", ICD, "Male infertility", "a-child"},
        {"E11.9", ICD, NULL, "diabetes"},
        {"E11.42", "urn:oid:" ICD, NULL, "diabetes"},
        {"44054006", SNOMED, "Diabetes mellitus type 2", "diabetes"},
        {"863669", RXNORM, NULL, "prostate-medicines"},
        {"863669", "http://www.nlm.nih.gov/research/umls/rxnorm", NULL, "prostate-medicines"},
        {"999999999", RXNORM, "24 HR tamsulosin hydrochloride 0.4 MG Oral Capsule",
         "prostate-medicines"},
        {NULL, NULL, "Flomax", "prostate-medicines"},
        {"0009-0001", "2.16.840.1.113883.6.69", "sertraline 50 mg", "mood-medicines"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        assert_string_equal(
            leaflet_of(as_json(w, asked[i].code, asked[i].system, asked[i].name, NULL, NULL)),
            asked[i].leaflet);
}

static void test_nothing_to_say(void **state) {
    world *w = *state;
    assert_int_equal(count_at(as_json(w, "J45.909", ICD, "Asthma", NULL, NULL), "feed.entry"), 0);
    assert_int_equal(count_at(as_json(w, "N53.14", "1.2.3", NULL, NULL, NULL), "feed.entry"), 0);
    assert_int_equal(
        count_at(as_json(w, "E11.9", ICD, NULL, "patientPerson.administrativeGenderCode.c", "F"),
                 "feed.entry"),
        0);
    button(w, "J45.909", ICD, NULL, "text/html", NULL, NULL, 404);
    button(w, NULL, NULL, NULL, NULL, NULL, NULL, 400);
    button(w, "E11.9", ICD, NULL, "application/pdf", NULL, NULL, 400);
}

static void test_readers(void **state) {
    world *w = *state;
    const ag_json_value *root = as_json(w, "863669", RXNORM, NULL, "informationRecipient", "PROV");
    assert_int_equal(count_at(root, "feed.entry"), 2);
    assert_non_null(strstr(text_at(root, "feed.entry.0.link.0.href"), "/#/card/tamsulosin"));
    assert_int_equal(
        count_at(as_json(w, "863669", RXNORM, NULL, "informationRecipient", "PAT"), "feed.entry"),
        1);
    root = as_json(w, "863669", RXNORM, NULL, "informationRecipient.languageCode.c", "es");
    assert_string_equal(text_at(root, "feed.lang"), "es");
    assert_non_null(strstr(text_at(root, "feed.entry.0.title._value"), "medicinas"));
}

static void test_html(void **state) {
    world *w = *state;
    button(w, "N53.14", ICD, NULL, "text/html", "informationRecipient.languageCode.c", "es-MX",
           200);
    assert_non_null(strstr(w->answer->type, "text/html"));
    assert_non_null(strstr(w->answer->body, "<html lang=\"es\">"));
    ag_hooks_pair query[] = {{"mainSearchCriteria.v.dn", "retrograde ejaculation"}};
    ask(w,
        (ag_hooks_request){.method = "GET",
                           .path = "/infobutton",
                           .query = query,
                           .query_count = 1,
                           .accept = "text/html,application/xhtml+xml,*/*;q=0.8"},
        200);
    assert_non_null(strstr(w->answer->type, "text/html"));
}

static void test_xml_is_escaped(void **state) {
    world *w = *state;
    button(w, "E11.9", ICD, "\"><script>&\x01", "text/xml", NULL, NULL, 200);
    assert_non_null(strstr(w->answer->type, "xml"));
    assert_null(strstr(w->answer->body, "<script"));
    assert_non_null(strstr(w->answer->body, "term=\"&quot;&gt;&lt;script&gt;&amp; \""));
    assert_non_null(strstr(w->answer->body, "/#/leaflet/diabetes"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),          cmocka_unit_test(test_nothing_to_say),
        cmocka_unit_test(test_readers),        cmocka_unit_test(test_html),
        cmocka_unit_test(test_xml_is_escaped),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
