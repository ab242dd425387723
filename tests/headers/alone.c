/** @file alone.c Compiled with one public header put before it. */
typedef int ag_alone;
