/* The knowledge compiled in is the knowledge of the cards, to the last bit of every number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "emit_c.h"
#include "fields.h"

/* Counts what was compared, so that the comparison cannot pass by comparing nothing. */
typedef struct comparison {
    const ag_knowledge *a, *b;
    int states;
    long members;
} comparison;

static bool same_text(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_struct(comparison *c, const ag_shape *shape, const void *a, const void *b);

static bool same_array(comparison *c, const ag_field *f, const char *a, const char *b) {
    const char *x, *y;
    int count = ag_field_count(c->a, f, a, c->states);
    if (count != ag_field_count(c->b, f, b, c->states))
        return false;
    memcpy(&x, a + f->offset, sizeof x);
    memcpy(&y, b + f->offset, sizeof y);
    for (int i = 0; i < count; i++)
        if (!same_struct(c, f->of, x + (size_t)i * f->of->size, y + (size_t)i * f->of->size))
            return false;
    return true;
}

static bool same_texts(const ag_texts *a, const ag_texts *b) {
    for (int i = 0; i < a->count && i < b->count; i++)
        if (!same_text(a->items[i], b->items[i]))
            return false;
    return a->count == b->count;
}

static bool same_indices(const ag_indices *a, const ag_indices *b) {
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->items, b->items, (size_t)a->count * sizeof(int)) == 0);
}

static bool same_member(comparison *c, const ag_field *f, const char *a, const char *b) {
    const void *x = a + f->offset, *y = b + f->offset;
    c->members++;
    switch (f->kind) {
    case AG_MEMBER_NONE:
        return true;
    case AG_MEMBER_TEXT:
        return same_text(*(const char *const *)x, *(const char *const *)y);
    case AG_MEMBER_NUMBER:
        return *(const double *)x == *(const double *)y;
    case AG_MEMBER_STREAM:
        return *(const uint64_t *)x == *(const uint64_t *)y;
    case AG_MEMBER_FLAG:
        return *(const bool *)x == *(const bool *)y;
    case AG_MEMBER_TEXTS:
        return same_texts(x, y);
    case AG_MEMBER_INDICES:
        return same_indices(x, y);
    case AG_MEMBER_STRUCT:
        return same_struct(c, f->of, x, y);
    case AG_MEMBER_PART:
        return same_struct(c, f->of, a, b);
    case AG_MEMBER_ARRAY:
        return same_array(c, f, a, b);
    default:
        return memcmp(x, y, sizeof(int)) == 0;
    }
}

static bool same_struct(comparison *c, const ag_shape *shape, const void *a, const void *b) {
    if (shape == &ag_variable_shape)
        c->states = ((const ag_variable *)a)->states.count;
    for (const ag_field *f = shape->fields; f->key != NULL || f->member != NULL; f++)
        if (!same_member(c, f, a, b)) {
            print_error("%s.%s differs\n", shape->name, f->member != NULL ? f->member : f->key);
            return false;
        }
    return true;
}

static void builtin_is_what_the_cards_say(void **state) {
    (void)state;
    ag_knowledge *loaded;
    ag_error error;
    assert_int_equal(ag_knowledge_load(&loaded, AG_SOURCE_DIR "/knowledge", NULL, &error), AG_OK);
    assert_non_null(ag_knowledge_builtin());
    comparison c = {.a = loaded, .b = ag_knowledge_builtin()};
    assert_true(same_struct(&c, &ag_knowledge_shape, c.a, c.b));
    assert_true(c.members > 10000);
    ag_knowledge_free(loaded);
}

/* As they would be made, and of every number: those of the causes' actions stand for all. */
static void quantiles_are_those_of_the_distributions(void **state) {
    (void)state;
    const ag_knowledge *builtin = ag_knowledge_builtin();
    double made[AG_DRAWS];
    int looked_up = 0;
    for (int i = 0; i < builtin->quantiles->count; i++) {
        const ag_distribution *d = &builtin->quantiles->distributions[i];
        ag_parameter parameter = {.kind = d->kind, .a = d->a, .b = d->b};
        ag_parameter_quantiles(&parameter, made);
        assert_memory_equal(ag_quantiles_find(builtin->quantiles, &parameter), made, sizeof made);
    }
    for (int c = 0; c < builtin->cause_count; c++) {
        const ag_variant *variant = &builtin->causes[c].variants[0];
        const ag_action *action = variant->actions;
        int states =
            variant->action_count > 0 ? builtin->variables[action->function].states.count : 0;
        for (int s = 0; s < states; s++) {
            if (ag_parameter_is_certain(&action->states[s]))
                continue;
            assert_non_null(ag_quantiles_find(builtin->quantiles, &action->states[s]));
            looked_up++;
        }
    }
    assert_true(looked_up > 100);
    ag_parameter other = {.kind = AG_PARAMETER_BETA, .a = 0.123, .b = 4.567};
    assert_null(ag_quantiles_find(builtin->quantiles, &other));
    assert_null(ag_quantiles_find(NULL, &other));
}

static void builtin_may_be_freed_in_vain(void **state) {
    (void)state;
    ag_knowledge_free(ag_knowledge_builtin());
    assert_true(ag_card_count(ag_knowledge_builtin(), AG_CARD_CAUSE) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_is_what_the_cards_say),
        cmocka_unit_test(quantiles_are_those_of_the_distributions),
        cmocka_unit_test(builtin_may_be_freed_in_vain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
