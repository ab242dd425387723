/*
 * Each thread takes batches of patients, in order, and judges them. A batch is put out when those
 * before it are, by whoever finds it ready. One in which men wait for the assessment that another
 * thread makes is kept for later.
 */
#include "judging.h"

#include <pthread.h>
#include <stdlib.h>

#include "man_writer.h"
#include "patient_batch.h"

/* Batches that are under way. */
enum { BATCHES_PER_THREAD = 4 };

/* A batch on its way. */
typedef struct turn {
    ag_patient_batch *batch;
    long long number; /* of all batches, in order */
    struct turn *next;
} turn;

typedef struct turns {
    turn *first, *last;
} turns;

typedef struct judging {
    FILE *out;
    ag_screen_summary *summary;
    ag_verdicts *verdicts;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    ag_merge *merge;
    bool over; /* no more is to be taken of it */
    turn *turns;
    int most;
    turn *free;
    turn **ready; /* by number */
    long long taken, put_out;
    bool putting_out;
    ag_status status;
    ag_error error;
} judging;

/* ---- taking ---- */

/* A new batch, where there is one left and room for it. */
static turn *new_turn(judging *j) {
    long long under_way = j->taken - j->put_out;
    bool any, crowded = ag_verdicts_crowded(j->verdicts);
    if (j->over || j->free == NULL || (crowded && under_way > 0))
        return NULL;
    if (crowded)
        ag_verdicts_forget(j->verdicts);
    turn *t = j->free;
    j->over = ag_patient_batch_fill(t->batch, j->merge, &any) != AG_OK || !any;
    if (!any)
        return NULL;
    j->free = t->next;
    t->number = j->taken++;
    t->next = NULL;
    return t;
}

/* One that was kept is judged to the end when there is no new one to be had: what it waits for is
 * made by then, or waited for. NULL when all is done. */
static turn *take(judging *j, turns *kept, bool *wait) {
    turn *t = NULL;
    pthread_mutex_lock(&j->lock);
    while (j->status == AG_OK && (t = new_turn(j)) == NULL && kept->first == NULL && !j->over)
        pthread_cond_wait(&j->changed, &j->lock);
    *wait = j->status == AG_OK && t == NULL && kept->first != NULL;
    pthread_mutex_unlock(&j->lock);
    if (*wait) {
        t = kept->first;
        kept->first = t->next;
    }
    return t;
}

static void keep(turns *kept, turn *t) {
    t->next = NULL;
    if (kept->first == NULL)
        kept->first = t;
    else
        kept->last->next = t;
    kept->last = t;
}

/* ---- putting out ---- */

/* The lock is held. */
static void fail(judging *j, ag_status status, const ag_error *error) {
    j->status = status;
    j->error = *error;
    pthread_cond_broadcast(&j->changed);
}

/* The lock is held, but not while it is written. */
static void put_out(judging *j, turn *t) {
    ag_error error;
    pthread_mutex_unlock(&j->lock);
    ag_status status = ag_patient_batch_put_out(t->batch, j->out, j->summary, &error);
    pthread_mutex_lock(&j->lock);
    j->put_out++;
    t->next = j->free;
    j->free = t;
    pthread_cond_broadcast(&j->changed);
    if (status != AG_OK)
        fail(j, status, &error);
}

/* The batch, and those behind it that are ready, if it is their turn. */
static void give(judging *j, turn *given) {
    pthread_mutex_lock(&j->lock);
    j->ready[given->number % j->most] = given;
    for (turn *t;
         !j->putting_out && j->status == AG_OK && (t = j->ready[j->put_out % j->most]) != NULL;) {
        j->ready[j->put_out % j->most] = NULL;
        j->putting_out = true;
        put_out(j, t);
        j->putting_out = false;
    }
    pthread_mutex_unlock(&j->lock);
}

/* ---- the threads ---- */

static void *judge(void *data) {
    judging *j = data;
    turns kept = {.first = NULL};
    bool wait;
    ag_judge *judge = ag_judge_new(j->verdicts);
    for (turn *t; judge != NULL && (t = take(j, &kept, &wait)) != NULL;) {
        if (ag_patient_batch_judge(t->batch, judge, wait))
            give(j, t);
        else
            keep(&kept, t);
    }
    if (judge == NULL) {
        pthread_mutex_lock(&j->lock);
        ag_error error;
        fail(j, ag_fail(&error, AG_ERROR_MEMORY, "out of memory"), &error);
        pthread_mutex_unlock(&j->lock);
    }
    ag_judge_free(judge);
    return NULL;
}

static void judge_all(judging *j, int threads) {
    pthread_t others[AG_MOST_JUDGES];
    int started = 0;
    while (started < threads - 1 && pthread_create(&others[started], NULL, judge, j) == 0)
        started++; /* or fewer do it */
    judge(j);
    for (int i = 0; i < started; i++)
        pthread_join(others[i], NULL);
}

static bool open_judging(judging *j, const ag_join_options *options,
                         const ag_deletions *deletions) {
    j->most = BATCHES_PER_THREAD * options->threads;
    j->verdicts = ag_verdicts_new(options->engine, options->as_of, options->setting, deletions);
    j->turns = calloc((size_t)j->most, sizeof *j->turns);
    j->ready = calloc((size_t)j->most, sizeof *j->ready);
    bool ok = j->verdicts != NULL && j->turns != NULL && j->ready != NULL;
    for (int i = 0; i < j->most && ok; i++) {
        turn *t = &j->turns[i];
        t->batch = ag_patient_batch_new(options);
        t->next = j->free;
        j->free = t;
        ok = t->batch != NULL;
    }
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->changed, NULL);
    return ok;
}

static void close_judging(judging *j) {
    for (int i = 0; i < j->most && j->turns != NULL; i++)
        ag_patient_batch_free(j->turns[i].batch);
    free(j->turns);
    free(j->ready);
    ag_verdicts_free(j->verdicts);
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->changed);
}

ag_status ag_judge_patients(FILE *out, ag_screen_summary *summary, ag_merge *merge,
                            const ag_join_options *options, const ag_deletions *deletions,
                            ag_error *error) {
    judging j = {.out = out, .summary = summary, .merge = merge};
    if (open_judging(&j, options, deletions)) {
        ag_man_write_heading(out, options->format);
        judge_all(&j, options->threads);
        summary->assessments = ag_verdicts_assessed(j.verdicts);
    } else {
        j.status = ag_fail(&j.error, AG_ERROR_MEMORY, "out of memory");
    }
    if (j.status != AG_OK && error != NULL)
        *error = j.error;
    close_judging(&j);
    return j.status;
}
