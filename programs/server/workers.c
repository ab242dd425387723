#include "workers.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct worker {
    ag_workers *all;
    ag_session *session;
    pthread_t thread;
} worker;

/* A ring of tasks under one lock. */
struct ag_workers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void **tasks;
    int first, count, most;
    bool ends;
    ag_task *run;
    worker *threads;
    int thread_count;
};

static void *take(ag_workers *all) {
    void *task = NULL;
    pthread_mutex_lock(&all->lock);
    while (all->count == 0 && !all->ends)
        pthread_cond_wait(&all->changed, &all->lock);
    if (all->count > 0) {
        task = all->tasks[all->first];
        all->first = (all->first + 1) % all->most;
        all->count--;
    }
    pthread_mutex_unlock(&all->lock);
    return task;
}

static void *work(void *argument) {
    worker *self = argument;
    for (void *task; (task = take(self->all)) != NULL;)
        self->all->run(task, self->session);
    return NULL;
}

static ag_status no_memory(ag_error *error) {
    *error = (ag_error){.code = AG_ERROR_MEMORY, .message = "out of memory"};
    return AG_ERROR_MEMORY;
}

static ag_status add_thread(ag_workers *all, const ag_engine *engine, ag_error *error) {
    worker *self = &all->threads[all->thread_count];
    self->all = all;
    ag_status status = ag_session_new(&self->session, engine, error);
    if (status != AG_OK)
        return status;
    if (pthread_create(&self->thread, NULL, work, self) != 0) {
        ag_session_free(self->session);
        return no_memory(error);
    }
    all->thread_count++;
    return AG_OK;
}

ag_status ag_workers_new(ag_workers **out, const ag_engine *engine, int threads, int waiting,
                         ag_task *run, ag_error *error) {
    ag_workers *all = *out = calloc(1, sizeof *all);
    if (all == NULL)
        return no_memory(error);
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->changed, NULL);
    all->most = waiting;
    all->run = run;
    all->tasks = malloc((size_t)waiting * sizeof *all->tasks);
    all->threads = calloc((size_t)threads, sizeof *all->threads);
    ag_status status = all->tasks == NULL || all->threads == NULL ? no_memory(error) : AG_OK;
    while (status == AG_OK && all->thread_count < threads)
        status = add_thread(all, engine, error);
    if (status == AG_OK)
        return AG_OK;
    ag_workers_free(all);
    *out = NULL;
    return status;
}

bool ag_workers_give(ag_workers *all, void *task) {
    pthread_mutex_lock(&all->lock);
    bool has_room = all->count < all->most && !all->ends;
    if (has_room)
        all->tasks[(all->first + all->count++) % all->most] = task;
    pthread_mutex_unlock(&all->lock);
    if (has_room)
        pthread_cond_signal(&all->changed);
    return has_room;
}

int ag_workers_waiting(ag_workers *all) {
    pthread_mutex_lock(&all->lock);
    int count = all->count;
    pthread_mutex_unlock(&all->lock);
    return count;
}

void ag_workers_free(ag_workers *all) {
    if (all == NULL)
        return;
    pthread_mutex_lock(&all->lock);
    all->ends = true;
    pthread_mutex_unlock(&all->lock);
    pthread_cond_broadcast(&all->changed);
    for (int i = 0; i < all->thread_count; i++) {
        pthread_join(all->threads[i].thread, NULL);
        ag_session_free(all->threads[i].session);
    }
    pthread_cond_destroy(&all->changed);
    pthread_mutex_destroy(&all->lock);
    free(all->tasks);
    free(all->threads);
    free(all);
}
