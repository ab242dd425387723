/** @file cards_diff.h Two actions of `antegrade cards` that run the model or read the years. */
#ifndef AG_CARDS_DIFF_H
#define AG_CARDS_DIFF_H

#include <stdbool.h>

#include "antegrade/knowledge.h"
#include "commands.h"

/** What changes from the cards of A to those of B (the built-in ones where it is not given), each a
 * folder or a revision of git (cards_at.h), in the cases of the folders behind them. */
ag_exit ag_cards_diff(char **operands, int count, bool json);

/** The cards whose newest evidence is older than so many years (10). */
ag_exit ag_cards_old(const ag_knowledge *knowledge, char **operands, int count);

#endif
