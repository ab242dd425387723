/**
 * @file kernel.h
 * The integrator, for AG_TRACT_WIDTH men side by side. Compiled once for each processor by
 * kernel_*.c, which set AG_TRACT_WIDTH and AG_TRACT_KERNEL.
 *
 * Classical Runge-Kutta of order 4. Time runs in frames; in each, a man takes as many steps as his
 * own flows need. A step is judged by how much its four slopes disagree,
 * h |k1 - k2 - k3 + k4| / 6, of order h^3; when that is too much it is taken again, shorter. A
 * lane looks only at itself, so that its result does not depend on its neighbours.
 */
#include "model.h"

#define TOO_MUCH 2.0 /* times the disagreement aimed at: the step is taken again */

/* Where a lane is in time. */
typedef struct pace {
    vec frame; /* frames done */
    vec left;  /* part of the present frame that is left, 1 to 0 */
    vec rate;  /* steps a frame that it needs */
} pace;

/* Flows by which a step is judged. */
enum { GAUGES = 6 };

INLINE void read_gauges(vec *g, const motion *f) {
    g[0] = (f->vesicle[LEFT] + f->vesicle[RIGHT]) + (f->vas[LEFT] + f->vas[RIGHT]) + f->prostate;
    g[1] = f->neck_out - f->neck_in;
    g[2] = f->forward - f->back;
    g[3] = f->out;
    g[4] = f->film;
    g[5] = f->phase_rate;
}

/* The mean slope over one step, and the motion at its start. Returns by how much its four slopes
 * disagree, mL/s. */
INLINE vec slope_over(vec *mean, motion *first, const vec *y, const man *m, vec time, vec step) {
    vec k[AG_TRACT_STATES], z[AG_TRACT_STATES], g[4][GAUGES];
    motion f;
    vec half = 0.5 * step, middle = time + half, disagreement = vec_all(0.0);
    derivative(mean, first, y, m, time);
    read_gauges(g[0], first);
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++)
        z[j] = y[j] + half * mean[j];
    derivative(k, &f, z, m, middle);
    read_gauges(g[1], &f);
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++) {
        z[j] = y[j] + half * k[j];
        mean[j] = mean[j] + (k[j] + k[j]);
    }
    derivative(k, &f, z, m, middle);
    read_gauges(g[2], &f);
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++) {
        z[j] = y[j] + step * k[j];
        mean[j] = mean[j] + (k[j] + k[j]);
    }
    derivative(k, &f, z, m, time + step);
    read_gauges(g[3], &f);
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++)
        mean[j] = (mean[j] + k[j]) * (1.0 / 6);
#pragma GCC unroll 6
    for (int j = 0; j < GAUGES; j++)
        disagreement = disagreement + vec_abs((g[0][j] - g[1][j]) + (g[3][j] - g[2][j]));
    return disagreement;
}

/* Add what came out in this step to the contraction that it belongs to. */
static void count_burst(ag_tract_block *block, vec phase, vec volume) {
    double phases[AG_TRACT_WIDTH], volumes[AG_TRACT_WIDTH];
    vec_store(phases, phase);
    vec_store(volumes, volume);
    for (int i = 0; i < AG_TRACT_WIDTH; i++) {
        if (volumes[i] > 0) {
            double bin = phases[i] - 0.1;
            int n = bin < 0 ? 0 : bin > AG_TRACT_BURSTS - 1 ? AG_TRACT_BURSTS - 1 : (int)bin;
            block->burst[n * AG_TRACT_WIDTH + i] += volumes[i];
        }
    }
}

/* Pressure by which a slack neck, without its nerve, would be open either way; 0 when it would
 * hold. */
INLINE vec slack_opening(const motion *f, const man *m) {
    vec pu = f->pressure[AG_TRACT_P_POSTERIOR], bl = f->pressure[AG_TRACT_P_BLADDER];
    vec away = ramp4(pu - smooth_max(bl, m->neck_passive), VALVE_CMH2O);
    vec in = ramp4(bl - smooth_max(pu, m->neck_passive), VALVE_CMH2O);
    return away + in;
}

/* The flows have ceased for good: the command is over, contractions are past or never came, nothing
 * flows, and nothing will when the nerve lets go of the neck. */
INLINE vec_mask is_still(const motion *f, const man *m, vec time) {
    vec glands = f->vesicle[LEFT] + f->vesicle[RIGHT] + f->vas[LEFT] + f->vas[RIGHT] + f->prostate;
    vec valves = f->neck_in + f->neck_out + f->forward + f->back + f->out + f->film;
    vec flow = glands + valves + slack_opening(f, m);
    return vec_both(vec_both(time >= m->passive_from, flow < vec_all(1e-6)),
                    f->contracting < vec_all(0.01));
}

/* Steps a frame that are needed, from those taken and their disagreement as a multiple of that
 * aimed at. Theory has its third root; the fourth is calmer. */
INLINE vec next_rate(vec rate, vec excess, const ag_tract_block *block) {
    vec factor = 1.1 * vec_sqrt(vec_sqrt(excess));
    factor = vec_min(vec_max(factor, vec_all(0.5)), vec_all(3.0));
    return vec_min(vec_max(rate * factor, vec_all(block->fewest)), vec_all(block->most));
}

/* Go on until a lane that was running has come to frame `until`, or is still. */
void AG_TRACT_KERNEL(ag_tract_block *block) {
    man m;
    vec y[AG_TRACT_STATES], peak[AG_PEAKS], mean[AG_TRACT_STATES];
    const vec until = vec_all(block->until), none = vec_all(0.0), one = vec_all(1.0);
#define LOAD(name) m.name = vec_load(block->lane + AG_LANE_##name * AG_TRACT_WIDTH);
    AG_LANE_LIST(LOAD)
#undef LOAD
    for (int j = 0; j < AG_TRACT_STATES; j++)
        y[j] = vec_load(block->state + j * AG_TRACT_WIDTH);
    for (int j = 0; j < AG_PEAKS; j++)
        peak[j] = vec_load(block->peak + j * AG_TRACT_WIDTH);
    pace at = {vec_load(block->frame), vec_load(block->left), vec_load(block->rate)};
    vec end = vec_load(block->end_s), steps = vec_load(block->steps);
    const vec_mask running = at.frame < until;
    while (vec_any(running) && !vec_any(vec_both(running, at.frame >= until))) {
        motion f;
        vec n = vec_max(vec_round(at.left * at.rate + 0.4999), one), part = at.left / n;
        vec time = (at.frame + (1.0 - at.left)) * block->frame_s, step = part * block->frame_s;
        vec disagreement = slope_over(mean, &f, y, &m, time, step);
        vec excess = step * disagreement * block->per_disagreement, rate = n / at.left;
        vec_mask fair = vec_either(excess <= vec_all(TOO_MUCH), at.rate >= vec_all(block->most));
        vec_mask good = vec_both(running, fair);
        vec out = volume_of(y + AG_TRACT_OUTSIDE), phase = y[AG_TRACT_PHASE];
        step = vec_pick(good, step, none);
#pragma GCC unroll 45
        for (int j = 0; j < AG_TRACT_STATES; j++)
            y[j] = y[j] + step * mean[j];
        for (int j = 0; j < AG_TRACT_PRESSURES; j++)
            peak[j] = vec_max(peak[j], f.pressure[j]);
        peak[AG_PEAK_FLOW] = vec_max(peak[AG_PEAK_FLOW], f.out);
        count_burst(block, phase, volume_of(y + AG_TRACT_OUTSIDE) - out);
        steps = steps + one;
        at.rate = next_rate(rate, excess, block);
        at.left = at.left - vec_pick(good, part, none);
        vec_mask over = vec_both(running, at.left <= none);
        at.frame = at.frame + vec_pick(over, one, none);
        at.left = vec_pick(over, one, at.left);
        if (block->freeze) {
            vec_mask still = vec_both(good, is_still(&f, &m, time));
            end = vec_pick(still, time + step, end);
            at.frame = vec_pick(still, vec_all(block->frames), at.frame);
        }
    }
    for (int j = 0; j < AG_TRACT_STATES; j++)
        vec_store(block->state + j * AG_TRACT_WIDTH, y[j]);
    for (int j = 0; j < AG_PEAKS; j++)
        vec_store(block->peak + j * AG_TRACT_WIDTH, peak[j]);
    vec_store(block->frame, at.frame);
    vec_store(block->left, at.left);
    vec_store(block->rate, at.rate);
    vec_store(block->end_s, end);
    vec_store(block->steps, steps);
}
