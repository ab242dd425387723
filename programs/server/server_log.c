#define _POSIX_C_SOURCE 200809L
#include "server_log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* "2026-11-22T05:46:12.345Z" */
static void write_time(char out[32]) {
    struct timespec now;
    struct tm day;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &day);
    size_t length = strftime(out, 24, "%Y-%m-%dT%H:%M:%S", &day);
    snprintf(out + length, 32 - length, ".%03dZ", (int)(now.tv_nsec / 1000000));
}

/* Methods come from clients: anything but the usual ones is not repeated. */
static const char *plain_method(const char *method) {
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};
    for (size_t i = 0; method != NULL && i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], method) == 0)
            return known[i];
    return "other";
}

void ag_log_answered(const ag_log_request *r) {
    char time[32];
    write_time(time);
    fprintf(stderr,
            "{\"time\":\"%s\",\"event\":\"request\",\"method\":\"%s\",\"route\":\"%s\","
            "\"status\":%d,\"ms\":%.1f,\"body_bytes\":%ld,\"answer_bytes\":%ld}\n",
            time, plain_method(r->method), r->route, r->status, 1000 * r->seconds, r->body_bytes,
            r->answer_bytes);
}

void ag_log_event(const char *event, const char *detail) {
    char time[32], text[300];
    size_t length = 0;
    for (; *detail != '\0' && length < sizeof text - 1; detail++)
        text[length++] =
            *detail == '"' || *detail == '\\' || (unsigned char)*detail < ' ' ? '\'' : *detail;
    text[length] = '\0';
    write_time(time);
    fprintf(stderr, "{\"time\":\"%s\",\"event\":\"%s\",\"detail\":\"%s\"}\n", time, event, text);
}
