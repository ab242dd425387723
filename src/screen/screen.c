/* The three ways to screen: at once, map and reduce; and the pieces of a run that can be resumed.
 */
#include "antegrade/screen.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulk_reading.h"
#include "facts_file.h"
#include "join.h"

enum { OLDEST = 200 };

static const size_t MEMORY = (size_t)256 << 20;
/* What a resumed run may lose. */
static const long long RESUMED_PIECE = 256LL << 20;

ag_screen_options ag_screen_options_defaults(void) {
    return (ag_screen_options){
        .size = sizeof(ag_screen_options), .threads = 1, .age_to = OLDEST, .memory = MEMORY};
}

/* ---- what all have in common ---- */

typedef struct screening {
    ag_screen_options options;
    ag_vocabulary *vocabulary;
    ag_join_options join;
    ag_error *error;
} screening;

static ag_status no_memory(screening *s) {
    return ag_fail(s->error, AG_ERROR_MEMORY, "out of memory");
}

static ag_status read_day(screening *s, const char *text, const char *what, int *out) {
    ag_days days;
    if (!ag_date_read(text, &days) || days.first != days.last)
        return ag_fail(s->error, AG_ERROR_ARGUMENT, "the %s \"%.40s\" is no date like 2024-03-15",
                       what, text);
    *out = days.first;
    return AG_OK;
}

/* An id is a cause, a group all of its causes ("alpha-blocker"), and all else a name. */
static ag_status find_cause(screening *s, const char *name, ag_selection *out) {
    const ag_knowledge *k = ag_engine_knowledge(s->join.engine);
    ag_term term;
    const char *group = NULL;
    for (int i = 0; i < k->cause_count; i++) {
        if (strcmp(k->causes[i].id, name) == 0) {
            out->cause = i;
            return AG_OK;
        }
        if (k->causes[i].group != NULL && strcmp(k->causes[i].group, name) == 0)
            group = k->causes[i].group;
    }
    out->group = group;
    if (group != NULL)
        return AG_OK;
    if (ag_vocabulary_find(s->vocabulary, AG_TERM_CAUSE, name, &term)) {
        out->cause = term.index;
        return AG_OK;
    }
    const char *near[3];
    ag_vocabulary_nearest(s->vocabulary, AG_TERM_CAUSE, name, near);
    return ag_fail(s->error, AG_ERROR_ARGUMENT, "no cause is called \"%.60s\"%s%s", name,
                   near[0] != NULL ? "; perhaps " : "", near[0] != NULL ? near[0] : "");
}

/* Before the work; each man's assessment reads it anew. */
static ag_status check_setting(screening *s, const char *setting) {
    const ag_knowledge *k = ag_engine_knowledge(s->join.engine);
    int variable = ag_knowledge_variable(k, "setting");
    const ag_finding *card = variable >= 0 ? ag_knowledge_finding_of(k, variable) : NULL;
    ag_finding_value value;
    ag_error error = {.code = AG_OK};
    if (card == NULL || ag_finding_value_read(k, (int)(card - k->findings), setting, NULL,
                                              AG_ENGLISH, &value, &error) == AG_OK)
        return AG_OK;
    return ag_fail(s->error, AG_ERROR_ARGUMENT, "%s", error.message);
}

static ag_status check_numbers(screening *s) {
    const ag_screen_options *o = &s->options;
    if (o->threads < 1 || o->threads > AG_MOST_THREADS)
        return ag_fail(s->error, AG_ERROR_ARGUMENT, "threads is %d; allowed are 1 to %d",
                       o->threads, AG_MOST_THREADS);
    if (!(o->risk_least >= 0 && o->risk_least <= 1))
        return ag_fail(s->error, AG_ERROR_ARGUMENT, "a risk lies between 0 and 1");
    if (!(o->age_from >= 0 && o->age_from <= o->age_to))
        return ag_fail(s->error, AG_ERROR_ARGUMENT, "ages go from the lower to the higher");
    if (o->parts < 0 || o->part < 0 || o->part > o->parts || (o->parts > 0 && o->part == 0))
        return ag_fail(s->error, AG_ERROR_ARGUMENT, "a part is 1/4 to 4/4, for instance");
    return AG_OK;
}

static ag_status begin(screening *s, const ag_engine *engine, const ag_screen_options *options,
                       ag_error *error) {
    *s = (screening){.options = options != NULL ? *options : ag_screen_options_defaults(),
                     .error = error};
    const ag_screen_options *o = &s->options;
    s->vocabulary = ag_vocabulary_new(ag_engine_knowledge(engine));
    s->join = (ag_join_options){.engine = engine,
                                .vocabulary = s->vocabulary,
                                .as_of = ag_day_today(),
                                .setting = o->setting,
                                .threads = o->threads,
                                .memory = o->memory,
                                .folder = o->folder,
                                .format = o->format,
                                .selection = {.risk_least = o->risk_least,
                                              .cause = -1,
                                              .age_from = o->age_from,
                                              .age_to = o->age_to,
                                              .since = INT_MIN,
                                              .part = o->part,
                                              .parts = o->parts}};
    ag_status status = s->vocabulary != NULL ? check_numbers(s) : no_memory(s);
    if (status == AG_OK && o->as_of != NULL)
        status = read_day(s, o->as_of, "day of the assessment", &s->join.as_of);
    if (status == AG_OK && o->since != NULL)
        status = read_day(s, o->since, "day", &s->join.selection.since);
    if (status == AG_OK && o->setting != NULL)
        status = check_setting(s, o->setting);
    if (status == AG_OK && o->cause != NULL)
        status = find_cause(s, o->cause, &s->join.selection);
    return status;
}

static ag_bulk_options reading_options(const screening *s) {
    return (ag_bulk_options){.threads = s->options.threads,
                             .strict = s->options.strict,
                             .memory = s->options.memory,
                             .folder = s->options.folder,
                             .tick = s->options.tick,
                             .tick_data = s->options.tick_data};
}

/* Where nothing was read, nothing is known of anybody: that is no result. */
static ag_status check_read(screening *s, const ag_screen_summary *summary) {
    long long faults = ag_screen_summary_faults(summary);
    if (faults == 0 || summary->fault_count == 0 || ag_summary_count(summary, "lines in order") > 0)
        return AG_OK;
    const ag_read_fault *first = &summary->faults[0];
    char line[24] = "";
    if (first->line > 0)
        snprintf(line, sizeof line, ":%lld", first->line);
    return ag_fail(s->error, AG_ERROR_IO, "nothing could be read: %.180s%s: %.200s", first->file,
                   line, first->message);
}

/* The second half, on whatever takes part in the merge. */
static ag_status write_result(screening *s, FILE *out, ag_merge *merge,
                              ag_screen_summary **summary) {
    ag_screen_summary *own = ag_summary_new(ag_engine_knowledge(s->join.engine), s->join.as_of);
    if (own == NULL)
        return no_memory(s);
    ag_status status = ag_join(out, own, merge, &s->join, s->error);
    if (status == AG_OK)
        status = check_read(s, own);
    if (status == AG_OK && s->options.format == AG_SCREEN_HTML) {
        const char *page = ag_screen_summary_html(own);
        if (page == NULL)
            status = no_memory(s);
        else
            fputs(page, out);
    }
    if (status == AG_OK && fflush(out) != 0)
        status =
            ag_fail(s->error, AG_ERROR_IO, "the result cannot be written: %s", strerror(errno));
    if (status == AG_OK && summary != NULL)
        *summary = own;
    else
        ag_screen_summary_free(own);
    return status;
}

/* ---- map ---- */

static char *list_inputs(const ag_source *source) {
    size_t length = 1;
    for (int i = 0; i < ag_source_file_count(source); i++)
        length += strlen(ag_source_file(source, i)) + 2;
    char *list = malloc(length);
    if (list != NULL)
        list[0] = '\0';
    size_t used = 0;
    for (int i = 0; list != NULL && i < ag_source_file_count(source); i++)
        used += (size_t)snprintf(list + used, length - used, "%s%s", i > 0 ? "; " : "",
                                 ag_source_file(source, i));
    return list;
}

/* The window of the source to a file of facts. */
static ag_status map_window(screening *s, ag_source *source, const char *path,
                            ag_facts_about *about) {
    ag_bulk reading;
    ag_bulk_options options = reading_options(s);
    ag_status status = ag_bulk_read(&reading, source, s->vocabulary, &options, s->error);
    ag_merge *merge = status == AG_OK ? ag_merge_new() : NULL;
    if (status == AG_OK)
        status = merge != NULL ? ag_bulk_merge(&reading, merge, s->error) : no_memory(s);
    about->lines = status == AG_OK ? ag_source_last_lines(source) : 0;
    snprintf(about->knowledge, sizeof about->knowledge, "%.60s",
             ag_engine_knowledge(s->join.engine)->version);
    if (status == AG_OK)
        status = ag_facts_write(path, merge, about, &s->options, s->error);
    ag_merge_free(merge);
    ag_bulk_free(&reading);
    return status;
}

ag_status ag_screen_map(const char *facts, const ag_engine *engine, const char *const *paths,
                        int count, const ag_screen_options *options, ag_error *error) {
    screening s;
    ag_source *source = NULL;
    ag_status status = begin(&s, engine, options, error);
    if (status == AG_OK)
        status = ag_source_open(&source, paths, count, s.options.piece, error);
    ag_facts_about about = {.part = s.options.part, .parts = s.options.parts};
    if (status == AG_OK && (about.inputs = list_inputs(source)) == NULL)
        status = no_memory(&s);
    if (status == AG_OK)
        status = map_window(&s, source, facts, &about);
    free(about.inputs);
    ag_source_close(source);
    ag_vocabulary_free(s.vocabulary);
    return status;
}

/* ---- reduce ---- */

/* All shards of a cut, and each once. */
typedef struct shards {
    FILE **files;
    ag_facts_about *about;
    int count;
} shards;

static void close_shards(shards *f) {
    for (int i = 0; i < f->count; i++)
        if (f->files[i] != NULL)
            fclose(f->files[i]);
    free(f->files);
    free(f->about);
}

static ag_status check_twins(screening *s, const shards *f, const char *const *names, int at) {
    const ag_facts_about *one = &f->about[at];
    for (int i = 0; i < at; i++) {
        const ag_facts_about *other = &f->about[i];
        if (strcmp(names[i], names[at]) == 0 ||
            (one->checksum == other->checksum && one->rows == other->rows))
            return ag_fail(s->error, AG_ERROR_SYNTAX, "%.180s and %.180s are the same facts",
                           names[i], names[at]);
        if ((one->parts == 0) != (other->parts == 0))
            return ag_fail(s->error, AG_ERROR_SYNTAX,
                           "%.180s was made without --part, and %.180s with it: they are not of "
                           "one cut",
                           names[one->parts == 0 ? at : i], names[one->parts == 0 ? i : at]);
        if (one->parts != other->parts || (one->parts > 0 && one->part == other->part))
            return ag_fail(s->error, AG_ERROR_SYNTAX,
                           "%.150s is shard %d of %d and %.150s is %d of %d: they are not of one "
                           "cut, or one stands twice",
                           names[i], other->part, other->parts, names[at], one->part, one->parts);
    }
    return AG_OK;
}

static ag_status check_shard(screening *s, const shards *f, const char *const *names, int at) {
    const char *own = ag_engine_knowledge(s->join.engine)->version;
    if (strcmp(f->about[at].knowledge, own) != 0)
        return ag_fail(s->error, AG_ERROR_UNSUPPORTED,
                       "%.200s was made with medical knowledge %.30s, but this is %.30s; map its "
                       "input anew",
                       names[at], f->about[at].knowledge, own);
    return check_twins(s, f, names, at);
}

static ag_status check_complete(screening *s, const shards *f) {
    int parts = f->count > 0 ? f->about[0].parts : 0;
    for (int part = 1; part <= parts; part++) {
        bool found = false;
        for (int i = 0; i < f->count; i++)
            found = found || f->about[i].part == part;
        if (!found)
            return ag_fail(s->error, AG_ERROR_SYNTAX, "shard %d of %d is missing", part, parts);
    }
    return AG_OK;
}

static ag_status open_shards(screening *s, shards *f, const char *const *names, int count,
                             ag_merge *merge) {
    f->files = calloc((size_t)count + 1, sizeof *f->files);
    f->about = calloc((size_t)count + 1, sizeof *f->about);
    ag_status status = f->files != NULL && f->about != NULL ? AG_OK : no_memory(s);
    for (int i = 0; i < count && status == AG_OK; i++) {
        status = ag_facts_open(&f->files[i], names[i], &f->about[i], s->error);
        f->count = i + 1;
        if (status == AG_OK)
            status = check_shard(s, f, names, i);
        if (status == AG_OK)
            status = ag_merge_add_file(merge, f->files[i], names[i], f->about[i].rows, s->error);
    }
    return status == AG_OK ? check_complete(s, f) : status;
}

static ag_status reduce(screening *s, FILE *out, ag_screen_summary **summary,
                        const char *const *names, int count) {
    shards f = {.count = 0};
    ag_merge *merge = ag_merge_new();
    ag_status status = merge != NULL ? open_shards(s, &f, names, count, merge) : no_memory(s);
    if (status == AG_OK)
        status = write_result(s, out, merge, summary);
    ag_merge_free(merge);
    close_shards(&f);
    return status;
}

ag_status ag_screen_reduce(FILE *out, ag_screen_summary **summary, const ag_engine *engine,
                           const char *const *facts, int count, const ag_screen_options *options,
                           ag_error *error) {
    screening s;
    if (summary != NULL)
        *summary = NULL;
    ag_status status = begin(&s, engine, options, error);
    if (status == AG_OK)
        status = reduce(&s, out, summary, facts, count);
    ag_vocabulary_free(s.vocabulary);
    return status;
}

/* ---- a run that can be resumed ---- */

/* A name that changes with all that the piece depends on. */
static char *piece_name(const screening *s, const ag_source *source, ag_source_mark from,
                        ag_source_mark to) {
    uint64_t hash = AG_HASH_START;
    char text[256];
    for (int f = from.file; f <= to.file && f < ag_source_file_count(source); f++) {
        const char *path = ag_source_file(source, f);
        hash = ag_text_hash(hash, path, strlen(path) + 1);
        snprintf(text, sizeof text, "%lld %lld %d;", ag_source_size(source, f),
                 ag_source_time(source, f), access(path, R_OK) == 0);
        hash = ag_text_hash(hash, text, strlen(text));
    }
    snprintf(text, sizeof text, "%lld %d %lld %d %zu %d %.60s", from.chunk, to.file - from.file,
             to.chunk, from.file, s->options.piece, s->options.strict,
             ag_engine_knowledge(s->join.engine)->version);
    hash = ag_text_hash(hash, text, strlen(text));
    size_t room = strlen(s->options.resume) + 64;
    char *name = malloc(room);
    if (name != NULL)
        snprintf(name, room, "%s/piece-%016llx.facts", s->options.resume, (unsigned long long)hash);
    return name;
}

/* Use a finished piece, or make it. */
static ag_status have_piece(screening *s, ag_source *source, const char *name, ag_source_mark from,
                            ag_source_mark to) {
    ag_facts_about about = {.inputs = (char *)name};
    FILE *file = NULL;
    ag_source_window(source, from, to);
    if (ag_facts_open(&file, name, &about, NULL) == AG_OK) {
        fclose(file);
        ag_source_pass(source, from, to, about.lines);
        return AG_OK;
    }
    about = (ag_facts_about){.inputs = (char *)name};
    return map_window(s, source, name, &about);
}

static ag_status run_pieces(screening *s, ag_source *source, char ***names, int *count) {
    ag_source_mark at = {0, 0};
    ag_status status = AG_OK;
    while (at.file < ag_source_file_count(source) && status == AG_OK) {
        ag_source_mark to = ag_source_after(source, at, RESUMED_PIECE);
        char **list = realloc(*names, ((size_t)*count + 1) * sizeof *list);
        if (list == NULL)
            return no_memory(s);
        *names = list;
        list[*count] = piece_name(s, source, at, to);
        if (list[*count] == NULL)
            return no_memory(s);
        status = have_piece(s, source, list[(*count)++], at, to);
        at = to;
    }
    return status;
}

static ag_status screen_resumable(screening *s, FILE *out, ag_screen_summary **summary,
                                  ag_source *source) {
    char **names = NULL;
    int count = 0;
    for (int f = 0; f < ag_source_file_count(source); f++)
        if (ag_source_is_stream(source, f))
            return ag_fail(s->error, AG_ERROR_ARGUMENT,
                           "%s is no file, so that it cannot be read again when resumed",
                           ag_source_file(source, f));
    if (mkdir(s->options.resume, 0777) != 0 && errno != EEXIST)
        return ag_fail(s->error, AG_ERROR_IO, "%s cannot be made: %s", s->options.resume,
                       strerror(errno));
    ag_status status = run_pieces(s, source, &names, &count);
    if (status == AG_OK)
        status = reduce(s, out, summary, (const char *const *)names, count);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return status;
}

/* ---- at once ---- */

static ag_status screen_at_once(screening *s, FILE *out, ag_screen_summary **summary,
                                ag_source *source) {
    ag_bulk reading;
    ag_bulk_options options = reading_options(s);
    ag_status status = ag_bulk_read(&reading, source, s->vocabulary, &options, s->error);
    ag_merge *merge = status == AG_OK ? ag_merge_new() : NULL;
    if (status == AG_OK)
        status = merge != NULL ? ag_bulk_merge(&reading, merge, s->error) : no_memory(s);
    if (status == AG_OK)
        status = write_result(s, out, merge, summary);
    ag_merge_free(merge);
    ag_bulk_free(&reading);
    return status;
}

ag_status ag_screen(FILE *out, ag_screen_summary **summary, const ag_engine *engine,
                    const char *const *paths, int count, const ag_screen_options *options,
                    ag_error *error) {
    screening s;
    ag_source *source = NULL;
    if (summary != NULL)
        *summary = NULL;
    ag_status status = begin(&s, engine, options, error);
    if (status == AG_OK)
        status = ag_source_open(&source, paths, count, s.options.piece, error);
    if (status == AG_OK)
        status = s.options.resume != NULL ? screen_resumable(&s, out, summary, source)
                                          : screen_at_once(&s, out, summary, source);
    ag_source_close(source);
    ag_vocabulary_free(s.vocabulary);
    return status;
}
