/* Faults that show only when all cards are known: names and codes used twice, variables in a
 * circle. */
#include <stdlib.h>
#include <string.h>

#include "build.h"

/* ---- names and codes ---- */

/* A name or code of a card; those that are equal make the card ambiguous. */
typedef struct claim {
    const char *folded;
    const char *text;
    const ag_card_source *source;
    bool medicine, measurement; /* what kind of card it is */
    bool absent;                /* it says that the card's finding is absent */
} claim;

typedef struct claims {
    ag_reader *reader;
    claim *items;
    int count, capacity;
    bool medicine, measurement, absent; /* of the names that are being added */
} claims;

static void add_claim(claims *c, const ag_card_source *source, const char *folded,
                      const char *text) {
    if (c->count == c->capacity) {
        int capacity = c->capacity == 0 ? 256 : 2 * c->capacity;
        claim *items = ag_arena_array(c->reader->problems->arena, (size_t)capacity, sizeof *items);
        if (items == NULL) {
            c->reader->failed = true;
            return;
        }
        if (c->count > 0)
            memcpy(items, c->items, (size_t)c->count * sizeof *items);
        c->items = items;
        c->capacity = capacity;
    }
    if (folded == NULL)
        c->reader->failed = true;
    else
        c->items[c->count++] =
            (claim){folded, text, source, c->medicine, c->measurement, c->absent};
}

static void add_name(claims *c, const ag_card_source *source, const char *name) {
    add_claim(c, source, ag_text_folded(c->reader->problems->arena, name), name);
}

static void add_names(claims *c, const ag_card_source *source, const ag_names *names) {
    for (int i = 0; i < names->en.count; i++)
        add_name(c, source, names->en.items[i]);
    for (int i = 0; i < names->es.count; i++)
        add_name(c, source, names->es.items[i]);
}

static void add_codes(claims *c, const ag_card_source *source, const ag_codes *codes) {
    for (int i = 0; i < codes->count; i++)
        add_claim(c, source,
                  ag_arena_format(c->reader->problems->arena, "%d:%s", (int)codes->items[i].system,
                                  codes->items[i].code),
                  codes->items[i].code);
}

static int compare_claims(const void *a, const void *b) {
    const claim *x = a, *y = b;
    int order = strcmp(x->folded, y->folded);
    if (order == 0)
        order = strcmp(x->source->path, y->source->path);
    return order != 0 ? order : x->absent - y->absent;
}

/* The node of the card that holds a text, so that the fault has a line. */
static const ag_node *find_text(const ag_node *node, const char *text) {
    for (const ag_node *n = node; n != NULL; n = n->next) {
        if (n->kind == AG_NODE_TEXT && strcmp(n->text, text) == 0)
            return n;
        const ag_node *found = find_text(n->first, text);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* A medicine and a measurement may share a name, as testosterone does: one is taken, the other has
 * a value. */
static bool can_share(const claim *x, const claim *y) {
    return (x->medicine && y->measurement) || (x->measurement && y->medicine);
}

static void report_twins(claims *c, const char *what) {
    if (c->count > 0)
        qsort(c->items, (size_t)c->count, sizeof *c->items, compare_claims);
    for (int i = 1; i < c->count; i++) {
        const claim *x = &c->items[i - 1], *y = &c->items[i];
        bool alike = x->source == y->source && x->absent == y->absent;
        if (strcmp(x->folded, y->folded) != 0 || alike || can_share(x, y))
            continue;
        c->reader->source = y->source;
        ag_reader_problem(c->reader, find_text(y->source->root, y->text), AG_ERROR_NAME,
                          "the %s \"%s\" also stands on %s; it can only mean one of them", what,
                          y->text, x->source->path);
    }
}

static void check_claims(ag_reader *reader, const ag_card_texts *texts) {
    claims names = {.reader = reader}, codes = {.reader = reader};
    const ag_knowledge *k = reader->knowledge;
    int variable = 0, cause = 0, finding = 0;
    for (int i = 0; i < texts->count; i++) {
        const ag_card_source *source = &texts->sources[i];
        if (source->kind > AG_CARD_CAUSE)
            continue;
        bool is_cause = source->kind == AG_CARD_CAUSE;
        const ag_cause *c = is_cause ? &k->causes[cause++] : NULL;
        const ag_variable *v = is_cause ? NULL : &k->variables[variable++];
        names.medicine = is_cause && c->kind == AG_CAUSE_MEDICINE;
        const ag_finding *f = source->kind == AG_CARD_FINDING ? &k->findings[finding++] : NULL;
        names.measurement = f != NULL && f->value == AG_VALUE_QUANTITY;
        if (is_cause || f != NULL) {
            add_name(&names, source, source->name);
            add_names(&names, source, is_cause ? &c->names : &v->names);
        }
        names.absent = true;
        if (f != NULL)
            add_names(&names, source, &f->absent_names);
        names.absent = false;
        add_codes(&codes, source, is_cause ? &c->codes : &v->codes);
    }
    if (!reader->failed) {
        report_twins(&names, "name");
        report_twins(&codes, "code");
    }
}

/* ---- ids across folders ---- */

static void check_ids(ag_reader *reader, const ag_card_texts *texts) {
    for (int i = 0; i < texts->count; i++)
        for (int j = 0; j < i; j++) {
            const ag_card_source *a = &texts->sources[j], *b = &texts->sources[i];
            if (a->kind == AG_CARD_EVIDENCE || b->kind == AG_CARD_EVIDENCE || a->kind == b->kind ||
                strcmp(a->name, b->name) != 0)
                continue;
            reader->source = b;
            ag_reader_problem(reader, ag_node_get(b->root, "id"), AG_ERROR_NAME,
                              "the id \"%s\" is also that of %s; rename one", b->name, a->path);
        }
}

/* ---- circles ---- */

typedef enum mark { UNSEEN, OPEN, DONE } mark;

typedef struct walk {
    ag_reader *reader;
    const ag_card_texts *texts;
    mark *marks;
    int *trail; /* the open variables, from the start of the walk */
    int depth;
} walk;

static const ag_card_source *source_of(const ag_card_texts *texts, const char *id) {
    for (int i = 0; i < texts->count; i++)
        if (texts->sources[i].kind <= AG_CARD_FINDING && strcmp(texts->sources[i].name, id) == 0)
            return &texts->sources[i];
    return NULL;
}

static void report_circle(walk *w, int variable) {
    const ag_knowledge *k = w->reader->knowledge;
    ag_buffer circle = ag_buffer_start(w->reader->problems->arena);
    int i = w->depth - 1;
    ag_buffer_add(&circle, k->variables[variable].id);
    for (; i >= 0; i--) {
        ag_buffer_format(&circle, " <- %s", k->variables[w->trail[i]].id);
        if (w->trail[i] == variable)
            break;
    }
    const char *text = ag_buffer_text(&circle);
    w->reader->source = source_of(w->texts, k->variables[variable].id);
    if (w->reader->source != NULL)
        ag_reader_problem(w->reader, ag_node_get(w->reader->source->root, "parents"),
                          AG_ERROR_VALUE,
                          "the variable depends on itself: %s; remove one of these parents",
                          text != NULL ? text : "");
}

static void visit(walk *w, int variable) {
    const ag_variable *v = &w->reader->knowledge->variables[variable];
    w->marks[variable] = OPEN;
    w->trail[w->depth++] = variable;
    for (int i = 0; i < v->parent_count; i++) {
        if (v->parents[i].is_cause)
            continue;
        int parent = v->parents[i].index;
        if (w->marks[parent] == OPEN)
            report_circle(w, parent);
        else if (w->marks[parent] == UNSEEN)
            visit(w, parent);
    }
    w->depth--;
    w->marks[variable] = DONE;
}

static void check_circles(ag_reader *reader, const ag_card_texts *texts) {
    int count = reader->knowledge->variable_count;
    ag_arena *scratch = reader->problems->arena;
    walk w = {.reader = reader, .texts = texts};
    w.marks = ag_arena_array(scratch, (size_t)count, sizeof *w.marks);
    w.trail = ag_arena_array(scratch, (size_t)count, sizeof *w.trail);
    if (w.marks == NULL || w.trail == NULL) {
        reader->failed = true;
        return;
    }
    for (int i = 0; i < count; i++)
        if (w.marks[i] == UNSEEN)
            visit(&w, i);
}

/* ---- findings ---- */

static const char *const sample_names[] = {"the man", "a semen sample", "a urine sample"};

static void check_coarser(ag_reader *reader, const ag_card_texts *texts) {
    const ag_knowledge *k = reader->knowledge;
    for (int i = 0; i < k->finding_count; i++) {
        const ag_finding *finding = &k->findings[i];
        for (int j = 0; j < finding->coarser.count; j++) {
            const ag_finding *other = &k->findings[finding->coarser.items[j]];
            if (other != finding && other->sample == finding->sample)
                continue;
            reader->source = source_of(texts, k->variables[finding->variable].id);
            if (reader->source == NULL)
                continue;
            ag_reader_problem(reader, ag_node_get(reader->source->root, "coarser"), AG_ERROR_VALUE,
                              other == finding
                                  ? "\"%s\" cannot be coarser than itself (it belongs to %s and "
                                    "%s); remove it"
                                  : "\"%s\" belongs to %s and this finding to %s, so that neither "
                                    "makes the other redundant",
                              k->variables[other->variable].id, sample_names[other->sample],
                              sample_names[finding->sample]);
        }
    }
}

void ag_check_together(ag_reader *reader, const ag_card_texts *texts) {
    check_ids(reader, texts);
    check_claims(reader, texts);
    check_circles(reader, texts);
    check_coarser(reader, texts);
}
