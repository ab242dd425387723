/**
 * @file workers.h
 * The threads that assess: each has a session of its own and takes tasks from one queue.
 */
#ifndef AG_WORKERS_H
#define AG_WORKERS_H

#include <stdbool.h>

#include "antegrade/assess.h"

typedef struct ag_workers ag_workers;

/** What is to be done by a thread, with its session. */
typedef void ag_task(void *task, ag_session *session);

/**
 * Start `threads` threads with sessions of `engine` (borrowed until the end), and a queue for
 * `waiting` tasks. Each task is given to `run`. Caller frees with ag_workers_free.
 */
ag_status ag_workers_new(ag_workers **out, const ag_engine *engine, int threads, int waiting,
                         ag_task *run, ag_error *error);

/** Have `task` done. False when the queue is full. */
bool ag_workers_give(ag_workers *workers, void *task);

/** How many tasks wait. */
int ag_workers_waiting(ag_workers *workers);

/** Do what is in the queue, end the threads, free all. NULL is allowed. */
void ag_workers_free(ag_workers *workers);

#endif
