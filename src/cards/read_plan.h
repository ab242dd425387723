/** @file read_plan.h Reading the cards of the plan: treatments, tests, conception, red flags. */
#ifndef AG_READ_PLAN_H
#define AG_READ_PLAN_H

#include "build.h"

/** Make the tables of the plan's cards, with their ids only. */
void ag_read_plan_heads(ag_reader *reader, const ag_card_texts *texts);

/** Read and check the plan's cards; variables, causes and evidence are known by then. */
void ag_read_plan_cards(ag_reader *reader, const ag_card_texts *texts);

#endif
