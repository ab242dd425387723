#define _POSIX_C_SOURCE 200809L
#include "connections.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "refusal.h"

struct ag_connection {
    ag_connections *all;
    ag_connection *next, *previous;
    int socket;
    time_t until; /* 0: for ever */
};

struct ag_connections {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t watcher;
    ag_connection *first;
    long count, expired;
    bool ends;
};

static time_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/* The library notices a socket that is shut down, and closes it. */
static void close_late_ones(ag_connections *all) {
    time_t t = now();
    for (ag_connection *c = all->first; c != NULL; c = c->next)
        if (c->until != 0 && c->until < t) {
            shutdown(c->socket, SHUT_RDWR);
            c->until = 0;
            all->expired++;
        }
}

static void *watch(void *argument) {
    ag_connections *all = argument;
    pthread_mutex_lock(&all->lock);
    while (!all->ends) {
        struct timespec next;
        clock_gettime(CLOCK_REALTIME, &next);
        next.tv_sec++;
        pthread_cond_timedwait(&all->changed, &all->lock, &next);
        close_late_ones(all);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

ag_status ag_connections_new(ag_connections **out, ag_error *error) {
    ag_connections *all = *out = calloc(1, sizeof *all);
    if (all == NULL)
        return ag_refuse(error, AG_ERROR_MEMORY, "out of memory");
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->changed, NULL);
    if (pthread_create(&all->watcher, NULL, watch, all) == 0)
        return AG_OK;
    free(all);
    *out = NULL;
    return ag_refuse(error, AG_ERROR_MEMORY, "no further thread can be started");
}

void ag_connections_free(ag_connections *all) {
    if (all == NULL)
        return;
    pthread_mutex_lock(&all->lock);
    all->ends = true;
    pthread_mutex_unlock(&all->lock);
    pthread_cond_signal(&all->changed);
    pthread_join(all->watcher, NULL);
    pthread_cond_destroy(&all->changed);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

ag_connection *ag_connection_begin(ag_connections *all, int socket) {
    ag_connection *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->all = all;
    c->socket = socket;
    pthread_mutex_lock(&all->lock);
    c->next = all->first;
    if (c->next != NULL)
        c->next->previous = c;
    all->first = c;
    all->count++;
    pthread_mutex_unlock(&all->lock);
    return c;
}

void ag_connection_allow(ag_connection *c, int seconds) {
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->all->lock);
    c->until = seconds == 0 ? 0 : now() + seconds;
    pthread_mutex_unlock(&c->all->lock);
}

void ag_connection_end(ag_connection *c) {
    if (c == NULL)
        return;
    ag_connections *all = c->all;
    pthread_mutex_lock(&all->lock);
    if (c->next != NULL)
        c->next->previous = c->previous;
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        all->first = c->next;
    all->count--;
    pthread_mutex_unlock(&all->lock);
    free(c);
}

long ag_connections_count(ag_connections *all) {
    pthread_mutex_lock(&all->lock);
    long count = all->count;
    pthread_mutex_unlock(&all->lock);
    return count;
}

long ag_connections_expired(ag_connections *all) {
    pthread_mutex_lock(&all->lock);
    long expired = all->expired;
    pthread_mutex_unlock(&all->lock);
    return expired;
}
