/* Gathering what is summed up. */
#include "screen_summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict_text.h"

ag_screen_summary *ag_summary_new(const ag_knowledge *knowledge, int as_of) {
    ag_screen_summary *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->knowledge = knowledge;
    s->as_of = as_of;
    s->arena = ag_arena_new();
    s->by_cause = calloc((size_t)knowledge->cause_count + 1, sizeof *s->by_cause);
    if (s->arena == NULL || s->by_cause == NULL) {
        ag_screen_summary_free(s);
        return NULL;
    }
    return s;
}

static void free_unknown(ag_unknown_concept *u) {
    free(u->type);
    free(u->code);
    free(u->text);
}

static void free_man(ag_summary_man *m) {
    free(m->id);
    free(m->leading);
    free(m->causes);
    free(m->steps);
}

void ag_screen_summary_free(ag_screen_summary *s) {
    if (s == NULL)
        return;
    for (int i = 0; i < s->unknown_count; i++)
        free_unknown(&s->unknown[i]);
    for (int i = 0; i < s->fault_count; i++) {
        free(s->faults[i].file);
        free(s->faults[i].message);
    }
    for (int i = 0; i < s->count_count; i++)
        free(s->counts[i].name);
    for (int i = 0; i < s->unused_count; i++)
        free(s->unused[i].name);
    for (int i = 0; i < s->leading_count; i++)
        free(s->leading[i].name);
    for (int i = 0; i < s->man_count; i++)
        free_man(&s->men[i]);
    ag_arena_free(s->arena);
    free(s->by_cause);
    free(s);
}

static bool add_to(ag_named_count *list, int *used, int room, const char *name, long long count) {
    for (int i = 0; i < *used; i++)
        if (strcmp(list[i].name, name) == 0) {
            list[i].count += count;
            return true;
        }
    if (*used == room)
        return true;
    char *copy = strdup(name);
    if (copy == NULL)
        return false;
    list[(*used)++] = (ag_named_count){copy, count};
    return true;
}

bool ag_summary_add_count(ag_screen_summary *s, const char *name, long long count) {
    return add_to(s->counts, &s->count_count, (int)(sizeof s->counts / sizeof s->counts[0]), name,
                  count);
}

long long ag_summary_count(const ag_screen_summary *s, const char *name) {
    for (int i = 0; i < s->count_count; i++)
        if (strcmp(s->counts[i].name, name) == 0)
            return s->counts[i].count;
    return 0;
}

/* They come in the order of type and code, so that of equal counts the first stays first. */
bool ag_summary_add_unknown(ag_screen_summary *s, const char *type, const char *code,
                            const char *text, long long count) {
    s->unknown_kinds++;
    s->unknown_all += count;
    int at = s->unknown_count;
    while (at > 0 && s->unknown[at - 1].count < count)
        at--;
    if (at == AG_SUMMARY_UNKNOWN)
        return true;
    ag_unknown_concept added = {strdup(type), strdup(code), strdup(text), count};
    if (added.type == NULL || added.code == NULL || added.text == NULL) {
        free_unknown(&added);
        return false;
    }
    memmove(&s->unknown[at + 1], &s->unknown[at],
            (size_t)(s->unknown_count - at) * sizeof s->unknown[0]);
    s->unknown[at] = added;
    if (s->unknown_count == AG_SUMMARY_UNKNOWN)
        free_unknown(&s->unknown[AG_SUMMARY_UNKNOWN]);
    else
        s->unknown_count++;
    return true;
}

bool ag_summary_add_fault(ag_screen_summary *s, const char *file, long long line,
                          const char *message) {
    if (s->fault_count == AG_SUMMARY_FAULTS)
        return true;
    ag_read_fault fault = {strdup(file), strdup(message), line};
    if (fault.file == NULL || fault.message == NULL) {
        free(fault.file);
        free(fault.message);
        return false;
    }
    s->faults[s->fault_count++] = fault;
    return true;
}

/* The value, which such reasons quote first, has nothing to do with why it is not used, and may be
 * words about a man. */
static void without_value(const char *why, char *out, size_t room) {
    const char *open = strchr(why, '"'), *close = open != NULL ? strchr(open + 1, '"') : NULL;
    if (close != NULL)
        snprintf(out, room, "%.*s\"…\"%s", (int)(open - why), why, close + 1);
    else
        snprintf(out, room, "%s", why);
}

/* The most frequent first, where it is found soonest. Those that come when the list is full are in
 * `unused_all` alone. */
bool ag_summary_add_unused(ag_screen_summary *s, const char *why) {
    char name[512];
    ag_named_count *list = s->unused;
    int at = 0;
    without_value(why, name, sizeof name);
    s->unused_all++;
    while (at < s->unused_count && strcmp(list[at].name, name) != 0)
        at++;
    if (at == AG_SUMMARY_REASONS)
        return true;
    if (at == s->unused_count) {
        char *copy = strdup(name);
        if (copy == NULL)
            return false;
        list[s->unused_count++] = (ag_named_count){copy, 0};
    }
    list[at].count++;
    for (; at > 0 && list[at - 1].count < list[at].count; at--) {
        ag_named_count moved = list[at];
        list[at] = list[at - 1];
        list[at - 1] = moved;
    }
    return true;
}

/* ---- men ---- */

static char *cause_names(const ag_screen_summary *s, const ag_verdict *v) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return NULL;
    ag_buffer names = ag_buffer_start(arena);
    for (int i = 0, said = 0; i < v->cause_count; i++) {
        const ag_cause *cause = &s->knowledge->causes[v->causes[i]];
        if (!ag_cause_concerns(cause))
            continue;
        ag_buffer_add(&names, said++ > 0 ? ", " : "");
        ag_buffer_add(&names, cause->names.en.items[0]);
    }
    const char *text = ag_buffer_text(&names);
    char *copy = text != NULL ? strdup(text) : NULL;
    ag_arena_free(arena);
    return copy;
}

static const char *mechanism_name(const ag_screen_summary *s, const char *id) {
    int variable = id != NULL ? ag_knowledge_variable(s->knowledge, id) : -1;
    return variable >= 0 ? s->knowledge->variables[variable].names.en.items[0] : "";
}

static bool keep_man(ag_screen_summary *s, const char *id, const ag_verdict *v) {
    int at = s->man_count;
    while (at > 0 && s->men[at - 1].risk.value < v->risk.value)
        at--;
    if (at == AG_SUMMARY_MEN)
        return true;
    ag_summary_man m = {.id = strdup(id),
                        .leading = strdup(mechanism_name(s, v->leading_id)),
                        .causes = cause_names(s, v),
                        .steps = strdup(v->step_text != NULL ? v->step_text : ""),
                        .age_years = v->age_years,
                        .risk = v->risk};
    if (m.id == NULL || m.leading == NULL || m.causes == NULL || m.steps == NULL) {
        free_man(&m);
        return false;
    }
    memmove(&s->men[at + 1], &s->men[at], (size_t)(s->man_count - at) * sizeof s->men[0]);
    s->men[at] = m;
    if (s->man_count == AG_SUMMARY_MEN)
        free_man(&s->men[AG_SUMMARY_MEN]);
    else
        s->man_count++;
    return true;
}

bool ag_summary_add_man(ag_screen_summary *s, const char *id, const ag_verdict *v, bool reported) {
    s->patients++;
    s->outcomes[v->outcome]++;
    if (!reported)
        return true;
    s->reported++;
    int bin = (int)(v->risk.value * AG_SUMMARY_BINS);
    s->histogram[bin < 0 ? 0 : bin >= AG_SUMMARY_BINS ? AG_SUMMARY_BINS - 1 : bin]++;
    for (int i = 0; i < 4; i++)
        s->steps[i] += v->steps >> i & 1;
    for (int i = 0; i < v->cause_count; i++)
        s->by_cause[v->causes[i]] += ag_cause_concerns(&s->knowledge->causes[v->causes[i]]);
    return (v->leading_id == NULL ||
            add_to(s->leading, &s->leading_count, (int)(sizeof s->leading / sizeof s->leading[0]),
                   v->leading_id, 1)) &&
           keep_man(s, id, v);
}

long long ag_screen_summary_hits(const ag_screen_summary *summary) {
    return summary->reported;
}

long long ag_screen_summary_faults(const ag_screen_summary *summary) {
    return ag_summary_count(summary, "lines not read");
}
