/*
 * A process that saves cases is killed at any moment, again and again: each case that it was told
 * is saved is there. And on a full disk the store can still be read, and refuses writing clearly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "antegrade/store.h"

static char folder[] = "/tmp/antegrade-crash-XXXXXX";
static char where[64];

static int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(where, sizeof where, "%s/store.db", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[80];
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", where, ends[i]);
        unlink(path);
    }
    return rmdir(folder);
}

/* Save without end, and tell each id once it is acknowledged. */
static void save_for_ever(int tell) {
    ag_store *store;
    ag_error error;
    char id[AG_STORE_ID], body[2000];
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    if (ag_store_open(&store, where, &error) != AG_OK)
        _exit(1);
    for (;;)
        if (ag_store_case_save(store, NULL, &(ag_store_case){.owner = "ana", .body = body}, id,
                               &error) != AG_OK ||
            write(tell, id, AG_STORE_ID) != AG_STORE_ID)
            _exit(1);
}

static bool is_whole(void *closure, const ag_store_case *item) {
    *(size_t *)closure = strlen(item->body);
    return true;
}

/* How many were acknowledged; all of them must be there. */
static int kill_once(long wait_us) {
    int ends[2], count = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        save_for_ever(ends[1]);
    close(ends[1]);
    nanosleep(&(struct timespec){0, wait_us * 1000}, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ag_store *store;
    ag_error error;
    assert_int_equal(ag_store_open(&store, where, &error), AG_OK);
    for (char id[AG_STORE_ID]; read(ends[0], id, sizeof id) == AG_STORE_ID; count++) {
        size_t length = 0;
        assert_int_equal(ag_store_case_read(store, id, "ana", is_whole, &length, &error), AG_OK);
        assert_int_equal(length, 1999);
    }
    ag_store_close(store);
    close(ends[0]);
    return count;
}

static void what_was_acknowledged_survives_a_kill(void **state) {
    (void)state;
    int rounds = getenv("AG_SOAK") != NULL ? 1000 : 15, saved = 0;
    for (int i = 0; i < rounds; i++)
        saved += kill_once(10000 + (i * 7919L) % 40000);
    assert_true(saved > rounds); /* it did save, so that the rounds mean something */
}

/* The size of a file that this process may write stands for a disk that is full. */
static int fill_disk(void) {
    ag_store *store;
    ag_error error = {0};
    char body[20000];
    memset(body, 'y', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {400000, 400000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || ag_store_open(&store, where, &error) != AG_OK)
        return 1;
    ag_store_case item = {.owner = "full", .body = body};
    char id[AG_STORE_ID], last[AG_STORE_ID] = "";
    int saved = 0;
    while (saved < 100 && ag_store_case_save(store, NULL, &item, id, &error) == AG_OK) {
        memcpy(last, id, sizeof last);
        saved++;
    }
    size_t length = 0;
    bool refused = saved > 0 && saved < 100 && strstr(error.message, "cannot be written") != NULL;
    bool readable = ag_store_case_read(store, last, "full", is_whole, &length, &error) == AG_OK &&
                    length == sizeof body - 1;
    ag_store_close(store);
    return refused && readable ? 0 : 2;
}

static void a_full_disk_refuses_writes_and_gives_reads(void **state) {
    (void)state;
    pid_t child = fork();
    if (child == 0)
        _exit(fill_disk());
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(kill_once(30000) >= 0); /* with room again, it goes on */
}

int main(void) {
    const struct CMUnitTest crash[] = {cmocka_unit_test(what_was_acknowledged_survives_a_kill)};
    const struct CMUnitTest full[] = {cmocka_unit_test(a_full_disk_refuses_writes_and_gives_reads)};
    int failed = cmocka_run_group_tests(crash, make_folder, remove_folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    return failed + cmocka_run_group_tests(full, make_folder, remove_folder);
}
