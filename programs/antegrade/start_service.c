/* antegrade serve, antegrade store: the second program runs them. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "shipped.h"

/* argv[0] is the command's name. */
static ag_exit start_service(int argc, char **argv) {
    char path[1024], own[] = "antegrade";
    if (ag_shipped_program("antegrade-service", path, sizeof path) == NULL) {
        fprintf(stderr, "antegrade %s: antegrade-service is not installed beside this program\n",
                argv[0]);
        return AG_EXIT_INPUT;
    }
    char **words = calloc((size_t)argc + 2, sizeof *words);
    if (words == NULL) {
        fprintf(stderr, "antegrade %s: out of memory\n", argv[0]);
        return AG_EXIT_INPUT;
    }
    words[0] = own;
    memcpy(words + 1, argv, (size_t)argc * sizeof *words);
    execv(path, words);
    free(words);
    fprintf(stderr, "antegrade %s: %s cannot be started: %s\n", argv[0], path, strerror(errno));
    return AG_EXIT_INPUT;
}

int ag_command_serve(int argc, char **argv) {
    return start_service(argc, argv);
}

int ag_command_store(int argc, char **argv) {
    return start_service(argc, argv);
}
