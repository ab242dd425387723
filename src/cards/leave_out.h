/**
 * @file leave_out.h
 * The knowledge without a study.
 */
#ifndef AG_LEAVE_OUT_H
#define AG_LEAVE_OUT_H

#include "knowledge.h"

/** The reason of a number that stands in for one that rested on a study left out. */
extern const char ag_stand_in_reason[];

/**
 * Give every number of `knowledge` that a person read from one of the evidence records `ids`, or
 * that has no count left without them, the distribution of the numbers of its kind. What its card
 * says is not looked at, nor is any number that rests on the same records. `knowledge` was read
 * without the counts of these records. False when out of memory.
 */
bool ag_leave_out(ag_knowledge *knowledge, const ag_texts *ids);

#endif
