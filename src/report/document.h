/**
 * @file document.h
 * A document for people: a title, headings, paragraphs, lists, and the sources it names. Written as
 * text for a terminal or as part of an HTML page.
 *
 * In its texts "[evidence-id]" or "[id, id]" names the published figures behind a statement; it
 * becomes the number of the source.
 */
#ifndef AG_DOCUMENT_H
#define AG_DOCUMENT_H

#include <stdbool.h>

#include "arena.h"
#include "knowledge.h"
#include "localized.h"
#include "references.h"
#include "text.h"

typedef enum ag_block_kind {
    AG_BLOCK_TITLE,
    AG_BLOCK_HEADING,
    AG_BLOCK_TEXT,
    AG_BLOCK_STRONG,
    AG_BLOCK_ITEM,
    AG_BLOCK_STEP, /* of a numbered list */
    AG_BLOCK_ALERT,
    AG_BLOCK_FAINT,
    AG_BLOCK_PICTURE /* SVG; left out of text */
} ag_block_kind;

typedef struct ag_block {
    ag_block_kind kind;
    const char *text;
    const char *detail; /* of an item or step; may be NULL */
    struct ag_block *next;
} ag_block;

typedef struct ag_document {
    ag_arena *arena;
    const ag_knowledge *knowledge;
    ag_language language;
    ag_block *first;
    ag_block *last;
    ag_references *references; /* its own, unless it is a part of a report */
    int listed;                /* so many of them are listed elsewhere */
    bool failed;               /* memory ran out: the document must not be used */
} ag_document;

/** An empty document; `knowledge` says what the sources are. All borrowed. */
ag_document ag_document_start(ag_arena *arena, const ag_knowledge *knowledge, ag_language language);

/** Add a block. NULL and empty texts add nothing. What stands behind a line break in an item or a
 * step is its detail. */
void ag_document_add(ag_document *document, ag_block_kind kind, const char *text);
void ag_document_format(ag_document *document, ag_block_kind kind, const char *format, ...)
    AG_PRINTF(3, 4);

/** Add the list of sources under a heading; nothing where there are none. */
void ag_document_sources(ag_document *document, const char *heading);

/** The sources that are not listed elsewhere, as a document of their own. */
ag_document ag_document_of_sources(const ag_document *named);

/** Add the list of sources and the version of the knowledge, as every document ends. */
void ag_document_end(ag_document *document);

/** The document as text of `width` columns, with escapes for bold and faint where `color`. */
void ag_document_text(const ag_document *document, ag_buffer *out, int width, bool color);

/** The document as the inside of an HTML page's <main>. */
void ag_document_html(const ag_document *document, ag_buffer *out);

#endif
