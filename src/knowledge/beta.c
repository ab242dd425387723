/*
 * In z = log(x / (1 - x)) the density of Beta(a, b) is proportional to exp(a z - (a + b) log(1 +
 * exp z)): one smooth hump with its mode at log(a / b) and exponential tails. It is integrated once
 * by Simpson's rule over z = mode + sd sinh(t), equal steps of t, which spends most steps on the
 * hump and few on the tails. A quantile is then the root of the cubic through the integral and its
 * derivative at both ends of a step.
 */
#include "beta.h"

#include <math.h>

enum { STEPS = 96 };

typedef struct cumulative {
    double mode, sd;
    double log_peak;           /* of the unnormalised density in z */
    double start, step;        /* of t */
    double density[STEPS + 1]; /* with respect to t, total mass 1 */
    double mass[STEPS + 1];
} cumulative;

static double z_of(const cumulative *c, double t) {
    return c->mode + c->sd * sinh(t);
}

static double log_density(double a, double b, double z) {
    double softplus = z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
    return a * z - (a + b) * softplus;
}

static double density_of(const cumulative *c, double a, double b, double t) {
    return exp(log_density(a, b, z_of(c, t)) - c->log_peak) * cosh(t);
}

static void integrate(cumulative *c, double a, double b) {
    c->mode = log(a / b);
    c->sd = sqrt(1 / a + 1 / b);
    c->log_peak = log_density(a, b, c->mode);
    c->start = -asinh(7 + 18 / (a * c->sd));
    c->step = (asinh(7 + 18 / (b * c->sd)) - c->start) / STEPS;
    c->density[0] = density_of(c, a, b, c->start);
    c->mass[0] = 0;
    for (int i = 1; i <= STEPS; i++) {
        double t = c->start + i * c->step;
        double middle = density_of(c, a, b, t - c->step / 2);
        c->density[i] = density_of(c, a, b, t);
        c->mass[i] = c->mass[i - 1] + (c->density[i - 1] + 4 * middle + c->density[i]) / 6;
    }
    for (int i = 0; i <= STEPS; i++) {
        c->density[i] /= c->mass[STEPS];
        c->mass[i] /= i < STEPS ? c->mass[STEPS] : 1;
    }
    c->mass[STEPS] = 1;
}

/* Where in step `i`, from 0 to 1, the mass reaches p: Newton on the Hermite cubic. */
static double solve(const cumulative *c, int i, double p) {
    double rise = c->mass[i + 1] - c->mass[i];
    double d0 = c->density[i], d1 = c->density[i + 1], aim = p - c->mass[i];
    double s = rise > 0 ? aim / rise : 0;
    for (int iteration = 0; iteration < 4; iteration++) {
        double cubic = d0 + d1 - 2 * rise, square = 3 * rise - 2 * d0 - d1;
        double value = s * (d0 + s * (square + s * cubic)) - aim;
        double slope = d0 + s * (2 * square + 3 * s * cubic);
        if (slope > 0)
            s -= value / slope;
        s = s < 0 ? 0 : s > 1 ? 1 : s;
    }
    return s;
}

void ag_beta_quantiles(double a, double b, const double *probabilities, int count, double *out) {
    cumulative c;
    integrate(&c, a, b);
    int i = 0;
    for (int q = 0; q < count; q++) {
        while (i < STEPS - 1 && c.mass[i + 1] < probabilities[q])
            i++;
        double z = z_of(&c, c.start + (i + solve(&c, i, probabilities[q])) * c.step);
        out[q] = 1 / (1 + exp(-z));
    }
}

double ag_beta_quantile(double a, double b, double probability) {
    double out;
    ag_beta_quantiles(a, b, &probability, 1, &out);
    return out;
}
