/* The kernels compiled for AVX2. */
#define VECTOR_BYTES 32
#include "network_kernels_body.h"

extern const ag_kernels ag_kernels_avx2;
const ag_kernels ag_kernels_avx2 = {"avx2",   contract,        rescale,       rescale_lanes,
                                    sum_list, normalise_lanes, write_findings};
