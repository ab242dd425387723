/**
 * @file leaflets.h
 * The leaflets of knowledge/leaflets, embedded by the build.
 *
 * A leaflet is a small Markdown file, the same name in each language: "# Title", lines "key: words"
 * (about: ids of the cards it explains; reader: patient or laboratory), an empty line, then
 * paragraphs, "## Heading", "- item", "1. step" and "! alert", separated by empty lines.
 */
#ifndef AG_LEAFLETS_H
#define AG_LEAFLETS_H

#include "document.h"

typedef struct ag_leaflet_file {
    const char *id; /**< name of the file */
    const char *text[AG_LANGUAGES];
} ag_leaflet_file;

/** Made by the build, in the order of the ids; the last has no id. */
extern const ag_leaflet_file ag_leaflet_files[];

/** The words behind "key:" in the head of a leaflet, in `arena`; NULL where there is no such key.
 */
const char *ag_leaflet_head(const char *text, const char *key, ag_arena *arena);

/** The leaflet that explains the card `id`, or NULL. */
const ag_leaflet_file *ag_leaflet_about(const char *id, ag_arena *arena);

/** The leaflet of that name, or NULL. */
const ag_leaflet_file *ag_leaflet_named(const char *id);

/** The title of a leaflet's text, in `arena`. */
const char *ag_leaflet_title(const char *text, ag_arena *arena);

typedef enum ag_leaflet_part {
    AG_LEAFLET_WHOLE,    /**< with its title */
    AG_LEAFLET_SECTIONS, /**< without it */
    AG_LEAFLET_FIRST_SECTION,
    AG_LEAFLET_LAST_SECTION
} ag_leaflet_part;

/** Append a leaflet, or a part of it, to a document. */
void ag_leaflet_add(ag_document *document, const char *text, ag_leaflet_part part);

/** Whether two leaflets end in a section of the same heading, such as "Can we have a child?". */
bool ag_leaflet_same_end(const char *text, const char *other);

#endif
