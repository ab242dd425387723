#include "show.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- making nodes ---- */

ag_node *ag_show_make(ag_show *show, ag_node_kind kind) {
    ag_node *node = ag_arena_alloc(show->arena, sizeof *node);
    if (node == NULL)
        show->failed = true;
    else
        node->kind = kind;
    return node;
}

void ag_show_hang(ag_node *parent, const char *key, ag_node *child) {
    if (parent == NULL || child == NULL)
        return;
    ag_node **end = &parent->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = child;
    child->key = key;
    parent->count++;
}

ag_node *ag_show_text(ag_show *show, const char *text) {
    ag_node *node = text != NULL ? ag_show_make(show, AG_NODE_TEXT) : NULL;
    if (node != NULL) {
        node->text = text;
        node->quoted = true;
    }
    return node;
}

static ag_node *bare_node(ag_show *show, const char *text) {
    ag_node *node = ag_show_text(show, text);
    if (node != NULL)
        node->quoted = false;
    else
        show->failed = true;
    return node;
}

ag_node *ag_show_number(ag_show *show, double number) {
    return bare_node(show, ag_arena_format(show->arena, "%.6g", number));
}

ag_node *ag_show_pair(ag_show *show, double low, double high) {
    ag_node *list = ag_show_make(show, AG_NODE_LIST);
    ag_show_hang(list, NULL, ag_show_number(show, low));
    ag_show_hang(list, NULL, ag_show_number(show, high));
    return list;
}

static ag_node *texts_node(ag_show *show, const ag_texts *texts) {
    ag_node *list = texts->count > 0 ? ag_show_make(show, AG_NODE_LIST) : NULL;
    for (int i = 0; i < texts->count; i++)
        ag_show_hang(list, NULL, ag_show_text(show, texts->items[i]));
    return list;
}

static const char *id_in(ag_show *show, ag_space space, int index) {
    const ag_knowledge *k = show->knowledge;
    switch (space) {
    case AG_SPACE_EVIDENCE:
        show->cited[index] = true;
        return k->evidence[index].id;
    case AG_SPACE_CAUSE:
        return k->causes[index].id;
    case AG_SPACE_FINDING:
        return k->variables[k->findings[index].variable].id;
    case AG_SPACE_MECHANISM:
        return k->variables[k->mechanisms[index].variable].id;
    case AG_SPACE_TREATMENT:
        return k->treatments[index].id;
    default:
        return k->variables[index].id;
    }
}

static ag_node *indices_node(ag_show *show, const ag_indices *indices, ag_space space) {
    ag_node *list = indices->count > 0 ? ag_show_make(show, AG_NODE_LIST) : NULL;
    for (int i = 0; i < indices->count; i++)
        ag_show_hang(list, NULL, ag_show_text(show, id_in(show, space, indices->items[i])));
    return list;
}

/* ---- numbers ---- */

static ag_node *parameter_line(ag_show *show, const ag_parameter *p) {
    ag_buffer line = ag_buffer_start(show->arena);
    ag_buffer_format(&line, "%.3g", p->value);
    if (p->low != p->high)
        ag_buffer_format(&line, " [%.3g, %.3g]", p->low, p->high);
    if (p->reason != NULL)
        ag_buffer_format(&line, "%s%s", p->assumption ? "; assumed: " : "; ", p->reason);
    for (int i = 0; i < p->evidence.count; i++)
        ag_buffer_format(&line, "%s%s", i == 0 ? " (" : ", ",
                         id_in(show, AG_SPACE_EVIDENCE, p->evidence.items[i]));
    if (p->evidence.count > 0)
        ag_buffer_add(&line, ")");
    return bare_node(show, ag_buffer_text(&line));
}

static ag_node *parameter_node(ag_show *show, const ag_parameter *p) {
    static const char *const kinds[] = {"exact", "rest", "beta", "log-normal", "normal"};
    if (p->kind == AG_PARAMETER_REST)
        return ag_show_text(show, "rest");
    if (show->for_people)
        return parameter_line(show, p);
    ag_node *map = ag_show_make(show, AG_NODE_MAP);
    ag_show_hang(map, "value", ag_show_number(show, p->value));
    if (p->kind != AG_PARAMETER_EXACT)
        ag_show_hang(map, "interval", ag_show_pair(show, p->low, p->high));
    ag_show_hang(map, "distribution", ag_show_text(show, kinds[p->kind]));
    if (p->kind != AG_PARAMETER_EXACT) {
        ag_show_hang(map, "a", ag_show_number(show, p->a));
        ag_show_hang(map, "b", ag_show_number(show, p->b));
    }
    ag_show_hang(map, "evidence", indices_node(show, &p->evidence, AG_SPACE_EVIDENCE));
    ag_show_hang(map, p->assumption ? "assumption" : "because", ag_show_text(show, p->reason));
    return map;
}

/* States that are certainly absent are left out. */
static ag_node *states_node(ag_show *show, const ag_texts *states, const ag_parameter *numbers) {
    ag_node *map = ag_show_make(show, AG_NODE_MAP);
    for (int s = 0; s < states->count; s++)
        if (numbers[s].kind != AG_PARAMETER_EXACT || numbers[s].value != 0)
            ag_show_hang(map, states->items[s], parameter_node(show, &numbers[s]));
    return map;
}

ag_node *ag_show_action_states(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_action *action = owner;
    return states_node(show, &show->knowledge->variables[action->function].states, action->states);
}

/* The median, and the range that holds 95 % of men. */
static ag_node *time_node(ag_show *show, const ag_parameter *days, double spread) {
    double width = exp(1.96 * spread);
    ag_parameter time = *days;
    if (days->value <= 0)
        return NULL;
    time.low = days->value / width;
    time.high = days->value * width;
    if (show->for_people)
        return parameter_line(show, &time);
    ag_node *map = ag_show_make(show, AG_NODE_MAP);
    ag_show_hang(map, "days", ag_show_number(show, time.value));
    ag_show_hang(map, "interval", ag_show_pair(show, time.low, time.high));
    ag_show_hang(map, "evidence", indices_node(show, &time.evidence, AG_SPACE_EVIDENCE));
    ag_show_hang(map, time.assumption ? "assumption" : "because", ag_show_text(show, time.reason));
    return map;
}

ag_node *ag_show_onset(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_cause *cause = owner;
    return time_node(show, &cause->onset_days, cause->onset_spread);
}

ag_node *ag_show_offset(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_cause *cause = owner;
    return cause->permanent ? ag_show_text(show, "never")
                            : time_node(show, &cause->offset_days, cause->offset_spread);
}

/* ---- tables ---- */

static ag_texts states_of(ag_show *show, ag_ref ref) {
    if (!ref.is_cause)
        return show->knowledge->variables[ref.index].states;
    const ag_cause *cause = &show->knowledge->causes[ref.index];
    const char **ids = ag_arena_array(show->arena, (size_t)cause->variant_count + 1, sizeof *ids);
    if (ids == NULL) {
        show->failed = true;
        return (ag_texts){NULL, 0};
    }
    ids[0] = "absent";
    for (int v = 0; v < cause->variant_count; v++)
        ids[v + 1] = cause->variants[v].id;
    return (ag_texts){ids, cause->variant_count + 1};
}

static const char *ref_id(const ag_show *show, ag_ref ref) {
    return ref.is_cause ? show->knowledge->causes[ref.index].id
                        : show->knowledge->variables[ref.index].id;
}

ag_node *ag_show_parents(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_variable *variable = owner;
    ag_node *list = variable->parent_count > 0 ? ag_show_make(show, AG_NODE_LIST) : NULL;
    for (int i = 0; i < variable->parent_count; i++)
        ag_show_hang(list, NULL, ag_show_text(show, ref_id(show, variable->parents[i])));
    return list;
}

static ag_node *when_node(ag_show *show, const ag_row *row) {
    ag_node *map = ag_show_make(show, AG_NODE_MAP);
    for (int i = 0; i < row->when_count; i++) {
        ag_ref ref = show->variable->parents[row->when[i].parent];
        ag_texts states = states_of(show, ref);
        ag_node *list = ag_show_make(show, AG_NODE_LIST);
        for (int s = 0; s < states.count; s++)
            if ((row->when[i].states >> s & 1) != 0)
                ag_show_hang(list, NULL, ag_show_text(show, states.items[s]));
        ag_show_hang(map, ref_id(show, ref), list);
    }
    return map;
}

static ag_node *row_node(ag_show *show, const ag_row *row) {
    static const char *const families[] = {NULL, "log-normal", "normal", "logit-normal"};
    ag_node *map = ag_show_make(show, AG_NODE_MAP);
    ag_show_hang(map, "when", when_node(show, row));
    if (row->states != NULL) {
        ag_show_hang(map, "then", states_node(show, &show->variable->states, row->states));
        return map;
    }
    if (row->measure.zero.value > 0)
        ag_show_hang(map, "zero", parameter_node(show, &row->measure.zero));
    if (row->measure.family != AG_FAMILY_NONE) {
        ag_show_hang(map, "family", ag_show_text(show, families[row->measure.family]));
        ag_show_hang(map, "median", parameter_node(show, &row->measure.median));
        ag_show_hang(map, "spread", parameter_node(show, &row->measure.spread));
    }
    return map;
}

ag_node *ag_show_rows(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_variable *variable = owner;
    ag_node *list = variable->row_count > 0 ? ag_show_make(show, AG_NODE_LIST) : NULL;
    for (int i = 0; i < variable->row_count; i++)
        ag_show_hang(list, NULL, row_node(show, &variable->rows[i]));
    return list;
}

/* The rules of a mechanism: its rows, but for the last, which holds where no rule does. */
ag_node *ag_show_any(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_variable *variable = owner;
    ag_node *list = ag_show_make(show, AG_NODE_LIST);
    for (int i = 0; i + 1 < variable->row_count; i++) {
        ag_node *rule = ag_show_make(show, AG_NODE_MAP);
        ag_show_hang(rule, "when", when_node(show, &variable->rows[i]));
        ag_show_hang(list, NULL, rule);
    }
    return list;
}

static ag_node *named_states(ag_show *show, const ag_variable *variable, const ag_texts *names) {
    ag_node *map = names->count > 0 ? ag_show_make(show, AG_NODE_MAP) : NULL;
    for (int s = 0; s < names->count; s++)
        ag_show_hang(map, variable->states.items[s], ag_show_text(show, names->items[s]));
    return map;
}

ag_node *ag_show_state_names(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_variable *variable = owner;
    ag_node *map = variable->state_names_en.count > 0 ? ag_show_make(show, AG_NODE_MAP) : NULL;
    ag_show_hang(map, "en", named_states(show, variable, &variable->state_names_en));
    ag_show_hang(map, "es", named_states(show, variable, &variable->state_names_es));
    return map;
}

/* ---- other lists that are maps on the card ---- */

ag_node *ag_show_codes(ag_show *show, const ag_field *field, const void *owner) {
    static const char *const systems[] = {"snomed", "icd10cm", "rxnorm", "atc", "loinc"};
    const ag_code *codes;
    memcpy(&codes, (const char *)owner + field->offset, sizeof codes);
    int count = *(const int *)((const char *)owner + field->count_offset);
    ag_node *map = count > 0 ? ag_show_make(show, AG_NODE_MAP) : NULL;
    for (int system = 0; system < 5; system++) {
        ag_node *list = ag_show_make(show, AG_NODE_LIST);
        for (int i = 0; i < count; i++)
            if ((int)codes[i].system == system)
                ag_show_hang(list, NULL, ag_show_text(show, codes[i].code));
        if (list != NULL && list->count > 0)
            ag_show_hang(map, systems[system], list);
    }
    return map;
}

/* Counts are negative, and a year 0, when they are not known. */
ag_node *ag_show_known(ag_show *show, const ag_field *field, const void *owner) {
    const void *member = (const char *)owner + field->offset;
    double number =
        field->kind == AG_MEMBER_INTEGER ? *(const int *)member : *(const double *)member;
    bool known = field->kind == AG_MEMBER_INTEGER ? number != 0 : number >= 0;
    return known ? ag_show_number(show, number) : NULL;
}

ag_node *ag_show_range(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_finding *finding = owner;
    return finding->value == AG_VALUE_QUANTITY
               ? ag_show_pair(show, finding->range_low, finding->range_high)
               : NULL;
}

ag_node *ag_show_units(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_finding *finding = owner;
    ag_node *map = finding->unit_count > 0 ? ag_show_make(show, AG_NODE_MAP) : NULL;
    for (int i = 0; i < finding->unit_count; i++)
        ag_show_hang(map, finding->units[i].name, ag_show_number(show, finding->units[i].factor));
    return map;
}

ag_node *ag_show_words(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_finding *finding = owner;
    ag_node *map = finding->word_count > 0 ? ag_show_make(show, AG_NODE_MAP) : NULL;
    for (int i = 0; i < finding->word_count; i++) {
        const ag_word *word = &finding->words[i];
        ag_show_hang(map, word->word,
                     finding->value == AG_VALUE_QUANTITY
                         ? ag_show_pair(show, word->low, word->high)
                         : ag_show_text(show, show->variable->states.items[(int)word->low]));
    }
    return map;
}

ag_node *ag_show_attributes(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_cause *cause = owner;
    ag_node *map = cause->attribute_count > 0 ? ag_show_make(show, AG_NODE_MAP) : NULL;
    for (int i = 0; i < cause->attribute_count; i++) {
        const ag_attribute *attribute = &cause->attributes[i];
        ag_node *value = ag_show_make(show, AG_NODE_MAP);
        ag_show_hang(value, "unit", ag_show_text(show, attribute->unit));
        ag_show_hang(value, "values", texts_node(show, &attribute->values));
        ag_show_hang(map, attribute->name, value);
    }
    return map;
}

ag_node *ag_show_requirements(ag_show *show, const ag_field *field, const void *owner) {
    (void)field;
    const ag_variant *variant = owner;
    ag_node *map = variant->when_count > 0 ? ag_show_make(show, AG_NODE_MAP) : NULL;
    for (int i = 0; i < variant->when_count; i++) {
        const ag_requirement *r = &variant->when[i];
        ag_show_hang(map, r->attribute,
                     r->numeric ? ag_show_pair(show, r->low, r->high)
                                : texts_node(show, &r->words));
    }
    return map;
}

/* ---- any struct ---- */

static void add_fields(ag_show *show, ag_node *map, const ag_shape *shape, const void *item);

static ag_node *array_node(ag_show *show, const ag_field *field, const void *owner) {
    const char *items;
    memcpy(&items, (const char *)owner + field->offset, sizeof items);
    int count = ag_field_count(show->knowledge, field, owner, 0);
    ag_node *list = count > 0 ? ag_show_make(show, AG_NODE_LIST) : NULL;
    for (int i = 0; i < count; i++) {
        ag_node *map = ag_show_make(show, AG_NODE_MAP);
        add_fields(show, map, field->of, items + (size_t)i * field->of->size);
        ag_show_hang(list, NULL, map);
    }
    return list;
}

static ag_node *struct_node(ag_show *show, const ag_field *field, const void *item) {
    if (field->of == &ag_parameter_shape)
        return parameter_node(show, item);
    ag_node *map = ag_show_make(show, AG_NODE_MAP);
    add_fields(show, map, field->of, item);
    return map != NULL && map->count > 0 ? map : NULL;
}

static ag_node *word_node(ag_show *show, const ag_field *field, const void *member) {
    int word;
    memcpy(&word, member, sizeof word);
    return ag_show_text(show, field->words[word]);
}

static ag_node *field_node(ag_show *show, const ag_field *field, const void *owner) {
    const void *member = (const char *)owner + field->offset;
    if (field->show != NULL)
        return field->show(show, field, owner);
    switch (field->kind) {
    case AG_MEMBER_TEXT:
        return ag_show_text(show, *(const char *const *)member);
    case AG_MEMBER_NUMBER:
        return ag_show_number(show, *(const double *)member);
    case AG_MEMBER_INTEGER:
        return ag_show_number(show, *(const int *)member);
    case AG_MEMBER_FLAG:
        return field->words != NULL ? ag_show_text(show, field->words[*(const bool *)member])
                                    : bare_node(show, *(const bool *)member ? "true" : "false");
    case AG_MEMBER_WORD:
        return word_node(show, field, member);
    case AG_MEMBER_TEXTS:
        return texts_node(show, member);
    case AG_MEMBER_INDEX:
        return ag_show_text(show, id_in(show, field->space, *(const int *)member));
    case AG_MEMBER_INDICES:
        return indices_node(show, member, field->space);
    case AG_MEMBER_STRUCT:
        return struct_node(show, field, member);
    case AG_MEMBER_PART:
        return struct_node(show, field, owner);
    case AG_MEMBER_ARRAY:
        return array_node(show, field, owner);
    default:
        return NULL;
    }
}

static void add_fields(ag_show *show, ag_node *map, const ag_shape *shape, const void *item) {
    for (const ag_field *f = shape->fields; f->key != NULL || f->member != NULL; f++)
        if (f->key != NULL && (f->on == 0 || (f->on >> show->kind & 1) != 0))
            ag_show_hang(map, f->key, field_node(show, f, item));
}

/* ---- a card ---- */

static void add_variable(ag_show *show, ag_node *map, int index) {
    const ag_knowledge *k = show->knowledge;
    show->variable = &k->variables[index];
    const ag_finding *finding = ag_knowledge_finding_of(k, index);
    const ag_mechanism *mechanism = ag_knowledge_mechanism_of(k, index);
    add_fields(show, map, &ag_variable_shape, show->variable);
    if (finding != NULL)
        add_fields(show, map, &ag_finding_shape, finding);
    if (mechanism != NULL)
        add_fields(show, map, &ag_mechanism_shape, mechanism);
}

ag_node *ag_show_card(ag_show *show, ag_card card) {
    const ag_knowledge *k = show->knowledge;
    ag_node *map = ag_show_make(show, AG_NODE_MAP);
    show->kind = card.kind;
    ag_show_hang(map, "card", ag_show_text(show, ag_card_kind_name(card.kind)));
    if (card.kind == AG_CARD_CAUSE)
        add_fields(show, map, &ag_cause_shape, &k->causes[card.index]);
    else if (card.kind == AG_CARD_EVIDENCE)
        add_fields(show, map, &ag_evidence_shape, &k->evidence[card.index]);
    else if (ag_plan_shape(card.kind) != NULL)
        add_fields(show, map, ag_plan_shape(card.kind), ag_card_item(k, card));
    else
        add_variable(show, map, (int)(ag_card_variable(k, card) - k->variables));
    return show->failed ? NULL : map;
}

ag_node *ag_show_sources(ag_show *show) {
    ag_node *list = ag_show_make(show, AG_NODE_LIST);
    for (int i = 0; i < show->knowledge->evidence_count; i++) {
        if (!show->cited[i])
            continue;
        ag_node *map = ag_show_make(show, AG_NODE_MAP);
        add_fields(show, map, &ag_evidence_shape, &show->knowledge->evidence[i]);
        ag_show_hang(list, NULL, map);
    }
    return list;
}
