/*
 * compile-knowledge FOLDER OUT.c: checks a folder of cards and writes it as constant tables in C.
 * It runs on the machine that builds; its output goes into the library.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit_c.h"

static int write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    bool good = file != NULL && fputs(text, file) >= 0;
    if (file != NULL && fclose(file) != 0)
        good = false;
    if (!good)
        fprintf(stderr, "compile-knowledge: %s: %s\n", path, strerror(errno));
    return good ? 0 : 1;
}

static int compile(const ag_knowledge *knowledge, const char *path) {
    ag_arena *arena = ag_arena_new();
    if (arena == NULL)
        return 1;
    ag_buffer buffer = ag_buffer_start(arena);
    ag_emit_c(&buffer, knowledge);
    const char *text = ag_buffer_text(&buffer);
    int status = text != NULL ? write_file(path, text) : 1;
    ag_arena_free(arena);
    return status;
}

int main(int argc, char **argv) {
    ag_knowledge *knowledge;
    ag_problems *problems;
    if (argc != 3) {
        fprintf(stderr, "usage: compile-knowledge FOLDER OUT.c\n");
        return 2;
    }
    ag_status status = ag_knowledge_load(&knowledge, argv[1], &problems, NULL);
    char *faults = NULL;
    if (ag_problems_show(problems, AG_CARD_TEXT, &faults, NULL) == AG_OK)
        fputs(faults, stderr);
    free(faults);
    ag_problems_free(problems);
    if (status != AG_OK)
        return 1;
    int failed = compile(knowledge, argv[2]);
    ag_knowledge_free(knowledge);
    return failed;
}
