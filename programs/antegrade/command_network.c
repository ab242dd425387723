/* antegrade network: information on, conversion of, and exact inference in Bayesian networks. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "antegrade/network.h"
#include "commands.h"
#include "options.h"

enum { THREADS_MOST = 256, LINES_PER_THREAD = 64, MEMORY_MOST = 65536 };

typedef struct network_run {
    bool most_probable;
    int threads;
    int effort;
    int memory_gib;
    const char *order_in;  /* a file that holds an elimination order */
    const char *order_out; /* where to write the one in use */
} network_run;

static const ag_command *self(void) {
    return ag_command_find("network");
}

static ag_exit complain(const ag_error *error) {
    fprintf(stderr, "antegrade network: ");
    if (error->where[0])
        fprintf(stderr, "%s:", error->where);
    if (error->line > 0)
        fprintf(stderr, "%d:%d:", error->line, error->column);
    fprintf(stderr, "%s%s\n", error->where[0] || error->line > 0 ? " " : "", error->message);
    return AG_EXIT_INPUT;
}

/* ---- Elimination orders in files: names, one per line; auxiliary variables by number ---- */

static bool write_order(const char *path, const ag_program *program) {
    const ag_network *network = ag_program_network(program);
    int count;
    const int *order = ag_program_order(program, &count);
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    for (int i = 0; i < count; i++) {
        if (order[i] < ag_network_variable_count(network))
            fprintf(file, "%s\n", ag_network_variable_name(network, order[i]));
        else
            fprintf(file, "#%d\n", order[i]);
    }
    return fclose(file) == 0;
}

/* The variable that a line names; -1 where it names none. */
static int read_name(const char *line, const ag_network *network) {
    char *end;
    if (line[0] != '#')
        return ag_network_find_variable(network, line);
    long number = strtol(line + 1, &end, 10);
    return line[1] && !*end && number >= 0 && number < INT_MAX ? (int)number : -1;
}

/* Caller frees with free; NULL, and said why, where the file cannot be understood. */
static int *read_order(const char *path, const ag_network *network, int *count) {
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    int capacity = 2 * ag_network_variable_count(network) + 2;
    int *order = file ? malloc((size_t)capacity * sizeof *order) : NULL;
    int number = 0;
    *count = 0;
    if (!order)
        fprintf(stderr, "antegrade network: %s cannot be read: %s\n", path, strerror(errno));
    while (order && *count < capacity && getline(&line, &size, file) >= 0) {
        number++;
        line[strcspn(line, "\r\n")] = 0;
        if (line[0] && (order[(*count)++] = read_name(line, network)) < 0) {
            fprintf(stderr, "antegrade network: %s:%d: there is no variable '%.80s'\n", path,
                    number, line);
            free(order);
            order = NULL;
        }
    }
    free(line);
    if (file)
        fclose(file);
    return order;
}

/* ---- Loading ---- */

typedef struct loaded {
    ag_network *network;
    ag_program *program;
} loaded;

static void unload(loaded *l) {
    ag_program_free(l->program);
    ag_network_free(l->network);
}

static ag_exit load(const network_run *run, const char *path, loaded *out) {
    ag_error error = {0};
    ag_program_options options = ag_program_options_defaults();
    int *order = NULL;
    *out = (loaded){NULL, NULL};
    if (ag_network_read(&out->network, path, &error))
        return complain(&error);
    if (run->effort >= 0)
        options.effort = run->effort;
    options.memory_limit = (size_t)run->memory_gib << 30;
    if (run->order_in) {
        order = read_order(run->order_in, out->network, &options.order_count);
        options.order = order;
        if (!order)
            return AG_EXIT_INPUT;
    }
    ag_status status = ag_program_compile(&out->program, out->network, &options, &error);
    free(order);
    if (status)
        return complain(&error);
    if (run->order_out && !write_order(run->order_out, out->program)) {
        fprintf(stderr, "antegrade network: %s cannot be written: %s\n", run->order_out,
                strerror(errno));
        return AG_EXIT_INPUT;
    }
    return AG_EXIT_DONE;
}

/* ---- info ---- */

static void print_bytes(const char *name, double bytes) {
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    int i = 0;
    for (bytes /= 1024; bytes >= 1024 && i < 3; i++)
        bytes /= 1024;
    printf("%-22s %.1f %s", name, bytes, units[i]);
}

static void print_info(const loaded *l, const network_run *run) {
    int n = ag_network_variable_count(l->network);
    int arcs = 0;
    int most_parents = 0;
    int most_states = 0;
    double entries = 0;
    for (int v = 0; v < n; v++) {
        int parents;
        const int *parent = ag_network_parents(l->network, v, &parents);
        double table = ag_network_state_count(l->network, v);
        for (int i = 0; i < parents; i++)
            table *= ag_network_state_count(l->network, parent[i]);
        arcs += parents;
        entries += table;
        most_parents = parents > most_parents ? parents : most_parents;
        if (ag_network_state_count(l->network, v) > most_states)
            most_states = ag_network_state_count(l->network, v);
    }
    ag_program_size size = ag_program_sizes(l->program);
    printf("variables              %d\narcs                   %d\n", n, arcs);
    printf("most states, parents   %d, %d\ntable entries          %.0f\n", most_states,
           most_parents, entries);
    printf("compiled entries       %.0f\nlargest compiled table %.0f\n", size.table_entries,
           size.largest_table);
    print_bytes("program", size.program_bytes);
    putchar('\n');
    print_bytes("query", size.workspace_bytes);
    bool fits = size.workspace_bytes <= run->memory_gib * 0x1p30;
    printf(fits ? "\n" : ", more than the limit: observe more, or see --memory\n");
}

static ag_exit info(const network_run *run, char **names, int count) {
    loaded l;
    if (count != 1)
        return ag_usage_error(self(), "name one network, such as: antegrade network info asia.bif");
    ag_exit status = load(run, names[0], &l);
    if (status == AG_EXIT_DONE)
        print_info(&l, run);
    unload(&l);
    return status;
}

/* ---- convert ---- */

static ag_exit convert(char **names, int count) {
    ag_error error = {0};
    ag_network *network;
    if (count != 2)
        return ag_usage_error(
            self(), "name two files, such as: antegrade network convert asia.bif asia.net");
    ag_status status = ag_network_read(&network, names[0], &error);
    if (!status)
        status = ag_network_write(network, names[1], &error);
    ag_network_free(network);
    return status ? complain(&error) : AG_EXIT_DONE;
}

/* ---- marginals ---- */

/* One line of input and its answer. */
typedef struct task {
    char *line;
    size_t size;
    size_t length;
    char *answer;
    bool bad;
} task;

typedef struct worker {
    const network_run *run;
    const ag_network *network;
    ag_query *query;
    int *states; /* room for all variables */
    task *tasks;
    int first, count, step;
} worker;

static void answer_fault(worker *w, task *t, const ag_error *fault) {
    int count = 0;
    t->bad = true;
    if (fault->code == AG_ERROR_IMPOSSIBLE)
        ag_query_conflict(w->query, w->states, ag_network_variable_count(w->network), &count, NULL);
    ag_network_print_conflict(w->network, fault, w->states, count, &t->answer, NULL);
}

static void answer(worker *w, task *t) {
    ag_error error = {0};
    double log_joint;
    ag_status status = ag_query_read_case(w->query, t->line, t->length, &error);
    if (!status && w->run->most_probable) {
        status = ag_query_most_probable(w->query, 0, w->states, &log_joint, &error);
        if (!status)
            status =
                ag_network_print_assignment(w->network, w->states, log_joint, &t->answer, &error);
    } else if (!status) {
        status = ag_query_run(w->query, &error);
        if (!status)
            status = ag_query_print_marginals(w->query, &t->answer, &error);
    }
    if (status)
        answer_fault(w, t, &error);
}

static void *work(void *argument) {
    worker *w = argument;
    for (int i = w->first; i < w->count; i += w->step)
        answer(w, &w->tasks[i]);
    return NULL;
}

/* Standard input by lines: a program that sends one case and waits for its answer gets it. */
typedef struct lines {
    char *data;
    size_t from, to, size;
    bool over;
    int fault; /* errno where reading ended so; else 0 */
} lines;

static bool has_more(int wait_ms) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, wait_ms) != 0;
}

/* Read what there is, waiting for it; false where there is no memory. */
static bool fill(lines *in) {
    enum { PIECE = 1 << 16 };
    if (in->from > 0) {
        memmove(in->data, in->data + in->from, in->to - in->from);
        in->to -= in->from;
        in->from = 0;
    }
    if (in->size - in->to < PIECE) {
        char *data = realloc(in->data, 2 * in->size + PIECE);
        if (!data)
            return false;
        in->data = data;
        in->size = 2 * in->size + PIECE;
    }
    ssize_t got = read(STDIN_FILENO, in->data + in->to, in->size - in->to);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return has_more(-1);
    in->over = got <= 0;
    in->fault = got < 0 ? errno : 0;
    in->to += got > 0 ? (size_t)got : 0;
    return true;
}

static bool keep_line(task *t, const char *line, size_t length) {
    if (length + 1 > t->size) {
        char *copy = realloc(t->line, 2 * (length + 1));
        if (!copy)
            return false;
        t->line = copy;
        t->size = 2 * (length + 1);
    }
    memcpy(t->line, line, length);
    t->line[length] = 0;
    t->length = length;
    t->answer = NULL;
    t->bad = false;
    return true;
}

/* The next line, with its end; false where there is none, or none yet and not to be waited for. */
static bool next_line(lines *in, bool wait, task *t) {
    size_t seen = 0;
    for (;;) {
        size_t left = in->to - in->from;
        char *start = in->data + in->from;
        char *end = left > seen ? memchr(start + seen, '\n', left - seen) : NULL;
        size_t length = end ? (size_t)(end - start) + 1 : in->over ? left : 0;
        if (length > 0) {
            in->from += length;
            return keep_line(t, start, length);
        }
        seen = left;
        if (in->over || (!wait && !has_more(0)) || !fill(in))
            return false;
    }
}

static bool is_blank(const task *t) {
    return strspn(t->line, " \t\r\n") == t->length;
}

static int read_tasks(lines *in, task *tasks, int most) {
    int count = 0;
    while (count < most && next_line(in, count == 0, &tasks[count]))
        count += !is_blank(&tasks[count]);
    return count;
}

static void run_workers(worker *workers, int threads, int count) {
    pthread_t ids[THREADS_MOST];
    bool started[THREADS_MOST] = {false};
    for (int i = 0; i < threads; i++) {
        workers[i].count = count;
        started[i] = i > 0 && pthread_create(&ids[i], NULL, work, &workers[i]) == 0;
    }
    for (int i = 0; i < threads; i++)
        if (!started[i])
            work(&workers[i]);
    for (int i = 0; i < threads; i++)
        if (started[i])
            pthread_join(ids[i], NULL);
}

/* Returns the exit status; `done` and `bad` count the cases. */
static ag_exit answer_all(worker *workers, int threads, task *tasks) {
    int most = threads * LINES_PER_THREAD;
    lines in = {0};
    size_t done = 0;
    size_t bad = 0;
    for (int count; (count = read_tasks(&in, tasks, most)) > 0;) {
        run_workers(workers, threads, count);
        for (int i = 0; i < count; i++) {
            printf("%s\n", tasks[i].answer ? tasks[i].answer : "{\"error\": \"out of memory\"}");
            done++;
            bad += tasks[i].bad || !tasks[i].answer;
            free(tasks[i].answer);
        }
        fflush(stdout);
    }
    for (int i = 0; i < most; i++)
        free(tasks[i].line);
    free(in.data);
    if (in.fault != 0)
        fprintf(stderr, "antegrade network: standard input: %s\n", strerror(in.fault));
    if (bad > 0)
        fprintf(stderr, "antegrade network: %zu of %zu cases have no answer: see \"error\"\n", bad,
                done);
    if (bad == 0 && in.fault == 0)
        return AG_EXIT_DONE;
    return bad < done ? AG_EXIT_PARTLY : AG_EXIT_INPUT;
}

static ag_exit marginals(const network_run *run, char **names, int count) {
    loaded l;
    if (count != 1)
        return ag_usage_error(
            self(), "name one network, such as: antegrade network marginals asia.bif <cases");
    ag_exit status = load(run, names[0], &l);
    worker *workers = calloc((size_t)run->threads, sizeof *workers);
    task *tasks = calloc((size_t)run->threads * LINES_PER_THREAD, sizeof *tasks);
    ag_error error = {0};
    bool ready = status == AG_EXIT_DONE && workers && tasks;
    for (int i = 0; ready && i < run->threads; i++) {
        size_t n = (size_t)ag_network_variable_count(l.network);
        workers[i] = (worker){run,   l.network, NULL, malloc((n + 1) * sizeof(int)),
                              tasks, i,         0,    run->threads};
        if (!workers[i].states || ag_query_new(&workers[i].query, l.program, &error)) {
            fprintf(stderr, "antegrade network: out of memory\n");
            status = AG_EXIT_INPUT;
            ready = false;
        }
    }
    if (ready)
        status = answer_all(workers, run->threads, tasks);
    for (int i = 0; workers && i < run->threads; i++) {
        ag_query_free(workers[i].query);
        free(workers[i].states);
    }
    free(workers);
    free(tasks);
    unload(&l);
    return status;
}

/* ---- The command ---- */

static bool read_count(const char *text, int least, int most, int *out) {
    char *end;
    long x = strtol(text, &end, 10);
    *out = (int)x;
    return *text && !*end && x >= least && x <= most;
}

int ag_command_network(int argc, char **argv) {
    network_run run = {.threads = 1, .effort = -1, .memory_gib = 4};
    ag_options options;
    ag_options_start(&options, "network", argc, argv);
    while (ag_options_next(&options)) {
        if (ag_option_is(&options, "mpe"))
            run.most_probable = true;
        else if (ag_option_is(&options, "order"))
            run.order_in = options.value;
        else if (ag_option_is(&options, "save-order"))
            run.order_out = options.value;
        else if (ag_option_is(&options, "threads") &&
                 !read_count(options.value, 1, THREADS_MOST, &run.threads))
            return ag_usage_error(self(), "--threads takes 1 to %d, not \"%s\"", THREADS_MOST,
                                  options.value);
        else if (ag_option_is(&options, "effort") &&
                 !read_count(options.value, 0, 1000000, &run.effort))
            return ag_usage_error(self(), "--effort takes a number from 0, not \"%s\"",
                                  options.value);
        else if (ag_option_is(&options, "memory") &&
                 !read_count(options.value, 1, MEMORY_MOST, &run.memory_gib))
            return ag_usage_error(self(), "--memory takes 1 to %d (GiB), not \"%s\"", MEMORY_MOST,
                                  options.value);
    }
    if (options.over)
        return options.status;
    const char *verb = options.count > 0 ? options.operands[0] : "";
    if (strcmp(verb, "info") == 0)
        return info(&run, options.operands + 1, options.count - 1);
    if (strcmp(verb, "convert") == 0)
        return convert(options.operands + 1, options.count - 1);
    if (strcmp(verb, "marginals") == 0)
        return marginals(&run, options.operands + 1, options.count - 1);
    return ag_usage_error(self(), "say info, convert or marginals");
}
