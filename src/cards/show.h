/**
 * @file show.h
 * Cards turned back into nodes, to be shown: the reverse of reading.
 */
#ifndef AG_SHOW_H
#define AG_SHOW_H

#include "fields.h"
#include "text.h"

/** What is needed while one card is shown. */
struct ag_show {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    ag_card_kind kind;
    const ag_variable *variable; /**< the card's, for its states and parents; NULL for causes */
    bool for_people;             /**< numbers as one line of text, not as maps */
    bool *cited;                 /**< per evidence record: whether the card rests on it */
    bool failed;                 /**< out of memory */
};

/** The card as a map; NULL when out of memory. */
ag_node *ag_show_card(ag_show *show, ag_card card);

/** The records that were cited so far, as a list of maps. */
ag_node *ag_show_sources(ag_show *show);

/** An outline of a map for people: at most `width` columns. */
void ag_show_outline(ag_buffer *out, const ag_node *map, int width);

/* ---- fields with a form of their own (see fields.c) ---- */

ag_field_show ag_show_codes;
ag_field_show ag_show_parents;
ag_field_show ag_show_rows;
ag_field_show ag_show_any;
ag_field_show ag_show_state_names;
ag_field_show ag_show_known;
ag_field_show ag_show_range;
ag_field_show ag_show_units;
ag_field_show ag_show_words;
ag_field_show ag_show_onset;
ag_field_show ag_show_offset;
ag_field_show ag_show_attributes;
ag_field_show ag_show_requirements;
ag_field_show ag_show_action_states;

#endif
