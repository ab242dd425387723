#include "parameter_cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Open addressing on the parameter's address: parameters live in read-only tables and do not move.
 */
typedef struct slot {
    const ag_parameter *parameter;
    double *draws; /* NULL where they were asked for in rows only, which do not keep them */
} slot;

/* Many parameters have the same distribution. */
typedef struct distribution {
    ag_parameter_kind kind;
    double shape[2];
    double quantiles[AG_DRAWS];
    struct distribution *next; /* in its bucket */
} distribution;

typedef struct kept {
    const void *key, *also;
    int draw_count;
    void *thing;
    void (*end)(void *thing);
    int next; /* in its bucket, or -1 */
} kept;

enum { BUCKETS = 256 };

struct ag_parameter_cache {
    ag_arena *arena;         /* draws and distributions */
    ag_workspace *workspace; /* once asked for */
    kept *kept;
    int kept_count, kept_room;
    int buckets[BUCKETS]; /* first of each: index + 1 */
    slot *slots;
    size_t size; /* a power of two */
    size_t used;
    bool held;                     /* at the central values */
    const ag_quantiles *quantiles; /* made beforehand; NULL: none */
    distribution *distributions[BUCKETS];
    ag_parameter_cache *source; /* the draws are those of this one in `order`; NULL: made here */
    int order[AG_DRAWS];
    int count; /* of all draws */
};

enum { FIRST_SIZE = 1024 };

ag_parameter_cache *ag_parameter_cache_new(void) {
    ag_parameter_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    cache->size = FIRST_SIZE;
    cache->count = AG_DRAWS;
    cache->slots = calloc(cache->size, sizeof *cache->slots);
    cache->arena = ag_arena_new();
    if (cache->slots == NULL || cache->arena == NULL) {
        ag_parameter_cache_free(cache);
        return NULL;
    }
    return cache;
}

ag_parameter_cache *ag_parameter_cache_new_chosen(ag_parameter_cache *source, const int *order,
                                                  int count) {
    assert(source->source == NULL);
    ag_parameter_cache *cache = ag_parameter_cache_new();
    if (cache == NULL)
        return NULL;
    cache->source = source;
    cache->count = count;
    memcpy(cache->order, order, (size_t)count * sizeof *order);
    return cache;
}

/* Where the draws are made. */
static ag_parameter_cache *base_of(ag_parameter_cache *cache) {
    return cache->source != NULL ? cache->source : cache;
}

static size_t bucket_of(const void *key) {
    return (((uintptr_t)key >> 3) * (uintptr_t)0x9E3779B97F4A7C15u >> 24) % BUCKETS;
}

ag_workspace *ag_parameter_cache_workspace(ag_parameter_cache *cache) {
    ag_parameter_cache *base = base_of(cache);
    if (base->workspace == NULL)
        base->workspace = ag_workspace_new();
    return base->workspace;
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
    ag_arena_free(cache->arena);
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

/* The parameter's place, which is from now on one that was asked for. NULL when out of memory. */
static slot *place_of(ag_parameter_cache *cache, const ag_parameter *parameter) {
    slot *place = find(cache->slots, cache->size, parameter);
    if (place->parameter != NULL)
        return place;
    if (cache->used * 2 >= cache->size) {
        if (!grow(cache))
            return NULL;
        place = find(cache->slots, cache->size, parameter);
    }
    cache->used++;
    place->parameter = parameter;
    return place;
}

void ag_parameter_cache_read(ag_parameter_cache *cache, const ag_quantiles *quantiles) {
    cache->quantiles = quantiles;
}

static const double *quantiles_of(ag_parameter_cache *cache, const ag_parameter *parameter) {
    const double *known = ag_quantiles_find(cache->quantiles, parameter);
    if (known != NULL)
        return known;
    const double shape[] = {parameter->a, parameter->b};
    uint64_t hash = ag_text_hash(AG_HASH_START, (const char *)shape, sizeof shape);
    distribution **at = &cache->distributions[hash % BUCKETS];
    for (; *at != NULL; at = &(*at)->next)
        if ((*at)->kind == parameter->kind && memcmp((*at)->shape, shape, sizeof shape) == 0)
            return (*at)->quantiles;
    distribution *made = ag_arena_alloc(cache->arena, sizeof *made);
    if (made == NULL)
        return NULL;
    made->kind = parameter->kind;
    memcpy(made->shape, shape, sizeof shape);
    ag_parameter_quantiles(parameter, made->quantiles);
    *at = made;
    return made->quantiles;
}

/* The first draws of a parameter of which the base holds none. */
static bool make_draws(ag_parameter_cache *cache, const ag_parameter *parameter, int count,
                       double *out) {
    ag_parameter_cache *base = base_of(cache);
    if (base->held || ag_parameter_is_certain(parameter)) {
        double value = ag_parameter_draw(parameter, -1);
        for (int d = 0; d < count; d++)
            out[d] = value;
        return true;
    }
    const double *quantiles = quantiles_of(base, parameter);
    if (quantiles != NULL)
        ag_parameter_choose(parameter, quantiles, base != cache ? cache->order : NULL, count, out);
    return quantiles != NULL;
}

/* The first draws of a parameter, without keeping them. False when out of memory. */
static bool read_draws(ag_parameter_cache *cache, const ag_parameter *parameter, int count,
                       double *out) {
    const slot *own = place_of(cache, parameter);
    const slot *base = cache->source != NULL ? place_of(cache->source, parameter) : own;
    if (own == NULL || base == NULL)
        return false;
    if (own->draws == NULL && base->draws == NULL)
        return make_draws(cache, parameter, count, out);
    for (int d = 0; d < count; d++)
        out[d] = own->draws != NULL ? own->draws[d] : base->draws[cache->order[d]];
    return true;
}

static double *new_draws(ag_parameter_cache *cache) {
    return ag_arena_array(cache->arena, AG_DRAWS, sizeof(double));
}

const double *ag_parameter_cache_draws(ag_parameter_cache *cache, const ag_parameter *parameter,
                                       int draw_count) {
    if (draw_count == 1)
        return &parameter->value;
    slot *place = place_of(cache, parameter);
    if (place == NULL || place->draws != NULL)
        return place != NULL ? place->draws : NULL;
    double *draws = new_draws(cache);
    if (draws == NULL || !read_draws(cache, parameter, cache->count, draws))
        return NULL;
    return place->draws = draws;
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
    end_kept(cache);
    slot *place = place_of(cache, parameter);
    if (place != NULL && place->draws == NULL)
        place->draws = new_draws(cache);
    if (place == NULL || place->draws == NULL)
        return false;
    memcpy(place->draws, values, AG_DRAWS * sizeof *values);
    return true;
}

/* Scale the draws of a row down where they sum to more than 1; `rest` takes what they leave. */
static void fill_up(double *row, int count, int rest, int draw_count) {
    double sum[AG_DRAWS] = {0};
    for (int s = 0; s < count; s++)
        for (int d = 0; d < draw_count && s != rest; d++)
            sum[d] += row[s * draw_count + d];
    for (int s = 0; s < count; s++)
        for (int d = 0; d < draw_count && s != rest; d++)
            row[s * draw_count + d] *= sum[d] > 1 || rest < 0 ? 1 / sum[d] : 1;
    for (int d = 0; d < draw_count && rest >= 0; d++)
        row[rest * draw_count + d] = sum[d] < 1 ? 1 - sum[d] : 0;
}

bool ag_parameter_cache_row(ag_parameter_cache *cache, const ag_parameter *states, int count,
                            int draw_count, double *out) {
    int rest = -1;
    for (int s = 0; s < count; s++) {
        if (draw_count == 1)
            out[s] = states[s].value;
        else if (!read_draws(cache, &states[s], draw_count, out + s * draw_count))
            return false;
        if (states[s].kind == AG_PARAMETER_REST)
            rest = s;
    }
    fill_up(out, count, rest, draw_count);
    return true;
}
