/* The rows of tables: conditions on parents, and the numbers of the states or of a measured value.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reader.h"

enum { LARGEST_TABLE = 1 << 18 };

static const double SUM_TOLERANCE = 1e-9;

/* ---- parents ---- */

static int parent_states(const ag_reader *reader, ag_ref parent) {
    return ag_knowledge_states(reader->knowledge, parent);
}

/* The position of a state of a parent, or -1. A cause is absent, or one of its variants. */
static int find_state(const ag_reader *reader, ag_ref parent, const char *state) {
    if (!parent.is_cause)
        return ag_texts_find(&reader->knowledge->variables[parent.index].states, state);
    const ag_cause *cause = &reader->knowledge->causes[parent.index];
    if (strcmp(state, "absent") == 0)
        return 0;
    for (int v = 0; v < cause->variant_count; v++)
        if (strcmp(cause->variants[v].id, state) == 0)
            return v + 1;
    return -1;
}

static ag_texts state_ids(ag_reader *reader, ag_ref parent) {
    if (!parent.is_cause)
        return reader->knowledge->variables[parent.index].states;
    const ag_cause *cause = &reader->knowledge->causes[parent.index];
    const char **ids =
        ag_arena_array(reader->problems->arena, (size_t)cause->variant_count + 1, sizeof *ids);
    ag_texts texts = {ids, 0};
    if (ids == NULL)
        return texts;
    ids[texts.count++] = "absent";
    for (int v = 0; v < cause->variant_count; v++)
        ids[texts.count++] = cause->variants[v].id;
    return texts;
}

static const char *parent_id(const ag_knowledge *knowledge, ag_ref parent) {
    return parent.is_cause ? knowledge->causes[parent.index].id
                           : knowledge->variables[parent.index].id;
}

static bool find_parent(ag_reader *reader, const ag_node *node, const char *id, ag_ref *out) {
    const ag_knowledge *k = reader->knowledge;
    ag_ref ref = {false, ag_knowledge_variable(k, id)};
    if (ref.index < 0)
        ref = (ag_ref){true, ag_knowledge_cause(k, id)};
    if (ref.index < 0) {
        ag_nearest nearest;
        ag_nearest_start(&nearest, id);
        for (int i = 0; i < k->variable_count; i++)
            ag_nearest_offer(&nearest, k->variables[i].id);
        for (int i = 0; i < k->cause_count; i++)
            ag_nearest_offer(&nearest, k->causes[i].id);
        ag_texts near = {nearest.names, nearest.count};
        ag_reader_problem(reader, node, AG_ERROR_NAME,
                          "there is no variable and no cause with the id \"%.80s\"%s", id,
                          ag_reader_nearest(reader, id, &near));
        return false;
    }
    *out = ref;
    return true;
}

/* Append the parent `id` to those of the variable. */
static void add_parent(ag_reader *reader, const ag_node *node, const char *id, ag_ref *refs) {
    ag_variable *variable = reader->variable;
    const ag_knowledge *k = reader->knowledge;
    ag_ref ref;
    if (!find_parent(reader, node, id, &ref))
        return;
    for (int i = 0; i < variable->parent_count; i++)
        if (refs[i].is_cause == ref.is_cause && refs[i].index == ref.index)
            return;
    if (variable->parent_count == AG_MAX_PARENTS) {
        ag_reader_problem(reader, node, AG_ERROR_TOO_LARGE,
                          "more than %d parents; put an ejaculate variable between",
                          AG_MAX_PARENTS);
        return;
    }
    const ag_finding *finding = ref.is_cause ? NULL : ag_knowledge_finding_of(k, ref.index);
    if (finding != NULL && finding->value == AG_VALUE_QUANTITY) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "\"%s\" is a quantity, which has no states and cannot be a parent", id);
        return;
    }
    if (!ref.is_cause && variable->kind != AG_MECHANISM &&
        k->variables[ref.index].scope > variable->scope) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "\"%s\" belongs to each sample or date, and what depends on it must too; "
                          "%s",
                          id,
                          variable->kind == AG_FINDING ? "add sample: semen or sample: urine"
                                                       : "change the scope of this card");
        return;
    }
    refs[variable->parent_count++] = ref;
}

void ag_read_parents(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field, (void)owner;
    ag_texts ids = ag_read_texts(reader, node);
    ag_ref *refs = ag_reader_array(reader, AG_MAX_PARENTS, sizeof *refs);
    if (refs == NULL)
        return;
    reader->variable->parents = refs;
    const ag_node *n = node->kind == AG_NODE_LIST ? node->first : node;
    for (int i = 0; i < ids.count; i++) {
        while (n->next != NULL && n->kind == AG_NODE_TEXT && strcmp(n->text, ids.items[i]) != 0)
            n = n->next;
        add_parent(reader, n, ids.items[i], refs);
    }
}

/* ---- conditions ---- */

static int position_of(const ag_reader *reader, const char *id) {
    const ag_variable *variable = reader->variable;
    for (int i = 0; i < variable->parent_count; i++)
        if (strcmp(parent_id(reader->knowledge, variable->parents[i]), id) == 0)
            return i;
    return -1;
}

static uint32_t read_condition_states(ag_reader *reader, const ag_node *node, ag_ref parent) {
    ag_texts states = ag_read_texts(reader, node);
    uint32_t bits = 0;
    if (!parent.is_cause && reader->knowledge->variables[parent.index].states.count == 0)
        return 1; /* its card could not be read, or it is a quantity, which is reported elsewhere */
    for (int i = 0; i < states.count; i++) {
        int state = find_state(reader, parent, states.items[i]);
        if (state >= 0 && state < 32) {
            bits |= UINT32_C(1) << state;
            continue;
        }
        ag_texts known = state_ids(reader, parent);
        ag_buffer list = ag_buffer_start(reader->problems->arena);
        for (int s = 0; s < known.count; s++)
            ag_buffer_format(&list, "%s%s", s == 0 ? "" : ", ", known.items[s]);
        const char *text = ag_buffer_text(&list);
        ag_reader_problem(reader, node, AG_ERROR_NAME, "\"%s\" has no state \"%.60s\"; it has: %s",
                          parent_id(reader->knowledge, parent), states.items[i],
                          text != NULL ? text : "");
    }
    return bits;
}

static void read_when(ag_reader *reader, const ag_node *when, ag_row *row) {
    if (!ag_reader_is(reader, when, AG_NODE_MAP,
                      "such as {emission: none}, or {} for all the rest"))
        return;
    ag_condition *conditions = ag_reader_array(reader, when->count, sizeof *conditions);
    if (conditions == NULL)
        return;
    row->when = conditions;
    for (const ag_node *n = when->first; n != NULL; n = n->next) {
        int parent = position_of(reader, n->key);
        if (parent < 0) {
            ag_reader_problem(reader, n, AG_ERROR_NAME,
                              "\"%.60s\" is not among the parents of this card; add it to parents "
                              "or correct its name",
                              n->key);
            continue;
        }
        uint32_t states = read_condition_states(reader, n, reader->variable->parents[parent]);
        conditions[row->when_count++] = (ag_condition){parent, states};
    }
}

/* ---- the numbers of a row ---- */

static bool is_rest(const ag_node *node) {
    return node->kind == AG_NODE_TEXT && strcmp(node->text, "rest") == 0;
}

static void check_sum(ag_reader *reader, const ag_node *node, const ag_parameter *numbers,
                      int count) {
    double sum = 0;
    int rests = 0;
    for (int s = 0; s < count; s++) {
        rests += numbers[s].kind == AG_PARAMETER_REST;
        sum += numbers[s].kind == AG_PARAMETER_REST ? 0 : numbers[s].value;
    }
    if (rests > 1)
        ag_reader_problem(reader, node, AG_ERROR_VALUE, "only one state of a row can be \"rest\"");
    else if (sum > 1 + SUM_TOLERANCE)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the probabilities of this row sum to %g, which is more than 1", sum);
    else if (rests == 0 && fabs(sum - 1) > SUM_TOLERANCE)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the probabilities of this row sum to %g, not to 1; give one state "
                          "\"rest\"",
                          sum);
}

const ag_parameter *ag_read_states(ag_reader *reader, const ag_node *node, const ag_texts *states,
                                   bool first_is_rest) {
    ag_parameter *numbers = ag_reader_array(reader, states->count, sizeof *numbers);
    if (numbers == NULL)
        return NULL;
    for (int s = 0; s < states->count; s++)
        numbers[s] = ag_parameter_exact(0);
    if (first_is_rest && states->count > 0)
        numbers[0].kind = AG_PARAMETER_REST;
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as {none: 1}"))
        return numbers;
    size_t faults = (size_t)reader->problems->count;
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        int s = ag_texts_find(states, n->key);
        size_t length = ag_reader_enter(reader, n->key);
        if (s < 0)
            ag_reader_problem(reader, n, AG_ERROR_NAME, "there is no state \"%.60s\"%s", n->key,
                              ag_reader_nearest(reader, n->key, states));
        else if (first_is_rest && s == 0)
            ag_reader_problem(reader, n, AG_ERROR_VALUE,
                              "\"%s\" is the normal state, which is what the failing states leave; "
                              "leave it out",
                              n->key);
        else if (is_rest(n))
            numbers[s].kind = AG_PARAMETER_REST;
        else
            numbers[s] = ag_read_parameter(reader, n, AG_NUMBER_PROBABILITY, "value");
        ag_reader_leave(reader, length);
    }
    if ((size_t)reader->problems->count == faults)
        check_sum(reader, node, numbers, states->count);
    return numbers;
}

static ag_parameter read_in(ag_reader *reader, const ag_node *node, ag_number_role role) {
    size_t length = ag_reader_enter(reader, node->key);
    ag_parameter p = ag_read_parameter(reader, node, role, "value");
    ag_reader_leave(reader, length);
    return p;
}

/* `yes: …` is the row {yes: …, no: rest}. */
static void read_yes(ag_reader *reader, const ag_node *node, ag_row *row) {
    ag_parameter *numbers = ag_reader_array(reader, 2, sizeof *numbers);
    const ag_node *yes = ag_node_get(node, "yes");
    if (numbers == NULL)
        return;
    row->states = numbers;
    numbers[0] = (ag_parameter){.kind = AG_PARAMETER_REST};
    numbers[1] = ag_parameter_exact(0);
    if (yes == NULL)
        ag_reader_problem(reader, node, AG_ERROR_VALUE, "the field \"yes\" is missing; add it");
    else
        numbers[1] = read_in(reader, yes, AG_NUMBER_PROBABILITY);
}

static void read_then(ag_reader *reader, const ag_node *node, ag_row *row) {
    const ag_node *then = ag_node_get(node, "then");
    if (then == NULL) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE, "the field \"then\" is missing; add it");
        return;
    }
    size_t length = ag_reader_enter(reader, "then");
    row->states = ag_read_states(reader, then, &reader->variable->states, false);
    ag_reader_leave(reader, length);
}

static void read_measure(ag_reader *reader, const ag_node *node, ag_row *row) {
    static const char *const families[] = {"log-normal", "normal", "logit-normal", NULL};
    static const ag_number_role medians[] = {AG_NUMBER_POSITIVE, AG_NUMBER_REAL,
                                             AG_NUMBER_PROBABILITY};
    const ag_node *zero = ag_node_get(node, "zero"), *family = ag_node_get(node, "family");
    const ag_node *median = ag_node_get(node, "median"), *spread = ag_node_get(node, "spread");
    ag_measure *m = &row->measure;
    m->zero = zero != NULL ? read_in(reader, zero, AG_NUMBER_PROBABILITY) : ag_parameter_exact(0);
    m->median = m->spread = ag_parameter_exact(0);
    bool always_zero = m->zero.kind == AG_PARAMETER_EXACT && m->zero.value == 1;
    if (always_zero && family == NULL && median == NULL && spread == NULL)
        return;
    int word;
    if (family == NULL || median == NULL || spread == NULL) {
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the row of a quantity needs family, median and spread (or zero: 1 "
                          "alone)");
        return;
    }
    if (!ag_read_word(reader, family, families, &word))
        return;
    m->family = (ag_family)(AG_FAMILY_LOGNORMAL + word);
    m->median = read_in(reader, median, medians[word]);
    m->spread = read_in(reader, spread, AG_NUMBER_POSITIVE);
}

/* ---- the whole table ---- */

static bool applies(const ag_row *row, const int *states) {
    for (int i = 0; i < row->when_count; i++)
        if ((row->when[i].states >> states[row->when[i].parent] & 1) == 0)
            return false;
    return true;
}

static void describe_combination(ag_reader *reader, const int *states, char *out, size_t size) {
    const ag_variable *variable = reader->variable;
    size_t length = 0;
    out[0] = '\0';
    for (int p = 0; p < variable->parent_count && length + 1 < size; p++) {
        ag_texts ids = state_ids(reader, variable->parents[p]);
        int n = snprintf(out + length, size - length, "%s%s: %s", p == 0 ? "" : ", ",
                         parent_id(reader->knowledge, variable->parents[p]),
                         states[p] < ids.count ? ids.items[states[p]] : "?");
        length += n > 0 ? (size_t)n : 0;
    }
}

/* The number of states of each parent, and of all their combinations; 0 when they cannot be
 * counted. */
static long count_combinations(ag_reader *reader, const ag_node *node, int *sizes) {
    long combinations = 1;
    for (int p = 0; p < reader->variable->parent_count; p++) {
        sizes[p] = parent_states(reader, reader->variable->parents[p]);
        combinations *= sizes[p];
        if (combinations > LARGEST_TABLE) {
            ag_reader_problem(reader, node, AG_ERROR_TOO_LARGE,
                              "the parents have more than %d combinations of states; put an "
                              "ejaculate variable between",
                              LARGEST_TABLE);
            return 0;
        }
    }
    return combinations;
}

/* Marks the rows that some combination uses; reports a combination that no row fits. False when the
 * combinations cannot be counted. */
static bool mark_used(ag_reader *reader, const ag_node *node, bool *used) {
    const ag_variable *variable = reader->variable;
    int states[AG_MAX_PARENTS] = {0}, sizes[AG_MAX_PARENTS];
    long uncovered = 0, combinations = count_combinations(reader, node, sizes);
    char example[256] = "";
    for (long c = 0; c < combinations; c++) {
        int row = 0;
        while (row < variable->row_count && !applies(&variable->rows[row], states))
            row++;
        if (row < variable->row_count)
            used[row] = true;
        else if (uncovered++ == 0)
            describe_combination(reader, states, example, sizeof example);
        for (int p = variable->parent_count - 1; p >= 0 && ++states[p] == sizes[p]; p--)
            states[p] = 0;
    }
    if (uncovered > 0)
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "no row fits %s%s; add a row, or when: {} at the end for all the rest",
                          variable->parent_count > 0 ? example : "anything",
                          uncovered > 1 ? " (and other combinations)" : "");
    return combinations > 0;
}

/* Every combination of the parents' states needs a row, and every row a combination. */
static void check_cover(ag_reader *reader, const ag_node *node) {
    const ag_variable *variable = reader->variable;
    bool *used = ag_arena_array(reader->problems->arena, (size_t)variable->row_count, 1);
    if (used == NULL) {
        reader->failed = true;
        return;
    }
    if (!mark_used(reader, node, used))
        return;
    const ag_node *n = node->first;
    for (int row = 0; row < variable->row_count && n != NULL; row++, n = n->next)
        if (!used[row])
            ag_reader_problem(reader, n, AG_ERROR_VALUE,
                              "this row is never used, as the rows above it fit all that it fits; "
                              "move it up or remove it");
}

static void read_row(ag_reader *reader, const ag_node *node, ag_row *row) {
    static const char *const for_yes_no[] = {"when", "yes", NULL};
    static const char *const for_states[] = {"when", "then", NULL};
    static const char *const for_quantity[] = {"when", "zero", "family", "median", "spread", NULL};
    const ag_finding *finding = reader->finding;
    bool quantity = finding != NULL && finding->value == AG_VALUE_QUANTITY;
    bool yes_no = finding != NULL && finding->value == AG_VALUE_YES_NO;
    if (!ag_reader_is(reader, node, AG_NODE_MAP, "such as  when: {…}"))
        return;
    ag_reader_keys(reader, node, quantity ? for_quantity : yes_no ? for_yes_no : for_states);
    const ag_node *when = ag_node_get(node, "when");
    if (when != NULL)
        read_when(reader, when, row);
    else
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "the field \"when\" is missing; write when: {} if the row is for all the "
                          "rest");
    if (quantity)
        read_measure(reader, node, row);
    else if (yes_no)
        read_yes(reader, node, row);
    else
        read_then(reader, node, row);
}

void ag_read_rows(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field, (void)owner;
    if (!ag_reader_is(reader, node, AG_NODE_LIST, "with \"- \" before each row"))
        return;
    ag_row *rows = ag_reader_array(reader, node->count, sizeof *rows);
    if (rows == NULL)
        return;
    reader->variable->rows = rows;
    int faults = reader->problems->count;
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        char step[16];
        snprintf(step, sizeof step, "%d", reader->variable->row_count + 1);
        size_t length = ag_reader_enter(reader, step);
        read_row(reader, n, &rows[reader->variable->row_count++]);
        ag_reader_leave(reader, length);
    }
    if (reader->problems->count == faults)
        check_cover(reader, node);
}

/* ---- mechanisms ---- */

static void add_rule_parents(ag_reader *reader, const ag_node *rules, ag_ref *refs) {
    ag_variable *variable = reader->variable;
    for (const ag_node *rule = rules->first; rule != NULL; rule = rule->next) {
        if (!ag_reader_is(reader, rule, AG_NODE_MAP, "such as {route: backward}"))
            continue;
        for (const ag_node *n = rule->first; n != NULL; n = n->next)
            add_parent(reader, n, n->key, refs);
    }
    for (int i = 0; i < variable->parent_count; i++) {
        const ag_ref *ref = &refs[i];
        ag_scope scope =
            ref->is_cause ? AG_SCOPE_NOW : reader->knowledge->variables[ref->index].scope;
        if (scope > variable->scope)
            variable->scope = scope;
    }
}

/* The states [no, yes] of a mechanism, certain given its parents. */
static const ag_parameter *verdict(ag_reader *reader, bool yes) {
    ag_parameter *numbers = ag_reader_array(reader, 2, sizeof *numbers);
    if (numbers != NULL) {
        numbers[0] = ag_parameter_exact(yes ? 0 : 1);
        numbers[1] = ag_parameter_exact(yes ? 1 : 0);
    }
    return numbers;
}

void ag_read_any(ag_reader *reader, const ag_node *node, const ag_field *field, void *owner) {
    (void)field, (void)owner;
    ag_variable *variable = reader->variable;
    if (!ag_reader_is(reader, node, AG_NODE_LIST, "with \"- \" before each rule"))
        return;
    ag_ref *refs = ag_reader_array(reader, AG_MAX_PARENTS, sizeof *refs);
    ag_row *rows = ag_reader_array(reader, node->count + 1, sizeof *rows);
    if (refs == NULL || rows == NULL)
        return;
    variable->parents = refs;
    variable->rows = rows;
    int faults = reader->problems->count;
    add_rule_parents(reader, node, refs);
    for (const ag_node *n = node->first; n != NULL; n = n->next) {
        ag_row *row = &rows[variable->row_count++];
        if (n->kind == AG_NODE_MAP)
            read_when(reader, n, row);
        row->states = verdict(reader, true);
    }
    rows[variable->row_count++].states = verdict(reader, false);
    variable->conjunction = node->count == 1 && variable->parent_count > AG_TABLE_PARENTS;
    if (reader->problems->count == faults && !variable->conjunction)
        check_cover(reader, node);
}
