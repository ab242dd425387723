/*
 * The server under load of `wrk`, next to the bare HTTP library that takes the same body and
 * answers a constant of the same size: processor time of a request, less that of the assessment, as
 * a multiple of the bare library's; and how far the slowest answers lie from the usual ones at 70 %
 * of the load that it can carry. The body is a FHIR record of some 30 kB, as CDS Hooks prefetches.
 *
 *     bench_serve           a few seconds of each
 *     bench_serve N         N requests, to see whether memory stays flat (make soak: a million)
 */
#include <jansson.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "assess_job.h"
#include "server.h"

#define ASSESS "/api/assess?plan=no"

enum {
    BODY_BYTES = 30000,
    PORT = 18765,
    SMALL_PORT = 18766,
    BARE_PORT = 18767,
    SECONDS = 6,
    CONNECTIONS = 16
};

static char folder[] = "/tmp/bench-serve-XXXXXX";

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "bench_serve: %s\n", what);
    exit(1);
}

static void need(int true_one, const char *what) {
    if (!true_one)
        give_up(what);
}

/* ---- the record ---- */

/* The first entries of a record that come to some 30 kB, in its own order but the patient first. */
static char *read_body(void) {
    enum { MOST = 4 << 20 };
    char *text = calloc(1, MOST);
    gzFile file = gzopen(AG_SOURCE_DIR "/examples/records/tamsulosin-man.json.gz", "rb");
    need(file != NULL && text != NULL && gzread(file, text, MOST - 1) > 0, "no record");
    gzclose(file);
    json_t *bundle = json_loads(text, 0, NULL), *entries = json_object_get(bundle, "entry");
    json_t *kept = json_array();
    size_t length = 0;
    for (size_t i = 0; i < json_array_size(entries); i++) {
        json_t *entry = json_array_get(entries, i);
        const char *type =
            json_string_value(json_object_get(json_object_get(entry, "resource"), "resourceType"));
        static const char *const wanted[] = {"Patient", "Condition", "MedicationRequest",
                                             "Observation", "Procedure"};
        bool is_wanted = false;
        for (size_t w = 0; type != NULL && w < sizeof wanted / sizeof *wanted; w++)
            is_wanted |= strcmp(type, wanted[w]) == 0;
        size_t size = json_dumpb(entry, NULL, 0, JSON_COMPACT);
        if (is_wanted && length + size < BODY_BYTES) {
            length += size;
            json_array_append(kept, entry);
        }
    }
    json_object_set_new(bundle, "entry", kept);
    char *body = json_dumps(bundle, JSON_COMPACT);
    json_decref(bundle);
    free(text);
    need(body != NULL, "memory");
    return body;
}

/* ---- alone ---- */

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static char *assess(const ag_model *model, ag_session *session, const char *body) {
    const ag_assess_job job = {.format = "json", .report = ag_report_options_defaults()};
    ag_patient *patient = NULL;
    char *report = NULL;
    ag_error error = {0};
    if (ag_patient_read(&patient, model->vocabulary, body, strlen(body), NULL, &error) != AG_OK ||
        ag_assess_job_run(&report, &job, model, session, patient, &error) != AG_OK)
        give_up(error.message);
    ag_patient_free(patient);
    return report;
}

/* Seconds of one assessment, the fastest of some, and the size of its report. */
static double time_alone(const char *body, size_t *report_bytes) {
    ag_model model;
    ag_session *session;
    ag_error error = {0};
    need(ag_model_open(&model, NULL, &error) == AG_OK &&
             ag_session_new(&session, model.engine, &error) == AG_OK,
         error.message);
    double fastest = 1e9;
    for (int i = 0; i < 20; i++) {
        double before = cpu_seconds();
        char *report = assess(&model, session, body);
        double took = cpu_seconds() - before;
        fastest = took < fastest ? took : fastest;
        *report_bytes = strlen(report);
        ag_report_free(report);
    }
    ag_session_free(session);
    ag_model_close(&model);
    return fastest;
}

/* ---- the two servers, each in a process of its own ---- */

static char *constant;
static size_t constant_bytes;

static enum MHD_Result bare_answer(void *closure, struct MHD_Connection *connection,
                                   const char *target, const char *method, const char *version,
                                   const char *data, size_t *size, void **context) {
    static int seen;
    (void)closure;
    (void)target;
    (void)method;
    (void)version;
    (void)data;
    if (*context == NULL) {
        *context = &seen;
        return MHD_YES;
    }
    if (*size > 0) {
        *size = 0;
        return MHD_YES;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(constant_bytes, constant, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

static _Noreturn void wait_for_end(void) {
    sigset_t ends;
    int signal_number;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigwait(&ends, &signal_number);
    _exit(0);
}

static void block_end(void) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
}

static pid_t start_bare(size_t bytes) {
    pid_t child = fork();
    if (child != 0)
        return child;
    block_end();
    constant = calloc(1, bytes);
    constant_bytes = bytes;
    need(constant != NULL &&
             MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL, BARE_PORT, NULL,
                              NULL, bare_answer, NULL, MHD_OPTION_END) != NULL,
         "the bare library does not start");
    wait_for_end();
}

static pid_t start_server(int port, const char *knowledge) {
    pid_t child = fork();
    if (child != 0)
        return child;
    block_end();
    ag_settings settings;
    ag_server *server;
    ag_error error = {0};
    char listen[40];
    snprintf(listen, sizeof listen, "127.0.0.1:%d", port);
    need(ag_settings_defaults(&settings, &error) == AG_OK &&
             ag_settings_set(&settings, "listen", listen, &error) == AG_OK &&
             (knowledge == NULL ||
              ag_settings_set(&settings, "knowledge", knowledge, &error) == AG_OK) &&
             ag_server_start(&server, &settings, &error) == AG_OK,
         error.message);
    wait_for_end();
}

static void end(pid_t child) {
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
}

/* User and system time of a process, all threads, in seconds. */
static double process_cpu(pid_t process) {
    char path[64], text[1024];
    unsigned long user = 0, kernel = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "r");
    need(file != NULL && fgets(text, sizeof text, file) != NULL, "no /proc");
    fclose(file);
    const char *rest = strrchr(text, ')');
    need(rest != NULL && sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                                &user, &kernel) == 2,
         "no times in /proc");
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

/* A number of the server's metrics. */
static double metric(int port, const char *name) {
    char command[128], line[512];
    double value = -1;
    size_t length = strlen(name);
    snprintf(command, sizeof command, "curl -s http://127.0.0.1:%d/metrics", port);
    FILE *out = popen(command, "r");
    while (out != NULL && fgets(line, sizeof line, out) != NULL)
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            value = strtod(line + length + 1, NULL);
    need(out != NULL && pclose(out) == 0 && value >= 0, "no metrics");
    return value;
}

/* ---- load ---- */

typedef struct load {
    double requests, rate; /* done, and a second */
    double median_ms, p99_ms;
    double errors;
} load;

static void write_script(const char *body) {
    char path[128];
    snprintf(path, sizeof path, "%s/body", folder);
    FILE *file = fopen(path, "w");
    need(file != NULL && fputs(body, file) >= 0 && fclose(file) == 0, "cannot write");
    snprintf(path, sizeof path, "%s/load.lua", folder);
    file = fopen(path, "w");
    need(file != NULL, "cannot write");
    fprintf(file,
            "local file = io.open('%s/body')\n"
            "wrk.method = 'POST'\nwrk.body = file:read('*a')\n"
            "wrk.headers['Content-Type'] = 'application/json'\n"
            "local pause = tonumber(os.getenv('PAUSE_MS'))\n"
            "if pause > 0 then\n"
            "  function delay() return math.floor(-math.log(1 - math.random()) * pause) end\nend\n"
            "function done(summary, latency)\n"
            "  local e = summary.errors\n"
            "  print('RESULT', summary.requests, summary.duration / 1e6, latency:percentile(50) / "
            "1000,\n    latency:percentile(99) / 1000,\n"
            "    e.connect + e.read + e.write + e.status + e.timeout)\nend\n",
            folder);
    need(fclose(file) == 0, "cannot write");
}

static load run_wrk(int port, int seconds, double pause_ms) {
    char command[512], line[512];
    load l = {0};
    double duration = 0;
    snprintf(command, sizeof command,
             "PAUSE_MS=%.3f wrk -t1 -c%d -d%ds --timeout 60s -s %s/load.lua "
             "'http://127.0.0.1:%d" ASSESS "'",
             pause_ms, CONNECTIONS, seconds, folder, port);
    FILE *out = popen(command, "r");
    while (out != NULL && fgets(line, sizeof line, out) != NULL)
        sscanf(line, "RESULT %lf %lf %lf %lf %lf", &l.requests, &duration, &l.median_ms, &l.p99_ms,
               &l.errors);
    need(out != NULL && pclose(out) == 0 && duration > 0 && l.requests > 0, "wrk does not run");
    need(l.errors == 0, "some requests failed");
    l.rate = l.requests / duration;
    return l;
}

/* Processor seconds of a request: all of it, and in the handler. */
typedef struct cost {
    double all, handler;
} cost;

static cost cost_of_server(int port, load *l) {
    run_wrk(port, 1, 0); /* warm */
    sleep(1);
    double all = metric(port, "antegrade_process_cpu_seconds_total");
    double handler = metric(port, "antegrade_handler_cpu_seconds_total");
    double count = metric(port, "antegrade_request_duration_seconds_count");
    *l = run_wrk(port, SECONDS, 0);
    sleep(2); /* wrk leaves with requests under way */
    count = metric(port, "antegrade_request_duration_seconds_count") - count;
    return (cost){(metric(port, "antegrade_process_cpu_seconds_total") - all) / count,
                  (metric(port, "antegrade_handler_cpu_seconds_total") - handler) / count};
}

static double cost_of_bare(pid_t bare, load *l) {
    run_wrk(BARE_PORT, 1, 0);
    double before = process_cpu(bare);
    *l = run_wrk(BARE_PORT, SECONDS, 0);
    return (process_cpu(bare) - before) / l->requests;
}

static load print_cost(const char *what, int port, double fixed) {
    load l;
    cost c = cost_of_server(port, &l);
    double rest = c.all - c.handler;
    printf("%-28s %8.0f requests/s %9.1f us; less the assessment of %.1f us: %.1f us = %.1f x the "
           "bare library (limit: 10)\n",
           what, l.rate, 1e6 * c.all, 1e6 * c.handler, 1e6 * rest, rest / fixed);
    return l;
}

static void compare(pid_t bare, double alone) {
    load theirs;
    double fixed = cost_of_bare(bare, &theirs);
    printf("assessment alone, fastest                        %9.1f us of processor time\n"
           "bare library                 %8.0f requests/s %9.1f us\n",
           1e6 * alone, theirs.rate, 1e6 * fixed);
    print_cost("server, small knowledge", SMALL_PORT, fixed);
    load ours = print_cost("server", PORT, fixed);
    double pause = 1000 * CONNECTIONS / (0.7 * ours.rate) - ours.median_ms * 0.7;
    load calm = run_wrk(PORT, 2 * SECONDS, pause > 0 ? pause : 0);
    printf("server at %2.0f %% load           %8.0f requests/s, median %.1f ms, p99 %.1f ms = %.1f "
           "x the "
           "median (limit: 5)\n",
           100 * calm.rate / ours.rate, calm.rate, calm.median_ms, calm.p99_ms,
           calm.p99_ms / calm.median_ms);
}

/* Memory over many requests: what it has after a tenth of them is what it has at the end. */
static int soak(double requests) {
    const int port = SMALL_PORT; /* as many in a short time */
    double first = 0, done = 0, start = metric(port, "antegrade_resident_memory_bytes");
    while (done < requests) {
        done += run_wrk(port, SECONDS, 0).requests;
        double now = metric(port, "antegrade_resident_memory_bytes");
        if (done >= requests / 10 && first == 0)
            first = now;
        printf("%10.0f requests %8.1f MiB\n", done, now / 1048576);
        fflush(stdout);
    }
    double last = metric(port, "antegrade_resident_memory_bytes");
    printf("%.1f MiB at the start, %.1f MiB after a tenth, %.1f MiB at the end\n", start / 1048576,
           first / 1048576, last / 1048576);
    return last <= first * 1.05 + (1 << 20) ? 0 : 1;
}

int main(int argc, char **argv) {
    size_t report_bytes = 0;
    int status = 0;
    char *body = read_body();
    need(mkdtemp(folder) != NULL, "no folder");
    write_script(body);
    double alone = time_alone(body, &report_bytes);
    printf("body %zu bytes, answer %zu bytes\n", strlen(body), report_bytes);
    fflush(stdout);
    pid_t bare = start_bare(report_bytes), server = start_server(PORT, NULL);
    pid_t small = start_server(SMALL_PORT, AG_SOURCE_DIR "/tests/golden/knowledge");
    sleep(2);
    if (argc > 1)
        status = soak(strtod(argv[1], NULL));
    else
        compare(bare, alone);
    end(server);
    end(small);
    end(bare);
    char path[128];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, i == 0 ? "body" : "load.lua");
        remove(path);
    }
    rmdir(folder);
    free(body);
    return status;
}
