/**
 * @file builtin_session.h
 * A session over the cards that are built in, made for a group of tests.
 */
#ifndef TESTS_BUILTIN_SESSION_H
#define TESTS_BUILTIN_SESSION_H

#include "antegrade/assess.h"

static ag_engine *engine;
static ag_session *session;
static ag_vocabulary *vocabulary;

static int open_all(void **state) {
    (void)state;
    vocabulary = ag_vocabulary_new(ag_knowledge_builtin());
    return ag_engine_new(&engine, ag_knowledge_builtin(), NULL) != AG_OK ||
           ag_session_new(&session, engine, NULL) != AG_OK;
}

static int close_all(void **state) {
    (void)state;
    ag_vocabulary_free(vocabulary);
    ag_session_free(session);
    ag_engine_free(engine);
    return 0;
}

#endif
