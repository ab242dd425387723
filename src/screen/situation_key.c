#include "situation_key.h"

#include <math.h>
#include <string.h>

#include "man_situation.h"

static void add_number(ag_buffer *out, double number) {
    ag_buffer_add_bytes(out, (const char *)&number, sizeof number);
}

static void add_integer(ag_buffer *out, int number) {
    ag_buffer_add_bytes(out, (const char *)&number, sizeof number);
}

/* Age chooses among priors: only the step that he has reached matters. */
static double age_step(const ag_knowledge *knowledge, double age) {
    double step = 0;
    if (isnan(age))
        return -1;
    for (int c = 0; c < knowledge->cause_count; c++)
        for (int p = 0; p < knowledge->causes[c].prior_count; p++) {
            double from = knowledge->causes[c].priors[p].from_age;
            if (from <= age)
                step = fmax(step, from);
        }
    return step;
}

static void add_cause(const ag_situation *s, const ag_knowledge *knowledge, int c, ag_buffer *out) {
    const ag_situation_cause *cause = &s->causes[c];
    if (cause->exposure == AG_EXPOSURE_UNKNOWN ||
        (cause->exposure == AG_EXPOSURE_ABSENT && !ag_cause_takes_part(knowledge, c)))
        return;
    add_integer(out, c);
    add_integer(out, (int)cause->exposure);
    if (cause->exposure == AG_EXPOSURE_ABSENT)
        return;
    add_integer(out, cause->variant_weights != NULL);
    for (int v = 0; cause->variant_weights != NULL && v < knowledge->causes[c].variant_count; v++)
        add_number(out, cause->variant_weights[v]);
    for (int e = 0; e < s->epoch_count; e++)
        add_number(out, s->activity[e][c]);
}

static void add_likelihood(ag_buffer *out, const double *likelihood, int states) {
    add_integer(out, likelihood != NULL);
    for (int i = 0; likelihood != NULL && i < states; i++)
        add_number(out, likelihood[i]);
}

void ag_situation_key(const ag_situation *s, const ag_knowledge *knowledge, ag_buffer *out) {
    enum { COLLECTION_STATES = 3, ABSTINENCE_STATES = 2 };
    add_number(out, age_step(knowledge, s->age_years));
    add_integer(out, s->epoch_count);
    for (int c = 0; c < knowledge->cause_count; c++)
        add_cause(s, knowledge, c, out);
    add_integer(out, -1);
    add_integer(out, s->sample_count);
    add_integer(out, s->semen_count);
    for (int i = 0; i < s->sample_count; i++) {
        add_integer(out, s->samples[i].epoch);
        add_likelihood(out, s->samples[i].collection, COLLECTION_STATES);
        add_likelihood(out, s->samples[i].abstinence, ABSTINENCE_STATES);
    }
    for (int i = 0; i < s->observation_count; i++) {
        const ag_observation *o = &s->observations[i];
        const int integers[] = {o->finding, o->epoch, o->sample, o->state, o->observed};
        ag_buffer_add_bytes(out, (const char *)integers, sizeof integers);
        add_number(out, o->low);
        add_number(out, o->high);
    }
    for (int c = 0; s->onset != NULL && c < knowledge->cause_count; c++) {
        add_number(out, s->onset[c].later);
        add_number(out, s->onset[c].within);
        add_number(out, s->onset[c].earlier);
    }
}
