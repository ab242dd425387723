/**
 * @file replay.c
 * Runs a fuzz target without libFuzzer: on every seed of a folder, then on mutants of the seeds.
 *
 *     fuzz_THING FOLDER MUTANTS    (a hundred times as many where AG_SOAK is set)
 *     fuzz_THING FILE              (one input, such as one that crashed)
 *
 * The mutants are the same on every run. The one that is running lies in fuzz_THING.input, so that
 * after a crash it is there.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct input {
    uint8_t *data;
    size_t size;
} input;

typedef struct corpus {
    input *seeds;
    size_t count;
    uint64_t random;
} corpus;

static _Noreturn void give_up(const char *what) {
    perror(what);
    exit(1);
}

static void *allocate(size_t size) {
    void *memory = malloc(size > 0 ? size : 1);
    if (memory == NULL)
        give_up("memory");
    return memory;
}

/* SplitMix64 (Steele, Lea, Flood 2014); a number below `limit`. */
static size_t below(corpus *c, size_t limit) {
    uint64_t z = c->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return limit == 0 ? 0 : (size_t)((z ^ (z >> 31)) % limit);
}

static input read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        give_up(path);
    long size = ftell(file);
    if (size < 0)
        give_up(path);
    rewind(file);
    input in = {allocate((size_t)size), (size_t)size};
    if (fread(in.data, 1, in.size, file) != in.size)
        give_up(path);
    fclose(file);
    return in;
}

static int visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static bool read_folder(corpus *c, const char *folder) {
    struct dirent **entries;
    int count = scandir(folder, &entries, visible, alphasort);
    if (count < 0)
        return false;
    c->seeds = allocate((size_t)count * sizeof *c->seeds);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        c->seeds[c->count++] = read_file(path);
        free(entries[i]);
    }
    free(entries);
    return true;
}

/* `in` with `cut` bytes at `at` replaced by `more`; frees in.data. */
static input splice(input in, size_t at, size_t cut, const uint8_t *more, size_t length) {
    input out = {allocate(in.size - cut + length), in.size - cut + length};
    memcpy(out.data, in.data, at);
    memcpy(out.data + at, more, length);
    memcpy(out.data + at + length, in.data + at + cut, in.size - at - cut);
    free(in.data);
    return out;
}

static input mutate(corpus *c, input in) {
    static const char *const words[] = {"",     "-1",    "1e309",  "99999999999999999999",
                                        "null", "\"",    "{",      "[",
                                        "]}",   "\n",    "  -",    "\xff",
                                        ": ",   "&a *a", "\\u0000"};
    size_t at = below(c, in.size + 1);
    size_t cut = below(c, in.size - at < 64 ? in.size - at + 1 : 64);
    input other = c->seeds[below(c, c->count)];
    const char *word = words[below(c, sizeof words / sizeof *words)];
    size_t from = below(c, other.size + 1);
    size_t length = below(c, other.size - from < 256 ? other.size - from + 1 : 256);
    uint8_t byte = (uint8_t)below(c, 256);
    switch (below(c, 6)) {
    case 0:
        return splice(in, at, in.size > at, &byte, 1);
    case 1:
        return splice(in, at, cut, &byte, 0);
    case 2:
        return splice(in, at, cut, (const uint8_t *)word, strlen(word));
    case 3:
        return splice(in, at, 0, (const uint8_t *)word, strlen(word));
    case 4:
        return splice(in, at, cut, other.data + from, length);
    default:
        return splice(in, at, in.size - at, &byte, 0);
    }
}

static void run_mutant(corpus *c, const char *saved) {
    input seed = c->seeds[below(c, c->count)];
    input in = {allocate(seed.size), seed.size};
    memcpy(in.data, seed.data, seed.size);
    for (size_t changes = 1 + below(c, 4); changes > 0; changes--)
        in = mutate(c, in);
    FILE *file = fopen(saved, "wb");
    if (file == NULL || fwrite(in.data, 1, in.size, file) != in.size || fclose(file) != 0)
        give_up(saved);
    LLVMFuzzerTestOneInput(in.data, in.size);
    free(in.data);
}

int main(int argc, char **argv) {
    corpus c = {.random = 1};
    if (argc < 2)
        return 2;
    if (!read_folder(&c, argv[1])) {
        input in = read_file(argv[1]);
        LLVMFuzzerTestOneInput(in.data, in.size);
        free(in.data);
        return 0;
    }
    if (c.count == 0) {
        fprintf(stderr, "%s holds no seed\n", argv[1]);
        return 1;
    }
    for (size_t i = 0; i < c.count; i++)
        LLVMFuzzerTestOneInput(c.seeds[i].data, c.seeds[i].size);
    long mutants = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    if (getenv("AG_SOAK") != NULL)
        mutants *= 100;
    char saved[4096];
    snprintf(saved, sizeof saved, "%s.input", argv[0]);
    for (long i = 0; i < mutants; i++)
        run_mutant(&c, saved);
    remove(saved);
    for (size_t i = 0; i < c.count; i++)
        free(c.seeds[i].data);
    free(c.seeds);
    printf("%zu seeds, %ld mutants\n", c.count, mutants);
    return 0;
}
