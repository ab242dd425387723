/* The kernels compiled for AVX512. */
#define VECTOR_BYTES 64
#include "network_kernels_body.h"

extern const ag_kernels ag_kernels_avx512;
const ag_kernels ag_kernels_avx512 = {"avx512", contract,        rescale,       rescale_lanes,
                                      sum_list, normalise_lanes, write_findings};
