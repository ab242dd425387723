/*
 * In z = log(x / (1 - x)) the density of Beta(a, b) is proportional to
 * exp(a z - (a + b) log(1 + exp z)): one smooth hump with its mode at log(a / b) and exponential
 * tails. It is integrated once by Simpson's rule over z = mode + sd sinh(t), equal steps of t,
 * which spends most steps on the hump and few on the tails. A quantile is then the root of the
 * cubic through the integral and its derivative at both ends of a step.
 */
#include "beta.h"

#include <math.h>

enum { STEPS = 96 };

typedef struct cumulative {
    double mode, sd;
    double step;               /* of t */
    double exp_t[STEPS + 1];   /* exp(t), as sinh(t) and cosh(t) follow from it */
    double density[STEPS + 1]; /* with respect to t / step, total mass 1 */
    double mass[STEPS + 1];
} cumulative;

static double log_density(double a, double b, double z) {
    double softplus = z > 0 ? z + log1p(exp(-z)) : log1p(exp(z));
    return a * z - (a + b) * softplus;
}

static double density_at(const cumulative *c, double a, double b, double log_peak, double exp_t) {
    double inverse = 1 / exp_t;
    double z = c->mode + c->sd * 0.5 * (exp_t - inverse);
    return exp(log_density(a, b, z) - log_peak) * (exp_t + inverse);
}

static void integrate(cumulative *c, double a, double b) {
    c->mode = log(a / b);
    c->sd = sqrt(1 / a + 1 / b);
    double log_peak = log_density(a, b, c->mode);
    double start = -asinh(7 + 18 / (a * c->sd)), end = asinh(7 + 18 / (b * c->sd));
    c->step = (end - start) / STEPS;
    double half_step = exp(c->step / 2);
    c->exp_t[0] = exp(start);
    c->density[0] = density_at(c, a, b, log_peak, c->exp_t[0]);
    c->mass[0] = 0;
    for (int i = 1; i <= STEPS; i++) {
        double middle_t = c->exp_t[i - 1] * half_step;
        c->exp_t[i] = middle_t * half_step;
        double middle = density_at(c, a, b, log_peak, middle_t);
        c->density[i] = density_at(c, a, b, log_peak, c->exp_t[i]);
        c->mass[i] = c->mass[i - 1] + (c->density[i - 1] + 4 * middle + c->density[i]) / 6;
    }
    double scale = 1 / c->mass[STEPS];
    for (int i = 0; i <= STEPS; i++) {
        c->density[i] *= scale;
        c->mass[i] *= scale;
    }
}

/* Where in step `i`, from 0 to 1, the mass reaches p: Newton on the Hermite cubic. */
static double solve(const cumulative *c, int i, double p) {
    double rise = c->mass[i + 1] - c->mass[i];
    double d0 = c->density[i], d1 = c->density[i + 1], aim = p - c->mass[i];
    double cubic = d0 + d1 - 2 * rise, square = 3 * rise - 2 * d0 - d1;
    double s = rise > 0 ? aim / rise : 0;
    for (int iteration = 0; iteration < 3; iteration++) {
        double value = s * (d0 + s * (square + s * cubic)) - aim;
        double slope = d0 + s * (2 * square + 3 * s * cubic);
        if (slope > 0)
            s -= value / slope;
        s = s < 0 ? 0 : s > 1 ? 1 : s;
    }
    return s;
}

/* exp(x) for the small x within a step, by its series. */
static double exp_small(double x) {
    return 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6)))));
}

void ag_beta_quantiles(double a, double b, const double *probabilities, int count, double *out) {
    cumulative c;
    integrate(&c, a, b);
    int i = 0;
    for (int q = 0; q < count; q++) {
        while (i < STEPS - 1 && c.mass[i + 1] < probabilities[q])
            i++;
        double exp_t = c.exp_t[i] * exp_small(solve(&c, i, probabilities[q]) * c.step);
        double z = c.mode + c.sd * 0.5 * (exp_t - 1 / exp_t);
        out[q] = 1 / (1 + exp(-z));
    }
}

double ag_beta_quantile(double a, double b, double probability) {
    double out;
    ag_beta_quantiles(a, b, &probability, 1, &out);
    return out;
}
