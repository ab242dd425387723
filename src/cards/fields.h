/**
 * @file fields.h
 * One table of fields for each struct of the knowledge. The same table drives reading from YAML,
 * checking, writing as C and showing: a new field of a card is one line here, in fields.c.
 */
#ifndef AG_FIELDS_H
#define AG_FIELDS_H

#include "knowledge.h"
#include "yaml_tree.h"

typedef struct ag_reader ag_reader;
typedef struct ag_show ag_show;
typedef struct ag_field ag_field;
typedef struct ag_shape ag_shape;

/** What a member of a struct is in memory. */
typedef enum ag_member {
    AG_MEMBER_NONE, /**< nothing in memory: the field is read into other members, or only checked */
    AG_MEMBER_TEXT, /**< const char * */
    AG_MEMBER_NUMBER,  /**< double */
    AG_MEMBER_INTEGER, /**< int */
    AG_MEMBER_FLAG,    /**< bool: yes or no, or the two words of `words` */
    AG_MEMBER_BITS,    /**< uint32_t */
    AG_MEMBER_STREAM,  /**< uint64_t */
    AG_MEMBER_WORD,    /**< an enum: the position of a word in `words` */
    AG_MEMBER_TEXTS,   /**< ag_texts */
    AG_MEMBER_INDEX,   /**< int: the id of something of `space` */
    AG_MEMBER_INDICES, /**< ag_indices of `space` */
    AG_MEMBER_STRUCT,  /**< one struct of shape `of` */
    AG_MEMBER_ARRAY,   /**< pointer to structs of shape `of`, with a count */
    AG_MEMBER_PART     /**< a map on the card whose fields lie in the same struct */
} ag_member;

/** What an index counts. */
typedef enum ag_space {
    AG_SPACE_EVIDENCE,
    AG_SPACE_CAUSE,
    AG_SPACE_VARIABLE,
    AG_SPACE_FUNCTION, /**< a variable that is a function */
    AG_SPACE_FINDING_VARIABLE,
    AG_SPACE_FINDING,
    AG_SPACE_MECHANISM,
    AG_SPACE_TREATMENT
} ag_space;

/** Where the number of elements of an array stands when not in a member: with the states of a
 * variable. */
typedef enum ag_counted_by { AG_COUNTED, AG_COUNTED_BY_ROW, AG_COUNTED_BY_ACTION } ag_counted_by;

/** Reads the value `node` of a field into `owner`, the struct that has the field. */
typedef void ag_field_read(ag_reader *reader, const ag_node *node, const ag_field *field,
                           void *owner);

/** The field of `owner` as a node to be shown, without its key; NULL when there is nothing to show.
 */
typedef ag_node *ag_field_show(ag_show *show, const ag_field *field, const void *owner);

struct ag_field {
    const char *key;     /**< on the card; NULL: not written there */
    unsigned on;         /**< bit per ag_card_kind where it may stand; 0: all */
    unsigned must;       /**< bit per ag_card_kind where it must stand */
    ag_field_read *read; /**< NULL: by kind of the member */
    ag_field_show *show; /**< NULL: by kind of the member */
    ag_member kind;
    ag_space space;
    const char *const *words; /**< ended by NULL */
    const ag_shape *of;
    const char *member; /**< name in C */
    size_t offset;
    const char *count_member;
    size_t count_offset;
    ag_counted_by counted_by;
};

struct ag_shape {
    const char *name; /**< of the type in C */
    size_t size;
    const ag_field *fields; /**< ended by one without key and member */
};

extern const ag_shape ag_cause_shape;
extern const ag_shape ag_variable_shape;
extern const ag_shape ag_finding_shape;
extern const ag_shape ag_mechanism_shape;
extern const ag_shape ag_evidence_shape;
extern const ag_shape ag_variant_shape;
extern const ag_shape ag_action_shape;
extern const ag_shape ag_row_shape;
extern const ag_shape ag_parameter_shape;
extern const ag_shape ag_measure_shape;
extern const ag_shape ag_code_shape;
extern const ag_shape ag_names_shape;
extern const ag_shape ag_localized_shape;
extern const ag_shape ag_treatment_shape;
extern const ag_shape ag_test_shape;
extern const ag_shape ag_sperm_source_shape;
extern const ag_shape ag_method_shape;
extern const ag_shape ag_red_flag_shape;
extern const ag_shape ag_values_shape;
extern const ag_shape ag_knowledge_shape;

/** The shape of the cards of the plan: treatments, tests, … ; NULL for other kinds. */
const ag_shape *ag_plan_shape(ag_card_kind kind);

/** The number of elements of an array field of `owner`. `states`: what AG_COUNTED_BY_ROW stands
 * for. */
int ag_field_count(const ag_knowledge *knowledge, const ag_field *field, const void *owner,
                   int states);

#endif
