/* A signal handler has no other way to what it needs than by static data. */
#define _XOPEN_SOURCE 700 /* sigaction */
#include "interrupted.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static _Atomic(const char *) half_written[AG_HALF_FILES];
static _Atomic(const char *) sentence;
static atomic_bool on_terminal; /* where something may stand on the line */

/* Only what is safe in a handler. The signal has its usual effect when this ends. */
static void end(int signal_number) {
    for (int i = 0; i < AG_HALF_FILES; i++) {
        const char *name = atomic_load(&half_written[i]);
        if (name != NULL)
            unlink(name);
    }
    raise(signal_number);
    const char *said = atomic_load(&sentence);
    if (write(STDERR_FILENO, "\n", on_terminal) < 0 || write(STDERR_FILENO, said, strlen(said)) < 0)
        return; /* there is nobody to tell */
}

void ag_interrupted_start(const char *said) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    atomic_store(&sentence, said);
    atomic_store(&on_terminal, isatty(STDERR_FILENO) == 1);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction now, before;
        memset(&now, 0, sizeof now);
        now.sa_handler = end;
        now.sa_flags = (int)SA_RESETHAND;
        sigfillset(&now.sa_mask);
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &now, NULL);
    }
}

void ag_interrupted_file(ag_half_written which, const char *name) {
    atomic_store(&half_written[which], name);
}
