/* A heap with the last of the kept faults first. */
#include "faults.h"

#include <stdlib.h>

static int compare(const ag_line_fault *a, const ag_line_fault *b) {
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->chunk != b->chunk)
        return a->chunk < b->chunk ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

bool ag_faults_want(const ag_faults *faults, int file, long long chunk, long long line) {
    ag_line_fault fault = {.file = file, .chunk = chunk, .line = line};
    return faults->count < AG_FAULTS_KEPT || compare(&fault, &faults->list[0]) < 0;
}

static void swap(ag_faults *f, int a, int b) {
    ag_line_fault kept = f->list[a];
    f->list[a] = f->list[b];
    f->list[b] = kept;
}

static void rise(ag_faults *f) {
    for (int at = f->count - 1; at > 0 && compare(&f->list[at], &f->list[(at - 1) / 2]) > 0;
         at = (at - 1) / 2)
        swap(f, at, (at - 1) / 2);
}

static void sink(ag_faults *f) {
    for (int at = 0, child; (child = 2 * at + 1) < f->count; at = child) {
        if (child + 1 < f->count && compare(&f->list[child + 1], &f->list[child]) > 0)
            child++;
        if (compare(&f->list[child], &f->list[at]) <= 0)
            return;
        swap(f, at, child);
    }
}

ag_status ag_faults_add(ag_faults *faults, const ag_line_fault *fault) {
    faults->seen++;
    if (!ag_faults_want(faults, fault->file, fault->chunk, fault->line))
        return AG_OK;
    if (faults->list == NULL)
        faults->list = malloc(AG_FAULTS_KEPT * sizeof *faults->list);
    if (faults->list == NULL)
        return AG_ERROR_MEMORY;
    if (faults->count < AG_FAULTS_KEPT) {
        faults->list[faults->count++] = *fault;
        rise(faults);
    } else {
        faults->list[0] = *fault;
        sink(faults);
    }
    return AG_OK;
}

void ag_faults_free(ag_faults *faults) {
    free(faults->list);
    *faults = (ag_faults){.list = NULL};
}
