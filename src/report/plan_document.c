/*
 * The plan in words. For the man it says what can be asked for and what others do, never what to
 * take or to stop: a medicine that may be the reason is changed by its prescriber, stimulation is
 * done in a clinic, and what is refused or must wait is left to the doctor.
 */
#include "plan_document.h"

#include <math.h>
#include <string.h>

#include "readers.h"

enum {
    MOST_TESTS = 3,
    MOST_OPTIONS = 8,
    MOST_OPTIONS_PATIENT = 4,
    MOST_OTHERS_PATIENT = 3,
    MOST_WAYS = 6
};

static const char *say(const ag_view *view, const char *english) AG_FORMAT_ARGUMENT(2);

static const char *say(const ag_view *view, const char *english) {
    return ag_view_say(view, english);
}

static bool known(ag_estimate p) {
    return !isnan(p.value);
}

/* "81 % (73–89)" */
static void add_estimate(const ag_view *view, ag_buffer *out, ag_estimate p) {
    char percent[AG_PERCENT_TEXT], range[AG_INTERVAL_TEXT];
    ag_report_percent(view->language, p.value, percent);
    if (p.low == p.high) { /* a central value, without draws */
        ag_buffer_add(out, percent);
        return;
    }
    ag_report_interval(p, range);
    ag_buffer_format(out, "%s %s", percent, range);
}

static void add_line(ag_document *d, ag_block_kind kind, ag_buffer *line) {
    ag_document_add(d, kind, ag_buffer_text(line));
}

/* ---- for the clinician ---- */

static void add_results(const ag_view *view, ag_buffer *out, const ag_plan_test *test) {
    for (int i = 0; i < test->result_count; i++) {
        const ag_plan_result *result = &test->results[i];
        char chance[AG_PERCENT_TEXT], then[AG_PERCENT_TEXT];
        ag_report_percent(view->language, result->probability, chance);
        ag_report_percent(view->language, result->mechanism_probability, then);
        ag_buffer_format(out, "%s%s (%s)", i == 0 ? "" : "; ",
                         ag_view_plan_text(view, result->text), chance);
        if (result->mechanism != NULL)
            ag_buffer_format(out, " → %s %s", ag_view_plan_text(view, result->mechanism_name),
                             then);
    }
    if (test->result_count > 0)
        ag_buffer_add_char(out, '.');
}

/* Sentences in a row. */
static void add_sentence(ag_buffer *out, const char *text) {
    ag_buffer_format(out, "%s%s", out->length > 0 ? " " : "", text);
}

static void add_notes(const ag_view *view, ag_buffer *out, const ag_plan_note *notes, int count) {
    for (int i = 0; i < count; i++)
        add_sentence(out, ag_view_plan_text(view, notes[i].text));
}

/* A line, and its details below it. */
static void add_detailed(ag_document *d, ag_block_kind kind, ag_buffer *line, ag_buffer *details) {
    const char *first = ag_buffer_text(line), *rest = ag_buffer_text(details);
    if (first == NULL || rest == NULL)
        d->failed = true;
    else
        ag_document_add(d, kind, ag_arena_format(d->arena, "%s\n%s", first, rest));
}

static void next_tests(ag_document *d, const ag_view *view) {
    ag_document_add(d, AG_BLOCK_HEADING, say(view, "Next"));
    if (ag_plan_is_emergency(view->plan))
        ag_document_add(d, AG_BLOCK_TEXT,
                        say(view, "First what is urgent, as above; all else can wait."));
    else if (ag_plan_tests_done(view->plan))
        ag_document_add(d, AG_BLOCK_TEXT, say(view, "No further test is worth its burden."));
    int shown = 0;
    for (int i = 0; i < ag_plan_test_count(view->plan); i++) {
        const ag_plan_test *test = ag_plan_test_at(view->plan, i);
        if (!test->worth || (shown >= MOST_TESTS && !test->due))
            continue;
        ag_buffer line = ag_buffer_start(view->arena), details = ag_buffer_start(view->arena);
        ag_buffer_add(&line, ag_view_capital(view, ag_view_plan_text(view, test->name)));
        if (!test->due)
            add_results(view, &details, test);
        add_notes(view, &details, test->notes, test->note_count);
        add_detailed(d, AG_BLOCK_STEP, &line, &details);
        shown += !test->due;
    }
}

const char *ag_plan_standing_text(const ag_view *view, ag_plan_effect effect) {
    return effect == AG_PLAN_REFUSED ? say(view, "refused: ")
           : effect == AG_PLAN_FIRST ? say(view, "not yet: ")
                                     : "";
}

static void add_odds(const ag_view *view, ag_buffer *out, const ag_plan_option *option) {
    if (known(option->semen)) {
        ag_buffer_format(out, ", %s ", say(view, "semen forward"));
        add_estimate(view, out, option->semen);
    }
    if (known(option->sperm)) {
        ag_buffer_format(out, ", %s ", say(view, "sperm"));
        add_estimate(view, out, option->sperm);
    }
    if (!isnan(option->days) && ceil(option->days) == 1)
        ag_buffer_add(out, say(view, ", within a day"));
    else if (!isnan(option->days))
        ag_buffer_format(out, say(view, ", within %.0f days"), ceil(option->days));
}

static void add_harms(const ag_view *view, ag_buffer *out, const ag_plan_option *option) {
    for (int i = 0; i < option->harm_count; i++) {
        const char *text = ag_view_plan_text(view, option->harms[i].text);
        ag_buffer_format(out, "%s ", i == 0 ? ag_view_capital(view, text) : text);
        add_estimate(view, out, option->harms[i].probability);
        ag_buffer_add(out, i + 1 < option->harm_count ? "; " : ".");
    }
}

static void add_marks(ag_buffer *out, const char *const *ids, int count) {
    for (int i = 0; i < count && i < 4; i++)
        ag_buffer_format(out, "%s%s", i == 0 ? " [" : ", ", ids[i]);
    if (count > 0)
        ag_buffer_add_char(out, ']');
}

static const char *withdrawn(const ag_view *view, const ag_plan_option *option) {
    const char *names = ag_view_name(view, option->cause);
    for (int i = 0; i < option->also_count && names != NULL; i++)
        names = ag_arena_format(view->arena, "%s, %s", names, ag_view_name(view, option->also[i]));
    return names != NULL ? names : "";
}

static void add_option(ag_document *d, const ag_view *view, const ag_plan_option *option) {
    ag_buffer line = ag_buffer_start(view->arena), details = ag_buffer_start(view->arena);
    ag_buffer_format(&line, "%s%s", ag_plan_standing_text(view, option->standing),
                     ag_view_capital(view, ag_view_plan_text(view, option->name)));
    if (option->cause != NULL && option->kind == AG_PLAN_STOP)
        ag_buffer_format(&line, " (%s)", withdrawn(view, option));
    add_odds(view, &line, option);
    bool refused = option->standing == AG_PLAN_REFUSED; /* then only why */
    if (!refused)
        add_harms(view, &details, option);
    if (!refused && option->dose.en != NULL) {
        add_sentence(&details, say(view, "Published use"));
        ag_buffer_format(&details, ": %s.", ag_view_plan_text(view, option->dose));
    }
    add_notes(view, &details, option->notes, option->note_count);
    add_marks(details.length > 0 ? &details : &line, option->sources, option->source_count);
    add_detailed(d, AG_BLOCK_ITEM, &line, &details);
}

static const ag_plan_option *no_treatment(const ag_plan *plan) {
    for (int i = 0; i < ag_plan_option_count(plan); i++)
        if (ag_plan_option_at(plan, i)->kind == AG_PLAN_NO_TREATMENT)
            return ag_plan_option_at(plan, i);
    return NULL;
}

/* A medicine that brings nothing is not worth its harms, nor a line. */
static bool brings_nothing(const ag_plan_option *option, const ag_plan_option *none) {
    static const double NOTHING = 0.01;
    bool may_be_left = option->kind == AG_PLAN_MEDICINE && option->standing == AG_PLAN_FREE;
    return may_be_left && none != NULL && known(option->semen) && known(option->sperm) &&
           option->semen.value < none->semen.value + NOTHING &&
           option->sperm.value < none->sperm.value + NOTHING;
}

/* The best; whatever is refused, as somebody may think of it; and how many are left out. */
static void options(ag_document *d, const ag_view *view) {
    int count = ag_plan_option_count(view->plan), shown = 0, left = 0;
    const ag_plan_option *none = no_treatment(view->plan);
    if (count > 0)
        ag_document_add(d, AG_BLOCK_HEADING, say(view, "Options"));
    for (int i = 0; i < count; i++) {
        const ag_plan_option *option = ag_plan_option_at(view->plan, i);
        bool is_left = shown >= MOST_OPTIONS || brings_nothing(option, none);
        if (!view->why && is_left && option->standing != AG_PLAN_REFUSED) {
            left++;
            continue;
        }
        add_option(d, view, option);
        shown++;
    }
    if (left > 0)
        ag_document_format(d, AG_BLOCK_FAINT,
                           say(view, "%d more, which bring less or nothing: --why lists them"),
                           left);
}

/* Each semen forward, and what suits whom. */
static void add_alternatives(const ag_view *view, ag_buffer *out, const ag_plan_planned *item) {
    for (int i = 0; i < item->alternative_count; i++) {
        const ag_plan_alternative *other = &item->alternatives[i];
        const char *name = ag_view_plan_text(view, other->name);
        if (i == 0)
            add_sentence(out, say(view, "More keep semen forward after"));
        ag_buffer_format(out, "%s %s", i == 0 ? ":" : ";", name);
        if (other->suits.en != NULL)
            ag_buffer_format(out, " (%s)", ag_view_plan_text(view, other->suits));
        ag_buffer_add_char(out, ' ');
        add_estimate(view, out, other->after.semen);
    }
    if (item->alternative_count == 0)
        return;
    ag_buffer_add_char(out, '.');
    add_sentence(out, item->medicine
                          ? say(view, "Which of them suits him is the prescriber's to judge.")
                          : say(view, "Which of them suits him depends on the size and shape of "
                                      "the prostate and on what is to be reached."));
}

static void planned(ag_document *d, const ag_view *view) {
    int count = ag_plan_planned_count(view->plan);
    if (count > 0)
        ag_document_add(d, AG_BLOCK_HEADING, say(view, "Planned"));
    for (int i = 0; i < count; i++) {
        const ag_plan_planned *item = ag_plan_planned_at(view->plan, i);
        ag_buffer line = ag_buffer_start(view->arena), details = ag_buffer_start(view->arena);
        ag_buffer_add(&line, ag_view_capital(view, ag_view_plan_text(view, item->name)));
        if (item->when != NULL)
            ag_buffer_format(&line, " (%s)", item->when);
        ag_buffer_format(&line, ": %s ", say(view, "semen forward afterwards"));
        add_estimate(view, &line, item->after.semen);
        ag_buffer_format(&line, ", %s ", say(view, "mostly into the bladder"));
        add_estimate(view, &line, item->after.backward);
        ag_buffer_format(&line, ", %s ", say(view, "sperm"));
        add_estimate(view, &line, item->after.sperm);
        ag_buffer_format(&line, "; %s ", say(view, "today semen forward"));
        add_estimate(view, &line, item->today.semen);
        if (item->bank)
            add_sentence(&details, say(view, "If he may want a child: freeze sperm before it."));
        add_alternatives(view, &details, item);
        add_marks(&details, item->sources, item->source_count);
        add_detailed(d, AG_BLOCK_ITEM, &line, &details);
    }
}

static void ways(ag_document *d, const ag_view *view) {
    int count = ag_plan_child_count(view->plan), notes = ag_plan_child_note_count(view->plan);
    if (count + notes > 0)
        ag_document_add(d, AG_BLOCK_HEADING, say(view, "A child"));
    for (int i = 0; i < notes; i++)
        ag_document_add(d, AG_BLOCK_TEXT,
                        ag_view_plan_text(view, ag_plan_child_note_at(view->plan, i)->text));
    for (int i = 0; i < count && (view->why || i < 2 * MOST_WAYS); i++) {
        const ag_plan_child *way = ag_plan_child_at(view->plan, i);
        ag_buffer line = ag_buffer_start(view->arena);
        ag_buffer_format(&line, say(view, "%s with %s: live birth per %s "),
                         ag_view_capital(view, ag_view_plan_text(view, way->method_name)),
                         ag_view_plan_text(view, way->source_name),
                         ag_view_plan_text(view, way->cycle));
        add_estimate(view, &line, way->live_birth);
        ag_buffer_format(&line, ", %s ", say(view, "pregnancy"));
        add_estimate(view, &line, way->pregnancy);
        ag_buffer_format(&line, say(view, "; live birth within %d: "), way->cycles);
        add_estimate(view, &line, way->cumulative);
        add_line(d, AG_BLOCK_ITEM, &line);
    }
}

static void flags(ag_document *d, const ag_view *view) {
    int said = 0;
    for (int i = 0; i < ag_plan_flag_count(view->plan); i++) {
        const ag_plan_flag *flag = ag_plan_flag_at(view->plan, i);
        if (!flag->present)
            continue;
        if (said++ == 0)
            ag_document_add(d, AG_BLOCK_HEADING, say(view, "See whom, how soon"));
        ag_document_format(d, flag->urgency <= AG_PLAN_URGENT ? AG_BLOCK_ALERT : AG_BLOCK_TEXT,
                           "%s: %s. %s", ag_view_capital(view, ag_view_plan_text(view, flag->name)),
                           ag_view_plan_text(view, flag->see), ag_view_plan_text(view, flag->text));
    }
}

/* A part of the report, with the report's sources. */
static ag_document start_part(const ag_view *view) {
    ag_document document = ag_document_start(view->arena, view->knowledge, view->language);
    document.references = view->references;
    document.listed = view->reference_count;
    return document;
}

ag_document ag_flags_document(const ag_view *view) {
    ag_document document = start_part(view);
    if (view->plan != NULL)
        flags(&document, view);
    return document;
}

ag_document ag_plan_document(const ag_view *view) {
    ag_document document = start_part(view);
    if (view->plan == NULL)
        return document;
    next_tests(&document, view);
    planned(&document, view);
    options(&document, view);
    ways(&document, view);
    return document;
}

/* ---- for the man ---- */

static void ask_for(ag_document *d, const ag_view *view) {
    int said = 0;
    for (int i = 0; i < ag_plan_test_count(view->plan); i++) {
        const ag_plan_test *test = ag_plan_test_at(view->plan, i);
        if (!test->worth || (said >= MOST_TESTS && !test->due) ||
            test->standing == AG_PLAN_REFUSED || test->standing == AG_PLAN_FIRST)
            continue;
        if (said++ == 0)
            ag_document_add(d, AG_BLOCK_HEADING, say(view, "What would tell more"));
        const char *name = ag_view_capital(view, ag_view_plan_text(view, test->name));
        if (test->kind == AG_PLAN_QUESTION) /* he knows it himself */
            ag_document_add(d, AG_BLOCK_ITEM, name);
        else
            ag_document_format(d, AG_BLOCK_ITEM, "%s (%s)", name,
                               ag_view_plan_text(view, test->by));
    }
}

static bool for_the_man(const ag_plan_option *option) {
    return option->kind != AG_PLAN_NO_TREATMENT && option->standing != AG_PLAN_REFUSED &&
           option->standing != AG_PLAN_FIRST && known(option->sperm);
}

const char *ag_plan_plain_name(const ag_view *view, const ag_plan_option *option) {
    if (!for_the_man(option))
        return NULL;
    const char *name = ag_view_capital(view, ag_view_plan_text(view, option->name));
    if (option->cause != NULL)
        name = ag_arena_format(
            view->arena, say(view, "Another choice than %s, made by the doctor who prescribed it"),
            withdrawn(view, option));
    else if (option->kind == AG_PLAN_MEDICINE && option->invasive > 0) /* not advice alone */
        name = say(view, "A medicine for this, if a doctor finds one that suits you");
    else if (option->kind == AG_PLAN_STIMULATION)
        name = ag_arena_format(view->arena, say(view, "%s, in a clinic"), name);
    return name != NULL ? name : "";
}

static bool one_of_names(const char *name, const char *const *names, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void say_option(ag_document *d, const ag_view *view, const ag_plan_option *option,
                       const char *name) {
    if (option->kind == AG_PLAN_PREVENTION) { /* it brings nothing back today */
        ag_document_format(d, AG_BLOCK_ITEM, "%s.", name);
        return;
    }
    bool semen = option->restores && known(option->semen);
    ag_document_format(d, AG_BLOCK_ITEM,
                       semen ? say(view, "%s: semen comes out in %s.")
                             : say(view, "%s: sperm in %s."),
                       name, ag_frequency(view, semen ? option->semen.value : option->sperm.value));
}

static void what_others_do(ag_document *d, const ag_view *view) {
    const char *said[MOST_OPTIONS_PATIENT];
    int count = 0;
    for (int i = 0; i < ag_plan_option_count(view->plan) && count < MOST_OPTIONS_PATIENT; i++) {
        const ag_plan_option *option = ag_plan_option_at(view->plan, i);
        const char *name = ag_plan_plain_name(view, option);
        if (name == NULL || one_of_names(name, said, count))
            continue;
        if (count == 0) {
            ag_document_add(d, AG_BLOCK_HEADING, say(view, "What doctors can offer"));
            ag_document_add(d, AG_BLOCK_TEXT,
                            say(view, "Ask which of these suits you. It depends on your heart, "
                                      "your other medicines and your wishes."));
        }
        said[count++] = name;
        say_option(d, view, option, name);
    }
}

static void what_is_planned(ag_document *d, const ag_view *view) {
    bool bank = false;
    for (int i = 0; i < ag_plan_planned_count(view->plan); i++) {
        const ag_plan_planned *item = ag_plan_planned_at(view->plan, i);
        const char *name = ag_view_capital(view, ag_view_plan_text(view, item->name));
        if (i == 0)
            ag_document_add(d, AG_BLOCK_HEADING, say(view, "What is planned"));
        ag_document_format(d, AG_BLOCK_ITEM, say(view, "%s: after it semen comes out in %s."), name,
                           ag_frequency(view, item->after.semen.value));
        for (int a = 0; a < item->alternative_count && a < MOST_OTHERS_PATIENT; a++)
            ag_document_format(d, AG_BLOCK_ITEM,
                               say(view, "Ask about %s: with it semen comes out in %s."),
                               ag_view_plan_text(view, item->alternatives[a].name),
                               ag_frequency(view, item->alternatives[a].after.semen.value));
        bank = bank || item->bank;
    }
    if (bank)
        ag_document_add(
            d, AG_BLOCK_TEXT,
            say(view, "You may want a child one day? Ask to have sperm frozen before."));
    if (ag_plan_planned_count(view->plan) > 0)
        ag_document_add(d, AG_BLOCK_TEXT,
                        say(view, "Do not put it off on your own. Talk with your doctor about "
                                  "what matters to you."));
}

/* The best way of each method. */
static void chances(ag_document *d, const ag_view *view) {
    const char *last = NULL;
    int said = 0;
    for (int i = 0; i < ag_plan_child_count(view->plan); i++) {
        const ag_plan_child *way = ag_plan_child_at(view->plan, i), *best = way;
        if (last != NULL && way->method == last)
            continue;
        last = way->method;
        for (int k = i; k < ag_plan_child_count(view->plan); k++) {
            const ag_plan_child *other = ag_plan_child_at(view->plan, k);
            if (other->method == last && other->cumulative.value > best->cumulative.value)
                best = other;
        }
        if (said++ == 0)
            ag_document_add(d, AG_BLOCK_HEADING, say(view, "Your chances of a child"));
        ag_document_format(
            d, AG_BLOCK_ITEM, say(view, "%s, with %s: within %d %s a birth for %s couples."),
            ag_view_capital(view, ag_view_plan_text(view, best->method_name)),
            ag_view_plan_text(view, best->source_name), best->cycles,
            ag_view_plan_text(view, best->many), ag_frequency(view, best->cumulative.value));
    }
}

void ag_flags_for_patient(ag_document *d, const ag_view *view) {
    if (view->plan == NULL)
        return;
    for (int i = 0; i < ag_plan_flag_count(view->plan); i++) {
        const ag_plan_flag *flag = ag_plan_flag_at(view->plan, i);
        if (flag->present && flag->urgency <= AG_PLAN_URGENT)
            ag_document_add(d, AG_BLOCK_ALERT, ag_view_plan_text(view, flag->text));
    }
}

void ag_plan_for_patient(ag_document *d, const ag_view *view) {
    if (view->plan == NULL)
        return;
    ask_for(d, view);
    what_is_planned(d, view);
    what_others_do(d, view);
    chances(d, view);
}
