/* Four men at a time. */
#include "block.h"
#if defined(__x86_64__)
#define AG_TRACT_WIDTH 4
#define AG_TRACT_KERNEL ag_tract_kernel_avx2
#include "kernel.h"
#endif
