#include "tract_plain.h"

#include <math.h>
#include <string.h>

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

/* When all is still the solver would stride over the onset of a contraction. */
static const double LONGEST_STEP_S = 0.05;

static const double PI = 3.14159265358979323846;

#define P(id) (man->value[AG_TRACT_##id])

static double step4(double t) {
    if (t <= 0)
        return 0;
    if (t >= 1)
        return 1;
    return t * t * t * t * (35 - 84 * t + 70 * t * t - 20 * t * t * t);
}

static double ramp(double x, double d) {
    if (x <= -d)
        return 0;
    if (x >= d)
        return x;
    double t = (x + d) / (2 * d);
    return 2 * d * t * t * t * t * t * (7 - 14 * t + 10 * t * t - 2.5 * t * t * t);
}

static double larger(double a, double b) {
    return b + ramp(a - b, 3);
}

static double gate(double v, double least, double half) {
    double r = ramp(v - least, 0.05);
    return r / (r + half);
}

/* Volume flow with p = r1 q + r2 q^2. */
static double flow(double p, double r1, double r2) {
    return 2 * p / (r1 + sqrt(r1 * r1 + 4 * r2 * p));
}

static double valve(double up, double down, double close, double r1, double r2) {
    return flow(ramp(up - larger(down, close), 3), r1, r2);
}

static double volume(const double *pool) {
    double v = 0;
    for (int j = 0; j < AG_TRACT_FLUIDS; j++)
        v += pool[j];
    return v;
}

double tract_plain_semen(const double y[AG_TRACT_STATES], int pool) {
    return volume(y + pool) - y[pool + AG_TRACT_URINE];
}

static double response(const ag_tract_man *man, double a, double nerve) {
    double u = P(ADRENERGIC_GAIN) * (a * nerve * (1 + P(TRANSMITTER_GAIN)) + P(AGONIST_DIRECT)) *
               (1 - P(RECEPTOR_OCCUPANCY));
    double other = P(NONADRENERGIC_SHARE);
    return (1 - other) * u / (1 + u) + other * a * nerve;
}

static double contraction(const ag_tract_man *man, double theta) {
    double pulse = 0.5 - 0.5 * cos(2 * PI * theta);
    return P(EXPULSION) * exp(-theta / P(BURST_DECAY)) * pulse * pulse * step4(theta / 0.2);
}

static double wall(double v, double rest, double c, double stretch, double k) {
    double over = ramp(v - stretch, 0.2);
    return (v - rest) / c + k * over * over;
}

void tract_plain_start(double y[AG_TRACT_STATES], const ag_tract_man *man) {
    double vesicle = P(GLAND_SIZE) * P(VESICLE_FACTOR);
    memset(y, 0, AG_TRACT_STATES * sizeof *y);
    y[AG_TRACT_V_VESICLE_LEFT] = P(VESICLE_LEFT_ML) * vesicle;
    y[AG_TRACT_V_VESICLE_RIGHT] = P(VESICLE_RIGHT_ML) * vesicle;
    y[AG_TRACT_V_VAS_LEFT] = P(VAS_LEFT_ML);
    y[AG_TRACT_V_VAS_RIGHT] = P(VAS_RIGHT_ML);
    y[AG_TRACT_V_PROSTATE] = P(PROSTATE_ML) * P(GLAND_SIZE) * P(PROSTATE_FACTOR);
    y[AG_TRACT_S_VESICLE_LEFT] = P(VESICLE_LEFT_SPERM) * y[AG_TRACT_V_VESICLE_LEFT];
    y[AG_TRACT_S_VESICLE_RIGHT] = P(VESICLE_RIGHT_SPERM) * y[AG_TRACT_V_VESICLE_RIGHT];
    y[AG_TRACT_S_VAS_LEFT] = P(VAS_SPERM) * P(VAS_LEFT_ML);
    y[AG_TRACT_S_VAS_RIGHT] = P(VAS_SPERM) * P(VAS_RIGHT_ML);
    y[AG_TRACT_POSTERIOR + AG_TRACT_URINE] = P(PU_REST_ML);
    y[AG_TRACT_ANTERIOR + AG_TRACT_COWPER_FLUID] = P(COWPER_ML);
    y[AG_TRACT_ANTERIOR + AG_TRACT_URINE] = P(AU_URINE_ML);
    y[AG_TRACT_BLADDER + AG_TRACT_URINE] = P(BLADDER_ML);
}

/* Move q mL/s from one pool to another, with everything in it in proportion. */
static void move(const double *y, double *d, int from, int to, double q) {
    double v = volume(y + from);
    for (int j = 0; j <= AG_TRACT_FLUIDS; j++) {
        d[from + j] -= q * y[from + j] / v;
        d[to + j] += q * y[from + j] / v;
    }
}

/* Move q mL/s of a gland's fluid, and the sperm in it, to the posterior urethra. */
static void secrete(const double *y, double *d, int gland, int sperm, int fluid, double q) {
    d[gland] -= q;
    d[AG_TRACT_POSTERIOR + fluid] += q;
    if (sperm >= 0) {
        double s = q * y[sperm] / y[gland];
        d[sperm] -= s;
        d[AG_TRACT_POSTERIOR + AG_TRACT_FLUIDS] += s;
    }
}

static void one_side(const ag_tract_man *man, const double *y, double *d, int right, double p_pu) {
    double patency = right ? P(DUCT_RIGHT) : P(DUCT_LEFT);
    double nerve = right ? P(NERVE_RIGHT) : P(NERVE_LEFT);
    double size = P(GLAND_SIZE) * P(VESICLE_FACTOR);
    double open = P(DUCT_OPENING_CMH2O) +
                  (P(DUCT_BLOCKED_CMH2O) - P(DUCT_OPENING_CMH2O)) * (1 - patency) * (1 - patency);
    int vesicle = AG_TRACT_V_VESICLE_LEFT + right, vas = AG_TRACT_V_VAS_LEFT + right;
    double filling = y[vesicle] / size;
    double p_vesicle = P(VESICLE_PRESSURE_CMH2O) * response(man, y[AG_TRACT_A_VESICLE_2], nerve) *
                           gate(filling, P(VESICLE_MIN_ML), P(VESICLE_HALF_ML)) +
                       P(VESICLE_STIFFNESS) * ramp(filling - P(VESICLE_DISTENSION_ML), 0.2);
    double p_vas = P(VAS_PRESSURE_CMH2O) * response(man, y[AG_TRACT_A_FAST], nerve) *
                   gate(y[vas], P(VAS_MIN_ML), P(VAS_HALF_ML));
    double against = larger(p_pu, open);
    secrete(y, d, vesicle, AG_TRACT_S_VESICLE_LEFT + right, AG_TRACT_VESICLE_FLUID,
            patency * ramp(p_vesicle - against, 3) / (P(VESICLE_RESISTANCE) / size));
    secrete(y, d, vas, AG_TRACT_S_VAS_LEFT + right, AG_TRACT_VAS_FLUID,
            patency * ramp(p_vas - against, 3) / P(VAS_RESISTANCE));
}

static void prostate(const ag_tract_man *man, const double *y, double *d, double p_pu) {
    double size = P(GLAND_SIZE) * P(PROSTATE_FACTOR);
    double p = P(PROSTATE_PRESSURE_CMH2O) *
               response(man, y[AG_TRACT_A_FAST], (P(NERVE_LEFT) + P(NERVE_RIGHT)) / 2) *
               gate(y[AG_TRACT_V_PROSTATE] / size, P(PROSTATE_MIN_ML), P(PROSTATE_HALF_ML));
    double q =
        ramp(p - larger(p_pu, P(PROSTATE_OPENING_CMH2O)), 3) / (P(PROSTATE_RESISTANCE) / size);
    secrete(y, d, AG_TRACT_V_PROSTATE, -1, AG_TRACT_PROSTATE_FLUID, q);
}

static void nerves(const ag_tract_man *man, double t, const double *y, double *d, double on) {
    double command =
        P(DRIVE) * step4(t / P(DRIVE_RISE_S)) * (1 - step4((t - P(DRIVE_OFF_S)) / P(DRIVE_FALL_S)));
    double v_pu = volume(y + AG_TRACT_POSTERIOR);
    d[AG_TRACT_A_FAST] = (command - y[AG_TRACT_A_FAST]) / P(RESPONSE_FAST_S);
    d[AG_TRACT_A_NECK] = (command - y[AG_TRACT_A_NECK]) / P(RESPONSE_NECK_S);
    d[AG_TRACT_A_VESICLE_1] = (command - y[AG_TRACT_A_VESICLE_1]) / P(RESPONSE_VESICLE_S);
    d[AG_TRACT_A_VESICLE_2] =
        (y[AG_TRACT_A_VESICLE_1] - y[AG_TRACT_A_VESICLE_2]) / P(RESPONSE_VESICLE_S);
    d[AG_TRACT_GENERATOR] =
        command * (1 / P(LATENCY_S) + step4((v_pu - (P(REFLEX_ML) - 0.3)) / 0.6));
    d[AG_TRACT_PHASE] = on / (P(BURST_INTERVAL_S) + P(BURST_INCREMENT_S) * y[AG_TRACT_PHASE]);
}

void tract_plain_slope(double t, const double y[AG_TRACT_STATES], double d[AG_TRACT_STATES],
                       const ag_tract_man *man) {
    double v_pu = volume(y + AG_TRACT_POSTERIOR), v_au = volume(y + AG_TRACT_ANTERIOR);
    double theta = y[AG_TRACT_PHASE];
    double on =
        step4((y[AG_TRACT_GENERATOR] - 0.95) / 0.1) * (1 - step4((theta - P(BURST_COUNT)) / 0.5));
    double b1 = on * contraction(man, theta), b2 = on * contraction(man, theta - P(BURST_LAG));
    double force = (1 - P(VERU_WEIGHT)) * P(NECK_STRENGTH) + P(VERU_WEIGHT) * P(VERU_STRENGTH);
    double neck = P(NECK_PASSIVE_CMH2O) * fmin(1, P(NECK_STRENGTH)) + P(NECK_BULK_CMH2O) +
                  force * (P(NECK_ACTIVE_CMH2O) * response(man, y[AG_TRACT_A_NECK], P(NERVE_NECK)) +
                           P(NECK_REFLEX_CMH2O) * P(NERVE_NECK) * b2);
    double sphincter =
        P(SPHINCTER_CMH2O) * (1 - P(SPHINCTER_RELAX) * on) + P(SPHINCTER_REFLEX_CMH2O) * b2;
    double pu = wall(v_pu, P(PU_REST_ML), P(PU_COMPLIANCE), P(PU_STRETCH_ML), P(PU_STIFFNESS)) +
                P(PU_SQUEEZE_CMH2O) * P(SQUEEZE) * b1 * gate(v_pu, P(PU_MIN_ML), P(PU_HALF_ML));
    double au = wall(v_au, P(AU_REST_ML), P(AU_COMPLIANCE), P(AU_STRETCH_ML), P(AU_STIFFNESS)) +
                P(AU_SQUEEZE_CMH2O) * P(SQUEEZE) * b2 * gate(v_au, P(AU_MIN_ML), P(AU_HALF_ML));
    double bl =
        P(BLADDER_CMH2O) + (volume(y + AG_TRACT_BLADDER) - P(BLADDER_ML)) / P(BLADDER_COMPLIANCE);
    double out =
        valve(au, 0, P(MEATUS_CMH2O), P(MEATUS_R1) * P(STRICTURE), P(MEATUS_R2) * P(STRICTURE));
    memset(d, 0, AG_TRACT_STATES * sizeof *d);
    one_side(man, y, d, 0, pu);
    one_side(man, y, d, 1, pu);
    prostate(man, y, d, pu);
    move(y, d, AG_TRACT_BLADDER, AG_TRACT_POSTERIOR, valve(bl, pu, neck, P(NECK_R1), P(NECK_R2)));
    move(y, d, AG_TRACT_POSTERIOR, AG_TRACT_BLADDER, valve(pu, bl, neck, P(NECK_R1), P(NECK_R2)));
    move(y, d, AG_TRACT_POSTERIOR, AG_TRACT_ANTERIOR,
         valve(pu, au, sphincter, P(SPHINCTER_R1), P(SPHINCTER_R2)));
    move(y, d, AG_TRACT_ANTERIOR, AG_TRACT_POSTERIOR,
         valve(au, pu, sphincter, P(SPHINCTER_R1), P(SPHINCTER_R2)));
    move(y, d, AG_TRACT_ANTERIOR, AG_TRACT_OUTSIDE, out);
    move(y, d, AG_TRACT_ANTERIOR, AG_TRACT_FILM,
         P(FILM_RATE) * ramp(P(FILM_ML) - volume(y + AG_TRACT_FILM), 0.02) * step4(out));
    nerves(man, t, y, d, on);
}

typedef struct problem {
    const ag_tract_man *man;
    long slopes;
} problem;

static int slope(realtype t, N_Vector y, N_Vector d, void *user) {
    problem *p = user;
    p->slopes++;
    tract_plain_slope(t, NV_DATA_S(y), NV_DATA_S(d), p->man);
    return 0;
}

long tract_plain_solve(double y[AG_TRACT_STATES], const ag_tract_man *man, double end_s,
                       tract_plain_method method, double tolerance) {
    problem p = {.man = man};
    SUNContext context = NULL;
    SUNContext_Create(NULL, &context);
    tract_plain_start(y, man);
    N_Vector v = N_VMake_Serial(AG_TRACT_STATES, y, context);
    void *solver = CVodeCreate(method == TRACT_PLAIN_ADAMS ? CV_ADAMS : CV_BDF, context);
    SUNMatrix matrix = NULL;
    SUNLinearSolver linear = NULL;
    SUNNonlinearSolver nonlinear = NULL;
    int bad = CVodeInit(solver, slope, 0, v) | CVodeSetUserData(solver, &p) |
              CVodeSStolerances(solver, tolerance, tolerance) |
              CVodeSetMaxNumSteps(solver, 10000000) | CVodeSetMaxStep(solver, LONGEST_STEP_S) |
              CVodeSetStopTime(solver, end_s);
    if (method == TRACT_PLAIN_ADAMS) {
        nonlinear = SUNNonlinSol_FixedPoint(v, 0, context);
        bad |= CVodeSetNonlinearSolver(solver, nonlinear);
    } else {
        matrix = SUNDenseMatrix(AG_TRACT_STATES, AG_TRACT_STATES, context);
        linear = SUNLinSol_Dense(v, matrix, context);
        bad |= CVodeSetLinearSolver(solver, linear, matrix);
    }
    realtype t = 0;
    bad = bad || CVode(solver, end_s, v, &t, CV_NORMAL) < 0;
    CVodeFree(&solver);
    if (nonlinear != NULL)
        SUNNonlinSolFree(nonlinear);
    if (linear != NULL)
        SUNLinSolFree(linear);
    if (matrix != NULL)
        SUNMatDestroy(matrix);
    N_VDestroy(v);
    SUNContext_Free(&context);
    return bad ? -1 : p.slopes;
}
