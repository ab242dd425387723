/**
 * @file show.h
 * Cards turned back into nodes, to be shown: the reverse of reading.
 */
#ifndef AG_SHOW_H
#define AG_SHOW_H

#include "fields.h"
#include "json_writer.h"
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

/* ---- nodes; all NULL when out of memory, and `show` has failed then ---- */

ag_node *ag_show_make(ag_show *show, ag_node_kind kind);
/** A text, or NULL for no text. */
ag_node *ag_show_text(ag_show *show, const char *text);
ag_node *ag_show_number(ag_show *show, double number);
ag_node *ag_show_pair(ag_show *show, double low, double high);
/** Append `child` to a map (with a key) or a list (NULL). One that is NULL is left out. */
void ag_show_hang(ag_node *parent, const char *key, ag_node *child);

/** The card as a map; NULL when out of memory. */
ag_node *ag_show_card(ag_show *show, ag_card card);

/** The records that were cited so far, as a list of maps. */
ag_node *ag_show_sources(ag_show *show);

/** An outline of a map for people: at most `width` columns. */
void ag_show_outline(ag_buffer *out, const ag_node *map, int width);

/** The text as the caller's own; frees the arena. A buffer of NULL stands for one that failed. */
ag_status ag_show_hand_over(ag_buffer *buffer, ag_arena *arena, char **out, ag_error *error);

/** A node as JSON, under its key. */
void ag_show_json(ag_json *json, const ag_node *node);

/** The numbers that rest on a record, a line of text each; NULL when out of memory
 * (show_evidence.c). */
ag_node *ag_show_numbers_on(ag_show *show, int record);

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
