/**
 * @file kernel.h
 * The model itself and its integrator, for AG_TRACT_WIDTH men side by side. Compiled once for each
 * processor by kernel_*.c, which set AG_TRACT_WIDTH and AG_TRACT_KERNEL.
 *
 * y' = f(t, y) with 45 states: nerves drive glands; glands push through ducts into the posterior
 * urethra; two valves decide between bladder and anterior urethra; contractions expel. First all
 * pressures, then all flows, then what each flow carries. Classical Runge-Kutta of order 4 with a
 * fixed step. Evidence for each number: include/antegrade/tract_parameters.h. No operation mixes
 * two lanes.
 */
#include "block.h"
#include "smooth.h"

#define INLINE AG_LANES_INLINE
#define POOL 6 /* states of a pool: five fluids and sperm */

typedef struct man {
#define LANE(name) vec name;
    AG_LANE_LIST(LANE)
#undef LANE
} man;

/* One side of the glands that drain through an ejaculatory duct. */
typedef struct side {
    vec vesicle, vas;             /* flows, mL/s */
    vec vesicle_sperm, vas_sperm; /* million/s */
    vec vesicle_pressure;
} side;

typedef struct motion {
    vec pressure[AG_TRACT_PRESSURES];
    side left, right;
    vec prostate, neck_in, neck_out, forward, back, out, film; /* neck_in: towards the urethra */
    vec contracting;                                           /* the generator, 0 to 1 */
} motion;

/* What the contractions do at one moment. */
typedef struct rhythm {
    vec on, posterior, bulb;
} rhythm;

INLINE vec volume_of(const vec *pool) {
    return ((pool[0] + pool[1]) + (pool[2] + pool[3])) + pool[4];
}

/* Share of full contraction at activity a, times the gate of an emptying lumen r / (r + half): the
 * adrenergic response u / (1 + u) by Gaddum's equation, and a small remainder that no blocker
 * reaches. */
INLINE vec contraction(vec a, vec gain, vec direct, vec adrenergic, vec other, vec r, vec half) {
    vec u = gain * a + direct;
    vec v = 1.0 + u;
    return (adrenergic * u + other * a * v) * r / (v * (r + half));
}

INLINE side emit(const man *m, vec a_vas, vec a_vesicle, const vec *v_vesicle, const vec *v_vas,
                 const vec *s_vesicle, const vec *s_vas, vec behind, vec gain, vec other, vec open,
                 vec vesicle_flow, vec vas_flow) {
    side s;
    vec filling = *v_vesicle * m->vesicle_scale;
    vec r = ramp4(filling - m->vesicle_min, GATE_ML);
    s.vesicle_pressure =
        m->vesicle_pressure *
            contraction(a_vesicle, gain, m->direct, m->adrenergic, other, r, m->vesicle_half) +
        m->vesicle_stiffness * ramp4(filling - m->vesicle_stretch, STRETCH_ML);
    r = ramp4(*v_vas - m->vas_min, GATE_ML);
    vec vas_pressure =
        m->vas_pressure * contraction(a_vas, gain, m->direct, m->adrenergic, other, r, m->vas_half);
    vec against = smooth_max(behind, open);
    s.vesicle = vesicle_flow * ramp4(s.vesicle_pressure - against, VALVE_CMH2O);
    s.vas = vas_flow * ramp4(vas_pressure - against, VALVE_CMH2O);
    s.vesicle_sperm = s.vesicle * *s_vesicle / *v_vesicle;
    s.vas_sperm = s.vas * *s_vas / *v_vas;
    return s;
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

INLINE vec urethral_pressure(vec v, vec rest, vec elastance, vec stretch, vec stiffness, vec min,
                             vec half, vec push) {
    vec over = ramp4(v - stretch, STRETCH_ML);
    vec r = ramp4(v - min, GATE_ML);
    return (v - rest) * elastance + stiffness * (over * over) + push * r / (r + half);
}

/* Pressures of urethra and bladder, closure of both valves, and the flows between the pools. */
INLINE void route(motion *f, const man *m, const vec *y, vec v_pu, vec v_au, vec v_bl, rhythm b) {
    vec a = y[AG_TRACT_A_NECK];
    vec u = m->gain_neck * a + m->direct;
    vec tone = m->adrenergic * u / (1.0 + u) + m->other_neck * a;
    vec neck = m->neck_passive + m->neck_active * tone + m->neck_reflex * b.bulb;
    vec sphincter = m->sphincter - m->sphincter_relax * b.on + m->sphincter_reflex * b.bulb;
    vec pu = urethral_pressure(v_pu, m->pu_rest, m->pu_elastance, m->pu_stretch, m->pu_stiffness,
                               m->pu_min, m->pu_half, m->pu_squeeze * b.posterior);
    vec au = urethral_pressure(v_au, m->au_rest, m->au_elastance, m->au_stretch, m->au_stiffness,
                               m->au_min, m->au_half, m->au_squeeze * b.bulb);
    vec bl = m->bladder_base + v_bl * m->bladder_elastance;
#define VALVE(up, down, close, r)                                                                  \
    valve_flow(ramp4(up - smooth_max(down, close), VALVE_CMH2O), m->r##_r1, m->r##_r1_squared,     \
               m->r##_4r2)
    f->neck_in = VALVE(bl, pu, neck, neck);
    f->neck_out = VALVE(pu, bl, neck, neck);
    f->forward = VALVE(pu, au, sphincter, sphincter);
    f->back = VALVE(au, pu, sphincter, sphincter);
#undef VALVE
    f->out = valve_flow(ramp4(au - m->meatus_close, VALVE_CMH2O), m->meatus_r1,
                        m->meatus_r1_squared, m->meatus_4r2);
    f->film =
        m->film_rate * ramp4(m->film - volume_of(y + AG_TRACT_FILM), FILM_RAMP_ML) * step4(f->out);
    f->pressure[AG_TRACT_P_NECK] = neck;
    f->pressure[AG_TRACT_P_POSTERIOR] = pu;
    f->pressure[AG_TRACT_P_SPHINCTER] = sphincter;
    f->pressure[AG_TRACT_P_ANTERIOR] = au;
    f->pressure[AG_TRACT_P_BLADDER] = bl;
    f->contracting = b.on;
}

INLINE void glands(motion *f, const man *m, const vec *y) {
    vec behind = f->pressure[AG_TRACT_P_POSTERIOR];
    vec a_fast = y[AG_TRACT_A_FAST], a_late = y[AG_TRACT_A_VESICLE_2];
    f->left = emit(m, a_fast, a_late, y + AG_TRACT_V_VESICLE_LEFT, y + AG_TRACT_V_VAS_LEFT,
                   y + AG_TRACT_S_VESICLE_LEFT, y + AG_TRACT_S_VAS_LEFT, behind, m->gain_left,
                   m->other_left, m->duct_open_left, m->vesicle_flow_left, m->vas_flow_left);
    f->right = emit(m, a_fast, a_late, y + AG_TRACT_V_VESICLE_RIGHT, y + AG_TRACT_V_VAS_RIGHT,
                    y + AG_TRACT_S_VESICLE_RIGHT, y + AG_TRACT_S_VAS_RIGHT, behind, m->gain_right,
                    m->other_right, m->duct_open_right, m->vesicle_flow_right, m->vas_flow_right);
    vec r = ramp4(y[AG_TRACT_V_PROSTATE] * m->prostate_scale - m->prostate_min, GATE_ML);
    vec pressure =
        m->prostate_pressure * contraction(a_fast, m->gain_both, m->direct, m->adrenergic,
                                           m->other_both, r, m->prostate_half);
    f->prostate =
        m->prostate_flow * ramp4(pressure - smooth_max(behind, m->prostate_open), VALVE_CMH2O);
    f->pressure[AG_TRACT_P_VESICLE_LEFT] = f->left.vesicle_pressure;
    f->pressure[AG_TRACT_P_VESICLE_RIGHT] = f->right.vesicle_pressure;
}

/* What the flows carry: each its volume times the share of each content in the pool that it leaves.
 */
INLINE void carry(vec *d, const vec *y, const motion *f, vec v_pu, vec v_au, vec v_bl) {
    const vec *pu = y + AG_TRACT_POSTERIOR, *au = y + AG_TRACT_ANTERIOR;
    const vec *bl = y + AG_TRACT_BLADDER;
    vec per_pu = 1.0 / v_pu, per_au = 1.0 / v_au, per_bl = 1.0 / v_bl;
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
    d[AG_TRACT_POSTERIOR + AG_TRACT_VESICLE_FLUID] += f->left.vesicle + f->right.vesicle;
    d[AG_TRACT_POSTERIOR + AG_TRACT_PROSTATE_FLUID] += f->prostate;
    d[AG_TRACT_POSTERIOR + AG_TRACT_VAS_FLUID] += f->left.vas + f->right.vas;
    d[AG_TRACT_POSTERIOR + AG_TRACT_FLUIDS] +=
        (f->left.vesicle_sperm + f->left.vas_sperm) + (f->right.vesicle_sperm + f->right.vas_sperm);
    d[AG_TRACT_V_VESICLE_LEFT] = -f->left.vesicle;
    d[AG_TRACT_V_VESICLE_RIGHT] = -f->right.vesicle;
    d[AG_TRACT_V_VAS_LEFT] = -f->left.vas;
    d[AG_TRACT_V_VAS_RIGHT] = -f->right.vas;
    d[AG_TRACT_V_PROSTATE] = -f->prostate;
    d[AG_TRACT_S_VESICLE_LEFT] = -f->left.vesicle_sperm;
    d[AG_TRACT_S_VESICLE_RIGHT] = -f->right.vesicle_sperm;
    d[AG_TRACT_S_VAS_LEFT] = -f->left.vas_sperm;
    d[AG_TRACT_S_VAS_RIGHT] = -f->right.vas_sperm;
}

INLINE void nerves(vec *d, const vec *y, const man *m, vec time, vec v_pu, vec on) {
    vec command = m->drive * step4(time * m->drive_rise) *
                  (1.0 - step4((time - m->drive_off) * m->drive_fall));
    vec theta = y[AG_TRACT_PHASE];
    d[AG_TRACT_A_FAST] = (command - y[AG_TRACT_A_FAST]) * m->rate_fast;
    d[AG_TRACT_A_NECK] = (command - y[AG_TRACT_A_NECK]) * m->rate_neck;
    d[AG_TRACT_A_VESICLE_1] = (command - y[AG_TRACT_A_VESICLE_1]) * m->rate_vesicle;
    d[AG_TRACT_A_VESICLE_2] = (y[AG_TRACT_A_VESICLE_1] - y[AG_TRACT_A_VESICLE_2]) * m->rate_vesicle;
    d[AG_TRACT_GENERATOR] =
        command * (m->latency_rate + step4((v_pu - m->reflex_start) * (1.0 / 0.6)));
    d[AG_TRACT_PHASE] = on / (m->burst_interval + m->burst_increment * theta);
}

INLINE void derivative(vec *d, motion *f, const vec *y, const man *m, vec time) {
    vec v_pu = volume_of(y + AG_TRACT_POSTERIOR);
    vec v_au = volume_of(y + AG_TRACT_ANTERIOR);
    vec v_bl = volume_of(y + AG_TRACT_BLADDER);
    route(f, m, y, v_pu, v_au, v_bl, beat(m, y[AG_TRACT_GENERATOR], y[AG_TRACT_PHASE]));
    glands(f, m, y);
    carry(d, y, f, v_pu, v_au, v_bl);
    nerves(d, y, m, time, v_pu, f->contracting);
}

/* One step of the classical Runge-Kutta method. A frozen lane has step 0 and stays as it is, bit by
 * bit. */
INLINE void advance(vec *y, motion *first, const man *m, double time, double step, vec lane_step) {
    vec k1[AG_TRACT_STATES], k2[AG_TRACT_STATES], k3[AG_TRACT_STATES], z[AG_TRACT_STATES];
    motion unused;
    vec half = 0.5 * lane_step, sixth = lane_step * (1.0 / 6.0);
    derivative(k1, first, y, m, vec_all(time));
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++)
        z[j] = y[j] + half * k1[j];
    derivative(k2, &unused, z, m, vec_all(time + 0.5 * step));
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++)
        z[j] = y[j] + half * k2[j];
    derivative(k3, &unused, z, m, vec_all(time + 0.5 * step));
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++) {
        z[j] = y[j] + lane_step * k3[j];
        k2[j] = k2[j] + k3[j];
    }
    derivative(k3, &unused, z, m, vec_all(time + step));
#pragma GCC unroll 45
    for (int j = 0; j < AG_TRACT_STATES; j++)
        y[j] = y[j] + sixth * ((k1[j] + k3[j]) + (k2[j] + k2[j]));
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

/* Set to zero the step of each lane whose flows have ceased for good; returns how many still run. A
 * lane looks only at itself: the command is over, contractions are past or never came, nothing
 * flows, and nothing will when the nerve lets go of the neck. */
static int freeze_still(ag_tract_block *block, const motion *f, const man *m, double time,
                        double steps[AG_TRACT_WIDTH]) {
    double flow[AG_TRACT_WIDTH], from[AG_TRACT_WIDTH], on[AG_TRACT_WIDTH];
    int running = 0;
    vec glands = f->left.vesicle + f->right.vesicle + f->left.vas + f->right.vas + f->prostate;
    vec valves = f->neck_in + f->neck_out + f->forward + f->back + f->out + f->film;
    vec_store(flow, glands + valves + slack_opening(f, m));
    vec_store(from, m->passive_from);
    vec_store(on, f->contracting);
    for (int i = 0; i < AG_TRACT_WIDTH; i++) {
        if (steps[i] != 0 && time >= from[i] && flow[i] < 1e-6 && on[i] < 0.01) {
            steps[i] = 0;
            block->end_s[i] = time;
        }
        running += steps[i] != 0;
    }
    return running;
}

static void keep_sample(ag_tract_block *block, double time, const vec *y, const motion *f) {
    double column[AG_TRACT_WIDTH];
    if (block->sample_count >= block->sample_capacity)
        return;
    ag_tract_sample *s = &block->samples[block->sample_count++];
    const vec flows[AG_TRACT_FLOWS] = {
        f->left.vesicle + f->right.vesicle, f->left.vas + f->right.vas, f->prostate,
        f->neck_out - f->neck_in,           f->forward - f->back,       f->out};
    s->time_s = time;
    for (int j = 0; j < AG_TRACT_STATES; j++) {
        vec_store(column, y[j]);
        s->state[j] = column[0];
    }
    for (int j = 0; j < AG_TRACT_PRESSURES; j++) {
        vec_store(column, f->pressure[j]);
        s->pressure_cmh2o[j] = column[0];
    }
    for (int j = 0; j < AG_TRACT_FLOWS; j++) {
        vec_store(column, flows[j]);
        s->flow_ml_s[j] = column[0];
    }
}

#define FREEZE_EVERY 16 /* steps between looks for still lanes */

void AG_TRACT_KERNEL(ag_tract_block *block) {
    man m;
    vec y[AG_TRACT_STATES], peak[AG_PEAKS];
    double steps[AG_TRACT_WIDTH];
#define LOAD(name) m.name = vec_load(block->lane + AG_LANE_##name * AG_TRACT_WIDTH);
    AG_LANE_LIST(LOAD)
#undef LOAD
    for (int j = 0; j < AG_TRACT_STATES; j++)
        y[j] = vec_load(block->state + j * AG_TRACT_WIDTH);
    for (int j = 0; j < AG_PEAKS; j++)
        peak[j] = vec_all(0.0);
    for (int i = 0; i < AG_TRACT_WIDTH; i++) {
        steps[i] = block->step_s;
        block->end_s[i] = (double)block->steps * block->step_s;
    }
    for (long n = 0; n < block->steps; n++) {
        double time = (double)n * block->step_s;
        motion f;
        vec out = volume_of(y + AG_TRACT_OUTSIDE), phase = y[AG_TRACT_PHASE];
        vec before[AG_TRACT_STATES];
        if (block->samples != NULL)
            memcpy(before, y, sizeof before);
        advance(y, &f, &m, time, block->step_s, vec_load(steps));
        for (int j = 0; j < AG_TRACT_PRESSURES; j++)
            peak[j] = vec_max(peak[j], f.pressure[j]);
        peak[AG_PEAK_FLOW] = vec_max(peak[AG_PEAK_FLOW], f.out);
        count_burst(block, phase, volume_of(y + AG_TRACT_OUTSIDE) - out);
        if (block->samples != NULL && n % block->sample_every == 0)
            keep_sample(block, time, before, &f);
        if (block->freeze && n % FREEZE_EVERY == 0 &&
            freeze_still(block, &f, &m, time, steps) == 0 && block->samples == NULL)
            break;
    }
    for (int j = 0; j < AG_TRACT_STATES; j++)
        vec_store(block->state + j * AG_TRACT_WIDTH, y[j]);
    for (int j = 0; j < AG_PEAKS; j++)
        vec_store(block->peak + j * AG_TRACT_WIDTH, peak[j]);
}
