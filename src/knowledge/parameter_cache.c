#include "parameter_cache.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing on the parameter's address: parameters live in read-only tables and do not move.
 */
typedef struct slot {
    const ag_parameter *parameter;
    double *draws;
} slot;

typedef struct kept {
    const void *key, *also;
    int draw_count;
    void *thing;
    void (*end)(void *thing);
    int next; /* in its bucket, or -1 */
} kept;

enum { BUCKETS = 256 };

struct ag_parameter_cache {
    ag_workspace *workspace; /* once asked for */
    kept *kept;
    int kept_count, kept_room;
    int buckets[BUCKETS]; /* first of each: index + 1 */
    slot *slots;
    size_t size; /* a power of two */
    size_t used;
    bool held;                  /* at the central values */
    ag_parameter_cache *source; /* the draws are those of this one in `order`; NULL: made here */
    int order[AG_DRAWS];
    int count;
};

enum { FIRST_SIZE = 1024 };

ag_parameter_cache *ag_parameter_cache_new(void) {
    ag_parameter_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    cache->size = FIRST_SIZE;
    cache->slots = calloc(cache->size, sizeof *cache->slots);
    if (cache->slots == NULL) {
        free(cache);
        return NULL;
    }
    return cache;
}

ag_parameter_cache *ag_parameter_cache_new_chosen(ag_parameter_cache *source, const int *order,
                                                  int count) {
    ag_parameter_cache *cache = ag_parameter_cache_new();
    if (cache == NULL)
        return NULL;
    cache->source = source;
    cache->count = count;
    memcpy(cache->order, order, (size_t)count * sizeof *order);
    return cache;
}

static size_t bucket_of(const void *key) {
    return (((uintptr_t)key >> 3) * (uintptr_t)0x9E3779B97F4A7C15u >> 24) % BUCKETS;
}

ag_workspace *ag_parameter_cache_workspace(ag_parameter_cache *cache) {
    while (cache->source != NULL)
        cache = cache->source;
    if (cache->workspace == NULL)
        cache->workspace = ag_workspace_new();
    return cache->workspace;
}

void *ag_parameter_cache_kept(const ag_parameter_cache *cache, const void *key, const void *also,
                              int draw_count) {
    for (int i = cache->buckets[bucket_of(key)] - 1; i >= 0; i = cache->kept[i].next) {
        const kept *k = &cache->kept[i];
        if (k->key == key && k->also == also && k->draw_count == draw_count)
            return k->thing;
    }
    return NULL;
}

bool ag_parameter_cache_keep(ag_parameter_cache *cache, const void *key, const void *also,
                             int draw_count, void *thing, void (*end)(void *thing)) {
    if (cache->kept_count == cache->kept_room) {
        int room = cache->kept_room > 0 ? 2 * cache->kept_room : 128;
        kept *more = realloc(cache->kept, (size_t)room * sizeof *more);
        if (more == NULL) {
            end(thing);
            return false;
        }
        cache->kept = more;
        cache->kept_room = room;
    }
    int *first = &cache->buckets[bucket_of(key)];
    cache->kept[cache->kept_count++] = (kept){key, also, draw_count, thing, end, *first - 1};
    *first = cache->kept_count;
    return true;
}

static void end_kept(ag_parameter_cache *cache) {
    for (int i = 0; i < cache->kept_count; i++)
        cache->kept[i].end(cache->kept[i].thing);
    cache->kept_count = 0;
    memset(cache->buckets, 0, sizeof cache->buckets);
}

void ag_parameter_cache_free(ag_parameter_cache *cache) {
    if (cache == NULL)
        return;
    end_kept(cache);
    free(cache->kept);
    ag_workspace_free(cache->workspace);
    for (size_t i = 0; i < cache->size; i++)
        free(cache->slots[i].draws);
    free(cache->slots);
    free(cache);
}

static slot *find(slot *slots, size_t size, const ag_parameter *parameter) {
    size_t i = ((uintptr_t)parameter >> 4) * (uintptr_t)0x9E3779B97F4A7C15u >> 20 & (size - 1);
    while (slots[i].parameter != NULL && slots[i].parameter != parameter)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static bool grow(ag_parameter_cache *cache) {
    size_t size = cache->size * 2;
    slot *slots = calloc(size, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < cache->size; i++)
        if (cache->slots[i].parameter != NULL)
            *find(slots, size, cache->slots[i].parameter) = cache->slots[i];
    free(cache->slots);
    cache->slots = slots;
    cache->size = size;
    return true;
}

/* The parameter's place, with room for its draws; `*known` where they are there already. */
static double *place_of(ag_parameter_cache *cache, const ag_parameter *parameter, bool *known) {
    if (cache->used * 2 >= cache->size && !grow(cache))
        return NULL;
    slot *entry = find(cache->slots, cache->size, parameter);
    *known = entry->parameter != NULL;
    if (!*known) {
        double *draws = malloc(AG_DRAWS * sizeof *draws);
        if (draws == NULL)
            return NULL;
        *entry = (slot){parameter, draws};
        cache->used++;
    }
    return entry->draws;
}

static void fill_draws(const ag_parameter_cache *cache, const ag_parameter *parameter,
                       const double *all, double *draws) {
    if (all != NULL)
        for (int d = 0; d < cache->count; d++)
            draws[d] = all[cache->order[d]];
    else if (!cache->held)
        ag_parameter_draws(parameter, draws);
    for (int d = 0; d < AG_DRAWS && cache->held; d++)
        draws[d] = ag_parameter_draw(parameter, -1);
}

const double *ag_parameter_cache_draws(ag_parameter_cache *cache, const ag_parameter *parameter,
                                       int draw_count) {
    bool known = false;
    const double *all = NULL;
    if (draw_count == 1)
        return &parameter->value;
    if (cache->source != NULL &&
        (all = ag_parameter_cache_draws(cache->source, parameter, AG_DRAWS)) == NULL)
        return NULL;
    double *draws = place_of(cache, parameter, &known);
    if (draws != NULL && !known)
        fill_draws(cache, parameter, all, draws);
    return draws;
}

void ag_parameter_cache_hold(ag_parameter_cache *cache) {
    end_kept(cache);
    cache->held = true;
}

bool ag_parameter_cache_has(const ag_parameter_cache *cache, const ag_parameter *parameter) {
    return find(cache->slots, cache->size, parameter)->parameter != NULL;
}

bool ag_parameter_cache_set(ag_parameter_cache *cache, const ag_parameter *parameter,
                            const double *values) {
    bool known;
    end_kept(cache);
    double *draws = place_of(cache, parameter, &known);
    if (draws != NULL)
        memcpy(draws, values, AG_DRAWS * sizeof *draws);
    return draws != NULL;
}

bool ag_parameter_cache_row(ag_parameter_cache *cache, const ag_parameter *states, int count,
                            int draw_count, double *out) {
    const double *draws[AG_MAX_STATES];
    int rest = -1;
    for (int s = 0; s < count; s++) {
        draws[s] = ag_parameter_cache_draws(cache, &states[s], draw_count);
        if (draws[s] == NULL)
            return false;
        if (states[s].kind == AG_PARAMETER_REST)
            rest = s;
    }
    for (int d = 0; d < draw_count; d++) {
        double sum = 0;
        for (int s = 0; s < count; s++)
            sum += s == rest ? 0 : draws[s][d];
        double scale = sum > 1 || rest < 0 ? 1 / sum : 1;
        for (int s = 0; s < count; s++)
            out[s * draw_count + d] = s == rest ? (sum < 1 ? 1 - sum : 0) : draws[s][d] * scale;
    }
    return true;
}
