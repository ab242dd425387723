/* The kernels compiled for AVX512. */
#include "network_kernels_body.h"

extern const ag_kernels ag_kernels_avx512;
const ag_kernels ag_kernels_avx512 = {"avx512", contract, rescale, rescale_lanes, normalise_lanes};
