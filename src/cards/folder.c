/* Reading a folder of cards from disk. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "build.h"

enum { MOST_CARDS = 10000 };

typedef struct folder {
    ag_arena *arena;
    ag_problems *problems;
    const char *path;
    ag_card_texts texts;
    int capacity;
    bool failed;
} folder;

static void note(folder *f, const char *path, ag_status code, const char *message) {
    ag_error error;
    ag_fail(&error, code, "%s", message);
    ag_fault_where(&error, path);
    ag_problems_add(f->problems, &error);
}

/* The whole of a plain file into the arena. False, and a fault noted, where that cannot be. */
static bool read_file(folder *f, const char *path, const char **text, size_t *length) {
    struct stat info;
    if (stat(path, &info) != 0) {
        note(f, path, AG_ERROR_IO, strerror(errno));
        return false;
    }
    if (!S_ISREG(info.st_mode)) {
        note(f, path, AG_ERROR_IO, "this is not a plain file; remove or rename it");
        return false;
    }
    if (info.st_size > AG_YAML_BYTES) {
        note(f, path, AG_ERROR_TOO_LARGE, "the file is too large for a card");
        return false;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        note(f, path, AG_ERROR_IO, strerror(errno));
        return false;
    }
    char *bytes = ag_arena_alloc(f->arena, (size_t)info.st_size + 1);
    *length = bytes != NULL ? fread(bytes, 1, (size_t)info.st_size, file) : 0;
    *text = bytes;
    f->failed = f->failed || bytes == NULL;
    bool good = bytes != NULL && ferror(file) == 0;
    if (bytes != NULL && !good)
        note(f, path, AG_ERROR_IO, "the file cannot be read to its end");
    fclose(file);
    return good;
}

static ag_card_source *add_source(folder *f) {
    ag_card_texts *texts = &f->texts;
    if (texts->count == f->capacity) {
        int capacity = f->capacity == 0 ? 64 : 2 * f->capacity;
        ag_card_source *sources = ag_arena_array(f->arena, (size_t)capacity, sizeof *sources);
        if (sources == NULL) {
            f->failed = true;
            return NULL;
        }
        if (texts->count > 0)
            memcpy(sources, texts->sources, (size_t)texts->count * sizeof *sources);
        texts->sources = sources;
        f->capacity = capacity;
    }
    return &texts->sources[texts->count++];
}

static void add_file(folder *f, ag_card_kind kind, const char *directory, const char *name) {
    size_t length = strlen(name);
    const char *path = ag_arena_format(f->arena, "%s/%s", directory, name);
    if (path == NULL) {
        f->failed = true;
        return;
    }
    if (length <= 5 || strcmp(name + length - 5, ".yaml") != 0) {
        note(f, path, AG_ERROR_NAME, "cards are files named *.yaml; rename or remove this one");
        return;
    }
    if (f->texts.count == MOST_CARDS) {
        note(f, f->path, AG_ERROR_TOO_LARGE, "the folder holds more than 10000 cards");
        f->failed = true;
        return;
    }
    ag_card_source card = {.kind = kind, .path = path};
    card.name = ag_arena_text(f->arena, name, length - 5);
    if (!read_file(f, path, &card.text, &card.length))
        return;
    ag_card_source *source = add_source(f);
    if (source != NULL && card.name != NULL)
        *source = card;
    f->failed = f->failed || card.name == NULL;
}

/* A kind without a folder has no cards. */
static void read_kind(folder *f, ag_card_kind kind) {
    const char *path = ag_arena_format(f->arena, "%s/%s", f->path, ag_card_kind_name(kind));
    DIR *directory = path != NULL ? opendir(path) : NULL;
    if (directory == NULL) {
        if (path != NULL && errno != ENOENT)
            note(f, path, AG_ERROR_IO, strerror(errno));
        f->failed = f->failed || path == NULL;
        return;
    }
    const struct dirent *entry;
    while (!f->failed && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.')
            add_file(f, kind, path, entry->d_name);
    closedir(directory);
}

/* A folder that is not of a kind, but nearly so, is a slip; others belong to other parts. */
static void check_name(folder *f, const char *name) {
    ag_nearest nearest;
    ag_nearest_start(&nearest, name);
    for (int kind = 0; kind < AG_CARD_KINDS; kind++)
        ag_nearest_offer(&nearest, ag_card_kind_name((ag_card_kind)kind));
    if (nearest.count == 0 || strcmp(nearest.names[0], name) == 0)
        return;
    const char *path = ag_arena_format(f->arena, "%s/%s", f->path, name);
    const char *message = ag_arena_format(f->arena,
                                          "no cards are read from here; rename it to \"%s\" or to "
                                          "something else",
                                          nearest.names[0]);
    if (path != NULL && message != NULL)
        note(f, path, AG_ERROR_NAME, message);
}

static void check_names(folder *f) {
    DIR *directory = opendir(f->path);
    const struct dirent *entry;
    while (directory != NULL && (entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.')
            check_name(f, entry->d_name);
    if (directory != NULL)
        closedir(directory);
}

static int compare_sources(const void *a, const void *b) {
    const ag_card_source *x = a, *y = b;
    return x->kind != y->kind ? (x->kind > y->kind) - (x->kind < y->kind)
                              : strcmp(x->name, y->name);
}

static bool is_folder(folder *f) {
    struct stat info;
    if (stat(f->path, &info) != 0)
        note(f, f->path, AG_ERROR_IO, strerror(errno));
    else if (!S_ISDIR(info.st_mode))
        note(f, f->path, AG_ERROR_IO, "this is not a folder; name the folder of the cards");
    else
        return true;
    f->failed = true;
    return false;
}

static void read_folder(folder *f) {
    if (!is_folder(f))
        return;
    ag_card_source *version = &f->texts.version;
    const char *path = ag_arena_format(f->arena, "%s/version.yaml", f->path);
    version->name = "version";
    version->path = path;
    f->failed = path == NULL;
    if (path != NULL && !read_file(f, path, &version->text, &version->length))
        version->text = NULL;
    check_names(f);
    for (int kind = 0; kind < AG_CARD_KINDS && !f->failed; kind++)
        read_kind(f, (ag_card_kind)kind);
    if (f->texts.count > 0)
        qsort(f->texts.sources, (size_t)f->texts.count, sizeof *f->texts.sources, compare_sources);
}

bool ag_card_texts_read(ag_card_texts *out, ag_arena *arena, const char *path,
                        ag_problems *problems) {
    folder f = {.arena = arena, .problems = problems, .path = path};
    read_folder(&f);
    *out = f.texts;
    return !f.failed;
}

static ag_status first_fault(const ag_problems *problems, ag_error *error) {
    const ag_error *first = ag_problems_item(problems, 0);
    if (error != NULL)
        *error = *first;
    return first->code;
}

static ag_status load(ag_knowledge **out, const char *path, ag_texts left_out,
                      ag_problems **problems, ag_error *error) {
    *out = NULL;
    if (problems != NULL)
        *problems = NULL;
    ag_arena *arena = ag_arena_new();
    ag_problems *found = ag_problems_new();
    ag_knowledge *knowledge = NULL;
    if (arena != NULL && found != NULL) {
        ag_card_texts texts;
        bool read = ag_card_texts_read(&texts, arena, path, found);
        texts.left_out = left_out;
        if (read)
            knowledge = ag_knowledge_build(arena, &texts, found);
        ag_problems_sort(found);
    }
    ag_status status = AG_OK;
    if (ag_problems_count(found) > 0)
        status = first_fault(found, error);
    else if (knowledge == NULL)
        status = ag_fail(error, AG_ERROR_MEMORY, "out of memory");
    if (problems != NULL)
        *problems = found;
    else
        ag_problems_free(found);
    if (status != AG_OK) {
        ag_arena_free(arena);
        return status;
    }
    knowledge->arena = arena;
    *out = knowledge;
    return AG_OK;
}

ag_status ag_knowledge_load(ag_knowledge **out, const char *path, ag_problems **problems,
                            ag_error *error) {
    return load(out, path, (ag_texts){NULL, 0}, problems, error);
}

ag_status ag_knowledge_load_without(ag_knowledge **out, const char *path,
                                    const char *const *evidence, int count, ag_error *error) {
    return load(out, path, (ag_texts){evidence, count}, NULL, error);
}
