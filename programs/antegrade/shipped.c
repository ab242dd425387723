/* They lie where the program lies: its own path tells. */
#define _POSIX_C_SOURCE 200809L
#include "shipped.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_program(const char *path) {
    return access(path, X_OK) == 0;
}

/* The first of `places`, ended by NULL, seen from the folder of this program, that has it. */
static const char *find(const char *const places[], const char *name, bool (*is_it)(const char *),
                        char *path, size_t size) {
    char own[1024];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0)
        return NULL;
    own[length] = '\0';
    char *slash = strrchr(own, '/');
    if (slash != NULL)
        *slash = '\0';
    for (int i = 0; places[i] != NULL; i++) {
        int needed = snprintf(path, size, "%s/%s/%s", own, places[i], name);
        if (needed > 0 && (size_t)needed < size && is_it(path))
            return path;
    }
    return NULL;
}

const char *ag_shipped_folder(const char *name, char *path, size_t size) {
    static const char *const places[] = {"../share/antegrade", "../..", NULL};
    return find(places, name, is_folder, path, size);
}

const char *ag_shipped_program(const char *name, char *path, size_t size) {
    static const char *const places[] = {"../libexec/antegrade", ".", NULL};
    return find(places, name, is_program, path, size);
}
