/** @file tract_rules.h The files of knowledge/tract as text in the program; made by rules.cmake. */
#ifndef AG_TRACT_RULES_H
#define AG_TRACT_RULES_H

#include <stddef.h>

enum { AG_TRACT_RULES_FILES = 2 };

typedef struct ag_tract_rules_file {
    const char *name;
    const char *text;
    size_t length;
} ag_tract_rules_file;

extern const ag_tract_rules_file ag_tract_rules[AG_TRACT_RULES_FILES];

#endif
