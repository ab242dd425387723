/**
 * @file number_list.h
 * All uncertain numbers of the knowledge, each with its place.
 */
#ifndef AG_NUMBER_LIST_H
#define AG_NUMBER_LIST_H

#include "knowledge.h"

/** What a number rests on, the weakest first. */
typedef enum ag_support {
    AG_SUPPORT_ASSUMPTION,      /**< no evidence sets it */
    AG_SUPPORT_NOT_CONFIRMABLE, /**< none of its records could be found again */
    AG_SUPPORT_NOT_AUDITED,     /**< one at least was not looked up again, and none was found */
    AG_SUPPORT_FOUND            /**< one at least was confirmed or corrected */
} ag_support;

typedef struct ag_number {
    ag_card card;
    const char *place; /**< on the card, such as "usual-dose emission none" */
    const char *slot;  /**< its place but for variant, row or item: "emission none" */
    const ag_parameter *parameter;
    ag_support support;
} ag_number;

typedef struct ag_number_list {
    ag_number *items;
    int count, capacity;
} ag_number_list;

/**
 * The numbers of one card, or with kind AG_CARD_KINDS of all cards, in their order: what is certain
 * by definition, and what the other states of a row leave, is no number. They and their places
 * belong to `arena`. False when out of memory.
 */
bool ag_number_list_make(ag_number_list *out, const ag_knowledge *knowledge, ag_card card,
                         ag_arena *arena);

/** What a record is called that was looked up again so: "confirmed", … Borrowed for ever. */
const char *ag_audit_name(ag_audit audit);

/** "assumption", "not confirmable", "not audited", "confirmed". Borrowed for ever. */
const char *ag_support_name(ag_support support);

/**
 * How wide the 95 % interval of a number is: for probabilities on the logit scale, for positive
 * quantities as the logarithm of a ratio, else in its own unit.
 */
double ag_number_width(const ag_parameter *parameter);

#endif
