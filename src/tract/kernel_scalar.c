/* The reference: one man at a time, in plain C. */
#include "block.h"
#define AG_TRACT_WIDTH 1
#define AG_TRACT_KERNEL ag_tract_kernel_scalar
#include "kernel.h"

void ag_tract_observe(ag_tract_sample *out, const ag_tract_block *block, double time_s) {
    man m;
    motion f;
    double slope[AG_TRACT_STATES];
#define LOAD(name) m.name = block->lane[AG_LANE_##name];
    AG_LANE_LIST(LOAD)
#undef LOAD
    derivative(slope, &f, block->state, &m, time_s);
    *out = (ag_tract_sample){.time_s = time_s,
                             .flow_ml_s = {f.vesicle[LEFT] + f.vesicle[RIGHT],
                                           f.vas[LEFT] + f.vas[RIGHT], f.prostate,
                                           f.neck_out - f.neck_in, f.forward - f.back, f.out}};
    memcpy(out->state, block->state, sizeof out->state);
    memcpy(out->pressure_cmh2o, f.pressure, sizeof out->pressure_cmh2o);
}
