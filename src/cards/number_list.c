/* The tables of fields lead to every number of a card; the way there is its place. */
#include "number_list.h"

#include <math.h>
#include <string.h>

#include "fields.h"
#include "text.h"

typedef struct walk {
    const ag_knowledge *knowledge;
    ag_number_list *list;
    ag_arena *arena;
    ag_card card;
    const ag_variable *variable; /* whose rows and states are walked */
    bool failed;
} walk;

/* ---- support ---- */

static ag_support support_of(const ag_knowledge *knowledge, const ag_parameter *parameter) {
    ag_support best = AG_SUPPORT_NOT_CONFIRMABLE;
    if (parameter->assumption || parameter->evidence.count == 0)
        return AG_SUPPORT_ASSUMPTION;
    for (int i = 0; i < parameter->evidence.count; i++) {
        const ag_evidence *record = &knowledge->evidence[parameter->evidence.items[i]];
        ag_support own = record->audit == AG_AUDIT_NOT_CONFIRMABLE ? AG_SUPPORT_NOT_CONFIRMABLE
                         : record->audit == AG_AUDIT_NONE          ? AG_SUPPORT_NOT_AUDITED
                                                                   : AG_SUPPORT_FOUND;
        best = own > best ? own : best;
    }
    return best;
}

/* ---- the list ---- */

static void add(walk *w, const ag_parameter *parameter, const char *place, const char *slot) {
    ag_number_list *list = w->list;
    if (parameter->kind == AG_PARAMETER_REST ||
        (parameter->kind == AG_PARAMETER_EXACT && parameter->reason == NULL))
        return;
    if (list->count == list->capacity) {
        int capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        ag_number *items = ag_arena_array(w->arena, (size_t)capacity, sizeof *items);
        w->failed = w->failed || items == NULL;
        if (items == NULL)
            return;
        if (list->count > 0)
            memcpy(items, list->items, (size_t)list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] =
        (ag_number){w->card, place, slot, parameter, support_of(w->knowledge, parameter)};
}

static const char *joined(walk *w, const char *place, const char *step) {
    if (step == NULL || step[0] == '\0')
        return place;
    const char *text = place[0] == '\0' ? step : ag_arena_format(w->arena, "%s %s", place, step);
    w->failed = w->failed || text == NULL;
    return text != NULL ? text : "";
}

/* ---- what an element of a list is called ---- */

static const char *parent_state(const walk *w, ag_ref ref, int state) {
    if (!ref.is_cause)
        return w->knowledge->variables[ref.index].states.items[state];
    return state == 0 ? "absent" : w->knowledge->causes[ref.index].variants[state - 1].id;
}

/* "route: backward or split, turp: absent", or "else". */
static const char *row_name(walk *w, const ag_row *row) {
    ag_buffer text = ag_buffer_start(w->arena);
    for (int i = 0; i < row->when_count; i++) {
        ag_ref ref = w->variable->parents[row->when[i].parent];
        const char *id = ref.is_cause ? w->knowledge->causes[ref.index].id
                                      : w->knowledge->variables[ref.index].id;
        const char *before = ": ";
        ag_buffer_format(&text, "%s%s", i == 0 ? "" : ", ", id);
        for (int s = 0; s < ag_knowledge_states(w->knowledge, ref); s++) {
            if ((row->when[i].states >> s & 1) == 0)
                continue;
            ag_buffer_format(&text, "%s%s", before, parent_state(w, ref, s));
            before = " or ";
        }
    }
    if (row->when_count == 0)
        ag_buffer_add(&text, "else");
    return ag_buffer_text(&text);
}

static const char *element_name(walk *w, const ag_shape *shape, const void *item, int index) {
    if (shape == &ag_row_shape)
        return row_name(w, item);
    if (shape == &ag_action_shape)
        return w->knowledge->variables[((const ag_action *)item)->function].id;
    for (const ag_field *f = shape->fields; f->key != NULL || f->member != NULL; f++) {
        const void *member = (const char *)item + f->offset;
        if (f->key != NULL && f->kind == AG_MEMBER_TEXT && strcmp(f->key, "id") == 0)
            return *(const char *const *)member;
        if (f->key != NULL && f->kind == AG_MEMBER_TEXT && strcmp(f->key, "state") == 0)
            return *(const char *const *)member;
        if (f->key != NULL && f->kind == AG_MEMBER_NUMBER && strncmp(f->key, "from", 4) == 0)
            return ag_arena_format(w->arena, "from %g", *(const double *)member);
    }
    return ag_arena_format(w->arena, "%d", index + 1);
}

/* ---- the walk ---- */

static void walk_struct(walk *w, const ag_shape *shape, const void *item, const char *place,
                        const char *slot);

static const ag_texts *states_of(const walk *w, const ag_field *field, const void *owner) {
    if (field->counted_by == AG_COUNTED_BY_ACTION)
        return &w->knowledge->variables[((const ag_action *)owner)->function].states;
    return &w->variable->states;
}

static void walk_array(walk *w, const ag_field *field, const void *owner, const char *place,
                       const char *slot) {
    const char *items;
    memcpy(&items, (const char *)owner + field->offset, sizeof items);
    int states = w->variable != NULL ? w->variable->states.count : 0;
    int count = ag_field_count(w->knowledge, field, owner, states);
    bool numbers = field->of == &ag_parameter_shape;
    for (int i = 0; i < count; i++) {
        const void *item = items + (size_t)i * field->of->size;
        const char *name = numbers ? states_of(w, field, owner)->items[i]
                           : field->of == &ag_variant_shape && count == 1
                               ? ""
                               : element_name(w, field->of, item, i);
        bool alike = numbers || field->of == &ag_action_shape;
        const char *own = alike ? joined(w, slot, name) : slot;
        if (numbers)
            add(w, item, joined(w, place, name), own);
        else
            walk_struct(w, field->of, item, joined(w, place, name), own);
    }
}

static const char *family_of(const ag_measure *measure) {
    static const char *const names[] = {"", "log-normal", "normal", "logit-normal"};
    return names[measure->family];
}

static void walk_struct(walk *w, const ag_shape *shape, const void *item, const char *place,
                        const char *slot) {
    for (const ag_field *f = shape->fields; f->key != NULL || f->member != NULL; f++) {
        const char *key = f->key != NULL && strcmp(f->key, "variants") != 0 &&
                                  strcmp(f->key, "rows") != 0 && strcmp(f->key, "acts_on") != 0 &&
                                  strcmp(f->key, "states") != 0 && strcmp(f->key, "p") != 0
                              ? f->key
                              : "";
        const void *member = (const char *)item + f->offset;
        if (f->kind == AG_MEMBER_STRUCT && f->of == &ag_parameter_shape)
            add(w, member, joined(w, place, key), joined(w, slot, key));
        else if (f->kind == AG_MEMBER_STRUCT && f->of == &ag_measure_shape)
            walk_struct(w, f->of, member, place, joined(w, slot, family_of(member)));
        else if (f->kind == AG_MEMBER_ARRAY)
            walk_array(w, f, item, joined(w, place, key), joined(w, slot, key));
    }
}

static void walk_card(walk *w, ag_card card) {
    const ag_knowledge *k = w->knowledge;
    w->card = card;
    w->variable = NULL;
    if (card.kind == AG_CARD_CAUSE) {
        walk_struct(w, &ag_cause_shape, &k->causes[card.index], "", "");
    } else if (ag_plan_shape(card.kind) != NULL) {
        walk_struct(w, ag_plan_shape(card.kind), ag_card_item(k, card), "", "");
    } else if (card.kind != AG_CARD_EVIDENCE) {
        w->variable = ag_card_variable(k, card);
        walk_struct(w, &ag_variable_shape, w->variable, "", "");
    }
}

bool ag_number_list_make(ag_number_list *out, const ag_knowledge *knowledge, ag_card card,
                         ag_arena *arena) {
    *out = (ag_number_list){0};
    walk w = {.knowledge = knowledge, .list = out, .arena = arena};
    if (card.kind != AG_CARD_KINDS) {
        walk_card(&w, card);
        return !w.failed;
    }
    for (int kind = 0; kind < AG_CARD_EVIDENCE; kind++)
        for (int i = 0; i < ag_card_count(knowledge, (ag_card_kind)kind); i++)
            walk_card(&w, (ag_card){(ag_card_kind)kind, i});
    return !w.failed;
}

const char *ag_audit_name(ag_audit audit) {
    static const char *const names[] = {"not audited", "confirmed", "corrected", "not confirmable"};
    return names[audit];
}

const char *ag_support_name(ag_support support) {
    static const char *const names[] = {"assumption", "not confirmable", "not audited",
                                        "confirmed"};
    return names[support];
}

double ag_number_width(const ag_parameter *p) {
    if (p->kind == AG_PARAMETER_BETA) {
        const double least = 1e-3;
        double low = fmax(p->low, least), high = fmin(p->high, 1 - least);
        return fmax(0, log(high / (1 - high)) - log(low / (1 - low)));
    }
    if (p->low > 0)
        return log(p->high / p->low);
    return p->high - p->low;
}
