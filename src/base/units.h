/**
 * @file units.h
 * Units of measurement as laboratories and UCUM write them, and the factor between two of them.
 *
 * A unit is a product of terms joined by '/' ("10*6/mL", "mg/day", "nmol/L", "million/mL"): each
 * a prefixed unit, a power of ten or a counting word. Annotations in braces are dropped. Masses and
 * amounts of substance are not converted into each other, as that takes the substance.
 */
#ifndef AG_UNITS_H
#define AG_UNITS_H

#include <stdbool.h>

/**
 * The factor that turns a value in `from` into a value in `to`. False when a unit is not known or
 * the two measure different things.
 */
bool ag_unit_factor(const char *from, const char *to, double *factor);

#endif
