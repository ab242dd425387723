/**
 * @file reader.h
 * Reading cards: from nodes of YAML to the structs of the knowledge, with every fault noted and
 * none fatal.
 *
 * All readers follow one rule: what cannot be read is reported with file, line and column, and the
 * target keeps a harmless value, so that the rest of the folder is still checked.
 */
#ifndef AG_READER_H
#define AG_READER_H

#include <stdint.h>

#include "fields.h"
#include "problems.h"
#include "text.h"

/** One file of the folder. */
typedef struct ag_card_source {
    ag_card_kind kind;
    const char *name; /**< file name without ".yaml": the id that the card must have */
    const char *path; /**< as messages show it */
    const char *text;
    size_t length;
    const ag_node *root; /**< NULL when the text could not be parsed */
} ag_card_source;

struct ag_reader {
    ag_arena *arena; /**< owns the tables */
    ag_problems *problems;
    ag_knowledge *knowledge; /**< ids, states and variants are known from the start */
    ag_texts left_out;       /**< ids of evidence records that counts are pooled without */
    bool failed;             /**< out of memory */

    /* The card being read. */
    const ag_card_source *source;
    ag_variable *variable;
    ag_finding *finding;
    ag_cause *cause;
    ag_mechanism *mechanism;

    /* The place within it, which names the random streams of its numbers. */
    char path[256];
    size_t path_length;
};

/* ---- help for readers ---- */

/** Note a fault at a node of the card being read. */
void ag_reader_problem(ag_reader *reader, const ag_node *node, ag_status code, const char *format,
                       ...) AG_PRINTF(4, 5);

/** `count` zeroed elements of the tables' arena; NULL (and `failed`) when out of memory. */
void *ag_reader_array(ag_reader *reader, int count, size_t size);

/** Go one step deeper in the path; returns the length to give to ag_reader_leave. */
size_t ag_reader_enter(ag_reader *reader, const char *step);
void ag_reader_leave(ag_reader *reader, size_t length);

/** A node as text, number or word of a list; false (and a fault noted) when it is none. */
bool ag_read_text(ag_reader *reader, const ag_node *node, const char **out);
bool ag_read_number(ag_reader *reader, const ag_node *node, double *out);
bool ag_read_word(ag_reader *reader, const ag_node *node, const char *const *words, int *out);

/** Two ascending numbers `[low, high]`; false (and a fault noted) when it is not that. */
bool ag_read_interval(ag_reader *reader, const ag_node *node, double *low, double *high);

/** A list of texts; a single text counts as a list of one. */
ag_texts ag_read_texts(ag_reader *reader, const ag_node *node);

/** An id of `space` as an index, or -1 (and a fault noted, with the nearest ids). */
int ag_read_index(ag_reader *reader, const ag_node *node, ag_space space);
ag_indices ag_read_indices(ag_reader *reader, const ag_node *node, ag_space space);

/** Position of `text` among `texts`, or -1. */
int ag_texts_find(const ag_texts *texts, const char *text);

/** ` Did you mean "a" or "b"?` for a misspelt text; "" when nothing is near. Borrowed from the
 * problems. */
const char *ag_reader_nearest(ag_reader *reader, const char *text, const ag_texts *known);

/** Whether `node` is a map or list; notes a fault that says what `what` should be otherwise. */
bool ag_reader_is(ag_reader *reader, const ag_node *node, ag_node_kind kind, const char *what);

/** Refuse the keys of a map that are not in `known` (ended by NULL). */
void ag_reader_keys(ag_reader *reader, const ag_node *map, const char *const *known);

/** Read a map by the fields of one or more shapes, each into its own struct. */
typedef struct ag_target {
    const ag_shape *shape;
    void *item;
} ag_target;
void ag_read_map(ag_reader *reader, const ag_node *map, const ag_target *targets, int count);

/** A list of structs of shape `field->of`. */
ag_field_read ag_read_array;

/* ---- numbers (numbers.c) ---- */

/** What kind of quantity a number of a card is. */
typedef enum ag_number_role {
    AG_NUMBER_PROBABILITY,
    AG_NUMBER_POSITIVE,
    AG_NUMBER_REAL
} ag_number_role;

/** A number in one of the forms of docs/knowledge.md. `value_key` is "value", or "days" for times.
 */
ag_parameter ag_read_parameter(ag_reader *reader, const ag_node *node, ag_number_role role,
                               const char *value_key);

/** A number that is certain by definition. */
ag_parameter ag_parameter_exact(double value);

/* ---- readers of particular fields (rows.c, read_cause.c, read_finding.c) ---- */

ag_field_read ag_read_probability;
ag_field_read ag_read_names;
ag_field_read ag_read_parents;
ag_field_read ag_read_rows;
ag_field_read ag_read_any;
ag_field_read ag_read_scope;
ag_field_read ag_read_state_names;
ag_field_read ag_read_codes;
ag_field_read ag_read_units;
ag_field_read ag_read_words;
ag_field_read ag_read_range;
ag_field_read ag_read_onset;
ag_field_read ag_read_offset;
ag_field_read ag_read_attributes;
ag_field_read ag_read_acts_on;
ag_field_read ag_read_variants;
ag_field_read ag_read_action_states;
ag_field_read ag_read_requirements;
ag_field_read ag_read_cleared;
ag_field_read ag_read_positive;
ag_field_read ag_read_treatment_days;

/* Fields that are checked and not kept. */
ag_field_read ag_read_only_text;
ag_field_read ag_read_only_number;
ag_field_read ag_read_only_interval;
ag_field_read ag_read_only_comparator;

/** The states of one row: `node` maps states to numbers; what is not named is 0. */
const ag_parameter *ag_read_states(ag_reader *reader, const ag_node *node, const ag_texts *states,
                                   bool first_is_rest);

#endif
