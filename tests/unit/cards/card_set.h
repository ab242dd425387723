/**
 * @file card_set.h
 * A small set of cards for tests (data/), read with one file changed.
 */
#ifndef AG_CARD_SET_H
#define AG_CARD_SET_H

#include <string.h>

#include "build.h"

/** A change of one file: `file` ends its path; the first `find` in it becomes `replace`. */
typedef struct card_change {
    const char *file;
    const char *find;
    const char *replace;
} card_change;

typedef struct card_set {
    ag_arena *arena;
    ag_problems *problems;
    ag_knowledge
        *knowledge; /**< NULL only when out of memory; unfit for use where there are problems */
    int line;       /**< where the change begins */
} card_set;

static inline bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* False when there is no such text in the file. */
static inline bool card_set_change(card_set *set, ag_card_source *source,
                                   const card_change *change) {
    const char *at = strstr(source->text, change->find);
    if (at == NULL)
        return false;
    set->line = 1;
    for (const char *c = source->text; c < at; c++)
        set->line += *c == '\n';
    ag_buffer buffer = ag_buffer_start(set->arena);
    ag_buffer_add_bytes(&buffer, source->text, (size_t)(at - source->text));
    ag_buffer_add(&buffer, change->replace);
    ag_buffer_add(&buffer, at + strlen(change->find));
    source->text = ag_buffer_text(&buffer);
    source->length = buffer.length;
    return source->text != NULL;
}

/** Load the cards with a change (NULL: none), without some evidence. False when the change does not
 * fit. */
static inline bool card_set_load_without(card_set *set, const card_change *change,
                                         ag_texts left_out) {
    ag_card_texts texts;
    *set = (card_set){.arena = ag_arena_new(), .problems = ag_problems_new()};
    bool fits = change == NULL;
    if (!ag_card_texts_read(&texts, set->arena, AG_SOURCE_DIR "/tests/unit/cards/data",
                            set->problems))
        return false;
    if (change != NULL && ends_with(texts.version.path, change->file))
        fits = card_set_change(set, &texts.version, change);
    for (int i = 0; i < texts.count; i++)
        if (change != NULL && ends_with(texts.sources[i].path, change->file))
            fits = card_set_change(set, &texts.sources[i], change);
    texts.left_out = left_out;
    set->knowledge = ag_knowledge_build(set->arena, &texts, set->problems);
    ag_problems_sort(set->problems);
    return fits;
}

/** The same with all evidence. */
static inline bool card_set_load(card_set *set, const card_change *change) {
    return card_set_load_without(set, change, (ag_texts){NULL, 0});
}

static inline void card_set_free(card_set *set) {
    ag_problems_free(set->problems);
    ag_arena_free(set->arena);
}

#endif
