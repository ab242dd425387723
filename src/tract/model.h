/**
 * @file model.h
 * The model itself, for AG_TRACT_WIDTH men side by side: y' = f(t, y) with 45 states.
 *
 * Nerves drive glands; glands push through ducts into the posterior urethra; two valves decide
 * between bladder and anterior urethra; contractions expel. First all pressures, then all flows,
 * then what each flow carries. Evidence for each number: include/antegrade/tract_parameters.h. No
 * operation mixes two lanes.
 */
#ifndef AG_TRACT_MODEL_H
#define AG_TRACT_MODEL_H

#include "block.h"
#include "smooth.h"

#define INLINE AG_LANES_INLINE
#define POOL 6 /* states of a pool: five fluids and sperm */

typedef struct man {
#define LANE(name) vec name;
    AG_LANE_LIST(LANE)
#undef LANE
} man;

/* Index of a side in pairs of things. */
enum { LEFT, RIGHT };

/* Active pressures, at one moment, of what the sympathetic nerves drive. */
typedef struct tension {
    vec vesicle[2], vas[2], prostate; /* cmH2O */
    vec neck;                         /* 0 to 1 */
} tension;

typedef struct motion {
    vec pressure[AG_TRACT_PRESSURES];
    vec vesicle[2], vas[2];                                    /* flows, mL/s */
    vec vesicle_sperm[2], vas_sperm[2];                        /* million/s */
    vec prostate, neck_in, neck_out, forward, back, out, film; /* neck_in: towards the urethra */
    vec contracting;                                           /* the generator, 0 to 1 */
    vec phase_rate;                                            /* contractions per second */
} motion;

/* What the contractions do at one moment. */
typedef struct rhythm {
    vec on, posterior, bulb;
} rhythm;

/* a.above / a.below and b.above / b.below by one division, the slowest operation. */
INLINE void divide_two(ratio a, ratio b, vec *out_a, vec *out_b) {
    vec r = 1.0 / (a.below * b.below);
    *out_a = a.above * (b.below * r);
    *out_b = b.above * (a.below * r);
}

INLINE vec volume_of(const vec *pool) {
    return ((pool[0] + pool[1]) + (pool[2] + pool[3])) + pool[4];
}

/* Adrenergic response at activity a: u / (1 + u) by Gaddum's equation, and a small remainder that
 * no blocker reaches. */
INLINE ratio response(vec a, vec gain, vec direct, vec adrenergic, vec other) {
    vec u = gain * a + direct;
    vec v = 1.0 + u;
    return (ratio){adrenergic * u + other * a * v, v};
}

/* The same times the gate r / (r + half) of an emptying lumen. */
INLINE ratio gated(ratio response, vec filling, vec min, vec half) {
    vec r = ramp4(filling - min, GATE_ML);
    return (ratio){response.above * r, response.below * (r + half)};
}

INLINE tension contract(const man *m, const vec *y) {
    tension t;
    ratio vesicle[2], vas[2], prostate, neck;
    const vec gain[2] = {m->gain_left, m->gain_right}, other[2] = {m->other_left, m->other_right};
    vec fast = y[AG_TRACT_A_FAST], late = y[AG_TRACT_A_VESICLE_2];
#pragma GCC unroll 2
    for (int i = LEFT; i <= RIGHT; i++) {
        vec filling = y[AG_TRACT_V_VESICLE_LEFT + i] * m->vesicle_scale;
        vesicle[i] = gated(response(late, gain[i], m->direct, m->adrenergic, other[i]), filling,
                           m->vesicle_min, m->vesicle_half);
        vas[i] = gated(response(fast, gain[i], m->direct, m->adrenergic, other[i]),
                       y[AG_TRACT_V_VAS_LEFT + i], m->vas_min, m->vas_half);
        t.vesicle[i] = m->vesicle_stiffness * ramp4(filling - m->vesicle_stretch, STRETCH_ML);
    }
    prostate = gated(response(fast, m->gain_both, m->direct, m->adrenergic, m->other_both),
                     y[AG_TRACT_V_PROSTATE] * m->prostate_scale, m->prostate_min, m->prostate_half);
    neck = response(y[AG_TRACT_A_NECK], m->gain_neck, m->direct, m->adrenergic, m->other_neck);
    vec share[2];
    divide_two(vesicle[LEFT], vesicle[RIGHT], &share[LEFT], &share[RIGHT]);
    divide_two(vas[LEFT], vas[RIGHT], &t.vas[LEFT], &t.vas[RIGHT]);
    divide_two(prostate, neck, &t.prostate, &t.neck);
#pragma GCC unroll 2
    for (int i = LEFT; i <= RIGHT; i++) {
        t.vesicle[i] = m->vesicle_pressure * share[i] + t.vesicle[i];
        t.vas[i] = m->vas_pressure * t.vas[i];
    }
    t.prostate = m->prostate_pressure * t.prostate;
    return t;
}

/* Shape of a contraction at phase theta: half sines to the fourth, rising from the first. */
INLINE vec pulse(vec theta) {
    vec half_sine = vec_sin2(theta);
    return half_sine * half_sine * step4(theta * 5.0);
}

/* Each contraction is weaker than the last; the bulb and the sphincters follow the posterior
 * urethra. */
INLINE rhythm beat(const man *m, vec generator, vec theta) {
    rhythm r;
    vec fading = vec_exp(theta * m->burst_decay);
    r.on = step4((generator - 0.95) * 10.0) * (1.0 - step4((theta - m->burst_count) * 2.0));
    r.posterior = r.on * (m->burst_amplitude * fading) * pulse(theta);
    r.bulb = r.on * (m->burst_lag_amplitude * fading) * pulse(theta - m->burst_lag);
    return r;
}

/* Pressures of urethra and bladder, and the closure of both valves. */
INLINE void press(vec *p, const man *m, const tension *t, rhythm b, vec v_pu, vec v_au, vec v_bl) {
    vec r_pu = ramp4(v_pu - m->pu_min, GATE_ML), r_au = ramp4(v_au - m->au_min, GATE_ML);
    vec over_pu = ramp4(v_pu - m->pu_stretch, STRETCH_ML);
    vec over_au = ramp4(v_au - m->au_stretch, STRETCH_ML);
    vec gate_pu, gate_au;
    divide_two((ratio){r_pu, r_pu + m->pu_half}, (ratio){r_au, r_au + m->au_half}, &gate_pu,
               &gate_au);
    p[AG_TRACT_P_POSTERIOR] = (v_pu - m->pu_rest) * m->pu_elastance +
                              m->pu_stiffness * (over_pu * over_pu) +
                              m->pu_squeeze * b.posterior * gate_pu;
    p[AG_TRACT_P_ANTERIOR] = (v_au - m->au_rest) * m->au_elastance +
                             m->au_stiffness * (over_au * over_au) +
                             m->au_squeeze * b.bulb * gate_au;
    p[AG_TRACT_P_BLADDER] = m->bladder_base + v_bl * m->bladder_elastance;
    p[AG_TRACT_P_NECK] = m->neck_passive + m->neck_active * t->neck + m->neck_reflex * b.bulb;
    p[AG_TRACT_P_SPHINCTER] =
        m->sphincter - m->sphincter_relax * b.on + m->sphincter_reflex * b.bulb;
    p[AG_TRACT_P_VESICLE_LEFT] = t->vesicle[LEFT];
    p[AG_TRACT_P_VESICLE_RIGHT] = t->vesicle[RIGHT];
}

/* Pressure that drives flow through a valve that `close` squeezes shut. */
INLINE vec opening(vec up, vec down, vec close) {
    return ramp4(up - smooth_max(down, close), VALVE_CMH2O);
}

/* Flows between the pools, and how fast the phase of the contractions runs. */
INLINE void route(motion *f, const man *m, const vec *y, rhythm b) {
    const vec *p = f->pressure;
    vec pu = p[AG_TRACT_P_POSTERIOR], au = p[AG_TRACT_P_ANTERIOR], bl = p[AG_TRACT_P_BLADDER];
    vec neck = p[AG_TRACT_P_NECK], sphincter = p[AG_TRACT_P_SPHINCTER];
#define FLOW(pressure, r) valve_flow(pressure, m->r##_r1, m->r##_r1_squared, m->r##_4r2)
    divide_two(FLOW(opening(bl, pu, neck), neck), FLOW(opening(pu, bl, neck), neck), &f->neck_in,
               &f->neck_out);
    divide_two(FLOW(opening(pu, au, sphincter), sphincter),
               FLOW(opening(au, pu, sphincter), sphincter), &f->forward, &f->back);
    divide_two(FLOW(ramp4(au - m->meatus_close, VALVE_CMH2O), meatus),
               (ratio){b.on, m->burst_interval + m->burst_increment * y[AG_TRACT_PHASE]}, &f->out,
               &f->phase_rate);
#undef FLOW
    f->film =
        m->film_rate * ramp4(m->film - volume_of(y + AG_TRACT_FILM), FILM_RAMP_ML) * step4(f->out);
    f->contracting = b.on;
}

/* Flows out of the glands, against the pressure of the posterior urethra or that which opens their
 * ducts. */
INLINE void secrete(motion *f, const man *m, const vec *y, const tension *t) {
    vec behind = f->pressure[AG_TRACT_P_POSTERIOR];
    const vec open[2] = {m->duct_open_left, m->duct_open_right};
    const vec vesicle_flow[2] = {m->vesicle_flow_left, m->vesicle_flow_right};
    const vec vas_flow[2] = {m->vas_flow_left, m->vas_flow_right};
    vec vesicle_sperm[2], vas_sperm[2];
    divide_two((ratio){y[AG_TRACT_S_VESICLE_LEFT], y[AG_TRACT_V_VESICLE_LEFT]},
               (ratio){y[AG_TRACT_S_VESICLE_RIGHT], y[AG_TRACT_V_VESICLE_RIGHT]},
               &vesicle_sperm[LEFT], &vesicle_sperm[RIGHT]);
    divide_two((ratio){y[AG_TRACT_S_VAS_LEFT], y[AG_TRACT_V_VAS_LEFT]},
               (ratio){y[AG_TRACT_S_VAS_RIGHT], y[AG_TRACT_V_VAS_RIGHT]}, &vas_sperm[LEFT],
               &vas_sperm[RIGHT]);
#pragma GCC unroll 2
    for (int i = LEFT; i <= RIGHT; i++) {
        vec against = smooth_max(behind, open[i]);
        f->vesicle[i] = vesicle_flow[i] * ramp4(t->vesicle[i] - against, VALVE_CMH2O);
        f->vas[i] = vas_flow[i] * ramp4(t->vas[i] - against, VALVE_CMH2O);
        f->vesicle_sperm[i] = f->vesicle[i] * vesicle_sperm[i];
        f->vas_sperm[i] = f->vas[i] * vas_sperm[i];
    }
    f->prostate =
        m->prostate_flow * ramp4(t->prostate - smooth_max(behind, m->prostate_open), VALVE_CMH2O);
}

/* What the flows carry: each its volume times the share of each content in the pool that it leaves.
 */
INLINE void carry(vec *d, const vec *y, const motion *f, vec v_pu, vec v_au, vec v_bl) {
    const vec *pu = y + AG_TRACT_POSTERIOR, *au = y + AG_TRACT_ANTERIOR;
    const vec *bl = y + AG_TRACT_BLADDER;
    vec urethra = v_pu * v_au;
    vec r = 1.0 / (urethra * v_bl);
    vec per_urethra = v_bl * r, per_bl = urethra * r;
    vec per_pu = v_au * per_urethra, per_au = v_pu * per_urethra;
    vec neck_in = f->neck_in * per_bl, neck_out = f->neck_out * per_pu;
    vec forward = f->forward * per_pu, back = f->back * per_au;
    vec out = f->out * per_au, film = f->film * per_au;
#pragma GCC unroll 6
    for (int j = 0; j < POOL; j++) {
        vec in = neck_in * bl[j], away = neck_out * pu[j];
        vec on = forward * pu[j], returned = back * au[j];
        vec gone = out * au[j], wetted = film * au[j];
        d[AG_TRACT_POSTERIOR + j] = (in - away) + (returned - on);
        d[AG_TRACT_ANTERIOR + j] = (on - returned) - (gone + wetted);
        d[AG_TRACT_BLADDER + j] = away - in;
        d[AG_TRACT_OUTSIDE + j] = gone;
        d[AG_TRACT_FILM + j] = wetted;
    }
    d[AG_TRACT_POSTERIOR + AG_TRACT_VESICLE_FLUID] += f->vesicle[LEFT] + f->vesicle[RIGHT];
    d[AG_TRACT_POSTERIOR + AG_TRACT_PROSTATE_FLUID] += f->prostate;
    d[AG_TRACT_POSTERIOR + AG_TRACT_VAS_FLUID] += f->vas[LEFT] + f->vas[RIGHT];
    d[AG_TRACT_POSTERIOR + AG_TRACT_FLUIDS] += (f->vesicle_sperm[LEFT] + f->vesicle_sperm[RIGHT]) +
                                               (f->vas_sperm[LEFT] + f->vas_sperm[RIGHT]);
    d[AG_TRACT_V_PROSTATE] = -f->prostate;
#pragma GCC unroll 2
    for (int i = LEFT; i <= RIGHT; i++) {
        d[AG_TRACT_V_VESICLE_LEFT + i] = -f->vesicle[i];
        d[AG_TRACT_V_VAS_LEFT + i] = -f->vas[i];
        d[AG_TRACT_S_VESICLE_LEFT + i] = -f->vesicle_sperm[i];
        d[AG_TRACT_S_VAS_LEFT + i] = -f->vas_sperm[i];
    }
}

INLINE void nerves(vec *d, const vec *y, const man *m, vec time, vec v_pu) {
    vec command = m->drive * step4(time * m->drive_rise) *
                  (1.0 - step4((time - m->drive_off) * m->drive_fall));
    d[AG_TRACT_A_FAST] = (command - y[AG_TRACT_A_FAST]) * m->rate_fast;
    d[AG_TRACT_A_NECK] = (command - y[AG_TRACT_A_NECK]) * m->rate_neck;
    d[AG_TRACT_A_VESICLE_1] = (command - y[AG_TRACT_A_VESICLE_1]) * m->rate_vesicle;
    d[AG_TRACT_A_VESICLE_2] = (y[AG_TRACT_A_VESICLE_1] - y[AG_TRACT_A_VESICLE_2]) * m->rate_vesicle;
    d[AG_TRACT_GENERATOR] =
        command * (m->latency_rate + step4((v_pu - m->reflex_start) * (1.0 / 0.6)));
}

INLINE void derivative(vec *d, motion *f, const vec *y, const man *m, vec time) {
    vec v_pu = volume_of(y + AG_TRACT_POSTERIOR);
    vec v_au = volume_of(y + AG_TRACT_ANTERIOR);
    vec v_bl = volume_of(y + AG_TRACT_BLADDER);
    tension t = contract(m, y);
    rhythm b = beat(m, y[AG_TRACT_GENERATOR], y[AG_TRACT_PHASE]);
    press(f->pressure, m, &t, b, v_pu, v_au, v_bl);
    route(f, m, y, b);
    d[AG_TRACT_PHASE] = f->phase_rate;
    secrete(f, m, y, &t);
    carry(d, y, f, v_pu, v_au, v_bl);
    nerves(d, y, m, time, v_pu);
}

#endif
