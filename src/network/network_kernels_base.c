/* The kernels compiled for the target's base instruction set. */
#include "network_kernels_body.h"

extern const ag_kernels ag_kernels_base;
const ag_kernels ag_kernels_base = {"base", contract, rescale, rescale_lanes, normalise_lanes};
