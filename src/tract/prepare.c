/*
 * From a man's parameters to what a kernel needs, and from its end state to the outcome.
 *
 * Adrenergic response (Gaddum, Hill slope 1): u = gain (a s (1 + transmitter) + agonist) (1 -
 * occupancy). Opening pressure of a duct of patency p: open + (blocked - open) (1 - p)^2. Closure
 * of the neck: passive min(1, strength) + bulk + [(1 - w) strength + w veru] (active + reflex).
 */
#define AG_TRACT_WIDTH 1
#include "block.h"
#include "lanes.h"

#define P(id) (p[AG_TRACT_##id])
#define LANE(name) (lane[AG_LANE_##name])

static void prepare_nerves(double *lane, const double *p) {
    double gain = P(ADRENERGIC_GAIN) * (1 - P(RECEPTOR_OCCUPANCY));
    double nerve_gain = gain * (1 + P(TRANSMITTER_GAIN));
    double both = 0.5 * (P(NERVE_LEFT) + P(NERVE_RIGHT));
    LANE(drive) = P(DRIVE);
    LANE(drive_rise) = 1 / P(DRIVE_RISE_S);
    LANE(drive_off) = P(DRIVE_OFF_S);
    LANE(drive_fall) = 1 / P(DRIVE_FALL_S);
    LANE(passive_from) = P(DRIVE_OFF_S) + P(DRIVE_FALL_S);
    LANE(rate_fast) = 1 / P(RESPONSE_FAST_S);
    LANE(rate_neck) = 1 / P(RESPONSE_NECK_S);
    LANE(rate_vesicle) = 1 / P(RESPONSE_VESICLE_S);
    LANE(gain_left) = nerve_gain * P(NERVE_LEFT);
    LANE(gain_right) = nerve_gain * P(NERVE_RIGHT);
    LANE(gain_both) = nerve_gain * both;
    LANE(gain_neck) = nerve_gain * P(NERVE_NECK);
    LANE(direct) = gain * P(AGONIST_DIRECT);
    LANE(adrenergic) = 1 - P(NONADRENERGIC_SHARE);
    LANE(other_left) = P(NONADRENERGIC_SHARE) * P(NERVE_LEFT);
    LANE(other_right) = P(NONADRENERGIC_SHARE) * P(NERVE_RIGHT);
    LANE(other_both) = P(NONADRENERGIC_SHARE) * both;
    LANE(other_neck) = P(NONADRENERGIC_SHARE) * P(NERVE_NECK);
}

static double vesicle_size(const double *p) {
    return P(GLAND_SIZE) * P(VESICLE_FACTOR);
}

static double prostate_size(const double *p) {
    return P(GLAND_SIZE) * P(PROSTATE_FACTOR);
}

static double duct_opening(const double *p, double patency) {
    double narrow = (1 - patency) * (1 - patency);
    return P(DUCT_OPENING_CMH2O) + (P(DUCT_BLOCKED_CMH2O) - P(DUCT_OPENING_CMH2O)) * narrow;
}

static void prepare_glands(double *lane, const double *p) {
    double vesicle = vesicle_size(p), prostate = prostate_size(p);
    LANE(vesicle_scale) = 1 / vesicle;
    LANE(vesicle_min) = P(VESICLE_MIN_ML);
    LANE(vesicle_half) = P(VESICLE_HALF_ML);
    LANE(vesicle_pressure) = P(VESICLE_PRESSURE_CMH2O);
    LANE(vesicle_stretch) = P(VESICLE_DISTENSION_ML);
    LANE(vesicle_stiffness) = P(VESICLE_STIFFNESS);
    LANE(vesicle_flow_left) = P(DUCT_LEFT) * vesicle / P(VESICLE_RESISTANCE);
    LANE(vesicle_flow_right) = P(DUCT_RIGHT) * vesicle / P(VESICLE_RESISTANCE);
    LANE(vas_min) = P(VAS_MIN_ML);
    LANE(vas_half) = P(VAS_HALF_ML);
    LANE(vas_pressure) = P(VAS_PRESSURE_CMH2O);
    LANE(vas_flow_left) = P(DUCT_LEFT) / P(VAS_RESISTANCE);
    LANE(vas_flow_right) = P(DUCT_RIGHT) / P(VAS_RESISTANCE);
    LANE(duct_open_left) = duct_opening(p, P(DUCT_LEFT));
    LANE(duct_open_right) = duct_opening(p, P(DUCT_RIGHT));
    LANE(prostate_scale) = 1 / prostate;
    LANE(prostate_min) = P(PROSTATE_MIN_ML);
    LANE(prostate_half) = P(PROSTATE_HALF_ML);
    LANE(prostate_pressure) = P(PROSTATE_PRESSURE_CMH2O);
    LANE(prostate_open) = P(PROSTATE_OPENING_CMH2O);
    LANE(prostate_flow) = prostate / P(PROSTATE_RESISTANCE);
}

static void prepare_pools(double *lane, const double *p) {
    LANE(pu_rest) = P(PU_REST_ML);
    LANE(pu_elastance) = 1 / P(PU_COMPLIANCE);
    LANE(pu_stretch) = P(PU_STRETCH_ML);
    LANE(pu_stiffness) = P(PU_STIFFNESS);
    LANE(pu_min) = P(PU_MIN_ML);
    LANE(pu_half) = P(PU_HALF_ML);
    LANE(pu_squeeze) = P(SQUEEZE) * P(PU_SQUEEZE_CMH2O);
    LANE(au_rest) = P(AU_REST_ML);
    LANE(au_elastance) = 1 / P(AU_COMPLIANCE);
    LANE(au_stretch) = P(AU_STRETCH_ML);
    LANE(au_stiffness) = P(AU_STIFFNESS);
    LANE(au_min) = P(AU_MIN_ML);
    LANE(au_half) = P(AU_HALF_ML);
    LANE(au_squeeze) = P(SQUEEZE) * P(AU_SQUEEZE_CMH2O);
    LANE(bladder_elastance) = 1 / P(BLADDER_COMPLIANCE);
    LANE(bladder_base) = P(BLADDER_CMH2O) - P(BLADDER_ML) / P(BLADDER_COMPLIANCE);
    LANE(film) = P(FILM_ML);
    LANE(film_rate) = P(FILM_RATE);
}

static void prepare_valves(double *lane, const double *p) {
    double strength = P(NECK_STRENGTH);
    double force = (1 - P(VERU_WEIGHT)) * strength + P(VERU_WEIGHT) * P(VERU_STRENGTH);
    double r1 = P(MEATUS_R1) * P(STRICTURE);
    LANE(neck_passive) = P(NECK_PASSIVE_CMH2O) * (strength < 1 ? strength : 1) + P(NECK_BULK_CMH2O);
    LANE(neck_active) = force * P(NECK_ACTIVE_CMH2O);
    LANE(neck_reflex) = force * P(NECK_REFLEX_CMH2O) * P(NERVE_NECK);
    LANE(neck_r1) = P(NECK_R1);
    LANE(neck_r1_squared) = P(NECK_R1) * P(NECK_R1);
    LANE(neck_4r2) = 4 * P(NECK_R2);
    LANE(sphincter) = P(SPHINCTER_CMH2O);
    LANE(sphincter_relax) = P(SPHINCTER_CMH2O) * P(SPHINCTER_RELAX);
    LANE(sphincter_reflex) = P(SPHINCTER_REFLEX_CMH2O);
    LANE(sphincter_r1) = P(SPHINCTER_R1);
    LANE(sphincter_r1_squared) = P(SPHINCTER_R1) * P(SPHINCTER_R1);
    LANE(sphincter_4r2) = 4 * P(SPHINCTER_R2);
    LANE(meatus_close) = P(MEATUS_CMH2O);
    LANE(meatus_r1) = r1;
    LANE(meatus_r1_squared) = r1 * r1;
    LANE(meatus_4r2) = 4 * P(MEATUS_R2) * P(STRICTURE);
}

static void prepare_generator(double *lane, const double *p) {
    double decay = -1 / P(BURST_DECAY);
    LANE(latency_rate) = 1 / P(LATENCY_S);
    LANE(reflex_start) = P(REFLEX_ML) - 0.3;
    LANE(burst_interval) = P(BURST_INTERVAL_S);
    LANE(burst_increment) = P(BURST_INCREMENT_S);
    LANE(burst_count) = P(BURST_COUNT);
    LANE(burst_decay) = decay;
    LANE(burst_amplitude) = P(EXPULSION);
    LANE(burst_lag) = P(BURST_LAG);
    LANE(burst_lag_amplitude) = P(EXPULSION) * vec_exp(-P(BURST_LAG) * decay);
}

static void initial_state(double state[AG_TRACT_STATES], const double *p) {
    for (int j = 0; j < AG_TRACT_STATES; j++)
        state[j] = 0;
    state[AG_TRACT_V_VESICLE_LEFT] = P(VESICLE_LEFT_ML) * vesicle_size(p);
    state[AG_TRACT_V_VESICLE_RIGHT] = P(VESICLE_RIGHT_ML) * vesicle_size(p);
    state[AG_TRACT_V_VAS_LEFT] = P(VAS_LEFT_ML);
    state[AG_TRACT_V_VAS_RIGHT] = P(VAS_RIGHT_ML);
    state[AG_TRACT_V_PROSTATE] = P(PROSTATE_ML) * prostate_size(p);
    state[AG_TRACT_S_VESICLE_LEFT] = P(VESICLE_LEFT_SPERM) * state[AG_TRACT_V_VESICLE_LEFT];
    state[AG_TRACT_S_VESICLE_RIGHT] = P(VESICLE_RIGHT_SPERM) * state[AG_TRACT_V_VESICLE_RIGHT];
    state[AG_TRACT_S_VAS_LEFT] = P(VAS_SPERM) * state[AG_TRACT_V_VAS_LEFT];
    state[AG_TRACT_S_VAS_RIGHT] = P(VAS_SPERM) * state[AG_TRACT_V_VAS_RIGHT];
    state[AG_TRACT_POSTERIOR + AG_TRACT_URINE] = P(PU_REST_ML);
    state[AG_TRACT_ANTERIOR + AG_TRACT_COWPER_FLUID] = P(COWPER_ML);
    state[AG_TRACT_ANTERIOR + AG_TRACT_URINE] = P(AU_URINE_ML);
    state[AG_TRACT_BLADDER + AG_TRACT_URINE] = P(BLADDER_ML);
}

void ag_tract_prepare(ag_tract_block *block, int width, int i, const ag_tract_man *man) {
    double lane[AG_LANES], state[AG_TRACT_STATES];
    prepare_nerves(lane, man->value);
    prepare_glands(lane, man->value);
    prepare_pools(lane, man->value);
    prepare_valves(lane, man->value);
    prepare_generator(lane, man->value);
    initial_state(state, man->value);
    for (int j = 0; j < AG_LANES; j++)
        block->lane[j * width + i] = lane[j];
    for (int j = 0; j < AG_TRACT_STATES; j++)
        block->state[j * width + i] = state[j];
    for (int j = 0; j < AG_TRACT_BURSTS; j++)
        block->burst[j * width + i] = 0;
    for (int j = 0; j < AG_PEAKS; j++)
        block->peak[j * width + i] = 0;
    block->frame[i] = block->steps[i] = 0;
    block->left[i] = 1;
    block->rate[i] = 10; /* the length that the caller named, until flows tell more */
    block->end_s[i] = block->frames * block->frame_s;
}

static double semen(const double *pool) {
    return ((pool[AG_TRACT_VESICLE_FLUID] + pool[AG_TRACT_PROSTATE_FLUID]) +
            pool[AG_TRACT_VAS_FLUID]) +
           pool[AG_TRACT_COWPER_FLUID];
}

static double glands_volume(const double state[AG_TRACT_STATES]) {
    return ((state[AG_TRACT_V_VESICLE_LEFT] + state[AG_TRACT_V_VESICLE_RIGHT]) +
            (state[AG_TRACT_V_VAS_LEFT] + state[AG_TRACT_V_VAS_RIGHT])) +
           state[AG_TRACT_V_PROSTATE];
}

static void harvest_bursts(ag_tract_outcome *out, const ag_tract_block *block, int width, int i) {
    for (int j = 0; j < AG_TRACT_BURSTS; j++) {
        out->burst_ml[j] = block->burst[j * width + i];
        if (out->burst_ml[j] > 0.05) {
            out->bursts++;
            if (out->first_burst == 0)
                out->first_burst = j + 1;
        }
    }
}

int ag_tract_harvest(ag_tract_outcome *out, const ag_tract_block *block, int width, int i,
                     const ag_tract_man *man) {
    const double *p = man->value;
    double y[AG_TRACT_STATES], start[AG_TRACT_STATES];
    int sound = 1;
    initial_state(start, p);
    for (int j = 0; j < AG_TRACT_STATES; j++) {
        y[j] = block->state[j * width + i];
        sound = sound && y[j] >= -1e-9;
    }
    *out = (ag_tract_outcome){0};
    const double *bladder = y + AG_TRACT_BLADDER, *outside = y + AG_TRACT_OUTSIDE;
    out->antegrade_ml = semen(outside);
    out->retrograde_ml = semen(bladder);
    out->residual_ml =
        semen(y + AG_TRACT_POSTERIOR) + semen(y + AG_TRACT_ANTERIOR) + semen(y + AG_TRACT_FILM);
    out->emitted_ml = glands_volume(start) - glands_volume(y) + P(COWPER_ML);
    const int glands[] = {AG_TRACT_V_VESICLE_LEFT, AG_TRACT_V_VESICLE_RIGHT, AG_TRACT_V_PROSTATE,
                          AG_TRACT_V_VAS_LEFT, AG_TRACT_V_VAS_RIGHT};
    const int fluids[] = {AG_TRACT_VESICLE_FLUID, AG_TRACT_VESICLE_FLUID, AG_TRACT_PROSTATE_FLUID,
                          AG_TRACT_VAS_FLUID, AG_TRACT_VAS_FLUID};
    for (int j = 0; j < 5; j++)
        out->emitted_fluid_ml[fluids[j]] += start[glands[j]] - y[glands[j]];
    out->emitted_fluid_ml[AG_TRACT_COWPER_FLUID] = P(COWPER_ML);
    for (int j = 0; j < AG_TRACT_FLUIDS; j++)
        out->antegrade_fluid_ml[j] = outside[j];
    for (int j = 0; j < AG_TRACT_FLUIDS - 1; j++)
        out->retrograde_fluid_ml[j] = bladder[j];
    out->antegrade_sperm_million = outside[AG_TRACT_FLUIDS];
    out->bladder_sperm_million = bladder[AG_TRACT_FLUIDS];
    out->post_ejaculatory_urine_sperm_million =
        bladder[AG_TRACT_FLUIDS] + y[AG_TRACT_POSTERIOR + AG_TRACT_FLUIDS] +
        y[AG_TRACT_ANTERIOR + AG_TRACT_FLUIDS] + y[AG_TRACT_FILM + AG_TRACT_FLUIDS];
    harvest_bursts(out, block, width, i);
    out->contractions = y[AG_TRACT_PHASE];
    for (int j = 0; j < AG_TRACT_PRESSURES; j++)
        out->peak_cmh2o[j] = block->peak[j * width + i];
    out->peak_flow_ml_s = block->peak[AG_PEAK_FLOW * width + i];
    out->peak_speed_m_s = out->peak_flow_ml_s / P(MEATUS_AREA_CM2) / 100;
    double before = start[AG_TRACT_V_VESICLE_LEFT] + start[AG_TRACT_V_VESICLE_RIGHT];
    double after = y[AG_TRACT_V_VESICLE_LEFT] + y[AG_TRACT_V_VESICLE_RIGHT];
    out->vesicle_ejection_fraction =
        (before - after) / (before + 2 * P(VESICLE_WALL_ML) * vesicle_size(p));
    out->end_s = block->end_s[i];
    out->steps = (int)block->steps[i];
    return sound;
}
