/*
 * What the connections add to the work that they hand on: a call of a service against reading the
 * same record and assessing alone, and a token against its bare signature. Side by side
 * in one run, in processor time; the fastest of several rounds.
 */
#include <cjose/cjose.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "antegrade/hooks.h"

#define MAN                                                                                        \
    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"gender\":\"male\",\"birthDate\":\"1970-03-"     \
    "01\"}"
#define ENTRY(type, rest)                                                                          \
    "{\"resource\":{\"resourceType\":\"" type "\",\"status\":\"active\",\"intent\":\"order\","     \
    "\"subject\":{\"reference\":\"Patient/p1\"}," rest "}}"
#define ILLNESS(code)                                                                              \
    ENTRY("Condition", "\"code\":{\"coding\":[{\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\","  \
                       "\"code\":\"" code "\"}]},\"onsetDateTime\":\"2012-03-05T10:00:00-05:00\"")
#define BUNDLE(entries)                                                                            \
    "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[" entries "]}"
#define NOW 1790000000.0
#define US "http://127.0.0.1:8765"

enum { ROUNDS = 5, TOKENS = 100, ROOM = 1 << 20, WANTED = 30000 };

typedef struct bench {
    ag_engine *engine;
    ag_session *session;
    ag_vocabulary *vocabulary;
    ag_hooks *hooks;
    char record[2 * ROOM], body[2 * ROOM];
} bench;

static double now_s(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

/* ---- a call ---- */

/* A record of some 30 kB, as a Bundle to be read alone, and within a call. */
static void write_record(bench *b, const char *told) {
    static char conditions[ROOM];
    size_t used = (size_t)snprintf(conditions, ROOM, "%s", told);
    while (used < WANTED)
        used += (size_t)snprintf(conditions + used, ROOM - used, ",%s", ILLNESS("J20.9"));
    snprintf(b->record, sizeof b->record,
             "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":" MAN
             "},%s]}",
             conditions);
    snprintf(b->body, sizeof b->body,
             "{\"hook\":\"patient-view\",\"hookInstance\":\"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea\","
             "\"context\":{\"patientId\":\"p1\"},\"prefetch\":{\"patient\":" MAN
             ",\"conditions\":" BUNDLE("%s") ",\"medications\":" BUNDLE("") "}}",
             conditions);
}

static void call(bench *b) {
    ag_hooks_request request = {.method = "POST",
                                .path = "/cds-services/antegrade-patient-view",
                                .content_type = "application/json",
                                .body = b->body,
                                .length = strlen(b->body),
                                .now = NOW};
    ag_hooks_answer *answer = ag_hooks_handle(b->hooks, b->session, &request);
    if (answer == NULL || answer->status != 200)
        exit(1);
    ag_hooks_answer_free(answer);
}

static ag_patient *read_alone(bench *b) {
    ag_patient *man = NULL;
    ag_patient_options options = ag_patient_options_defaults();
    options.as_of = "2026-09-21";
    if (ag_patient_read_fhir(&man, b->vocabulary, b->record, strlen(b->record), &options, NULL) !=
        AG_OK)
        exit(1);
    return man;
}

static void only_read(bench *b) {
    ag_patient_free(read_alone(b));
}

static void read_and_assess(bench *b) {
    ag_patient *man = read_alone(b);
    ag_assessment *a;
    ag_assess_options brief = ag_assess_options_defaults();
    brief.explain = false;
    if (ag_assess(&a, b->session, man, &brief, NULL) != AG_OK)
        exit(1);
    ag_assessment_free(a);
    ag_patient_free(man);
}

typedef void timed(bench *b);

static double fastest(bench *b, timed *work, int times) {
    double best = HUGE_VAL;
    for (int r = 0; r < ROUNDS; r++) {
        double start = now_s();
        for (int i = 0; i < times; i++)
            work(b);
        double s = (now_s() - start) / times;
        best = s < best ? s : best;
    }
    return best;
}

static void compare(bench *b, const char *what, timed *ours, timed *alone, int times) {
    double with = fastest(b, ours, times), without = fastest(b, alone, times);
    printf("%-48s %9.3f ms %9.3f ms %6.2f\n", what, 1e3 * with, 1e3 * without, with / without);
}

/* ---- tokens ---- */

static cjose_jwk_t *signing_key;
static const char *tokens[ROUNDS * TOKENS];

static void sign_tokens(void) {
    cjose_err error;
    for (int i = 0; i < ROUNDS * TOKENS; i++) {
        char claims[512];
        snprintf(claims, sizeof claims,
                 "{\"iss\":\"ehr\",\"aud\":\"" US "/cds-services\",\"exp\":%.0f,\"iat\":%.0f,"
                 "\"jti\":\"%d\"}",
                 NOW + 300, NOW, i);
        cjose_header_t *header = cjose_header_new(&error);
        cjose_header_set(header, CJOSE_HDR_ALG, "ES384", &error);
        cjose_header_set(header, CJOSE_HDR_KID, "k", &error);
        cjose_jws_t *jws =
            cjose_jws_sign(signing_key, header, (const uint8_t *)claims, strlen(claims), &error);
        const char *text;
        if (jws == NULL || !cjose_jws_export(jws, &text, &error))
            exit(1);
        size_t size = strlen(text) + 8;
        char *bearer = malloc(size);
        if (bearer == NULL)
            exit(1);
        snprintf(bearer, size, "Bearer %s", text);
        tokens[i] = bearer;
        cjose_jws_release(jws);
        cjose_header_release(header);
    }
}

static int next_token;

static void check_token(bench *b) {
    ag_hooks_request request = {.method = "GET",
                                .path = "/cds-services",
                                .authorization = tokens[next_token++],
                                .now = NOW};
    ag_hooks_answer *answer = ag_hooks_handle(b->hooks, b->session, &request);
    if (answer == NULL || answer->status != 200)
        exit(1);
    ag_hooks_answer_free(answer);
}

static void check_signature(bench *b) {
    (void)b;
    cjose_err error;
    const char *text = tokens[0] + strlen("Bearer ");
    cjose_jws_t *jws = cjose_jws_import(text, strlen(text), &error);
    if (jws == NULL || !cjose_jws_verify(jws, signing_key, &error))
        exit(1);
    cjose_jws_release(jws);
}

static void discover(bench *b) {
    ag_hooks_request request = {.method = "GET", .path = "/cds-services", .now = NOW};
    ag_hooks_answer_free(ag_hooks_handle(b->hooks, b->session, &request));
}

/* ---- all ---- */

static void open_hooks(bench *b, const char *keys) {
    ag_hooks_client client = {"ehr", keys, NULL};
    ag_hooks_options options = ag_hooks_options_defaults();
    options.clients = &client;
    options.client_count = keys != NULL;
    ag_hooks_free(b->hooks);
    if (ag_hooks_new(&b->hooks, b->engine, b->vocabulary, &options, NULL) != AG_OK)
        exit(1);
}

static void bench_tokens(bench *b) {
    cjose_err error;
    signing_key = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_384, &error);
    if (signing_key == NULL || !cjose_jwk_set_kid(signing_key, "k", 1, &error))
        exit(1);
    char *jwk = cjose_jwk_to_json(signing_key, false, &error), keys[2048];
    snprintf(keys, sizeof keys, "{\"keys\":[%s]}", jwk);
    free(jwk);
    sign_tokens();
    open_hooks(b, keys);
    compare(b, "discovery with token / signature alone", check_token, check_signature, TOKENS);
    for (int i = 0; i < ROUNDS * TOKENS; i++)
        free((char *)(size_t)tokens[i]);
    cjose_jwk_release(signing_key);
}

int main(void) {
    bench *b = calloc(1, sizeof *b);
    if (b == NULL || ag_engine_new(&b->engine, ag_knowledge_builtin(), NULL) != AG_OK ||
        ag_session_new(&b->session, b->engine, NULL) != AG_OK ||
        (b->vocabulary = ag_vocabulary_new(ag_knowledge_builtin())) == NULL)
        return 1;
    printf("%-48s %12s %12s %6s\n", "", "ours", "alone", "ratio");
    open_hooks(b, NULL);
    printf("%-48s %9.3f ms\n", "discovery", 1e3 * fastest(b, discover, 1000));
    write_record(b, ILLNESS("J45.909"));
    compare(b, "patient-view, 30 kB, no card / reading", call, only_read, 50);
    write_record(b, ILLNESS("N53.13") "," ILLNESS("E10.9"));
    compare(b, "patient-view, 30 kB, card / reading, assessing", call, read_and_assess, 3);
    bench_tokens(b);
    ag_hooks_free(b->hooks);
    ag_vocabulary_free(b->vocabulary);
    ag_session_free(b->session);
    ag_engine_free(b->engine);
    free(b);
    return 0;
}
