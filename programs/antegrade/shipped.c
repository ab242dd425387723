/* The folders lie where the program lies: its own path tells. */
#define _POSIX_C_SOURCE 200809L
#include "shipped.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

const char *ag_shipped_folder(const char *name, char *path, size_t size) {
    static const char *const places[] = {"../share/antegrade", "../.."};
    char own[1024];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0)
        return NULL;
    own[length] = '\0';
    char *slash = strrchr(own, '/');
    if (slash != NULL)
        *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int needed = snprintf(path, size, "%s/%s/%s", own, places[i], name);
        if (needed > 0 && (size_t)needed < size && is_folder(path))
            return path;
    }
    return NULL;
}
