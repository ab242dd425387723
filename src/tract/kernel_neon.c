/* Two men at a time on 64-bit ARM. */
#include "block.h"
#if defined(__aarch64__)
#define AG_TRACT_WIDTH 2
#define AG_TRACT_KERNEL ag_tract_kernel_neon
#include "kernel.h"
#endif
