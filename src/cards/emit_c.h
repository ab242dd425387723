/** @file emit_c.h The knowledge written as C: constant tables that need no loading. */
#ifndef AG_EMIT_C_H
#define AG_EMIT_C_H

#include "knowledge.h"
#include "text.h"

/**
 * Append a C file that defines ag_knowledge_builtin() and the tables behind it. With `knowledge`
 * NULL the function returns NULL.
 */
void ag_emit_c(ag_buffer *out, const ag_knowledge *knowledge);

#endif
