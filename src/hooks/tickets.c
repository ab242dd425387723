/* A hash table of chains with an end of time for each entry. */
#include "tickets.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { CHAINS = 1024 };

typedef struct ticket {
    struct ticket *next;
    double until;
    char *value;
    size_t bytes; /* of the value */
    char name[];
} ticket;

struct ag_tickets {
    pthread_mutex_t lock;
    ticket *chains[CHAINS];
    int count, most;
    size_t bytes, most_bytes;
    bool forget;
    double first_end; /* nothing ends before this */
};

ag_tickets *ag_tickets_new(int most, size_t most_bytes, bool forget) {
    ag_tickets *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->most = most;
    t->most_bytes = most_bytes;
    t->forget = forget;
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

static void drop(ag_tickets *t, ticket **at) {
    ticket *gone = *at;
    *at = gone->next;
    t->bytes -= gone->bytes;
    t->count--;
    free(gone->value);
    free(gone);
}

void ag_tickets_free(ag_tickets *tickets) {
    if (tickets == NULL)
        return;
    for (int c = 0; c < CHAINS; c++)
        while (tickets->chains[c] != NULL)
            drop(tickets, &tickets->chains[c]);
    pthread_mutex_destroy(&tickets->lock);
    free(tickets);
}

static ticket **chain_of(ag_tickets *t, const char *name) {
    return &t->chains[ag_text_hash(AG_HASH_START, name, strlen(name)) % CHAINS];
}

static ticket **find(ag_tickets *t, const char *name) {
    ticket **at = chain_of(t, name);
    while (*at != NULL && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    return at;
}

static bool fits(const ag_tickets *t, size_t bytes) {
    return t->count < t->most && bytes <= t->most_bytes && t->bytes <= t->most_bytes - bytes;
}

static void drop_ended(ag_tickets *t, double now) {
    t->first_end = HUGE_VAL;
    for (int c = 0; c < CHAINS; c++)
        for (ticket **at = &t->chains[c]; *at != NULL;) {
            if ((*at)->until <= now) {
                drop(t, at);
                continue;
            }
            t->first_end = fmin(t->first_end, (*at)->until);
            at = &(*at)->next;
        }
}

static ticket **first_to_end(ag_tickets *t) {
    ticket **first = NULL;
    for (int c = 0; c < CHAINS; c++)
        for (ticket **at = &t->chains[c]; *at != NULL; at = &(*at)->next)
            if (first == NULL || (*at)->until < (*first)->until)
                first = at;
    return first;
}

/* A full table is looked through only when something in it must have ended. */
static bool make_room(ag_tickets *t, size_t bytes, double now) {
    if (!fits(t, bytes) && now >= t->first_end)
        drop_ended(t, now);
    while (t->forget && t->count > 0 && bytes <= t->most_bytes && !fits(t, bytes))
        drop(t, first_to_end(t));
    return fits(t, bytes);
}

static ticket *make(const char *name, const char *value, double until) {
    size_t length = strlen(name) + 1;
    ticket *made = malloc(sizeof *made + length);
    if (made == NULL)
        return NULL;
    made->until = until;
    made->bytes = strlen(value) + 1;
    made->value = malloc(made->bytes);
    memcpy(made->name, name, length);
    if (made->value == NULL) {
        free(made);
        return NULL;
    }
    memcpy(made->value, value, made->bytes);
    return made;
}

bool ag_tickets_put(ag_tickets *tickets, const char *name, const char *value, double now,
                    double until) {
    ticket *made = make(name, value, until);
    if (made == NULL)
        return false;
    pthread_mutex_lock(&tickets->lock);
    ticket **same = find(tickets, name);
    if (*same != NULL && (*same)->until <= now)
        drop(tickets, same);
    bool taken = *same == NULL && make_room(tickets, made->bytes, now);
    if (taken) {
        ticket **chain = chain_of(tickets, name);
        made->next = *chain;
        *chain = made;
        tickets->count++;
        tickets->bytes += made->bytes;
        tickets->first_end = fmin(tickets->first_end, until);
    }
    pthread_mutex_unlock(&tickets->lock);
    if (!taken) {
        free(made->value);
        free(made);
    }
    return taken;
}

char *ag_tickets_take(ag_tickets *tickets, const char *name, double now) {
    pthread_mutex_lock(&tickets->lock);
    ticket **at = find(tickets, name);
    char *value = NULL;
    if (*at != NULL) {
        if ((*at)->until > now) {
            value = (*at)->value;
            (*at)->value = NULL;
        }
        drop(tickets, at);
    }
    pthread_mutex_unlock(&tickets->lock);
    return value;
}
