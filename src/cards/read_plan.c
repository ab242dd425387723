/* The cards of the plan: treatments, tests, sources of sperm, ways to conceive, red flags, values.
 */
#include "read_plan.h"

#include <string.h>

/* ---- fields ---- */

void ag_read_positive(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    ag_parameter *p = (ag_parameter *)(void *)((char *)owner + field->offset);
    *p = ag_read_parameter(reader, node, AG_NUMBER_POSITIVE, "value");
}

/* As the onset of causes: the median is taken as exact, the interval is that between men. */
void ag_read_treatment_days(ag_reader *reader, const ag_node *node, const ag_field *field,
                            void *owner) {
    (void)field;
    ag_treatment *treatment = owner;
    ag_parameter time = ag_read_parameter(reader, node, AG_NUMBER_POSITIVE, "days");
    if (time.kind != AG_PARAMETER_LOGNORMAL)
        return;
    treatment->days_spread = time.b;
    treatment->days = time;
}

/* ---- checks ---- */

static void check_states(ag_reader *reader, const char *place, int variable,
                         const ag_texts *words) {
    const ag_variable *v = &reader->knowledge->variables[variable];
    for (int i = 0; i < words->count; i++)
        if (ag_texts_find(&v->states, words->items[i]) < 0)
            ag_reader_problem(reader, ag_node_get(reader->source->root, place), AG_ERROR_NAME,
                              "\"%.60s\" is no state of \"%s\"%s", words->items[i], v->id,
                              ag_reader_nearest(reader, words->items[i], &v->states));
}

static void check_responses(ag_reader *reader, const char *place, const ag_response *responses,
                            int count) {
    for (int i = 0; i < count; i++)
        for (int r = 0; r < responses[i].restore_count; r++) {
            const ag_restored *restored = &responses[i].restores[r];
            if (restored->function < 0)
                continue;
            check_states(reader, place, restored->function, &restored->states);
            if (restored->to != NULL)
                check_states(reader, place, restored->function,
                             &(ag_texts){(const char *const[]){restored->to}, 1});
        }
}

static void check_treatment(ag_reader *reader, const ag_treatment *t) {
    const ag_node *root = reader->source->root;
    bool retrieval = t->kind == AG_TREATMENT_RETRIEVAL || t->kind == AG_TREATMENT_STIMULATION;
    if (retrieval != (t->obtains.count == 1))
        ag_reader_problem(
            reader, root, AG_ERROR_VALUE,
            "retrieval and stimulation, and no other kind, say in obtains: [variable] "
            "what they obtain sperm from");
    if (retrieval && t->yield_count == 0)
        ag_reader_problem(reader, root, AG_ERROR_VALUE, "the field \"yields\" is missing; add it");
    if ((t->kind == AG_TREATMENT_STOP || t->kind == AG_TREATMENT_SWITCH) !=
        (t->withdraws.count > 0))
        ag_reader_problem(reader, root, AG_ERROR_VALUE,
                          "stop and switch, and no other kind, say in withdraws: [groups] what is "
                          "withdrawn");
    bool adds = t->adds.count > 0;
    if (t->kind == AG_TREATMENT_SWITCH ? !adds : adds && t->kind != AG_TREATMENT_MEDICINE)
        ag_reader_problem(
            reader, root, AG_ERROR_VALUE,
            "switch says in adds: [cause] what is taken instead, and medicine may say "
            "which cause it is; no other kind has it");
    check_responses(reader, "responses", t->responses, t->response_count);
    if (t->obtains.count == 1)
        check_states(reader, "obtains_from", t->obtains.items[0], &t->obtains_from);
}

static void check_source(ag_reader *reader, const ag_sperm_source *source) {
    for (int i = 0; source->variable.count == 1 && i < source->yield_count; i++)
        if (source->yields[i].state != NULL)
            check_states(reader, "yields", source->variable.items[0],
                         &(ag_texts){&source->yields[i].state, 1});
    if (source->variable.count != 1)
        ag_reader_problem(reader, reader->source->root, AG_ERROR_VALUE,
                          "variable is a list of one, as in variable: [forward-sperm]");
}

static void check_steps(ag_reader *reader, const char *place, const ag_step *steps, int count,
                        bool by_age) {
    for (int i = 1; i < count; i++) {
        bool ascending = by_age ? steps[i].from_age > steps[i - 1].from_age
                                : steps[i].from_million > steps[i - 1].from_million;
        if (!ascending)
            ag_reader_problem(reader, ag_node_get(reader->source->root, place), AG_ERROR_VALUE,
                              "the steps of %s are not ascending; sort them", place);
    }
    if (count == 0 || (by_age ? steps[0].from_age : steps[0].from_million) > (by_age ? 18 : 0))
        ag_reader_problem(reader, ag_node_get(reader->source->root, place), AG_ERROR_VALUE,
                          "%s begins %s", place, by_age ? "at 18 years" : "at 0 million");
}

static void check_method(ag_reader *reader, const ag_method *method) {
    check_steps(reader, "births", method->births, method->birth_count, true);
    check_steps(reader, "losses", method->losses, method->loss_count, true);
    check_steps(reader, "counts", method->counts, method->count_count, false);
    if (method->cycles < 1 || method->cycles > 24)
        ag_reader_problem(reader, ag_node_get(reader->source->root, "cycles"), AG_ERROR_VALUE,
                          "cycles is a number from 1 to 24");
}

/* ---- tables ---- */

static int count_of(const ag_card_texts *texts, ag_card_kind kind) {
    int count = 0;
    for (int i = 0; i < texts->count; i++)
        count += texts->sources[i].kind == kind;
    return count;
}

/* A table of cards of one kind, their ids known from the file names. */
static void *heads(ag_reader *reader, const ag_card_texts *texts, ag_card_kind kind, int *count) {
    size_t size = ag_plan_shape(kind)->size;
    *count = count_of(texts, kind);
    char *items = ag_reader_array(reader, *count, size);
    char *item = items;
    for (int i = 0; items != NULL && i < texts->count; i++)
        if (texts->sources[i].kind == kind) {
            *(const char **)(void *)item = texts->sources[i].name;
            item += size;
        }
    return items;
}

void ag_read_plan_heads(ag_reader *reader, const ag_card_texts *texts) {
    ag_knowledge *k = reader->knowledge;
    k->treatments = heads(reader, texts, AG_CARD_TREATMENT, &k->treatment_count);
    k->tests = heads(reader, texts, AG_CARD_TEST, &k->test_count);
    k->sources = heads(reader, texts, AG_CARD_SOURCE, &k->source_count);
    k->methods = heads(reader, texts, AG_CARD_METHOD, &k->method_count);
    k->red_flags = heads(reader, texts, AG_CARD_RED_FLAG, &k->red_flag_count);
    k->values = heads(reader, texts, AG_CARD_VALUES, &k->values_count);
}

static void check_card(ag_reader *reader, ag_card_kind kind, const void *item) {
    const char *id = *(const char *const *)item;
    const ag_node *node = ag_node_get(reader->source->root, "id");
    if (node != NULL && strcmp(id, reader->source->name) != 0)
        ag_reader_problem(reader, node, AG_ERROR_NAME,
                          "the id \"%.60s\" differs from the file's name \"%s\"; make them equal",
                          id, reader->source->name);
    if (kind == AG_CARD_TREATMENT)
        check_treatment(reader, item);
    else if (kind == AG_CARD_SOURCE)
        check_source(reader, item);
    else if (kind == AG_CARD_METHOD)
        check_method(reader, item);
}

static void *item_of(ag_knowledge *k, ag_card_kind kind, int index) {
    return (void *)(uintptr_t)ag_card_item(k, (ag_card){kind, index});
}

void ag_read_plan_cards(ag_reader *reader, const ag_card_texts *texts) {
    int next[AG_CARD_KINDS] = {0};
    for (int i = 0; i < texts->count; i++) {
        const ag_card_source *source = &texts->sources[i];
        const ag_shape *shape = ag_plan_shape(source->kind);
        if (shape == NULL)
            continue;
        void *item = item_of(reader->knowledge, source->kind, next[source->kind]++);
        reader->source = source;
        reader->path_length = 0;
        if (source->root == NULL ||
            !ag_reader_is(reader, source->root, AG_NODE_MAP, "such as  id: …"))
            continue;
        ag_target target = {shape, item};
        ag_read_map(reader, source->root, &target, 1);
        check_card(reader, source->kind, item);
        *(const char **)item = source->name;
    }
}
