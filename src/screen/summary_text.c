/* The summary for people on a terminal, and as one JSON object. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_writer.h"
#include "summary_words.h"

enum { NAMED = 12, FAULTS_SHOWN = 20 };

const char *const AG_OUTCOME_WORDS[AG_OUTCOMES] = {
    [AG_OUTCOME_HIT] = "men with something that concerns ejaculation",
    [AG_OUTCOME_NOTHING] = "men without",
    [AG_OUTCOME_WOMAN] = "women, or male anatomy not known",
    [AG_OUTCOME_DEAD] = "dead",
    [AG_OUTCOME_UNDER_AGE] = "under 18, or perhaps",
    [AG_OUTCOME_OUTSIDE] = "outside the intended use",
    [AG_OUTCOME_BAD_BIRTH] = "with an impossible date of birth",
    [AG_OUTCOME_NO_PERSON] = "without a Patient resource",
    [AG_OUTCOME_IMPOSSIBLE] = "whose findings contradict each other"};

const char *const AG_STEP_WORDS[AG_STEPS] = {
    "offer to freeze sperm before a planned operation",
    "takes a medicine to which there is a better alternative",
    "low semen volume that nothing recorded explains", "ask him whether semen has become less"};

const char *const AG_ASIDE[] = {"resources about no patient",
                                "resources whose patient is not named by id",
                                "patients whose record another one replaces",
                                "lines of a log or manifest of the export",
                                "deletions carried out",
                                "deletions that were not carried out",
                                "files of other names left out",
                                NULL};

static int by_count(const void *left, const void *right) {
    const ag_cause_count *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return strcmp(a->cause->id, b->cause->id);
}

ag_cause_count *ag_summary_causes(const ag_screen_summary *s, ag_arena *arena, int *count) {
    ag_cause_count *list =
        ag_arena_array(arena, (size_t)s->knowledge->cause_count + 1, sizeof *list);
    *count = 0;
    for (int c = 0; list != NULL && c < s->knowledge->cause_count; c++)
        if (s->by_cause[c] > 0)
            list[(*count)++] = (ag_cause_count){&s->knowledge->causes[c], s->by_cause[c]};
    if (*count > 1)
        qsort(list, (size_t)*count, sizeof *list, by_count);
    return list;
}

/* ---- text ---- */

static void add_counts(ag_buffer *out, const ag_screen_summary *s) {
    ag_buffer_format(out, "%.1f MB in %lld lines of %lld files read\n",
                     1e-6 * (double)ag_summary_count(s, "bytes read"), ag_summary_count(s, "lines"),
                     ag_summary_count(s, "files"));
    ag_buffer_format(out, "%lld patients, of whom\n", s->patients);
    for (int i = 0; i < AG_OUTCOMES; i++)
        if (s->outcomes[i] > 0)
            ag_buffer_format(out, "%12lld  %s\n", s->outcomes[i], AG_OUTCOME_WORDS[i]);
    ag_buffer_format(out, "%lld men reported (%lld different situations assessed)\n", s->reported,
                     s->assessments);
    for (int i = 0; i < AG_STEPS; i++)
        if (s->steps[i] > 0)
            ag_buffer_format(out, "%12lld  %s\n", s->steps[i], AG_STEP_WORDS[i]);
}

static void add_causes(ag_buffer *out, const ag_screen_summary *s) {
    int count;
    const ag_cause_count *causes = ag_summary_causes(s, s->arena, &count);
    if (causes == NULL || count == 0)
        return;
    ag_buffer_add(out, "Causes recorded of them\n");
    for (int i = 0; i < count && i < NAMED; i++)
        ag_buffer_format(out, "%12lld  %s\n", causes[i].count, causes[i].cause->names.en.items[0]);
    if (count > NAMED)
        ag_buffer_format(out, "              and %d more\n", count - NAMED);
}

static void add_not_understood(ag_buffer *out, const ag_screen_summary *s) {
    if (s->unknown_kinds > 0)
        ag_buffer_format(out, "Not known: %lld entries of %lld kinds, most often\n", s->unknown_all,
                         s->unknown_kinds);
    for (int i = 0; i < s->unknown_count && i < NAMED; i++)
        ag_buffer_format(out, "%12lld  %s %s %.*s\n", s->unknown[i].count, s->unknown[i].type,
                         s->unknown[i].code, ag_utf8_cut(s->unknown[i].text, 60),
                         s->unknown[i].text);
    if (s->unused_all > 0)
        ag_buffer_format(out, "Known, but not used: %lld entries of men, most often\n",
                         s->unused_all);
    for (int i = 0; i < s->unused_count && i < NAMED; i++)
        ag_buffer_format(out, "%12lld  %s\n", s->unused[i].count, s->unused[i].name);
    bool told = false;
    for (int i = 0; AG_ASIDE[i] != NULL; i++) {
        long long count = ag_summary_count(s, AG_ASIDE[i]);
        if (count > 0)
            ag_buffer_format(out, "%s%12lld  %s\n", told ? "" : "Left aside\n", count, AG_ASIDE[i]);
        told = told || count > 0;
    }
}

static void add_faults(ag_buffer *out, const ag_screen_summary *s) {
    long long all = ag_screen_summary_faults(s);
    if (all > 0)
        ag_buffer_format(out, "Not read: %lld lines or files\n", all);
    for (int i = 0; i < s->fault_count && i < FAULTS_SHOWN; i++) {
        const ag_read_fault *f = &s->faults[i];
        if (f->line > 0)
            ag_buffer_format(out, "%s:%lld: %s\n", f->file, f->line, f->message);
        else
            ag_buffer_format(out, "%s: %s\n", f->file, f->message);
    }
    if (all > FAULTS_SHOWN)
        ag_buffer_format(out, "... and %lld more\n", all - FAULTS_SHOWN);
}

const char *ag_screen_summary_text(ag_screen_summary *s) {
    ag_buffer out = ag_buffer_start(s->arena);
    add_counts(&out, s);
    add_causes(&out, s);
    add_not_understood(&out, s);
    add_faults(&out, s);
    return ag_buffer_text(&out);
}

/* ---- JSON ---- */

static void write_lists(ag_json *json, const ag_screen_summary *s) {
    int count;
    const ag_cause_count *causes = ag_summary_causes(s, s->arena, &count);
    ag_json_object(json, "causes");
    for (int i = 0; causes != NULL && i < count; i++)
        ag_json_integer(json, causes[i].cause->id, causes[i].count);
    ag_json_end(json);
    ag_json_object(json, "leading");
    for (int i = 0; i < s->leading_count; i++)
        ag_json_integer(json, s->leading[i].name, s->leading[i].count);
    ag_json_end(json);
    ag_json_array(json, "risk_histogram");
    for (int i = 0; i < AG_SUMMARY_BINS; i++)
        ag_json_integer(json, NULL, s->histogram[i]);
    ag_json_end(json);
    ag_json_object(json, "steps");
    for (int i = 0; i < AG_STEPS; i++)
        ag_json_integer(json, AG_STEP_WORDS[i], s->steps[i]);
    ag_json_end(json);
}

static void write_not_understood(ag_json *json, const ag_screen_summary *s) {
    ag_json_integer(json, "unknown_entries", s->unknown_all);
    ag_json_integer(json, "unknown_kinds", s->unknown_kinds);
    ag_json_array(json, "unknown");
    for (int i = 0; i < s->unknown_count; i++) {
        ag_json_object(json, NULL);
        ag_json_text(json, "type", s->unknown[i].type);
        ag_json_text(json, "code", s->unknown[i].code);
        ag_json_text(json, "text", s->unknown[i].text);
        ag_json_integer(json, "count", s->unknown[i].count);
        ag_json_end(json);
    }
    ag_json_end(json);
    ag_json_integer(json, "unused_entries", s->unused_all);
    ag_json_array(json, "unused");
    for (int i = 0; i < s->unused_count; i++) {
        ag_json_object(json, NULL);
        ag_json_text(json, "why", s->unused[i].name);
        ag_json_integer(json, "count", s->unused[i].count);
        ag_json_end(json);
    }
    ag_json_end(json);
    ag_json_array(json, "faults");
    for (int i = 0; i < s->fault_count; i++) {
        ag_json_object(json, NULL);
        ag_json_text(json, "file", s->faults[i].file);
        ag_json_integer(json, "line", s->faults[i].line);
        ag_json_text(json, "message", s->faults[i].message);
        ag_json_end(json);
    }
    ag_json_end(json);
}

const char *ag_screen_summary_json(ag_screen_summary *s) {
    char day[AG_DATE_TEXT];
    ag_buffer out = ag_buffer_start(s->arena);
    ag_json json = ag_json_start(&out, 2);
    ag_json_object(&json, NULL);
    ag_json_text(&json, "date", ag_days_write(ag_days_on(s->as_of), day));
    ag_json_text(&json, "knowledge", s->knowledge->version);
    ag_json_object(&json, "counts");
    for (int i = 0; i < s->count_count; i++)
        ag_json_integer(&json, s->counts[i].name, s->counts[i].count);
    ag_json_end(&json);
    ag_json_integer(&json, "patients", s->patients);
    ag_json_object(&json, "outcomes");
    for (int i = 0; i < AG_OUTCOMES; i++)
        ag_json_integer(&json, AG_OUTCOME_WORDS[i], s->outcomes[i]);
    ag_json_end(&json);
    ag_json_integer(&json, "reported", s->reported);
    write_lists(&json, s);
    write_not_understood(&json, s);
    ag_json_end(&json);
    ag_buffer_add_char(&out, '\n');
    return ag_buffer_text(&out);
}
