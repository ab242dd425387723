#include "model.h"

#include <stdio.h>

ag_status ag_model_open(ag_model *model, const char *folder, ag_error *error) {
    *model = (ag_model){.knowledge = ag_knowledge_builtin()};
    if (folder != NULL) {
        ag_status status = ag_knowledge_load(&model->loaded, folder, NULL, error);
        if (status != AG_OK)
            return status;
        model->knowledge = model->loaded;
    }
    ag_status status = ag_engine_new(&model->engine, model->knowledge, error);
    if (status != AG_OK)
        return status;
    model->vocabulary = ag_vocabulary_new(model->knowledge);
    if (model->vocabulary != NULL)
        return AG_OK;
    *error = (ag_error){.code = AG_ERROR_MEMORY, .message = "out of memory"};
    return AG_ERROR_MEMORY;
}

void ag_model_close(ag_model *model) {
    ag_vocabulary_free(model->vocabulary);
    ag_engine_free(model->engine);
    ag_knowledge_free(model->loaded);
}
