/**
 * @file faults.h
 * Lines that could not be read: all are counted, and the first by file and line are kept.
 */
#ifndef AG_FAULTS_H
#define AG_FAULTS_H

#include <stdbool.h>

#include "fault.h"

enum { AG_FAULTS_KEPT = 1000, AG_FAULT_TEXT = 256 };

/** One of them. */
typedef struct ag_line_fault {
    int file;        /**< index of the input */
    long long chunk; /**< piece of the file */
    long long line;  /**< within the piece, from 1; 0: the whole file is meant */
    char message[AG_FAULT_TEXT];
} ag_line_fault;

/** The first AG_FAULTS_KEPT of all that were added. */
typedef struct ag_faults {
    ag_line_fault *list; /**< in no order */
    int count;
    long long seen; /**< all of them */
} ag_faults;

/** Whether a fault there would be kept, so that it is worth a message. */
bool ag_faults_want(const ag_faults *faults, int file, long long chunk, long long line);

/** Count a fault, and keep it where it is among the first. AG_ERROR_MEMORY. */
ag_status ag_faults_add(ag_faults *faults, const ag_line_fault *fault);

void ag_faults_free(ag_faults *faults);

#endif
