/**
 * @file model.h
 * What every assessment works with, opened once: the knowledge, the engine, the names and codes.
 */
#ifndef AG_MODEL_H
#define AG_MODEL_H

#include "antegrade/assess.h"

/** Read only once open; may be shared by threads. */
typedef struct ag_model {
    const ag_knowledge *knowledge;
    ag_knowledge *loaded; /**< NULL where the knowledge is built in */
    ag_engine *engine;
    ag_vocabulary *vocabulary;
} ag_model;

/** Open the cards of `folder`, or the knowledge in the program where it is NULL. Caller ends with
 * ag_model_close, whatever the status. */
ag_status ag_model_open(ag_model *model, const char *folder, ag_error *error);

void ag_model_close(ag_model *model);

#endif
