/**
 * @file resolved.h
 * Cases whose diagnosis is known: a case file with the keys `known`, `held_back`, `source` and
 * `leave_out` beside its own (validation/README.md). A vignette (`case` and `expect`) is read
 * alike.
 */
#ifndef AG_RESOLVED_H
#define AG_RESOLVED_H

#include "knowledge.h"
#include "yaml_tree.h"

/** Where a case or a count was published; what is not given is NULL. */
typedef struct ag_publication {
    const char *first_author;
    const char *title;
    const char *about; /**< what it is, where its title is not known */
    const char *journal;
    const char *year;
    const char *pmid;
    const char *doi;
    const char *read; /**< "full text", "abstract", or "secondary": another text that tells it */
} ag_publication;

typedef struct ag_resolved {
    const char *path;
    const char *id;           /**< the file's name without its ending */
    const ag_node *given;     /**< the case, without the keys of this format */
    const ag_node *held_back; /**< the findings that settled it, as a part of a case; or NULL */
    ag_indices mechanisms;    /**< any of these is right: indices into the knowledge's mechanisms */
    ag_indices also;          /**< may be there too: not scored */
    int cause;                /**< index into the knowledge's causes, or -1 */
    const char *by;           /**< test, treatment, operation or clinical */
    const char *how;
    ag_texts leave_out; /**< ids of evidence records of the same study */
    ag_publication source;
} ag_resolved;

typedef struct ag_resolved_list {
    const ag_resolved *items;
    int count;
} ag_resolved_list;

/** Read one file; everything is in `arena`. Messages carry file, line and column. */
ag_status ag_resolved_read(ag_resolved *out, ag_arena *arena, const ag_knowledge *knowledge,
                           const char *path, ag_error *error);

/** The same from `length` bytes of text, which must live as long; `path` is what messages name. */
ag_status ag_resolved_parse(ag_resolved *out, ag_arena *arena, const ag_knowledge *knowledge,
                            const char *path, const char *text, size_t length, ag_error *error);

/** Read those files. */
ag_status ag_resolved_read_all(ag_resolved_list *out, ag_arena *arena,
                               const ag_knowledge *knowledge, const ag_texts *paths,
                               ag_error *error);

/** Read the map `source` of a file; `node` may be NULL. */
ag_status ag_publication_read(ag_publication *out, const ag_node *node, ag_error *error);

/** "Li, Andrologia 2004" and the like; in `arena`. */
const char *ag_publication_text(const ag_publication *source, ag_arena *arena);

/** Both maps as one: lists of the same key one after the other, else the second's value. NULL when
 * out of memory. */
const ag_node *ag_nodes_joined(ag_arena *arena, const ag_node *a, const ag_node *b);

/** A copy of a map without the keys of `keys` (ended by NULL). */
const ag_node *ag_node_without(ag_arena *arena, const ag_node *map, const char *const *keys);

/** The texts of a list, or of a single text; fails at what is neither. */
ag_status ag_node_texts(ag_arena *arena, const ag_node *node, ag_texts *out, ag_error *error);

/** The mechanisms that the texts of `node` name by id; fails with the nearest ids. */
ag_status ag_node_mechanisms(ag_arena *arena, const ag_knowledge *knowledge, const ag_node *node,
                             ag_indices *out, ag_error *error);

#endif
