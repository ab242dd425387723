/*
 * Reading the cards: milliseconds to load and check knowledge/, against libfyaml parsing the same
 * files to documents and nothing more; and the 256 draws of a Beta number, against two gamma
 * variates for each.
 */
#include <dirent.h>
#include <libfyaml.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../tests/support/gamma.h"
#include "knowledge.h"

enum { ROUNDS = 7 };

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long parse_folder(const char *folder) {
    char path[1024];
    long files = 0;
    DIR *directory = opendir(folder);
    for (const struct dirent *e; directory != NULL && (e = readdir(directory)) != NULL;) {
        size_t length = strlen(e->d_name);
        if (length < 6 || strcmp(e->d_name + length - 5, ".yaml") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        struct fy_document *document = fy_document_build_from_file(NULL, path);
        files += document != NULL;
        fy_document_destroy(document);
    }
    if (directory != NULL)
        closedir(directory);
    return files;
}

static double parse_all(void) {
    double start = seconds();
    long files = 0;
    for (int kind = 0; kind < AG_CARD_KINDS; kind++) {
        char path[512];
        snprintf(path, sizeof path, "%s/knowledge/%s", AG_SOURCE_DIR,
                 ag_card_kind_name((ag_card_kind)kind));
        files += parse_folder(path);
    }
    return files > 0 ? seconds() - start : 0;
}

static double load_all(void) {
    double start = seconds();
    ag_knowledge *knowledge = NULL;
    ag_knowledge_load(&knowledge, AG_SOURCE_DIR "/knowledge", NULL, NULL);
    ag_knowledge_free(knowledge);
    return seconds() - start;
}

static double draw_quantiles(void) {
    double start = seconds(), out[AG_DRAWS], keep = 0;
    for (int i = 0; i < 1000; i++) {
        ag_parameter p = {.kind = AG_PARAMETER_BETA, .a = 0.5 + i, .b = 20, .stream = (uint64_t)i};
        ag_parameter_draws(&p, out);
        keep += out[i % AG_DRAWS];
    }
    return keep > 0 ? seconds() - start : 0;
}

static double draw_gammas(void) {
    double start = seconds(), keep = 0;
    for (int i = 0; i < 1000; i++)
        for (uint64_t d = 0; d < AG_DRAWS; d++) {
            double x = gamma_variate(1, 2 * (uint64_t)i, d, 0.5 + i);
            keep += x / (x + gamma_variate(1, 2 * (uint64_t)i + 1, d, 20));
        }
    return keep > 0 ? seconds() - start : 0;
}

static double best(double (*run)(void)) {
    double least = run();
    for (int i = 1; i < ROUNDS; i++) {
        double time = run();
        least = time < least ? time : least;
    }
    return least;
}

static void line(const char *what, double ours, const char *than, double theirs) {
    printf("%-32s %8.2f ms   %-32s %8.2f ms   ratio %.2f\n", what, 1e3 * ours, than, 1e3 * theirs,
           ours / theirs);
}

int main(void) {
    line("load and check knowledge/", best(load_all), "libfyaml documents alone", best(parse_all));
    line("draws of 1000 Beta numbers", best(draw_quantiles), "by two gamma variates each",
         best(draw_gammas));
    return 0;
}
