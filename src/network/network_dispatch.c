/* Choosing the kernels that the machine can run. */
#include "network_kernels.h"

#include <stdbool.h>

extern const ag_kernels ag_kernels_base;
#if defined(AG_NETWORK_X86)
extern const ag_kernels ag_kernels_avx2;
extern const ag_kernels ag_kernels_avx512;
#endif

const ag_kernels *ag_kernels_at(int index) {
    if (index == 0)
        return &ag_kernels_base;
#if defined(AG_NETWORK_X86)
    if (index == 1 && __builtin_cpu_supports("avx2"))
        return &ag_kernels_avx2;
    if (index == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return &ag_kernels_avx512;
#endif
    return NULL;
}

const ag_kernels *ag_kernels_best(void) {
    int best = 0;
    while (ag_kernels_at(best + 1))
        best++;
    return ag_kernels_at(best);
}
