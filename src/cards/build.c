/*
 * Cards refer to each other, so they are read twice: first only what others refer to (ids, states,
 * variants, scopes: the heads), then everything. The order of the tables follows from the file
 * names alone.
 */
#include "build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leave_out.h"
#include "read_plan.h"

/* ---- heads ---- */

static const char *text_at(const ag_node *map, const char *key) {
    const ag_node *node = ag_node_get(map, key);
    return node != NULL && node->kind == AG_NODE_TEXT ? node->text : "";
}

/* Texts of a list without complaint: the second reading reports what is wrong. */
static ag_texts quiet_texts(ag_reader *reader, const ag_node *node) {
    ag_texts texts = {NULL, 0};
    if (node == NULL || node->kind != AG_NODE_LIST)
        return texts;
    const char **items = ag_reader_array(reader, node->count, sizeof *items);
    if (items == NULL)
        return texts;
    for (const ag_node *n = node->first; n != NULL; n = n->next)
        if (n->kind == AG_NODE_TEXT)
            items[texts.count++] = n->text;
    texts.items = items;
    return texts;
}

static const char *const yes_no[] = {"no", "yes"};
static const ag_texts yes_no_states = {yes_no, 2};

static ag_scope scope_at(const ag_node *root) {
    const char *scope = text_at(root, "scope");
    return strcmp(scope, "man") == 0      ? AG_SCOPE_MAN
           : strcmp(scope, "sample") == 0 ? AG_SCOPE_SAMPLE
                                          : AG_SCOPE_NOW;
}

static ag_value_kind value_at(const ag_node *root) {
    const char *value = text_at(root, "value");
    return strcmp(value, "states") == 0     ? AG_VALUE_STATES
           : strcmp(value, "quantity") == 0 ? AG_VALUE_QUANTITY
                                            : AG_VALUE_YES_NO;
}

static void head_of_variable(ag_reader *reader, const ag_card_source *source,
                             ag_variable *variable) {
    bool written = source->kind == AG_CARD_FUNCTION || source->kind == AG_CARD_EJACULATE ||
                   (source->kind == AG_CARD_FINDING && value_at(source->root) == AG_VALUE_STATES);
    bool quantity = source->kind == AG_CARD_FINDING && value_at(source->root) == AG_VALUE_QUANTITY;
    variable->id = source->name;
    variable->kind = (ag_variable_kind)source->kind;
    variable->scope =
        source->kind == AG_CARD_EJACULATE ? scope_at(source->root)
        : source->kind == AG_CARD_FINDING && ag_node_get(source->root, "sample") != NULL
            ? AG_SCOPE_SAMPLE
        : source->kind == AG_CARD_MECHANISM ? AG_SCOPE_MAN
                                            : AG_SCOPE_NOW;
    if (written)
        variable->states = quiet_texts(reader, ag_node_get(source->root, "states"));
    else if (!quantity)
        variable->states = yes_no_states;
}

static void head_of_cause(ag_reader *reader, const ag_card_source *source, ag_cause *cause) {
    const ag_node *list = ag_node_get(source->root, "variants");
    int count = list != NULL && list->kind == AG_NODE_LIST && list->count > 0 ? list->count : 1;
    ag_variant *variants = ag_reader_array(reader, count, sizeof *variants);
    cause->id = source->name;
    if (variants == NULL)
        return;
    cause->variants = variants;
    cause->variant_count = count;
    variants[0].id = "present";
    int i = 0;
    if (list != NULL && list->kind == AG_NODE_LIST)
        for (const ag_node *n = list->first; n != NULL; n = n->next)
            variants[i++].id = text_at(n, "id");
}

static int count_of(const ag_card_texts *texts, ag_card_kind kind) {
    int count = 0;
    for (int i = 0; i < texts->count; i++)
        count += texts->sources[i].kind == kind;
    return count;
}

/* The tables that are being filled: as those of the knowledge, but not constant. */
typedef struct tables {
    ag_variable *variables;
    ag_mechanism *mechanisms;
    ag_finding *findings;
    ag_cause *causes;
    ag_evidence *evidence;
} tables;

static bool make_tables(ag_reader *reader, const ag_card_texts *texts, tables *t) {
    ag_knowledge *k = reader->knowledge;
    k->mechanism_count = count_of(texts, AG_CARD_MECHANISM);
    k->finding_count = count_of(texts, AG_CARD_FINDING);
    k->cause_count = count_of(texts, AG_CARD_CAUSE);
    k->variable_count = count_of(texts, AG_CARD_FUNCTION) + count_of(texts, AG_CARD_EJACULATE) +
                        k->mechanism_count + k->finding_count;
    k->variables = t->variables = ag_reader_array(reader, k->variable_count, sizeof *t->variables);
    k->mechanisms = t->mechanisms =
        ag_reader_array(reader, k->mechanism_count, sizeof *t->mechanisms);
    k->findings = t->findings = ag_reader_array(reader, k->finding_count, sizeof *t->findings);
    k->causes = t->causes = ag_reader_array(reader, k->cause_count, sizeof *t->causes);
    return !reader->failed;
}

/* Sources are sorted by kind and name, and so are the tables. */
static void read_heads(ag_reader *reader, const ag_card_texts *texts, tables *t) {
    int variable = 0, mechanism = 0, finding = 0, cause = 0;
    for (int i = 0; i < texts->count; i++) {
        const ag_card_source *source = &texts->sources[i];
        if (source->kind > AG_CARD_CAUSE)
            continue;
        if (source->kind == AG_CARD_CAUSE) {
            head_of_cause(reader, source, &t->causes[cause++]);
            continue;
        }
        if (source->kind == AG_CARD_MECHANISM)
            t->mechanisms[mechanism++].variable = variable;
        if (source->kind == AG_CARD_FINDING) {
            t->findings[finding].value = value_at(source->root);
            t->findings[finding++].variable = variable;
        }
        head_of_variable(reader, source, &t->variables[variable++]);
    }
}

/* ---- evidence: many records to a file ---- */

typedef struct located_record {
    ag_evidence record;
    const ag_card_source *source;
    const ag_node *node;
} located_record;

static int compare_records(const void *a, const void *b) {
    const located_record *x = a, *y = b;
    int order = strcmp(x->record.id, y->record.id);
    if (order == 0)
        order = strcmp(x->source->path, y->source->path);
    return order != 0 ? order : x->node->line - y->node->line;
}

static int read_records(ag_reader *reader, const ag_card_texts *texts, located_record *out) {
    int count = 0;
    for (int i = 0; i < texts->count; i++) {
        const ag_card_source *source = &texts->sources[i];
        if (source->kind != AG_CARD_EVIDENCE || source->root == NULL)
            continue;
        reader->source = source;
        if (!ag_reader_is(reader, source->root, AG_NODE_LIST, "with \"- \" before each record"))
            continue;
        for (const ag_node *n = source->root->first; n != NULL; n = n->next) {
            located_record *r = &out[count];
            *r = (located_record){{.id = "", .events = -1, .total = -1}, source, n};
            ag_target target = {&ag_evidence_shape, &r->record};
            ag_read_map(reader, n, &target, 1);
            count += r->record.id[0] != '\0';
        }
    }
    return count;
}

static void check_record(ag_reader *reader, const located_record *r) {
    const ag_evidence *e = &r->record;
    reader->source = r->source;
    if (e->events >= 0 && e->total >= 0 && e->events > e->total)
        ag_reader_problem(reader, r->node, AG_ERROR_VALUE,
                          "the record \"%s\" has more events (%g) than its total (%g)", e->id,
                          e->events, e->total);
    bool found = e->audit == AG_AUDIT_CONFIRMED || e->audit == AG_AUDIT_CORRECTED;
    if (found && (e->confidence == AG_REMEMBERED || e->title == NULL))
        ag_reader_problem(reader, r->node, AG_ERROR_VALUE,
                          "the record \"%s\" was found again, and %s; say where it stands", e->id,
                          e->title == NULL ? "its source has no title"
                                           : "its confidence is \"remembered\"");
}

static void read_evidence(ag_reader *reader, const ag_card_texts *texts, tables *t) {
    int most = 0;
    for (int i = 0; i < texts->count; i++)
        if (texts->sources[i].kind == AG_CARD_EVIDENCE && texts->sources[i].root != NULL)
            most += texts->sources[i].root->count;
    located_record *records = ag_reader_array(reader, most, sizeof *records);
    t->evidence = ag_reader_array(reader, most, sizeof *t->evidence);
    if (reader->failed)
        return;
    int count = read_records(reader, texts, records);
    if (count > 0)
        qsort(records, (size_t)count, sizeof *records, compare_records);
    for (int i = 0; i < count; i++) {
        check_record(reader, &records[i]);
        if (i > 0 && strcmp(records[i].record.id, records[i - 1].record.id) == 0)
            ag_reader_problem(reader, records[i].node, AG_ERROR_NAME,
                              "the id \"%s\" is used twice (also in %s, line %d); rename one",
                              records[i].record.id, records[i - 1].source->path,
                              records[i - 1].node->line);
        t->evidence[i] = records[i].record;
    }
    reader->knowledge->evidence = t->evidence;
    reader->knowledge->evidence_count = count;
}

/* ---- the second reading ---- */

static void check_id(ag_reader *reader, const char *id) {
    const ag_card_source *source = reader->source;
    const ag_node *node = ag_node_get(source->root, "id");
    if (id == NULL || node == NULL)
        return;
    if (strcmp(id, source->name) != 0)
        ag_reader_problem(reader, node, AG_ERROR_NAME,
                          "the id \"%.80s\" and the file name \"%.80s.yaml\" differ; make them the "
                          "same",
                          id, source->name);
    else if (id[0] == '\0' || strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(id))
        ag_reader_problem(reader, node, AG_ERROR_NAME,
                          "the id \"%.80s\" may only hold lower-case letters, digits and hyphens",
                          id);
}

static void check_states(ag_reader *reader, const ag_variable *variable) {
    const ag_node *node = ag_node_get(reader->source->root, "states");
    if (node != NULL && (variable->states.count < 2 || variable->states.count > AG_MAX_STATES))
        ag_reader_problem(reader, node, AG_ERROR_VALUE,
                          "a variable has 2 to %d states; this one has %d", AG_MAX_STATES,
                          variable->states.count);
}

static void require_fields(ag_reader *reader, const char *const *keys, bool wanted,
                           const char *why) {
    const ag_node *root = reader->source->root;
    for (; *keys != NULL; keys++) {
        const ag_node *node = ag_node_get(root, *keys);
        if (wanted && node == NULL)
            ag_reader_problem(reader, root, AG_ERROR_VALUE, "the field \"%s\" is missing; %s",
                              *keys, why);
        if (!wanted && node != NULL)
            ag_reader_problem(reader, node, AG_ERROR_VALUE,
                              "the field \"%s\" cannot stand here; %s", *keys, why);
    }
}

static void check_finding(ag_reader *reader, const ag_finding *finding) {
    static const char *const of_quantity[] = {"unit", "units", "range", NULL};
    static const char *const states[] = {"states", "state_names", NULL};
    static const char *const of_yes_no[] = {"absent_names", NULL};
    bool quantity = finding->value == AG_VALUE_QUANTITY;
    require_fields(reader, of_quantity, quantity,
                   "a finding of value quantity, and no other, has unit, units and range");
    require_fields(reader, states, finding->value == AG_VALUE_STATES,
                   "a finding of value states, and no other, has states and state_names");
    if (finding->value != AG_VALUE_YES_NO)
        require_fields(reader, of_yes_no, false, "only a yes-no finding has names of its absence");
    bool own = finding->unit_count == 0 || finding->unit == NULL;
    for (int i = 0; i < finding->unit_count; i++)
        own = own || strcmp(finding->units[i].name, finding->unit) == 0;
    if (!own)
        ag_reader_problem(reader, ag_node_get(reader->source->root, "units"), AG_ERROR_VALUE,
                          "the card's own unit \"%s\" is not among its units; add %s: 1",
                          finding->unit, finding->unit);
}

static void check_cause(ag_reader *reader, const ag_cause *cause) {
    const ag_node *root = reader->source->root;
    static const char *const times[] = {"onset", "offset", NULL};
    bool acts = false;
    for (int v = 0; v < cause->variant_count; v++)
        acts = acts || cause->variants[v].action_count > 0;
    if ((ag_node_get(root, "acts_on") != NULL) == (ag_node_get(root, "variants") != NULL))
        ag_reader_problem(reader, root, AG_ERROR_VALUE,
                          "a cause has either acts_on or variants; %s",
                          ag_node_get(root, "acts_on") != NULL ? "remove one" : "add one");
    if (acts)
        require_fields(reader, times, true, "say how soon the effect begins and ends");
    if (acts == (cause->cleared || cause->safety))
        ag_reader_problem(reader, root, AG_ERROR_VALUE,
                          acts ? "a cleared cause acts on nothing; remove cleared or acts_on"
                               : "a cause that acts on nothing needs cleared: {evidence: […], "
                                 "because: \"…\"}");
    for (int i = 1; i < cause->prior_count; i++)
        if (cause->priors[i].from_age <= cause->priors[i - 1].from_age)
            ag_reader_problem(reader, ag_node_get(root, "prior"), AG_ERROR_VALUE,
                              "the ages of prior are not ascending; sort them by from_age");
    if (cause->prior_count == 0 && ag_node_get(root, "prior") != NULL)
        ag_reader_problem(reader, ag_node_get(root, "prior"), AG_ERROR_VALUE,
                          "prior is empty; add one entry at least");
}

static void read_cause(ag_reader *reader, ag_cause *cause) {
    ag_target target = {&ag_cause_shape, cause};
    reader->cause = cause;
    ag_read_map(reader, reader->source->root, &target, 1);
    check_id(reader, cause->id);
    check_cause(reader, cause);
    cause->id = reader->source->name;
    reader->cause = NULL;
}

static void read_variable(ag_reader *reader, ag_variable *variable, ag_finding *finding,
                          ag_mechanism *mechanism) {
    ag_target targets[2];
    int count = 0;
    reader->variable = variable;
    reader->finding = finding;
    reader->mechanism = mechanism;
    if (finding != NULL) /* before its rows, whose form hangs on the kind of value */
        targets[count++] = (ag_target){&ag_finding_shape, finding};
    if (mechanism != NULL)
        targets[count++] = (ag_target){&ag_mechanism_shape, mechanism};
    targets[count++] = (ag_target){&ag_variable_shape, variable};
    ag_read_map(reader, reader->source->root, targets, count);
    check_id(reader, variable->id);
    check_states(reader, variable);
    if (finding != NULL)
        check_finding(reader, finding);
    variable->id = reader->source->name;
}

static void read_cards(ag_reader *reader, const ag_card_texts *texts, tables *t) {
    int variable = 0, mechanism = 0, finding = 0, cause = 0;
    for (int i = 0; i < texts->count; i++) {
        const ag_card_source *source = &texts->sources[i];
        if (source->kind > AG_CARD_CAUSE)
            continue;
        bool is_cause = source->kind == AG_CARD_CAUSE;
        ag_variable *v = is_cause ? NULL : &t->variables[variable++];
        ag_cause *c = is_cause ? &t->causes[cause++] : NULL;
        ag_finding *f = source->kind == AG_CARD_FINDING ? &t->findings[finding++] : NULL;
        ag_mechanism *m = source->kind == AG_CARD_MECHANISM ? &t->mechanisms[mechanism++] : NULL;
        reader->source = source;
        reader->path_length = 0;
        if (source->root == NULL)
            continue;
        if (!ag_reader_is(reader, source->root, AG_NODE_MAP, "such as  id: …"))
            continue;
        if (is_cause)
            read_cause(reader, c);
        else
            read_variable(reader, v, f, m);
    }
}

/* ---- all ---- */

static void parse(ag_reader *reader, ag_card_source *source) {
    ag_error error = {.code = AG_OK};
    reader->source = source;
    ag_status status =
        ag_yaml_parse(reader->arena, source->text, source->length, &source->root, &error);
    if (status == AG_OK && source->root != NULL)
        return;
    if (status == AG_OK)
        ag_fail_at(&error, AG_ERROR_SYNTAX, 1, 1, "the file is empty; write the card or remove it");
    ag_fault_where(&error, source->path);
    ag_problems_add(reader->problems, &error);
    reader->failed = reader->failed || status == AG_ERROR_MEMORY;
}

static void read_version(ag_reader *reader, ag_card_source *source) {
    ag_knowledge *k = reader->knowledge;
    if (source->text == NULL)
        return;
    parse(reader, source);
    ag_target target = {&ag_knowledge_shape, k};
    if (source->root == NULL)
        return;
    ag_read_map(reader, source->root, &target, 1);
    int year, month, day, end = 0;
    if (k->date != NULL &&
        (sscanf(k->date, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10 ||
         k->date[10] != '\0' || month < 1 || month > 12 || day < 1 || day > 31))
        ag_reader_problem(reader, ag_node_get(source->root, "date"), AG_ERROR_VALUE,
                          "\"%.40s\" is not a date; write it as 2026-11-22", k->date);
}

ag_knowledge *ag_knowledge_build(ag_arena *arena, ag_card_texts *texts, ag_problems *problems) {
    ag_knowledge *knowledge = ag_arena_alloc(arena, sizeof *knowledge);
    if (knowledge == NULL)
        return NULL;
    ag_reader reader = {
        .arena = arena, .problems = problems, .knowledge = knowledge, .left_out = texts->left_out};
    tables t;
    read_version(&reader, &texts->version);
    for (int i = 0; i < texts->count; i++)
        parse(&reader, &texts->sources[i]);
    if (!reader.failed && make_tables(&reader, texts, &t)) {
        read_heads(&reader, texts, &t);
        ag_read_plan_heads(&reader, texts);
        read_evidence(&reader, texts, &t);
    }
    if (!reader.failed) {
        read_cards(&reader, texts, &t);
        ag_read_plan_cards(&reader, texts);
    }
    if (!reader.failed)
        ag_check_together(&reader, texts);
    if (texts->left_out.count > 0 && ag_problems_count(problems) == 0)
        reader.failed = !ag_leave_out(knowledge, &texts->left_out) || reader.failed;
    return reader.failed || problems->failed ? NULL : knowledge;
}
