/*
 * The rows of a patient that are of the latest versions are looked up as a text
 * without names and ids: most men of a bulk export with anything of ours share what is said of
 * them. The rest is put together as any record, and assessed.
 */
#include "verdict.h"

#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "assessed.h"
#include "digest.h"
#include "fhir_patient.h"
#include "verdict_text.h"
#include "versions.h"

enum { SLOTS = 1 << 15, MOST = 1 << 15 };

/* Never changed once it is in its slot, so that it is looked up without the lock. */
typedef struct entry {
    uint64_t hash;
    const char *key;
    size_t length;
    ag_verdict verdict;
    struct entry *next;
} entry;

struct ag_verdicts {
    const ag_engine *engine;
    const ag_knowledge *knowledge;
    int as_of;
    const char *setting;
    const ag_deletions *deletions;
    ag_assessments *assessments;
    pthread_mutex_t lock; /* of changes */
    ag_arena *arena;
    entry *_Atomic slots[SLOTS];
    atomic_int count;
};

struct ag_judge {
    ag_verdicts *verdicts;
    ag_session *session;
    ag_arena *arena; /* of one man */
    bool *busy;      /* NULL: wait */
};

ag_verdicts *ag_verdicts_new(const ag_engine *engine, int as_of, const char *setting,
                             const ag_deletions *deletions) {
    ag_verdicts *v = calloc(1, sizeof *v);
    if (v == NULL)
        return NULL;
    v->engine = engine;
    v->knowledge = ag_engine_knowledge(engine);
    v->as_of = as_of;
    v->setting = setting;
    v->deletions = deletions;
    v->assessments = ag_assessments_new(engine);
    v->arena = ag_arena_new();
    pthread_mutex_init(&v->lock, NULL);
    if (v->assessments == NULL || v->arena == NULL) {
        ag_verdicts_free(v);
        return NULL;
    }
    return v;
}

void ag_verdicts_free(ag_verdicts *v) {
    if (v == NULL)
        return;
    ag_assessments_free(v->assessments);
    ag_arena_free(v->arena);
    pthread_mutex_destroy(&v->lock);
    free(v);
}

bool ag_verdicts_crowded(ag_verdicts *v) {
    return v->count >= MOST || ag_assessments_crowded(v->assessments);
}

void ag_verdicts_forget(ag_verdicts *v) {
    ag_assessments_forget(v->assessments);
    for (int i = 0; i < SLOTS; i++)
        atomic_store_explicit(&v->slots[i], NULL, memory_order_relaxed);
    ag_arena_reset(v->arena);
    v->count = 0;
}

long long ag_verdicts_assessed(const ag_verdicts *verdicts) {
    return ag_assessments_made(verdicts->assessments);
}

ag_judge *ag_judge_new(ag_verdicts *verdicts) {
    ag_judge *judge = calloc(1, sizeof *judge);
    if (judge == NULL)
        return NULL;
    judge->verdicts = verdicts;
    judge->arena = ag_arena_new();
    if (judge->arena == NULL || ag_session_new(&judge->session, verdicts->engine, NULL) != AG_OK) {
        ag_judge_free(judge);
        return NULL;
    }
    return judge;
}

void ag_judge_free(ag_judge *judge) {
    if (judge == NULL)
        return;
    ag_session_free(judge->session);
    ag_arena_free(judge->arena);
    free(judge);
}

/* ---- the key ---- */

static bool is_person(const ag_fact_row *row) {
    return ag_row_is(row, "person");
}

/* A row that says something, and what it says without what only names it: the type of its resource,
 * and the columns behind those that name it, as they stand one behind the other in the line. */
typedef struct said {
    const char *type, *text;
    size_t type_length, length;
    const ag_fact_row *row;
} said;

static said said_of(const ag_fact_row *row) {
    const char *type = row->column[AG_ROW_RESOURCE], *text = row->column[AG_ROW_KIND],
               *last = row->column[AG_ROW_COLUMNS - 1];
    return (said){.type = type,
                  .type_length = strcspn(type, "/"),
                  .text = text,
                  .length = (size_t)(last - text) + strlen(last),
                  .row = row};
}

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length) {
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_said(const void *a, const void *b) {
    const said *x = a, *y = b;
    int order = compare_bytes(x->type, x->type_length, y->type, y->type_length);
    return order != 0 ? order : compare_bytes(x->text, x->length, y->text, y->length);
}

/* In an order that does not depend on names either. NULL when out of memory. */
static said *what_is_said(ag_judge *j, const ag_fact_row *rows, int count, const bool *used,
                          size_t *room) {
    said *all = ag_arena_array(j->arena, (size_t)count + 1, sizeof *all);
    *room = 0;
    for (int i = 0; all != NULL && i < count; i++)
        if (used[i] && !ag_row_is(&rows[i], "unused"))
            all[(*room)++] = said_of(&rows[i]);
    if (*room > 1)
        qsort(all, *room, sizeof *all, compare_said);
    return all;
}

static bool make_key(const said *all, size_t count, ag_buffer *key) {
    for (size_t i = 0; i < count; i++) {
        ag_buffer_add_bytes(key, all[i].type, all[i].type_length);
        ag_buffer_add_char(key, '\t');
        ag_buffer_add_bytes(key, all[i].text, all[i].length);
        ag_buffer_add_char(key, '\n');
    }
    return !key->failed;
}

/* ---- a man who was not met before ---- */

static ag_outcome outcome_of(const ag_fhir_person *person, ag_status status) {
    if (status == AG_ERROR_VALUE)
        return AG_OUTCOME_BAD_BIRTH;
    if (person->sex != AG_FHIR_MALE)
        return AG_OUTCOME_WOMAN;
    return person->dead ? AG_OUTCOME_DEAD : AG_OUTCOME_UNDER_AGE;
}

static ag_status read_facts(ag_judge *j, const said *all, size_t count, ag_fhir_fact **out,
                            ag_error *error) {
    ag_fhir_fact **last = out;
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        if (is_person(all[i].row))
            continue;
        ag_fhir_fact *fact = ag_arena_alloc(j->arena, sizeof *fact);
        if (fact == NULL)
            return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
        ag_status status =
            ag_row_read_fact(all[i].row, j->verdicts->knowledge, j->arena, fact, error);
        if (status != AG_OK)
            return status;
        *last = fact;
        last = &fact->next;
    }
    return AG_OK;
}

/* A complaint, or a result or his history as a diagnosis (azoospermia, retrograde ejaculation). */
static bool is_complaint(const ag_finding *card, int state) {
    return card->value == AG_VALUE_YES_NO && state == 1 &&
           (card->kind == AG_FINDING_SYMPTOM || card->kind == AG_FINDING_HISTORY ||
            card->kind == AG_FINDING_SEMEN || card->kind == AG_FINDING_URINE);
}

/* Whether anything is worth an assessment: a cause that acts, a complaint, a sample, a plan. */
static bool has_hit(const ag_patient *patient) {
    const ag_knowledge *k = patient->knowledge;
    for (int i = 0; i < patient->cause_count; i++)
        if (patient->causes[i].present && ag_cause_concerns(&k->causes[patient->causes[i].cause]))
            return true;
    for (int i = 0; i < patient->finding_count; i++) {
        const ag_finding_fact *fact = &patient->findings[i];
        if (fact->sample >= 0 || is_complaint(&k->findings[fact->finding], fact->state))
            return true;
    }
    for (int i = 0; i < patient->planned_count; i++)
        if (ag_cause_concerns(&k->causes[patient->planned[i].cause]))
            return true;
    return false;
}

static int later(int day, ag_days start) {
    return start.last != INT_MAX && start.last > day ? start.last : day;
}

/* The last day on which something that makes a hit began, or by which it had; what is to come is
 * later than every day. */
static int since_of(const ag_patient *patient, const ag_fhir_fact *facts) {
    const ag_knowledge *k = patient->knowledge;
    int since = INT_MIN;
    for (int i = 0; i < patient->planned_count; i++)
        if (ag_cause_concerns(&k->causes[patient->planned[i].cause]))
            return INT_MAX;
    for (int i = 0; i < patient->cause_count; i++) {
        const ag_cause_fact *fact = &patient->causes[i];
        if (fact->present && ag_cause_concerns(&k->causes[fact->cause]))
            since = later(since, fact->start);
    }
    for (const ag_fhir_fact *fact = facts; fact != NULL; fact = fact->next) {
        if (fact->kind != AG_FHIR_FINDING || fact->start.days.first > patient->as_of)
            continue;
        const ag_finding *card = &k->findings[fact->index];
        if (card->sample != AG_SAMPLE_NONE || is_complaint(card, fact->value.state))
            since = later(since, fact->start.days);
    }
    return since;
}

static ag_status judge_patient(ag_judge *j, ag_patient *patient, const ag_fhir_fact *facts,
                               ag_verdict *out, ag_error *error) {
    ag_verdicts *v = j->verdicts;
    ag_status status = ag_fhir_put_facts(patient, facts, j->arena, v->setting, error);
    if (status == AG_OK)
        status = ag_patient_finish(patient, error);
    if (status == AG_ERROR_DECLINED) {
        out->outcome = AG_OUTCOME_OUTSIDE;
        return AG_OK;
    }
    if (status != AG_OK)
        return status;
    out->age_years = patient->age_years;
    out->since = since_of(patient, facts);
    out->outcome = AG_OUTCOME_NOTHING;
    if (!has_hit(patient))
        return AG_OK;
    const ag_assessed *assessed;
    status =
        ag_assessments_find(v->assessments, j->session, patient, j->busy == NULL, &assessed, error);
    if (status == AG_OK && assessed == NULL)
        *j->busy = true;
    if (status != AG_OK || assessed == NULL)
        return status;
    out->outcome = assessed->status == AG_OK ? AG_OUTCOME_HIT : AG_OUTCOME_IMPOSSIBLE;
    return assessed->status == AG_OK ? ag_verdict_write(out, patient, assessed, j->arena, error)
                                     : AG_OK;
}

static ag_status judge_anew(ag_judge *j, const said *all, size_t count,
                            const ag_fhir_person *person, ag_verdict *out, ag_error *error) {
    ag_patient *patient = ag_patient_new(j->verdicts->knowledge);
    if (patient == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    patient->as_of = j->verdicts->as_of;
    ag_status status = ag_fhir_person_check(person, false, patient, NULL);
    if (status != AG_OK) {
        out->outcome = outcome_of(person, status);
        ag_patient_free(patient);
        return AG_OK;
    }
    ag_fhir_fact *facts = NULL;
    status = read_facts(j, all, count, &facts, error);
    if (status == AG_OK)
        status = judge_patient(j, patient, facts, out, error);
    ag_patient_free(patient);
    return status;
}

/* ---- looking up ---- */

static const ag_verdict *look_up(ag_verdicts *v, uint64_t hash, const ag_buffer *key) {
    const entry *e = atomic_load_explicit(&v->slots[hash % SLOTS], memory_order_acquire);
    while (e != NULL && (e->hash != hash || e->length != key->length ||
                         memcmp(e->key, key->data, key->length) != 0))
        e = e->next;
    return e != NULL ? &e->verdict : NULL;
}

static const char *keep_text(ag_verdicts *v, const char *text, bool *ok) {
    const char *copy = text != NULL ? ag_arena_copy(v->arena, text) : NULL;
    *ok = *ok && (text == NULL || copy != NULL);
    return copy;
}

/* NULL when out of memory. */
static const ag_verdict *add(ag_verdicts *v, uint64_t hash, const ag_buffer *key,
                             const ag_verdict *verdict) {
    entry *e = ag_arena_alloc(v->arena, sizeof *e);
    char *copy = ag_arena_text(v->arena, key->data, key->length);
    bool ok = e != NULL && copy != NULL;
    if (!ok)
        return NULL;
    entry *_Atomic *slot = &v->slots[hash % SLOTS];
    *e = (entry){.hash = hash,
                 .key = copy,
                 .length = key->length,
                 .verdict = *verdict,
                 .next = atomic_load_explicit(slot, memory_order_relaxed)};
    e->verdict.json = keep_text(v, verdict->json, &ok);
    e->verdict.csv = keep_text(v, verdict->csv, &ok);
    e->verdict.step_text = keep_text(v, verdict->step_text, &ok);
    if (!ok)
        return NULL;
    atomic_store_explicit(slot, e, memory_order_release);
    v->count++;
    return &e->verdict;
}

/* Another thread may have been faster; its verdict is the same. */
static ag_status keep(ag_verdicts *v, uint64_t hash, const ag_buffer *key,
                      const ag_verdict *verdict, const ag_verdict **out, ag_error *error) {
    pthread_mutex_lock(&v->lock);
    *out = look_up(v, hash, key);
    if (*out == NULL)
        *out = add(v, hash, key, verdict);
    pthread_mutex_unlock(&v->lock);
    return *out != NULL ? AG_OK : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
}

static const ag_verdict *without_rows(ag_outcome outcome) {
    static const ag_verdict nobody = {.outcome = AG_OUTCOME_NO_PERSON};
    static const ag_verdict woman = {.outcome = AG_OUTCOME_WOMAN};
    return outcome == AG_OUTCOME_WOMAN ? &woman : &nobody;
}

ag_status ag_judge_man(ag_judge *j, const ag_fact_row *rows, int count, bool *used, bool *busy,
                       const ag_verdict **out, ag_error *error) {
    j->busy = busy;
    *out = NULL;
    bool any;
    ag_arena_reset(j->arena);
    if (!ag_versions_choose(rows, count, j->verdicts->deletions, j->arena, used, &any))
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (!any)
        return AG_OK;
    int person_row = -1;
    for (int i = 0; i < count; i++)
        if (used[i] && is_person(&rows[i]))
            person_row = i;
    *out = without_rows(AG_OUTCOME_NO_PERSON);
    if (person_row < 0)
        return AG_OK;
    ag_fhir_person person = ag_row_read_person(&rows[person_row]);
    *out = without_rows(AG_OUTCOME_WOMAN);
    if (person.sex != AG_FHIR_MALE)
        return AG_OK;
    ag_buffer key = ag_buffer_start(j->arena);
    size_t said_count;
    const said *all = what_is_said(j, rows, count, used, &said_count);
    if (all == NULL || !make_key(all, said_count, &key))
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    uint64_t hash = ag_digest_text(0, key.data, key.length);
    *out = look_up(j->verdicts, hash, &key);
    if (*out != NULL)
        return AG_OK;
    ag_verdict verdict = {.since = INT_MIN, .age_years = NAN};
    ag_status status = judge_anew(j, all, said_count, &person, &verdict, error);
    if (busy != NULL && *busy)
        return status;
    return status == AG_OK ? keep(j->verdicts, hash, &key, &verdict, out, error) : status;
}
