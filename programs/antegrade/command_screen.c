/* antegrade screen: bulk records in, one line a man out; or the halves of it, map and reduce. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "antegrade/screen.h"
#include "commands.h"
#include "interrupted.h"
#include "options.h"
#include "terminal.h"

typedef struct screen_run {
    ag_screen_options options;
    const char *output, *summary, *map, *folder;
    bool reduce, quiet, shown;
    struct timespec started, ticked;
    ag_knowledge *loaded;
    ag_engine *engine;
} screen_run;

static int usage(const char *what, const char *value, const char *example) {
    return ag_usage_error(ag_command_find("screen"), "%s cannot be \"%s\"; write it as %s", what,
                          value, example);
}

/* ---- progress ---- */

static double seconds_since(const struct timespec *from) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) + 1e-9 * (double)(now.tv_nsec - from->tv_nsec);
}

static void show_progress(void *data, long long done, long long total) {
    enum { BAR = 24 };
    screen_run *run = data;
    if (run->shown && seconds_since(&run->ticked) < 0.1)
        return;
    clock_gettime(CLOCK_MONOTONIC, &run->ticked);
    run->shown = true;
    double spent = seconds_since(&run->started);
    double rate = spent > 0 ? (double)done / spent : 0;
    char bar[BAR + 1] = {0};
    for (int i = 0; i < BAR; i++)
        bar[i] = total > 0 && i * total < done * BAR ? '#' : '.';
    fprintf(stderr, "\r\033[Kscreen %s %.1f of %.1f MB, %.0f MB/s", bar, 1e-6 * (double)done,
            1e-6 * (double)total, 1e-6 * rate);
    if (rate > 0 && total > done)
        fprintf(stderr, ", %.0f s left", (double)(total - done) / rate);
    fflush(stderr);
}

static void end_progress(screen_run *run) {
    if (run->shown)
        fputs("\r\033[K", stderr);
    run->shown = false;
}

/* ---- options ---- */

static bool read_number(const char *text, double *out) {
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

static bool read_whole(const char *text, double *out) {
    return read_number(text, out) && *out == floor(*out);
}

static bool read_pair(const char *text, char between, double *first, double *second) {
    char *end;
    *first = strtod(text, &end);
    return end != text && *end == between && isfinite(*first) && read_number(end + 1, second);
}

static int read_option(screen_run *run, const ag_options *o) {
    double number, second;
    if (ag_option_is(o, "format"))
        run->options.format = strcmp(o->value, "csv") == 0    ? AG_SCREEN_CSV
                              : strcmp(o->value, "html") == 0 ? AG_SCREEN_HTML
                                                              : AG_SCREEN_NDJSON;
    else if (ag_option_is(o, "output"))
        run->output = o->value;
    else if (ag_option_is(o, "summary"))
        run->summary = o->value;
    else if (ag_option_is(o, "risk")) {
        if (!read_number(o->value, &run->options.risk_least) || run->options.risk_least < 0 ||
            run->options.risk_least > 1)
            return usage("--risk", o->value, "0.3");
    } else if (ag_option_is(o, "cause"))
        run->options.cause = o->value;
    else if (ag_option_is(o, "age")) {
        if (!read_pair(o->value, '-', &run->options.age_from, &run->options.age_to) ||
            run->options.age_from > run->options.age_to)
            return usage("--age", o->value, "40-60");
    } else if (ag_option_is(o, "since"))
        run->options.since = o->value;
    else if (ag_option_is(o, "date"))
        run->options.as_of = o->value;
    else if (ag_option_is(o, "setting"))
        run->options.setting = o->value;
    else if (ag_option_is(o, "threads")) {
        if (!read_whole(o->value, &number) || number < 1 || number > 256)
            return usage("--threads", o->value, "4");
        run->options.threads = (int)number;
    } else if (ag_option_is(o, "strict"))
        run->options.strict = true;
    else if (ag_option_is(o, "resume"))
        run->options.resume = o->value;
    else if (ag_option_is(o, "map"))
        run->map = o->value;
    else if (ag_option_is(o, "reduce"))
        run->reduce = true;
    else if (ag_option_is(o, "part")) {
        if (!read_pair(o->value, '/', &number, &second) || number < 1 || number > second ||
            second > 1e6 || number != floor(number) || second != floor(second))
            return usage("--part", o->value, "2/8");
        run->options.part = (int)number;
        run->options.parts = (int)second;
    } else if (ag_option_is(o, "memory")) {
        if (!read_number(o->value, &number) || number < 1 || number > 1e6)
            return usage("--memory", o->value, "256");
        run->options.memory = (size_t)(number * 1e6);
    } else if (ag_option_is(o, "knowledge"))
        run->folder = o->value;
    else if (ag_option_is(o, "quiet"))
        run->quiet = true;
    return AG_EXIT_DONE;
}

static int check_options(const screen_run *run, const ag_options *o) {
    const ag_command *command = ag_command_find("screen");
    bool standard = false;
    for (int i = 0; i < o->count; i++)
        standard = standard || strcmp(o->operands[i], "-") == 0;
    if (o->count == 0)
        return ag_usage_error(command, "name a FILE or folder, or - for standard input");
    if (run->map != NULL && run->reduce)
        return ag_usage_error(command, "--map and --reduce are two runs");
    if (run->options.resume != NULL && (run->map != NULL || run->reduce))
        return ag_usage_error(command, "--resume is for a whole run, not for --map or --reduce");
    if (run->options.resume != NULL && standard)
        return ag_usage_error(command, "--resume cannot read standard input a second time");
    if (run->options.parts > 0 && run->map == NULL && !run->reduce)
        return ag_usage_error(command, "--part needs --map or --reduce");
    return AG_EXIT_DONE;
}

/* ---- output ---- */

static bool ends_in(const char *name, const char *end) {
    size_t length = strlen(name), n = strlen(end);
    return length >= n && strcmp(name + length - n, end) == 0;
}

static void cannot_write(const char *name) {
    fprintf(stderr, "antegrade screen: %s cannot be written: %s\n", name, strerror(errno));
}

static bool save_summary(const char *name, ag_screen_summary *summary) {
    const char *text = ends_in(name, ".html")   ? ag_screen_summary_html(summary)
                       : ends_in(name, ".json") ? ag_screen_summary_json(summary)
                                                : ag_screen_summary_text(summary);
    FILE *file = fopen(name, "wb");
    bool saved = file != NULL && text != NULL && fputs(text, file) >= 0;
    if (file != NULL && fclose(file) != 0)
        saved = false;
    if (!saved)
        cannot_write(name);
    return saved;
}

/* Told before the work, not after it. */
static bool can_be_written(const char *name) {
    struct stat about;
    const char *slash = strrchr(name, '/');
    char folder[4096];
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - name + 1) : 1,
             slash != NULL ? name : ".");
    bool is_folder = stat(name, &about) == 0 && S_ISDIR(about.st_mode);
    if (!is_folder && access(folder, F_OK) == 0)
        return true;
    if (is_folder)
        errno = EISDIR;
    cannot_write(name);
    return false;
}

/* The result, under a working name until it is whole; what is no file (a device, a pipe) is written
 * as it is. */
typedef struct output {
    FILE *file;
    char *name;          /* NULL: standard output, or no file */
    char *working;       /* where there is a name */
    const char *as_told; /* the name as the user gave it */
} output;

static bool open_output(output *out, const char *name) {
    struct stat about;
    *out = (output){.file = stdout, .as_told = name};
    if (name == NULL)
        return true;
    bool regular = stat(name, &about) != 0 || S_ISREG(about.st_mode);
    if (regular) {
        char *real = realpath(name, NULL);
        out->name = real != NULL ? real : strdup(name);
        size_t room = out->name != NULL ? strlen(out->name) + 32 : 0;
        out->working = room > 0 ? malloc(room) : NULL;
        if (out->working != NULL)
            snprintf(out->working, room, "%s.%ld.part", out->name, (long)getpid());
    }
    const char *opened = regular ? out->working : name;
    ag_interrupted_file(AG_HALF_OUTPUT, out->working);
    out->file = opened != NULL ? fopen(opened, "wb") : NULL;
    if (out->file == NULL)
        cannot_write(name);
    return out->file != NULL;
}

static bool close_output(output *out, bool whole) {
    if (out->as_told == NULL)
        return true;
    bool written = fflush(out->file) == 0 && !ferror(out->file) &&
                   (out->name == NULL || fsync(fileno(out->file)) == 0);
    written = fclose(out->file) == 0 && written && whole;
    written = written && (out->name == NULL || rename(out->working, out->name) == 0);
    if (!written && whole)
        cannot_write(out->as_told);
    if (!written && out->working != NULL)
        unlink(out->working);
    return written;
}

static void free_output(output *out) {
    ag_interrupted_file(AG_HALF_OUTPUT, NULL);
    free(out->name);
    free(out->working);
}

/* ---- the run ---- */

static ag_exit exit_of(ag_status status) {
    return status == AG_OK               ? AG_EXIT_DONE
           : status == AG_ERROR_ARGUMENT ? AG_EXIT_USAGE
                                         : AG_EXIT_INPUT;
}

static ag_exit screen_to(screen_run *run, output *out, const char *const *paths, int count) {
    ag_error error = {0};
    ag_screen_summary *summary = NULL;
    ag_status status = run->reduce ? ag_screen_reduce(out->file, &summary, run->engine, paths,
                                                      count, &run->options, &error)
                                   : ag_screen(out->file, &summary, run->engine, paths, count,
                                               &run->options, &error);
    end_progress(run);
    ag_exit result = exit_of(status);
    if (status != AG_OK)
        ag_print_error("antegrade screen", &error);
    if (status == AG_OK && ag_screen_summary_faults(summary) > 0)
        result = AG_EXIT_PARTLY;
    if (!close_output(out, status == AG_OK) && status == AG_OK)
        result = AG_EXIT_INPUT;
    if (status == AG_OK && !run->quiet)
        fputs(ag_screen_summary_text(summary), stderr);
    if (status == AG_OK && run->summary != NULL && !save_summary(run->summary, summary))
        result = AG_EXIT_INPUT;
    ag_screen_summary_free(summary);
    return result;
}

static ag_exit screen(screen_run *run, const char *const *paths, int count) {
    output out;
    if ((run->summary != NULL && !can_be_written(run->summary)) ||
        (run->output != NULL && !can_be_written(run->output)))
        return AG_EXIT_INPUT;
    ag_exit result =
        open_output(&out, run->output) ? screen_to(run, &out, paths, count) : AG_EXIT_INPUT;
    free_output(&out);
    return result;
}

static ag_exit map(screen_run *run, const char *const *paths, int count) {
    ag_error error = {0};
    if (!can_be_written(run->map))
        return AG_EXIT_INPUT;
    ag_status status = ag_screen_map(run->map, run->engine, paths, count, &run->options, &error);
    end_progress(run);
    if (status != AG_OK)
        ag_print_error("antegrade screen", &error);
    return exit_of(status);
}

/* ---- interrupted ---- */

static void half_written(void *data, const char *name) {
    (void)data;
    ag_interrupted_file(AG_HALF_FACTS, name);
}

static void watch(screen_run *run) {
    run->options.half_written = half_written;
    ag_interrupted_start(run->options.resume != NULL
                             ? "antegrade screen: interrupted; the same command goes on from the "
                               "pieces that are finished\n"
                             : "antegrade screen: interrupted before the end\n");
}

static ag_status open_engine(screen_run *run, ag_error *error) {
    const ag_knowledge *knowledge = ag_knowledge_builtin();
    if (run->folder != NULL) {
        ag_status status = ag_knowledge_load(&run->loaded, run->folder, NULL, error);
        if (status != AG_OK)
            return status;
        knowledge = run->loaded;
    }
    return ag_engine_new(&run->engine, knowledge, error);
}

/* Memory grows in large steps and is kept until the end: to give it back and take it again, page by
 * page, costs a twentieth of the time, and of two threads one waits for the other meanwhile. */
static void keep_memory(void) {
#if defined(__GLIBC__)
    mallopt(M_TOP_PAD, 8 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

int ag_command_screen(int argc, char **argv) {
    screen_run run = {.options = ag_screen_options_defaults()};
    ag_options options;
    int wrong = AG_EXIT_DONE;
    ag_options_start(&options, "screen", argc, argv);
    while (wrong == AG_EXIT_DONE && ag_options_next(&options))
        wrong = read_option(&run, &options);
    if (options.over)
        return options.status;
    if (wrong == AG_EXIT_DONE)
        wrong = check_options(&run, &options);
    if (wrong != AG_EXIT_DONE)
        return wrong;
    clock_gettime(CLOCK_MONOTONIC, &run.started);
    keep_memory();
    if (!run.quiet && isatty(STDERR_FILENO) == 1) {
        run.options.tick = show_progress;
        run.options.tick_data = &run;
    }
    watch(&run);
    ag_error error = {0};
    ag_exit status = AG_EXIT_INPUT;
    const char *const *paths = (const char *const *)options.operands;
    if (open_engine(&run, &error) != AG_OK)
        ag_print_error(run.folder != NULL ? run.folder : "antegrade", &error);
    else
        status =
            run.map != NULL ? map(&run, paths, options.count) : screen(&run, paths, options.count);
    ag_engine_free(run.engine);
    ag_knowledge_free(run.loaded);
    return status;
}
