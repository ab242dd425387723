/* A hash table under a lock. An assessment is made outside the lock; whoever needs the same one
 * waits for it. */
#include "assessed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "man_situation.h"
#include "situation_key.h"
#include "text.h"

enum { SLOTS = 1 << 14, MOST = 1 << 14 };

typedef struct entry {
    uint64_t hash;
    const char *key;
    size_t length;
    bool ready;
    ag_assessed assessed;
    struct entry *next;
} entry;

struct ag_assessments {
    const ag_engine *engine;
    pthread_mutex_t lock;
    pthread_cond_t done;
    ag_arena *arena;
    entry *slots[SLOTS];
    int count;
    long long made;
};

ag_assessments *ag_assessments_new(const ag_engine *engine) {
    ag_assessments *a = calloc(1, sizeof *a);
    if (a == NULL || (a->arena = ag_arena_new()) == NULL) {
        free(a);
        return NULL;
    }
    a->engine = engine;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->done, NULL);
    return a;
}

void ag_assessments_free(ag_assessments *a) {
    if (a == NULL)
        return;
    pthread_mutex_destroy(&a->lock);
    pthread_cond_destroy(&a->done);
    ag_arena_free(a->arena);
    free(a);
}

bool ag_assessments_crowded(ag_assessments *a) {
    pthread_mutex_lock(&a->lock);
    bool crowded = a->count >= MOST;
    pthread_mutex_unlock(&a->lock);
    return crowded;
}

void ag_assessments_forget(ag_assessments *a) {
    memset(a->slots, 0, sizeof a->slots);
    ag_arena_reset(a->arena);
    a->count = 0;
}

long long ag_assessments_made(const ag_assessments *assessments) {
    return assessments->made;
}

static bool copy_results(ag_assessments *a, const ag_assessment *from, ag_assessed *to) {
    int mechanisms = ag_assessment_mechanism_count(from), causes = ag_assessment_cause_count(from);
    ag_assessed_item *items =
        ag_arena_array(a->arena, (size_t)(mechanisms + causes) + 1, sizeof *items);
    if (items == NULL)
        return false;
    for (int i = 0; i < mechanisms; i++) {
        const ag_mechanism_result *m = ag_assessment_mechanism(from, i);
        items[i] = (ag_assessed_item){m->id, m->name, NULL, m->probability};
    }
    for (int i = 0; i < causes; i++) {
        const ag_cause_result *c = ag_assessment_cause(from, i);
        items[mechanisms + i] = (ag_assessed_item){c->id, c->name, c->mechanism, c->probability};
    }
    to->mechanisms = items;
    to->mechanism_count = mechanisms;
    to->causes = items + mechanisms;
    to->cause_count = causes;
    return true;
}

/* The lock is held, but not while the assessment is made. */
static ag_status fill(ag_assessments *a, ag_session *session, const ag_patient *patient, entry *e,
                      ag_error *error) {
    pthread_mutex_unlock(&a->lock);
    ag_assess_options options = ag_assess_options_defaults();
    options.brief = true;
    ag_assessment *assessment;
    ag_status status = ag_assess(&assessment, session, patient, &options, error);
    pthread_mutex_lock(&a->lock);
    a->made++;
    if (status == AG_OK && !copy_results(a, assessment, &e->assessed))
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_assessment_free(assessment);
    e->assessed.status = status;
    e->ready = true;
    pthread_cond_broadcast(&a->done);
    return status == AG_ERROR_IMPOSSIBLE ? AG_OK : status;
}

static ag_status find_locked(ag_assessments *a, ag_session *session, const ag_patient *patient,
                             const ag_buffer *key, bool wait, const ag_assessed **out,
                             ag_error *error) {
    uint64_t hash = ag_digest_text(0, key->data, key->length);
    entry **at = &a->slots[hash % SLOTS];
    for (; *at != NULL; at = &(*at)->next)
        if ((*at)->hash == hash && (*at)->length == key->length &&
            memcmp((*at)->key, key->data, key->length) == 0) {
            entry *found = *at;
            while (!found->ready && wait)
                pthread_cond_wait(&a->done, &a->lock);
            if (!found->ready)
                return AG_OK;
            *out = &found->assessed;
            return found->assessed.status == AG_ERROR_IMPOSSIBLE ? AG_OK : found->assessed.status;
        }
    entry *e = ag_arena_alloc(a->arena, sizeof *e);
    char *copy = ag_arena_text(a->arena, key->data, key->length);
    if (e == NULL || copy == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    *e = (entry){.hash = hash, .key = copy, .length = key->length};
    *at = e;
    a->count++;
    *out = &e->assessed;
    return fill(a, session, patient, e, error);
}

ag_status ag_assessments_find(ag_assessments *a, ag_session *session, const ag_patient *patient,
                              bool wait, const ag_assessed **out, ag_error *error) {
    *out = NULL;
    ag_arena *scratch = ag_arena_new();
    ag_man_situation *man =
        scratch != NULL ? ag_man_situation_of(patient, NULL, AG_PAST_EPOCHS, scratch) : NULL;
    ag_buffer key = ag_buffer_start(scratch);
    if (man != NULL)
        ag_situation_key(&man->situation, patient->knowledge, &key);
    ag_status status = AG_OK;
    if (man == NULL || key.failed)
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (status == AG_OK) {
        pthread_mutex_lock(&a->lock);
        status = find_locked(a, session, patient, &key, wait, out, error);
        pthread_mutex_unlock(&a->lock);
    }
    ag_arena_free(scratch);
    return status;
}
