#define _XOPEN_SOURCE 700 /* nftw */
#include "cards_at.h"

#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { NAME = 1000, PATH = 1200, OPEN_FOLDERS = 16 };

typedef struct checkout {
    char revision[NAME];     /* REVISION:PATH */
    char folder[PATH];       /* temporary */
    char archive[PATH + 16]; /* within it */
    char cards[PATH + 16];   /* within it */
} checkout;

/* Run a program of the PATH that says nothing; whether it ended well. */
static bool run(char *const arguments[]) {
    posix_spawn_file_actions_t quiet;
    pid_t child;
    int ended;
    if (posix_spawn_file_actions_init(&quiet) != 0)
        return false;
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool good = posix_spawnp(&child, arguments[0], &quiet, NULL, arguments, environ) == 0 &&
                waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == 0;
    posix_spawn_file_actions_destroy(&quiet);
    return good;
}

static bool extract(checkout *c) {
    char *archive[] = {"git", "archive", "--format=tar", "-o", c->archive, c->revision, NULL};
    char *unpack[] = {"tar", "-x", "-f", c->archive, "-C", c->cards, NULL};
    return mkdir(c->cards, 0700) == 0 && run(archive) && run(unpack);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place) {
    (void)info, (void)type, (void)place;
    return remove(path);
}

static bool start(checkout *c, const char *what) {
    const char *scratch = getenv("TMPDIR");
    const char *inner = strchr(what, ':') == NULL ? ":knowledge" : "";
    int named = snprintf(c->revision, sizeof c->revision, "%s%s", what, inner);
    int length = snprintf(c->folder, sizeof c->folder, "%s/antegrade-XXXXXX",
                          scratch != NULL && scratch[0] != '\0' ? scratch : "/tmp");
    if (named >= NAME || length >= PATH || mkdtemp(c->folder) == NULL)
        return false;
    snprintf(c->archive, sizeof c->archive, "%s/cards.tar", c->folder);
    snprintf(c->cards, sizeof c->cards, "%s/cards", c->folder);
    return true;
}

/* A fault lies in the revision, not in a folder that is gone when it is read. */
static void name_fault(const checkout *c, ag_error *error) {
    size_t length = strlen(c->cards);
    char where[sizeof error->where];
    if (error == NULL || strncmp(error->where, c->cards, length) != 0)
        return;
    snprintf(where, sizeof where, "%.100s%s", c->revision, error->where + length);
    memcpy(error->where, where, sizeof where);
}

static ag_status no_cards(const char *what, ag_error *error) {
    if (error != NULL) {
        *error = (ag_error){.code = AG_ERROR_IO};
        snprintf(error->where, sizeof error->where, "%s", what);
        snprintf(error->message, sizeof error->message,
                 "this is neither a folder nor a revision of git with cards; name a folder, or a "
                 "revision as in HEAD~1 or v1.0:knowledge");
    }
    return AG_ERROR_IO;
}

ag_status ag_cards_at(ag_knowledge **out, const char *what, ag_error *error) {
    struct stat info;
    checkout c;
    *out = NULL;
    if (stat(what, &info) == 0)
        return ag_knowledge_load(out, what, NULL, error);
    if (what[0] == '-' || !start(&c, what)) /* no option for git */
        return no_cards(what, error);
    bool there = extract(&c);
    ag_status status = there ? ag_knowledge_load(out, c.cards, NULL, error) : no_cards(what, error);
    if (status != AG_OK && there)
        name_fault(&c, error);
    nftw(c.folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    return status;
}
