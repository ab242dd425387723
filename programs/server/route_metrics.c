/* GET /metrics: counts in the text format of Prometheus. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "antegrade/antegrade.h"
#include "routes.h"

static void head(FILE *out, const char *name, const char *type, const char *help) {
    fprintf(out, "# HELP antegrade_%s %s\n# TYPE antegrade_%s %s\n", name, help, name, type);
}

static void one(FILE *out, const char *name, const char *type, const char *help, double value) {
    head(out, name, type, help);
    fprintf(out, "antegrade_%s %.17g\n", name, value);
}

static double process_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double resident_bytes(void) {
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    fclose(file);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static void answers(FILE *out, ag_metrics *m) {
    head(out, "requests_total", "counter", "Requests answered, by route and class of status.");
    int count = 0;
    while (ag_routes[count].method != NULL)
        count++;
    for (int i = 0; i <= count; i++)
        for (int digit = 1; digit < AG_METRICS_CLASSES; digit++) {
            int row = i < count ? i : AG_METRICS_ROUTES - 1;
            unsigned long n = atomic_load(&m->answers[row][digit]);
            if (n > 0)
                fprintf(out,
                        "antegrade_requests_total{method=\"%s\",route=\"%s\",status=\"%dxx\"} "
                        "%lu\n",
                        i < count ? ag_routes[i].method : "", i < count ? ag_routes[i].path : "",
                        digit, n);
        }
}

static void durations(FILE *out, ag_metrics *m) {
    unsigned long sum = 0;
    head(out, "request_duration_seconds", "histogram", "Time from headers to answer.");
    for (int i = 0; i < AG_METRICS_BUCKETS; i++) {
        sum += atomic_load(&m->within[i]);
        fputs("antegrade_request_duration_seconds_bucket{le=\"", out);
        if (isinf(ag_metrics_bounds[i]))
            fputs("+Inf", out);
        else
            fprintf(out, "%g", ag_metrics_bounds[i]);
        fprintf(out, "\"} %lu\n", sum);
    }
    fprintf(out,
            "antegrade_request_duration_seconds_sum %.6f\n"
            "antegrade_request_duration_seconds_count %lu\n",
            (double)atomic_load(&m->microseconds) / 1e6, sum);
}

void ag_route_metrics(ag_answer *answer, const ag_request *request, ag_site *site,
                      ag_session *session) {
    (void)request;
    (void)session;
    ag_metrics *m = &site->metrics;
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) {
        ag_answer_text(answer, 200, NULL, NULL, NULL);
        return;
    }
    head(out, "build_info", "gauge", "Versions of program and knowledge.");
    fprintf(out, "antegrade_build_info{version=\"%s\",knowledge=\"%s\"} 1\n", ag_version(),
            ag_knowledge_version(site->model.knowledge));
    answers(out, m);
    durations(out, m);
    one(out, "handler_cpu_seconds_total", "counter", "Processor time of assessing and answering.",
        (double)atomic_load(&m->handler_ns) / 1e9);
    one(out, "process_cpu_seconds_total", "counter", "Processor time of the whole server.",
        process_seconds());
    one(out, "resident_memory_bytes", "gauge", "Memory in use.", resident_bytes());
    one(out, "requests_in_flight", "gauge", "Requests being answered.",
        (double)atomic_load(&m->in_flight));
    one(out, "requests_waiting", "gauge", "Requests that wait for a working thread.",
        ag_workers_waiting(site->workers));
    one(out, "requests_refused_busy_total", "counter", "Requests refused as too many wait.",
        (double)atomic_load(&m->refused_busy));
    one(out, "connections", "gauge", "Open connections.",
        (double)ag_connections_count(site->connections));
    one(out, "connections_expired_total", "counter", "Connections closed for being slow.",
        (double)ag_connections_expired(site->connections));
    one(out, "body_bytes_total", "counter", "Bytes of bodies received.",
        (double)atomic_load(&m->body_bytes));
    one(out, "answer_bytes_total", "counter", "Bytes of answers, without headers.",
        (double)atomic_load(&m->answer_bytes));
    one(out, "body_bytes_held", "gauge", "Bytes of bodies in memory.",
        (double)atomic_load(&m->held_bytes));
    if (fclose(out) != 0) {
        free(text);
        text = NULL;
    }
    ag_answer_text(answer, 200, "text/plain; version=0.0.4; charset=utf-8", text, free);
}
