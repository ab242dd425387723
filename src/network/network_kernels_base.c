/* The kernels compiled for the target's base instruction set. */
#define VECTOR_BYTES 16
#include "network_kernels_body.h"

extern const ag_kernels ag_kernels_base;
const ag_kernels ag_kernels_base = {"base",   contract,        rescale,       rescale_lanes,
                                    sum_list, normalise_lanes, write_findings};
