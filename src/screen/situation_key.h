/** @file situation_key.h What of a man reaches the model, as bytes. */
#ifndef AG_SITUATION_KEY_H
#define AG_SITUATION_KEY_H

#include "situation.h"
#include "text.h"

/** Append all of a situation that the network is built from: situations of the same bytes have the
 * same network, to the last bit. */
void ag_situation_key(const ag_situation *situation, const ag_knowledge *knowledge, ag_buffer *out);

#endif
