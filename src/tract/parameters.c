/*
 * The table of parameters, the default man, virtual men, and the largest step that is safe for a
 * man.
 *
 * A draw's random numbers come from (seed, man, a hash of the parameter's name): nothing depends on
 * the parameter's place in the table.
 */
#include "antegrade/tract.h"

#include <math.h>
#include <string.h>

#include "fault.h"
#include "random.h"

static const ag_tract_parameter_info table[AG_TRACT_PARAMETERS] = {
#define ROW(id, name, unit, normal, low, high, spread, sd, source, reason)                         \
    {name, unit, normal, low, high, AG_TRACT_##spread, sd, source, reason},
    AG_TRACT_PARAMETER_LIST(ROW)
#undef ROW
};

const ag_tract_parameter_info *ag_tract_parameter_of(ag_tract_parameter parameter) {
    return (unsigned)parameter < AG_TRACT_PARAMETERS ? &table[parameter] : NULL;
}

ag_tract_parameter ag_tract_parameter_find(const char *name) {
    int i = 0;
    while (i < AG_TRACT_PARAMETERS && strcmp(table[i].name, name) != 0)
        i++;
    return (ag_tract_parameter)i;
}

void ag_tract_default(ag_tract_man *out) {
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++)
        out->value[i] = table[i].normal;
}

/* FNV-1a, 64 bits. */
static uint64_t hash_of(const char *name) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001B3u;
    return hash;
}

static double draw(const ag_tract_parameter_info *p, uint64_t seed, uint64_t man) {
    if (p->spread == AG_TRACT_FIXED)
        return p->normal;
    uint64_t index = hash_of(p->name);
    if (p->spread == AG_TRACT_UNIFORM)
        return p->low + (p->high - p->low) * ag_random_uniform(seed, man, index);
    double z = ag_random_normal(seed, man, index), value;
    if (p->spread == AG_TRACT_LOGNORMAL) {
        value = p->normal * exp(p->sd * z);
    } else if (p->spread == AG_TRACT_CUBE) {
        double root = 1 + p->sd * z;
        value = p->normal * root * root * root;
    } else {
        value = p->normal + p->sd * z;
    }
    return fmin(fmax(value, p->low), p->high);
}

void ag_tract_virtual_man(ag_tract_man *out, uint64_t seed, uint64_t man) {
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++)
        out->value[i] = draw(&table[i], seed, man);
}

ag_status ag_tract_check(const ag_tract_man *man, ag_error *error) {
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++) {
        const ag_tract_parameter_info *p = &table[i];
        double value = man->value[i];
        if (!(value >= p->low && value <= p->high))
            return ag_fail(error, AG_ERROR_VALUE, "%s is %g; allowed are %g to %g%s%s", p->name,
                           value, p->low, p->high, strcmp(p->unit, "1") == 0 ? "" : " ",
                           strcmp(p->unit, "1") == 0 ? "" : p->unit);
    }
    if (man->value[AG_TRACT_COWPER_ML] + man->value[AG_TRACT_AU_URINE_ML] <
        man->value[AG_TRACT_AU_MIN_ML])
        return ag_fail(error, AG_ERROR_VALUE,
                       "cowper_ml and au_urine_ml together are less than au_min_ml: the anterior "
                       "urethra cannot start emptier than a squeeze can make it");
    return AG_OK;
}

/* Steepest rise of the gate r / (r + half) of an emptying lumen, by looking along its ramp. */
static double steepest_gate(double half) {
    double steepest = 0, last = 0;
    for (int i = 0; i <= 200; i++) {
        double x = -0.05 + i * 0.001;
        double t = fmin((x + 0.05) / 0.1, 1);
        double r =
            0.1 * pow(t, 5) * (7 - 14 * t + 10 * t * t - 2.5 * t * t * t) + fmax(x - 0.05, 0);
        double gate = r / (r + half);
        steepest = fmax(steepest, (gate - last) / 0.001);
        last = gate;
    }
    return 1.01 * steepest;
}

/* Largest value of exp(-x / decay) sin(pi x)^4: where 4 pi cot(pi x) = 1 / decay. */
static double strongest_pulse(double decay) {
    double cotangent = 1 / (4 * acos(-1.0) * decay);
    double x = 0.5 - atan(cotangent) / acos(-1.0);
    return exp(-x / decay) / pow(1 + cotangent * cotangent, 2);
}

/* How fast a urethral pool's pressure can rise with its volume: the squeeze on a nearly empty
 * lumen, or the wall stretched by 1.2 mL, more than any of 100 000 virtual men ever held. */
static double stiffest(double compliance, double stiffness, double squeeze, double half) {
    return 1 / compliance + fmax(2 * stiffness * 1.2, squeeze * steepest_gate(half));
}

/*
 * The fast part is two pools and three valves: d(volumes)/dt = -G S (volumes), G their
 * conductances, S their stiffnesses, both at most as below (a valve conducts at most 1 / r1). The
 * rates are real, and the larger is the greater eigenvalue of a matrix of two rows.
 */
double ag_tract_largest_step(const ag_tract_man *man) {
    const double *p = man->value;
    double push =
        p[AG_TRACT_SQUEEZE] * p[AG_TRACT_EXPULSION] * strongest_pulse(p[AG_TRACT_BURST_DECAY]);
    double posterior = stiffest(p[AG_TRACT_PU_COMPLIANCE], p[AG_TRACT_PU_STIFFNESS],
                                push * p[AG_TRACT_PU_SQUEEZE_CMH2O], p[AG_TRACT_PU_HALF_ML]);
    double anterior = stiffest(p[AG_TRACT_AU_COMPLIANCE], p[AG_TRACT_AU_STIFFNESS],
                               push * p[AG_TRACT_AU_SQUEEZE_CMH2O], p[AG_TRACT_AU_HALF_ML]);
    double middle = 1 / p[AG_TRACT_SPHINCTER_R1];
    double a = (1 / p[AG_TRACT_NECK_R1] + middle) * posterior;
    double d = (middle + 1 / (p[AG_TRACT_MEATUS_R1] * p[AG_TRACT_STRICTURE])) * anterior;
    double across = middle * middle * posterior * anterior;
    return 2.78 / (0.5 * (a + d + sqrt((a - d) * (a - d) + 4 * across)));
}
