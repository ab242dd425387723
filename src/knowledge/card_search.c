/* Cards by any of their names and codes, best first. */
#include <stdlib.h>
#include <string.h>

#include "knowledge.h"
#include "text.h"

enum { LONGEST = 128 };

/* How well a name answers to the text searched for; spelling is looked at only where nothing else
 * fits. */
enum { SAME, BEGINS, WORDS, CONTAINS, SPELLED, UNFIT = SPELLED + LONGEST };

typedef struct search {
    const ag_knowledge *knowledge;
    char text[LONGEST]; /* folded */
    bool by_spelling;
    ag_card_match *out;
    int *fits; /* parallel to `out` */
    int count, capacity;
} search;

/* Whether a word of `name` begins with the first `length` bytes of `word`. */
static bool has_word(const char *name, const char *word, size_t length) {
    for (const char *at = name; at != NULL; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, word, length) == 0)
            return true;
    }
    return false;
}

static bool has_words(const char *name, const char *text) {
    for (; *text != '\0'; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");
        if (!has_word(name, text, length))
            return false;
        text += length;
    }
    return true;
}

static int fit_of(const search *s, const char *written) {
    char name[LONGEST];
    size_t length = strlen(s->text), limit = length < 9 ? length / 3 : 3;
    if (strlen(written) >= sizeof name)
        return UNFIT;
    ag_text_fold(written, strlen(written), name, sizeof name);
    if (s->by_spelling) {
        int distance = ag_text_distance(name, s->text, (int)limit);
        return distance > (int)limit ? UNFIT : SPELLED + distance;
    }
    if (strcmp(name, s->text) == 0)
        return SAME;
    if (strncmp(name, s->text, length) == 0)
        return BEGINS;
    if (has_words(name, s->text))
        return WORDS;
    return length >= 3 && strstr(name, s->text) != NULL ? CONTAINS : UNFIT;
}

typedef struct best {
    int fit;
    const char *name;
} best;

static void consider(best *b, const search *s, const char *name) {
    int fit = fit_of(s, name);
    if (fit < b->fit)
        *b = (best){fit, name};
}

static best best_of(const search *s, ag_card card) {
    const ag_names *names = ag_card_names(s->knowledge, card);
    const ag_codes *codes = ag_card_codes(s->knowledge, card);
    best b = {UNFIT, NULL};
    for (int i = 0; i < names->en.count; i++)
        consider(&b, s, names->en.items[i]);
    for (int i = 0; i < names->es.count; i++)
        consider(&b, s, names->es.items[i]);
    consider(&b, s, ag_card_id(s->knowledge, card));
    for (int i = 0; codes != NULL && !s->by_spelling && i < codes->count; i++)
        if (fit_of(s, codes->items[i].code) == SAME && b.fit > SAME)
            b = (best){SAME, codes->items[i].code};
    return b;
}

/* Keep a match behind those that fit as well. */
static void keep(search *s, ag_card card, best b) {
    int at = s->count;
    while (at > 0 && s->fits[at - 1] > b.fit)
        at--;
    if (at == s->capacity)
        return;
    if (s->count < s->capacity)
        s->count++;
    size_t moved = (size_t)(s->count - at - 1);
    memmove(&s->out[at + 1], &s->out[at], moved * sizeof *s->out);
    memmove(&s->fits[at + 1], &s->fits[at], moved * sizeof *s->fits);
    s->out[at] = (ag_card_match){card, b.name};
    s->fits[at] = b.fit;
}

static void run(search *s) {
    static const ag_card_kind order[] = {AG_CARD_CAUSE,     AG_CARD_FINDING, AG_CARD_MECHANISM,
                                         AG_CARD_TREATMENT, AG_CARD_TEST,    AG_CARD_FUNCTION,
                                         AG_CARD_EJACULATE, AG_CARD_SOURCE,  AG_CARD_METHOD,
                                         AG_CARD_RED_FLAG};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (int i = 0; i < ag_card_count(s->knowledge, order[k]); i++) {
            ag_card card = {order[k], i};
            best b = *s->text == '\0' ? (best){SAME, ag_card_name(s->knowledge, card, "en")}
                                      : best_of(s, card);
            if (b.fit != UNFIT)
                keep(s, card, b);
        }
}

int ag_card_search(const ag_knowledge *knowledge, const char *text, ag_card_match *out,
                   int capacity) {
    search s = {.knowledge = knowledge, .out = out, .capacity = capacity};
    size_t length = strlen(text);
    if (length >= sizeof s.text || capacity <= 0)
        return 0;
    ag_text_fold(text, length, s.text, sizeof s.text);
    s.fits = malloc((size_t)capacity * sizeof *s.fits);
    if (s.fits == NULL)
        return 0;
    run(&s);
    if (s.count == 0) {
        s.by_spelling = true;
        run(&s);
    }
    free(s.fits);
    return s.count;
}
