/**
 * @file tract.h
 * The ejaculatory tract: a lumped hydraulic and neural model of where semen goes at orgasm.
 *
 * A man is a set of parameters. The model follows 45 states (glands, posterior and anterior
 * urethra, bladder, what came out, the film on the urethral wall, and six neural states) for 26
 * s. Units throughout: mL, cmH2O, s, million sperm. docs/tract.md has equations and
 * sources.
 *
 *     ag_tract_man man;
 *     ag_tract_default(&man);
 *     man.value[AG_TRACT_RECEPTOR_OCCUPANCY] = 0.95;
 *     ag_tract_outcome outcome;
 *     ag_error error;
 *     if (ag_tract_run(&outcome, &man, 1, NULL, &error) == AG_OK)
 *         printf("%.2f mL forward\n", outcome.antegrade_ml);
 *
 * Nothing here is global; every function may be called from several threads at once.
 */
#ifndef ANTEGRADE_TRACT_H
#define ANTEGRADE_TRACT_H

#include <stddef.h>
#include <stdint.h>

#include "antegrade/error.h"
#include "antegrade/tract_parameters.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Index of a parameter in ag_tract_man.value. */
typedef enum ag_tract_parameter {
#define AG_TRACT_ENUM(id, name, unit, normal, low, high, spread, sd, source, reason) AG_TRACT_##id,
    AG_TRACT_PARAMETER_LIST(AG_TRACT_ENUM)
#undef AG_TRACT_ENUM
        AG_TRACT_PARAMETERS /**< how many there are; also "no such parameter" */
} ag_tract_parameter;

/** How a parameter varies between men. */
typedef enum ag_tract_spread {
    AG_TRACT_FIXED,
    AG_TRACT_LOGNORMAL, /**< default * exp(sd z) */
    AG_TRACT_NORMAL,    /**< default + sd z */
    AG_TRACT_CUBE,      /**< default * (1 + sd z)^3 */
    AG_TRACT_UNIFORM    /**< low..high */
} ag_tract_spread;

/** One row of the table of parameters; all strings borrowed for ever. */
typedef struct ag_tract_parameter_info {
    const char *name;
    const char *unit; /**< "1" for a pure number */
    double normal;    /**< of the default man */
    double low, high; /**< allowed, both ends included */
    ag_tract_spread spread;
    double sd;          /**< as ag_tract_spread says */
    const char *source; /**< evidence ids separated by blanks, or "assumption" */
    const char *reason;
} ag_tract_parameter_info;

/** One man. */
typedef struct ag_tract_man {
    double value[AG_TRACT_PARAMETERS];
} ag_tract_man;

/** What semen is made of. */
typedef enum ag_tract_fluid {
    AG_TRACT_VESICLE_FLUID,
    AG_TRACT_PROSTATE_FLUID,
    AG_TRACT_VAS_FLUID,
    AG_TRACT_COWPER_FLUID,
    AG_TRACT_URINE,
    AG_TRACT_FLUIDS
} ag_tract_fluid;

/** The 45 states, in the order of a trace's rows. Pools hold five fluids and sperm, in that order.
 */
enum {
    AG_TRACT_V_VESICLE_LEFT,
    AG_TRACT_V_VESICLE_RIGHT,
    AG_TRACT_V_VAS_LEFT,
    AG_TRACT_V_VAS_RIGHT,
    AG_TRACT_V_PROSTATE,
    AG_TRACT_S_VESICLE_LEFT,
    AG_TRACT_S_VESICLE_RIGHT,
    AG_TRACT_S_VAS_LEFT,
    AG_TRACT_S_VAS_RIGHT,
    AG_TRACT_POSTERIOR,                         /**< posterior urethra, 6 states */
    AG_TRACT_ANTERIOR = AG_TRACT_POSTERIOR + 6, /**< anterior urethra */
    AG_TRACT_BLADDER = AG_TRACT_ANTERIOR + 6,
    AG_TRACT_OUTSIDE = AG_TRACT_BLADDER + 6,
    AG_TRACT_FILM = AG_TRACT_OUTSIDE + 6, /**< wetting the wall of the anterior urethra */
    AG_TRACT_A_FAST = AG_TRACT_FILM + 6,  /**< nerve activity at vas and prostate */
    AG_TRACT_A_NECK,
    AG_TRACT_A_VESICLE_1,
    AG_TRACT_A_VESICLE_2,
    AG_TRACT_GENERATOR,
    AG_TRACT_PHASE, /**< contractions so far */
    AG_TRACT_STATES
};

/** Pressures of interest, cmH2O. Closure is what squeezes a valve shut, not a fluid's pressure. */
typedef enum ag_tract_pressure {
    AG_TRACT_P_NECK,      /**< closure of the bladder neck */
    AG_TRACT_P_POSTERIOR, /**< fluid, posterior urethra */
    AG_TRACT_P_SPHINCTER, /**< closure of the external sphincter */
    AG_TRACT_P_ANTERIOR,  /**< fluid, anterior urethra */
    AG_TRACT_P_VESICLE_LEFT,
    AG_TRACT_P_VESICLE_RIGHT,
    AG_TRACT_P_BLADDER,
    AG_TRACT_PRESSURES
} ag_tract_pressure;

/** Flows, mL/s. */
typedef enum ag_tract_flow {
    AG_TRACT_Q_VESICLES,
    AG_TRACT_Q_VASA,
    AG_TRACT_Q_PROSTATE,
    AG_TRACT_Q_NECK,      /**< positive into the bladder */
    AG_TRACT_Q_SPHINCTER, /**< positive forward */
    AG_TRACT_Q_OUT,
    AG_TRACT_FLOWS
} ag_tract_flow;

#define AG_TRACT_BURSTS 32 /**< room for burst volumes */

/** Where it went. Semen is every fluid but urine. */
typedef struct ag_tract_outcome {
    double antegrade_ml;  /**< semen that came out */
    double retrograde_ml; /**< semen in the bladder */
    double residual_ml;   /**< semen left in the urethra and on its wall */
    double emitted_ml;    /**< semen that left the glands, Cowper's included */
    double emitted_fluid_ml[AG_TRACT_FLUIDS - 1];    /**< the same, by fluid */
    double antegrade_fluid_ml[AG_TRACT_FLUIDS];      /**< what came out, by fluid, urine included */
    double retrograde_fluid_ml[AG_TRACT_FLUIDS - 1]; /**< semen in the bladder, by fluid */
    double antegrade_sperm_million;
    double bladder_sperm_million;
    double post_ejaculatory_urine_sperm_million; /**< bladder, urethra and film: the next void */
    int bursts;                                  /**< bursts of more than 0.05 mL */
    int first_burst;                             /**< number of the first such, from 1; 0 if none */
    double burst_ml[AG_TRACT_BURSTS];            /**< volume out, contraction by contraction */
    double contractions;                         /**< made in all */
    double peak_cmh2o[AG_TRACT_PRESSURES];
    double peak_flow_ml_s;
    double peak_speed_m_s;            /**< of the fastest spurt */
    double vesicle_ejection_fraction; /**< volume lost over lumen and wall, both sides */
    double end_s;                     /**< when all flows had ceased, or the end of the run */
    int steps;                        /**< taken to get there, of four slopes each */
} ag_tract_outcome;

/** Which code does the arithmetic. All give the same bits. */
typedef enum ag_tract_kernel {
    AG_TRACT_BEST, /**< the widest that this processor has */
    AG_TRACT_SCALAR,
    AG_TRACT_NEON,
    AG_TRACT_AVX2,
    AG_TRACT_AVX512
} ag_tract_kernel;

/** How to run. Fill with ag_tract_defaults() first. */
typedef struct ag_tract_options {
    size_t size;       /**< of this struct */
    double step_s;     /**< 0.0001 to 0.02; refused when too large for a man's parameters */
    double duration_s; /**< 1 to 60 */
    int threads;       /**< 1 or more; results do not depend on it */
    ag_tract_kernel kernel;
    /** 1: each man takes steps of a quarter of step_s to ten times it, by how fast his own flows
     * change, with an error like that of step_s throughout; 0: all steps are step_s. */
    int own_steps;
    int freeze; /**< 1: a man whose flows have ceased is left as he is; 0: go on to the end */
    /** Called from the calling thread about ten times a second with men done; may be NULL. */
    void (*progress)(void *user, size_t done, size_t count);
    void *user;
} ag_tract_options;

/** A row every `every_s` seconds, from t = 0. */
typedef struct ag_tract_sample {
    double time_s;
    double state[AG_TRACT_STATES];
    double pressure_cmh2o[AG_TRACT_PRESSURES];
    double flow_ml_s[AG_TRACT_FLOWS];
} ag_tract_sample;

/** The table's row for `parameter`, borrowed for ever; NULL when out of range. */
const ag_tract_parameter_info *ag_tract_parameter_of(ag_tract_parameter parameter);

/** The parameter called `name`, or AG_TRACT_PARAMETERS when there is none. */
ag_tract_parameter ag_tract_parameter_find(const char *name);

/** The default man: median of each parameter. */
void ag_tract_default(ag_tract_man *out);

/**
 * Virtual man number `man` of population `seed`: each parameter is a pure function of (seed, man,
 * the parameter's name), so adding a parameter or a man changes nobody else.
 */
void ag_tract_virtual_man(ag_tract_man *out, uint64_t seed, uint64_t man);

/** AG_ERROR_VALUE with name, value and allowed range when a parameter is out of range or not a
 * number. */
ag_status ag_tract_check(const ag_tract_man *man, ag_error *error);

/**
 * The largest step in seconds for which RK4 is sure to be stable for this man: 2.78 over an upper
 * bound of the fastest rate (urethral stiffness at the strongest squeeze times the conductance of
 * the open valves).
 */
double ag_tract_largest_step(const ag_tract_man *man);

/** Step 2 ms, 26 s, one thread, best kernel, own steps, freezing on. */
void ag_tract_defaults(ag_tract_options *options);

/** 1 when `kernel` can run here. */
int ag_tract_kernel_available(ag_tract_kernel kernel);

/** "scalar", "neon", "avx2", "avx512", or "best"; borrowed for ever. */
const char *ag_tract_kernel_name(ag_tract_kernel kernel);

/**
 * Run `count` men; outcome i belongs to man i. `options` may be NULL. The result of a man depends
 * on nothing but his parameters, the step and the duration. Errors: AG_ERROR_VALUE (a parameter,
 * option or step is not allowed, or parameters that are each allowed drain a pool to less than
 * nothing: the error says which man, from 1), AG_ERROR_UNSUPPORTED (kernel not on this processor).
 */
ag_status ag_tract_run(ag_tract_outcome *out, const ag_tract_man *men, size_t count,
                       const ag_tract_options *options, ag_error *error);

/**
 * Run one man and keep a sample every `every_s` seconds (rounded to tens of steps). At most
 * `capacity` samples are written, `*out_count` of them; afterwards-frozen states repeat until the
 * end. `out` may be NULL. Errors as ag_tract_run.
 */
ag_status ag_tract_trace(ag_tract_sample *samples, size_t capacity, size_t *out_count,
                         ag_tract_outcome *out, const ag_tract_man *man, double every_s,
                         const ag_tract_options *options, ag_error *error);

#ifdef __cplusplus
}
#endif
#endif
