/** @file compiler.h What C has no words for, and compilers have. */
#ifndef AG_COMPILER_H
#define AG_COMPILER_H

/** Fetch the memory at `address`, which may be anything, into the cache: it is needed soon. */
#if defined(__GNUC__)
#define AG_PREFETCH(address) __builtin_prefetch(address)
#else
#define AG_PREFETCH(address) ((void)(address))
#endif

#endif
