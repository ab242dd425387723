/*
 * A man's own count. The cards say that sperm forward in a state number, in the logarithm,
 * N(mu, s^2) over men. What his samples of today's state of things hold is, in the logarithm,
 * x_i = N(his own, w_i^2), w being the variation between samples of one man; so his own is
 *
 *     N((mu / s^2 + sum x_i / w_i^2) / q, 1 / q),  q = 1 / s^2 + sum 1 / w_i^2
 *
 * A sample's count is the product of the first findings of the card that are recorded of it. A
 * product with nothing in it is a count of none, which stands for the least that is seen.
 */
#include "counted.h"

#include <math.h>

/* A range that is wider than this is a word, not a count. */
static const double WIDEST_RANGE = 2;

static const ag_finding_fact *fact_of(const ag_planning *p, int finding, int sample) {
    const ag_situation *situation = &p->man->situation;
    bool today = sample < 0;
    for (int o = 0; o < situation->observation_count; o++) {
        const ag_finding_fact *fact = &p->patient->findings[p->man->fact_of[o]];
        if (fact->sample != sample || situation->observations[o].epoch != AG_EPOCH_TODAY)
            continue;
        today = true;
        if (fact->finding == finding)
            return fact;
    }
    for (int i = 0; today && i < p->patient->coarser_count; i++) {
        const ag_finding_fact *fact = &p->patient->coarser[i];
        if (fact->sample == sample && fact->finding == finding)
            return fact;
    }
    return NULL;
}

/* Whether the product is known of the sample; nothing times what is not known is nothing. */
static bool product_of(const ag_planning *p, ag_indices findings, int sample, double *out) {
    bool known = true, none = false;
    *out = 1;
    for (int i = 0; i < findings.count; i++) {
        const ag_finding_fact *fact = fact_of(p, findings.items[i], sample);
        bool exact = fact != NULL && fact->high <= WIDEST_RANGE * fact->low;
        none = none || (exact && fact->high <= 0);
        known = known && exact;
        *out *= exact ? sqrt(fact->low * fact->high) : 1;
    }
    *out = none ? 0 : *out;
    return known || none;
}

static bool whole(const ag_planning *p, int sample) {
    ag_collection collection =
        sample < 0 ? AG_COLLECTION_UNKNOWN : p->patient->samples[sample].collection;
    return collection == AG_COLLECTION_UNKNOWN || collection == AG_COLLECTION_WHOLE;
}

void ag_plan_count(const ag_planning *p, const ag_sperm_source *card, ag_counted *out) {
    *out = (ag_counted){.card = card};
    for (int s = -1; s < p->patient->sample_count && out->count < AG_MOST_COUNTED; s++)
        for (int m = 0; whole(p, s) && m < card->measured_count; m++) {
            double product;
            if (!product_of(p, card->measured[m].product, s, &product) ||
                (product <= 0 && card->none_found.value <= 0))
                continue;
            out->samples[out->count++] = (ag_counted_sample){&card->measured[m], product};
            break;
        }
}

static double value_of(const ag_planning *p, const ag_parameter *parameter, int draw) {
    return draw < 0 ? parameter->value
                    : ag_parameter_cache_draws(p->session->cache, parameter, AG_DRAWS)[draw];
}

bool ag_counted_draws_made(const ag_planning *p, const ag_counted *counted) {
    ag_parameter_cache *cache = p->session->cache;
    bool made = counted->count == 0 ||
                ag_parameter_cache_draws(cache, &counted->card->none_found, AG_DRAWS) != NULL;
    for (int i = 0; i < counted->count; i++)
        made = made &&
               ag_parameter_cache_draws(cache, &counted->samples[i].way->share, AG_DRAWS) != NULL &&
               ag_parameter_cache_draws(cache, &counted->samples[i].way->spread, AG_DRAWS) != NULL;
    return made;
}

ag_log_normal ag_plan_yield(const ag_planning *p, const ag_yield *yield, int draw) {
    return (ag_log_normal){log(value_of(p, &yield->motile, draw)),
                           value_of(p, &yield->spread, draw)};
}

ag_log_normal ag_plan_counted(const ag_planning *p, const ag_counted *counted, ag_log_normal men,
                              int draw) {
    double precision = 1 / (men.spread * men.spread), sum = men.mean * precision;
    for (int i = 0; i < counted->count; i++) {
        const ag_counted_sample *sample = &counted->samples[i];
        double spread = value_of(p, &sample->way->spread, draw), w = 1 / (spread * spread);
        double million = sample->product > 0
                             ? sample->product * value_of(p, &sample->way->share, draw)
                             : value_of(p, &counted->card->none_found, draw);
        precision += w;
        sum += w * log(million);
    }
    return (ag_log_normal){sum / precision, 1 / sqrt(precision)};
}
