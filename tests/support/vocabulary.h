/**
 * @file vocabulary.h
 * The names and codes of a knowledge, made for a group of tests. Define VOCABULARY_OF, an
 * expression for the knowledge, before including it.
 */
#ifndef TESTS_VOCABULARY_H
#define TESTS_VOCABULARY_H

#include "antegrade/patient.h"

static ag_vocabulary *vocabulary;

static int make(void **state) {
    (void)state;
    vocabulary = ag_vocabulary_new(VOCABULARY_OF);
    return vocabulary == NULL;
}

static int drop(void **state) {
    (void)state;
    ag_vocabulary_free(vocabulary);
    return 0;
}

#endif
