#include "man_situation.h"

#include <math.h>
#include <string.h>

#include "exposure.h"

static const double DAYS_A_YEAR = 365.25;
static const double SHORT_ABSTINENCE_DAYS = 2;
/* Epochs in which no cause's activity differs by more than this are one. */
static const double SAME_ACTIVITY = 0.1;

typedef struct maker {
    const ag_patient *patient;
    const ag_knowledge *knowledge;
    ag_arena *arena;
    ag_man_situation *result;
    double *activity[1 + AG_PAST_EPOCHS];
    int epoch_count;
    int *sample_position; /* patient's sample -> situation's sample, or -1 */
} maker;

/* ---- causes ---- */

static const ag_cause_fact *fact_of_cause(const ag_patient *patient, int cause) {
    const ag_cause_fact *found = NULL;
    for (int i = 0; i < patient->cause_count; i++) {
        const ag_cause_fact *fact = &patient->causes[i];
        bool better = found == NULL || (fact->present && !found->present) ||
                      (fact->present && found->ended && !fact->ended);
        if (fact->cause == cause && better)
            found = fact;
    }
    return found;
}

static bool excluded_by_list(const ag_patient *patient, ag_cause_kind kind) {
    switch (kind) {
    case AG_CAUSE_MEDICINE:
        return patient->medicines_complete;
    case AG_CAUSE_OPERATION:
        return patient->operations_complete;
    case AG_CAUSE_DISEASE:
    case AG_CAUSE_INJURY:
        return patient->conditions_complete;
    default:
        return false;
    }
}

static bool has_word(ag_texts words, const char *word) {
    for (int i = 0; i < words.count; i++)
        if (word != NULL && strcmp(words.items[i], word) == 0)
            return true;
    return false;
}

/* Years since the exposure began; NaN when its start is unknown. */
static double years_exposed(const ag_patient *patient, const ag_cause_fact *fact) {
    if (fact->start.first == INT_MIN || fact->start.last == INT_MAX)
        return NAN;
    return (patient->as_of - 0.5 * ((double)fact->start.first + fact->start.last)) / DAYS_A_YEAR;
}

static bool contradicts(const ag_patient *patient, const ag_cause_fact *fact,
                        const ag_requirement *need) {
    if (strcmp(need->attribute, "years") == 0) {
        double years = years_exposed(patient, fact);
        return !isnan(years) && (years < need->low || years >= need->high);
    }
    for (int i = 0; i < fact->attribute_count; i++) {
        const ag_recorded_attribute *recorded = &fact->attributes[i];
        if (strcmp(recorded->name, need->attribute) != 0)
            continue;
        if (need->numeric)
            return recorded->word == NULL &&
                   (recorded->number < need->low || recorded->number >= need->high);
        return recorded->word != NULL && !has_word(need->words, recorded->word);
    }
    return false;
}

static const double *variant_weights(maker *m, const ag_cause *cause, const ag_cause_fact *fact) {
    double *weights = ag_arena_array(m->arena, (size_t)cause->variant_count, sizeof *weights);
    if (weights == NULL)
        return NULL;
    double sum = 0;
    for (int v = 0; v < cause->variant_count; v++) {
        const ag_variant *variant = &cause->variants[v];
        bool possible = true;
        for (int w = 0; w < variant->when_count; w++)
            possible = possible && !contradicts(m->patient, fact, &variant->when[w]);
        weights[v] = possible ? variant->share : 0;
        sum += weights[v];
    }
    if (sum <= 0) /* no variant fits what is recorded: the card's shares stand */
        return NULL;
    for (int v = 0; v < cause->variant_count; v++)
        weights[v] /= sum;
    return weights;
}

bool ag_cause_takes_part(const ag_knowledge *knowledge, int cause) {
    const ag_cause *card = &knowledge->causes[cause];
    for (int v = 0; v < card->variant_count; v++)
        if (card->variants[v].action_count > 0)
            return true;
    for (int v = 0; v < knowledge->variable_count; v++)
        for (int p = 0; p < knowledge->variables[v].parent_count; p++)
            if (knowledge->variables[v].parents[p].is_cause &&
                knowledge->variables[v].parents[p].index == cause)
                return true;
    return false;
}

static bool set_causes(maker *m) {
    const ag_knowledge *knowledge = m->knowledge;
    ag_situation_cause *causes =
        ag_arena_array(m->arena, (size_t)knowledge->cause_count, sizeof *causes);
    if (causes == NULL)
        return false;
    for (int c = 0; c < knowledge->cause_count; c++) {
        const ag_cause *cause = &knowledge->causes[c];
        const ag_cause_fact *fact = fact_of_cause(m->patient, c);
        if (fact != NULL && fact->present) {
            causes[c].exposure = AG_EXPOSURE_PRESENT;
            causes[c].variant_weights = variant_weights(m, cause, fact);
        } else if (fact != NULL || excluded_by_list(m->patient, cause->kind)) {
            causes[c].exposure = AG_EXPOSURE_ABSENT;
        }
    }
    for (int c = 0; c < knowledge->cause_count; c++)
        for (int e = 0; e < knowledge->causes[c].excludes.count; e++) {
            ag_situation_cause *other = &causes[knowledge->causes[c].excludes.items[e]];
            if (causes[c].exposure == AG_EXPOSURE_PRESENT && other->exposure == AG_EXPOSURE_UNKNOWN)
                other->exposure = AG_EXPOSURE_ABSENT;
        }
    for (int c = 0; c < knowledge->cause_count; c++)
        if (causes[c].exposure == AG_EXPOSURE_PRESENT && !ag_cause_takes_part(knowledge, c))
            causes[c].exposure = AG_EXPOSURE_ABSENT;
    m->result->situation.causes = causes;
    return true;
}

/* ---- epochs ---- */

static void fill_activity(const maker *m, int day, double *activity) {
    for (int c = 0; c < m->knowledge->cause_count; c++)
        activity[c] = 1;
    for (int i = 0; i < m->patient->cause_count; i++)
        if (m->patient->causes[i].present)
            activity[m->patient->causes[i].cause] = 0;
    for (int i = 0; i < m->patient->cause_count; i++) {
        const ag_cause_fact *fact = &m->patient->causes[i];
        if (!fact->present)
            continue;
        double acts = ag_exposure_activity(&m->knowledge->causes[fact->cause], fact, day);
        activity[fact->cause] = fmax(activity[fact->cause], acts);
    }
}

static bool same_activity(const maker *m, const double *a, const double *b) {
    for (int c = 0; c < m->knowledge->cause_count; c++)
        if (fabs(a[c] - b[c]) > SAME_ACTIVITY)
            return false;
    return true;
}

static int middle_day(const ag_patient *patient, ag_days days) {
    if (days.first == INT_MIN || days.last == INT_MAX)
        return patient->as_of;
    return days.first + (days.last - days.first) / 2;
}

/* The epoch of a date: -1 when there are too many, -2 when out of memory. */
static int epoch_of(maker *m, ag_days date) {
    int day = middle_day(m->patient, date);
    double *activity =
        ag_arena_array(m->arena, (size_t)m->knowledge->cause_count, sizeof *activity);
    if (activity == NULL)
        return -2;
    fill_activity(m, day, activity);
    for (int e = 0; e < m->epoch_count; e++)
        if (same_activity(m, m->activity[e], activity))
            return e;
    if (m->epoch_count > m->result->past_epochs)
        return -1;
    m->activity[m->epoch_count] = activity;
    return m->epoch_count++;
}

/* ---- samples ---- */

static const double *collection_likelihood(ag_collection collection) {
    /* states: whole, first-lost, later-lost */
    static const double whole[] = {1, 0, 0}, first[] = {0, 1, 0}, later[] = {0, 0, 1},
                        part[] = {0, 1, 1};
    switch (collection) {
    case AG_COLLECTION_WHOLE:
        return whole;
    case AG_COLLECTION_FIRST_LOST:
        return first;
    case AG_COLLECTION_LATER_LOST:
        return later;
    case AG_COLLECTION_PART_LOST:
        return part;
    default:
        return NULL;
    }
}

static const double *abstinence_likelihood(double days) {
    static const double usual[] = {1, 0}, brief[] = {0, 1};
    if (isnan(days))
        return NULL;
    return days < SHORT_ABSTINENCE_DAYS ? brief : usual;
}

static bool later_sample(const ag_patient *patient, int a, int b) {
    const ag_sample *x = &patient->samples[a], *y = &patient->samples[b];
    if ((x->kind == AG_SAMPLE_SEMEN) != (y->kind == AG_SAMPLE_SEMEN))
        return x->kind == AG_SAMPLE_SEMEN;
    return middle_day(patient, x->date) > middle_day(patient, y->date);
}

/* Semen samples first, each kind with the latest first. */
static bool set_samples(maker *m) {
    int count = m->patient->sample_count;
    int *order = ag_arena_array(m->arena, (size_t)count + 1, sizeof *order);
    ag_situation_sample *samples = ag_arena_array(m->arena, (size_t)count + 1, sizeof *samples);
    m->sample_position = ag_arena_array(m->arena, (size_t)count + 1, sizeof(int));
    if (order == NULL || samples == NULL || m->sample_position == NULL)
        return false;
    for (int i = 0; i < count; i++) {
        int at = i;
        for (; at > 0 && later_sample(m->patient, i, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    int used = 0, semen = 0;
    for (int i = 0; i < count; i++) {
        const ag_sample *sample = &m->patient->samples[order[i]];
        int epoch = epoch_of(m, sample->date);
        if (epoch == -2)
            return false;
        m->sample_position[order[i]] = epoch < 0 ? -1 : used;
        if (epoch < 0)
            continue;
        semen += sample->kind == AG_SAMPLE_SEMEN;
        samples[used++] = (ag_situation_sample){epoch, collection_likelihood(sample->collection),
                                                abstinence_likelihood(sample->abstinence_days)};
    }
    m->result->situation.samples = samples;
    m->result->situation.sample_count = used;
    m->result->situation.semen_count = semen;
    return true;
}

/* ---- findings ---- */

static bool set_observations(maker *m) {
    size_t room = (size_t)m->patient->finding_count + 1;
    ag_observation *observations = ag_arena_array(m->arena, room, sizeof *observations);
    int *fact_of = ag_arena_array(m->arena, room, sizeof *fact_of);
    int *left_out = ag_arena_array(m->arena, room, sizeof *left_out);
    if (observations == NULL || fact_of == NULL || left_out == NULL)
        return false;
    int used = 0;
    for (int i = 0; i < m->patient->finding_count; i++) {
        const ag_finding_fact *fact = &m->patient->findings[i];
        int sample = fact->sample < 0 ? -1 : m->sample_position[fact->sample];
        int epoch = sample >= 0         ? m->result->situation.samples[sample].epoch
                    : fact->sample >= 0 ? -1
                                        : epoch_of(m, fact->date);
        if (epoch == -2)
            return false;
        if (epoch < 0) {
            left_out[m->result->left_out_count++] = i;
            continue;
        }
        fact_of[used] = i;
        observations[used++] = (ag_observation){.finding = fact->finding,
                                                .epoch = epoch,
                                                .sample = sample,
                                                .state = fact->state,
                                                .observed = true,
                                                .low = fact->low,
                                                .high = fact->high};
    }
    m->result->situation.observations = observations;
    m->result->situation.observation_count = used;
    m->result->fact_of = fact_of;
    m->result->left_out = left_out;
    return true;
}

static bool set_onset(maker *m) {
    if (!ag_exposure_onset_known(m->patient))
        return true;
    ag_onset_odds *odds = ag_arena_array(m->arena, (size_t)m->knowledge->cause_count, sizeof *odds);
    if (odds == NULL)
        return false;
    for (int c = 0; c < m->knowledge->cause_count; c++) {
        const ag_cause_fact *fact = fact_of_cause(m->patient, c);
        odds[c] = ag_exposure_onset(&m->knowledge->causes[c],
                                    fact != NULL && fact->present ? fact : NULL, m->patient);
    }
    m->result->situation.onset = odds;
    return true;
}

/* A last epoch like today's, but that one cause does not act. */
static bool set_epochs(maker *m, const ag_imagined *imagined) {
    size_t causes = (size_t)m->knowledge->cause_count;
    const double **activity =
        ag_arena_array(m->arena, (size_t)m->epoch_count + 1, sizeof *activity);
    if (activity == NULL)
        return false;
    for (int e = 0; e < m->epoch_count; e++)
        activity[e] = m->activity[e];
    m->result->situation.epoch_count = m->epoch_count;
    m->result->situation.activity = activity;
    m->result->situation.imagined_epoch = -1;
    if (imagined == NULL)
        return true;
    double *without = ag_arena_array(m->arena, causes, sizeof *without);
    if (without == NULL)
        return false;
    memcpy(without, m->activity[AG_EPOCH_TODAY], causes * sizeof *without);
    without[imagined->without] = 0;
    activity[m->epoch_count] = without;
    m->result->situation.imagined_variable = imagined->variable;
    m->result->situation.imagined_epoch = m->epoch_count;
    m->result->situation.epoch_count = m->epoch_count + 1;
    return true;
}

ag_man_situation *ag_man_situation_of(const ag_patient *patient, const ag_imagined *imagined,
                                      int past_epochs, ag_arena *arena) {
    maker m = {.patient = patient, .knowledge = patient->knowledge, .arena = arena};
    m.result = ag_arena_array(arena, 1, sizeof *m.result);
    if (m.result == NULL)
        return NULL;
    m.result->situation.age_years = patient->age_years;
    m.result->past_epochs = past_epochs;
    if (epoch_of(&m, AG_DAYS_UNKNOWN) != AG_EPOCH_TODAY)
        return NULL;
    bool done = set_causes(&m) && set_samples(&m) && set_observations(&m) && set_onset(&m) &&
                set_epochs(&m, imagined);
    return done ? m.result : NULL;
}
