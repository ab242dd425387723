/*
 * The rules of knowledge/tract: read from YAML and applied to men. A rule's random numbers
 * come from the hash of "scenario/word", so that rules do not disturb each other.
 */
#include "antegrade/scenario.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "expression.h"
#include "fault.h"
#include "text.h"
#include "tract_rules.h"
#include "yaml_tree.h"

enum { MOST_RULES = 24, MOST_SCENARIOS = 256 };

struct ag_scenarios {
    ag_arena *arena;
    size_t count;
    ag_scenario scenario[MOST_SCENARIOS];
};

/* ---- reading ---- */

static const char *text_of(const ag_node *record, const char *key) {
    const ag_node *node = ag_node_get(record, key);
    return node != NULL && node->kind == AG_NODE_TEXT ? node->text : "";
}

static ag_status fault_at(ag_error *error, const ag_node *node, const char *message) {
    return ag_fail_at(error, AG_ERROR_VALUE, node->line, node->column, "%s", message);
}

static int number_of(const ag_node *map, const char *key, double *out) {
    const char *text = text_of(map, key);
    char *end;
    *out = strtod(text, &end);
    return *text != '\0' && *end == '\0' && isfinite(*out);
}

static ag_status read_given(ag_scenario *s, const ag_node *record, ag_error *error) {
    const ag_node *map = ag_node_get(record, "given");
    for (const ag_node *n = map == NULL ? NULL : map->first; n != NULL; n = n->next) {
        ag_scenario_given *g = &s->given[s->given_count];
        if (s->given_count++ == AG_SCENARIO_GIVEN)
            return fault_at(error, n, "too many things are given");
        g->name = n->key;
        g->unit = text_of(n, "unit");
        if (*g->unit == '\0' || !number_of(n, "usual", &g->usual) ||
            !number_of(n, "low", &g->low) || !number_of(n, "high", &g->high))
            return fault_at(error, n, "needs unit, usual, low and high");
    }
    return AG_OK;
}

static ag_status read_rules(ag_arena *arena, ag_scenario *s, const ag_node *record,
                            ag_error *error) {
    const ag_node *map = ag_node_get(record, "set");
    if (map == NULL || map->kind != AG_NODE_MAP)
        return fault_at(error, record, "needs \"set\": parameters and their expressions");
    ag_scenario_rule *rules = ag_arena_array(arena, (size_t)map->count, sizeof *rules);
    if (rules == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (map->count > MOST_RULES)
        return fault_at(error, map, "too many rules");
    for (const ag_node *n = map->first; n != NULL; n = n->next) {
        if (n->kind != AG_NODE_TEXT)
            return fault_at(error, n, "must be an expression");
        rules[s->rule_count++] = (ag_scenario_rule){n->key, n->text};
    }
    s->rules = rules;
    return AG_OK;
}

static const char *joined(ag_arena *arena, const ag_node *list) {
    const char *text = "";
    for (const ag_node *n = list == NULL ? NULL : list->first; n != NULL && text != NULL;
         n = n->next)
        text = ag_arena_format(arena, "%s%s%s", text, *text == '\0' ? "" : " ", n->text);
    return text;
}

static int kind_of(const char *word) {
    static const char *const words[] = {"cause", "treatment", "function"};
    for (int i = 0; i < 3; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

static ag_status try_rules(const ag_scenario *s, ag_error *error) {
    ag_scenario_use use = {.scenario = s};
    ag_tract_man man;
    ag_tract_default(&man);
    for (int i = 0; i < s->given_count; i++)
        use.given[i] = s->given[i].usual;
    return ag_scenario_apply(&use, &man, 0, 0, 1, error);
}

static ag_status read_record(ag_scenarios *all, const ag_node *record, ag_error *error) {
    if (all->count == MOST_SCENARIOS)
        return ag_fail(error, AG_ERROR_TOO_LARGE, "more than %d rules", MOST_SCENARIOS);
    ag_scenario *s = &all->scenario[all->count];
    int kind = kind_of(text_of(record, "kind"));
    if (record->kind != AG_NODE_MAP || kind < 0)
        return fault_at(error, record, "needs \"kind\": cause, treatment or function");
    *s = (ag_scenario){.kind = (ag_scenario_kind)kind,
                       .name = text_of(record, "name"),
                       .state = text_of(record, "state"),
                       .summary = text_of(record, "summary"),
                       .reason = text_of(record, "reason"),
                       .evidence = joined(all->arena, ag_node_get(record, "evidence"))};
    if (s->evidence == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (*s->name == '\0' || *s->summary == '\0' || *s->reason == '\0')
        return fault_at(error, record, "needs name, summary and reason");
    ag_status status = read_given(s, record, error);
    if (status == AG_OK)
        status = read_rules(all->arena, s, record, error);
    if (status == AG_OK && (status = try_rules(s, error)) != AG_OK && error != NULL)
        error->line = record->line;
    if (status == AG_OK)
        all->count++;
    return status;
}

static ag_status read_text(ag_scenarios *all, const char *text, size_t length, const char *name,
                           ag_error *error) {
    const ag_node *root = NULL;
    ag_status status = ag_yaml_parse(all->arena, text, length, &root, error);
    if (status == AG_OK && (root == NULL || root->kind != AG_NODE_LIST))
        status = ag_fail(error, AG_ERROR_SYNTAX, "must be a list of rules");
    for (const ag_node *n = root == NULL ? NULL : root->first; status == AG_OK && n != NULL;
         n = n->next)
        status = read_record(all, n, error);
    if (status != AG_OK)
        ag_fault_where(error, name);
    return status;
}

static ag_status read_file(ag_scenarios *all, const char *directory, const char *name,
                           ag_error *error) {
    char *path = ag_arena_format(all->arena, "%s/%s", directory, name);
    FILE *file = path == NULL ? NULL : fopen(path, "rb");
    char *text = ag_arena_alloc(all->arena, AG_YAML_BYTES);
    if (file == NULL || text == NULL) {
        if (file != NULL)
            fclose(file);
        return ag_fail(error, AG_ERROR_IO, "%s/%s cannot be read: %s", directory, name,
                       strerror(errno));
    }
    size_t length = fread(text, 1, AG_YAML_BYTES, file);
    fclose(file);
    return read_text(all, text, length, path, error);
}

ag_status ag_scenarios_open(ag_scenarios **out, const char *directory, ag_error *error) {
    ag_scenarios *all = calloc(1, sizeof *all);
    *out = NULL;
    if (all == NULL || (all->arena = ag_arena_new()) == NULL) {
        free(all);
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    ag_status status = AG_OK;
    for (int i = 0; status == AG_OK && i < AG_TRACT_RULES_FILES; i++)
        status = directory != NULL
                     ? read_file(all, directory, ag_tract_rules[i].name, error)
                     : read_text(all, ag_tract_rules[i].text, ag_tract_rules[i].length,
                                 ag_tract_rules[i].name, error);
    if (status != AG_OK)
        ag_scenarios_free(all);
    else
        *out = all;
    return status;
}

void ag_scenarios_free(ag_scenarios *scenarios) {
    if (scenarios != NULL)
        ag_arena_free(scenarios->arena);
    free(scenarios);
}

size_t ag_scenarios_count(const ag_scenarios *scenarios) {
    return scenarios->count;
}

const ag_scenario *ag_scenarios_at(const ag_scenarios *scenarios, size_t i) {
    return i < scenarios->count ? &scenarios->scenario[i] : NULL;
}

/* ---- applying ---- */

typedef struct workings {
    const ag_scenario_use *use;
    ag_tract_man *man;
    int done; /* rules evaluated */
    double value[MOST_RULES];
} workings;

static int is(const char *name, const char *word, size_t length) {
    return strlen(name) == length && strncmp(name, word, length) == 0;
}

/* Later words hide earlier ones; then what was stated; then the man's parameters. */
static int find(void *user, const char *word, size_t length, double *out) {
    const workings *w = user;
    const ag_scenario *s = w->use->scenario;
    for (int i = w->done - 1; i >= 0; i--)
        if (is(s->rules[i].name, word, length)) {
            *out = w->value[i];
            return 1;
        }
    for (int i = 0; i < s->given_count; i++)
        if (is(s->given[i].name, word, length)) {
            *out = w->use->given[i];
            return 1;
        }
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++)
        if (is(ag_tract_parameter_of((ag_tract_parameter)i)->name, word, length)) {
            *out = w->man->value[i];
            return 1;
        }
    return 0;
}

ag_status ag_scenario_apply(const ag_scenario_use *use, ag_tract_man *man, uint64_t seed,
                            uint64_t number, int typical, ag_error *error) {
    const ag_scenario *s = use->scenario;
    workings w = {.use = use, .man = man};
    uint64_t hash = ag_text_hash(AG_HASH_START, s->name, strlen(s->name));
    hash = ag_text_hash(ag_text_hash(hash, "/", 1), s->state, strlen(s->state));
    for (int i = 0; i < s->rule_count; i++) {
        const ag_scenario_rule *rule = &s->rules[i];
        ag_scope scope = {
            .find = find, .user = &w, .seed = seed, .man = number, .typical = typical};
        scope.index = ag_text_hash(hash, rule->name, strlen(rule->name));
        ag_status status = ag_expression_value(&w.value[i], rule->expression, &scope, error);
        if (status != AG_OK)
            return status;
        ag_tract_parameter p = ag_tract_parameter_find(rule->name);
        if (p != AG_TRACT_PARAMETERS) {
            const ag_tract_parameter_info *info = ag_tract_parameter_of(p);
            w.value[i] = fmin(fmax(w.value[i], info->low), info->high);
            man->value[p] = w.value[i];
        }
        w.done = i + 1;
    }
    return AG_OK;
}
