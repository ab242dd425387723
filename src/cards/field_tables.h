/** @file field_tables.h How the tables of fields are written (fields.c, fields_plan.c). */
#ifndef AG_FIELD_TABLES_H
#define AG_FIELD_TABLES_H

#include "fields.h"

#define ON(kind) (1u << AG_CARD_##kind)
#define VARIABLES (ON(FUNCTION) | ON(EJACULATE) | ON(MECHANISM) | ON(FINDING))
#define PLAN (ON(TREATMENT) | ON(TEST) | ON(SOURCE) | ON(METHOD) | ON(RED_FLAG) | ON(VALUES))
#define EVERY (VARIABLES | ON(CAUSE) | ON(EVIDENCE) | PLAN)

#define MEMBER(type, name) .member = #name, .offset = offsetof(type, name)
#define COUNT(type, name) .count_member = #name, .count_offset = offsetof(type, name)
#define WORDS(...)                                                                                 \
    (const char *const[]) {                                                                        \
        __VA_ARGS__, NULL                                                                          \
    }
#define END                                                                                        \
    { .key = NULL }
#define SHAPE(type, table)                                                                         \
    { .name = #type, .size = sizeof(type), .fields = table }

#endif
