/**
 * @file yaml_tree.h
 * A YAML text as a plain tree in an arena, each node with its line and column.
 *
 * Cards use the plain part of YAML: maps with unique text keys, lists, and scalars, which stay text
 * (`yes`, `1.0` and `null` are not interpreted). Anchors, aliases, tags and several documents in a
 * file are refused.
 */
#ifndef AG_YAML_TREE_H
#define AG_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "fault.h"

typedef enum ag_node_kind { AG_NODE_TEXT, AG_NODE_LIST, AG_NODE_MAP } ag_node_kind;

/** One node; children of lists and maps are chained by `next`, in the order of the text. */
typedef struct ag_node {
    ag_node_kind kind;
    const char *key;  /**< within a map: its key; else NULL */
    const char *text; /**< scalars: the text, "" when empty; else NULL */
    bool quoted;      /**< scalars: written in quotes or as a block */
    int line, column; /**< from 1; of the key where there is one */
    int count;        /**< children */
    struct ag_node *first;
    struct ag_node *next;
} ag_node;

enum { AG_YAML_DEPTH = 24, AG_YAML_BYTES = 8 << 20, AG_YAML_KEYS = 1024 };

/**
 * Parse one document of `length` bytes of UTF-8 into nodes of `arena`. `out` is NULL for an empty
 * text. Fails with AG_ERROR_SYNTAX (line and column set) for what is not such a document,
 * AG_ERROR_TOO_LARGE beyond AG_YAML_DEPTH levels, AG_YAML_BYTES or AG_YAML_KEYS keys in one map,
 * AG_ERROR_MEMORY.
 */
ag_status ag_yaml_parse(ag_arena *arena, const char *text, size_t length, const ag_node **out,
                        ag_error *error);

/** The value of a key of a map, or NULL (also when `map` is NULL or no map). */
const ag_node *ag_node_get(const ag_node *map, const char *key);

#endif
