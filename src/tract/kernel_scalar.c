/* The reference: one man at a time, in plain C. */
#include "block.h"
#define AG_TRACT_WIDTH 1
#define AG_TRACT_KERNEL ag_tract_kernel_scalar
#include "kernel.h"
