/*
 * The new folder: every file of the old one as it was, but cards with learned numbers, which are
 * written anew by the YAML library, and one file of evidence more, with the site's own counts.
 *
 * A number becomes {value, interval, evidence, because} such that reading it gives the learned
 * distribution again: value is its mean (or median), the interval as wide as 3.92 standard
 * deviations.
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <errno.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"
#include "learning.h"

typedef struct writing {
    const ag_learning *learning;
    ag_arena *arena;
    const char *cards, *out;
    ag_buffer evidence;
    ag_error *error;
} writing;

static ag_status no_memory(writing *w) {
    return ag_fail(w->error, AG_ERROR_MEMORY, "out of memory");
}

static ag_status fail_io(writing *w, const char *path, const char *why) {
    ag_status status = ag_fail(w->error, AG_ERROR_IO, "%s", why);
    ag_fault_where(w->error, path);
    return status;
}

/* ---- files ---- */

static ag_status write_text(writing *w, const char *path, const char *text, size_t length) {
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return fail_io(w, path, strerror(errno));
    bool good = fwrite(text, 1, length, file) == length;
    good = fclose(file) == 0 && good;
    return good ? AG_OK : fail_io(w, path, "the file cannot be written");
}

static ag_status copy_tree(writing *w, const char *from, const char *to);

static ag_status copy_entry(writing *w, const char *from, const char *to, const char *name) {
    const char *source = ag_arena_format(w->arena, "%s/%s", from, name);
    const char *target = ag_arena_format(w->arena, "%s/%s", to, name), *text;
    size_t length;
    if (source == NULL || target == NULL)
        return no_memory(w);
    if (ag_is_folder(source))
        return copy_tree(w, source, target);
    ag_status status = ag_file_read(w->arena, source, &text, &length, w->error);
    return status == AG_OK ? write_text(w, target, text, length) : status;
}

static ag_status copy_tree(writing *w, const char *from, const char *to) {
    if (mkdir(to, 0777) != 0)
        return fail_io(
            w, to, errno == EEXIST ? "this is there already; name a new folder" : strerror(errno));
    DIR *directory = opendir(from);
    if (directory == NULL)
        return fail_io(w, from, strerror(errno));
    ag_status status = AG_OK;
    const struct dirent *entry;
    while (status == AG_OK && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.')
            status = copy_entry(w, from, to, entry->d_name);
    closedir(directory);
    return status;
}

/* ---- one number ---- */

static const char *record_id(writing *w, const ag_learn_row *row, int s) {
    const ag_learning *l = w->learning;
    const char *card = ag_card_id(l->knowledge, row->card), *state = row->names->items[s];
    if (row->kind == AG_LEARN_PRIOR)
        return ag_arena_format(w->arena, "site-%s-%s-from-%g", l->site, card,
                               l->knowledge->causes[row->cause].priors[row->row].from_age);
    if (row->finding >= 0)
        return ag_arena_format(w->arena, "site-%s-%s-%d-%s", l->site, card, row->row + 1, state);
    const ag_variant *variant = &l->knowledge->causes[row->cause].variants[row->variant];
    const char *function = l->knowledge->variables[variant->actions[row->action].function].id;
    return ag_arena_format(w->arena, "site-%s-%s-%s-%s-%s", l->site, card, variant->id, function,
                           state);
}

static void add_counts(writing *w, const ag_learn_row *row, int s) {
    ag_buffer_format(
        &w->evidence,
        "  statement: Expected %.2f of %.2f men, from %d resolved cases of this site.\n"
        "  events: %.4f\n"
        "  note: Expected counts under the model (EM), so that they are no whole "
        "numbers.\n",
        row->count[s], row->total, w->learning->case_count, row->count[s]);
}

static void add_median(writing *w, const ag_learn_row *row) {
    const ag_finding *finding = &w->learning->knowledge->findings[row->finding];
    double median = ag_learn_restored(row, row->count[0] / row->count[1]);
    ag_buffer_format(&w->evidence,
                     "  statement: The median of %.2f men is %.6g, from %d resolved cases of this "
                     "site.\n"
                     "  value: %.9g\n"
                     "  unit: %s\n"
                     "  note: Expected men under the model (EM), so that they are no whole "
                     "number.\n",
                     row->total, median, w->learning->case_count, median,
                     finding->unit != NULL ? finding->unit : "1");
}

static void add_record(writing *w, const ag_learn_row *row, int s, const char *id) {
    const ag_learning *l = w->learning;
    ag_buffer_format(&w->evidence,
                     "- id: %s\n"
                     "  topic: own-cases\n"
                     "  subject: %s\n"
                     "  outcome: %s\n"
                     "  population: resolved cases of the site %s\n"
                     "  total: %.4f\n"
                     "  source: {first_author: %s, title: resolved cases of the site}\n"
                     "  confidence: checked\n",
                     id, ag_card_id(l->knowledge, row->card), row->names->items[s], l->site,
                     row->total, l->site);
    if (row->kind == AG_LEARN_MEDIAN)
        add_median(w, row);
    else
        add_counts(w, row, s);
}

static const char *number_text(writing *w, const ag_learn_row *row, int s, const char *id) {
    const ag_parameter *p = ag_learn_number(row, s);
    ag_learned learned = ag_learn_result(row, s);
    ag_buffer text = ag_buffer_start(w->arena);
    ag_buffer_format(&text, "{value: %.9g, interval: [%.9g, %.9g], evidence: [", learned.value,
                     learned.low, learned.high);
    for (int e = 0; e < p->evidence.count; e++)
        ag_buffer_format(&text, "%s, ", w->learning->knowledge->evidence[p->evidence.items[e]].id);
    ag_buffer_format(&text, "%s], because: \"%s %.3g (%.3g-%.3g) before; updated by ", id,
                     p->assumption ? "an assumption of" : "was", p->value, p->low, p->high);
    if (row->kind != AG_LEARN_MEDIAN)
        ag_buffer_format(&text, "%.1f of ", row->count[s]);
    ag_buffer_format(&text, "%.1f men of this site.\"}", row->total);
    return ag_buffer_text(&text);
}

/* ---- a card ---- */

static const char *path_in_card(writing *w, const ag_learn_row *row, int s) {
    const ag_knowledge *k = w->learning->knowledge;
    const char *state = row->names->items[s];
    if (row->kind == AG_LEARN_PRIOR)
        return ag_arena_format(w->arena, "/prior/%d/p", row->row);
    if (row->finding >= 0)
        return row->kind == AG_LEARN_MEDIAN || k->findings[row->finding].value == AG_VALUE_YES_NO
                   ? ag_arena_format(w->arena, "/rows/%d/%s", row->row, state)
                   : ag_arena_format(w->arena, "/rows/%d/then/%s", row->row, state);
    const ag_cause *cause = &k->causes[row->cause];
    bool plain = cause->variant_count == 1 && strcmp(cause->variants[0].id, "present") == 0;
    return plain ? ag_arena_format(w->arena, "/acts_on/%d/states/%s", row->action, state)
                 : ag_arena_format(w->arena, "/variants/%d/acts_on/%d/states/%s", row->variant,
                                   row->action, state);
}

static ag_status set_number(writing *w, struct fy_document *document, const char *file,
                            const ag_learn_row *row, int s) {
    const char *id = record_id(w, row, s), *path = path_in_card(w, row, s);
    const char *key = row->kind == AG_LEARN_PRIOR ? "p" : row->names->items[s];
    const char *text = id != NULL ? number_text(w, row, s, id) : NULL;
    if (path == NULL || text == NULL)
        return no_memory(w);
    struct fy_node *old =
        fy_node_by_path(fy_document_root(document), path, FY_NT, FYNWF_DONT_FOLLOW);
    struct fy_node *made = fy_node_build_from_malloc_string(document, strdup(text), FY_NT);
    struct fy_node *map = old != NULL ? fy_node_get_parent(old) : NULL;
    struct fy_node_pair *pair =
        map != NULL ? fy_node_mapping_lookup_pair_by_string(map, key, FY_NT) : NULL;
    if (made == NULL || pair == NULL || fy_node_pair_set_value(pair, made) != 0) {
        fy_node_free(made);
        return fail_io(w, file,
                       "the card is not the one that was learned from; name its folder "
                       "with --knowledge");
    }
    add_record(w, row, s, id);
    return AG_OK;
}

static bool same_card(const ag_learn_row *a, const ag_learn_row *b) {
    return a->card.kind == b->card.kind && a->card.index == b->card.index;
}

static ag_status set_rows(writing *w, struct fy_document *document, const char *file, int first) {
    const ag_learn_rows *rows = &w->learning->rows;
    ag_status status = AG_OK;
    for (int r = first; r < rows->count && same_card(&rows->items[r], &rows->items[first]); r++)
        for (int s = 0; s < rows->items[r].names->count && status == AG_OK; s++)
            if (ag_learn_is_written(&rows->items[r], s))
                status = set_number(w, document, file, &rows->items[r], s);
    return status;
}

static ag_status write_card(writing *w, int first) {
    const ag_learn_row *row = &w->learning->rows.items[first];
    const char *name = ag_arena_format(w->arena, "%s/%s.yaml", ag_card_kind_name(row->card.kind),
                                       ag_card_id(w->learning->knowledge, row->card));
    const char *from = name != NULL ? ag_arena_format(w->arena, "%s/%s", w->cards, name) : NULL;
    const char *to = name != NULL ? ag_arena_format(w->arena, "%s/%s", w->out, name) : NULL;
    if (from == NULL || to == NULL)
        return no_memory(w);
    struct fy_document *document = fy_document_build_from_file(NULL, from);
    if (document == NULL)
        return fail_io(w, from, "the card cannot be read");
    ag_status status = set_rows(w, document, from, first);
    char *text = status == AG_OK
                     ? fy_emit_document_to_string(document, FYECF_MODE_ORIGINAL | FYECF_WIDTH_INF)
                     : NULL;
    if (status == AG_OK)
        status = text != NULL ? write_text(w, to, text, strlen(text)) : no_memory(w);
    free(text);
    fy_document_destroy(document);
    return status;
}

static bool is_written(const ag_learn_rows *rows, int first) {
    for (int r = first; r < rows->count && same_card(&rows->items[r], &rows->items[first]); r++)
        if (rows->items[r].total >= AG_LEARN_ROW_LEAST)
            return true;
    return false;
}

static ag_status write_cards(writing *w) {
    const ag_learn_rows *rows = &w->learning->rows;
    ag_status status = AG_OK;
    for (int r = 0; r < rows->count && status == AG_OK; r++)
        if ((r == 0 || !same_card(&rows->items[r - 1], &rows->items[r])) && is_written(rows, r))
            status = write_card(w, r);
    return status;
}

/* ---- all ---- */

static ag_status write_rest(writing *w) {
    const ag_learning *l = w->learning;
    const char *path = ag_arena_format(w->arena, "%s/evidence/site-%s.yaml", w->out, l->site);
    const char *version = ag_arena_format(w->arena, "%s/version.yaml", w->out);
    const char *text = ag_arena_format(w->arena, "version: \"%s, site %s\"\ndate: \"%s\"\n",
                                       l->knowledge->version, l->site, l->knowledge->date);
    const char *folder = ag_arena_format(w->arena, "%s/evidence", w->out);
    const char *records = ag_buffer_text(&w->evidence);
    if (path == NULL || version == NULL || text == NULL || folder == NULL || records == NULL)
        return no_memory(w);
    if (ag_is_file(path))
        return fail_io(w, path,
                       "these cards were learned for this site before; evidence is never "
                       "overwritten: give the site another name with --site");
    mkdir(folder, 0777);
    ag_status status = write_text(w, path, records, strlen(records));
    return status == AG_OK ? write_text(w, version, text, strlen(text)) : status;
}

/* The folder must give back what was learned. */
static ag_status check_written(writing *w) {
    ag_knowledge *read = NULL;
    ag_status status = ag_knowledge_load(&read, w->out, NULL, w->error);
    ag_knowledge_free(read);
    return status;
}

ag_status ag_learning_write(const ag_learning *learning, const char *cards, const char *out,
                            ag_error *error) {
    writing w = {.learning = learning, .cards = cards, .out = out, .error = error};
    w.arena = ag_arena_new();
    if (w.arena == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    w.evidence = ag_buffer_start(w.arena);
    ag_status status = copy_tree(&w, cards, out);
    if (status == AG_OK)
        status = write_cards(&w);
    if (status == AG_OK)
        status = write_rest(&w);
    if (status == AG_OK)
        status = check_written(&w);
    ag_arena_free(w.arena);
    return status;
}
