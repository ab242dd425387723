/*
 * What a user states: causes, treatments and states of functions with their doses or years, and
 * parameters of the tract. A value must have its unit; what is not understood is answered by what
 * could have been meant.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "antegrade/scenario.h"
#include "arena.h"
#include "fault.h"
#include "text.h"
#include "units.h"

enum { LONGEST_STATEMENT = 384 };

static const char *const kinds[] = {"cause", "treatment", "function"};

static const ag_scenario *find_named(const ag_scenarios *all, ag_scenario_kind kind,
                                     const char *name, const char *state) {
    for (size_t i = 0; i < ag_scenarios_count(all); i++) {
        const ag_scenario *s = ag_scenarios_at(all, i);
        if (s->kind == kind && ag_text_same(s->name, name) &&
            (state == NULL || ag_text_same(s->state, state)))
            return s;
    }
    return NULL;
}

/* The states of a function: "full", "reduced" or "none". */
static void list_states(const ag_scenarios *all, const char *function, ag_buffer *out) {
    const ag_scenario *last = NULL;
    int listed = 0;
    for (size_t i = 0; i < ag_scenarios_count(all); i++) {
        const ag_scenario *s = ag_scenarios_at(all, i);
        if (s->kind != AG_SCENARIO_FUNCTION || !ag_text_same(s->name, function))
            continue;
        if (last != NULL)
            ag_buffer_format(out, "%s%s", listed++ > 0 ? ", " : "", last->state);
        last = s;
    }
    if (last != NULL)
        ag_buffer_format(out, "%s%s", listed > 0 ? " or " : "", last->state);
}

/* What could have been meant by `name`, a kind of thing that has no such name. */
static void suggest(const ag_scenarios *all, ag_scenario_kind kind, const char *name,
                    ag_buffer *out) {
    if (kind == AG_SCENARIO_FUNCTION && find_named(all, kind, name, NULL) != NULL) {
        ag_buffer_format(out, "; %s can be ", name);
        list_states(all, name, out);
        return;
    }
    for (int other = AG_SCENARIO_CAUSE; other <= AG_SCENARIO_FUNCTION; other++)
        if (find_named(all, (ag_scenario_kind)other, name, NULL) != NULL) {
            ag_buffer_format(out, ": it is a %s", kinds[other]);
            return;
        }
    ag_nearest nearest;
    ag_nearest_start(&nearest, name);
    for (size_t i = 0; i < ag_scenarios_count(all); i++)
        if (ag_scenarios_at(all, i)->kind == kind)
            ag_nearest_offer(&nearest, ag_scenarios_at(all, i)->name);
    ag_buffer_add(out, nearest.count > 0 ? "; did you mean "
                                         : "; `antegrade simulate --list` shows all");
    ag_nearest_list(&nearest, out);
    ag_buffer_add(out, nearest.count > 0 ? "?" : "");
}

static ag_status unknown(const ag_scenarios *all, ag_scenario_kind kind, const char *name,
                         const char *state, ag_error *error) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    ag_buffer meant = ag_buffer_start(arena);
    suggest(all, kind, name, &meant);
    const char *text = ag_buffer_text(&meant);
    const char *what = kind == AG_SCENARIO_FUNCTION ? "state of a function" : kinds[kind];
    ag_status status =
        ag_fail(error, AG_ERROR_NAME, "no %s is called \"%s%s%s\"%s", what, name,
                state == NULL ? "" : "=", state == NULL ? "" : state, text == NULL ? "" : text);
    ag_arena_free(arena);
    return status;
}

/* A number and its unit, in the unit that the rules use. */
static ag_status read_value(double *out, const ag_scenario_given *g, const char *text,
                            ag_error *error) {
    char *unit;
    double factor = 1, value = strtod(text, &unit);
    if (strcmp(g->unit, "yes/no") == 0) {
        int yes = ag_text_same(text, "yes"), no = ag_text_same(text, "no");
        *out = yes;
        return yes || no
                   ? AG_OK
                   : ag_fail(error, AG_ERROR_VALUE, "%s is \"%s\"; say yes or no", g->name, text);
    }
    if (unit == text || !isfinite(value))
        return ag_fail(error, AG_ERROR_VALUE, "%s is \"%s\"; it must be a number%s%s", g->name,
                       text, strcmp(g->unit, "1") == 0 ? "" : " of ",
                       strcmp(g->unit, "1") == 0 ? "" : g->unit);
    while (isspace((unsigned char)*unit))
        unit++;
    if (*unit == '\0' && strcmp(g->unit, "1") != 0)
        return ag_fail(error, AG_ERROR_VALUE, "%s is \"%s\" without a unit; say %s%s", g->name,
                       text, text, g->unit);
    if (*unit != '\0' && strcmp(unit, g->unit) != 0 && !ag_unit_factor(unit, g->unit, &factor))
        return ag_fail(error, AG_ERROR_VALUE, "%s is in \"%s\"; say it in %s", g->name, unit,
                       g->unit);
    value *= factor;
    if (!(value >= g->low && value <= g->high))
        return ag_fail(error, AG_ERROR_VALUE, "%s is %g %s; allowed are %g to %g %s", g->name,
                       value, g->unit, g->low, g->high, g->unit);
    *out = value;
    return AG_OK;
}

static ag_status read_part(ag_scenario_use *use, char *part, int first, ag_error *error) {
    const ag_scenario *s = use->scenario;
    char *equals = strchr(part, '=');
    int i = 0;
    if (equals != NULL) {
        *equals = '\0';
        while (i < s->given_count && !ag_text_same(s->given[i].name, part))
            i++;
    } else if (!first) {
        return ag_fail(error, AG_ERROR_VALUE, "\"%s\" should be name=value", part);
    }
    if (i >= s->given_count) {
        if (s->given_count == 0)
            return ag_fail(error, AG_ERROR_NAME, "nothing can be stated about %s", s->name);
        return ag_fail(error, AG_ERROR_NAME, "\"%s\" cannot be stated about %s; \"%s\" can", part,
                       s->name, s->given[0].name);
    }
    if ((use->stated >> i & 1u) != 0)
        return ag_fail(error, AG_ERROR_NAME, "%s of %s is stated twice", s->given[i].name, s->name);
    use->stated |= 1u << i;
    return read_value(&use->given[i], &s->given[i], equals == NULL ? part : equals + 1, error);
}

ag_status ag_scenario_read(ag_scenario_use *out, const ag_scenarios *scenarios,
                           ag_scenario_kind kind, const char *text, ag_error *error) {
    char copy[LONGEST_STATEMENT], *rest;
    if (strlen(text) >= sizeof copy)
        return ag_fail(error, AG_ERROR_VALUE, "\"%.40s...\" is too long", text);
    strcpy(copy, text);
    rest = strchr(copy, '=');
    if (rest != NULL)
        *rest++ = '\0';
    int stateful = kind == AG_SCENARIO_FUNCTION;
    out->scenario = find_named(scenarios, kind, copy, !stateful ? NULL : rest != NULL ? rest : "");
    if (out->scenario == NULL)
        return unknown(scenarios, kind, copy, stateful ? rest : NULL, error);
    out->stated = 0;
    for (int i = 0; i < out->scenario->given_count; i++)
        out->given[i] = out->scenario->given[i].usual;
    ag_status status = AG_OK;
    int first = 1;
    while (status == AG_OK && rest != NULL && !stateful) {
        char *comma = strchr(rest, ',');
        if (comma != NULL)
            *comma++ = '\0';
        status = read_part(out, rest, first, error);
        rest = comma;
        first = 0;
    }
    return status;
}

/* ---- parameters ---- */

static ag_status unknown_parameter(const char *name, ag_error *error) {
    ag_nearest nearest;
    ag_nearest_start(&nearest, name);
    for (int i = 0; i < AG_TRACT_PARAMETERS; i++)
        ag_nearest_offer(&nearest, ag_tract_parameter_of((ag_tract_parameter)i)->name);
    if (nearest.count == 0)
        return ag_fail(error, AG_ERROR_NAME,
                       "there is no parameter \"%s\"; `antegrade simulate --parameters` lists them",
                       name);
    return ag_fail(error, AG_ERROR_NAME, "there is no parameter \"%s\"; did you mean \"%s\"?", name,
                   nearest.names[0]);
}

ag_status ag_scenario_read_parameter(ag_tract_parameter *parameter, double *value, const char *text,
                                     ag_error *error) {
    char name[64], *unit;
    const char *equals = strchr(text, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - text);
    if (length == 0 || length >= sizeof name)
        return ag_fail(error, AG_ERROR_VALUE, "\"%.80s\" should be PARAMETER=VALUE", text);
    memcpy(name, text, length);
    name[length] = '\0';
    *parameter = ag_tract_parameter_find(name);
    if (*parameter == AG_TRACT_PARAMETERS)
        return unknown_parameter(name, error);
    const ag_tract_parameter_info *p = ag_tract_parameter_of(*parameter);
    const char *shown = strcmp(p->unit, "1") == 0 ? "" : p->unit;
    *value = strtod(equals + 1, &unit);
    int number = unit != equals + 1;
    while (isspace((unsigned char)*unit))
        unit++;
    if (!number || (*unit != '\0' && strcmp(unit, p->unit) != 0) ||
        !(*value >= p->low && *value <= p->high))
        return ag_fail(error, AG_ERROR_VALUE, "%s is \"%.40s\"; allowed are %g to %g%s%s", name,
                       equals + 1, p->low, p->high, *shown == '\0' ? "" : " ", shown);
    return AG_OK;
}
