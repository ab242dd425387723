/* The input takes the place of one card of a small set; what is accepted is written and shown. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "emit_c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds)
        abort();
}

static void use(const ag_knowledge *knowledge, ag_arena *arena) {
    ag_buffer buffer = ag_buffer_start(arena);
    ag_emit_c(&buffer, knowledge);
    must(ag_buffer_text(&buffer) != NULL);
    for (int kind = 0; kind < AG_CARD_KINDS; kind++) {
        for (int i = 0; i < ag_card_count(knowledge, (ag_card_kind)kind); i++) {
            char *text;
            ag_card card = {(ag_card_kind)kind, i}, found;
            must(ag_card_find(knowledge, ag_card_id(knowledge, card), &found));
            if (ag_card_show(knowledge, card, AG_CARD_TEXT, &text, NULL) == AG_OK)
                free(text);
        }
    }
}

/* The set with the input as card `at`, or as the card whose id it has. */
static void run(const char *input, size_t size, int at) {
    ag_arena *arena = ag_arena_new();
    ag_problems *problems = ag_problems_new();
    ag_card_texts texts;
    if (!ag_card_texts_read(&texts, arena, AG_SOURCE_DIR "/tests/unit/cards/data", problems))
        abort();
    texts.sources[at % texts.count].text = input;
    texts.sources[at % texts.count].length = size;
    ag_knowledge *knowledge = ag_knowledge_build(arena, &texts, problems);
    ag_problems_sort(problems);
    for (int i = 0; i < ag_problems_count(problems); i++)
        must(ag_problems_item(problems, i)->message[0] != '\0');
    if (knowledge != NULL && ag_problems_count(problems) == 0)
        use(knowledge, arena);
    ag_problems_free(problems);
    ag_arena_free(arena);
}

/* In the order of the set: kinds in order, then names. */
static const char *const ids[] = {"bladder-neck", "emission",        "collection",   "route",
                                  "dry",          "retrograde",      "cloudy-urine", "semen-volume",
                                  "urine-sperm",  "finger-cracking", "silodosin",    "turp"};
enum { CARDS = sizeof ids / sizeof ids[0] };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    int at = strncmp(text, "- id", 4) == 0 ? CARDS : (int)(size % CARDS);
    for (int i = 0; i < CARDS; i++) {
        char line[64];
        snprintf(line, sizeof line, "id: %s\n", ids[i]);
        if (strncmp(text, line, strlen(line)) == 0)
            at = i;
    }
    run(text, size, at);
    free(text);
    return 0;
}
