#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static ag_status fail_io(ag_error *error, const char *path, const char *why) {
    ag_status status = ag_fail(error, AG_ERROR_IO, "%s", why);
    ag_fault_where(error, path);
    return status;
}

bool ag_is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool ag_is_file(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

ag_status ag_file_read(ag_arena *arena, const char *path, const char **text, size_t *length,
                       ag_error *error) {
    struct stat info;
    if (stat(path, &info) != 0)
        return fail_io(error, path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return fail_io(error, path, "this is not a plain file");
    if (info.st_size > AG_FILES_BYTES)
        return fail_io(error, path, "the file is larger than 8 MiB");
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return fail_io(error, path, strerror(errno));
    char *bytes = ag_arena_alloc(arena, (size_t)info.st_size + 1);
    *length = bytes != NULL ? fread(bytes, 1, (size_t)info.st_size, file) : 0;
    *text = bytes;
    bool good = ferror(file) == 0;
    fclose(file);
    if (bytes == NULL)
        return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    return good ? AG_OK : fail_io(error, path, "the file cannot be read to its end");
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool ends_in(const char *name, const char *suffix) {
    size_t length = strlen(name), end = strlen(suffix);
    return name[0] != '.' && length > end && strcmp(name + length - end, suffix) == 0;
}

static ag_status list(ag_arena *arena, DIR *directory, const char *folder, const char *suffix,
                      const char **items, int *count, ag_error *error) {
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (!ends_in(entry->d_name, suffix))
            continue;
        if (*count == AG_FILES_MOST)
            return ag_fail(error, AG_ERROR_TOO_LARGE, "the folder holds more than %d files",
                           AG_FILES_MOST);
        items[*count] = ag_arena_format(arena, "%s/%s", folder, entry->d_name);
        if (items[(*count)++] == NULL)
            return ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    }
    return AG_OK;
}

ag_status ag_files_in(ag_arena *arena, const char *folder, const char *suffix, ag_texts *out,
                      ag_error *error) {
    *out = (ag_texts){NULL, 0};
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return errno == ENOENT ? AG_OK : fail_io(error, folder, strerror(errno));
    const char **items = ag_arena_array(arena, AG_FILES_MOST, sizeof *items);
    int count = 0;
    ag_status status = items != NULL ? list(arena, directory, folder, suffix, items, &count, error)
                                     : ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    closedir(directory);
    if (count > 0)
        qsort(items, (size_t)count, sizeof *items, by_text);
    *out = (ag_texts){items, count};
    return status;
}
