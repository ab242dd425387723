/**
 * @file block.h
 * What passes between the driver and a kernel: a block of `width` men, structure of arrays.
 *
 * AG_LANE_LIST names what a kernel wants to know of each man: his parameters, with everything that
 * does not change during the run already worked out (prepare.c).
 */
#ifndef AG_TRACT_BLOCK_H
#define AG_TRACT_BLOCK_H

#include "antegrade/tract.h"

#define AG_TRACT_WIDEST 8

/* clang-format off */
#define AG_LANE_LIST(X) \
    X(drive) X(drive_rise) X(drive_off) X(drive_fall) X(passive_from) \
    X(rate_fast) X(rate_neck) X(rate_vesicle) \
    X(gain_left) X(gain_right) X(gain_both) X(gain_neck) X(direct) \
    X(adrenergic) X(other_left) X(other_right) X(other_both) X(other_neck) \
    X(vesicle_scale) X(vesicle_min) X(vesicle_half) X(vesicle_pressure) \
    X(vesicle_stretch) X(vesicle_stiffness) X(vesicle_flow_left) X(vesicle_flow_right) \
    X(vas_min) X(vas_half) X(vas_pressure) X(vas_flow_left) X(vas_flow_right) \
    X(duct_open_left) X(duct_open_right) \
    X(prostate_scale) X(prostate_min) X(prostate_half) X(prostate_pressure) X(prostate_open) \
    X(prostate_flow) \
    X(pu_rest) X(pu_elastance) X(pu_stretch) X(pu_stiffness) X(pu_min) X(pu_half) X(pu_squeeze) \
    X(au_rest) X(au_elastance) X(au_stretch) X(au_stiffness) X(au_min) X(au_half) X(au_squeeze) \
    X(bladder_base) X(bladder_elastance) \
    X(neck_passive) X(neck_active) X(neck_reflex) X(neck_r1) X(neck_r1_squared) X(neck_4r2) \
    X(sphincter) X(sphincter_relax) X(sphincter_reflex) \
    X(sphincter_r1) X(sphincter_r1_squared) X(sphincter_4r2) \
    X(meatus_close) X(meatus_r1) X(meatus_r1_squared) X(meatus_4r2) \
    X(film) X(film_rate) \
    X(latency_rate) X(reflex_start) X(burst_interval) X(burst_increment) X(burst_count) \
    X(burst_decay) X(burst_amplitude) X(burst_lag) X(burst_lag_amplitude)
/* clang-format on */

enum {
#define AG_LANE_ENUM(name) AG_LANE_##name,
    AG_LANE_LIST(AG_LANE_ENUM)
#undef AG_LANE_ENUM
        AG_LANES
};

/* Highest values seen, in the order of ag_tract_pressure, then the flow out. */
enum { AG_PEAK_FLOW = AG_TRACT_PRESSURES, AG_PEAKS };

/*
 * A block of men: row r of man i is at [r * width + i]. The driver writes `lane`, the start of the
 * other rows and what all share; a kernel goes on from there, and may be called again.
 */
typedef struct ag_tract_block {
    double lane[AG_LANES * AG_TRACT_WIDEST];
    double state[AG_TRACT_STATES * AG_TRACT_WIDEST];
    double peak[AG_PEAKS * AG_TRACT_WIDEST];
    double burst[AG_TRACT_BURSTS * AG_TRACT_WIDEST];
    double frame[AG_TRACT_WIDEST]; /* frames done; `frames` when the man is done with */
    double left[AG_TRACT_WIDEST];  /* part of the present frame that is left */
    double rate[AG_TRACT_WIDEST];  /* steps a frame that he needs */
    double end_s[AG_TRACT_WIDEST];
    double steps[AG_TRACT_WIDEST]; /* taken, those that were taken again counted too */
    double frame_s, frames, until; /* length of a frame, how many in all, and where to pause */
    double fewest, most;           /* steps a frame */
    double per_disagreement;       /* 1 over the disagreement of a step's slopes aimed at, 1/mL */
    int freeze;
} ag_tract_block;

/* Go on until a man who was before frame `until` has come to it, or his flows have ceased. */
typedef void (*ag_tract_kernel_fn)(ag_tract_block *block);

void ag_tract_kernel_scalar(ag_tract_block *block);
void ag_tract_kernel_neon(ag_tract_block *block);
void ag_tract_kernel_avx2(ag_tract_block *block);
void ag_tract_kernel_avx512(ag_tract_block *block);

/* The state, pressures and flows of the man of a block of width 1, at `time_s`. */
void ag_tract_observe(ag_tract_sample *out, const ag_tract_block *block, double time_s);

/* Write man's constants and initial state into column i of a block of this width. */
void ag_tract_prepare(ag_tract_block *block, int width, int i, const ag_tract_man *man);

/* Read the outcome of column i. 0 when something in it is less than nothing: a pool was drained
 * that cannot be, and the outcome means nothing. */
int ag_tract_harvest(ag_tract_outcome *out, const ag_tract_block *block, int width, int i,
                     const ag_tract_man *man);

#endif
