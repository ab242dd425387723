/**
 * @file expression.h
 * Arithmetic of the tract's rules: numbers, names, + - * / ^, parentheses, and
 *
 *     lognormal(median, sd) normal(mean, sd) logitnormal(median, sd) uniform(low, high) chance(p)
 *     min(a, b) max(a, b) clamp(x, low, high) exp(x) ln(x) odds(p) share(odds) logit(p) logistic(x)
 *
 * The first line draws; sd is of the logarithm, the value, or the logit. chance(p) is 1 or 0.
 */
#ifndef AG_EXPRESSION_H
#define AG_EXPRESSION_H

#include <stddef.h>
#include <stdint.h>

#include "antegrade/error.h"

/** Where names and random numbers come from. */
typedef struct ag_scope {
    /** The value of a name of `length` bytes, or 0 when there is none. */
    int (*find)(void *user, const char *name, size_t length, double *out);
    void *user;
    uint64_t seed, man, index; /**< random numbers are drawn at index, index + 1 ... */
    int typical;               /**< 1: the median in place of each draw */
} ag_scope;

/** Evaluate. AG_ERROR_SYNTAX or AG_ERROR_NAME with the place in the text; the result is finite. */
ag_status ag_expression_value(double *out, const char *text, ag_scope *scope, ag_error *error);

#endif
