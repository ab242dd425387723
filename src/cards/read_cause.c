/* The fields of causes: times, attributes, variants and what they act on. */
#include <math.h>
#include <string.h>

#include "reader.h"

static const double SHARE_TOLERANCE = 1e-9;
static const char *const years = "years"; /* since the exposure began: known of every cause */

/* ---- times ---- */

/* The median is taken as exact: what matters is the spread between men, which the interval gives.
 */
static void read_time(ag_reader *reader, const ag_node *node, ag_parameter *days, double *spread) {
    ag_parameter time = ag_read_parameter(reader, node, AG_NUMBER_POSITIVE, "days");
    if (time.kind != AG_PARAMETER_LOGNORMAL)
        return;
    *spread = time.b;
    *days = ag_parameter_exact(time.value);
    days->evidence = time.evidence;
    days->reason = time.reason;
    days->assumption = time.assumption;
}

void ag_read_onset(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field;
    ag_cause *cause = owner;
    read_time(reader, node, &cause->onset_days, &cause->onset_spread);
}

void ag_read_offset(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field;
    ag_cause *cause = owner;
    cause->permanent = node->kind == AG_NODE_TEXT && strcmp(node->text, "never") == 0;
    if (!cause->permanent)
        read_time(reader, node, &cause->offset_days, &cause->offset_spread);
}

/* ---- attributes ---- */

void ag_read_attributes(ag_reader *reader, const ag_node *node, const ag_field *field,
                        void *owner) {
    ag_cause *cause = owner;
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as {dose_mg: {unit: mg/day}}"))
        return;
    ag_attribute *attributes = ag_reader_array(reader, node->count, sizeof *attributes);
    if (attributes == NULL)
        return;
    cause->attributes = attributes;
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        ag_attribute *attribute = &attributes[cause->attribute_count++];
        ag_target target = {field->of, attribute};
        attribute->name = n->key;
        ag_read_map(reader, n, &target, 1);
        if ((attribute->unit == NULL) == (attribute->values.count == 0))
            ag_reader_problem(reader, n, AG_ERROR_VALUE,
                              "an attribute has either a unit, as in {unit: mg/day}, or a list of "
                              "words, as in {values: [one, both]}");
    }
}

static const ag_attribute *find_attribute(const ag_cause *cause, const char *name) {
    static const ag_attribute built_in = {.name = "years", .unit = "years"};
    if (strcmp(name, years) == 0)
        return &built_in;
    for (int i = 0; i < cause->attribute_count; i++)
        if (strcmp(cause->attributes[i].name, name) == 0)
            return &cause->attributes[i];
    return NULL;
}

static void read_requirement(ag_reader *reader, const ag_node *node, ag_requirement *out) {
    const ag_attribute *attribute = find_attribute(reader->cause, node->key);
    out->attribute = node->key;
    if (attribute == NULL) {
        ag_reader_problem(reader, node, AG_ERROR_NAME,
                          "\"%.60s\" is not among the attributes of this card; add it there, or "
                          "use years",
                          node->key);
        return;
    }
    out->numeric = attribute->unit != NULL;
    if (out->numeric) {
        if (ag_read_interval(reader, node, &out->low, &out->high) && out->low == out->high)
            ag_reader_problem(reader, node, AG_ERROR_VALUE,
                              "[%g, %g) is empty, as its upper end is not part of it", out->low,
                              out->high);
        return;
    }
    out->words = ag_read_texts(reader, node);
    for (int i = 0; i < out->words.count; i++)
        if (ag_texts_find(&attribute->values, out->words.items[i]) < 0)
            ag_reader_problem(reader, node, AG_ERROR_NAME,
                              "\"%.60s\" is not among the values of the attribute \"%s\"%s",
                              out->words.items[i], node->key,
                              ag_reader_nearest(reader, out->words.items[i], &attribute->values));
}

void ag_read_requirements(ag_reader *reader, const ag_node *node, const ag_field *field,
                          void *owner) {
    (void)field;
    ag_variant *variant = owner;
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as {dose_mg: [0, 0.6]}"))
        return;
    ag_requirement *when = ag_reader_array(reader, node->count, sizeof *when);
    if (when == NULL)
        return;
    variant->when = when;
    for (const ag_node *n = node->first; n != NULL; n = n->next)
        read_requirement(reader, n, &when[variant->when_count++]);
}

/* ---- variants and actions ---- */

void ag_read_action_states(ag_reader *reader, const ag_node *node, const ag_field *field,
                           void *owner) {
    (void)field;
    ag_action *action = owner;
    static const ag_texts none = {NULL, 0};
    const ag_texts *states =
        action->function >= 0 ? &reader->knowledge->variables[action->function].states : &none;
    if (states->count > 0) /* else the function is not known, which has been said */
        action->states = ag_read_states(reader, node, states, true);
}

static void check_actions(ag_reader *reader, const ag_node *node, const ag_variant *variant) {
    for (int i = 0; i < variant->action_count; i++)
        for (int j = 0; j < i; j++)
            if (variant->actions[i].function == variant->actions[j].function &&
                variant->actions[i].function >= 0)
                ag_reader_problem(
                    reader, node, AG_ERROR_NAME,
                    "the function \"%s\" stands twice in acts_on; join its states in one entry",
                    reader->knowledge->variables[variant->actions[i].function].id);
}

/* A cause without variants has a single one, "present". */
void ag_read_acts_on(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field;
    ag_cause *cause = owner;
    ag_variant *variant = ag_reader_array(reader, 1, sizeof *variant);
    const ag_field *actions = NULL;
    if (variant == NULL)
        return;
    for (const ag_field *f = ag_variant_shape.fields; actions == NULL; f++)
        if (f->key != NULL && strcmp(f->key, "acts_on") == 0)
            actions = f;
    *variant = (ag_variant){.id = "present", .share = 1};
    cause->variants = variant;
    cause->variant_count = 1;
    ag_read_array(reader, node, actions, variant);
    check_actions(reader, node, variant);
}

static bool same_words(const ag_texts *a, const ag_texts *b) {
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++)
        if (ag_texts_find(b, a->items[i]) < 0)
            return false;
    return true;
}

static bool same_requirements(const ag_variant *a, const ag_variant *b) {
    if (a->when_count != b->when_count)
        return false;
    for (int i = 0; i < a->when_count; i++) {
        bool found = false;
        for (int j = 0; j < b->when_count; j++) {
            const ag_requirement *x = &a->when[i], *y = &b->when[j];
            found = found || (strcmp(x->attribute, y->attribute) == 0 && x->low == y->low &&
                              x->high == y->high && same_words(&x->words, &y->words));
        }
        if (!found)
            return false;
    }
    return true;
}

static void check_variants(ag_reader *reader, const ag_node *node, const ag_cause *cause) {
    double sum = 0;
    const ag_node *n = node->first;
    for (int i = 0; i < cause->variant_count; i++, n = n->next) {
        const ag_variant *variant = &cause->variants[i];
        sum += variant->share;
        if (!(variant->share > 0 && variant->share <= 1))
            ag_reader_problem(reader, n, AG_ERROR_VALUE,
                              "the share %g is not a share; write a number above 0 and at most 1",
                              variant->share);
        check_actions(reader, n, variant);
        for (int j = 0; j < i; j++) {
            const ag_variant *other = &cause->variants[j];
            if (variant->id != NULL && other->id != NULL && strcmp(variant->id, other->id) == 0)
                ag_reader_problem(reader, n, AG_ERROR_NAME, "the variant \"%s\" stands twice",
                                  variant->id);
            if (same_requirements(variant, other))
                ag_reader_problem(reader, n, AG_ERROR_VALUE,
                                  "this variant has the same \"when\" as \"%s\", so that nothing "
                                  "recorded could tell them apart; join them or tell them apart",
                                  other->id != NULL ? other->id : "?");
        }
        if (variant->id != NULL &&
            (strcmp(variant->id, "absent") == 0 || strcmp(variant->id, "present") == 0))
            ag_reader_problem(reader, n, AG_ERROR_NAME,
                              "a variant cannot be called \"%s\", which is a state of every cause",
                              variant->id);
    }
    if (fabs(sum - 1) > SHARE_TOLERANCE)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the shares of the variants sum to %.9g, not to 1", sum);
}

void ag_read_variants(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    ag_cause *cause = owner;
    if (node->kind == AG_NODE_LIST && node->count == 0) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the list of variants is empty; use acts_on instead");
        return;
    }
    ag_read_array(reader, node, field, owner);
    if (node->kind == AG_NODE_LIST && cause->variant_count == node->count)
        check_variants(reader, node, cause);
}

void ag_read_cleared(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    ag_cause *cause = owner;
    ag_target target = {field->of, owner};
    cause->cleared = true;
    ag_read_map(reader, node, &target, 1);
}
