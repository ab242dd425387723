/**
 * @file server_log.h
 * Log lines, one JSON object each on standard error. Nothing that a client sent stands in them but
 * sizes: no address, query, header or body, so that no line speaks of a patient.
 */
#ifndef AG_SERVER_LOG_H
#define AG_SERVER_LOG_H

/** A request that was answered. `route` is the path of the table, or "" where none fitted. */
typedef struct ag_log_request {
    const char *method;
    const char *route;
    int status;
    double seconds;
    long body_bytes;
    long answer_bytes;
} ag_log_request;

void ag_log_answered(const ag_log_request *request);

/** Something that happened to the server: {"time", "event", "detail"}. */
void ag_log_event(const char *event, const char *detail);

#endif
