/**
 * @file references.h
 * The numbered sources of a report: each publication once, however many of its figures are used.
 */
#ifndef AG_REFERENCES_H
#define AG_REFERENCES_H

#include "arena.h"
#include "knowledge.h"
#include "language.h"

typedef struct ag_references ag_references;

/** No sources yet; all in `arena`, `knowledge` is borrowed. NULL when out of memory. */
ag_references *ag_references_new(ag_arena *arena, const ag_knowledge *knowledge);

/** The number of the publication of an evidence record, from 1; a new one is added behind the
 * others. 0 where there is no such record, or `references` is NULL. */
int ag_references_number(ag_references *references, const char *id);

/** The numbers of several records, each once, into `out` (room for `most`). Returns how many there
 * are, also where that is more than `most`. */
int ag_references_numbers(ag_references *references, const char *const *ids, int count, int *out,
                          int most);

/** How many publications there are. */
int ag_references_count(const ag_references *references);

/** A publication as a list of sources has it, and whether its figures could be confirmed. */
const char *ag_references_text(const ag_references *references, int number, ag_language language);

#endif
