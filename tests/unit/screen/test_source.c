/* Folders, files under several names, more files than may be open, and files that change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "source.h"

static const char LINE[] = "{\"resourceType\":\"Patient\"}\n";

static void write_file(const char *path, const char *mode, int lines) {
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    for (int i = 0; i < lines; i++)
        fputs(LINE, file);
    assert_int_equal(fclose(file), 0);
}

/* In an empty folder of its own, which becomes the working folder. */
static int enter_folder(void **state) {
    char *folder = strdup("/tmp/antegrade-source-XXXXXX");
    *state = folder;
    return folder != NULL && mkdtemp(folder) != NULL ? chdir(folder) : -1;
}

static int leave_folder(void **state) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    int result = chdir("/") != 0 || system(command) != 0;
    free(*state);
    return result;
}

typedef struct outcome {
    int files, lines, faults;
    char fault[256]; /* the last */
    const char *file;
} outcome;

static void read_all(ag_source *source, outcome *out) {
    ag_piece piece;
    ag_source_reader *reader = ag_source_reader_new(source);
    assert_non_null(reader);
    out->files = ag_source_file_count(source);
    while (ag_source_next(reader, &piece)) {
        int lines = 0;
        for (size_t i = 0; piece.text != NULL && i < piece.length; i++)
            lines += piece.text[i] == '\n';
        out->lines += lines;
        assert_true(ag_source_count_lines(reader, &piece, lines));
        if (piece.fault == NULL)
            continue;
        out->faults++;
        out->file = ag_source_file(source, piece.file);
        snprintf(out->fault, sizeof out->fault, "%s", piece.fault);
    }
    ag_source_reader_free(reader);
}

static ag_source *open_source(const char *first, const char *second, size_t piece) {
    const char *const paths[] = {first, second};
    ag_source *source;
    ag_error error;
    assert_int_equal(ag_source_open(&source, paths, second != NULL ? 2 : 1, piece, &error), AG_OK);
    return source;
}

static outcome read_paths(const char *first, const char *second) {
    outcome out = {.lines = 0};
    ag_source *source = open_source(first, second, 0);
    read_all(source, &out);
    out.file = NULL;
    ag_source_close(source);
    return out;
}

static void one_file_under_several_names(void **state) {
    (void)state;
    write_file("a.ndjson", "w", 3);
    assert_int_equal(symlink("a.ndjson", "b.ndjson"), 0);
    assert_int_equal(link("a.ndjson", "c.ndjson"), 0);
    outcome out = read_paths(".", ".//a.ndjson");
    assert_int_equal(out.files, 1);
    assert_int_equal(out.lines, 3);
}

static void folders_with_what_is_no_file(void **state) {
    (void)state;
    assert_int_equal(mkdir("sub", 0777), 0);
    write_file("sub/a.ndjson", "w", 3);
    write_file("sub/notes.txt", "w", 1);
    assert_int_equal(symlink("..", "sub/in-a-circle"), 0);
    assert_int_equal(symlink(".", "sub/itself.ndjson"), 0);
    assert_int_equal(mkfifo("sub/pipe.ndjson", 0666), 0);
    assert_int_equal(read_paths(".", NULL).lines, 3);
    assert_int_equal(read_paths(".", NULL).faults, 0);
    assert_int_equal(symlink("nowhere", "sub/b.ndjson"), 0);
    assert_int_equal(symlink("c.ndjson", "sub/c.ndjson"), 0);
    outcome out = read_paths(".", NULL);
    assert_int_equal(out.lines, 3);
    assert_int_equal(out.faults, 2);
    assert_non_null(strstr(out.fault, "cannot be opened"));
}

static void what_is_no_text(void **state) {
    (void)state;
    FILE *file = fopen("a.ndjson", "w");
    assert_non_null(file);
    assert_int_equal(fwrite("{\0}\n", 1, 4, file), 4);
    assert_int_equal(fclose(file), 0);
    outcome out = read_paths(".", NULL);
    assert_int_equal(out.lines, 0);
    assert_int_equal(out.faults, 1);
    assert_non_null(strstr(out.fault, "no text"));
}

static void a_folder_without_data(void **state) {
    (void)state;
    const char *const paths[] = {"."};
    ag_source *source;
    ag_error error;
    write_file("notes.txt", "w", 1);
    assert_int_equal(ag_source_open(&source, paths, 1, 0, &error), AG_ERROR_IO);
    assert_non_null(strstr(error.message, "no file named"));
}

static void more_files_than_may_be_open(void **state) {
    enum { FILES = 100, MAY_BE_OPEN = 20 };
    (void)state;
    char name[32];
    struct rlimit before, few;
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "%03d.ndjson", i);
        write_file(name, "w", 2);
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = MAY_BE_OPEN;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    outcome out = read_paths(".", NULL);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(out.faults, 0);
    assert_int_equal(out.lines, 2 * FILES);
}

static void files_that_change(void **state) {
    (void)state;
    write_file("grows.ndjson", "w", 10);
    write_file("shrinks.ndjson", "w", 10);
    write_file("vanishes.ndjson", "w", 1);
    write_file("stays.ndjson", "w", 10);
    outcome out = {.lines = 0};
    ag_source *source = open_source(".", NULL, 64);
    write_file("grows.ndjson", "a", 1);
    assert_int_equal(truncate("shrinks.ndjson", 4 * (long)strlen(LINE)), 0);
    assert_int_equal(unlink("vanishes.ndjson"), 0);
    read_all(source, &out);
    assert_int_equal(out.faults, 3);
    assert_in_range(out.lines, 10 + 4 + 10, 10 + 4 + 11);
    assert_string_equal(out.file, "./vanishes.ndjson");
    ag_source_close(source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_file_under_several_names, enter_folder, leave_folder),
        cmocka_unit_test_setup_teardown(folders_with_what_is_no_file, enter_folder, leave_folder),
        cmocka_unit_test_setup_teardown(what_is_no_text, enter_folder, leave_folder),
        cmocka_unit_test_setup_teardown(a_folder_without_data, enter_folder, leave_folder),
        cmocka_unit_test_setup_teardown(more_files_than_may_be_open, enter_folder, leave_folder),
        cmocka_unit_test_setup_teardown(files_that_change, enter_folder, leave_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
