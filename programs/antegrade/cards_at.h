/** @file cards_at.h Cards of a folder, or of a revision in git. */
#ifndef AG_CARDS_AT_H
#define AG_CARDS_AT_H

#include "antegrade/knowledge.h"

/**
 * Load the cards of `what`: a folder, or where there is none of this name a revision of the git
 * repository of the working directory, REVISION:PATH, or REVISION for REVISION:knowledge. Programs
 * `git` and `tar` are run for a revision, without a shell, and a temporary folder comes and goes.
 * As ag_knowledge_load; a fault in a card of a revision is told as REVISION:PATH/file. Caller frees
 * with ag_knowledge_free.
 */
ag_status ag_cards_at(ag_knowledge **out, const char *what, ag_error *error);

#endif
